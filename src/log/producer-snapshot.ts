/** `.snapshot` files: the producers of a log up to the offset in the file's name (KAFKA `ProducerSnapshot.json`). */
import { crc32c } from '../base/crc32c.ts'
import { CorruptFileError } from './errors.ts'
import { PRODUCER_ENTRY_AT, SNAPSHOT_HEAD_AT } from './file-layouts.ts'
import { ProducerEntry } from './producer-entry.ts'
import { timestampToInt64 } from './time-index.ts'

const VERSION = 1
const AT = PRODUCER_ENTRY_AT.at
const AT_CRC = SNAPSHOT_HEAD_AT.at.crc
const AT_ENTRIES = SNAPSHOT_HEAD_AT.size
const HEADER_BYTES = AT_ENTRIES + 4
const ENTRY_BYTES = PRODUCER_ENTRY_AT.size

export function serializeProducerSnapshot(entries: Iterable<ProducerEntry>): Buffer {
  const all = Array.from(entries)
  const bytes = Buffer.alloc(HEADER_BYTES + all.length * ENTRY_BYTES)
  bytes.writeInt16BE(VERSION, 0)
  bytes.writeInt32BE(all.length, AT_ENTRIES)
  let at = HEADER_BYTES
  for (const entry of all) {
    writeEntry(bytes, at, entry)
    at += ENTRY_BYTES
  }
  bytes.writeUInt32BE(crc32c(bytes.subarray(AT_ENTRIES)), AT_CRC)
  return bytes
}

function writeEntry(bytes: Buffer, at: number, entry: ProducerEntry): void {
  const last = entry.batches.at(-1)
  bytes.writeBigInt64BE(entry.producerId, at + AT.producerId)
  bytes.writeInt16BE(entry.producerEpoch, at + AT.epoch)
  bytes.writeInt32BE(entry.lastSequence, at + AT.lastSequence)
  bytes.writeBigInt64BE(BigInt(last?.lastOffset ?? -1), at + AT.lastOffset)
  bytes.writeInt32BE(last?.offsetDelta ?? 0, at + AT.offsetDelta)
  bytes.writeBigInt64BE(timestampToInt64(entry.lastTimestamp), at + AT.timestamp)
  bytes.writeInt32BE(entry.coordinatorEpoch, at + AT.coordinatorEpoch)
  bytes.writeBigInt64BE(BigInt(entry.transactionFirstOffset ?? -1), at + AT.currentTxnFirstOffset)
}

/** Throws `CorruptFileError` for a wrong version, CRC or length. */
export function parseProducerSnapshot(bytes: Buffer): ProducerEntry[] {
  if (bytes.length < HEADER_BYTES) throw new CorruptFileError(`Snapshot is only ${bytes.length} bytes long`)
  const version = bytes.readInt16BE(0)
  if (version !== VERSION) throw new CorruptFileError(`Snapshot contained an unknown file version ${version}`)
  const stored = bytes.readUInt32BE(AT_CRC)
  const computed = crc32c(bytes.subarray(AT_ENTRIES))
  if (stored !== computed) {
    throw new CorruptFileError(
      `Snapshot is corrupt (CRC is no longer valid). Stored crc: ${stored}. Computed crc: ${computed}`,
    )
  }
  const count = bytes.readInt32BE(AT_ENTRIES)
  if (HEADER_BYTES + count * ENTRY_BYTES > bytes.length) {
    throw new CorruptFileError(`Snapshot promises ${count} producers in ${bytes.length} bytes`)
  }
  return Array.from({ length: count }, (_, index) => readEntry(bytes, HEADER_BYTES + index * ENTRY_BYTES))
}

function readEntry(bytes: Buffer, at: number): ProducerEntry {
  const entry = new ProducerEntry(bytes.readBigInt64BE(at + AT.producerId))
  entry.producerEpoch = bytes.readInt16BE(at + AT.epoch)
  entry.coordinatorEpoch = bytes.readInt32BE(at + AT.coordinatorEpoch)
  entry.lastTimestamp = Number(bytes.readBigInt64BE(at + AT.timestamp))
  const transactionFirstOffset = Number(bytes.readBigInt64BE(at + AT.currentTxnFirstOffset))
  entry.transactionFirstOffset = transactionFirstOffset < 0 ? null : transactionFirstOffset
  const lastOffset = Number(bytes.readBigInt64BE(at + AT.lastOffset))
  if (lastOffset >= 0) {
    entry.batches.push({
      lastSequence: bytes.readInt32BE(at + AT.lastSequence),
      lastOffset,
      offsetDelta: bytes.readInt32BE(at + AT.offsetDelta),
      timestamp: entry.lastTimestamp,
    })
  }
  return entry
}
