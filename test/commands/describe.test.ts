import { describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { KtError } from '../../src/base/errors.ts'
import type { Admin, ClientOptions } from '../../src/client/admin-types.ts'
import { entryOf, memoryAdmin, ok, refused, topicOf } from '../support/memory-admin.ts'
import { type RunOptions, runCommand } from '../support/run-command.ts'

const TOPICS = [
  topicOf('__consumer_offsets', ['1:1:1'], true),
  topicOf('orders', ['1:1,2:1,2', '2:2,1:2:1', '-1:1,2::1,2']),
]
const BROKERS = [
  { id: 1, host: 'h1', port: 9092, rack: null },
  { id: 2, host: 'h2', port: 9092, rack: 'west' },
]
const QUORUM = {
  leaderId: 2,
  leaderEpoch: 7,
  highWatermark: 1,
  voters: [],
  observers: [],
  endpoints: new Map(),
}
const replica = (topic: string, partition: number, sizeBytes: number) => ({
  topic,
  partition,
  sizeBytes,
  offsetLag: 0,
  isFuture: false,
})
const base: Partial<Admin> = {
  describeCluster: async () => ({ clusterId: 'the-cluster', controllerId: 1, brokers: BROKERS }),
  // KRaft's brokers name any of themselves as the controller.
  describeMetadataQuorum: async () => QUORUM,
  listReplicaEnds: async (replicas) => replicas.map(({ broker }) => ok(broker === 1 ? 900 : 2000)),
  listTopics: async () => TOPICS.map(({ name, topicId, isInternal }) => ({ name, topicId, isInternal })),
  describeTopics: async (names) => {
    const wanted = names === 'all' ? TOPICS.map(({ name }) => name) : names
    return new Map(wanted.map((name) => [name, ok(TOPICS.find((topic) => topic.name === name)!)]))
  },
  describeConfigs: async (resources) => resources.map(() => ok([entryOf('retention.ms', '5')])),
  listPartitionReassignments: async () => [],
  describeLogDirs: async (ids) =>
    new Map(
      ids.map((id) => [
        id,
        ok([
          {
            path: `/data/${id}`,
            error: null,
            totalBytes: -1,
            usableBytes: 2 ** 30,
            replicas: [replica('orders', 0, 2048), replica('orders', 1, 1536 * 1024)],
          },
        ]),
      ]),
    ),
  listOffsets: async (queries) =>
    queries.map(({ spec, partition }) =>
      ok({ offset: spec === 'latest' ? 1000 * (partition + 1) : 10, timestamp: -1, leaderEpoch: 0 }),
    ),
  listGroups: async () => [{ groupId: 'billing', protocolType: 'consumer', state: 'Stable', type: 'Consumer' }],
  describeGroups: async () =>
    new Map([
      [
        'billing',
        ok({
          groupId: 'billing',
          type: 'Consumer',
          protocolType: 'consumer',
          state: 'Stable',
          assignor: 'uniform',
          coordinator: BROKERS[0]!,
          members: [
            {
              memberId: 'm-1',
              groupInstanceId: null,
              clientId: 'shop',
              host: '/10.0.0.7',
              assignment: [{ topic: 'orders', partition: 1 }],
            },
          ],
        }),
      ],
    ]),
  listGroupOffsets: async () =>
    new Map([['billing', ok([{ topic: 'orders', partition: 0, offset: 400, leaderEpoch: 0, metadata: '' }])]]),
}

async function run(line: string, methods: Partial<Admin> = {}, options: RunOptions = {}) {
  const memory = memoryAdmin({ ...base, ...methods })
  const args = ['describe', ...(line === '' ? [] : line.split(' ')), '--bootstrap-server', 'a:1']
  const result = await runCommand(args, { createAdmin: memory.createAdmin, ...options })
  return { ...result, calls: memory.calls }
}

describe('kt describe', () => {
  it('draws the cluster: what is wrong first, brokers, topics', async () => {
    const { code, stdout } = await run('')
    expect(code).toBe(0)
    expect(stdout).toBe(`Cluster the-cluster  2 brokers, 2 topics
1 partition without a leader, 2 partitions under-replicated

BROKER  ADDRESS  RACK  ROLE        LEADS  REPLICAS     SIZE
     1  h1:9092  -     broker          2         4  1.5 MiB
     2  h2:9092  west  controller      1         3  1.5 MiB

PARTITION  LEADER  EPOCH  REPLICAS  ISR  LAG        STATE
orders-1        2      0  2,1!      2    1: 1,100   offline 1, under-replicated
orders-2     none      0  1!,2!          1: ? 2: ?  no leader, offline 1,2, under-replicated

TOPIC               PARTITIONS  REPLICAS  RECORDS  SIZE  STATE
orders                       3         2        -     -  1 offline
__consumer_offsets           1         1      990     -  ok
`)
  })

  it('draws a topic: leaders, replicas, offsets, sizes, and marks what is behind or offline', async () => {
    const { stdout } = await run('topic orders')
    expect(stdout).toBe(`orders  3 partitions, replication factor 2, - records, -  id-of-orders
retention.ms=5
PARTITION  LEADER  EPOCH  REPLICAS  ISR  LAG        EARLIEST  LATEST     SIZE  STATE
        0       1      0  1,2       1,2  0                10   1,000  2.0 KiB  ok
        1       2      0  2,1!      2    1: 1,100         10   2,000  1.5 MiB  offline 1, under-replicated
        2    none      0  1!,2!          1: ? 2: ?         -       -        -  no leader, offline 1,2, under-replicated

orders-1: 1 of 2 replicas in sync.
  start broker 1, e.g. kt cluster restart 1
    it catches up from the leader and joins the ISR; what only it has is removed there

orders-2: no leader, so nothing can be written or read.
  start brokers 1, 2, e.g. kt cluster restart 1 2
    who has every record is not known
`)
  })

  it('knows what the topic asks of its ISR, wherever that is set', async () => {
    const describeConfigs: Admin['describeConfigs'] = async (resources) =>
      resources.map(() =>
        ok([
          entryOf('min.insync.replicas', '2', { source: 'DYNAMIC_DEFAULT_BROKER_CONFIG' }),
          entryOf('unclean.leader.election.enable', 'true', { source: 'DEFAULT_CONFIG' }),
        ]),
      )
    const { stdout } = await run('topic orders', { describeConfigs })
    expect(stdout).toMatch(/offline 1, below min ISR\n/)
    expect(stdout).toContain('orders-1: ISR 2 is below min.insync.replicas=2')
    expect(stdout).toContain('who is back first leads')
    const { topics } = JSON.parse((await run('topic orders --format json', { describeConfigs })).stdout)
    expect(topics[0]).toMatchObject({ minInsyncReplicas: 2, uncleanElection: true, configs: {} })
  })

  it('does not ask leaders that do not exist for offsets', async () => {
    const { calls } = await run('topic orders')
    const asked = calls
      .filter(({ method }) => method === 'listOffsets')
      .map(({ args }) => args[0] as { partition: number }[])
    // Each leader for both ends of what it leads.
    expect(asked.map((queries) => queries.map(({ partition }) => partition))).toEqual([[0], [0], [1], [1]])
  })

  it('draws a group: members, offsets, lag', async () => {
    const { stdout } = await run('group billing')
    expect(stdout).toBe(`billing  Stable  Consumer group, 1 member, total lag -, assignor uniform, coordinator 1
MEMBER  CLIENT  HOST      PARTITIONS
m-1     shop    10.0.0.7           1
TOPIC   PARTITION  COMMITTED  LOG END  LAG  MEMBER
orders          0        400    1,000  600  nobody
orders          1          -    2,000    -  m-1
`)
  })

  it('draws a broker: what it leads, its directories', async () => {
    const describeConfigs: Admin['describeConfigs'] = async () => [
      ok([
        entryOf('log.retention.ms', '7', { source: 'DYNAMIC_BROKER_CONFIG' }),
        entryOf('num.io.threads', '8', { source: 'DEFAULT_CONFIG' }),
      ]),
    ]
    expect((await run('broker 2', { describeConfigs })).stdout).toBe(`Broker 2  h2:9092, rack west, active controller
leads 1 partition, holds 3 replicas
log.retention.ms=7
LOG DIRECTORY     SIZE     FREE  STATE
/data/2        1.5 MiB  1.0 GiB  ok
`)
  })

  it.each([
    ['topic ordres', "There is no topic 'ordres'", 'topics with a similar name: orders', 'kt topics --list'],
    ['group biling', "There is no group 'biling'", 'groups with a similar name: billing', 'kt consumer-groups --list'],
    ['broker 3', "There is no broker '3'", 'brokers with a similar name: 1, 2', 'kt describe'],
  ])('%s: says that there is none, and what is near', async (line, message, fact, next) => {
    expect(await run(line)).toMatchObject({
      code: 8,
      stdout: '',
      stderr: `${message}\n  ${fact}\n  next: ${next}\n`,
    })
  })

  it.each([
    ['orders', "kt describe: 'orders' is none of cluster, topic, group, broker\n  next: kt describe topic orders\n"],
    [
      'tpoic orders',
      "kt describe: 'tpoic' is none of cluster, topic, group, broker\n  next: kt describe topic orders\n",
    ],
    ['cluster x', 'kt describe cluster takes no names\n  next: kt describe topic x\n'],
    ['--watch 0', "--watch takes seconds, 0.1 or more, not '0'\n"],
    ['--format xml', "Unknown format 'xml'\n  Formats: json, yaml\n"],
  ])('teaches what to type instead of %s, exit 2', async (line, stderr) => {
    expect(await run(line)).toMatchObject({ code: 2, stdout: '', stderr })
  })

  it('does without sizes and reassignments where it may not ask for them', async () => {
    const denied = async (): Promise<never> => {
      throw new KtError('authorization', 'Cluster authorization failed.')
    }
    const { code, stdout } = await run('topic orders', { describeLogDirs: denied, listPartitionReassignments: denied })
    expect(code).toBe(0)
    expect(stdout).toMatch(/0 +1 +0 +1,2 +1,2 +0 +10 +1,000 +- +ok\n/)
  })

  it('leaves out a topic that vanishes while it looks', async () => {
    const describeTopics: Admin['describeTopics'] = async () =>
      new Map([
        ['orders', refused('UNKNOWN_TOPIC_OR_PARTITION', 'gone')],
        ['__consumer_offsets', ok(TOPICS[0]!)],
      ])
    const { code, stdout } = await run('', { describeTopics })
    expect(code).toBe(0)
    expect(stdout).toContain('1 topic\n')
  })

  it('prints documents', async () => {
    const topic = JSON.parse((await run('topic orders --format json')).stdout)
    expect(topic).toMatchObject({ apiVersion: 'kt/v1', kind: 'TopicStatusList' })
    expect(topic.topics[0].partitions[2]).toMatchObject({ leader: null, offlineReplicas: [1, 2], latestOffset: null })
    expect(topic.topics[0].partitions[1]).toMatchObject({ leaderEpoch: 0, followers: [{ broker: 1, lag: 1100 }] })
    const cluster = JSON.parse((await run('--format json')).stdout)
    expect(cluster).toMatchObject({
      kind: 'ClusterStatus',
      clusterId: 'the-cluster',
      controllerId: 2,
      controllerEpoch: 7,
    })
    expect(cluster.brokers[1]).toMatchObject({
      id: 2,
      rack: 'west',
      isController: true,
      isFenced: false,
      leaderCount: 1,
    })
    const group = JSON.parse((await run('group --format json')).stdout)
    expect(group.groups[0].partitions[0]).toEqual({
      topic: 'orders',
      partition: 0,
      committedOffset: 400,
      memberId: null,
      logEndOffset: 1000,
      lag: 600,
    })
    expect((await run('broker 1 --format yaml')).stdout).toContain('kind: BrokerStatusList\nbrokers:\n  - id: 1\n')
  })
})

describe('kt describe --watch', () => {
  /** A clock whose pauses between pictures end at once; Ctrl-C comes after so many of them. */
  function clockUntil(pauses: number, controller: AbortController, intervalMs = 1000) {
    const waited: number[] = []
    const clock: Clock = {
      ...systemClock,
      setTimer(delayMs, callback) {
        if (delayMs !== intervalMs) return systemClock.setTimer(delayMs, callback)
        waited.push(delayMs)
        return systemClock.setTimer(0, () => (waited.length > pauses ? controller.abort('SIGINT') : callback()))
      },
    }
    return { clock, waited, signal: controller.signal }
  }

  it('redraws in place until Ctrl-C, which is a clean end', async () => {
    const { clock, waited, signal } = clockUntil(2, new AbortController(), 2000)
    const { code, stdout, stderr } = await run('topic orders --watch 2', {}, { terminal: true, clock, signal })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const frames = stdout.split('\x1b[H').slice(1)
    expect(frames).toHaveLength(3)
    expect(stdout.startsWith('\x1b[2J\x1b[H')).toBe(true)
    expect(stdout.indexOf('\x1b[2J', 4)).toBe(-1)
    expect(waited.slice(0, 3)).toEqual([2000, 2000, 2000])
  })

  it('prints one picture after the other when piped', async () => {
    const { clock, signal } = clockUntil(1, new AbortController())
    const { stdout } = await run('topic orders --watch --format json', {}, { clock, signal })
    expect(stdout.split('"apiVersion"')).toHaveLength(3)
    expect(stdout).not.toContain('\x1b')
  })

  it('goes on watching a cluster that does not answer for a while', async () => {
    let times = 0
    const listTopics: Admin['listTopics'] = async () => {
      if (++times === 1) throw new KtError('unreachable', 'Cannot reach a Kafka broker', { facts: ['refused'] })
      return base.listTopics!()
    }
    const { clock, signal } = clockUntil(1, new AbortController())
    const { code, stdout } = await run('topic orders --watch', { listTopics }, { clock, signal })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Cannot reach a Kafka broker\n {2}refused\norders {2}3 partitions/)
  })
  it('shows a failure as it happens: who leads, who is in sync, what is new', async () => {
    const states = [
      topicOf('orders', ['1:1,2:1,2', '2:2,1:2,1']),
      topicOf('orders', ['2:1,2:2:1', '2:2,1:2:1']),
      topicOf('orders', ['2:1,2:2,1', '2:2,1:2,1']),
    ]
    let round = -1
    const listTopics: Admin['listTopics'] = async () => {
      round++
      return base.listTopics!()
    }
    const describeTopics: Admin['describeTopics'] = async () => {
      const topic = states[round]!
      const partitions = topic.partitions.map((each) => ({
        ...each,
        leaderEpoch: each.partition === 0 && round > 0 ? 1 : 0,
      }))
      return new Map([['orders', ok({ ...topic, partitions })]])
    }
    const describeCluster: Admin['describeCluster'] = async () => {
      return { clusterId: 'c', controllerId: 1, brokers: round === 1 ? BROKERS.slice(1) : BROKERS }
    }
    const { clock, signal } = clockUntil(2, new AbortController())
    const { stdout } = await run(
      'topic orders --watch',
      { listTopics, describeTopics, describeCluster },
      { clock, signal },
    )
    const [before, during, after] = stdout.split(/^(?=orders )/m)
    expect(before).not.toContain('CHANGES')
    expect(during).toMatch(/^ +0 +2\* +1\* +1!,2 +2\* /m)
    const lines = (text: string): string[] =>
      text
        .split('CHANGES\n')[1]!
        .trimEnd()
        .split('\n')
        .map((each) => each.slice(10))
    expect(lines(during!)).toEqual([
      'broker 1 is gone',
      'orders-0: leader 1 -> 2 (epoch 0 -> 1)',
      'orders-0, orders-1: 1 left the ISR',
    ])
    expect(lines(after!).slice(3)).toEqual(['broker 1 is there', 'orders-0, orders-1: 1 joined the ISR'])
  })

  it('does without what a broker that hangs would have told', async () => {
    const never = () => new Promise<never>(() => undefined)
    const describeLogDirs: Admin['describeLogDirs'] = (ids) => (ids.includes(2) ? never() : base.describeLogDirs!(ids))
    const listReplicaEnds: Admin['listReplicaEnds'] = (list) =>
      list.some(({ broker }) => broker === 2) ? never() : base.listReplicaEnds!(list)
    const { clock, signal } = clockUntil(1, new AbortController())
    const { stdout, calls } = await run('topic orders --watch', { describeLogDirs, listReplicaEnds }, { clock, signal })
    expect(stdout).toMatch(/^ +0 +1 +0 +1,2 +1,2 +2: \? +10 +1,000 +2.0 KiB +ok$/m)
    // The question that is still open is not asked again.
    const asked = calls.filter(({ method, args }) => method === 'describeLogDirs' && String(args[0]) === '2')
    expect(asked).toHaveLength(1)
  })

  it('is impatient unless the properties say otherwise', async () => {
    const seen: ClientOptions[] = []
    for (const line of ['topic orders', 'topic orders --watch']) {
      const { clock, signal } = clockUntil(0, new AbortController())
      const createAdmin = async (options: ClientOptions): Promise<Admin> => {
        seen.push(options)
        return memoryAdmin(base).admin
      }
      await run(line, {}, { clock, signal, createAdmin })
    }
    expect(seen[0]!.requestTimeoutMs).toBeUndefined()
    expect(seen[1]).toMatchObject({ requestTimeoutMs: 2_000, apiTimeoutMs: 5_000 })
  })
})
