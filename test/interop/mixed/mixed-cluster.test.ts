/**
 * One cluster of nodes by different makers: an Apache Kafka broker in our quorum, our broker in Apache Kafka's, and
 * controllers of both that vote together. Brokers replicate from each other, lead, are killed, come back; what one wrote
 * as a leader or coordinator the other goes on with.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Scene, unreplicatedRecords } from '../../storm/scenes.ts'
import { apacheKafkaHome } from '../../support/apache-kafka.ts'
import { FIRST_CONTROLLER, type Maker, MixedCluster } from './mixed-cluster.ts'

const home = await apacheKafkaHome()
const missing = home === null ? ': no Java or no installation, skipped' : ''

const TIMEOUT_MS = 300_000
const POLL = { timeout: 30_000, interval: 100 }
const GUEST = 4
/** Controllers of the guest's maker: the two of them are a majority. */
const GUEST_CONTROLLERS = [FIRST_CONTROLLER + 1, FIRST_CONTROLLER + 2] as const
const GROUP = 'readers'

const CONFIG: Readonly<Record<string, string>> = {
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '500',
  'replica.lag.time.max.ms': '30000',
  'replica.fetch.wait.max.ms': '100',
  'auto.leader.rebalance.enable': 'false',
  'group.initial.rebalance.delay.ms': '0',
  'offsets.topic.num.partitions': '1',
  // A snapshot every few topics, and no log before it.
  'metadata.log.max.record.bytes.between.snapshots': '3000',
  'metadata.max.retention.bytes': '4000',
}

const MAKERS: readonly (readonly [host: Maker, guest: Maker, what: string])[] = [
  ['kt', 'apache', 'an Apache Kafka broker in our cluster'],
  ['apache', 'kt', "our broker in Apache Kafka's cluster"],
]

