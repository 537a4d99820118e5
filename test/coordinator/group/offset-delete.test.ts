import { describe, expect, it } from 'vitest'
import { ErrorCode, errorName } from '../../../src/protocol/error-codes.ts'
import { commitRequest, context, GROUP, Harness, subscription } from '../harness.ts'

const ID_A = '9GWe_uQKRB2mqIa1ZDxOgg'
const ID_B = 'AAAAAAAAAAAAAAAAAAAABQ'
const MINUTE_MS = 60_000
const RETENTION = { offsetsRetentionMinutes: 10, offsetsRetentionCheckIntervalMs: MINUTE_MS }

async function deleteOffsets(harness: Harness, topic: string, partition: number): Promise<string[]> {
  const topics = [{ name: topic, partitions: [{ partitionIndex: partition }] }]
  const response = await harness.coordinator.deleteOffsets({ groupId: GROUP, topics }, context(0))
  const partitions = (response.topics ?? []).flatMap((each) => each.partitions ?? [])
  return [response.errorCode!, ...partitions.map(({ errorCode }) => errorCode!)].map(errorName)
}

async function deleteGroups(harness: Harness, ...groupsNames: string[]): Promise<Record<string, string>> {
  const { results } = await harness.coordinator.deleteGroups({ groupsNames }, context(2))
  return Object.fromEntries(results!.map(({ groupId, errorCode }) => [groupId, errorName(errorCode!)]))
}

describe('OffsetDelete', () => {
  it('deletes what is there and says the same of what is not', async () => {
    const harness = await Harness.started()
    await harness.commit({ 't-0': 1, 't-1': 2 })
    expect(await deleteOffsets(harness, 't', 0)).toEqual(['NONE', 'NONE'])
    expect(await deleteOffsets(harness, 't', 9)).toEqual(['NONE', 'NONE'])
    expect(await harness.offsets()).toEqual({ 't-1': 2 })
    await harness.restart()
    expect(await harness.offsets()).toEqual({ 't-1': 2 })
  })

  it('keeps offsets of topics the group reads', async () => {
    const harness = await Harness.started()
    const { ids, generation } = await harness.stable(1, { protocols: { range: subscription('t') } })
    await harness.commit({ 't-0': 1, 'u-0': 2 }, { memberId: ids[0]!, generation })
    expect(await deleteOffsets(harness, 't', 0)).toEqual(['NONE', 'GROUP_SUBSCRIBED_TO_TOPIC'])
    expect(await deleteOffsets(harness, 'u', 0)).toEqual(['NONE', 'NONE'])
    expect(await harness.offsets()).toEqual({ 't-0': 1 })
  })

  it('takes a subscription it cannot read for one to everything', async () => {
    const harness = await Harness.started()
    const { ids, generation } = await harness.stable(1, { protocols: { range: Buffer.from([0]) } })
    await harness.commit({ 'u-0': 2 }, { memberId: ids[0]!, generation })
    expect(await deleteOffsets(harness, 'u', 0)).toEqual(['NONE', 'GROUP_SUBSCRIBED_TO_TOPIC'])
  })

  it('refuses groups that are not there, not of consumers and busy, or without a name', async () => {
    const harness = await Harness.started()
    expect(await deleteOffsets(harness, 't', 0)).toEqual(['GROUP_ID_NOT_FOUND'])
    await harness.joinWithId({ protocolType: 'connect' })
    expect(await deleteOffsets(harness, 't', 0)).toEqual(['NON_EMPTY_GROUP'])
    const response = await harness.coordinator.deleteOffsets({ groupId: '', topics: [] }, context(0))
    expect(response.errorCode).toBe(ErrorCode.INVALID_GROUP_ID)
  })
})

describe('DeleteGroups', () => {
  it('deletes empty groups with their offsets, for good', async () => {
    const harness = await Harness.started()
    await harness.commit({ 't-0': 1, 't-1': 2 })
    await harness.commit({ 't-0': 1 }, { groupId: 'other' })
    expect(await deleteGroups(harness, GROUP, 'nobody')).toEqual({ [GROUP]: 'NONE', nobody: 'GROUP_ID_NOT_FOUND' })
    expect(await harness.state()).toBe('Dead')
    expect(await harness.offsets()).toEqual({})
    expect(await harness.offsets('other')).toEqual({ 't-0': 1 })
    await harness.restart()
    expect(await harness.state()).toBe('Dead')
    expect(await harness.offsets()).toEqual({})
  })

  it('refuses groups with members', async () => {
    const harness = await Harness.started()
    await harness.stable(1)
    expect(await deleteGroups(harness, GROUP)).toEqual({ [GROUP]: 'NON_EMPTY_GROUP' })
    expect(await harness.state()).toBe('Stable')
  })

  it('says who is not led here', async () => {
    const harness = await Harness.started()
    harness.coordinator.onPartitionResigned(harness.partition(), null)
    expect(await deleteGroups(harness, GROUP)).toEqual({ [GROUP]: 'NOT_COORDINATOR' })
  })
})

