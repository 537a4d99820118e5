/**
 * What people ask: lines of their notes, old and new, columns, files, errors, settings, slips. Each row says what the answer
 * is; every line that an answer recommends is one that its command can read.
 */
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/cli/program.ts'
import { explain } from '../../../src/commands/explain/explanation.ts'
import { type Answer, recognise } from '../../../src/commands/explain/recognise.ts'
import { questionOf } from '../../support/explain-question.ts'

const answerTo = (text: string): Promise<Answer> => recognise(questionOf(text))

/** A line, the command that it is, and how it is written today. */
const LINES: readonly (readonly [line: string, command: string, today: string])[] = [
  ['bin/zookeeper-server-start.sh config/zookeeper.properties -> start Zookeeper', 'zookeeper-server-start', ''],
  ['$: bin/zookeeper-server-start.sh config/zookeeper.properties &', 'zookeeper-server-start', ''],
  [
    '$: bin/kafka-server-start.sh config/server.properties &',
    'server-start',
    'kt server-start config/server.properties',
  ],
  ['>bin/kafka-server-start.sh config/server.properties', 'server-start', 'kt server-start config/server.properties'],
  [
    '$: bin/kafka-topics.sh --list --zookeeper localhost:2181 -> list topics',
    'topics',
    'kt topics --list --bootstrap-server localhost:9092',
  ],
  [
    '$: bin/kafka-topics.sh --create --zookeeper localhost:2181 --replication-factor 1 --partitions 1 --topic test_topic -> create topic',
    'topics',
    'kt topics --create --bootstrap-server localhost:9092 --replication-factor 1 --partitions 1 --topic test_topic',
  ],
  [
    '$: bin/kafka-topics.sh --describe --zookeeper localhost:2181 --topic replicated_test',
    'topics',
    'kt topics --describe --bootstrap-server localhost:9092 --topic replicated_test',
  ],
  [
    'Use bin/kafka-topics.sh --zookeeper localhost:2181 --describe --topic topicName to see the partitions, leaders and etc.',
    'topics',
    'kt topics --bootstrap-server localhost:9092 --describe --topic topicName',
  ],
  [
    '$: bin/kafka-console-producer.sh --broker-list localhost:9092 --topic test_topic -> command line producer',
    'console-producer',
    'kt console-producer --bootstrap-server localhost:9092 --topic test_topic',
  ],
  [
    '$: bin/kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic test_topic --from-beginning',
    'console-consumer',
    'kt console-consumer --bootstrap-server localhost:9092 --topic test_topic --from-beginning',
  ],
  [
    'kafka-topics --bootstrap-server b:1 --creat --topic x',
    'topics',
    'kt topics --bootstrap-server b:1 --create --topic x',
  ],
  [
    'kafka-run-class kafka.tools.GetOffsetShell --broker-list b:9092 --topic t --time -1',
    'get-offsets',
    'kt get-offsets --bootstrap-server b:9092 --topic t --time -1',
  ],
  [
    'kafka-console-consumer.sh --zookeeper localhost:2181 --topic t --new-consumer',
    'console-consumer',
    'kt console-consumer --bootstrap-server localhost:9092 --topic t',
  ],
]

