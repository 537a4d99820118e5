import { sizeOfVarint } from '../../base/varint.ts'
import { BATCH_HEADER_BYTES } from '../../protocol/records/record-batch.ts'
import { headerKeyLength, type RecordHeader } from '../../protocol/records/record-header.ts'

/** Length, attributes, timestamp and offset deltas of a record at their longest (Kafka's MAX_RECORD_OVERHEAD). */
export const MAX_RECORD_OVERHEAD_BYTES = 21

function sizeOfField(length: number): number {
  return sizeOfVarint(length) + Math.max(0, length)
}

/** Most bytes a record can take within a batch. Lengths of -1 stand for null. */
export function recordSizeUpperBound(
  keyLength: number,
  valueLength: number,
  headers: readonly RecordHeader[] = [],
): number {
  let size =
    MAX_RECORD_OVERHEAD_BYTES + sizeOfField(keyLength) + sizeOfField(valueLength) + sizeOfVarint(headers.length)
  for (const header of headers) {
    const { value } = header
    size += sizeOfField(headerKeyLength(header)) + sizeOfField(value === null ? -1 : value.length)
  }
  return size
}

/** Most bytes a batch of this one record can take: what Kafka holds against `max.request.size`. */
export function serializedSize(keyLength: number, valueLength: number, headers?: readonly RecordHeader[]): number {
  return BATCH_HEADER_BYTES + recordSizeUpperBound(keyLength, valueLength, headers)
}
