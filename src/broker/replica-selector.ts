/** Which replica a consumer should read from (KIP-392): `replica.selector.class`. */
import { KtError } from '../base/errors.ts'
import type { FollowerState } from './follower-state.ts'
import type { MetadataCache } from './metadata-cache.ts'
import type { Partition } from './partition.ts'

export interface SelectingConsumer {
  /** `client.rack`, '' when the consumer does not say. */
  readonly rackId: string
  readonly listenerName: string
}

export interface ReplicaSelector {
  /** Broker to read from instead of this leader; null: this one, or the partition is not led here. */
  select(partition: Partition, consumer: SelectingConsumer, fetchOffset: number): number | null
}

const RACK_AWARE = 'org.apache.kafka.common.replica.RackAwareReplicaSelector'

/**
 * The replica in the consumer's rack that has the most, the leader when it is there itself or when nobody is. Only members
 * of the ISR that hold the offset come into question: one that lags would keep its readers behind for ever.
 */
class RackAwareReplicaSelector implements ReplicaSelector {
  private readonly metadata: MetadataCache

  constructor(metadata: MetadataCache) {
    this.metadata = metadata
  }

  select(partition: Partition, { rackId, listenerName }: SelectingConsumer, fetchOffset: number): number | null {
    const { leaderState, leaderId } = partition
    if (leaderState === null || rackId === '') return null
    const isNearby = (id: number): boolean => this.metadata.aliveNode(id, listenerName)?.rack === rackId
    if (isNearby(leaderId)) return null
    let best: FollowerState | null = null
    for (const follower of leaderState.allFollowers()) {
      const { replicaId, logEndOffset, logStartOffset } = follower
      if (!leaderState.isr.includes(replicaId) || !isNearby(replicaId)) continue
      if (logEndOffset < fetchOffset || logStartOffset > fetchOffset) continue
      if (best === null || compareProgress(follower, best) > 0) best = follower
    }
    return best?.replicaId ?? null
  }
}

function compareProgress(a: FollowerState, b: FollowerState): number {
  if (a.logEndOffset !== b.logEndOffset) return a.logEndOffset - b.logEndOffset
  return a.lastCaughtUpMs !== b.lastCaughtUpMs ? a.lastCaughtUpMs - b.lastCaughtUpMs : a.replicaId - b.replicaId
}

/** Throws `KtError` for a class this node does not know. */
export function replicaSelector(className: string | null, metadata: MetadataCache): ReplicaSelector | null {
  if (className === null || className === '') return null
  if (className === RACK_AWARE) return new RackAwareReplicaSelector(metadata)
  throw new KtError('usage', `replica.selector.class names ${className}, which is not there`, {
    facts: [`the only one there is is ${RACK_AWARE}`],
  })
}
