/** `.snapshot` files: the producers of a log up to the offset in the file's name (KAFKA `ProducerSnapshot.json`). */
import { crc32c } from '../base/crc32c.ts'
import { CorruptFileError } from './errors.ts'
import { ProducerEntry } from './producer-entry.ts'
import { timestampToInt64 } from './time-index.ts'

const VERSION = 1
const AT_CRC = 2
const AT_ENTRIES = 6
const HEADER_BYTES = 10
const ENTRY_BYTES = 46

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
  bytes.writeBigInt64BE(entry.producerId, at)
  bytes.writeInt16BE(entry.producerEpoch, at + 8)
  bytes.writeInt32BE(entry.lastSequence, at + 10)
  bytes.writeBigInt64BE(BigInt(last?.lastOffset ?? -1), at + 14)
  bytes.writeInt32BE(last?.offsetDelta ?? 0, at + 22)
  bytes.writeBigInt64BE(timestampToInt64(entry.lastTimestamp), at + 26)
  bytes.writeInt32BE(entry.coordinatorEpoch, at + 34)
  bytes.writeBigInt64BE(BigInt(entry.transactionFirstOffset ?? -1), at + 38)
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
  const entry = new ProducerEntry(bytes.readBigInt64BE(at))
  entry.producerEpoch = bytes.readInt16BE(at + 8)
  entry.coordinatorEpoch = bytes.readInt32BE(at + 34)
  entry.lastTimestamp = Number(bytes.readBigInt64BE(at + 26))
  const transactionFirstOffset = Number(bytes.readBigInt64BE(at + 38))
  entry.transactionFirstOffset = transactionFirstOffset < 0 ? null : transactionFirstOffset
  const lastOffset = Number(bytes.readBigInt64BE(at + 14))
  if (lastOffset >= 0) {
    entry.batches.push({
      lastSequence: bytes.readInt32BE(at + 10),
      lastOffset,
      offsetDelta: bytes.readInt32BE(at + 22),
      timestamp: entry.lastTimestamp,
    })
  }
  return entry
}
