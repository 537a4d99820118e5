/**
 * API key 2, ListOffsets, versions 1-11.
 *
 * Behaviour:
 * - Latest is the high watermark, or the last stable offset for read_committed; for replicas the log end.
 * - A timestamp finds the first record at or after it below that; nothing found is offset -1 without an error.
 * - A new leader whose high watermark has not reached the start of its epoch answers OFFSET_NOT_AVAILABLE for the end and
 *   for what it does not find: its answer could go back behind what was told before (KIP-207).
 * - A partition named twice is INVALID_REQUEST, both times.
 *
 * Version notes:
 * - v2: isolation level. v4: leader epochs (KIP-320). v5: OFFSET_NOT_AVAILABLE, LEADER_NOT_AVAILABLE before. v7: max
 *   timestamp (-3, KIP-734). v8: earliest local (-4). v9: latest tiered (-5). v11: earliest pending upload (-6, KIP-1023).
 *   Others below 0: UNSUPPORTED_VERSION.
 *
 * Not implemented: tiered storage; -5 and -6 find nothing, as in Kafka while it is turned off.
 */
import type { Log, TimestampAndOffset } from '../../log/types.ts'
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import {
  type ListOffsetsRequest,
  type ListOffsetsResponseInput,
  listOffsets,
} from '../../protocol/messages/02-list-offsets.ts'
import type { BrokerServices } from '../broker-services.ts'
import { ensureAllCodecs } from '../codecs.ts'
import { defineHandler, type Handler, type RequestContext } from '../handler.ts'

type TopicRequest = ListOffsetsRequest['topics'][number]
type PartitionRequest = TopicRequest['partitions'][number]
type TopicResponse = NonNullable<ListOffsetsResponseInput['topics']>[number]
type PartitionResponse = NonNullable<TopicResponse['partitions']>[number]

const LATEST = -1
const EARLIEST = -2
const MAX_TIMESTAMP = -3
const EARLIEST_LOCAL = -4
const LATEST_TIERED = -5
const EARLIEST_PENDING_UPLOAD = -6

const FIRST_VERSION = new Map([
  [LATEST, 1],
  [EARLIEST, 1],
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL, 8],
  [LATEST_TIERED, 9],
  [EARLIEST_PENDING_UPLOAD, 11],
])

const CONSUMER_REPLICA_ID = -1
/** Asks any replica (`kafka-replica-verification.sh`). */
const DEBUGGING_REPLICA_ID = -2
const READ_COMMITTED = 1
const FIRST_EPOCH_VERSION = 4
const FIRST_OFFSET_NOT_AVAILABLE_VERSION = 5
const NOTHING = -1
const NO_EPOCH = -1

function duplicates(request: ListOffsetsRequest): Set<string> {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const topic of request.topics) {
    for (const { partitionIndex } of topic.partitions) {
      const key = `${topic.name}-${partitionIndex}`
      if (seen.has(key)) twice.add(key)
      seen.add(key)
    }
  }
  return twice
}

/** Where a reader of this kind may not go further. */
function lastFetchable(log: Log, request: ListOffsetsRequest): number {
  if (request.replicaId !== CONSUMER_REPLICA_ID) return log.logEndOffset
  return request.isolationLevel === READ_COMMITTED ? log.lastStableOffset : log.highWatermark
}

function find(log: Log, timestamp: number, limit: number, leaderEpoch: number): TimestampAndOffset | null {
  switch (timestamp) {
    case LATEST:
      return { timestamp: NOTHING, offset: limit, leaderEpoch }
    case EARLIEST:
    case EARLIEST_LOCAL: {
      const offset = log.logStartOffset
      return { timestamp: NOTHING, offset, leaderEpoch: log.epochForOffset(offset) ?? NO_EPOCH }
    }
    case LATEST_TIERED:
    case EARLIEST_PENDING_UPLOAD:
      return { timestamp: NOTHING, offset: NOTHING, leaderEpoch: NO_EPOCH }
    default: {
      const found = timestamp === MAX_TIMESTAMP ? log.maxTimestampOffset() : log.offsetForTimestamp(timestamp)
      return found !== null && found.offset < limit ? found : null
    }
  }
}

