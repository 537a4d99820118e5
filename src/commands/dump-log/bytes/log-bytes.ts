/** A `.log` or `.checkpoint` file, batch by batch: at most one batch is in memory. */
import type { FileSystem } from '../../../base/file-system.ts'
import { type BrokenTail, type DumpedBatch, readBatches } from '../../../log/dump/index.ts'
import { KafkaError } from '../../../protocol/error-codes.ts'
import { loadCodec, loadedCodec, MAX_DECOMPRESSED_BYTES } from '../../../protocol/records/compression.ts'
import {
  BATCH_HEADER_BYTES,
  COMPRESSION_NAMES,
  compressionOf,
  isControlBatch,
  isLogAppendTime,
  LOG_OVERHEAD_BYTES,
  MAGIC_V2,
  type RecordBatchHeader,
  readBatchHeader,
} from '../../../protocol/records/record-batch.ts'
import { isCrcValid, nameHeader } from './batch-header.ts'
import { ControlContents, type MakeContents } from './contents.ts'
import { FieldList, type NamedUnit } from './named-fields.ts'
import { nameRecord, type RecordBase } from './record-fields.ts'
import type { ByteLimits, FileView } from './views.ts'

/** Of a batch whose end is missing, at most this much is read. */
const MAX_TAIL_BYTES = 1024 * 1024

/** The file's units in order; what it returns says where the view stopped before the file's end. */
export async function* logUnits(view: FileView, contents: MakeContents): AsyncGenerator<NamedUnit, number> {
  const { files, file, limits } = view
  const from = await startOf(files, file, limits)
  const batches = readBatches(files, file, { from })
  let position = from
  for (let count = 0; ; count++) {
    const next = batches.next()
    if (next.done) {
      if (next.value === null) return position
      yield* tailUnits(view, next.value, contents)
      return next.value.position + next.value.bytes
    }
    if (count === limits.maxUnits) {
      batches.return(null)
      return position
    }
    yield* batchUnits(next.value, contents, limits)
    position += next.value.bytes.length
  }
}

/** The batch that holds the position or offset asked for; behind bytes that are no batch, the position itself. */
async function startOf(files: FileSystem, file: string, limits: ByteLimits): Promise<number> {
  const { fromPosition, offset } = limits
  if (fromPosition === 0 && offset === null) return 0
  const batches = readBatches(files, file)
  let end = 0
  for (;;) {
    const next = batches.next()
    if (next.done) return offset === null && next.value !== null ? Math.max(fromPosition, end) : end
    const { position, header, bytes } = next.value
    end = position + bytes.length
    if (offset === null ? end > fromPosition : header.lastOffset >= offset && end > fromPosition) {
      batches.return(null)
      return position
    }
  }
}

async function* batchUnits(
  batch: DumpedBatch,
  contents: MakeContents,
  limits: ByteLimits,
): AsyncGenerator<NamedUnit, void> {
  const { position, bytes, header } = batch
  const view = { bytes, at: 0, whole: true }
  const fields = new FieldList(bytes, position)
  nameHeader(fields, view)
  const crc = isCrcValid(view) === false ? { broken: 'crc: the batch is not what it was when it was written' } : {}
  if (header.magic !== MAGIC_V2) {
    fields.unreadable('records', bytes.length, `record format v${header.magic}: kt reads v2`)
    yield fields.unit('batch', batchTitle(position, header), crc)
    return
  }
  if (compressionOf(header.attributes) !== 0) {
    yield* compressedUnits(batch, fields, contents, limits, crc)
    return
  }
  yield fields.unit('batch', batchTitle(position, header), crc)
  yield* recordUnits({ bytes, base: position, start: BATCH_HEADER_BYTES, space: 'file' }, header, contents, limits)
}

function batchTitle(position: number, header: RecordBatchHeader): string {
  const { baseOffset, lastOffset, recordCount, sizeInBytes } = header
  const records = `${recordCount} record${recordCount === 1 ? '' : 's'}`
  const kind = isControlBatch(header.attributes) ? 'control batch' : 'batch'
  return `${kind} at ${position}: offsets ${baseOffset} to ${lastOffset}, ${records}, ${sizeInBytes} bytes`
}

/** The compressed bytes as they are in the file, then the records that come out of them. */
async function* compressedUnits(
  { position, bytes, header }: DumpedBatch,
  fields: FieldList,
  contents: MakeContents,
  limits: ByteLimits,
  crc: { readonly broken?: string },
): AsyncGenerator<NamedUnit, void> {
  const packed = bytes.subarray(BATCH_HEADER_BYTES)
  const unpacked = await decompressed(packed, header)
  const notes = [`compressed with ${COMPRESSION_NAMES[compressionOf(header.attributes)] ?? 'what nobody knows'}`]
  notes.push(typeof unpacked === 'string' ? unpacked : `${unpacked.length} bytes of records come out of it`)
  fields.add('records', 'compressed', packed.length, null, notes)
  const broken = typeof unpacked === 'string' ? { broken: `records: ${unpacked}` } : {}
  yield fields.unit('batch', batchTitle(position, header), { ...broken, ...crc })
  if (typeof unpacked === 'string') return
  yield* recordUnits({ bytes: unpacked, base: 0, start: 0, space: 'decompressed' }, header, contents, limits)
}

