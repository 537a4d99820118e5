import { describe, expect, it } from 'vitest'
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
import { config, topicRecords, uuidOf } from '../metadata/support.ts'
import { brief, carryOut, type TestView, viewOf } from './support.ts'

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
