/** The 61 bytes before a batch's records. Names and positions are those the code reads by (`AT`). */
import { crc32c } from '../../../base/crc32c.ts'
import {
  AT,
  BATCH_HEADER_BYTES,
  COMPRESSION_NAMES,
  compressionOf,
  hasDeleteHorizon,
  isControlBatch,
  isLogAppendTime,
  isTransactional,
  LOG_OVERHEAD_BYTES,
} from '../../../protocol/records/record-batch.ts'
import type { FieldList, FieldValue } from './named-fields.ts'
import { timeNotes } from './times.ts'

type HeaderField = Exclude<keyof typeof AT, 'records'>

/** Where each field ends: where the next one begins. */
const STARTS = Object.entries(AT) as [HeaderField | 'records', number][]
const HEADER_FIELDS = STARTS.slice(0, -1).map(([name, start], index) => {
  return { name: name as HeaderField, start, sizeInBytes: STARTS[index + 1]![1] - start }
})

/** What of a header is known; `whole` is false for a batch whose end is missing, whose checksum cannot be computed. */
export interface HeaderView {
  readonly bytes: Buffer
  readonly at: number
  readonly whole: boolean
}

/** Names the header's fields, as many as there are bytes for; returns the name of the one that is cut, or null. */
export function nameHeader(fields: FieldList, header: HeaderView): HeaderField | null {
  const { bytes, at } = header
  for (const { name, start, sizeInBytes } of HEADER_FIELDS) {
    const end = at + start + sizeInBytes
    if (end > bytes.length) return name
    const value = readInteger(bytes, at + start, sizeInBytes, name === 'crc')
    fields.add(name, typeName(name, sizeInBytes), sizeInBytes, value, notesOf(name, Number(value), header))
  }
  return null
}

function readInteger(bytes: Buffer, at: number, sizeInBytes: number, unsigned: boolean): FieldValue {
  if (sizeInBytes === 8) return bytes.readBigInt64BE(at)
  return unsigned ? bytes.readUIntBE(at, sizeInBytes) : bytes.readIntBE(at, sizeInBytes)
}

function typeName(name: HeaderField, sizeInBytes: number): string {
  return `${name === 'crc' ? 'uint' : 'int'}${sizeInBytes * 8}`
}

function notesOf(name: HeaderField, value: number, header: HeaderView): string[] {
  const { bytes, at } = header
  const field = (other: HeaderField): number => Number(readField(bytes, at, other))
  const attributes = (): number => field('attributes')
  switch (name) {
    case 'baseOffset':
      return ['offset of the first record']
    case 'batchLength':
      return [`bytes after this field: the batch takes ${value + LOG_OVERHEAD_BYTES}`]
    case 'partitionLeaderEpoch':
      return ['of the append; not under the checksum']
    case 'magic':
      return [value === 2 ? 'record format v2' : `record format v${value}`]
    case 'crc':
      return crcNotes(value, header)
    case 'attributes':
      return attributeNotes(value)
    case 'lastOffsetDelta':
      return [`last offset ${field('baseOffset') + value}`]
    case 'baseTimestamp':
      if (hasDeleteHorizon(attributes())) return [...timeNotes(value), 'delete horizon: when tombstones may go']
      return timeNotes(value)
    case 'maxTimestamp':
      return [...timeNotes(value), isLogAppendTime(attributes()) ? 'time of the append' : 'largest of its records']
    case 'producerId':
      return value < 0 ? ['none: not idempotent'] : []
    case 'producerEpoch':
      return value < 0 ? ['none'] : []
    case 'baseSequence':
      return value < 0
        ? ['none']
        : [`of the first record; the last has ${lastSequence(value, field('lastOffsetDelta'))}`]
    case 'recordCount':
      return []
  }
}

function readField(bytes: Buffer, at: number, name: HeaderField): FieldValue {
  const { start, sizeInBytes } = HEADER_FIELDS.find((each) => each.name === name)!
  return at + start + sizeInBytes > bytes.length ? 0 : readInteger(bytes, at + start, sizeInBytes, false)
}

/** Sequences are 31 bits and wrap to 0 (KIP-98). */
function lastSequence(base: number, delta: number): number {
  return (base + delta) % 2 ** 31
}

/** Whether a checksum says what it should; null when it cannot be computed. */
export function isCrcValid({ bytes, at, whole }: HeaderView): boolean | null {
  if (!whole || bytes.length < at + BATCH_HEADER_BYTES) return null
  return crc32c(bytes, at + AT.attributes, bytes.length) === bytes.readUInt32BE(at + AT.crc)
}

function crcNotes(stored: number, { bytes, at, whole }: HeaderView): string[] {
  const covers = 'CRC-32C, attributes to end of batch'
  if (!whole) return [covers, 'cannot be computed: the end is missing']
  const computed = crc32c(bytes, at + AT.attributes, bytes.length)
  return [covers, computed === stored ? `computed ${computed}: the same` : `computed ${computed}: DIFFERENT`]
}

function attributeNotes(value: number): string[] {
  const compression = compressionOf(value)
  const bit = (isSet: boolean): number => (isSet ? 1 : 0)
  const unused = (value & 0xffff) >>> 7
  return [
    `bits 0-2 compression: ${compression} ${COMPRESSION_NAMES[compression] ?? 'unknown'}`,
    `bit 3 timestamp type: ${isLogAppendTime(value) ? '1 LogAppendTime' : '0 CreateTime'}`,
    `bit 4 transactional: ${bit(isTransactional(value))}`,
    `bit 5 control batch: ${bit(isControlBatch(value))}`,
    `bit 6 delete horizon: ${bit(hasDeleteHorizon(value))}`,
    ...(unused === 0 ? [] : [`bits 7-15 unused, and yet: ${unused.toString(2)}`]),
  ]
}
