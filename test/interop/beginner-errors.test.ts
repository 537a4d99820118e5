/**
 * Beginner errors that need what the bundled cluster does not have yet, provoked on Apache Kafka: a transactional id that
 * is used twice, and a member of the KIP-848 protocol that stood still. Its log cannot be seen, which is said.
 */
import { describe, expect, it, vi } from 'vitest'
import { apacheKafkaHome, isBundledReferee, startApacheKafka } from '../support/apache-kafka.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const home = await apacheKafkaHome()
const BROKER = {
  'group.consumer.min.session.timeout.ms': '1000',
  'group.consumer.session.timeout.ms': '1000',
  'group.consumer.min.heartbeat.interval.ms': '200',
  'group.consumer.heartbeat.interval.ms': '200',
}

describe.skipIf(home === null || isBundledReferee())('beginner errors on Apache Kafka', () => {
  it('are told with what it shows of them', async () => {
    const kafka = await startApacheKafka(home!, BROKER)
    const kt = (line: string, options: RunOptions = {}) =>
      runCommand([...line.split(' '), '--bootstrap-server', kafka.bootstrapServers], options)
    try {
      await kt('topics --create --topic orders --partitions 1')
      await fenced(kt, kafka.bootstrapServers)
      await stoodStill(kt)
      await sequences(kt)
    } finally {
      await kafka.stop()
    }
  }, 120_000)
})

type Run = (line: string, options?: RunOptions) => ReturnType<typeof runCommand>

function expectAll(text: string, ...parts: readonly (string | RegExp)[]): void {
  for (const part of parts) expect(text).toMatch(part)
}

/** Two producers under one transactional id: the second one shuts out the first. */
async function fenced(kt: Run, servers: string): Promise<void> {
  const list = () => runCommand(['transactions', '--bootstrap-server', servers, 'list'])
  const line = 'console-producer --topic orders --transactional-id till --template x'
  // The topic of transactions is made for the first one, which takes a while.
  expect((await kt(`${line} --count 1`)).code).toBe(0)
  const first = kt(`${line} --count 40 --rate 10`)
  await vi.waitFor(async () => expect((await list()).stdout).toMatch(/till.*Ongoing/), 3_500)
  expect((await kt(`${line} --count 1`)).code).toBe(0)
  const { code, stderr } = await first
  expect(code).toBe(1)
  expectAll(
    stderr,
    /newer producer with the same transactionalId|Producer attempted to produce with an old epoch/,
    'why: Each initTransactions with the same transactional.id raises the epoch',
    /transactional.id 'till' now: producer \d+ with epoch \d+ has it, CompleteCommit/,
    /its coordinator is broker \d; transaction.timeout.ms \d+/,
    /its last transaction began at \d\d:\d\d:\d\d, [\d.]+ m?s ago/,
    /next: kt transactions --bootstrap-server \S+ describe --transactional-id till/,
  )
  // It waits for a second at most for a cluster to answer.
  const { stdout } = await vi.waitUntil(
    async () => {
      const answer = await kt('explain INVALID_PRODUCER_EPOCH', { columns: 200 })
      return answer.stdout.includes('Seen here') && answer
    },
    { timeout: 15_000 },
  )
  expect(stdout).toMatch(/transactional.id 'till' now/)
}

/** The coordinator assigns, and fences who is silent. */
async function stoodStill(kt: Run): Promise<void> {
  const abort = new AbortController()
  const options = { terminal: true, signal: abort.signal }
  const running = kt(
    'console-consumer --topic orders --group frozen --command-property group.protocol=consumer',
    options,
  )
  const isStable = () =>
    vi.waitFor(
      async () => expect((await kt('consumer-groups --describe --group frozen --state')).stdout).toMatch(/Stable +1/),
      30_000,
    )
  await isStable()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  await isStable()
  abort.abort()
  expectAll(
    (await running).stderr,
    /This member of group 'frozen' was taken out of it while it was silent \((UNKNOWN_MEMBER_ID|FENCED_MEMBER_EPOCH)\)/,
    /the coordinator last heard of this member [\d.]+ s before/,
    /console-consumer~\S{4} at 127.0.0.1 has joined/,
    /why a member is gone the cluster does not tell: it is in the log of broker \d, the group's coordinator/,
    'next: kt consumer-groups --describe --group frozen --members',
  )
}

/** The message as the broker's log has it. */
async function sequences(kt: Run): Promise<void> {
  const text =
    'Out of order sequence number for producer 1000 at offset 5 in partition orders-0: 10 (incoming seq. number), 3 (current end sequence number).'
  const { stdout } = await runWords(kt, text)
  expectAll(
    stdout,
    'An idempotent producer numbers its batches',
    /orders-0 holds offsets 0 to \d+/,
    'describe-producers',
  )
}

const runWords = (kt: Run, text: string) => kt(`explain ${text}`, { columns: 200 })
