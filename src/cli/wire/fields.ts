/**
 * A message with all its fields, as the protocol's tables have them in this version: nested, bounded, records as the headers
 * of their batches, secrets and bytes never.
 */

import { ErrorCode, errorName } from '../../protocol/error-codes.ts'
import { defaultOf, isDefault } from '../../protocol/layout.ts'
import { COMPRESSION_NAMES } from '../../protocol/records/record-batch.ts'
import type { BatchSummary } from '../../protocol/records/summary.ts'
import { type Field, type Fields, includesVersion, type Schema } from '../../protocol/schema.ts'
import { elementCount } from '../../protocol/stream-decoder.ts'
import type { Structure } from '../format.ts'
import type { WireKnowledge } from './knowledge.ts'
import { counted, isMessage, type Message, recordsOf } from './text.ts'

/** Elements of a list, lines of a message, characters of a text that are shown. */
const MAX_ITEMS = 10
const MAX_LINES = 200
const MAX_TEXT = 200

const SECRET = /password|secret|jaas|credential|token|private|\.key$/i
const UUID_NAME = /^topicId$/

type Names = Pick<WireKnowledge, 'topicName'>

/** Lines of a message, each behind `indent`. */
export function fieldLines(schema: Schema, version: number, value: unknown, names: Names, indent = ''): string[] {
  const lines = isMessage(value) ? [...structLines(schema.fields, version, value, names)] : []
  const cut =
    lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), `... and ${lines.length - MAX_LINES} more lines`] : lines
  return cut.map((line) => `${indent}${line}`)
}

function* structLines(fields: Fields, version: number, value: Message, names: Names): Generator<string> {
  for (const [name, field] of Object.entries(fields)) {
    if (!includesVersion(field.versions, version)) continue
    const own = value[name] === undefined ? defaultOf(field) : value[name]
    // A field of the tag section travels only when it says something (KIP-482).
    const { tag, taggedVersions } = field.options
    if (tag !== undefined && includesVersion(taggedVersions ?? '0+', version) && isDefault(field, own)) continue
    yield* fieldText(name, field, own, version, value, names)
  }
}

function* fieldText(
  name: string,
  field: Field<unknown>,
  value: unknown,
  version: number,
  around: Message,
  names: Names,
): Generator<string> {
  if (field.kind === 'records') yield* recordLines(name, value)
  else if (field.kind === 'array' && Array.isArray(value)) yield* arrayLines(name, field, value, version, names)
  else if (field.kind === 'struct' && isMessage(value)) {
    yield `${name}:`
    for (const line of structLines(field.fields!, version, value, names)) yield `  ${line}`
  } else yield `${name}: ${scalarText(name, value, around, names)}`
}

function* arrayLines(
  name: string,
  field: Field<unknown>,
  items: readonly unknown[],
  version: number,
  names: Names,
): Generator<string> {
  const total = elementCount(items)
  const shown = items.slice(0, MAX_ITEMS)
  const more = total > shown.length ? `... and ${total - shown.length} more` : null
  const element = field.element!
  if (element.fields === undefined) {
    const texts = shown.map((each) => scalarText('', each, {}, names))
    yield `${name}: [${[...texts, ...(more === null ? [] : [more])].join(', ')}]`
    return
  }
  yield `${name}: ${total === 0 ? 'none' : total}`
  for (const item of shown) {
    let bullet = '- '
    for (const line of structLines(element.fields, version, item as Message, names)) {
      yield `  ${bullet}${line}`
      bullet = '  '
    }
  }
  if (more !== null) yield `  ${more}`
}

function* recordLines(name: string, value: unknown): Generator<string> {
  const summary = recordsOf(value)
  if (value === null || summary.sizeInBytes === 0) {
    yield `${name}: ${value === null ? 'null' : 'none'}`
    return
  }
  const { batchCount, recordCount, sizeInBytes, unreadable, incompleteBytes, batches } = summary
  const rest = incompleteBytes > 0 ? `, and ${incompleteBytes} bytes of one that is cut off` : ''
  yield `${name}: ${counted(batchCount, 'batch', 'batches')}, ${counted(recordCount, 'record')}, ${sizeInBytes} bytes${rest}`
  for (const batch of batches.slice(0, MAX_ITEMS)) yield `  - ${batchText(batch)}`
  if (batchCount > MAX_ITEMS) yield `  ... and ${batchCount - MAX_ITEMS} more`
  if (unreadable !== null) yield `  from there on unreadable: ${unreadable}`
}

