/** Indexes and producer snapshots: entries of fixed size, by the declarations that the log's own readers have. */
import * as path from 'node:path'
import { crc32c } from '../../../base/crc32c.ts'
import {
  ABORTED_TXN_AT,
  abortedTxn,
  OFFSET_INDEX_AT,
  offsetIndexEntry,
  producerSnapshot,
  SNAPSHOT_HEAD_AT,
  TIME_INDEX_AT,
  timeIndexEntry,
} from '../../../log/file-layouts.ts'
import { offsetOf } from '../../../log/file-names.ts'
import type { ByteRange } from '../../../protocol/interpret.ts'
import type { Schema } from '../../../protocol/schema.ts'
import { FieldList, type NamedUnit, type NotesOf, whyUnreadable } from './named-fields.ts'
import { timeNotes } from './times.ts'
import type { FileView } from './views.ts'

interface EntryKind {
  readonly schema: Schema
  readonly sizeInBytes: number
  /** A file of such entries may be longer than what was written into it: the rest are zeros. */
  readonly preallocated: boolean
  readonly notes: (range: ByteRange, baseOffset: number) => readonly string[]
  /** The offset by which `--offset` finds an entry. */
  readonly offset: (bytes: Buffer, baseOffset: number) => number
}

const relativeOffsetOf =
  (at: number) =>
  (bytes: Buffer, baseOffset: number): number =>
    baseOffset + bytes.readInt32BE(at)

const KINDS: Readonly<Record<string, EntryKind>> = {
  '.index': {
    schema: offsetIndexEntry,
    sizeInBytes: OFFSET_INDEX_AT.size,
    preallocated: true,
    notes: indexNotes,
    offset: relativeOffsetOf(OFFSET_INDEX_AT.at.relativeOffset),
  },
  '.timeindex': {
    schema: timeIndexEntry,
    sizeInBytes: TIME_INDEX_AT.size,
    preallocated: true,
    notes: indexNotes,
    offset: relativeOffsetOf(TIME_INDEX_AT.at.relativeOffset),
  },
  '.txnindex': {
    schema: abortedTxn,
    sizeInBytes: ABORTED_TXN_AT.size,
    preallocated: false,
    notes: transactionNotes,
    offset: (bytes) => Number(bytes.readBigInt64BE(ABORTED_TXN_AT.at.lastOffset)),
  },
}

function indexNotes({ path: name, value }: ByteRange, baseOffset: number): string[] {
  if (name === 'relativeOffset')
    return [`offset ${baseOffset + Number(value)}: ${baseOffset} in the file's name + this`]
  return name === 'timestamp' ? timeNotes(Number(value)) : ['of a batch in the .log file']
}

const TRANSACTION_NOTES: Readonly<Record<string, string>> = {
  firstOffset: 'where the aborted transaction began',
  lastOffset: 'of the marker that aborted it',
  lastStableOffset: 'right after the marker was appended',
}

function transactionNotes({ path: name }: ByteRange): string[] {
  const note = TRANSACTION_NOTES[name]
  return note === undefined ? [] : [note]
}

/** Entries read at once. */
const ENTRIES_PER_READ = 4096

/** Entries of an index, in order; what it returns says where the view stopped. */
export function* entryUnits(view: FileView, suffix: string): Generator<NamedUnit, number> {
  const kind = KINDS[suffix]!
  const { limits, sizeInBytes } = view
  const baseOffset = offsetOf(path.basename(view.file)) ?? 0
  const size = kind.sizeInBytes
  let position = limits.fromPosition - (limits.fromPosition % size)
  let shown = 0
  while (position < sizeInBytes) {
    const bytes = view.read(position, size * ENTRIES_PER_READ)
    for (let at = 0; at < bytes.length; at += size) {
      const entry = bytes.subarray(at, at + size)
      const here = position + at
      if (entry.length < size) return yield* cutEntry(entry, here)
      if (kind.preallocated && here > 0 && entry.every((byte) => byte === 0)) return yield* zeros(view, here)
      if (limits.offset !== null && kind.offset(entry, baseOffset) < limits.offset) continue
      if (shown === limits.maxUnits) return here
      yield entryUnit(kind, entry, here, baseOffset)
      shown++
    }
    position += bytes.length
  }
  return sizeInBytes
}

