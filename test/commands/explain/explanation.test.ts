/** Command lines of notes and of the documentation, old and new, explained: read the golden file as a person would. */
import { describe, expect, it } from 'vitest'
import { noColours } from '../../../src/cli/colour.ts'
import { COMMANDS } from '../../../src/cli/program.ts'
import { explain } from '../../../src/commands/explain/explanation.ts'
import { explanationText } from '../../../src/commands/explain/render.ts'

/** From learners' notes, from Kafka 0.8 to 2.x. */
const NOTES = [
  'bin/kafka-topics.sh --zookeeper localhost:2181 --describe --topic topicName',
  'sudo /etc/kafka/kafka_2.11-0.11.0.1/bin/zookeeper-server-start.sh /etc/kafka/config/zookeeper.properties',
  'sudo /etc/kafka/kafka_2.11-0.11.0.1/bin/kafka-server-start.sh /etc/kafka/config/server.properties',
  '$: bin/zookeeper-server-start.sh config/zookeeper.properties -> start Zookeeper',
  '$: bin/kafka-server-start.sh config/server.properties -> start Kafka',
  '$: bin/kafka-topics.sh --list --zookeeper localhost:2181 -> list topics',
  '$: bin/kafka-topics.sh --create --zookeeper localhost:2181 --replication-factor 1 --partitions 1 --topic test_topic -> create topic',
  '$: bin/kafka-console-producer.sh --broker-list localhost:9092 --topic test_topic -> command line producer',
  '$: bin/kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic test_topic --from-beginning -> command line consumer',
  '$: bin/kafka-server-start.sh config/server-1.properties &',
  '$: bin/kafka-topics.sh --create --zookeeper localhost:2181 --replication-factor 3 --partitions 1 --topic replicated_test',
  '$: bin/kafka-topics.sh --create --zookeeper localhost:2181 --replication-factor 1 --partitions 3 --topic partitioned_test',
  '$: bin/kafka-topics.sh --describe --zookeeper localhost:2181 --topic replicated_test',
  '$: bin/connect-standalone.sh config/connect-standalone.properties config/connect-file-source.properties config/connect-file-sink.properties -> file reader/writer',
  '>bin/kafka-server-start.sh config/server.properties',
]

/** Other generations and ways of writing. */
const OTHERS = [
  'kafka-console-consumer --bootstrap-server localhost:2181 --topic t --group g --from-beginning --property print.key=true --property key.separator=,',
  `echo 'a:1' | kafka-console-producer.sh --broker-list b1:9092,b2:9092 --topic t --property parse.key=true --producer-property acks=all`,
  'bin/kafka-run-class.sh kafka.tools.GetOffsetShell --broker-list localhost:9092 --topic t --time -1',
  'kafka-run-class kafka.tools.ConsumerOffsetChecker --zookeeper localhost:2181 --group g --topic t',
  'KAFKA_HEAP_OPTS="-Xmx512M" docker exec -it broker kafka-consumer-groups --bootstrap-server broker:29092 --group g --reset-offsets --to-earliest --all-topics',
  'bin/kafka-storage.sh format --standalone -t $KAFKA_CLUSTER_ID -c config/server.properties',
  'bin/kafka-preferred-replica-election.sh --zookeeper localhost:2181',
  'zookeeper-shell.sh localhost:2181 ls /brokers/ids',
  'kafka-configs.sh --zookeeper localhost:2181 --alter --entity-type topics --entity-name t --add-config retention.ms=1000',
  'kt topics –create –topic “orders” --partitons 3 && kt describe topic orders --watch',
  'kafka-console-producer.sh --bootstrap-server b:9092 --broker-list b:9092 --topic t > out.txt 2>&1',
]

describe('explanations', () => {
  it.each([
    ['notes', NOTES],
    ['others', OTHERS],
  ])('of %s', async (name, lines) => {
    const texts = await Promise.all(
      lines.map(async (line) => `### ${line}\n\n${explanationText(await explain(line, COMMANDS), 100, noColours)}`),
    )
    await expect(texts.join('\n\n')).toMatchFileSnapshot(`../../golden/explain-${name}.txt`)
  })

  it('every option of every line of the notes is known, or old with a way to say it today', async () => {
    for (const line of NOTES) {
      const { commands } = await explain(line, COMMANDS)
      for (const { command, parts, modern } of commands) {
        expect({ line, command }).not.toEqual({ line, command: null })
        expect(parts.filter(({ status, option }) => status === 'unknown' && option !== undefined)).toEqual([])
        expect(modern === null).toBe(COMMANDS[command!]!.hidden === true)
      }
    }
  })

  it('the modern form of a line is explained without anything old', async () => {
    for (const line of [...NOTES, ...OTHERS]) {
      for (const { modern } of (await explain(line, COMMANDS)).commands) {
        if (modern === null) continue
        const again = (await explain(modern.kt, COMMANDS)).commands[0]!
        expect(again.parts.filter(({ status }) => status === 'old')).toEqual([])
        expect(again.modern).toEqual(modern)
      }
    }
  })
})