/** What is asked, and the kinds (of settings: whose) of what it can be. */
const NAMES: Readonly<Record<string, string>> = {
  topic:
    'retention.ms cleanup.policy segment.bytes delete.retention.ms preallocate local.retention.ms remote.log.delete.on.disable',
  'topic broker': 'min.insync.replicas unclean.leader.election.enable',
  'topic broker client': 'compression.gzip.level',
  broker:
    'log.retention.hours num.partitions node.id log.dirs advertised.listeners offsets.topic.replication.factor broker.id=1',
  group:
    'consumer.heartbeat.interval.ms share.auto.offset.reset streams.num.standby.replicas share.record.lock.duration.ms',
  client:
    'acks linger.ms auto.offset.reset max.poll.records isolation.level consumer.max.poll.records producer.override.acks',
  'Connect worker':
    'offset.storage.topic plugin.path rebalance.timeout.ms inter.worker.key.size rest.advertised.listener',
  connector: 'tasks.max errors.tolerance transaction.boundary topic.creation.groups connector.class',
  Streams: 'application.id num.stream.threads processing.guarantee statestore.cache.max.bytes',
  MirrorMaker: 'topics.exclude sync.group.offsets.enabled us->eu.groups offset-syncs.topic.location',
  'Streams MirrorMaker': 'replication.factor',
  quota: 'producer_byte_rate request_percentage controller_mutation_rate SCRAM-SHA-512',
  console: 'parse.key print.partition null.marker',
  setting: 'zookeeper.connect advertised.host.name inter.broker.protocol.version metadata.broker.list',
  word: 'PartitionCount TopicId Elr LastKnownElr Isr CURRENT-OFFSET LOG-END-OFFSET CONSUMER-ID #MEMBERS HOST LeaderEpoch HighWatermark',
  metric: 'records-lag-max UnderReplicatedPartitions',
  option: '--zookeeper --broker-list --from-beginning --group --new-consumer --reset-offsets',
  file: '00000000000000000042.index .timeindex 00000000000000000000.txnindex leader-epoch-checkpoint meta.properties quorum-state .lock orders-0 /var/kafka/orders-12 __consumer_offsets-12 00000000000000000000.log.deleted',
  'message error':
    'LEADER_NOT_AVAILABLE NOT_ENOUGH_REPLICAS UNKNOWN_TOPIC_OR_PARTITION OFFSET_OUT_OF_RANGE COORDINATOR_NOT_AVAILABLE REBALANCE_IN_PROGRESS ILLEGAL_GENERATION MESSAGE_TOO_LARGE INVALID_REPLICATION_FACTOR TopicExistsException',
}

const MESSAGES = [
  'replication factor: 3 larger than available brokers: 1',
  'No readable meta.properties files found',
  'zookeeper is not a recognized option',
  "Error while executing topic command : Topic 'x' already exists.",
  'WARN [Producer clientId=console-producer] Error while fetching metadata with correlation id 1 : {x=LEADER_NOT_AVAILABLE}',
]

const SLIPS: readonly (readonly [string, string])[] = [
  ['num.partitons', 'num.partitions'],
  ['retnetion.ms', 'retention.ms'],
  ['zookeper.connect', 'zookeeper.connect'],
  ['num.stream.thread', 'num.stream.threads'],
  ['UNKNOWN_TOPIC_OR_PARTITON', 'UNKNOWN_TOPIC_OR_PARTITION'],
  ['--bootstrap-sever', '--bootstrap-server'],
  ['--form-beginning', '--from-beginning'],
  ['CURENT-OFFSET', 'CURRENT-OFFSET'],
]

describe('what people ask', () => {
  it.each(LINES)('%s', async (line, command, today) => {
    const { commands } = await answerTo(line)
    const [found] = commands
    expect(found!.command).toBe(command)
    if (today !== '') expect(found!.modern!.kt).toBe(today)
  })

  it('names, each of what it is and nothing else', async () => {
    const wrong: string[] = []
    for (const [kinds, names] of Object.entries(NAMES)) {
      for (const name of names.split(' ')) {
        const { meanings, unknown } = await answerTo(name)
        const found = [...new Set(meanings.map(({ kind, of }) => (kind === 'setting' ? (of ?? kind) : kind)))]
        if (found.join(' ') !== kinds || unknown.length > 0) wrong.push(`${name}: ${found.join(' ')}, not ${kinds}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('messages are messages, with nothing said of the words in them', async () => {
    for (const text of MESSAGES) {
      const { meanings, unknown } = await answerTo(text)
      expect([text, meanings.map(({ kind }) => kind), unknown]).toEqual([text, ['message'], []])
    }
  })

  it.each(SLIPS)('%s is a slip', async (slip, meant) => {
    const { meanings, near } = await answerTo(slip)
    expect(meanings).toEqual([])
    expect(near).toContain(meant)
  })

  it('recommends lines that run', async () => {
    const lines = new Set<string>()
    for (const names of Object.values(NAMES)) {
      for (const name of names.split(' ')) {
        for (const { sections } of (await answerTo(name)).meanings) {
          for (const line of sections.flatMap((section) => section.lines ?? [])) lines.add(line.replace(/\s+# .*$/, ''))
        }
      }
    }
    const broken: string[] = []
    for (const line of lines) {
      if (!line.startsWith('kt ')) continue
      const [command] = (await explain(line, COMMANDS)).commands
      const isKnown = command?.command !== null && command?.parts.every(({ status }) => status === 'known') === true
      if (!isKnown) broken.push(line)
    }
    expect(lines.size).toBeGreaterThan(60)
    expect(broken).toEqual([])
  })
})
