/** `kt leader-election` and Apache's kafka-leader-election.sh, every flag: the same stdout, the same exit code. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type ApacheCluster, apacheCluster } from '../../support/apache-cluster.ts'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

const GONE = ['topics --delete --topic {x}.* --if-exists']
const ORDER = JSON.stringify({
  version: 1,
  partitions: [
    { topic: '{x}', partition: 0, replicas: [2, 1] },
    { topic: '{x}', partition: 1, replicas: [3, 2] },
    { topic: '{x}', partition: 2, replicas: [3, 1] },
  ],
})
/** Partitions 0 and 1 prefer another leader than they have, partition 2 does not. */
const TURNED = [
  'topics --create --topic {x} --replica-assignment 1:2,2:3,3:1',
  'reassign-partitions --execute --additional --reassignment-json-file {dir}/order.json',
]
const election = (partitions: readonly unknown[]): Record<string, string> => ({
  'order.json': ORDER,
  'election.json': JSON.stringify({ partitions }),
})
const of = (topic: string, partition: number) => ({ topic, partition })

/** Names of topics differ, and with them the order of the hash maps: sorted; what other tests left is not ours. */
function sorted(text: string): string {
  const lines = text.split('\n').map((line) =>
    line.replace(/(?<= for partitions ).*/, (list) =>
      list
        .split(', ')
        .filter((name) => name.startsWith('{x}'))
        .sort()
        .join(', '),
    ),
  )
  return lines.filter((line) => !line.endsWith(' for partitions ')).join('\n')
}

const FILE = '--election-type preferred --path-to-json-file {dir}/election.json'
const file = (text: string): ScriptCase => ({ args: FILE, files: { 'election.json': text }, ownWords: true })

const CASES: ScriptCase[] = [
  // Elections.
  {
    args: '--election-type preferred --topic {x} --partition 0',
    files: { 'order.json': ORDER },
    before: TURNED,
    afterwards: ['topics --describe --topic {x}'],
    after: GONE,
  },
  {
    args: '--election-type PREFERRED --topic {x} --partition 2',
    files: { 'order.json': ORDER },
    before: TURNED,
    afterwards: ['topics --describe --topic {x}'],
    after: GONE,
  },
  {
    args: FILE,
    files: election([of('{x}', 1), of('{x}', 2), of('{x}', 0)]),
    before: TURNED,
    afterwards: ['topics --describe --topic {x}'],
    after: GONE,
    normalise: sorted,
  },
  {
    args: FILE,
    files: election([of('{x}', 1), of('{x}', 9), of('{x}-not', 0)]),
    before: TURNED,
    afterwards: ['topics --describe --topic {x}'],
    after: GONE,
    normalise: (text) => text.split('\n').sort().join('\n'),
  },
  {
    args: '--election-type preferred --all-topic-partitions',
    files: { 'order.json': ORDER },
    before: TURNED,
    afterwards: ['topics --describe --topic {x}'],
    after: GONE,
    normalise: sorted,
  },
  {
    args: '--election-type unclean --topic {x} --partition 0',
    before: ['topics --create --topic {x} --replica-assignment 1:2'],
    after: GONE,
  },
  { args: '--election-type Unclean --all-topic-partitions', normalise: sorted },
  {
    args: FILE,
    files: election(['a', 'b', 'c'].flatMap((name) => [3, 1, 2, 0, 17, 40].map((id) => of(`no-${name}`, id)))),
  },
  { args: '--election-type preferred --topic no-such-topic --partition 0' },
  { args: '--election-type unclean --topic no-such-topic --partition 0' },
  { args: '--election-type preferred --topic no-such-topic --partition -1' },
  { args: "--election-type preferred --topic '' --partition 0" },

  // Files.
  { args: FILE, files: election([]) },
  { args: FILE, files: { 'election.json': '{"version": 1, "partitions": []} and more' } },
  { ...file(''), stderr: true },
  { ...file('{"partitions": ['), stderr: true },
  { ...file('{}'), stderr: true },
  {
    ...file(JSON.stringify({ partitions: [of('b', 0), of('a', 0), of('a', 0), of('b', 0), of('b', 0)] })),
    stderr: true,
  },
  file('[1]'),
  file('{"partitions": {"topic": "a"}}'),
  file('{"partitions": [{"partition": 0}]}'),
  file('{"partitions": [{"topic": "a", "partition": "0"}]}'),
  file('{"partitions": [{"topic": "a", "partition": 1.0}]}'),
  { args: '--election-type preferred --path-to-json-file /no/such/file', ownWords: true },

  // The command line itself.
  { args: '--version' },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
  { args: '--all-topic-partitions', stderr: true },
  { args: '--election-type preferred', stderr: true },
  { args: '--election-type cleanest --all-topic-partitions', stderr: true },
  { args: '--election-type', stderr: true },
  { args: '--election-type preferred --election-type unclean --all-topic-partitions', stderr: true },
  { args: '--election-type preferred --topic t', stderr: true },
  { args: '--election-type preferred --topic t --partition x', stderr: true },
  { args: '--election-type preferred --partition 1', stderr: true },
  { args: '--election-type preferred --partition 1 --all-topic-partitions', stderr: true },
  { args: '--election-type preferred --topic t --partition 0 --all-topic-partitions', stderr: true },
  { args: '--election-type preferred --path-to-json-file f --all-topic-partitions', stderr: true },
  { args: '--election-tipe preferred', stderr: true },
  { args: '--election-type preferred --all-topic-partitions --admin.config f --command-config f', stderr: true },
  { args: '--election-type preferred --all-topic-partitions --command-config /no/such/file', ownWords: true },
  { args: '--election-type preferred --all-topic-partitions --admin.config /no/such/file' },
  {
    args: '--election-type preferred --topic no-such-topic --partition 0 --admin.config {dir}/client.properties',
    files: { 'client.properties': 'client.id=elector\nrequest.timeout.ms=5000\n' },
  },
  {
    args: '--election-type preferred --topic no-such-topic --partition 0 --command-config {dir}/client.properties',
    files: { 'client.properties': 'default.api.timeout.ms=5000\nrequest.timeout.ms=5000\n' },
  },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt leader-election beside kafka-leader-election.sh', () => {
  let cluster: ApacheCluster
  let bootstrapServers: string

  beforeAll(async () => {
    cluster = await apacheCluster(home!)
    bootstrapServers = cluster.bootstrapServers.split(',')[0]!
  })

  it.each(CASES)('$args', async (given) => {
    const subject = { home: home!, script: 'kafka-leader-election', command: 'leader-election', bootstrapServers }
    await compareWithScript({ ...subject, inTurns: async () => undefined }, given)
  })

  it('tells people who leads now', async () => {
    const kt = (line: string, terminal = false) =>
      runCommand([...line.split(' '), '--bootstrap-server', bootstrapServers], { terminal })
    await kt('topics --create --topic Eled --replica-assignment 1:2')
    const { code, stdout } = await kt('leader-election --election-type preferred --topic Eled --partition 0', true)
    expect(code).toBe(0)
    expect(stdout).toMatch(/TOPIC +PARTITION +LEADER +ELECTION\nEled +0 +1 +not needed/)
    await kt('topics --delete --topic Eled')
  })
})
