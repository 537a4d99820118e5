/** End-transaction markers (KIP-98): the one kind of control record a log has to understand. */
import { Reader } from '../base/bytes.ts'
import { AT } from '../protocol/records/record-batch.ts'
import type { TransactionMarker } from './producer-entry.ts'

const TYPE_ABORT = 0
const TYPE_COMMIT = 1

/** The marker in the control batch at `at`; null when compaction has emptied the batch or it is of another kind. */
export function readTransactionMarker(records: Buffer, at: number): TransactionMarker | null {
  if (records.readInt32BE(at + AT.recordCount) <= 0) return null
  const reader = new Reader(records, at + AT.records)
  reader.varint() // length
  reader.skip(1) // attributes
  const timestampDelta = varlong(records, reader)
  reader.varint() // offset delta
  const keyLength = reader.varint()
  if (keyLength < 4) return null
  const keyAt = reader.skip(keyLength)
  const type = records.readInt16BE(keyAt + 2)
  if (type !== TYPE_ABORT && type !== TYPE_COMMIT) return null
  const valueAt = reader.skip(reader.varint())
  return {
    commit: type === TYPE_COMMIT,
    coordinatorEpoch: records.readInt32BE(valueAt + 2),
    timestamp: Number(records.readBigInt64BE(at + AT.baseTimestamp)) + timestampDelta,
  }
}

/** Zig-zag, up to 10 bytes; exact up to 2^53 like every timestamp here. */
function varlong(records: Buffer, reader: Reader): number {
  let value = 0
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = records[reader.skip(1)]!
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}
