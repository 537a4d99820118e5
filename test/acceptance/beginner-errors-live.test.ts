/**
 * What goes wrong in the first weeks because something has gone: a leader, a coordinator, a member of a group. Each is
 * broken for real, and what is said holds what the cluster and its nodes show of it: who leads, who is gone, since when, why.
 */
import { spawn } from 'node:child_process'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { GroupConsumer } from '../../src/client/group-consumer.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'
import { type RunningCluster, runningCluster } from '../support/running-cluster.ts'

/** As short as brokers and members allow, so that nothing here waits for long. */
const CONFIG = {
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '500',
  'auto.leader.rebalance.enable': 'false',
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '500',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '3',
} as const

/** A consumer is silent for five seconds before it is told why, and a paused node is waited for: with `KT_LONG=1`. */
const isLong = process.env.KT_LONG === '1'

let cluster: RunningCluster

beforeAll(async () => {
  cluster = await runningCluster({ brokers: 3, config: CONFIG })
  await kt('topics --create --topic orders --partitions 3 --replication-factor 3')
  await kt('topics --create --topic solo --partitions 1 --replication-factor 1')
  await kt('console-producer --topic orders', { input: 'a\nb\nc\n' })
}, 60_000)
afterAll(() => cluster[Symbol.asyncDispose]())

const home = (): string => path.join(cluster.directory, 'home')

/** Runs a command as somebody at the machine of the cluster does: the nodes' processes and logs are there to be seen. */
async function kt(line: string, options: RunOptions = {}) {
  const args = [...line.split(' '), '--bootstrap-server', cluster.bootstrapServers]
  const { code, stdout, stderr } = await runCommand(args, { ...options, env: { KT_HOME: home(), ...options.env } })
  return { code, said: `${stdout}${stderr}`, stdout, stderr }
}

/** Asked again where a busy cluster has not answered within the second that an explanation waits for it. */
async function explained(...words: readonly string[]): Promise<string> {
  const args = ['explain', '--bootstrap-server', cluster.bootstrapServers, ...words]
  return await vi.waitUntil(
    async () => {
      const { stdout } = await runCommand(args, { columns: 200, env: { KT_HOME: home() } })
      return stdout.includes('Seen here') && stdout
    },
    { timeout: 15_000, interval: 200 },
  )
}

/** Whether all of it is said, in this order. */
function expectInOrder(text: string, ...parts: readonly (string | RegExp)[]): void {
  let rest = text
  for (const part of parts) {
    const at = typeof part === 'string' ? rest.indexOf(part) : rest.search(part)
    if (at < 0) expect.fail(`${part} is not said, or not there:\n${text}`)
    rest = rest.slice(at)
  }
}

const CONSUMER = 'console-consumer --topic orders'
const member = (groupId: string): GroupConsumer =>
  new GroupConsumer(
    { bootstrapServers: cluster.bootstrapServers.split(','), clientId: 'guest' },
    { groupId, topics: ['orders'], heartbeatIntervalMs: 300 },
  )

/** A consumer at a terminal that is ended from outside. */
function watched(line: string) {
  const abort = new AbortController()
  const running = kt(`${CONSUMER} ${line}`, { terminal: true, signal: abort.signal })
  return { end: () => abort.abort(), running }
}

async function isStable(groupId: string, members: number): Promise<void> {
  await vi.waitFor(
    async () =>
      expect((await kt(`consumer-groups --describe --group ${groupId} --state`)).stdout).toMatch(
        new RegExp(`Stable +${members}`),
      ),
    15_000,
  )
}

