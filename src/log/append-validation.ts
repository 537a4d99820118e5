/** What a leader checks and rewrites before it appends (KAFKA `LogValidator`, `UnifiedLog.analyzeAndValidateRecords`). */
import { KafkaError } from '../protocol/error-codes.ts'
import { loadedCodec } from '../protocol/records/compression.ts'
import { recompressBatch } from '../protocol/records/record.ts'
import {
  COMPRESSION,
  compressionOf,
  isControlBatch,
  NO_TIMESTAMP,
  type RecordBatchHeader,
  readBatchHeader,
  setBaseOffset,
  setMaxTimestamp,
  setPartitionLeaderEpoch,
} from '../protocol/records/record-batch.ts'
import { type BatchValidation, type InvalidBatch, validateBatch, validateFrame } from '../protocol/records/validate.ts'
import { splitBatches } from './batches.ts'
import { RecordValidationError } from './errors.ts'
import { type BatchMetadata, firstOffsetOf } from './producer-entry.ts'
import type { AppendInfo, AppendOptions, LogConfig } from './types.ts'

/** Base timestamp and delta may add up to more than 64 bits hold. */
const TIMESTAMP_LIMIT = 2 ** 63

export interface LeaderAppend {
  readonly records: Buffer
  readonly options: AppendOptions
  readonly config: LogConfig
  /** `topic-partition`, for messages. */
  readonly partition: string
  readonly nextOffset: number
  readonly nowMs: number
}

/** Batches that are ready to be written: offsets, epoch and timestamps are final. */
export interface ValidatedBatches {
  readonly records: Buffer
  readonly batches: readonly RecordBatchHeader[]
  /** The leader's time where it replaces the producer's, else -1. */
  readonly logAppendTimeMs: number
}

/** Checks everything, then rewrites the headers in place; throws KafkaError with nothing rewritten. */
export function validateForLeader(append: LeaderAppend): ValidatedBatches {
  const { records, options, config, partition } = append
  const batches = splitBatches(records)
  if (batches.length === 0) {
    throw new KafkaError('INVALID_RECORD', `Record batch has no batches at all in topic partition ${partition}`)
  }
  if (options.origin === 'client' && batches.length > 1) {
    throw new KafkaError('INVALID_RECORD', 'Compressed outer record has more than one batch')
  }
  const maxTimestamps: number[] = []
  let end = 0
  for (const batch of batches) {
    checkSize(batch, config, partition)
    checkOffsetRange(batch, batch.recordCount, partition)
    maxTimestamps.push(checkBatch(append, batch, end))
    end += batch.sizeInBytes
  }
  const ready = recompress(append, records.subarray(0, end), batches)
  return assignAll(append, ready, maxTimestamps)
}

/** Batches from a leader: whole, with good checksums, in order, from `nextOffset` on, and none of a later epoch. */
export function validateForFollower(
  records: Buffer,
  leaderEpoch: number,
  nextOffset: number,
  partition: string,
): ValidatedBatches {
  const batches: RecordBatchHeader[] = []
  let at = 0
  let expected = nextOffset
  for (const batch of splitBatches(records)) {
    // After a change of leader an old answer may still bring batches of the new epoch; they are fetched again.
    if (batch.partitionLeaderEpoch > leaderEpoch) break
    const broken = validateFrame(records, at, partition)
    if (broken !== null) throw refusal(broken)
    if (batch.baseOffset < expected) {
      throw new KafkaError(
        'UNKNOWN_SERVER_ERROR',
        `Unexpected offset in append to ${partition}: ${batch.baseOffset} is less than the next offset ${expected}`,
      )
    }
    // Compaction leaves fewer records than offsets, never none at all.
    checkOffsetRange(batch, batch.lastOffsetDelta + 1, partition)
    batches.push(batch)
    expected = batch.lastOffset + 1
    at += batch.sizeInBytes
  }
  return { records: records.subarray(0, at), batches, logAppendTimeMs: -1 }
}

function checkSize(batch: RecordBatchHeader, config: LogConfig, partition: string): void {
  if (batch.sizeInBytes <= config.maxMessageBytes) return
  throw new KafkaError(
    'MESSAGE_TOO_LARGE',
    `The record batch size in the append to ${partition} is ${batch.sizeInBytes} bytes ` +
      `which exceeds the maximum configured value of ${config.maxMessageBytes}.`,
  )
}

/** The log goes on after a batch's last offset, so a lie here would turn it back. */
function checkOffsetRange(batch: RecordBatchHeader, expectedCount: number, partition: string): void {
  const { baseOffset, lastOffset, lastOffsetDelta } = batch
  if (lastOffsetDelta >= 0 && lastOffsetDelta + 1 === expectedCount) return
  throw new KafkaError(
    'INVALID_RECORD',
    `Inconsistent batch offset range [${baseOffset}, ${lastOffset}] and count of records ${batch.recordCount} ` +
      `in topic partition ${partition}`,
  )
}

