import { describe, expect, it } from 'vitest'
import { context, GROUP, Harness, named } from '../../harness.ts'

describe('LeaveGroup', () => {
  it('lets several go with one rebalance', async () => {
    const harness = await Harness.started()
    const { ids } = await harness.stable(3)
    expect(await harness.leave({ memberId: ids[0]! }, { memberId: 'nobody' }, { memberId: ids[1]! })).toEqual([
      'NONE',
      'UNKNOWN_MEMBER_ID',
      'NONE',
    ])
    expect(await harness.state()).toBe('PreparingRebalance')
    const last = harness.join({ memberId: ids[2]! })
    expect(await last.promise).toMatchObject({ generationId: 2, leader: ids[2]! })
  })

  it('starts nothing when nobody left', async () => {
    const harness = await Harness.started()
    await harness.stable(1)
    expect(await harness.leave({ memberId: 'nobody' }, { instance: 'no name' })).toEqual([
      'UNKNOWN_MEMBER_ID',
      'UNKNOWN_MEMBER_ID',
    ])
    expect(await harness.state()).toBe('Stable')
  })

  it('takes back an id that was never used', async () => {
    const harness = await Harness.started()
    const { memberId } = await harness.join().promise
    expect(await harness.leave({ memberId: memberId! })).toEqual(['NONE'])
    expect(named(await harness.join({ memberId: memberId! }).promise)).toBe('UNKNOWN_MEMBER_ID')
  })

  it('completes a rebalance that waited for nobody else', async () => {
    const harness = await Harness.started({ groupInitialRebalanceDelayMs: 0 })
    const { ids } = await harness.stable(1)
    const newcomer = await harness.joinWithId()
    expect(newcomer.response).toBeUndefined()
    expect(await harness.leave({ memberId: ids[0]! })).toEqual(['NONE'])
    expect(named(await newcomer.promise)).toBe('NONE')
  })

  it('speaks of one member in versions 0 to 2', async () => {
    const harness = await Harness.started()
    const { ids } = await harness.stable(1)
    const leave = (memberId: string) =>
      harness.coordinator.leaveGroup({ groupId: GROUP, memberId, members: [] }, context(2))
    expect(await leave('nobody')).toEqual({ throttleTimeMs: 0, errorCode: 25, members: [] })
    expect(await leave(ids[0]!)).toEqual({ throttleTimeMs: 0, errorCode: 0, members: [] })
    expect(await harness.state()).toBe('Empty')
  })

  it('wants a group', async () => {
    const harness = await Harness.started()
    expect(await harness.leave({ memberId: 'x' })).toEqual(['UNKNOWN_MEMBER_ID'])
    const response = await harness.coordinator.leaveGroup({ groupId: '', memberId: '', members: [] }, context(5))
    expect(named(response)).toBe('INVALID_GROUP_ID')
  })
})