describe('deleted topics', () => {
  it('take their offsets along, in every group', async () => {
    const harness = await Harness.started()
    const groups = ['a', 'b', 'c', GROUP]
    for (const groupId of groups) await harness.commit({ 't-0': 1, 't-1': 1, 'u-0': 2 }, { groupId })
    await harness.coordinator.onTopicsDeleted([{ name: 't', topicId: ID_A }])
    for (const groupId of groups) expect(await harness.offsets(groupId)).toEqual({ 'u-0': 2 })
    await harness.restart()
    for (const groupId of groups) expect(await harness.offsets(groupId)).toEqual({ 'u-0': 2 })
  })

  it('leave the offsets of a new topic of the same name', async () => {
    const harness = await Harness.started()
    const request = commitRequest({ 't-0': 5 })
    const topics = request.topics.map((topic) => ({ ...topic, topicId: ID_B }))
    await harness.coordinator.commitOffsets({ ...request, topics }, context(10))
    await harness.coordinator.onTopicsDeleted([{ name: 't', topicId: ID_A }])
    expect(await harness.offsets()).toEqual({ 't-0': 5 })
    await harness.coordinator.onTopicsDeleted([{ name: 't', topicId: ID_B }])
    expect(await harness.offsets()).toEqual({})
  })

  it('does not mind a partition that cannot be written', async () => {
    const harness = await Harness.started()
    await harness.commit({ 't-0': 1 })
    harness.log.nextAppendError = new Error('disk full')
    await harness.coordinator.onTopicsDeleted([{ name: 't', topicId: ID_A }])
    expect(await harness.offsets()).toEqual({ 't-0': 1 })
  })
})

describe('retention', () => {
  it('counts from the commit for consumers that manage themselves, and then forgets the group', async () => {
    const harness = await Harness.started(RETENTION)
    await harness.commit({ 't-0': 1 })
    await harness.clock.advance(5 * MINUTE_MS)
    await harness.commit({ 't-1': 2 })
    await harness.clock.advance(5 * MINUTE_MS)
    expect(await harness.offsets()).toEqual({ 't-1': 2 })
    expect(await harness.state()).toBe('Empty')
    await harness.clock.advance(5 * MINUTE_MS)
    expect(await harness.offsets()).toEqual({})
    expect(await harness.state()).toBe('Dead')
    await harness.restart()
    expect(await harness.state()).toBe('Dead')
  })

  it('counts from the day a group became empty', async () => {
    const harness = await Harness.started(RETENTION)
    const { ids, generation } = await harness.stable(1, { sessionTimeoutMs: 30 * MINUTE_MS })
    await harness.commit({ 't-0': 1 }, { memberId: ids[0]!, generation })
    await harness.clock.advance(20 * MINUTE_MS)
    expect(await harness.offsets()).toEqual({ 't-0': 1 })
    await harness.leave({ memberId: ids[0]! })
    await harness.restart()
    await harness.clock.advance(9 * MINUTE_MS)
    expect(await harness.offsets()).toEqual({ 't-0': 1 })
    await harness.clock.advance(2 * MINUTE_MS)
    expect(await harness.offsets()).toEqual({})
    expect(await harness.state()).toBe('Dead')
  })

  it('spares what a stable group reads, and drops what it does not', async () => {
    const harness = await Harness.started(RETENTION)
    const options = { protocols: { range: subscription('t') }, sessionTimeoutMs: 30 * MINUTE_MS }
    const { ids, generation } = await harness.stable(1, options)
    await harness.commit({ 't-0': 1, 'u-0': 2 }, { memberId: ids[0]!, generation })
    await harness.clock.advance(11 * MINUTE_MS)
    expect(await harness.offsets()).toEqual({ 't-0': 1 })
    expect(await harness.state()).toBe('Stable')
  })

  it('leaves a group alone that has members and no offsets', async () => {
    const harness = await Harness.started(RETENTION)
    await harness.stable(1, { sessionTimeoutMs: 30 * MINUTE_MS })
    await harness.clock.advance(5 * MINUTE_MS)
    expect(await harness.state()).toBe('Stable')
  })

  it('waits while a group rebalances', async () => {
    const harness = await Harness.started(RETENTION)
    const options = { sessionTimeoutMs: 30 * MINUTE_MS, rebalanceTimeoutMs: 30 * MINUTE_MS }
    const { ids, generation } = await harness.stable(1, options)
    await harness.commit({ 'u-0': 2 }, { memberId: ids[0]!, generation })
    await harness.joinWithId(options)
    await harness.clock.advance(11 * MINUTE_MS)
    expect(await harness.state()).toBe('PreparingRebalance')
    expect(await harness.offsets()).toEqual({ 'u-0': 2 })
  })

  it('respects an end the client asked for (versions 2-4)', async () => {
    const harness = await Harness.started(RETENTION)
    const request = { ...commitRequest({ 't-0': 1 }), retentionTimeMs: BigInt(2 * MINUTE_MS) }
    await harness.coordinator.commitOffsets(request, context(2))
    await harness.restart()
    await harness.clock.advance(MINUTE_MS)
    expect(await harness.offsets()).toEqual({ 't-0': 1 })
    await harness.clock.advance(MINUTE_MS)
    expect(await harness.offsets()).toEqual({})
  })

  it('goes on after a failed write', async () => {
    const harness = await Harness.started(RETENTION)
    await harness.commit({ 't-0': 1 })
    await harness.clock.advance(9 * MINUTE_MS + 30_000)
    harness.log.nextAppendError = new Error('disk full')
    await harness.clock.advance(MINUTE_MS)
    expect(await harness.offsets()).toEqual({ 't-0': 1 })
    await harness.clock.advance(MINUTE_MS)
    expect(await harness.offsets()).toEqual({})
  })
})