/** The records' bytes, or why there are none. */
async function decompressed(packed: Buffer, header: RecordBatchHeader): Promise<Buffer | string> {
  const id = compressionOf(header.attributes)
  const name = COMPRESSION_NAMES[id]
  if (name === undefined) return `there is no compression ${id}`
  await loadCodec(name)
  try {
    return loadedCodec(id).decompress(packed, MAX_DECOMPRESSED_BYTES)
  } catch (error) {
    if (error instanceof KafkaError) return `cannot be decompressed: ${error.message}`
    throw error
  }
}

interface RecordBytes {
  readonly bytes: Buffer
  /** Position of the first byte, in the file or in the decompressed records. */
  readonly base: number
  readonly start: number
  readonly space: NamedUnit['space']
}

function* recordUnits(
  records: RecordBytes,
  header: RecordBatchHeader,
  contents: MakeContents,
  limits: ByteLimits,
): Generator<NamedUnit, void> {
  const { bytes, base, space } = records
  const recordBase = baseOf(header)
  const make: MakeContents = isControlBatch(header.attributes) ? () => new ControlContents() : contents
  let position = records.start
  let index = 0
  for (; position < bytes.length; index++) {
    const fields = new FieldList(bytes, base, position)
    if (index === limits.maxRecords && bytes.length > position) {
      fields.add('records', 'not shown', bytes.length - position, null, ['--max-records shows more'])
      yield fields.unit('records', `${header.recordCount - index} more records`, { space })
      return
    }
    const failure = nameRecord(fields, bytes.length, recordBase, make())
    const title = `record ${index + 1} of ${header.recordCount}`
    if (failure !== null) {
      fields.unreadable(failure.field, bytes.length, failure.why)
      yield fields.unit('record', title, { space, broken: `${failure.field}: ${failure.why}` })
      return
    }
    yield fields.unit('record', title, { space, ...tooMany(index, header) })
    position = fields.position
  }
  if (index >= header.recordCount) return
  const broken = `recordCount: the batch says ${header.recordCount}, and holds ${index}`
  yield { unit: 'records', title: 'end of the batch', space, fields: [], bytes: Buffer.alloc(0), broken }
}

function tooMany(index: number, { recordCount }: RecordBatchHeader): { broken?: string } {
  return index < recordCount ? {} : { broken: `recordCount: the batch says ${recordCount}, this is one more` }
}

function baseOf({ baseOffset, baseTimestamp, maxTimestamp, attributes, baseSequence }: RecordBatchHeader): RecordBase {
  const appendTimestamp = isLogAppendTime(attributes) ? maxTimestamp : null
  return { baseOffset, baseTimestamp, appendTimestamp, baseSequence }
}

/** What is left of a file behind its last whole batch: named as far as it goes. */
function* tailUnits(view: FileView, tail: BrokenTail, contents: MakeContents): Generator<NamedUnit, void> {
  const bytes = view.read(tail.position, Math.min(tail.bytes, MAX_TAIL_BYTES))
  const fields = new FieldList(bytes, tail.position)
  const cut = nameHeader(fields, { bytes, at: 0, whole: false })
  const end = tail.bytes
  if (cut !== null) {
    fields.unreadable(cut, end, `the file ends inside of it`)
    yield fields.unit('batch', `cut batch at ${tail.position}`, { broken: `${cut}: ${tail.reason}` })
    return
  }
  const header = readBatchHeader(bytes)
  const isPlain = header.magic === MAGIC_V2 && compressionOf(header.attributes) === 0
  if (header.sizeInBytes < BATCH_HEADER_BYTES || !isPlain) {
    const field = header.sizeInBytes < BATCH_HEADER_BYTES ? 'batchLength' : 'records'
    fields.unreadable('records', end, isPlain ? impossible(header) : 'cut short')
    yield fields.unit('batch', `cut batch at ${tail.position}`, { broken: `${field}: ${tail.reason}` })
    return
  }
  yield fields.unit('batch', `cut ${batchTitle(tail.position, header)}`, { broken: `records: ${tail.reason}` })
  const cutBytes = { bytes, base: tail.position, start: BATCH_HEADER_BYTES, space: 'file' } as const
  yield* recordUnits(cutBytes, header, contents, view.limits)
  if (end > bytes.length) {
    const rest = new FieldList(Buffer.alloc(0), tail.position + bytes.length)
    rest.add('records', 'not shown', end - bytes.length, null, ['rest of a cut batch'])
    yield rest.unit('records', `rest of the cut batch at ${tail.position}`)
  }
}

function impossible({ sizeInBytes }: RecordBatchHeader): string {
  const length = sizeInBytes - LOG_OVERHEAD_BYTES
  return length === 0 ? 'zeros: preallocated, or lost in a power failure' : `no batch has a length of ${length}`
}
