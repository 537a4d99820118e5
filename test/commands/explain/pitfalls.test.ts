import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/cli/program.ts'
import { explain } from '../../../src/commands/explain/explanation.ts'

const pitfalls = async (line: string) => (await explain(line, COMMANDS)).commands[0]!.pitfalls.join('\n')

describe('pitfalls', () => {
  it.each([
    ['kafka-topics.sh --list --bootstrap-server localhost:2181', 'Port 2181'],
    ['kafka-topics.sh --list --bootstrap-server localhost', 'host:port'],
    ['kafka-topics.sh --create --topic a', 'num.partitions'],
    ['kafka-topics.sh --create --topic a_b --partitions 1', 'collide in metrics'],
    ["kafka-topics.sh --delete --topic 'a.*'", 'every topic that matches'],
    ['kafka-topics.sh --alter --topic a --partitions 5', 'other partitions'],
    ['kafka-console-consumer.sh --topic a', 'only records'],
    ['kafka-console-consumer.sh --topic a --group g --from-beginning', 'until the group has committed'],
    ['kafka-console-producer.sh --topic a --property parse.key=true', 'first TAB'],
    ['kafka-consumer-groups.sh --reset-offsets --group g --to-latest --all-topics', 'Without --execute'],
    ['kafka-leader-election.sh --election-type unclean --all-topic-partitions', 'are lost'],
    ['kafka-reassign-partitions.sh --execute --reassignment-json-file f', 'all the bandwidth'],
    ['kafka-server-start.sh config/server.properties', 'formatted once'],
  ])('%s: %s', async (line, expected) => {
    expect((await pitfalls(line)).toLowerCase()).toContain(expected.toLowerCase())
  })

  it('are not told where they do not apply', async () => {
    expect(await pitfalls('kafka-topics.sh --list --bootstrap-server localhost:9092')).toBe('')
    expect(await pitfalls('kafka-console-consumer.sh --topic a --from-beginning')).not.toContain('Only records')
    expect(
      await pitfalls('kafka-console-producer.sh --topic a --property parse.key=true --property key.separator=:'),
    ).not.toContain('TAB')
    expect(await pitfalls('kafka-consumer-groups.sh --reset-offsets --group g --to-latest --execute')).not.toContain(
      'Without',
    )
  })
})