function entryUnit(kind: EntryKind, bytes: Buffer, position: number, baseOffset: number): NamedUnit {
  const fields = new FieldList(bytes, position)
  fields.message(kind.schema, 0, bytes.length, { notes: (range) => kind.notes(range, baseOffset) })
  return fields.unit('entry', `entry ${position / kind.sizeInBytes + 1}`)
}

function* cutEntry(bytes: Buffer, position: number): Generator<NamedUnit, number> {
  const fields = new FieldList(bytes, position)
  fields.unreadable('entry', bytes.length, 'the file ends inside of it')
  yield fields.unit('entry', 'cut entry', {
    broken: `the file does not hold whole entries: ${bytes.length} bytes left`,
  })
  return position + bytes.length
}

/** Kafka makes an index as large as it may get and cuts it when the segment is closed. */
function* zeros(view: FileView, from: number): Generator<NamedUnit, number> {
  const end = view.sizeInBytes
  let position = from
  while (position < end) {
    const bytes = view.read(position, 1024 * 1024)
    const other = bytes.findIndex((byte) => byte !== 0)
    if (other >= 0) return yield* rest(view, from, `no entry, and no free space: byte ${position + other} is not zero`)
    position += bytes.length
  }
  return yield* rest(view, from, null)
}

function* rest(view: FileView, from: number, why: string | null): Generator<NamedUnit, number> {
  const fields = new FieldList(Buffer.alloc(view.limits.maxFieldBytes === 0 ? 0 : 16), from)
  const size = view.sizeInBytes - from
  if (why !== null) fields.add('entries', 'unreadable', size, null, [why])
  else fields.add('free', 'zeros', size, null, ['preallocated: not written yet'])
  yield fields.unit('free', 'rest of the file', why === null ? {} : { broken: why })
  return view.sizeInBytes
}

/** More producers than a broker keeps. */
const MAX_SNAPSHOT_BYTES = 64 * 1024 * 1024

const PRODUCER_NOTES: Readonly<Record<string, string>> = {
  epoch: 'producer epoch',
  lastSequence: 'of the last batch',
  lastOffset: 'of the last batch',
  offsetDelta: 'records of the last batch - 1',
  coordinatorEpoch: 'of the last transaction marker',
}

/** A `.snapshot` file: the producers of a log. */
export function* snapshotUnits(view: FileView): Generator<NamedUnit, number> {
  const bytes = view.read(0, MAX_SNAPSHOT_BYTES)
  const fields = new FieldList(bytes, 0)
  const notes: NotesOf = (range) => producerNotes(range, bytes)
  const valid =
    bytes.length > SNAPSHOT_HEAD_AT.size && computedCrc(bytes) === bytes.readUInt32BE(SNAPSHOT_HEAD_AT.at.crc)
  let broken = valid ? undefined : 'crc: the snapshot is not what it was when it was written'
  try {
    fields.message(producerSnapshot, 0, bytes.length, { notes })
    if (fields.position < bytes.length) fields.unreadable('rest', bytes.length, 'behind the last entry')
  } catch (error) {
    const why = whyUnreadable(error)
    broken = why
    fields.unreadable('producerEntries', bytes.length, why)
  }
  yield fields.unit('snapshot', 'producers', broken === undefined ? {} : { broken })
  return view.sizeInBytes
}

const computedCrc = (bytes: Buffer): number => crc32c(bytes, SNAPSHOT_HEAD_AT.size, bytes.length)

function producerNotes({ path: name, value }: ByteRange, bytes: Buffer): string[] {
  const field = name.slice(name.lastIndexOf('.') + 1)
  if (field === 'crc') {
    const computed = computedCrc(bytes)
    return [
      'CRC-32C of everything after this field',
      `computed ${computed}: ${computed === value ? 'the same' : 'DIFFERENT'}`,
    ]
  }
  if (field === 'timestamp') return timeNotes(Number(value))
  if (field === 'currentTxnFirstOffset') {
    return [value === -1n ? 'no transaction is open' : 'first offset of the open transaction']
  }
  const note = PRODUCER_NOTES[field]
  return note === undefined ? [] : [note]
}
