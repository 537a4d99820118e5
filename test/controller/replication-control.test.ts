import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alterPartition } from '../../src/controller/alter-partition.ts'
import { electLeaders } from '../../src/controller/elections.ts'
import { PartitionIndex } from '../../src/controller/partition-index.ts'
import { alterPartitionReassignments } from '../../src/controller/reassignment-control.ts'
import {
  brokerFenced,
  brokerShuttingDown,
  brokerUnfenced,
  brokerUnregistered,
  createPartitions,
  directoriesOffline,
  incarnationReplaced,
} from '../../src/controller/replication-control.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import type { MetadataRecordInput } from '../../src/protocol/metadata/index.ts'
import { brokerRecord, config, topicRecords, uuidOf } from '../metadata/support.ts'
import { checkPartitions } from './partition-invariants.ts'
import { brief, carryOut, isrRequest, type TestView, viewOf } from './support.ts'

const ID = uuidOf(1)
const three = { 1: {}, 2: {}, 3: {} }
const withTopic = (replicas: readonly number[][], options: object = {}): TestView =>
  viewOf({ brokers: three, records: topicRecords('t', ID, replicas), ...options })
const partition = (view: TestView, index = 0) => view.image.topicsById.get(ID)!.partitions.get(index)!

describe('CreatePartitions', () => {
  const add = (count: number, assignments: { brokerIds: number[] }[] | null = null, name = 't') => {
    const view = withTopic([[1], [2]])
    return createPartitions(view, { topics: [{ name, count, assignments }], timeoutMs: 1, validateOnly: false })
  }
  const refusal = (...asked: Parameters<typeof add>): string => {
    const [result] = add(...asked).response.results!
    return `${errorName(result!.errorCode!)}: ${result!.errorMessage}`
  }

  it('adds what is missing, with the replication the topic has', () => {
    const { records, response } = add(4)
    expect(response.results).toEqual([{ name: 't', errorCode: 0, errorMessage: null }])
    expect(records.map(({ body }) => (body as { partitionId: number }).partitionId)).toEqual([2, 3])
    for (const { body } of records) expect((body as { replicas: number[] }).replicas).toHaveLength(1)
  })

  it('puts them where it is told', () => {
    const { records } = add(4, [{ brokerIds: [3] }, { brokerIds: [1] }])
    expect(records.map(({ body }) => (body as { replicas: number[] }).replicas)).toEqual([[3], [1]])
  })

  it.each([
    [[5, null, 'x'], 'UNKNOWN_TOPIC_OR_PARTITION: null'],
    [[2, null], 'INVALID_PARTITIONS: Topic already has 2 partition(s).'],
    [[1, null], 'INVALID_PARTITIONS: The topic t currently has 2 partition(s); 1 would not be an increase.'],
    [
      [3, []],
      'INVALID_REPLICA_ASSIGNMENT: Attempted to add 1 additional partition(s), but only 0 assignment(s) were specified.',
    ],
    [
      [3, [{ brokerIds: [1, 2] }]],
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes a partition with 2 replica(s), but this is not consistent with previous partitions, which have 1 replica(s).',
    ],
    [
      [3, [{ brokerIds: [9] }]],
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
  ] as const)('refuses %j', (asked, message) => {
    expect(refusal(...(asked as unknown as Parameters<typeof add>))).toBe(message)
  })

  it('refuses a topic named twice, once', () => {
    const view = withTopic([[1]])
    const topics = [3, 4].map((count) => ({ name: 't', count, assignments: null }))
    const { records, response } = createPartitions(view, { topics, timeoutMs: 1, validateOnly: false })
    expect(records).toEqual([])
    expect(response.results).toEqual([{ name: 't', errorCode: 42, errorMessage: 'Duplicate topic name.' }])
  })

  it('only validates when that is all it is to do', () => {
    const view = withTopic([[1]])
    const topics = [{ name: 't', count: 2, assignments: null }]
    expect(createPartitions(view, { topics, timeoutMs: 1, validateOnly: true }).records).toEqual([])
  })
})

describe('a broker that is fenced', () => {
  it('hands its leaderships to the next in sync', () => {
    const view = withTopic([
      [1, 2],
      [2, 1],
      [2, 3],
    ])
    const records = brokerFenced(view, 1)
    carryOut(view, records)
    expect(partition(view, 0)).toMatchObject({ leader: 2, isr: [2], leaderEpoch: 1, elr: [] })
    expect(partition(view, 1)).toMatchObject({ leader: 2, isr: [2], leaderEpoch: 0 })
    expect(partition(view, 2)).toMatchObject({ partitionEpoch: 0 })
    expect(view.image.brokers.get(1)!.fenced).toBe(true)
    expect(brief(records).at(-1)).toBe('brokerRegistrationChange {"brokerId":1,"brokerEpoch":11,"fenced":1}')
  })

  it('stays eligible where the ISR falls below the minimum', () => {
    const view = withTopic([[1, 2]], {
      records: [...topicRecords('t', ID, [[1, 2]]), config(2, 't', 'min.insync.replicas', '2')],
    })
    carryOut(view, brokerFenced(view, 1))
    expect(partition(view)).toMatchObject({ leader: 2, isr: [2], elr: [1] })
    carryOut(view, brokerFenced(view, 2))
    expect(partition(view)).toMatchObject({ leader: -1, isr: [], lastKnownElr: [2] })
    expect([...partition(view).elr].sort()).toEqual([1, 2])
    carryOut(view, brokerUnfenced(view, 1, 11n))
    expect(partition(view)).toMatchObject({ leader: 1, isr: [1], elr: [2], lastKnownElr: [], leaderRecoveryState: 0 })
  })

  it('keeps the last ISR without ELR', () => {
    const view = withTopic([[1]], { elr: false })
    carryOut(view, brokerFenced(view, 1))
    expect(partition(view)).toMatchObject({ leader: -1, isr: [1], elr: [], lastKnownElr: [] })
    carryOut(view, brokerUnfenced(view, 1, 11n))
    expect(partition(view)).toMatchObject({ leader: 1, isr: [1], leaderEpoch: 2 })
  })

  it('gives way to a replica out of sync only where that is allowed', () => {
    const records = [
      ...topicRecords('t', ID, [[1, 2]]),
      { record: 'partitionChangeRecord' as const, body: { topicId: ID, partitionId: 0, isr: [1] } },
    ]
    const strict = viewOf({ brokers: three, elr: false, records })
    carryOut(strict, brokerFenced(strict, 1))
    expect(partition(strict)).toMatchObject({ leader: -1, isr: [1] })
    const lax = viewOf({
      brokers: three,
      elr: false,
      records: [...records, config(2, 't', 'unclean.leader.election.enable', 'true')],
    })
    carryOut(lax, brokerFenced(lax, 1))
    expect(partition(lax)).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 1 })
  })
})