describe.skipIf(home === null).each(MAKERS)(`%s, %s: %s${missing}`, { timeout: TIMEOUT_MS }, (host, guest) => {
  let cluster: MixedCluster
  const range = (name: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${name}${at}`)

  beforeAll(async () => {
    const nodes = { 1: host, 2: host, [GUEST]: guest, 100: host, 101: guest, 102: guest }
    cluster = await MixedCluster.format({ apacheHome: home!, nodes, config: CONFIG })
    await cluster.start(FIRST_CONTROLLER)
    await Promise.all([cluster.start(1), cluster.start(2)])
  }, TIMEOUT_MS)
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const files = (id: number): string[] => fs.readdirSync(path.join(cluster.dataDirectory(id), '__cluster_metadata-0'))
  const consume = async (count: number): Promise<string[]> => {
    const flags = [
      '--topic',
      'replicated',
      '--from-beginning',
      '--max-messages',
      String(count),
      '--timeout-ms',
      '20000',
    ]
    const servers = cluster.bootstrapServers.join(',')
    const { stdout } = await cluster.kt(['console-consumer', '--bootstrap-server', servers, '--group', GROUP, ...flags])
    return stdout.split('\n').slice(0, -1)
  }
  const committed = () =>
    cluster.withAdmin(async (admin) => {
      const outcome = (await admin.listGroupOffsets([GROUP])).get(GROUP)
      return outcome?.ok ? outcome.value.map(({ offset }) => offset) : outcome?.error.name
    })
  const live = (): Promise<string> =>
    cluster.withAdmin(async (admin) => {
      const { brokers } = await admin.describeCluster()
      return brokers.map(({ id }) => id).join(' ')
    })

  it('a broker joins, with a snapshot where the log begins later', async () => {
    await cluster.withAdmin(async (admin) => {
      const names = range('many-', 20)
      await admin.createTopics(names.map((name) => ({ name, partitions: 3, replicationFactor: 2 })))
      await admin.deleteTopics(names)
    })
    // Apache Kafka looks once a minute whether its log may begin later.
    const isSnapshotNeeded = host === 'kt'
    const oldest = (): number =>
      Math.min(
        ...files(FIRST_CONTROLLER)
          .flatMap((name) => /^(\d+)-\d+\.checkpoint$/.exec(name)?.[1] ?? [])
          .map(Number),
      )
    if (isSnapshotNeeded) await expect.poll(oldest, POLL).toBeGreaterThan(0)
    await cluster.start(GUEST)
    await expect.poll(live, POLL).toBe('1 2 4')
    if (isSnapshotNeeded) expect(files(GUEST)).not.toContain('00000000000000000000.log')
  })

  it('takes replicas, leads and coordinates, is killed, and comes back', async () => {
    const replicated = new Scene(cluster, 'replicated')
    await replicated.create([GUEST, 1, 2], { 'min.insync.replicas': '2' })
    const offsets = new Scene(cluster, '__consumer_offsets')
    await offsets.create([GUEST, 1, 2], { 'cleanup.policy': 'compact' })
    const become = async (state: string): Promise<void> => {
      await replicated.becomes(state)
      await offsets.becomes(state)
    }
    await become('leader 4, epoch 0, ISR 1 2 4')
    expect(await replicated.write('all', range('first', 10))).toEqual(range('', 10).map(Number))
    expect(await consume(10)).toEqual(range('first', 10))
    expect(await committed()).toEqual([10])
    await cluster.kill(GUEST)
    await become('leader 1, epoch 1, ISR 1 2')
    expect(await replicated.write('all', range('second', 10))).toEqual(range('1', 10).map(Number))
    // The next coordinator knows what the one of the other maker has written, and so does that one when it is back.
    await expect.poll(committed, POLL).toEqual([10])
    expect(await consume(5)).toEqual(range('second', 5))
    await cluster.start(GUEST)
    await become('leader 1, epoch 1, ISR 1 2 4')
    for (const scene of [replicated, offsets]) expect(await scene.elect('PREFERRED')).toBe('elected')
    await become('leader 4, epoch 2, ISR 1 2 4')
    expect(await replicated.read()).toEqual([...range('first', 10), ...range('second', 10)])
    await expect.poll(committed, POLL).toEqual([15])
  })

  // It gives up what the leader of the other maker does not have.
  it('cuts its log where its leader never had it', () => unreplicatedRecords(cluster, undefined, [GUEST, 1]))

  const quorum = () => cluster.withAdmin((admin) => admin.describeMetadataQuorum())
  const voters = async (): Promise<number[]> => (await quorum()).voters.map(({ id }) => id).sort()

  // The longest of them: KT_LONG=1 npm run test:interop.
  it.skipIf(process.env.KT_LONG === undefined)('controllers of both makers vote together', async () => {
    await Promise.all(GUEST_CONTROLLERS.map((id) => cluster.start(id)))
    for (const id of GUEST_CONTROLLERS) {
      await expect.poll(async () => (await quorum()).observers.map((each) => each.id), POLL).toContain(id)
      await cluster.addVoter(id)
    }
    expect(await voters()).toEqual([100, 101, 102])
    await cluster.kill(FIRST_CONTROLLER)
    await expect.poll(async () => (await quorum()).leaderId, POLL).not.toBe(FIRST_CONTROLLER)
    // Whom the other maker's controller knows and lets lead.
    const scene = new Scene(cluster, 'under-the-guest')
    await scene.create([GUEST, 1, 2], { 'min.insync.replicas': '2' })
    await scene.becomes('leader 4, epoch 0, ISR 1 2 4')
    expect(await scene.write('all', range('written', 5))).toEqual([0, 1, 2, 3, 4])
    await cluster.start(FIRST_CONTROLLER)
    const behind = async () => {
      const { voters, highWatermark } = await quorum()
      return highWatermark - voters.find(({ id }) => id === FIRST_CONTROLLER)!.logEndOffset
    }
    await expect.poll(behind, POLL).toBeLessThanOrEqual(0)
    const { leaderId } = await quorum()
    await cluster.kill(leaderId)
    await expect.poll(async () => (await quorum()).leaderId, POLL).not.toBe(leaderId)
    await expect.poll(live, POLL).toBe('1 2 4')
    // A controlled shutdown moves the leadership away first.
    await cluster.stop(GUEST)
    await scene.becomes('leader 1, epoch 1, ISR 1 2')
    expect(await scene.read()).toEqual(range('written', 5))
  })
})
