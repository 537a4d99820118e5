/** `--filter`: which records are printed. */
import { UsageError } from '../../cli/options.ts'
import type { RecordCursor } from '../../protocol/records/record-cursor.ts'
import type { Deserialize } from './deserializers.ts'
import { FormatError } from './formatter.ts'

/** True for a record that is wanted. `timestamp` in ms since the epoch. */
export type RecordFilter = (record: RecordCursor, timestamp: number) => boolean

export interface FilterDecoders {
  readonly key?: Deserialize | undefined
  readonly value?: Deserialize | undefined
}

/** The texts a record has under a filter's subject: none for a null, several for headers of one name. */
type Texts = (record: RecordCursor) => readonly string[]

const SYNTAX = /^\s*(key|value|header)(?:\.([^=~!\s]+))?\s*(?:(!?[=~])([\s\S]*)|(is(?:\s+not)?\s+null))?\s*$/

/**
 * `key=alice`, `key!=alice`, `value~^\{`, `value!~error`, `header.trace=7`, `header.trace`, `value.customer.id=7` (inside
 * JSON), `value is null`, `key is not null`. `~` searches for a regular expression. Throws `UsageError`.
 */
export function parseFilter(text: string, decoders: FilterDecoders = {}): RecordFilter {
  const match = SYNTAX.exec(text)
  const [, subject, path, operator, operand, isNull] = match ?? []
  if (match === null || (subject === 'header' && path === undefined)) throw unreadable(text)
  if (isNull !== undefined) return nullFilter(subject!, path, /not/.test(isNull), text)
  const texts = textsOf(subject!, path, decoders)
  if (operator === undefined) {
    if (path === undefined) throw unreadable(text)
    return (record) => texts(record).length > 0
  }
  const matches = matcher(operator, operand!, text)
  // Not equal to something: true of what is not there.
  if (operator.startsWith('!')) return (record) => !texts(record).some(matches)
  return (record) => texts(record).some(matches)
}

/**
 * Every one of them holds; null when there is none. A record that cannot be decoded passes: printing it tells what is
 * wrong with it.
 */
export function allOf(filters: readonly RecordFilter[]): RecordFilter | null {
  if (filters.length === 0) return null
  return (record, timestamp) => {
    try {
      return filters.every((filter) => filter(record, timestamp))
    } catch (error) {
      if (error instanceof FormatError) return true
      throw error
    }
  }
}

/** Records of a time: `sinceMs` is in it, `untilMs` is not; records without a timestamp are in no time. */
export function timeFilter(sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY): RecordFilter {
  return (_record, timestamp) => timestamp >= sinceMs && timestamp < untilMs
}

/** Records with this key. */
export function keyFilter(key: Buffer): RecordFilter {
  return (record) => record.key()?.equals(key) ?? false
}

function nullFilter(subject: string, path: string | undefined, negated: boolean, text: string): RecordFilter {
  if (subject === 'header') {
    return (record) => record.headers().some(({ key, value }) => key === path && (value === null) !== negated)
  }
  if (path !== undefined) throw unreadable(text)
  return (record) => (subject === 'key' ? record.keyLength < 0 : record.valueLength < 0) !== negated
}

function textsOf(subject: string, path: string | undefined, decoders: FilterDecoders): Texts {
  if (subject === 'header') {
    return (record) =>
      record.headers().flatMap(({ key, value }) => (key === path && value !== null ? [value.toString('utf8')] : []))
  }
  const part = (record: RecordCursor): Buffer | null => (subject === 'key' ? record.key() : record.value())
  const decode = subject === 'key' ? decoders.key : decoders.value
  if (path === undefined) {
    return (record) => {
      const data = part(record)
      return data === null ? [] : [decodedText(data, decode)]
    }
  }
  const steps = path.split('.')
  return (record) => {
    const data = part(record)
    const found = data === null ? undefined : walk(data, steps)
    return found === undefined ? [] : [typeof found === 'string' ? found : JSON.stringify(found)]
  }
}

function decodedText(data: Buffer, decode: Deserialize | undefined): string {
  if (decode === undefined) return data.toString('utf8')
  const printed = decode(data)
  return typeof printed === 'string' ? printed : printed.toString('utf8')
}

/** Undefined for what is no JSON, and where the path leads nowhere. */
function walk(data: Buffer, steps: readonly string[]): unknown {
  let at: unknown
  try {
    at = JSON.parse(data.toString('utf8'))
  } catch {
    return undefined
  }
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string, unknown>)[step]
  }
  return at
}

function matcher(operator: string, operand: string, text: string): (candidate: string) => boolean {
  if (operator.endsWith('=')) return (candidate) => candidate === operand
  try {
    const expression = new RegExp(operand)
    return (candidate) => expression.test(candidate)
  } catch (error) {
    throw new UsageError(`--filter '${text}': ${error instanceof Error ? error.message : String(error)}`)
  }
}

function unreadable(text: string): UsageError {
  return new UsageError(`--filter '${text}' cannot be read`, {
    facts: [
      'key=alice, value!=x, key~^a, value!~error, header.trace=7, header.trace, value.customer.id=7 (in JSON),',
      'value is null, key is not null; = is the whole text, ~ searches for a regular expression',
    ],
  })
}