describe('a broker that stops and comes back', () => {
  it('in order: nothing is lost, nobody is suspected', () => {
    const view = withTopic([[1]])
    const shutdown = brokerShuttingDown(view, 1, 11n)
    expect(brief(shutdown)[0]).toBe('brokerRegistrationChange {"brokerId":1,"brokerEpoch":11,"inControlledShutdown":1}')
    carryOut(view, shutdown)
    expect(partition(view)).toMatchObject({ leader: -1, isr: [], elr: [1], lastKnownElr: [1] })
    expect(view.partitions.hasLeaderships(1)).toBe(false)
    carryOut(view, brokerFenced(view, 1))
    expect(incarnationReplaced(view, 1, true)).toEqual([])
    carryOut(view, brokerUnfenced(view, 1, 11n))
    // Still in controlled shutdown until it registers anew, but named as the one who comes: it leads.
    expect(partition(view)).toMatchObject({ leader: 1, isr: [1], elr: [], leaderRecoveryState: 0 })
  })

  it('killed: it was the last to lead, so it leads again, marked as recovering', () => {
    const view = withTopic([[1]])
    carryOut(view, incarnationReplaced(view, 1, false))
    expect(partition(view)).toMatchObject({ leader: -1, isr: [], elr: [], lastKnownElr: [1] })
    carryOut(view, brokerUnfenced(view, 1, 11n))
    expect(partition(view)).toMatchObject({
      leader: 1,
      isr: [1],
      lastKnownElr: [],
      leaderRecoveryState: 1,
      leaderEpoch: 2,
    })
  })

  it('killed, with another in sync: that one leads and the lost one is no longer eligible', () => {
    const view = withTopic([[1, 2]])
    carryOut(view, incarnationReplaced(view, 1, false))
    expect(partition(view)).toMatchObject({ leader: 2, isr: [2], elr: [] })
  })
})

