/**
 * Reading for Fetch: byte limits over all partitions, the first batch always, and waiting until there is enough.
 */

import type { Logger } from '../base/logger.ts'
import type { EpochEndOffset, FetchData, FetchIsolation } from '../log/types.ts'
import { ErrorCode, KafkaError } from '../protocol/error-codes.ts'
import type { DelayedAction, DelayedOperations, Watchers } from './delayed-operations.ts'
import type { FetchPartitionRequest } from './fetch-session.ts'
import type { Partition } from './partition.ts'

export interface FetchParams {
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly isolation: FetchIsolation
}

/** What one partition gives. */
export interface PartitionRead {
  readonly request: FetchPartitionRequest
  readonly errorCode: number
  readonly data: FetchData | null
  readonly diverging: EpochEndOffset | null
  readonly highWatermark: number
  readonly logStartOffset: number
  readonly lastStableOffset: number
}

/** Finds the hosted partition or throws the error the client is told. */
export type PartitionLookup = (request: FetchPartitionRequest) => Partition

const UNKNOWN_OFFSET = -1

function failedRead(request: FetchPartitionRequest, errorCode: number): PartitionRead {
  return {
    request,
    errorCode,
    data: null,
    diverging: null,
    highWatermark: UNKNOWN_OFFSET,
    logStartOffset: UNKNOWN_OFFSET,
    lastStableOffset: UNKNOWN_OFFSET,
  }
}

export class Fetcher {
  private readonly lookup: PartitionLookup
  private readonly delayed: DelayedOperations
  private readonly logger: Logger

  constructor(lookup: PartitionLookup, delayed: DelayedOperations, logger: Logger) {
    this.lookup = lookup
    this.delayed = delayed
    this.logger = logger
  }

  /**
   * Reads at once when that is enough, else when enough has come, or when the time is over. The buffers in the result
   * are the caller's to release.
   */
  fetch(
    requests: readonly FetchPartitionRequest[],
    params: FetchParams,
    closed: () => AbortSignal,
  ): PartitionRead[] | Promise<PartitionRead[]> {
    const reads = this.readAll(requests, params)
    if (params.maxWaitMs <= 0 || requests.length === 0 || this.isEnough(reads, params)) return reads
    releaseReads(reads)
    return this.wait(requests, params, closed())
  }

  private isEnough(reads: readonly PartitionRead[], params: FetchParams): boolean {
    let bytes = 0
    for (const read of reads) {
      if (read.errorCode !== ErrorCode.NONE || read.diverging !== null) return true
      bytes += read.data?.records.length ?? 0
    }
    return bytes >= params.minBytes
  }

  private wait(
    requests: readonly FetchPartitionRequest[],
    params: FetchParams,
    closed: AbortSignal,
  ): Promise<PartitionRead[]> {
    return new Promise((resolve) => {
      const action: DelayedAction = {
        isSatisfied: () => this.hasEnough(requests, params),
        // A client that has gone gets nothing, and so pins no buffers.
        complete: () => resolve(closed.aborted ? [] : this.readAll(requests, params)),
      }
      this.delayed.start(action, this.watchersOf(requests), params.maxWaitMs, closed)
    })
  }

  private watchersOf(requests: readonly FetchPartitionRequest[]): Watchers[] {
    return requests.map((request) => this.lookup(request).watchers)
  }

  /** Counts what could be read now, without reading it. */
  private hasEnough(requests: readonly FetchPartitionRequest[], params: FetchParams): boolean {
    let bytes = 0
    for (const request of requests) {
      try {
        const partition = this.lookup(request)
        partition.checkLeader(request.currentLeaderEpoch)
        const available = partition.log.bytesAfter(request.fetchOffset, params.isolation)
        bytes += Math.min(available, request.maxBytes)
      } catch {
        return true
      }
      if (bytes >= params.minBytes) return true
    }
    return false
  }

  private readAll(requests: readonly FetchPartitionRequest[], params: FetchParams): PartitionRead[] {
    const reads: PartitionRead[] = []
    let leftBytes = params.maxBytes
    let minOneBatch = true
    for (const request of requests) {
      const read = this.readOne(request, Math.min(request.maxBytes, leftBytes), params.isolation, minOneBatch)
      const size = read.data?.records.length ?? 0
      if (size > 0) minOneBatch = false
      leftBytes = Math.max(0, leftBytes - size)
      reads.push(read)
    }
    return reads
  }

  private readOne(
    request: FetchPartitionRequest,
    maxBytes: number,
    isolation: FetchIsolation,
    minOneBatch: boolean,
  ): PartitionRead {
    try {
      const partition = this.lookup(request)
      partition.checkLeader(request.currentLeaderEpoch)
      const { log } = partition
      const diverging = partition.divergingEpoch(request.fetchOffset, request.lastFetchedEpoch)
      const data = diverging === null ? log.read(request.fetchOffset, maxBytes, isolation, minOneBatch) : null
      return {
        request,
        errorCode: ErrorCode.NONE,
        data,
        diverging,
        highWatermark: log.highWatermark,
        logStartOffset: log.logStartOffset,
        lastStableOffset: log.lastStableOffset,
      }
    } catch (error) {
      if (error instanceof KafkaError) return failedRead(request, error.code)
      this.logger.error(`fetch of ${request.topic ?? request.topicId}-${request.partition} failed`, error)
      return failedRead(request, ErrorCode.UNKNOWN_SERVER_ERROR)
    }
  }
}

export function releaseReads(reads: readonly PartitionRead[]): void {
  for (const read of reads) read.data?.release()
}
