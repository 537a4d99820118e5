/** What every kind of group answers to the rest of the coordinator; the kinds are siblings in their own folders. */
import type { CoordinatorRecord } from '../types.ts'
import type { CommittedOffset } from './offsets.ts'

/** KIP-848, KIP-932 and KIP-1071 add the other kinds; names as ListGroups spells them, compared without case. */
export type GroupType = 'classic' | 'consumer' | 'share' | 'streams'

/** Who commits offsets, for the group's own checks. */
export interface CommitIdentity {
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** -1: an admin client or a consumer without group management. */
  readonly generationIdOrMemberEpoch: number
}

export interface Group {
  readonly type: GroupType
  readonly groupId: string
  /** Display name of the state, for example `PreparingRebalance`. */
  readonly stateName: string
  /** `consumer`, `connect`, ...; '' for none. */
  readonly listedProtocolType: string
  isEmpty(): boolean
  /** Throws the `KafkaError` to answer. */
  validateOffsetCommit(identity: CommitIdentity): void
  validateOffsetFetch(): void
  validateOffsetDelete(): void
  validateDelete(): void
  isSubscribedToTopic(topic: string): boolean
  /** Time (ms) from which retention counts for an offset; null: the group's offsets do not expire now. */
  offsetExpirationBaseMs(offset: CommittedOffset): number | null
  tombstones(): CoordinatorRecord[]
}
