/** What a member of a group does for the reader of its records, whichever protocol it speaks. */
import type { KtError } from '../../base/errors.ts'
import type { TopicPartition } from '../admin-types.ts'

export interface OffsetToCommit extends TopicPartition {
  readonly offset: number
}

/** The coordinator took this member for gone, or cannot be reached: the group is joined anew. */
export interface SetBack {
  /** The protocol's name of it: `UNKNOWN_MEMBER_ID`. */
  readonly code: string
  /** Milliseconds since the coordinator last answered this member; null where it never did. */
  readonly silentMs: number | null
}

export interface Membership {
  /** Starts joining; events tell how it goes. */
  start(): Promise<void>
  /** Commits as this member. Rejects with a `KtError`. */
  commit(offsets: readonly OffsetToCommit[]): Promise<void>
  /** Other topics from now on, where that takes no new membership. */
  subscribe?(topics: readonly string[]): void
  /** Leaves the group, for at most about `timeoutMs`. */
  close(timeoutMs: number): Promise<void>
}

/** Of a member that is told piece by piece what to read (KIP-848). */
export interface IncrementalEvents {
  /**
   * `revoked` shall be read no more, `added` from now on; everything else goes on. Resolves when what was consumed of the
   * revoked ones is committed: only then the coordinator gives them to others.
   */
  readonly onReconciled: (change: {
    readonly revoked: readonly TopicPartition[]
    readonly added: readonly TopicPartition[]
  }) => Promise<void>
  /** The coordinator took everything away: nothing may be committed any more. */
  readonly onLost: () => void
  readonly onSetBack?: (setBack: SetBack) => void
  /** Membership has ended. `mayPass`: joining again after a while is worth it. */
  readonly onFailed: (error: KtError | Error, mayPass: boolean) => void
}