function batchText(batch: BatchSummary): string {
  const parts = [
    batch.baseOffset === batch.lastOffset
      ? `offset ${batch.baseOffset}`
      : `offsets ${batch.baseOffset} to ${batch.lastOffset}`,
    counted(batch.recordCount, 'record'),
    `${batch.sizeInBytes} bytes`,
    batch.compression === COMPRESSION_NAMES[0] ? 'not compressed' : batch.compression,
  ]
  if (batch.partitionLeaderEpoch >= 0) parts.push(`leader epoch ${batch.partitionLeaderEpoch}`)
  if (batch.producerId >= 0n) {
    parts.push(`producer ${batch.producerId} epoch ${batch.producerEpoch} sequence ${batch.baseSequence}`)
  }
  if (batch.isTransactional) parts.push('transactional')
  if (batch.isControl) parts.push('control: the end of a transaction')
  return parts.join(', ')
}

/** One value; what it means where the number alone says nothing. */
function scalarText(name: string, value: unknown, around: Message, names: Names): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'object') {
    const bytes = (value as { byteLength?: number }).byteLength
    return bytes === undefined ? '...' : `<${counted(bytes, 'byte')}, not shown>`
  }
  if (isSecret(name, around)) return '<hidden>'
  if (typeof value === 'string') return textOf(name, value, names)
  if (/errorCode$/i.test(name) && value !== ErrorCode.NONE) return `${value} (${errorName(Number(value))})`
  return String(value)
}

/** A setting's value, where the setting's name says so. */
function isSecret(name: string, around: Message): boolean {
  if (SECRET.test(name) && !/tokenId|tokens|credentialInfos/i.test(name)) return true
  const setting = around.name ?? around.configName ?? around.key
  return name === 'value' && typeof setting === 'string' && SECRET.test(setting)
}

function textOf(name: string, value: string, names: Names): string {
  if (UUID_NAME.test(name)) {
    const known = names.topicName(value)
    return known === value ? value : `${value} (${known})`
  }
  const cut = value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}...` : value
  // Control characters of another's text would reach the terminal.
  return /^[\w.:/@+-]+$/.test(cut) ? cut : JSON.stringify(cut)
}

/** Elements of a list in a document: enough to look through, not enough to fill a disk. */
const MAX_DOCUMENT_ITEMS = 1000

/** The same as a structure, for documents: bytes as their number, records as their counts, secrets as null. */
export function fieldValues(schema: Schema, version: number, value: unknown): Structure {
  return isMessage(value) ? structValues(schema.fields, version, value) : null
}

function structValues(fields: Fields, version: number, value: Message): Structure {
  const present = Object.entries(fields).filter(([, field]) => includesVersion(field.versions, version))
  return Object.fromEntries(
    present.map(([name, field]) => {
      const own = value[name] === undefined ? defaultOf(field) : value[name]
      return [name, isSecret(name, value) ? null : fieldValue(field, version, own)]
    }),
  )
}

function fieldValue(field: Field<unknown>, version: number, value: unknown): Structure {
  if (value === null || value === undefined) return null
  if (field.kind === 'records') {
    const { batchCount, recordCount, sizeInBytes, firstOffset, lastOffset } = recordsOf(value)
    return { batchCount, recordCount, sizeInBytes, firstOffset, lastOffset }
  }
  if (Array.isArray(value)) {
    return value.slice(0, MAX_DOCUMENT_ITEMS).map((each) => fieldValue(field.element!, version, each))
  }
  if (field.fields !== undefined && isMessage(value)) return structValues(field.fields, version, value)
  if (typeof value === 'object') return { sizeInBytes: (value as { byteLength?: number }).byteLength ?? 0 }
  return value as string | number | boolean | bigint
}
