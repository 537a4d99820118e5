import { KtError } from '../../base/errors.ts'
import { parseRecordJson, RecordLineError } from '../record-json.ts'
import type { ParsedLine, RecordReader } from './line-reader.ts'

export interface JsonReaderOptions {
  /** Told of a line that is no record and is stepped over; without it such a line ends the reading. */
  readonly onSkipped?: (message: string) => void
  /** Records go where the partitioner wants them, whatever their line says. */
  readonly ignoresPartition?: boolean
}

const SPACE = 0x20

/** Lines of `console-consumer --format json`: a record each, with everything that belongs to it. Empty lines are none. */
export class JsonReader implements RecordReader {
  readonly isPlain = false
  readonly #options: JsonReaderOptions
  #lineNumber = 0

  constructor(options: JsonReaderOptions = {}) {
    this.#options = options
  }

  get lineNumber(): number {
    return this.#lineNumber
  }

  /** Null for a line that is stepped over. Throws a usage `KtError` for one that is no record. */
  parse(bytes: Buffer, start: number, end: number): ParsedLine | null {
    this.#lineNumber++
    if (isBlank(bytes, start, end)) return null
    try {
      const { partition, ...record } = parseRecordJson(bytes.toString('utf8', start, end))
      return this.#options.ignoresPartition === true ? record : { ...record, partition }
    } catch (error) {
      if (!(error instanceof RecordLineError)) throw error
      return this.#refused(`line ${this.#lineNumber}: ${error.message}`)
    }
  }

  #refused(message: string): null {
    const { onSkipped } = this.#options
    if (onSkipped === undefined) {
      throw new KtError('usage', `standard input, ${message}`, {
        facts: ['the lines before it were sent'],
        next: 'to step over such lines: --reader-property ignore.error=true',
      })
    }
    onSkipped(message)
    return null
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! > SPACE) return false
  return true
}