/** Returns the largest timestamp of the records. */
function checkBatch(append: LeaderAppend, batch: RecordBatchHeader, at: number): number {
  // The metadata quorum's leader writes batches of its own making.
  const own = append.options.origin === 'raft-leader'
  const result = own ? validateFrame(append.records, at, append.partition) : checkRecords(append, at)
  if (result === null) return batch.maxTimestamp
  if (!result.ok) throw refusal(result)
  if (result.maxTimestamp < TIMESTAMP_LIMIT) return result.maxTimestamp
  throw new KafkaError('INVALID_TIMESTAMP', `No timestamp can be ${result.maxTimestamp} in ${append.partition}`)
}

function checkRecords({ records, options, config, partition, nowMs }: LeaderAppend, at: number): BatchValidation {
  return validateBatch(records, at, {
    client: options.origin === 'client',
    compacted: config.cleanupCompact,
    partition,
    timestamps:
      config.messageTimestampType === 'LogAppendTime'
        ? { type: 'LogAppendTime' }
        : {
            type: 'CreateTime',
            nowMs,
            beforeMaxMs: config.messageTimestampBeforeMaxMs,
            afterMaxMs: config.messageTimestampAfterMaxMs,
          },
  })
}

function refusal({ error, message, recordErrors }: InvalidBatch): KafkaError {
  if (recordErrors.length > 0 && (error === 'INVALID_RECORD' || error === 'INVALID_TIMESTAMP')) {
    return new RecordValidationError(error, message, recordErrors)
  }
  return new KafkaError(error, message)
}

/** The same batches in the codec the topic asks for: the given bytes when they have it already. */
function recompress(append: LeaderAppend, records: Buffer, batches: readonly RecordBatchHeader[]): Buffer {
  const { config, options } = append
  if (config.compressionType === 'producer' || options.origin === 'raft-leader') return records
  const target = config.compressionType === 'uncompressed' ? 'none' : config.compressionType
  const fits = (batch: RecordBatchHeader): boolean =>
    isControlBatch(batch.attributes) || compressionOf(batch.attributes) === COMPRESSION[target]
  if (batches.every(fits)) return records
  const codec = loadedCodec(COMPRESSION[target])
  const rebuilt: Buffer[] = []
  let at = 0
  for (const batch of batches) {
    const same = records.subarray(at, at + batch.sizeInBytes)
    rebuilt.push(fits(batch) ? same : recompressBatch(records, at, codec, levelOf(config)))
    at += batch.sizeInBytes
  }
  for (const batch of rebuilt) checkRebuiltSize(batch.length, config, append.partition)
  return Buffer.concat(rebuilt)
}

function levelOf(config: LogConfig): number | undefined {
  if (config.compressionType === 'gzip') return config.compressionGzipLevel
  if (config.compressionType === 'lz4') return config.compressionLz4Level
  return config.compressionType === 'zstd' ? config.compressionZstdLevel : undefined
}

function checkRebuiltSize(size: number, config: LogConfig, partition: string): void {
  if (size <= config.maxMessageBytes) return
  throw new KafkaError(
    'MESSAGE_TOO_LARGE',
    `Message batch size is ${size} bytes in append to partition ${partition} ` +
      `which exceeds the maximum configured size of ${config.maxMessageBytes}.`,
  )
}

/** Gives every batch its offset, epoch and timestamp. Only a changed timestamp touches the checksum. */
function assignAll(append: LeaderAppend, records: Buffer, maxTimestamps: readonly number[]): ValidatedBatches {
  const { options, config, nowMs } = append
  const appendTime = config.messageTimestampType === 'LogAppendTime' && options.origin !== 'raft-leader'
  const batches: RecordBatchHeader[] = []
  let nextOffset = append.nextOffset
  let at = 0
  for (const recordsMaxTimestamp of maxTimestamps) {
    setBaseOffset(records, at, nextOffset)
    setPartitionLeaderEpoch(records, at, options.leaderEpoch)
    setMaxTimestamp(records, at, appendTime, appendTime ? nowMs : recordsMaxTimestamp)
    const header = readBatchHeader(records, at)
    batches.push(header)
    nextOffset = header.lastOffset + 1
    at += header.sizeInBytes
  }
  return { records, batches, logAppendTimeMs: appendTime ? nowMs : -1 }
}

/** Largest timestamp of the batches, -1 for none. */
export function maxTimestampOf(batches: readonly RecordBatchHeader[]): number {
  let maxTimestamp = NO_TIMESTAMP
  for (const batch of batches) maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp)
  return maxTimestamp
}

export function appendInfoOf(ready: ValidatedBatches, logStartOffset: number): AppendInfo {
  const { batches, records, logAppendTimeMs } = ready
  return {
    firstOffset: batches[0]?.baseOffset ?? -1,
    lastOffset: batches.at(-1)?.lastOffset ?? -1,
    maxTimestamp: maxTimestampOf(batches),
    logAppendTimeMs,
    logStartOffset,
    sizeInBytes: records.length,
    duplicate: false,
  }
}

/** What the producer is told of a batch that it sent before: where it went then. */
export function duplicateInfoOf(ready: ValidatedBatches, logStartOffset: number, known: BatchMetadata): AppendInfo {
  const { lastOffset, timestamp: logAppendTimeMs } = known
  const firstOffset = firstOffsetOf(known)
  return { ...appendInfoOf(ready, logStartOffset), firstOffset, lastOffset, logAppendTimeMs, duplicate: true }
}
