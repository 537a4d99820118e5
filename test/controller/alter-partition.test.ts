/** Situations of Kafka's own tests of AlterPartition: who may ask, what may be asked, what becomes of it. */
import { describe, expect, it } from 'vitest'
import { alterPartition } from '../../src/controller/alter-partition.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import type { MetadataRecordInput } from '../../src/protocol/metadata/index.ts'
import { config, uuidOf } from '../metadata/support.ts'
import { alterIsr, carryOut, changed, isrRequest, partitionIn, viewWithTopic } from './support.ts'

const minIsr = (value: number): MetadataRecordInput => config(2, 't', 'min.insync.replicas', String(value))
const unclean = config(2, 't', 'unclean.leader.election.enable', 'true')
const registrationChange = (brokerId: number, change: object): MetadataRecordInput => ({
  record: 'brokerRegistrationChangeRecord',
  body: { brokerId, brokerEpoch: BigInt(10 + brokerId), ...change },
})

describe('a leader that tells its ISR', () => {
  it.each([2, 3])('shrinks and expands it (version %d)', (version) => {
    const view = viewWithTopic()
    const shrunk = alterIsr(view, [1, 2], { version })
    expect(shrunk).toMatchObject({ error: 'NONE', leaderId: 1, leaderEpoch: 0, partitionEpoch: 1, isr: [1, 2] })
    expect(partitionIn(view)).toMatchObject({ isr: [1, 2], leader: 1, leaderEpoch: 0, partitionEpoch: 1, elr: [] })
    const expanded = alterIsr(view, [1, 2, 3], { version })
    expect(expanded).toMatchObject({ error: 'NONE', partitionEpoch: 2, isr: [1, 2, 3], leaderRecoveryState: 0 })
    expect(partitionIn(view)).toMatchObject({ isr: [1, 2, 3], partitionEpoch: 2 })
  })

  it('gets the same state again when nothing changes', () => {
    const view = viewWithTopic()
    expect(alterIsr(view, [1, 2, 3])).toMatchObject({ error: 'NONE', partitionEpoch: 0, records: [] })
  })

  it('keeps whom it drops eligible below the minimum, and forgets them above', () => {
    const view = viewWithTopic(undefined, { records: [minIsr(2)] })
    alterIsr(view, [1])
    expect(partitionIn(view)).toMatchObject({ isr: [1], elr: [2, 3], lastKnownElr: [] })
    alterIsr(view, [1, 2])
    expect(partitionIn(view)).toMatchObject({ isr: [1, 2], elr: [], lastKnownElr: [] })
  })

  it('is told of several partitions one by one', () => {
    const view = viewWithTopic([
      [1, 2],
      [1, 3],
    ])
    const first = isrRequest(view, [1])
    const second = isrRequest(view, [1, 4], { index: 1 })
    const partitions = [...first.topics[0]!.partitions, ...second.topics[0]!.partitions]
    const { records, response } = alterPartition(view, 3, {
      ...first,
      topics: [{ topicId: first.topics[0]!.topicId, partitions }],
    })
    expect(records).toHaveLength(1)
    const errors = response.topics![0]!.partitions!.map(({ errorCode }) => errorName(errorCode!))
    expect(errors).toEqual(['NONE', 'INVALID_REQUEST'])
  })
})

describe('a leader that is refused', () => {
  it.each([
    ['asked by another than the leader', [1, 2], { broker: 2 }, 'INVALID_REQUEST'],
    ['of an earlier leader epoch', [1, 2], { leaderEpoch: -1 }, 'FENCED_LEADER_EPOCH'],
    ['of a later leader epoch: this controller is not the newest', [1, 2], { leaderEpoch: 500 }, 'NOT_CONTROLLER'],
    ['of a later partition epoch', [1, 2], { partitionEpoch: 500 }, 'NOT_CONTROLLER'],
    ['of an earlier partition epoch', [1, 2], { partitionEpoch: -1 }, 'INVALID_UPDATE_VERSION'],
    ['with a broker that has no replica', [1, 2, 4], {}, 'INVALID_REQUEST'],
    ['with a broker twice', [1, 2, 2], {}, 'INVALID_REQUEST'],
    ['without itself', [2, 3], {}, 'INVALID_REQUEST'],
    ['with nobody', [], {}, 'INVALID_REQUEST'],
    ['recovering with others in sync', [1, 2], { recovery: 1 }, 'INVALID_REQUEST'],
    ['recovering though it had recovered', [1], { recovery: 1 }, 'INVALID_REQUEST'],
    ['in an unknown state of recovery', [1], { recovery: 9 }, 'INVALID_REQUEST'],
    ['with another incarnation of a broker', [1, 2], { epochs: { 2: 7 } }, 'INELIGIBLE_REPLICA'],
    ['of a partition that does not exist', [1, 2], { unknown: 7 }, 'UNKNOWN_TOPIC_OR_PARTITION'],
  ] as const)('%s', (_, isr, { unknown, ...change }: Record<string, unknown> & { unknown?: number }, error) => {
    const view = viewWithTopic()
    const request = isrRequest(view, isr, change)
    if (unknown !== undefined) Object.assign(request.topics[0]!.partitions[0]!, { partitionIndex: unknown })
    const { records, response } = alterPartition(view, 3, request)
    expect(errorName(response.topics![0]!.partitions![0]!.errorCode!)).toBe(error)
    expect(records).toEqual([])
  })

  it('does not check epochs it is not told', () => {
    expect(alterIsr(viewWithTopic(), [1, 2], { epochs: { 2: -1 } }).error).toBe('NONE')
  })

  it.each([uuidOf(99), 'AAAAAAAAAAAAAAAAAAAAAA'])('of a topic id nobody knows: %s', (topicId) => {
    const view = viewWithTopic()
    const request = isrRequest(view, [1])
    const { response } = alterPartition(view, 3, { ...request, topics: [{ ...request.topics[0]!, topicId }] })
    expect(response.topics![0]).toMatchObject({ topicId, partitions: [{ partitionIndex: 0 }] })
    expect(errorName(response.topics![0]!.partitions![0]!.errorCode!)).toBe('UNKNOWN_TOPIC_ID')
  })

  it('with the epoch of an earlier registration', () => {
    const view = viewWithTopic()
    expect(() => alterPartition(view, 3, { ...isrRequest(view, [1]), brokerEpoch: 3n })).toThrow(
      'Expected broker epoch 11, but got broker epoch 3',
    )
    expect(() => alterPartition(view, 3, { ...isrRequest(view, [1]), brokerId: 77 })).toThrow(
      'No broker registration found for broker id 77',
    )
  })

  it.each([
    ['fenced', registrationChange(2, { fenced: 1 })],
    ['shutting down', registrationChange(2, { inControlledShutdown: 1 })],
    ['unregistered', { record: 'unregisterBrokerRecord', body: { brokerId: 2, brokerEpoch: 12n } }],
  ] as const)('with a broker that is %s', (_, record) => {
    const view = viewWithTopic()
    alterIsr(view, [1, 3])
    carryOut(view, [record as MetadataRecordInput])
    for (const version of [2, 3]) expect(alterIsr(view, [1, 2, 3], { version }).error).toBe('INELIGIBLE_REPLICA')
    expect(alterIsr(view, [1]).error).toBe('NONE')
  })
})

