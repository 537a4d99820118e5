/** `--template`: records through a format string, with kcat's letters. */
import { UsageError } from '../../cli/options.ts'
import type { RecordCursor } from '../../protocol/records/record-cursor.ts'
import type { ByteSink } from './byte-sink.ts'
import type { Deserialize } from './deserializers.ts'
import type { MessageFormatter, RecordPlace } from './formatter.ts'

export interface TemplateOptions {
  readonly decodeKey?: Deserialize | undefined
  readonly decodeValue?: Deserialize | undefined
  /** Printed for null; nothing unless told. */
  readonly nullText?: string
}

interface Printed {
  readonly record: RecordCursor
  readonly place: RecordPlace
  readonly offset: number
  readonly timestamp: number
}

type Piece = (printed: Printed, out: ByteSink) => void

/** What `%` and a letter stand for, as help lists them. */
export const TEMPLATE_LETTERS =
  '%t topic, %p partition, %o offset, %k key, %v or %s value, %K and %V or %S their sizes, %T timestamp, %D date, ' +
  '%h headers, %% a percent sign, \\n \\t \\xNN'

const SIMPLE: Readonly<Record<string, (printed: Printed) => string>> = {
  t: ({ place }) => place.topic,
  p: ({ place }) => String(place.partition),
  o: ({ offset }) => String(offset),
  K: ({ record }) => String(record.keyLength),
  V: ({ record }) => String(record.valueLength),
  S: ({ record }) => String(record.valueLength),
  T: ({ timestamp }) => String(timestamp),
  D: ({ timestamp }) => dateText(timestamp),
  h: ({ record }) =>
    record
      .headers()
      .map(({ key, value }) => `${key}=${value === null ? 'NULL' : value.toString('utf8')}`)
      .join(','),
  '%': () => '%',
}

const MAX_DATE_MS = 8.64e15

/** `-` for a record without a timestamp, or one that no calendar has. */
export function dateText(timestamp: number): string {
  return timestamp < 0 || timestamp > MAX_DATE_MS ? '-' : new Date(timestamp).toISOString()
}

/** Prints records as the template says. Throws `UsageError` for a letter that stands for nothing. */
export function templateFormatter(template: string, options: TemplateOptions = {}): MessageFormatter {
  const pieces = parse(unescaped(template), options)
  return {
    write(record, place, offset, timestamp, out) {
      const printed = { record, place, offset, timestamp }
      for (const piece of pieces) piece(printed, out)
    },
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', '\\': '\\' }

function unescaped(template: string): string {
  return template.replaceAll(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (whole, hex: string | undefined, letter: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    return ESCAPES[letter] ?? whole
  })
}

function parse(template: string, options: TemplateOptions): Piece[] {
  return template.split(/(%.?)/s).flatMap((part): Piece[] => {
    if (part === '') return []
    if (part.startsWith('%')) return [pieceOf(part.slice(1), options)]
    return [(_printed, out) => out.text(part)]
  })
}

function pieceOf(letter: string, { decodeKey, decodeValue, nullText = '' }: TemplateOptions): Piece {
  if (letter === 'k') return ({ record }, out) => data(record.key(), decodeKey, nullText, out)
  if (letter === 'v' || letter === 's') return ({ record }, out) => data(record.value(), decodeValue, nullText, out)
  const simple = Object.hasOwn(SIMPLE, letter) ? SIMPLE[letter]! : null
  if (simple === null) throw new UsageError(`--template: %${letter} stands for nothing`, { facts: [TEMPLATE_LETTERS] })
  return (printed, out) => out.text(simple(printed))
}

function data(bytes: Buffer | null, decode: Deserialize | undefined, nullText: string, out: ByteSink): void {
  const printed = bytes === null ? nullText : decode === undefined ? bytes : decode(bytes)
  if (typeof printed === 'string') out.text(printed)
  else out.bytes(printed)
}