describe('members of a group', () => {
  it('that stood still for longer than their session learn why they are not in it any more', async () => {
    const consumer = watched(
      '--group frozen --command-property session.timeout.ms=1000 --command-property heartbeat.interval.ms=200',
    )
    await isStable('frozen', 1)
    // The whole process stands still, its heartbeats too, as after Ctrl-Z.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500)
    await vi.waitFor(
      async () => expect(await explained('--group', 'frozen', 'UNKNOWN_MEMBER_ID')).toMatch(/is gone/),
      15_000,
    )
    await isStable('frozen', 1)
    // What is said takes a look at the cluster first.
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    consumer.end()
    const { stderr } = await consumer.running
    expectInOrder(
      stderr,
      "This member of group 'frozen' was taken out of it while it was silent (UNKNOWN_MEMBER_ID), and joins again.",
      'why: This program stood still for longer than session.timeout.ms',
      /the coordinator last heard of this member [\d.]+ s before/,
      'session.timeout.ms is 1000',
      /console-consumer~\w{4} at 127.0.0.1 is gone: no heartbeat within its session.timeout.ms/,
      'next: kt consumer-groups --describe --group frozen --members',
    )
  }, 40_000)

  it('that come and go make it share out again and again: who came, who left, and how', async () => {
    const consumer = watched('--group restless --command-property heartbeat.interval.ms=200')
    await isStable('restless', 1)
    for (let round = 0; round < 2; round++) {
      const guest = member('restless')
      await guest.start()
      Promise.resolve(guest.next()).catch(() => undefined)
      await isStable('restless', 2)
      await guest.close()
      await isStable('restless', 1)
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    consumer.end()
    const { stderr } = await consumer.running
    expectInOrder(
      stderr,
      "group 'restless' has been shared out 4 times in 60 s",
      'why: Every member that comes, goes or falls silent',
      /shared out \d times within the last [\d.]+ m?s/,
      /guest~\w{4} at 127.0.0.1 has joined, generation 2/,
      /guest~\w{4} at 127.0.0.1 is gone: it left by itself, generation 3/,
      'next: kt consumer-groups --describe --group restless --steps',
    )
  }, 40_000)

  it('whose work took too long: the message of their program, and who has the partitions now', async () => {
    await kt('topics --create --topic kt-27-orders')
    await kt('console-producer --topic kt-27-orders', { input: 'a\nb\n' })
    const { stdout } = await kt('lab slow --max-poll-records 2 --max-poll-interval-ms 500 --work-ms 400')
    expect(stdout).toContain('no poll for 500 ms (max.poll.interval.ms): the consumer leaves the group')
    const text =
      '[Consumer clientId=c, groupId=kt-27-invoicing] Offset commit failed: Commit cannot be completed since the group has already rebalanced'
    expectInOrder(
      await explained(text),
      'The consumer took too long between two polls',
      "group 'kt-27-invoicing' is Empty with 0 members",
      /slow-consumer~\w{4} at 127.0.0.1 is gone: it left by itself/,
      'lower max.poll.records',
    )
    expect(await explained('--group', 'kt-27-invoicing', 'maximum poll interval (300000ms) exceeded by 88ms')).toMatch(
      /max.poll.interval.ms was 300000, which is 5 min\s+it polled 88 ms too late/,
    )
  }, 40_000)

  it('that a program tells of in codes: what each means, and of which group where only one is named', async () => {
    const rejoining = await explained('--group', 'frozen', 'ILLEGAL_GENERATION')
    expectInOrder(rejoining, 'The group has been shared out since this member last heard', "group 'frozen' is Empty")
    expect(await explained('REBALANCE_IN_PROGRESS')).toMatch(
      /groups of this cluster: frozen, kt-27-invoicing, restless/,
    )
    expect(await explained('FENCED_INSTANCE_ID')).toContain('Two members run with the same group.instance.id')
    expect(await explained('FENCED_MEMBER_EPOCH')).toContain('group.protocol=consumer')
  })
})

describe('a leader', () => {
  it('that has changed, for a producer that does not try again', async () => {
    const { stdout } = await kt('topics --describe --topic orders')
    const preferred = Number(/Partition: 0\s+Leader: (\d)/.exec(stdout)![1])
    await cluster.stop(preferred)
    await cluster.restart(preferred)
    await vi.waitFor(
      async () =>
        expect((await kt('topics --describe --topic orders')).stdout).toMatch(/Partition: 0\s.*Isr: \d,\d,\d/),
      15_000,
    )
    const producer = spawn(
      process.execPath,
      [
        path.join(cluster.directory, 'package/bin/kt'),
        ...'console-producer --topic orders --partition 0 --report --command-property retries=0'.split(' '),
        ...['--command-property', 'enable.idempotence=false', '--bootstrap-server', cluster.bootstrapServers],
      ],
      { env: { ...process.env, KT_HOME: home() } },
    )
    let said = ''
    for (const stream of [producer.stdout, producer.stderr]) stream.on('data', (data) => (said += data))
    producer.stdin.write('first\n')
    await vi.waitFor(() => expect(said).toMatch(/first|orders-0|offset/), 15_000)
    await kt('leader-election --election-type preferred --topic orders --partition 0')
    producer.stdin.end('second\n')
    await new Promise((resolve) => producer.once('close', resolve))
    expectInOrder(
      said,
      /not the current leader|NOT_LEADER/,
      `why: Leadership has moved: broker ${preferred} leads orders-0 now`,
      `orders-0: leader ${preferred}, replicas`,
      /leader epoch \d: so many elections/,
      'next: kt topics --describe --topic orders',
    )
  }, 60_000)

  it('that is paused, and then killed: records wait until their time is over', async () => {
    const leader = Number(/Leader: (\d)/.exec((await kt('topics --describe --topic solo')).stdout)![1])
    const line =
      'console-producer --topic solo --command-property delivery.timeout.ms=2000 --command-property request.timeout.ms=1000'
    if (isLong) {
      await cluster.pause(leader)
      const paused = await kt(line, { input: 'x\n' })
      expectInOrder(
        paused.stderr,
        /cannot be used: no answer|Expiring 1 record|is not part of the cluster/,
        `broker ${leader}: its process is paused`,
        `next: kt cluster resume ${leader}`,
      )
      await cluster.resume(leader)
    }
    await cluster.kill(leader)
    await vi.waitFor(
      async () => expect((await kt('topics --describe --topic solo')).stdout).toContain('Leader: none'),
      15_000,
    )
    const { stderr } = await kt(line, { input: 'x\n' })
    expectInOrder(
      stderr,
      'Expiring 1 record(s) for solo-0',
      'why: The producer gave up',
      'solo-0: no leader',
      `not in service: broker ${leader}`,
      new RegExp(`broker ${leader}: its process has ended without a shutdown; fenced since \\d\\d:\\d\\d:\\d\\d`),
      'next: kt cluster start',
    )
    expectInOrder(await explained('--topic', 'solo', 'NOT_LEADER_OR_FOLLOWER'), 'solo-0: no leader', 'kt cluster start')
    await cluster.restart(leader)
  }, 60_000)
})

describe('a coordinator', () => {
  it('that was killed, the only one that has the group: whose partition it is, and what brings it back', async () => {
    const { stdout } = await kt('consumer-groups --describe --group frozen --state')
    const coordinator = Number(/\((\d)\)/.exec(stdout)![1])
    await cluster.kill(coordinator)
    await vi.waitFor(
      async () => expect((await kt('topics --describe --topic __consumer_offsets')).stdout).toContain('Leader: none'),
      15_000,
    )
    const seen = [
      "why: The group's partition of __consumer_offsets has no leader",
      /coordinator of group 'frozen' is whoever leads __consumer_offsets-\d: no leader, replicas \d, in sync/,
      new RegExp(`broker ${coordinator}: its process has ended without a shutdown; fenced since`),
      'next: kt cluster start',
    ]
    const described = await kt('consumer-groups --describe --group frozen --timeout 1000')
    expectInOrder(described.said, /The coordinator is not available|is not part of the cluster/, ...seen)
    if (isLong) {
      const silent = await kt(`${CONSUMER} --group frozen --timeout-ms 6000`, { terminal: true })
      expectInOrder(silent.stderr, 'the consumer prints nothing', ...seen)
    }
    expectInOrder(
      await explained('--group', 'frozen', 'NOT_COORDINATOR'),
      "coordinator of group 'frozen'",
      'kt cluster start',
    )
    await cluster.restart(coordinator)
  }, 60_000)

  it('that there cannot be: fewer brokers than __consumer_offsets wants', async () => {
    await using small = await runningCluster({ brokers: 1, config: { 'offsets.topic.replication.factor': '3' } })
    const env = { KT_HOME: path.join(small.directory, 'home') }
    const connect = ['--bootstrap-server', small.bootstrapServers]
    const { stdout, stderr } = await runCommand(
      ['consumer-groups', '--describe', '--group', 'g', '--timeout', '1000', ...connect],
      { env },
    )
    expectInOrder(
      `${stdout}${stderr}`,
      'The coordinator is not available',
      'why: __consumer_offsets cannot be created: it wants 3 replicas',
      'brokers in service: 1',
      'next: kt cluster add   # adds a broker; 2 more are needed',
    )
  }, 40_000)
})
