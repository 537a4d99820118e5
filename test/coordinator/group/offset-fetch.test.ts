import { describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import { fetchErrorGroup, fetchGroupsOf, fetchResponseOf } from '../../../src/coordinator/group/offset-fetch.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import type { OffsetFetchRequest } from '../../../src/protocol/messages/09-offset-fetch.ts'
import { commitRequest, context, fetchRequest, GROUP, Harness } from '../harness.ts'

const ID_A = '9GWe_uQKRB2mqIa1ZDxOgg'
const ID_B = 'AAAAAAAAAAAAAAAAAAAABQ'

const old = (topics: OffsetFetchRequest['topics']): OffsetFetchRequest => ({
  groupId: GROUP,
  topics,
  groups: [],
  requireStable: false,
})

const asked = {
  groupId: GROUP,
  memberId: null,
  memberEpoch: -1,
  topics: [{ name: 't', topicId: ZERO_UUID, partitionIndexes: [0, 1] }],
}

describe('the two shapes of OffsetFetch', () => {
  it('are one inside', () => {
    const topics = [{ name: 't', partitionIndexes: [0, 1] }]
    expect(fetchGroupsOf(old(topics), 7)).toEqual([asked])
    expect(fetchGroupsOf(old(null), 2)).toEqual([{ ...asked, topics: null }])
    const many = fetchRequest('x', { t: [0] })
    expect(fetchGroupsOf(many, 8)).toBe(many.groups)
  })

  it('come out as they came in', () => {
    const group = { groupId: GROUP, errorCode: 0, topics: [{ name: 't', topicId: ID_A, partitions: [] }] }
    expect(fetchResponseOf([group], 8)).toEqual({ throttleTimeMs: 0, groups: [group] })
    expect(fetchResponseOf([group], 7)).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      topics: [{ name: 't', partitions: [] }],
    })
  })

  it('has errors in the partitions where there is no other place', () => {
    const v1 = fetchErrorGroup(asked, ErrorCode.NOT_COORDINATOR, 1)
    expect(v1.errorCode).toBe(0)
    expect(v1.topics![0]!.partitions!.map(({ errorCode, committedOffset }) => [errorCode, committedOffset])).toEqual([
      [ErrorCode.NOT_COORDINATOR, -1n],
      [ErrorCode.NOT_COORDINATOR, -1n],
    ])
    const v2 = fetchErrorGroup(asked, ErrorCode.NOT_COORDINATOR, 2)
    expect(v2).toEqual({ groupId: GROUP, errorCode: ErrorCode.NOT_COORDINATOR, topics: [] })
  })
})

describe('OffsetFetch', () => {
  it('answers several groups, each for itself', async () => {
    const harness = await Harness.started()
    await harness.commit({ 't-0': 1 }, { groupId: 'a' })
    const elsewhere = harness.partition('b')
    expect(elsewhere).not.toBe(harness.partition('a'))
    harness.coordinator.onPartitionResigned(elsewhere, null)
    const request = {
      ...fetchRequest('a', null),
      groups: ['a', 'b', 'c'].map((groupId) => fetchRequest(groupId, { t: [0] }).groups[0]!),
    }
    const response = await harness.coordinator.fetchOffsets(request, context(9))
    expect(response.groups!.map(({ groupId, errorCode }) => [groupId, errorCode])).toEqual([
      ['a', 0],
      ['b', ErrorCode.NOT_COORDINATOR],
      ['c', 0],
    ])
    expect(response.groups![2]!.topics![0]!.partitions![0]!.committedOffset).toBe(-1n)
  })

  it('does not give the offset of a deleted topic to a new one of its name', async () => {
    const harness = await Harness.started()
    const request = commitRequest({ 't-0': 5 })
    const topics = request.topics.map((topic) => ({ ...topic, topicId: ID_A }))
    await harness.coordinator.commitOffsets({ ...request, topics }, context(10))
    const fetch = async (topicId: string): Promise<bigint> => {
      const groups = [{ ...asked, topics: [{ name: 't', topicId, partitionIndexes: [0] }] }]
      const response = await harness.coordinator.fetchOffsets({ ...fetchRequest(GROUP, null), groups }, context(10))
      return response.groups![0]!.topics![0]!.partitions![0]!.committedOffset!
    }
    expect(await fetch(ID_A)).toBe(5n)
    expect(await fetch(ID_B)).toBe(-1n)
    expect(await fetch(ZERO_UUID)).toBe(5n)
  })

  it('says NOT_COORDINATOR where older consumers would not retry', async () => {
    const harness = await Harness.started()
    harness.log.holdCommits = true
    const commit = harness.commit({ 't-0': 1 })
    const fetch = harness.coordinator.fetchOffsets(fetchRequest(GROUP, null), context(9))
    await harness.clock.advance(5000)
    expect(await commit).toEqual(['COORDINATOR_NOT_AVAILABLE'])
    expect((await fetch).groups![0]!.errorCode).toBe(ErrorCode.NOT_COORDINATOR)
  })
})
