/**
 * States of a classic group and the transitions that are legal:
 *
 *   Empty              -> PreparingRebalance   a member joins
 *   PreparingRebalance -> CompletingRebalance  everybody rejoined, or time is up
 *   PreparingRebalance -> Empty                nobody is left
 *   CompletingRebalance -> Stable              the leader's assignment is committed
 *   CompletingRebalance -> PreparingRebalance  somebody joins, leaves or fails
 *   Stable             -> PreparingRebalance   somebody joins, leaves or fails
 *   any                -> Dead                 the group is unloaded
 */
export type ClassicGroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

const VALID_PREVIOUS: Record<ClassicGroupState, readonly ClassicGroupState[]> = {
  Empty: ['PreparingRebalance'],
  PreparingRebalance: ['Stable', 'CompletingRebalance', 'Empty'],
  CompletingRebalance: ['PreparingRebalance'],
  Stable: ['CompletingRebalance'],
  Dead: ['Stable', 'PreparingRebalance', 'CompletingRebalance', 'Empty', 'Dead'],
}

export function canTransition(from: ClassicGroupState, to: ClassicGroupState): boolean {
  return VALID_PREVIOUS[to].includes(from)
}
