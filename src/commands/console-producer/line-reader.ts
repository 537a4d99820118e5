import { KtError } from '../../base/errors.ts'
import { headerOf, type RecordHeader } from '../../protocol/records/record-header.ts'

/** The class `--line-reader` names by default; the short name is accepted too. */
export const LINE_READER_CLASS = 'org.apache.kafka.tools.LineMessageReader'

/** What a line became. Key and value are slices of the line: valid only until the next line is read. */
export interface ParsedLine {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
  /** Where the line says it goes; left out: by key, or wherever there is room. */
  readonly partition?: number | undefined
  /** Milliseconds; left out: now. */
  readonly timestamp?: number | undefined
}

/** Turns lines of standard input into records. */
export interface RecordReader {
  /** True when a line is the value and nothing else: lines can be handed on without looking at them. */
  readonly isPlain: boolean
  /** Lines read so far. */
  readonly lineNumber: number
  /** Null for a line that is no record and is stepped over. Throws a usage `KtError` for one that ends the reading. */
  parse(bytes: Buffer, start: number, end: number): ParsedLine | null
}

const NO_HEADERS: readonly RecordHeader[] = []

/**
 * Kafka's LineMessageReader over bytes: a line is `headers <headers.delimiter> key <key.separator> value`, of which
 * `parse.headers` and `parse.key` switch on the first two. Separators are compared as UTF-8 bytes; the rest of the
 * line is never decoded.
 */
export class LineReader implements RecordReader {
  readonly parsesKey: boolean
  readonly parsesHeaders: boolean
  readonly #ignoreError: boolean
  readonly #keySeparator: Buffer
  readonly #headersDelimiter: Buffer
  readonly #headersSeparator: RegExp
  readonly #headersKeySeparator: string
  readonly #nullMarker: Buffer | null
  #lineNumber = 0

  /** Throws a usage `KtError` for separators that cannot be told apart. */
  constructor(properties: ReadonlyMap<string, string>) {
    const text = (name: string, fallback: string): string => properties.get(name) ?? fallback
    const isTrue = (name: string): boolean => text(name, '').trim().toLowerCase() === 'true'
    this.parsesKey = isTrue('parse.key')
    this.parsesHeaders = isTrue('parse.headers')
    this.#ignoreError = isTrue('ignore.error')
    const separators = {
      'key.separator': text('key.separator', '\t'),
      'headers.delimiter': text('headers.delimiter', '\t'),
      'headers.separator': text('headers.separator', ','),
      'headers.key.separator': text('headers.key.separator', ':'),
    }
    refuseEqualSeparators(separators, properties.get('null.marker'))
    this.#keySeparator = Buffer.from(separators['key.separator'])
    this.#headersDelimiter = Buffer.from(separators['headers.delimiter'])
    this.#headersSeparator = compileSeparator(separators['headers.separator'])
    this.#headersKeySeparator = toByteText(separators['headers.key.separator'])
    const marker = properties.get('null.marker')
    this.#nullMarker = marker === undefined ? null : Buffer.from(marker)
  }

  get isPlain(): boolean {
    return !this.parsesKey && !this.parsesHeaders && this.#nullMarker === null
  }

  /** Lines read so far; a caller that handed lines on unread counts them here. */
  get lineNumber(): number {
    return this.#lineNumber
  }

  /** Throws a usage `KtError` for a line without its separators, unless `ignore.error` is set. */
  parse(bytes: Buffer, start: number, end: number): ParsedLine {
    this.#lineNumber++
    const line = bytes.subarray(start, end)
    const headers = this.parsesHeaders ? this.#part(line, 0, this.#headersDelimiter, 'headers delimiter') : null
    const keyStart = headers === null ? 0 : headers.length + this.#headersDelimiter.length
    const key = this.parsesKey ? this.#part(line, keyStart, this.#keySeparator, 'key separator') : null
    const valueStart = keyStart + (key === null ? 0 : key.length + this.#keySeparator.length)
    return {
      key: this.#unlessNull(key),
      value: this.#unlessNull(line.subarray(valueStart)),
      headers: headers === null || this.#isNull(headers) ? NO_HEADERS : this.#splitHeaders(headers),
    }
  }

  #part(line: Buffer, start: number, separator: Buffer, name: string): Buffer | null {
    const at = line.indexOf(separator, start)
    if (at >= 0) return line.subarray(start, at)
    if (this.#ignoreError) return null
    throw new KtError('usage', `No ${name} found on line number ${this.#lineNumber}: '${line.toString('utf8')}'`)
  }

  #isNull(part: Buffer): boolean {
    return this.#nullMarker !== null && part.equals(this.#nullMarker)
  }

  #unlessNull(part: Buffer | null): Buffer | null {
    return part === null || this.#isNull(part) ? null : part
  }

  #splitHeaders(headers: Buffer): RecordHeader[] {
    // One character per byte, so that a pattern can be matched and the bytes still come back as they were.
    return splitLikeJava(this.#headersSeparator, headers.toString('latin1')).map((pair) => {
      const at = pair.indexOf(this.#headersKeySeparator)
      if (at < 0) return this.#headerWithoutValue(pair)
      const key = fromByteText(pair.slice(0, at))
      if (this.#isNull(key)) {
        const marker = this.#nullMarker!.toString('utf8')
        throw new KtError(
          'usage',
          `Header keys should not be equal to the null marker '${marker}' as they can't be null`,
        )
      }
      const value = fromByteText(pair.slice(at + this.#headersKeySeparator.length))
      return headerOf(key, this.#unlessNull(value))
    })
  }

  #headerWithoutValue(pair: string): RecordHeader {
    const header = headerOf(fromByteText(pair), null)
    if (this.#ignoreError) return header
    throw new KtError(
      'usage',
      `No header key separator found in pair '${header.key}' on line number ${this.#lineNumber}`,
    )
  }
}

function refuseEqualSeparators(separators: Readonly<Record<string, string>>, nullMarker: string | undefined): void {
  const pairs = [
    ['headers.delimiter', 'headers.separator'],
    ['headers.delimiter', 'headers.key.separator'],
    ['headers.separator', 'headers.key.separator'],
  ] as const
  for (const [one, other] of pairs) {
    if (separators[one] === separators[other]) throw new KtError('usage', `${one} and ${other} may not be equal`)
  }
  for (const name of ['key.separator', 'headers.separator', 'headers.delimiter', 'headers.key.separator']) {
    if (separators[name] === nullMarker) throw new KtError('usage', `null.marker and ${name} may not be equal`)
  }
}

const toByteText = (text: string): string => Buffer.from(text).toString('latin1')
const fromByteText = (text: string): Buffer => Buffer.from(text, 'latin1')

/** `headers.separator` is a regular expression, as in Kafka. */
function compileSeparator(separator: string): RegExp {
  try {
    return new RegExp(toByteText(separator), 'g')
  } catch (error) {
    throw new KtError('usage', `headers.separator is not a regular expression: ${separator}`, { cause: error })
  }
}

/** `Pattern.split`: trailing empty parts are dropped, and an empty match at the start cuts nothing off. */
export function splitLikeJava(pattern: RegExp, text: string): string[] {
  const parts: string[] = []
  let from = 0
  for (const match of text.matchAll(pattern)) {
    const matchEnd = match.index + match[0].length
    if (matchEnd === 0) continue
    if (match[0] === '' && match.index >= text.length) break
    parts.push(text.slice(from, match.index))
    from = matchEnd
  }
  if (parts.length === 0) return [text]
  parts.push(text.slice(from))
  while (parts.length > 0 && parts.at(-1) === '') parts.pop()
  return parts
}
