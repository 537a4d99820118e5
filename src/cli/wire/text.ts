/** Small pieces of text about messages: names, lists, offsets, records. */
import { RecordsSummary, summariseRecords } from '../../protocol/records/summary.ts'
import { elementCount } from '../../protocol/stream-decoder.ts'

/** A decoded structure, whose fields are looked up by name. */
export type Message = { readonly [field: string]: unknown }

const MAX_NAMES = 5

export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
}

/** The structures of a list; none where there is no list. */
export function structsIn(message: Message, name: string): readonly Message[] {
  const value = message[name]
  return Array.isArray(value) ? value.filter(isMessage) : []
}

/** A list of plain values as text. */
export function plainIn(message: Message, name: string): readonly string[] {
  const value = message[name]
  return Array.isArray(value) ? value.map(String) : []
}

/** `1 record`, `3 records`. */
export function counted(count: number | bigint, one: string, many = `${one}s`): string {
  return `${count} ${Number(count) === 1 ? one : many}`
}

/** The first names and how many more: `orders payments and 7 more`. */
export function listed(names: readonly string[], separator = ' ', max = MAX_NAMES): string {
  const total = elementCount(names)
  const shown = names.slice(0, max).join(separator)
  return total > max ? `${shown} and ${total - max} more` : shown
}

/** `120 bytes`, `3.4 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 10_000) return counted(bytes, 'byte')
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 100_000) / 10} MB`
}

/** `2.1 ms`, `512 ms`. */
export function millisecondsText(ms: number): string {
  return `${ms < 100 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`
}

/** A `records` field in whatever shape it is there. */
export function recordsOf(value: unknown): RecordsSummary {
  if (value instanceof RecordsSummary) return value
  return Buffer.isBuffer(value) ? summariseRecords(value) : new RecordsSummary()
}

/** `3 records in 2 batches`; what cannot be counted is said to be so. */
export function recordsText({ batchCount, recordCount, unreadable }: RecordsSummary): string {
  if (unreadable !== null && batchCount === 0) return `records that kt cannot read (${unreadable})`
  return `${counted(recordCount, 'record')}${batchCount > 1 ? ` in ${batchCount} batches` : ''}`
}
