/**
 * Reading for Fetch: byte limits over all partitions, the first batch always, waiting until there is enough; what a
 * follower's fetch tells its leader; readers sent to a replica nearby (KAFKA `ReplicaManager.fetchMessages`, `DelayedFetch`).
 */

import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { EpochEndOffset, FetchData } from '../log/types.ts'
import { ErrorCode, KafkaError } from '../protocol/error-codes.ts'
import type { DelayedAction, DelayedOperations, WaitingDescription, Watched } from './delayed-operations.ts'
import {
  type FetchContext,
  type FetchPartitionOutcome,
  type FetchPartitionRequest,
  type FetchReader,
  readLimit,
} from './fetch-session.ts'
import type { FetchRounds, FollowerState } from './follower-state.ts'
import type { Partition } from './partition.ts'
import type { ReplicaSelector } from './replica-selector.ts'
import type { ReplicationQuota } from './replication-quota.ts'

export interface FetchParams extends FetchReader {
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  /** Of a follower's registration (KIP-903), -1 when it does not say. */
  readonly replicaEpoch: number
  /** Where a consumer says it is, and on which listener it came; null: it must not be sent elsewhere (KIP-392). */
  readonly consumer: { readonly rackId: string; readonly listenerName: string } | null
}

export const NO_PREFERRED_REPLICA = -1

/** What one partition gives. */
export interface PartitionRead extends FetchPartitionOutcome {
  readonly request: FetchPartitionRequest
  readonly data: FetchData | null
  readonly divergingEpoch: EpochEndOffset | null
  readonly lastStableOffset: number
  readonly preferredReadReplica: number
}

/** Finds the hosted partition or throws the error the client is told. */
export type PartitionLookup = (request: FetchPartitionRequest) => Partition

export interface FetcherOptions {
  readonly lookup: PartitionLookup
  readonly delayed: DelayedOperations
  /** Null: consumers read from the leader. */
  readonly selector: ReplicaSelector | null
  /** What throttled replicas may be sent; left out: no limit. */
  readonly quota?: ReplicationQuota
  readonly clock: Clock
  readonly logger: Logger
}

const UNKNOWN_OFFSET = -1

const NOTHING_READ = {
  errorCode: ErrorCode.NONE,
  data: null,
  recordBytes: 0,
  divergingEpoch: null,
  diverging: false,
  preferredReadReplica: NO_PREFERRED_REPLICA,
  isIdle: false,
}

function failedRead(request: FetchPartitionRequest, errorCode: number): PartitionRead {
  const offsets = { highWatermark: UNKNOWN_OFFSET, logStartOffset: UNKNOWN_OFFSET, lastStableOffset: UNKNOWN_OFFSET }
  return { ...NOTHING_READ, ...offsets, request, errorCode }
}

export class Fetcher {
  private readonly options: FetcherOptions

  constructor(options: FetcherOptions) {
    this.options = options
  }

  /**
   * Reads at once when that is enough, else when enough has come, or when the time is over. The buffers in the result
   * are the caller's to release.
   */
  fetch(
    context: FetchContext,
    params: FetchParams,
    closed: () => AbortSignal,
  ): PartitionRead[] | Promise<PartitionRead[]> {
    const reads = this.readAll(context, params, true)
    context.afterRound(this.options.clock.monotonic())
    if (params.maxWaitMs <= 0 || context.isEmpty || isEnough(reads, params)) return reads
    releaseReads(reads)
    return this.wait(context, params, closed())
  }

  private wait(context: FetchContext, params: FetchParams, closed: AbortSignal): Promise<PartitionRead[]> {
    return new Promise((resolve) => {
      const action: DelayedAction = {
        isSatisfied: () => this.hasEnough(context.partitions, params),
        // A client that has gone gets nothing, and so pins no buffers.
        complete: () => resolve(closed.aborted ? [] : this.readAll(context, params, false)),
        // Followers always wait: an idle cluster would tell of nothing else.
        ...(params.replicaId < 0 ? { describe: () => this.describe(context, params) } : {}),
      }
      this.options.delayed.start(action, this.watchedBy(context), params.maxWaitMs, closed)
    })
  }

  private describe(context: FetchContext, { minBytes }: FetchParams): WaitingDescription {
    const names: string[] = []
    const offsets: string[] = []
    for (const request of context.partitions) {
      const { name } = this.options.lookup(request)
      names.push(name)
      offsets.push(`${name} from offset ${request.fetchOffset}`)
    }
    const reason = `at least ${minBytes} byte${minBytes === 1 ? '' : 's'} of ${offsets.join(', ')}`
    return { operation: 'Fetch', partitions: names, reason }
  }

  private watchedBy(context: FetchContext): Watched[] {
    if (context.watched !== null) return [context.watched]
    return Array.from(context.partitions, (request) => this.options.lookup(request).watchers)
  }

  /** Counts what could be read now, without reading it. */
  private hasEnough(requests: Iterable<FetchPartitionRequest>, params: FetchParams): boolean {
    let bytes = 0
    for (const request of requests) {
      try {
        const partition = this.options.lookup(request)
        checkRole(partition, request, params)
        const { log } = partition
        // The log was cut below what is asked for, or another leader's history was taken over: the reader must know.
        if (request.fetchOffset > log.logEndOffset) return true
        if (this.isHeldBack(partition, params)) continue
        bytes += Math.min(log.bytesAfter(request.fetchOffset, params.isolation), request.maxBytes)
      } catch {
        return true
      }
      if (bytes >= params.minBytes) return true
    }
    return false
  }

