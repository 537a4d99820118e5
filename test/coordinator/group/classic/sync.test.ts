import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../../../src/protocol/error-codes.ts'
import { Harness, named } from '../../harness.ts'

/** Two members that have joined; nobody has synced. */
async function joined(): Promise<{ harness: Harness; leader: string; follower: string }> {
  const harness = await Harness.started({ groupInitialRebalanceDelayMs: 1000 })
  const joins = [await harness.joinWithId(), await harness.joinWithId()]
  await harness.clock.advance(5000)
  const [leader, follower] = joins.map(({ response }) => response!.memberId!) as [string, string]
  return { harness, leader, follower }
}

describe('SyncGroup', () => {
  it('hands out an assignment when it is committed, not before', async () => {
    const { harness, leader, follower } = await joined()
    const followed = harness.sync(follower, 1)
    harness.log.holdCommits = true
    const led = harness.sync(leader, 1, { [leader]: 'a', [follower]: 'b' })
    await harness.clock.advance(0)
    expect([led.response, followed.response]).toEqual([undefined, undefined])
    harness.log.holdCommits = false
    harness.log.commit(harness.partition())
    expect((await led.promise).assignment!.toString()).toBe('a')
    expect((await followed.promise).assignment!.toString()).toBe('b')
    expect(await harness.state()).toBe('Stable')
  })

  it('starts over when the assignment cannot be written', async () => {
    const { harness, leader, follower } = await joined()
    const followed = harness.sync(follower, 1)
    harness.log.nextAppendError = new KafkaError('NOT_ENOUGH_REPLICAS')
    const led = harness.sync(leader, 1, { [leader]: 'a' })
    expect(named(await led.promise)).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(named(await followed.promise)).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(await harness.state()).toBe('PreparingRebalance')
    expect(await harness.heartbeat(follower, 1)).toBe('REBALANCE_IN_PROGRESS')
  })

  it('starts over when the assignment is not committed in time', async () => {
    const { harness, leader } = await joined()
    harness.log.holdCommits = true
    const led = harness.sync(leader, 1, { [leader]: 'a' })
    await harness.clock.advance(5000)
    expect(named(led.response)).toBe('COORDINATOR_NOT_AVAILABLE')
    harness.log.commit(harness.partition())
    harness.log.holdCommits = false
    expect(await harness.state()).toBe('PreparingRebalance')
  })

  it('loses an assignment that was rejected after it was written, and forgets the members', async () => {
    const { harness, leader, follower } = await joined()
    const followed = harness.sync(follower, 1)
    harness.log.holdCommits = true
    const led = harness.sync(leader, 1, { [leader]: 'a' })
    harness.log.rejectCommits(harness.partition(), new KafkaError('KAFKA_STORAGE_ERROR'))
    harness.log.holdCommits = false
    expect(named(await led.promise)).toBe('NOT_COORDINATOR')
    expect(named(await followed.promise)).toBe('NOT_COORDINATOR')
    await harness.clock.advance(0)
    expect(await harness.state()).toBe('Empty')
    expect(await harness.heartbeat(leader, 1)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('is too late when a rebalance began while the assignment was on its way', async () => {
    const { harness, leader, follower } = await joined()
    harness.log.holdCommits = true
    const led = harness.sync(leader, 1, { [leader]: 'a', [follower]: 'b' })
    const newcomer = await harness.join().promise
    void harness.join({ memberId: newcomer.memberId })
    expect(named(await led.promise)).toBe('REBALANCE_IN_PROGRESS')
    harness.log.holdCommits = false
    harness.log.commit(harness.partition())
    expect(await harness.state()).toBe('PreparingRebalance')
  })

  it('lets a retry take the place of the request that waits', async () => {
    const { harness, leader, follower } = await joined()
    const first = harness.sync(follower, 1)
    const second = harness.sync(follower, 1)
    expect(named(await first.promise)).toBe('REBALANCE_IN_PROGRESS')
    await harness.sync(leader, 1, { [follower]: 'b' }).promise
    expect((await second.promise).assignment!.toString()).toBe('b')
  })

  it('answers one that leaves while it waits', async () => {
    const { harness, follower } = await joined()
    const waiting = harness.sync(follower, 1)
    expect(await harness.leave({ memberId: follower })).toEqual(['NONE'])
    expect(named(await waiting.promise)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('keeps the assignment when the request is gone', async () => {
    const { harness, leader } = await joined()
    const assignment = Buffer.from('mine')
    const led = harness.sync(leader, 1, {}, { assignments: [{ memberId: leader, assignment }] })
    assignment.fill(0)
    await led.promise
    expect((await harness.sync(leader, 1).promise).assignment!.toString()).toBe('mine')
  })

  it('wants to hear protocol type and name from version 5 on', async () => {
    const { harness, leader } = await joined()
    const silent = { protocolType: null, protocolName: null }
    expect(named(await harness.sync(leader, 1, {}, silent).promise)).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(named(await harness.sync(leader, 1, {}, { groupId: '' }).promise)).toBe('INVALID_GROUP_ID')
  })
})
