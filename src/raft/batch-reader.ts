/** Batches of the metadata log and of snapshot files, checked and taken apart. */
import { crc32c } from '../base/crc32c.ts'
import { ProtocolError } from '../base/errors.ts'
import { forEachRecord } from '../protocol/records/record.ts'
import {
  AT,
  BATCH_HEADER_BYTES,
  isControlBatch,
  type RecordBatchHeader,
  readBatchHeader,
} from '../protocol/records/record-batch.ts'
import { type ControlRecord, readControlRecord } from './control-batches.ts'
import type { CommittedBatch } from './types.ts'

/** Headers of whole batches in `bytes`, in order, with their position; a batch that is cut short or lies throws. */
export function* batchHeaders(bytes: Buffer): Generator<{ at: number; header: RecordBatchHeader }> {
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < BATCH_HEADER_BYTES) throw new ProtocolError(`batch header cut short at ${at}`)
    const header = readBatchHeader(bytes, at)
    if (header.sizeInBytes < BATCH_HEADER_BYTES || header.sizeInBytes > bytes.length - at) {
      throw new ProtocolError(`batch of ${header.sizeInBytes} bytes at ${at}, ${bytes.length - at} are left`)
    }
    yield { at, header }
    at += header.sizeInBytes
  }
}

/** Takes one batch apart; values are views of `bytes`. */
export function readBatch(bytes: Buffer, at: number, header: RecordBatchHeader): CommittedBatch {
  const values: Buffer[] = []
  const control: ControlRecord[] = []
  const isControl = isControlBatch(header.attributes)
  forEachRecord(bytes, at, (record) => {
    const value = record.value()
    if (isControl) control.push(readControlRecord(record.key(), value))
    else if (value !== null) values.push(value)
  })
  return {
    baseOffset: header.baseOffset,
    lastOffset: header.lastOffset,
    epoch: header.partitionLeaderEpoch,
    appendTimestamp: header.maxTimestamp,
    sizeInBytes: header.sizeInBytes,
    values,
    control,
  }
}

/** All batches of a snapshot file, each checked against its CRC. */
export function* readCheckedBatches(bytes: Buffer): Generator<CommittedBatch> {
  for (const { at, header } of batchHeaders(bytes)) {
    const crc = crc32c(bytes.subarray(at + AT.attributes, at + header.sizeInBytes))
    if (crc !== header.crc) throw new ProtocolError(`batch at ${at}: CRC is ${crc}, its header says ${header.crc}`)
    yield readBatch(bytes, at, header)
  }
}