/** Timestamps are searched inside batches, which may be compressed. */
function looksIntoRecords(request: ListOffsetsRequest): boolean {
  return request.topics.some(({ partitions }) =>
    partitions.some(({ timestamp }) => timestamp >= 0n || Number(timestamp) === MAX_TIMESTAMP),
  )
}

function failure(partitionIndex: number, errorCode: number): PartitionResponse {
  return { partitionIndex, errorCode, timestamp: BigInt(NOTHING), offset: BigInt(NOTHING) }
}

class ListOffsetsOperation {
  private readonly broker: BrokerServices
  private readonly request: ListOffsetsRequest
  private readonly context: RequestContext

  constructor(broker: BrokerServices, request: ListOffsetsRequest, context: RequestContext) {
    this.broker = broker
    this.request = request
    this.context = context
  }

  run(): ListOffsetsResponseInput {
    const twice = duplicates(this.request)
    const topics = this.request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((partition) =>
        twice.has(`${name}-${partition.partitionIndex}`)
          ? failure(partition.partitionIndex, ErrorCode.INVALID_REQUEST)
          : this.partition(name, partition),
      ),
    }))
    return { topics }
  }

  private partition(topic: string, request: PartitionRequest): PartitionResponse {
    const timestamp = Number(request.timestamp)
    const { apiVersion } = this.context
    if (timestamp < 0 && apiVersion < (FIRST_VERSION.get(timestamp) ?? Number.POSITIVE_INFINITY)) {
      return failure(request.partitionIndex, ErrorCode.UNSUPPORTED_VERSION)
    }
    try {
      return this.offset(topic, request, timestamp)
    } catch (error) {
      if (error instanceof KafkaError) return failure(request.partitionIndex, this.codeFor(error.code))
      this.broker.logger.error(`list offsets of ${topic}-${request.partitionIndex} failed`, error)
      return failure(request.partitionIndex, ErrorCode.UNKNOWN_SERVER_ERROR)
    }
  }

  /** Clients before v5 do not know that offsets may not be available (KIP-207). */
  private codeFor(errorCode: number): number {
    const isUnknown = errorCode === ErrorCode.OFFSET_NOT_AVAILABLE
    return isUnknown && this.context.apiVersion < FIRST_OFFSET_NOT_AVAILABLE_VERSION
      ? ErrorCode.LEADER_NOT_AVAILABLE
      : errorCode
  }

  private offset(topic: string, request: PartitionRequest, timestamp: number): PartitionResponse {
    const { partitionIndex, currentLeaderEpoch } = request
    const partition = this.broker.replicaManager.partitionOrThrow(topic, partitionIndex)
    if (this.request.replicaId === DEBUGGING_REPLICA_ID) partition.checkReplica(currentLeaderEpoch)
    else partition.checkLeader(currentLeaderEpoch)
    const { log, leaderEpoch } = partition
    const isLagging = this.request.replicaId === CONSUMER_REPLICA_ID && partition.isHighWatermarkLagging
    if (isLagging && timestamp === LATEST) throw new KafkaError('OFFSET_NOT_AVAILABLE')
    const found = find(log, timestamp, lastFetchable(log, this.request), leaderEpoch)
    // What was looked for may lie between the high watermark and the end that was committed before.
    if (found === null && isLagging) throw new KafkaError('OFFSET_NOT_AVAILABLE')
    if (found === null) return failure(partitionIndex, ErrorCode.NONE)
    return {
      partitionIndex,
      errorCode: ErrorCode.NONE,
      timestamp: BigInt(found.timestamp),
      offset: BigInt(found.offset),
      leaderEpoch: this.context.apiVersion >= FIRST_EPOCH_VERSION ? found.leaderEpoch : NO_EPOCH,
    }
  }
}

export function listOffsetsHandler(broker: BrokerServices): Handler<typeof listOffsets> {
  return defineHandler(listOffsets, { min: 1, max: 11 }, (request, context) => {
    const operation = new ListOffsetsOperation(broker, request, context)
    const codecs = looksIntoRecords(request) ? ensureAllCodecs() : null
    return codecs === null ? { response: operation.run() } : codecs.then(() => ({ response: operation.run() }))
  })
}
