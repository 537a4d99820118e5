/** Offset and time indexes: printed, compared with their log, or checked as a starting broker does. */
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import { forEachRecord } from '../../protocol/records/record.ts'
import { loadCodecOf } from './batch-codec.ts'
import { BatchFile, type FileBatch } from './batch-file.ts'
import type { DumpOutput } from './dump-output.ts'
import type { Findings } from './findings.ts'
import { baseOffsetOf } from './segment-name.ts'

/** i32 offset relative to the file's base offset, i32 position. */
const OFFSET_ENTRY_BYTES = 8
/** i64 timestamp, i32 relative offset. */
const TIME_ENTRY_BYTES = 12

export interface IndexDumpSettings {
  readonly sanityOnly: boolean
  readonly verifyOnly: boolean
}

export interface IndexDump {
  readonly files: FileSystem
  readonly settings: IndexDumpSettings
  readonly findings: Findings
  readonly output: DumpOutput
}

interface OffsetEntry {
  readonly offset: number
  readonly position: number
}
interface TimeEntry {
  readonly timestamp: number
  readonly offset: number
}

/** Prints an `.index` file, and finds entries that do not point at the batch they name. */
export function dumpOffsetIndex(file: string, { files, settings, findings, output }: IndexDump): void {
  const base = baseOffsetOf(file)
  const log = new BatchFile(files, siblingOf(file, '.log'))
  try {
    const bytes = readWhole(files, file)
    const entries = offsetEntries(bytes, base)
    if (entries.length === 0) {
      output.note(`${file} is empty.`)
    } else if (settings.sanityOnly) {
      checkOffsetIndex(file, bytes, base)
      output.note(`${file} passed sanity check.`)
    } else {
      for (const entry of entries) {
        const found = batchAt(log, entry.position)
        if (found.header.lastOffset !== entry.offset) {
          findings.indexMismatch(path.resolve(file), entry.offset, found.header.lastOffset)
        }
        if (settings.verifyOnly) continue
        output.row('OffsetIndexEntry', `offset: ${entry.offset} position: ${entry.position}`, () => ({ ...entry }))
      }
    }
  } finally {
    log.close()
  }
}

/** Prints a `.timeindex` file, and finds entries whose timestamp is not the largest of the batch they name. */
export async function dumpTimeIndex(file: string, { files, settings, findings, output }: IndexDump): Promise<void> {
  const base = baseOffsetOf(file)
  const log = new BatchFile(files, siblingOf(file, '.log'))
  try {
    const index = offsetEntries(readWhole(files, siblingOf(file, '.index')), base)
    const bytes = readWhole(files, file)
    const entries = timeEntries(bytes, base)
    if (settings.sanityOnly) {
      checkTimeIndex(file, bytes, base)
      output.note(`${file} passed sanity check.`)
      return
    }
    let previous = -1
    for (const entry of entries) {
      await compareTimeEntry(entry, previous, log, lookup(index, entry.offset), (kind, a, b) =>
        findings.timeIndex(kind, path.resolve(file), a, b),
      )
      previous = entry.timestamp
      if (settings.verifyOnly) continue
      output.row('TimeIndexEntry', `timestamp: ${entry.timestamp} offset: ${entry.offset}`, () => ({ ...entry }))
    }
  } finally {
    log.close()
  }
}

async function compareTimeEntry(
  entry: TimeEntry,
  previousTimestamp: number,
  log: BatchFile,
  position: number,
  report: (kind: 'mismatch' | 'out-of-order' | 'not-found', a: number, b: number) => void,
): Promise<void> {
  const batch = firstBatchReaching(log, position, entry.offset)
  if (batch === null || batch.header.lastOffset !== entry.offset) {
    report('not-found', entry.offset, batch?.header.lastOffset ?? -1)
    return
  }
  const largest = await largestTimestamp(batch)
  if (largest !== entry.timestamp) report('mismatch', entry.timestamp, largest)
  if (previousTimestamp >= entry.timestamp) report('out-of-order', entry.timestamp, previousTimestamp)
}

function firstBatchReaching(log: BatchFile, position: number, offset: number): FileBatch | null {
  checkPosition(log, position)
  for (const batch of log.batches(position)) if (batch.header.lastOffset >= offset) return batch
  return null
}

async function largestTimestamp(batch: FileBatch): Promise<number> {
  await loadCodecOf(batch)
  let largest = -1
  forEachRecord(batch.buffer, batch.at, (_, __, timestamp) => {
    if (timestamp > largest) largest = timestamp
  })
  return largest
}

