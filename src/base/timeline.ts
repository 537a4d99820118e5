/**
 * What happens inside a node, told by the owners of the state as it changes, in Kafka's words. Nobody listens nearly always:
 * then a caller looks at one boolean and makes nothing.
 */

/** Steps of one replica; `partition` is `topic-index`. */
type ReplicaFact =
  | {
      readonly type: 'append'
      readonly partition: string
      readonly role: 'leader' | 'follower'
      readonly leaderEpoch: number
      readonly baseOffset: number
      readonly lastOffset: number
      readonly sizeInBytes: number
      /** Sent again: an idempotent producer's batch that was there already. */
      readonly isDuplicate: boolean
    }
  /** The leader has heard how far a follower is: it has everything below `endOffset`. */
  | {
      readonly type: 'follower-fetch'
      readonly partition: string
      readonly replicaId: number
      readonly endOffset: number
    }
  | {
      readonly type: 'high-watermark'
      readonly partition: string
      readonly role: 'leader' | 'follower'
      readonly from: number
      readonly to: number
    }
  | {
      readonly type: 'isr'
      readonly partition: string
      /** Asked of the controller, said by it, or refused by it. */
      readonly step: 'shrinking' | 'expanding' | 'changed' | 'refused'
      readonly from: readonly number[]
      readonly to: readonly number[]
      readonly reason: string
    }
  | {
      readonly type: 'leader-epoch'
      readonly partition: string
      readonly role: 'leader' | 'follower'
      readonly leaderId: number
      readonly leaderEpoch: number
      /** Log end of this replica as the epoch begins. */
      readonly endOffset: number
    }
  | {
      readonly type: 'log'
      readonly partition: string
      readonly step: 'rolled' | 'segments-deleted' | 'start-offset' | 'truncated'
      readonly offset: number
      readonly reason: string
    }

/** A request in purgatory: it begins to wait, and ends because what it waits for is there or because time is over. */
type WaitingFact =
  | {
      readonly type: 'waiting'
      readonly waitingId: number
      readonly operation: string
      readonly partitions: readonly string[]
      readonly reason: string
      readonly timeoutMs: number
    }
  | {
      readonly type: 'completed'
      readonly waitingId: number
      readonly operation: string
      readonly partitions: readonly string[]
      readonly elapsedMs: number
      readonly isExpired: boolean
    }

type CoordinatorFact = {
  readonly type: 'group'
  readonly groupId: string
  readonly state: string
  readonly generation: number
  readonly step: string
}

type ControllerFact =
  | {
      readonly type: 'metadata'
      readonly step: 'written' | 'committed'
      readonly baseOffset: number
      readonly lastOffset: number
      /** `PartitionChangeRecord orders-0 leader 2`, in the order of the log. */
      readonly records: readonly string[]
    }
  | { readonly type: 'quorum'; readonly leaderId: number | null; readonly epoch: number }
  | { readonly type: 'broker-fenced'; readonly brokerId: number; readonly reason: string }

export type TimelineFact = ReplicaFact | WaitingFact | CoordinatorFact | ControllerFact

/** Where a node tells what it does. */
export interface Timeline {
  /** Whether anybody listens. Asked before a fact is made, so that it costs nothing where nobody does. */
  readonly isWatched: boolean
  tell(fact: TimelineFact): void
}

/** Nobody ever listens. */
export const noTimeline: Timeline = { isWatched: false, tell: () => undefined }

/** A fact with when and where it happened, as watchers get it. */
export type TimelineEvent = TimelineFact & {
  readonly nodeId: number
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  /** Milliseconds of a clock that all processes of a machine share: for the order of events of different nodes. */
  readonly machineMs: number
}

/** Milliseconds of the machine's monotonic clock, the same in every process (its zero means nothing). */
export function machineMs(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
