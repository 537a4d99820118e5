import { describe, expect, it } from 'vitest'
import { type ClassicGroupState, canTransition } from '../../../../src/coordinator/group/classic/state.ts'

const ALL: ClassicGroupState[] = ['Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead']

describe('transitions of a classic group', () => {
  it('are these and no others', () => {
    const legal = ALL.flatMap((from) => ALL.filter((to) => canTransition(from, to)).map((to) => `${from} -> ${to}`))
    expect(legal).toEqual([
      'Empty -> PreparingRebalance',
      'Empty -> Dead',
      'PreparingRebalance -> Empty',
      'PreparingRebalance -> CompletingRebalance',
      'PreparingRebalance -> Dead',
      'CompletingRebalance -> PreparingRebalance',
      'CompletingRebalance -> Stable',
      'CompletingRebalance -> Dead',
      'Stable -> PreparingRebalance',
      'Stable -> Dead',
      'Dead -> Dead',
    ])
  })
})