function siblingOf(file: string, suffix: string): string {
  return path.join(path.dirname(file), `${path.basename(file).split('.')[0]}${suffix}`)
}

function readWhole(files: FileSystem, file: string): Buffer {
  try {
    return files.readFile(file)
  } catch (error) {
    throw new KtError('not-found', `Cannot read ${file}`, { facts: [(error as Error).message], cause: error })
  }
}

/** Entries up to the first that was not written: a live index is preallocated, zeros follow its last entry. */
function offsetEntries(bytes: Buffer, base: number): OffsetEntry[] {
  const entries: OffsetEntry[] = []
  for (let at = 0; at + OFFSET_ENTRY_BYTES <= bytes.length; at += OFFSET_ENTRY_BYTES) {
    const relative = bytes.readInt32BE(at)
    if (relative === 0 && at > 0) break
    entries.push({ offset: base + relative, position: bytes.readInt32BE(at + 4) })
  }
  return entries
}

function timeEntries(bytes: Buffer, base: number): TimeEntry[] {
  const entries: TimeEntry[] = []
  for (let at = 0; at + TIME_ENTRY_BYTES <= bytes.length; at += TIME_ENTRY_BYTES) {
    const relative = bytes.readInt32BE(at + 8)
    if (relative === 0 && at > 0) break
    entries.push({ timestamp: Number(bytes.readBigInt64BE(at)), offset: base + relative })
  }
  return entries
}

/** Position of the last entry at or before `offset`; the file's beginning where there is none. */
function lookup(entries: readonly OffsetEntry[], offset: number): number {
  let position = 0
  for (const entry of entries) {
    if (entry.offset > offset) break
    position = entry.position
  }
  return position
}

/** A position behind the log's end cannot be looked at. */
function checkPosition(log: BatchFile, position: number): void {
  if (position > log.sizeInBytes) {
    throw new KtError('storage', `Slice from position ${position} exceeds end position of ${log.path}`, {
      facts: [`the log is ${log.sizeInBytes} bytes long: the index belongs to another one, or the log lost its end`],
    })
  }
}

function batchAt(log: BatchFile, position: number): FileBatch {
  checkPosition(log, position)
  for (const batch of log.batches(position)) return batch
  throw new KtError('storage', `There is no whole batch at position ${position} of ${log.path}`)
}

function checkMultiple(file: string, bytes: Buffer, entryBytes: number, name: string): void {
  if (bytes.length % entryBytes === 0) return
  const reason = `found ${bytes.length} bytes which is neither positive nor a multiple of ${entryBytes}.`
  throw new KtError('storage', `${name} ${path.resolve(file)} is corrupt, ${reason}`)
}

/** The last entry, written or not, as a starting broker looks at it. */
function lastEntryAt(bytes: Buffer, entryBytes: number): number {
  return (Math.floor(bytes.length / entryBytes) - 1) * entryBytes
}

function checkOffsetIndex(file: string, bytes: Buffer, base: number): void {
  const last = base + bytes.readInt32BE(lastEntryAt(bytes, OFFSET_ENTRY_BYTES))
  if (last < base) {
    const reason = `has non-zero size but the last offset is ${last} which is less than the base offset ${base}`
    throw new KtError('storage', `Corrupt index found, index file (${path.resolve(file)}) ${reason}`)
  }
  checkMultiple(file, bytes, OFFSET_ENTRY_BYTES, 'Index file')
}

function checkTimeIndex(file: string, bytes: Buffer, base: number): void {
  const at = lastEntryAt(bytes, TIME_ENTRY_BYTES)
  if (at >= 0) {
    const prefix = `Corrupt time index found, time index file (${path.resolve(file)}) has non-zero size but the last`
    const [first, last] = [bytes.readBigInt64BE(0), bytes.readBigInt64BE(at)]
    if (last < first) {
      const reason = `${last} which is less than the first timestamp ${first}`
      throw new KtError('storage', `${prefix} timestamp is ${reason}`)
    }
    const offset = base + bytes.readInt32BE(at + 8)
    if (offset < base) {
      throw new KtError('storage', `${prefix} offset is ${offset} which is less than the first offset ${base}`)
    }
  }
  checkMultiple(file, bytes, TIME_ENTRY_BYTES, 'Time index file')
}
