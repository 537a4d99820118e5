/** Steps of a rebalance: what `--steps` prints, one line each. */
import type { TopicPartition } from '../../../client/admin-types.ts'

/** A member as people tell them apart. */
export interface MemberName {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly host: string
}

/** A partition that another member reads now; `from` is null when nobody is known to have read it before. */
export interface Move extends TopicPartition {
  readonly from: MemberName | null
  readonly to: MemberName
  /** How long nobody read it; null when that was not seen. */
  readonly stoodStillMs: number | null
}

/** Why a partition is read by nobody. */
export type StopReason = 'rebalance' | 'revoked' | 'left'

export type Step =
  | {
      readonly step: 'watching'
      readonly state: string
      readonly type: string
      readonly assignor: string
      readonly generation: number | null
      readonly groupEpoch: number | null
      readonly targetAssignmentEpoch: number | null
      readonly members: readonly (MemberName & { readonly memberEpoch: number | null; readonly partitions: number })[]
      readonly partitions: number
      /** `records`: every change is a record; `polls`: what happens between two looks is not seen. */
      readonly source: 'records' | 'polls'
      readonly lag: number | null
    }
  /** `unseen`: states in between were over before anybody looked. */
  | { readonly step: 'state'; readonly from: string; readonly to: string; readonly unseen: boolean }
  | { readonly step: 'joined'; readonly member: MemberName; readonly replaces: MemberName | null }
  | { readonly step: 'left'; readonly member: MemberName; readonly partitions: readonly TopicPartition[] }
  | {
      readonly step: 'generation'
      readonly generation: number
      readonly assignor: string
      readonly memberCount: number
    }
  | {
      readonly step: 'epochs'
      readonly groupEpoch: number | null
      readonly targetAssignmentEpoch: number | null
      /** What shall move: from the present owner to the one that is wanted. */
      readonly planned: readonly PlannedMove[]
    }
  | { readonly step: 'memberEpoch'; readonly member: MemberName; readonly from: number; readonly to: number }
  | {
      readonly step: 'stopped'
      readonly why: StopReason
      readonly partitions: readonly (TopicPartition & { readonly from: MemberName | null })[]
      /** Partitions that the group reads when all is well. */
      readonly total: number
    }
  | { readonly step: 'started'; readonly moves: readonly Move[] }
  | {
      readonly step: 'settled'
      readonly state: string
      readonly durationMs: number | null
      /** The beginning is known as exactly as this. */
      readonly uncertaintyMs: number
      readonly joined: number
      readonly left: number
      readonly partitions: number
      readonly moved: number
      readonly stoodStill: number
      readonly longestStandstillMs: number | null
      /** Nobody reads these now. */
      readonly unread: readonly TopicPartition[]
      readonly lag: number | null
    }
  | {
      readonly step: 'summary'
      readonly watchedMs: number
      readonly rebalances: number
      readonly joined: number
      readonly left: number
      readonly moved: number
      /** Partitions times the time each stood still. */
      readonly stoodStillMs: number
      readonly state: string
    }

export interface PlannedMove extends TopicPartition {
  readonly from: MemberName | null
  readonly to: MemberName | null
}
