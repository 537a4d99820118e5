/** Situations of Kafka's own tests of AlterPartitionReassignments, and what became of a live Apache cluster in them. */
import { describe, expect, it } from 'vitest'
import { electLeaders } from '../../src/controller/elections.ts'
import { alterPartitionReassignments, listPartitionReassignments } from '../../src/controller/reassignment-control.ts'
import { brokerFenced } from '../../src/controller/replication-control.ts'
import { errorName } from '../../src/protocol/error-codes.ts'
import { config, uuidOf } from '../metadata/support.ts'
import { alterIsr, carryOut, changed, partitionIn, type TestView, viewWithTopic } from './support.ts'

/** Carries the reassignments of topic `t` out; answers `error: text` for each. */
function reassign(
  view: TestView,
  targets: (readonly number[] | null)[],
  allowReplicationFactorChange = true,
): string[] {
  const partitions = targets.map((replicas, partitionIndex) => ({
    partitionIndex,
    replicas: replicas as number[] | null,
  }))
  const topics = [{ name: 't', partitions }]
  const { records, response } = alterPartitionReassignments(view, {
    timeoutMs: 1,
    allowReplicationFactorChange,
    topics,
  })
  carryOut(view, records)
  expect(response).toMatchObject({ errorCode: 0, errorMessage: null, allowReplicationFactorChange })
  return response.responses![0]!.partitions!.map((p) => `${errorName(p.errorCode!)}: ${p.errorMessage}`)
}

const OK = 'NONE: null'
const NOT_IN_PROGRESS = 'NO_REASSIGNMENT_IN_PROGRESS: null'

function list(view: TestView, topics: { name: string; partitionIndexes: number[] }[] | null = null): unknown {
  const { records, response } = listPartitionReassignments(view, { timeoutMs: 1, topics })
  expect(records).toEqual([])
  return response.topics
}

describe('a reassignment', () => {
  it('of the order alone is done at once', () => {
    const view = viewWithTopic([[1, 2, 3]])
    expect(reassign(view, [[3, 2, 1]])).toEqual([OK])
    expect(partitionIn(view)).toMatchObject({
      replicas: [3, 2, 1],
      leader: 1,
      leaderEpoch: 0,
      directories: [uuidOf(903), uuidOf(902), uuidOf(901)],
    })
    expect(list(view)).toEqual([])
  })

  it('to where it is already changes nothing', () => {
    const view = viewWithTopic([[1, 2, 3]])
    expect(reassign(view, [[1, 2, 3]])).toEqual([OK])
    expect(partitionIn(view).partitionEpoch).toBe(0)
  })

  it('adds first and removes when the new ones are in sync', () => {
    const view = viewWithTopic([[1, 2]])
    expect(reassign(view, [[3, 4]])).toEqual([OK])
    expect(partitionIn(view)).toMatchObject({
      replicas: [3, 4, 1, 2],
      addingReplicas: [3, 4],
      removingReplicas: [1, 2],
      isr: [1, 2],
      leader: 1,
      leaderEpoch: 0,
      directories: [3, 4, 1, 2].map((id) => uuidOf(900 + id)),
    })
    const moving = { partitionIndex: 0, replicas: [3, 4, 1, 2], addingReplicas: [3, 4], removingReplicas: [1, 2] }
    const listed = [{ name: 't', partitions: [moving] }]
    expect(list(view)).toEqual(listed)
    expect(list(view, [{ name: 't', partitionIndexes: [0, 7] }])).toEqual(listed)
    expect(list(view, [{ name: 't', partitionIndexes: [7] }])).toEqual([])
    expect(list(view, [{ name: 'x', partitionIndexes: [0] }])).toEqual([])
    alterIsr(view, [1, 2, 3, 4])
    expect(partitionIn(view)).toMatchObject({ replicas: [3, 4], isr: [3, 4], leader: 3, leaderEpoch: 1 })
    expect(list(view)).toEqual([])
  })

  it('that only removes is done when all that stay are in sync', () => {
    const view = viewWithTopic([[1, 2, 3]])
    carryOut(view, brokerFenced(view, 3))
    expect(reassign(view, [[1, 2]])).toEqual([OK])
    expect(partitionIn(view)).toMatchObject({ replicas: [1, 2], isr: [1, 2], leader: 1, leaderEpoch: 1 })
    expect(reassign(view, [[3]])).toEqual([OK])
    expect(partitionIn(view)).toMatchObject({ replicas: [3, 1, 2], addingReplicas: [3], removingReplicas: [1, 2] })
  })

  it('replaces another that is still going on', () => {
    const view = viewWithTopic([[1, 2]])
    reassign(view, [[3, 4]])
    alterIsr(view, [1, 2, 3])
    carryOut(view, electLeaders(view, { electionType: 0, topicPartitions: null, timeoutMs: 1 }).records)
    expect(partitionIn(view).leader).toBe(3)
    reassign(view, [[5]])
    expect(partitionIn(view)).toMatchObject({
      replicas: [5, 1, 2, 3, 4],
      addingReplicas: [5],
      removingReplicas: [1, 2, 3, 4],
      leader: 3,
    })
    expect(alterIsr(view, [1, 2, 3, 5]).error).toBe('NEW_LEADER_ELECTED')
    expect(partitionIn(view)).toMatchObject({ replicas: [5], isr: [5], leader: 5, removingReplicas: [] })
  })

  it('back to where it came from is left hanging, as Apache Kafka leaves it, until it is cancelled', () => {
    const view = viewWithTopic([[1, 2]])
    reassign(view, [[3]])
    reassign(view, [[1, 2]])
    expect(partitionIn(view)).toMatchObject({ replicas: [1, 2, 3], addingReplicas: [3], removingReplicas: [3] })
    expect(reassign(view, [null])).toEqual([OK])
    expect(partitionIn(view)).toMatchObject({ replicas: [1, 2], isr: [1, 2], addingReplicas: [], removingReplicas: [] })
  })

  it.each([
    [
      [7],
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes broker 7, but no such broker is registered.',
    ],
    [[], 'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes an empty replica list.'],
    [[1, 1], 'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes the broker 1 more than once.'],
  ])('to %j is refused', (target, error) => {
    const view = viewWithTopic([[1, 2]])
    expect(reassign(view, [target])).toEqual([error])
  })

  it('of what does not exist is refused', () => {
    const view = viewWithTopic([[1, 2]])
    expect(reassign(view, [[2, 1], [1]])).toEqual([OK, 'UNKNOWN_TOPIC_OR_PARTITION: Unable to find partition t:1.'])
    const topics = [{ name: 'x', partitions: [{ partitionIndex: 0, replicas: null }] }]
    const request = { timeoutMs: 1, allowReplicationFactorChange: true, topics }
    expect(alterPartitionReassignments(view, request).response.responses![0]!.partitions![0]).toMatchObject({
      errorCode: 3,
      errorMessage: 'Unable to find a topic named x.',
    })
  })
})