  /** `isFirst`: the fetch has just come, and tells where a follower is. */
  private readAll(context: FetchContext, params: FetchParams, isFirst: boolean): PartitionRead[] {
    const reads: PartitionRead[] = []
    let leftBytes = params.maxBytes
    let minOneBatch = true
    for (const request of context.partitions) {
      const limit = { maxBytes: Math.min(request.maxBytes, leftBytes), minOneBatch }
      const read = this.readOne(request, params, limit, isFirst ? context : null)
      context.afterRead(request, read)
      if (read.recordBytes > 0) minOneBatch = false
      leftBytes = Math.max(0, leftBytes - read.recordBytes)
      reads.push(read)
    }
    return reads
  }

  private readOne(
    request: FetchPartitionRequest,
    params: FetchParams,
    limit: { readonly maxBytes: number; readonly minOneBatch: boolean },
    news: FetchContext | null,
  ): PartitionRead {
    try {
      const partition = this.options.lookup(request)
      const preferredReadReplica = this.preferredReplica(partition, request, params)
      if (preferredReadReplica !== NO_PREFERRED_REPLICA) {
        partition.checkReplica(request.currentLeaderEpoch)
        return { ...NOTHING_READ, ...offsetsOf(partition), request, preferredReadReplica }
      }
      checkRole(partition, request, params)
      return this.read(partition, request, params, limit, news)
    } catch (error) {
      if (error instanceof KafkaError) return failedRead(request, error.code)
      this.options.logger.error(`fetch of ${request.topic ?? request.topicId}-${request.partition} failed`, error)
      return failedRead(request, ErrorCode.UNKNOWN_SERVER_ERROR)
    }
  }

  private read(
    partition: Partition,
    request: FetchPartitionRequest,
    params: FetchParams,
    limit: { readonly maxBytes: number; readonly minOneBatch: boolean },
    news: FetchContext | null,
  ): PartitionRead {
    const { fetchOffset, lastFetchedEpoch } = request
    const { replicaId, replicaEpoch } = params
    const follower =
      replicaId >= 0 ? partition.followerOrThrow(replicaId, replicaEpoch, request.currentLeaderEpoch) : null
    const divergingEpoch = partition.divergingEpoch(fetchOffset, lastFetchedEpoch)
    if (divergingEpoch !== null) {
      return { ...NOTHING_READ, ...offsetsOf(partition), request, divergingEpoch, diverging: true }
    }
    if (follower !== null && news !== null) this.hear(partition, follower, request, replicaEpoch, news.rounds)
    if (this.isHeldBack(partition, params)) return { ...NOTHING_READ, ...offsetsOf(partition), request }
    const data = partition.read(fetchOffset, limit.maxBytes, params.isolation, limit.minOneBatch)
    const { quota } = this.options
    if (quota !== undefined && replicaId >= 0 && partition.isThrottled('leader')) quota.record(data.records.length)
    return {
      ...NOTHING_READ,
      ...offsetsOf(partition),
      request,
      data,
      recordBytes: data.records.length,
      isIdle: fetchOffset >= readLimit(partition.log, params.isolation),
    }
  }

  /** A replica that catches up must not take more than the rate; one that is in sync would fall out of the ISR. */
  private isHeldBack(partition: Partition, { replicaId }: FetchReader): boolean {
    const { quota } = this.options
    if (replicaId < 0 || quota === undefined || !partition.isThrottled('leader')) return false
    return !partition.isr.includes(replicaId) && quota.isExceeded
  }

  /** The fetch has just come: it tells where the follower is. */
  private hear(
    partition: Partition,
    follower: FollowerState,
    { fetchOffset, logStartOffset }: FetchPartitionRequest,
    brokerEpoch: number,
    rounds: FetchRounds | null,
  ): void {
    const { logEndOffset: leaderEndOffset, logStartOffset: leaderStartOffset } = partition.log
    // Reading refuses such an offset; it must not pass for a place the follower has reached.
    if (fetchOffset > leaderEndOffset || fetchOffset < leaderStartOffset) return
    const nowMs = this.options.clock.monotonic()
    partition.onFollowerFetch(follower, { fetchOffset, logStartOffset, nowMs, leaderEndOffset, brokerEpoch, rounds })
  }

  private preferredReplica(partition: Partition, request: FetchPartitionRequest, params: FetchParams): number {
    const { selector } = this.options
    if (selector === null || params.consumer === null || params.replicaId >= 0) return NO_PREFERRED_REPLICA
    return selector.select(partition, params.consumer, request.fetchOffset) ?? NO_PREFERRED_REPLICA
  }
}

function checkRole(partition: Partition, { currentLeaderEpoch }: FetchPartitionRequest, reader: FetchReader): void {
  if (reader.onlyLeader) partition.checkLeader(currentLeaderEpoch)
  else partition.checkReplica(currentLeaderEpoch)
}

function offsetsOf({ log }: Partition) {
  const { highWatermark, logStartOffset, lastStableOffset } = log
  return { highWatermark, logStartOffset, lastStableOffset }
}

function isEnough(reads: readonly PartitionRead[], params: FetchParams): boolean {
  let bytes = 0
  for (const { errorCode, diverging, preferredReadReplica, recordBytes } of reads) {
    if (errorCode !== ErrorCode.NONE || diverging || preferredReadReplica !== NO_PREFERRED_REPLICA) return true
    bytes += recordBytes
  }
  return bytes >= params.minBytes
}

export function releaseReads(reads: readonly PartitionRead[]): void {
  for (const read of reads) read.data?.release()
}
