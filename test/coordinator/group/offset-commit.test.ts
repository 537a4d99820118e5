import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { commitRequest, context, fetchRequest, GROUP, Harness } from '../harness.ts'

const TOPIC_ID = '9GWe_uQKRB2mqIa1ZDxOgg'

describe('OffsetCommit', () => {
  it('creates a group without a protocol for a consumer that manages itself', async () => {
    const harness = await Harness.started()
    expect(await harness.commit({ 't-0': 5, 't-1': 6 })).toEqual(['NONE', 'NONE'])
    expect(await harness.offsets()).toEqual({ 't-0': 5, 't-1': 6 })
    expect(await harness.state()).toBe('Empty')
    const { groups } = await harness.coordinator.listGroups({ statesFilter: [], typesFilter: [] }, context(5))
    expect(groups).toEqual([{ groupId: GROUP, protocolType: '', groupState: 'Empty', groupType: 'classic' }])
  })

  it('serves the empty group id', async () => {
    const harness = await Harness.started()
    expect(await harness.commit({ 't-0': 5 }, { groupId: '' })).toEqual(['NONE'])
    expect(await harness.offsets('')).toEqual({ 't-0': 5 })
  })

  it('stores topic id, leader epoch and metadata', async () => {
    const harness = await Harness.started()
    const partition = { partitionIndex: 0, committedOffset: 2n ** 62n, committedLeaderEpoch: 4, committedMetadata: 'm' }
    const topics = [{ name: 't', topicId: TOPIC_ID, partitions: [partition] }]
    const response = await harness.coordinator.commitOffsets({ ...commitRequest({}), topics }, context(10))
    expect(response.topics![0]).toMatchObject({ topicId: TOPIC_ID, partitions: [{ errorCode: ErrorCode.NONE }] })
    const fetched = await harness.coordinator.fetchOffsets(fetchRequest(GROUP, null), context(10))
    expect(fetched.groups![0]!.topics).toEqual([
      {
        name: 't',
        topicId: TOPIC_ID,
        partitions: [
          { partitionIndex: 0, committedOffset: 2n ** 62n, committedLeaderEpoch: 4, metadata: 'm', errorCode: 0 },
        ],
      },
    ])
  })

  it('refuses long metadata partition by partition', async () => {
    const harness = await Harness.started({ offsetMetadataMaxBytes: 3 })
    const request = commitRequest({ 't-0': 1, 't-1': 2 })
    const topics = request.topics.map((topic, index) => ({
      ...topic,
      partitions: topic.partitions.map((partition) => ({
        ...partition,
        committedMetadata: index === 0 ? '1234' : '123',
      })),
    }))
    const response = await harness.coordinator.commitOffsets({ ...request, topics }, context(9))
    expect(response.topics!.map((topic) => topic.partitions![0]!.errorCode)).toEqual([
      ErrorCode.OFFSET_METADATA_TOO_LARGE,
      ErrorCode.NONE,
    ])
    expect(await harness.offsets()).toEqual({ 't-1': 2 })
  })

  it('leaves no group behind when nothing was stored', async () => {
    const harness = await Harness.started({ offsetMetadataMaxBytes: 0 })
    const request = commitRequest({ 't-0': 1 })
    const topics = request.topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition) => ({ ...partition, committedMetadata: 'x' })),
    }))
    await harness.coordinator.commitOffsets({ ...request, topics }, context(9))
    expect(await harness.state()).toBe('Dead')
    expect(harness.log.records(harness.partition())).toEqual([])
  })

  it('counts as a heartbeat', async () => {
    const harness = await Harness.started()
    const { ids, generation } = await harness.stable(1, { sessionTimeoutMs: 10_000 })
    for (let i = 0; i < 5; i++) {
      await harness.clock.advance(8000)
      expect(await harness.commit({ 't-0': i }, { memberId: ids[0]!, generation })).toEqual(['NONE'])
    }
    expect(await harness.state()).toBe('Stable')
    await harness.clock.advance(10_000)
    expect(await harness.state()).toBe('Empty')
  })

  it('accepts commits of the old generation while the group rebalances, but not before it is assigned', async () => {
    const harness = await Harness.started()
    const { ids, generation } = await harness.stable(1)
    const newcomer = await harness.joinWithId()
    expect(await harness.state()).toBe('PreparingRebalance')
    expect(await harness.commit({ 't-0': 1 }, { memberId: ids[0]!, generation })).toEqual(['NONE'])
    const leader = harness.join({ memberId: ids[0]! })
    await leader.promise
    expect(await harness.state()).toBe('CompletingRebalance')
    const current = { memberId: ids[0]!, generation: generation + 1 }
    expect(await harness.commit({ 't-0': 2 }, current)).toEqual(['REBALANCE_IN_PROGRESS'])
    expect(await harness.commit({ 't-0': 2 }, { memberId: ids[0]!, generation })).toEqual(['ILLEGAL_GENERATION'])
    const member = { memberId: newcomer.response!.memberId!, generation }
    expect(await harness.commit({ 't-0': 2 }, member)).toEqual(['ILLEGAL_GENERATION'])
    expect(await harness.offsets()).toEqual({ 't-0': 1 })
  })

  it('answers when committed, and only then shows the offset', async () => {
    const harness = await Harness.started()
    await harness.commit({ 't-0': 1 })
    harness.log.holdCommits = true
    let answered = false
    const commit = harness.commit({ 't-0': 2 }).then(() => {
      answered = true
    })
    let seen: Record<string, number> | undefined
    const fetch = harness.offsets().then((offsets) => {
      seen = offsets
    })
    await harness.clock.advance(0)
    expect([answered, seen]).toEqual([false, undefined])
    harness.log.commit(harness.partition())
    await Promise.all([commit, fetch])
    expect(seen).toEqual({ 't-0': 2 })
  })
})
