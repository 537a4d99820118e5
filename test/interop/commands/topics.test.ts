/** `kt topics` and Apache's kafka-topics.sh, every flag: the same command line, the same stdout, the same exit code. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type ApacheKafka, apacheKafkaHome, startApacheKafka } from '../../support/apache-kafka.ts'
import { compareWithScript, type ScriptCase } from '../../support/compare-with-script.ts'
import { runCommand } from '../../support/run-command.ts'

const ONE = ['topics --create --topic {x} --partitions 2 --config retention.ms=60000']
const GONE = ['topics --delete --topic {x}.* --if-exists']
/** Topics of these tests that both sides read; several, so that the order in which they are printed is compared. */
const SHARED = ['a', 'b.c', 'longer-name', 'zz', 'events', 'orders', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7']

const CASES: ScriptCase[] = [
  // List.
  { args: "--list --topic 'Gshared-.*'" },
  { args: "--list --topic 'Gshared-a,Gshared-zz'" },
  { args: '--list --topic Gshared-nothing' },
  { args: '--list --exclude-internal --topic Gshared-.*' },
  { args: "--list --topic '__consumer_offsets' --exclude-internal" },
  { args: '--list --topic \'"Gshared-a"\'' },
  { args: "--list --topic 'G['" },
  { args: '-list -topic Gshared-a' },
  { args: '--list --topic=Gshared-a stray words' },

  // Create.
  { args: '--create --topic {x}', afterwards: ['topics --describe --topic {x}'], after: GONE },
  {
    args: '--create --topic {x} --partitions 3 --replication-factor 1',
    afterwards: ['topics --describe --topic {x}'],
    after: GONE,
  },
  {
    args: "--create --topic {x}.with_both --config retention.ms=60000 --config 'cleanup.policy = compact,delete'",
    afterwards: ['topics --describe --topic {x}.*'],
    after: GONE,
  },
  {
    args: '--create --topic {x} --replica-assignment 1,1,1',
    afterwards: ['topics --describe --topic {x}'],
    after: GONE,
  },
  { args: '--create --topic {x} --replica-assignment 1:1' },
  { args: '--create --topic {x} --replica-assignment 1,1:2' },
  { args: '--create --topic {x} --replica-assignment one' },
  { args: '--create --topic {x} --replica-assignment 77' },
  { args: '--create --topic {x}', before: ONE, after: GONE },
  { args: '--create --if-not-exists --topic {x}', before: ONE, after: GONE },
  { args: '--create --topic {x} --partitions 0' },
  { args: '--create --topic {x} --partitions many' },
  { args: '--create --topic {x} --partitions 1 --partitions 2' },
  { args: '--create --topic {x} --replication-factor 5' },
  { args: '--create --topic {x} --replication-factor 40000' },
  { args: '--create --topic {x} --config retention.ms' },
  { args: '--create --topic {x} --config nonsense=1' },
  { args: '--create --topic {x} --config retention.ms=soon' },
  { args: '--create --topic {x} --config retention.ms=-5' },
  { args: '--create --topic {x} --config cleanup.policy=burn' },
  { args: '--create --topic {x}/y' },
  { args: '--create --topic {x} --delete-config retention.ms', stderr: true, after: GONE },

  // Describe.
  { args: '--describe --topic Gshared-.*' },
  { args: '--describe --topic Gshared-a --exclude-internal' },
  { args: '--describe --topic Gshared-nothing' },
  { args: '--describe --topic Gshared-nothing --if-exists' },
  { args: '--describe --topic Gshared-.* --topics-with-overrides' },
  { args: '--describe --topic Gshared-.* --under-replicated-partitions' },
  { args: '--describe --topic Gshared-.* --unavailable-partitions' },
  { args: '--describe --topic Gshared-.* --under-min-isr-partitions' },
  { args: '--describe --topic Gshared-orders --at-min-isr-partitions' },
  { args: '--describe --topic Gshared-orders --under-min-isr-partitions --at-min-isr-partitions' },
  { args: '--describe --topic Gshared-a --partition-size-limit-per-response 1' },
  { args: '--describe --topic Gshared-a --partition-size-limit-per-response x' },
  { args: '--describe --topic Gshared-a --partition-size-limit-per-response 0' },
  { args: '--describe --topic Gshared-.* --partition-size-limit-per-response 3' },
  { args: '--describe --topic-id AAAAAAAAAAAAAAAAAAAAAQ' },
  { args: '--describe --topic-id AAAAAAAAAAAAAAAAAAAAAQ --if-exists' },
  { args: '--describe --topic Gshared-a --topic-id AAAAAAAAAAAAAAAAAAAAAA --if-exists' },
  { args: '--describe --topic-id abc' },
  { args: '--describe --topic-id this-is-far-too-long-for-an-id' },
  { args: '--describe --topic Gshared-a --topic Gshared-zz' },

  // Alter.
  {
    args: '--alter --topic {x} --partitions 5',
    before: ONE,
    afterwards: ['topics --describe --topic {x}'],
    after: GONE,
  },
  { args: '--alter --topic {x} --partitions 2', before: ONE, after: GONE },
  { args: '--alter --topic {x} --partitions 1', before: ONE, after: GONE },
  {
    args: '--alter --topic {x} --partitions 3 --replica-assignment 1,1,1',
    before: ONE,
    afterwards: ['topics --describe --topic {x}'],
    after: GONE,
  },
  { args: '--alter --topic {x} --partitions 3 --replica-assignment 1,1,9', before: ONE, after: GONE },
  { args: '--alter --topic {x} --partitions 5' },
  { args: '--alter --topic {x} --partitions 5 --if-exists' },

  // Delete.
  { args: '--delete --topic {x}', before: ONE, afterwards: ['topics --list --topic {x}'] },
  {
    args: '--delete --topic {x}-.*',
    before: ['topics --create --topic {x}-1', 'topics --create --topic {x}-2'],
    afterwards: ['topics --list --topic {x}.*'],
  },
  { args: '--delete --topic {x}' },
  { args: '--delete --topic {x} --if-exists' },

  // The command line itself.
  { args: '--version' },
  { args: '--help', ownWords: true },
  { args: '', withoutServer: true, ownWords: true },
  { args: '', stderr: true },
  { args: '--list --describe', stderr: true },
  { args: '--lisst', stderr: true },
  { args: '--list --top', stderr: true },
  { args: '-x', stderr: true },
  { args: '--describe --topic', stderr: true },
  { args: '--create', stderr: true },
  { args: '--alter --topic {x}', stderr: true },
  { args: '--delete', stderr: true },
  { args: '--describe --if-exists', stderr: true },
  { args: '--alter --topic {x} --partitions 2 --replication-factor 1', stderr: true },
  { args: '--list --partitions 2', ownWords: true },
  { args: '--describe --config a=b', ownWords: true },
  { args: '--create --topic {x} --if-exists', ownWords: true },
  { args: '--list --if-not-exists', ownWords: true },
  { args: '--create --topic {x} --exclude-internal', ownWords: true },
  { args: '--create --topic {x} --replica-assignment 1 --partitions 1', stderr: true },
  { args: '--describe --topics-with-overrides --under-replicated-partitions', stderr: true },
  { args: '--list --unavailable-partitions', ownWords: true },
  { args: '--list --command-config /no/such/file', ownWords: true },
]

const home = await apacheKafkaHome()

describe.skipIf(home === null)('kt topics beside kafka-topics.sh', () => {
  let cluster: ApacheKafka
  const kt = (args: string[]) => runCommand(['topics', '--bootstrap-server', cluster.bootstrapServers, ...args])

  beforeAll(async () => {
    cluster = await startApacheKafka(home!)
    for (const name of SHARED) {
      await kt(['--create', '--if-not-exists', '--topic', `Gshared-${name}`, '--partitions', '2'])
    }
    // A broker answers before all of it has seen the topic.
    const list = async (): Promise<string> => (await kt(['--list', '--topic', 'Gshared-.*'])).stdout.trim()
    await vi.waitFor(async () => expect((await list()).split('\n')).toHaveLength(SHARED.length), 10_000)
  })
  afterAll(async () => {
    await kt(['--delete', '--topic', 'Gshared-.*', '--if-exists'])
    await cluster.stop()
  })

  it.concurrent.each(CASES)('$args', async (given) => {
    const { bootstrapServers } = cluster
    await compareWithScript({ home: home!, script: 'kafka-topics', command: 'topics', bootstrapServers }, given)
  })
})
