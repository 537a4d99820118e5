/**
 * A record as one line of JSON, without loss in either direction: what `console-consumer --format json` writes is what
 * `console-producer --format json` reads. The shape is `Record` in README.md.
 */
import { FORMAT_VERSION } from '../cli/format.ts'
import { nearest } from '../cli/nearest.ts'
import { headerOf, type RecordHeader } from '../protocol/records/record-header.ts'

/** A part of a record that was decoded into something else than its text; `json` is what stands in the line. */
export interface DecodedPart {
  readonly json: string
}

export interface RecordFields {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Milliseconds since the epoch, -1 for none. */
  readonly timestamp: number
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  readonly headers: readonly RecordHeader[]
  readonly key: Buffer | null
  readonly value: Buffer | null
}

/** What key and value were decoded to, where a decoder was named. */
export interface DecodedFields {
  readonly key?: DecodedPart | undefined
  readonly value?: DecodedPart | undefined
  readonly headers?: readonly (DecodedPart | undefined)[] | undefined
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of bytes that are UTF-8 and nothing else; null for other bytes. */
export function exactText(data: Uint8Array): string | null {
  try {
    return UTF8.decode(data)
  } catch {
    return null
  }
}

/**
 * `"value":"text"`, `"value":null`, or `"valueBase64":"..."` for what is no UTF-8. A decoded part comes with its bytes
 * beside it: the decoded form is for people, the bytes are what is read back.
 */
export function partJson(name: 'key' | 'value', data: Buffer | null, decoded?: DecodedPart): string {
  if (data === null) return `"${name}":null`
  if (decoded !== undefined) return `"${name}":${decoded.json},"${name}Base64":"${data.toString('base64')}"`
  const text = exactText(data)
  return text === null ? `"${name}Base64":"${data.toString('base64')}"` : `"${name}":${JSON.stringify(text)}`
}

/** The line of a record, without its line break. */
export function recordJson(fields: RecordFields, decoded: DecodedFields = {}): string {
  const { topic, partition, offset, timestamp, timestampType } = fields
  const headers = fields.headers.map((header, at) => {
    const { key, keyBytes, value } = header
    const keyJson = keyBytes === undefined ? `"key":${JSON.stringify(key)}` : partJson('key', keyBytes)
    return `{${keyJson},${partJson('value', value, decoded.headers?.[at])}}`
  })
  return (
    `{"apiVersion":"${FORMAT_VERSION}","kind":"Record","topic":${JSON.stringify(topic)},"partition":${partition},` +
    `"offset":${offset},"timestamp":${timestamp},"timestampType":"${timestampType}","headers":[${headers.join(',')}],` +
    `${partJson('key', fields.key, decoded.key)},${partJson('value', fields.value, decoded.value)}}`
  )
}

/** What a line says about the record to be sent; what it does not say is undefined. */
export interface ReadRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
  readonly partition: number | undefined
  readonly timestamp: number | undefined
}

/** Why a line is no record, in words that follow "line 7: ". */
export class RecordLineError extends Error {
  override readonly name = 'RecordLineError'
}

/** Fields of a line; those that tell where a record was are accepted and not used. */
const FIELDS = [
  'apiVersion',
  'kind',
  'topic',
  'partition',
  'offset',
  'timestamp',
  'timestampType',
  'headers',
  'key',
  'keyBase64',
  'value',
  'valueBase64',
]
const HEADER_FIELDS = ['key', 'keyBase64', 'value', 'valueBase64']

type Fields = Record<string, unknown>

