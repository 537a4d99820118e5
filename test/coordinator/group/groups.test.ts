import { describe, expect, it } from 'vitest'
import { ClassicGroup } from '../../../src/coordinator/group/classic/group.ts'
import type { Group } from '../../../src/coordinator/group/group.ts'
import { Groups } from '../../../src/coordinator/group/groups.ts'

/** A group of a kind that is not built yet, to see that the kinds are kept apart. */
const consumerGroup = {
  type: 'consumer',
  groupId: 'modern',
  stateName: 'Stable',
  listedProtocolType: 'consumer',
} as unknown as Group

function some(): Groups {
  const groups = new Groups()
  const rebalancing = new ClassicGroup('rebalancing', 0)
  rebalancing.transitionTo('PreparingRebalance', 0)
  groups.put(new ClassicGroup('idle', 0))
  groups.put(rebalancing)
  groups.put(consumerGroup)
  return groups
}

const ids = (groups: Groups, states: string[], types: string[]): string[] =>
  groups.list(states, types).map(({ groupId }) => groupId!)

describe('Groups', () => {
  it('lists all without filters', () => {
    expect(some().list([], [])).toEqual([
      { groupId: 'idle', protocolType: '', groupState: 'Empty', groupType: 'classic' },
      { groupId: 'rebalancing', protocolType: '', groupState: 'PreparingRebalance', groupType: 'classic' },
      { groupId: 'modern', protocolType: 'consumer', groupState: 'Stable', groupType: 'consumer' },
    ])
  })

  it('filters by state and type, without case', () => {
    const groups = some()
    expect(ids(groups, ['empty'], [])).toEqual(['idle'])
    expect(ids(groups, [' PREPARINGREBALANCE ', 'Empty'], [])).toEqual(['idle', 'rebalancing'])
    expect(ids(groups, [], ['Classic'])).toEqual(['idle', 'rebalancing'])
    expect(ids(groups, [], ['consumer', 'classic'])).toHaveLength(3)
    expect(ids(groups, ['Stable'], ['classic'])).toEqual([])
    expect(ids(groups, ['no such state'], [])).toEqual([])
    expect(ids(groups, [], ['no such type'])).toEqual([])
  })

  it('says what is missing and what is of another kind', () => {
    const groups = some()
    const notFound = (message: string) => expect.objectContaining({ errorName: 'GROUP_ID_NOT_FOUND', message })
    expect(() => groups.require('nobody')).toThrow(notFound('Group nobody not found.'))
    expect(() => groups.requireClassic('nobody')).toThrow(notFound('Group nobody not found.'))
    expect(() => groups.requireClassic('modern')).toThrow(notFound('Group modern is not a classic group.'))
    expect(groups.classic('modern')).toBeNull()
    expect(groups.requireClassic('idle').groupId).toBe('idle')
    groups.remove('idle')
    expect(groups.get('idle')).toBeUndefined()
    expect(groups.all()).toHaveLength(2)
  })
})