describe('other ends', () => {
  it('an unregistered broker is gone from every ISR', () => {
    const view = withTopic([[1, 2]])
    carryOut(view, brokerUnregistered(view, 1, 11n))
    expect(view.image.brokers.has(1)).toBe(false)
    expect(partition(view)).toMatchObject({ leader: 2, isr: [2] })
  })

  it('a failed directory takes its replicas out', () => {
    const view = withTopic([
      [1, 2],
      [2, 3],
    ])
    carryOut(view, directoriesOffline(view, 1, [uuidOf(901)]))
    expect(partition(view, 0)).toMatchObject({ leader: 2, isr: [2] })
    expect(directoriesOffline(view, 3, [uuidOf(901)])).toEqual([])
  })

  it('knows who leads', () => {
    const view = withTopic([[1, 2]])
    expect([view.partitions.hasLeaderships(1), view.partitions.hasLeaderships(2)]).toEqual([true, false])
  })
})

/** One thing that may happen to a cluster of brokers 1 to 4; numbers pick broker, partition and replicas. */
type Happening = readonly [
  what:
    | 'fence'
    | 'unfence'
    | 'shut down'
    | 'restart'
    | 'kill and restart'
    | 'unregister'
    | 'tell ISR'
    | 'elect'
    | 'reassign',
  broker: number,
  partition: number,
  replicas: readonly number[],
]

const happening: fc.Arbitrary<Happening> = fc.tuple(
  fc.constantFrom(
    'fence' as const,
    'unfence' as const,
    'shut down' as const,
    'restart' as const,
    'kill and restart' as const,
    'unregister' as const,
    'tell ISR' as const,
    'tell ISR' as const,
    'elect' as const,
    'reassign' as const,
  ),
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 0, max: 2 }),
  fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
)

let nextEpoch = 100

function reborn(view: TestView, id: number, clean: boolean): MetadataRecordInput[] {
  const incarnation = uuidOf(nextEpoch++)
  const registration = brokerRecord(id, { epoch: nextEpoch, fenced: true, incarnation })
  return view.image.brokers.has(id) ? [...incarnationReplaced(view, id, clean), registration] : [registration]
}

function recordsOf(view: TestView, [what, id, index, replicas]: Happening): readonly MetadataRecordInput[] {
  const broker = view.image.brokers.get(id)
  const epoch = BigInt(broker?.epoch ?? -1)
  const { leader } = partition(view, index)
  switch (what) {
    case 'restart':
    case 'kill and restart':
      return reborn(view, id, what === 'restart')
    case 'tell ISR': {
      if (leader === -1) return []
      const isr = [...new Set([leader, ...replicas])].filter((member) =>
        partition(view, index).replicas.includes(member),
      )
      return alterPartition(view, 3, isrRequest(view, isr, { index })).records
    }
    case 'elect':
      return electLeaders(view, { electionType: id % 2, topicPartitions: null, timeoutMs: 1 }).records
    case 'reassign': {
      const target = replicas.length === 0 ? null : [...replicas]
      const topics = [{ name: 't', partitions: [{ partitionIndex: index, replicas: target }] }]
      return alterPartitionReassignments(view, { timeoutMs: 1, allowReplicationFactorChange: true, topics }).records
    }
    default:
      if (broker === undefined) return []
      if (what === 'fence') return broker.fenced ? [] : brokerFenced(view, id)
      // A broker on its way out never asks for it.
      if (what === 'unfence')
        return broker.fenced && !broker.inControlledShutdown ? brokerUnfenced(view, id, epoch) : []
      if (what === 'shut down') return broker.fenced ? [] : brokerShuttingDown(view, id, epoch)
      return brokerUnregistered(view, id, epoch)
  }
}

describe('whatever happens to brokers', () => {
  it.each([
    ['with ELR', { elr: true }],
    ['without ELR', { elr: false }],
    ['with a minimum of two', { elr: true, config: { 'min.insync.replicas': '2' } }],
    ['with unclean elections', { elr: true, config: { 'unclean.leader.election.enable': 'true' } }],
  ])('every partition stays in order %s', (_, options) => {
    const replicas = [[1, 2, 3], [2, 3], [4]]
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const view = withTopic(replicas, { brokers: { ...three, 4: {} }, ...options })
        for (const each of happenings) {
          const before = view.image
          carryOut(view, recordsOf(view, each))
          checkPartitions(before, view.image)
        }
        expect(view.partitions.describe()).toEqual(new PartitionIndex(view.image).describe())
      }),
      { numRuns: 150 },
    )
  })
})
