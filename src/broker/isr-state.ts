/**
 * The ISR as the leader holds it (KIP-497): committed by the controller, or one change on its way there. While a change is
 * in flight nobody knows which of the two sets counts, so each question takes the safer one.
 */

export interface IsrMember {
  readonly brokerId: number
  /** -1: the member has not told its epoch yet; the controller then does not check it. */
  readonly brokerEpoch: number
}

/** What AlterPartition carries (KIP-903). */
export interface ProposedIsr {
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly leaderRecoveryState: number
  readonly members: readonly IsrMember[]
}

export interface IsrState {
  /** As last committed. */
  readonly isr: readonly number[]
  /** Everybody the high watermark must wait for. */
  readonly maximalIsr: readonly number[]
  readonly leaderRecoveryState: number
  /** The change in flight, and what counts again when the controller refuses it; null: none. */
  readonly change: { readonly proposed: ProposedIsr; readonly replaces: IsrState } | null
}

export const RECOVERED = 0

export function committedIsr(isr: readonly number[], leaderRecoveryState: number): IsrState {
  return { isr, maximalIsr: isr, leaderRecoveryState, change: null }
}

/** The high watermark waits for the newcomer from now on: should the change not happen, no harm is done. */
export function expandingIsr(committed: IsrState, newMember: number, proposed: ProposedIsr): IsrState {
  return { ...committed, maximalIsr: [...committed.isr, newMember], change: { proposed, replaces: committed } }
}

/** The high watermark waits for those who leave until the controller has let them go. */
export function shrinkingIsr(committed: IsrState, proposed: ProposedIsr): IsrState {
  return { ...committed, change: { proposed, replaces: committed } }
}
