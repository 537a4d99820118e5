/** What a leader checks and rewrites before it appends (KAFKA `LogValidator`, `UnifiedLog.analyzeAndValidateRecords`). */
import { crc32c } from '../base/crc32c.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import {
  AT,
  isControlBatch,
  NO_PRODUCER_ID,
  type RecordBatchHeader,
  setBaseOffset,
  setPartitionLeaderEpoch,
} from '../protocol/records/record-batch.ts'
import { splitBatches } from './batches.ts'
import type { AppendOptions, LogConfig } from './types.ts'

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
  readonly logAppendTimeMs: number
}

export function validateForLeader(append: LeaderAppend): ValidatedBatches {
  const { options, config, partition } = append
  const batches = splitBatches(append.records)
  if (batches.length === 0) {
    throw new KafkaError('INVALID_RECORD', `Record batch has no batches at all in topic partition ${partition}`)
  }
  if (options.origin === 'client' && batches.length > 1) {
    throw new KafkaError('INVALID_RECORD', 'Compressed outer record has more than one batch')
  }
  let at = 0
  let nextOffset = append.nextOffset
  const ready: RecordBatchHeader[] = []
  for (const batch of batches) {
    checkSize(batch, config, partition)
    checkCrc(append.records, at, batch, partition)
    if (options.origin === 'client') checkClientBatch(batch, partition)
    ready.push(assign(append.records, at, batch, nextOffset, options.leaderEpoch))
    nextOffset += batch.lastOffsetDelta + 1
    at += batch.sizeInBytes
  }
  return { records: append.records.subarray(0, at), batches: ready, logAppendTimeMs: -1 }
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
    checkCrc(records, at, batch, partition)
    if (batch.baseOffset < expected) {
      throw new KafkaError(
        'UNKNOWN_SERVER_ERROR',
        `Unexpected offset in append to ${partition}: ${batch.baseOffset} is less than the next offset ${expected}`,
      )
    }
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

export function checkCrc(records: Buffer, at: number, batch: RecordBatchHeader, partition: string): void {
  if (crc32c(records, at + AT.attributes, at + batch.sizeInBytes) === batch.crc) return
  throw new KafkaError(
    'CORRUPT_MESSAGE',
    `Record is corrupt (stored crc = ${batch.crc}) in topic partition ${partition}.`,
  )
}

function checkClientBatch(batch: RecordBatchHeader, partition: string): void {
  const where = `in topic partition ${partition}`
  const refuse = (why: string): never => {
    throw new KafkaError('INVALID_RECORD', `${why} ${where}`)
  }
  if (batch.baseOffset !== 0) {
    throw new KafkaError(
      'INVALID_RECORD',
      `The baseOffset of the record batch in the append to ${partition} should be 0, but it is ${batch.baseOffset}`,
    )
  }
  if (batch.lastOffsetDelta < 0) refuse(`Batch has an invalid offset range: [${batch.baseOffset}, ${batch.lastOffset}]`)
  if (batch.recordCount <= 0) refuse(`Invalid reported count for record batch: ${batch.recordCount}`)
  if (batch.lastOffsetDelta + 1 !== batch.recordCount) {
    refuse(
      `Inconsistent batch offset range [${batch.baseOffset}, ${batch.lastOffset}] ` +
        `and count of records ${batch.recordCount}`,
    )
  }
  if (isControlBatch(batch.attributes)) refuse('Clients are not allowed to write control records')
  if (batch.producerId !== NO_PRODUCER_ID && batch.baseSequence < 0) {
    refuse(`Invalid sequence number ${batch.baseSequence} in record batch with producerId ${batch.producerId}`)
  }
}

/** Writes offset and epoch into the header, outside of what the checksum covers. */
function assign(
  records: Buffer,
  at: number,
  batch: RecordBatchHeader,
  baseOffset: number,
  leaderEpoch: number,
): RecordBatchHeader {
  setBaseOffset(records, at, baseOffset)
  setPartitionLeaderEpoch(records, at, leaderEpoch)
  return { ...batch, baseOffset, lastOffset: baseOffset + batch.lastOffsetDelta, partitionLeaderEpoch: leaderEpoch }
}
