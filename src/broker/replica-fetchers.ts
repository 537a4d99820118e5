/** Which fetcher follows which partition (KAFKA `ReplicaFetcherManager`): `num.replica.fetchers` per leader. */
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { PeerNetwork } from '../protocol/peers.ts'
import type { MetadataCache } from './metadata-cache.ts'
import type { Partition } from './partition.ts'
import { ReplicaFetcher, type ReplicaFetchSettings } from './replica-fetcher.ts'
import type { ReplicationQuota } from './replication-quota.ts'

export interface ReplicaFetchersOptions {
  readonly nodeId: number
  readonly metadata: MetadataCache
  readonly peers: PeerNetwork
  /** `inter.broker.listener.name` */
  readonly listenerName: string
  readonly fetchersPerLeader: number
  readonly settings: ReplicaFetchSettings
  readonly brokerEpoch: () => number
  /** What throttled replicas may fetch; left out: no limit. */
  readonly quota?: ReplicationQuota
  readonly clock: Clock
  readonly logger: Logger
}

export class ReplicaFetchers {
  private readonly options: ReplicaFetchersOptions
  /** By leader, then by number. */
  private readonly fetchers = new Map<number, Map<number, ReplicaFetcher>>()
  private readonly following = new Map<Partition, ReplicaFetcher>()

  constructor(options: ReplicaFetchersOptions) {
    this.options = options
  }

  /** Partitions that are being fetched. */
  get size(): number {
    return this.following.size
  }

  /** Follows the leader the partition has now; a partition without a leader that listens somewhere is not followed. */
  follow(partition: Partition): void {
    this.stop(partition)
    const fetcher = this.fetcherOf(partition)
    if (fetcher === null) return
    fetcher.add(partition)
    this.following.set(partition, fetcher)
  }

  stop(partition: Partition): void {
    this.following.get(partition)?.remove(partition)
    this.following.delete(partition)
  }

  private fetcherOf(partition: Partition): ReplicaFetcher | null {
    const { metadata, listenerName, fetchersPerLeader } = this.options
    const { leaderId } = partition
    const address = metadata.endpoint(leaderId, listenerName)
    if (address === null) return null
    const ofLeader = this.fetchers.get(leaderId) ?? new Map<number, ReplicaFetcher>()
    this.fetchers.set(leaderId, ofLeader)
    const fetcherId = partitionHash(partition) % fetchersPerLeader
    let fetcher = ofLeader.get(fetcherId)
    if (fetcher === undefined) {
      fetcher = new ReplicaFetcher({ ...this.options, leaderId, fetcherId, address })
      ofLeader.set(fetcherId, fetcher)
    }
    return fetcher
  }

  /** Leaders may listen elsewhere after they have registered anew. */
  onBrokersChanged(brokerIds: Iterable<number>): void {
    for (const id of brokerIds) {
      const address = this.options.metadata.endpoint(id, this.options.listenerName)
      if (address === null) continue
      for (const fetcher of this.fetchers.get(id)?.values() ?? []) fetcher.moveTo(address)
    }
  }

  /** Ends the fetchers that follow nothing any more. */
  closeIdle(): void {
    for (const [leaderId, ofLeader] of this.fetchers) {
      for (const [fetcherId, fetcher] of ofLeader) {
        if (fetcher.size > 0) continue
        fetcher.close()
        ofLeader.delete(fetcherId)
      }
      if (ofLeader.size === 0) this.fetchers.delete(leaderId)
    }
  }

  close(): void {
    for (const ofLeader of this.fetchers.values()) for (const fetcher of ofLeader.values()) fetcher.close()
    this.fetchers.clear()
    this.following.clear()
  }
}

/** Java's `31 * topic.hashCode() + partition`, made positive as Kafka does. */
function partitionHash({ topic, index }: Partition): number {
  let hash = 0
  for (let at = 0; at < topic.length; at++) hash = (Math.imul(31, hash) + topic.charCodeAt(at)) | 0
  return ((Math.imul(31, hash) + index) | 0) & 0x7fffffff
}