describe('a leader elected unclean', () => {
  it('is alone until it says that it has recovered', () => {
    const recovering = changed({ isr: [2], leader: 2, leaderRecoveryState: 1 })
    const view = viewWithTopic(undefined, { records: [recovering] })
    expect(alterIsr(view, [2, 3], { recovery: 1 }).error).toBe('INVALID_REQUEST')
    expect(alterIsr(view, [2], { recovery: 1 })).toMatchObject({ error: 'NONE', records: [] })
    expect(alterIsr(view, [2], { recovery: 0 })).toMatchObject({ error: 'NONE', leaderRecoveryState: 0 })
    expect(partitionIn(view)).toMatchObject({ leader: 2, leaderEpoch: 1, leaderRecoveryState: 0, partitionEpoch: 2 })
    expect(alterIsr(view, [2, 3]).error).toBe('NONE')
  })
})

describe('an ISR that completes a reassignment', () => {
  it('takes the old replicas out and tells the old leader that it is one no more', () => {
    const view = viewWithTopic(undefined, {
      records: [changed({ replicas: [4, 5, 1, 2], isr: [1, 2], addingReplicas: [4, 5], removingReplicas: [1, 2] })],
    })
    expect(alterIsr(view, [1, 2, 4]).error).toBe('NONE')
    expect(alterIsr(view, [1, 2, 4, 5])).toMatchObject({ error: 'NEW_LEADER_ELECTED' })
    expect(partitionIn(view)).toMatchObject({
      replicas: [4, 5],
      isr: [4, 5],
      leader: 4,
      leaderEpoch: 1,
      addingReplicas: [],
      removingReplicas: [],
      directories: [uuidOf(904), uuidOf(905)],
    })
  })

  it('keeps a leader that stays, with a new epoch that fences off who goes', () => {
    const records = [changed({ replicas: [1, 4, 2], addingReplicas: [4], removingReplicas: [2], isr: [1, 2] })]
    const view = viewWithTopic(undefined, { records })
    expect(alterIsr(view, [1, 2, 4])).toMatchObject({ error: 'NONE', leaderId: 1, leaderEpoch: 1, isr: [1, 4] })
    expect(partitionIn(view)).toMatchObject({ replicas: [1, 4], isr: [1, 4], leader: 1, leaderEpoch: 1 })
  })

  it('waits for all that stay when there are fewer of them', () => {
    const records = [changed({ replicas: [2, 3, 1], removingReplicas: [1], isr: [1, 2] })]
    const view = viewWithTopic(undefined, { records })
    expect(alterIsr(view, [1]).error).toBe('NONE')
    expect(partitionIn(view).removingReplicas).toEqual([1])
    alterIsr(view, [1, 2])
    expect(partitionIn(view).removingReplicas).toEqual([1])
    expect(alterIsr(view, [1, 2, 3]).error).toBe('NEW_LEADER_ELECTED')
    expect(partitionIn(view)).toMatchObject({ replicas: [2, 3], isr: [2, 3], leader: 2, removingReplicas: [] })
  })
})

it('an ISR whose leader may not lead gives way only where unclean elections are allowed', () => {
  const offline = changed({ directories: [uuidOf(999), uuidOf(902), uuidOf(903)] })
  const view = viewWithTopic(undefined, { records: [offline, unclean] })
  expect(alterIsr(view, [1]).error).toBe('NEW_LEADER_ELECTED')
  expect(partitionIn(view)).toMatchObject({ leader: 2, isr: [2], leaderRecoveryState: 1 })
})