/** Reads a line. Throws `RecordLineError` for one that is no record: nothing is guessed, a tombstone has to be written. */
export function parseRecordJson(line: string): ReadRecord {
  const fields = objectOf(line)
  refuseUnknown(fields, FIELDS, '')
  if (fields.apiVersion !== undefined && fields.apiVersion !== FORMAT_VERSION) {
    throw new RecordLineError(`apiVersion is ${JSON.stringify(fields.apiVersion)}, this reads ${FORMAT_VERSION}`)
  }
  if (fields.kind !== undefined && fields.kind !== 'Record') {
    throw new RecordLineError(`kind is ${JSON.stringify(fields.kind)}, not Record`)
  }
  const value = partOf(fields, 'value', '')
  if (value === undefined)
    throw new RecordLineError('it has neither value nor valueBase64; a tombstone says "value": null')
  return {
    key: partOf(fields, 'key', '') ?? null,
    value,
    headers: headersOf(fields.headers),
    partition: wholeOf(fields, 'partition', 0),
    // -1 is a record without a timestamp.
    timestamp: wholeOf(fields, 'timestamp', -1),
  }
}

function objectOf(line: string): Fields {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch (error) {
    throw new RecordLineError(`it is not JSON: ${(error as Error).message}`)
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Fields
  throw new RecordLineError('it is JSON, but no object: a record is written {"key": ..., "value": ...}')
}

function refuseUnknown(fields: Fields, known: readonly string[], where: string): void {
  for (const name of Object.keys(fields)) {
    if (known.includes(name)) continue
    const near = nearest(name, [...known])
    const hint = near.length === 0 ? `fields are ${known.join(', ')}` : `did you mean ${near.join(' or ')}?`
    throw new RecordLineError(`${where}unknown field ${JSON.stringify(name)}: ${hint}`)
  }
}

/** Bytes win over text: text beside them was decoded from them. Undefined when the line does not say. */
function partOf(fields: Fields, name: 'key' | 'value', where: string): Buffer | null | undefined {
  const base64 = fields[`${name}Base64`]
  if (base64 !== undefined) return bytesOf(base64, `${where}${name}Base64`)
  const text = fields[name]
  if (text === undefined || text === null) return text
  if (typeof text === 'string') return textBytes(text, `${where}${name}`)
  const hint = `write text, ${JSON.stringify(JSON.stringify(text))} for example`
  throw new RecordLineError(`${where}${name} is ${kindOf(text)}: ${hint}`)
}

function kindOf(data: unknown): string {
  if (Array.isArray(data)) return 'an array'
  return typeof data === 'object' ? 'an object' : `a ${typeof data}`
}

/** Half a surrogate pair has no bytes: it would arrive as U+FFFD. */
function textBytes(text: string, name: string): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.toString('utf8') !== text)
    throw new RecordLineError(`${name} holds half a surrogate pair, which has no bytes`)
  return bytes
}

function bytesOf(base64: unknown, name: string): Buffer {
  if (typeof base64 !== 'string') throw new RecordLineError(`${name} is ${kindOf(base64)}, not text`)
  // `Buffer.from` steps over what it does not know.
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '')) return bytes
  throw new RecordLineError(`${name} is not base64`)
}

function headersOf(headers: unknown): RecordHeader[] {
  if (headers === undefined || headers === null) return []
  if (!Array.isArray(headers)) {
    throw new RecordLineError('headers is no array: they are written [{"key": ..., "value": ...}]')
  }
  return headers.map((each: unknown, at) => {
    const where = `headers[${at}]: `
    if (typeof each !== 'object' || each === null || Array.isArray(each)) {
      throw new RecordLineError(`${where}it is no object: a header is written {"key": ..., "value": ...}`)
    }
    const fields = each as Fields
    refuseUnknown(fields, HEADER_FIELDS, where)
    const key = partOf(fields, 'key', where)
    if (key === undefined || key === null) throw new RecordLineError(`${where}it has no key, which must be text`)
    const value = partOf(fields, 'value', where)
    if (value === undefined) throw new RecordLineError(`${where}it has neither value nor valueBase64; null is a value`)
    return headerOf(key, value)
  })
}

function wholeOf(fields: Fields, name: 'partition' | 'timestamp', least: number): number | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number
  throw new RecordLineError(`${name} is ${JSON.stringify(value)}, not a whole number from ${least} on`)
}