describe('the replication factor', () => {
  const changedFrom = (from: number, to: number): string =>
    `INVALID_REPLICATION_FACTOR: The replication factor is changed from ${from} to ${to}`

  it('may be held fast (KIP-860)', () => {
    const view = viewWithTopic([[1, 2]])
    expect(reassign(view, [[1, 2, 3]], false)).toEqual([changedFrom(2, 3)])
    expect(reassign(view, [[1]], false)).toEqual([changedFrom(2, 1)])
    expect(reassign(view, [[3, 4]], false)).toEqual([OK])
    expect(reassign(view, [[3]], false)).toEqual([changedFrom(2, 1)])
    expect(reassign(view, [[5, 4]], false)).toEqual([OK])
  })

  it('of a reassignment that is going on is the one it leads to', () => {
    const view = viewWithTopic([[1, 2]])
    reassign(view, [[3, 4, 5]])
    expect(reassign(view, [[1, 2]], false)).toEqual([changedFrom(3, 2)])
    expect(reassign(view, [null], false)).toEqual([OK])
  })
})

describe('a cancellation', () => {
  it('brings the old replicas back, in the order of their ids', () => {
    const view = viewWithTopic([[1, 2]])
    reassign(view, [[3, 1]])
    alterIsr(view, [1, 3])
    expect(list(view)).toEqual([])
    reassign(view, [[4, 5]])
    alterIsr(view, [1, 3, 4])
    expect(reassign(view, [null])).toEqual([OK])
    expect(partitionIn(view)).toMatchObject({ replicas: [1, 3], addingReplicas: [], removingReplicas: [] })
    expect([...partitionIn(view).isr].sort()).toEqual([1, 3])
    expect(reassign(view, [null])).toEqual([NOT_IN_PROGRESS])
  })

  it('moves the leadership away from whom it takes out', () => {
    const records = [
      changed({ replicas: [3, 4, 1, 2], addingReplicas: [3, 4], removingReplicas: [1, 2], isr: [1, 3], leader: 3 }),
    ]
    const view = viewWithTopic([[1, 2]], { records })
    expect(reassign(view, [null])).toEqual([OK])
    expect(partitionIn(view)).toMatchObject({ replicas: [1, 2], isr: [1], leader: 1, leaderEpoch: 2 })
  })

  it('that only an unclean election could make is refused unless those are allowed', () => {
    const onlyNewInSync = [
      changed({ replicas: [3, 1, 2], addingReplicas: [3], removingReplicas: [1], isr: [3], leader: 3 }),
    ]
    const refusal =
      'INVALID_REPLICA_ASSIGNMENT: Unable to revert partition assignment for t:0 because it would require an unclean leader election.'
    expect(reassign(viewWithTopic([[1, 2]], { records: onlyNewInSync }), [null])).toEqual([refusal])
    const records = [...onlyNewInSync, config(2, 't', 'unclean.leader.election.enable', 'true')]
    const view = viewWithTopic([[1, 2]], { records })
    expect(reassign(view, [null])).toEqual([OK])
    expect(partitionIn(view)).toMatchObject({ replicas: [1, 2], isr: [1], leader: 1 })
  })
})
