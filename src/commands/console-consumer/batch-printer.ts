import type { FetchedBatch } from '../../client/fetcher.ts'
import { openBatch } from '../../protocol/records/record.ts'
import { isLogAppendTime } from '../../protocol/records/record-batch.ts'
import { RecordCursor } from '../../protocol/records/record-cursor.ts'
import { ByteSink } from './byte-sink.ts'
import { FormatError, type MessageFormatter, type RecordPlace } from './formatter.ts'
import type { RecordFilter } from './record-filter.ts'

/** Prints the records of batches into memory; `take` gives what is ready to be written. */
export interface BatchPrinter {
  /** Records printed so far, or stepped over because they could not be. */
  readonly count: number
  /** Offset behind the record that was printed last. */
  readonly nextOffset: number
  /** Prints at most `limit` records of the batch. Throws `FormatError` for one that cannot be printed. */
  print(batch: FetchedBatch, limit: number): void
  /** Output that has gathered, in order; to be written before the next `print`. */
  take(): Buffer[]
  /** Bytes that have gathered. */
  readonly pendingBytes: number
}

export interface FormattedPrinterOptions {
  /** Told of a record that cannot be printed and is stepped over; without it the error is thrown. */
  readonly onSkipped?: (error: FormatError) => void
  /** Records that do not pass are not counted either. */
  readonly filter?: RecordFilter | null
}

/** Prints through a formatter, record by record. */
export class FormattedPrinter implements BatchPrinter {
  count = 0
  nextOffset = -1
  readonly #formatter: MessageFormatter
  readonly #options: FormattedPrinterOptions
  readonly #sink = new ByteSink()
  readonly #cursor = new RecordCursor()

  constructor(formatter: MessageFormatter, options: FormattedPrinterOptions = {}) {
    this.#formatter = formatter
    this.#options = options
  }

  get pendingBytes(): number {
    return this.#sink.length
  }

  take(): Buffer[] {
    return this.#sink.length === 0 ? [] : [this.#sink.take()]
  }

  print(batch: FetchedBatch, limit: number): void {
    const { header, topic, partition } = batch
    const appendTime = isLogAppendTime(header.attributes)
    const place: RecordPlace = { topic, partition, timestampType: appendTime ? 'LogAppendTime' : 'CreateTime' }
    const cursor = this.#cursor
    openBatch(cursor, batch.buffer, batch.at)
    const { endOffset = Number.POSITIVE_INFINITY } = batch
    const end = this.count + limit
    while (this.count < end && cursor.next()) {
      const offset = header.baseOffset + cursor.offsetDelta
      if (offset < batch.firstOffset) continue
      if (offset >= endOffset) return
      const timestamp = appendTime ? header.maxTimestamp : header.baseTimestamp + cursor.timestampDelta
      this.nextOffset = offset + 1
      if (!this.#passes(timestamp)) continue
      this.count++
      this.#record(place, offset, timestamp)
    }
    cursor.throwIfFailed()
  }

  #passes(timestamp: number): boolean {
    const { filter } = this.#options
    return filter === undefined || filter === null || filter(this.#cursor, timestamp)
  }

  #record(place: RecordPlace, offset: number, timestamp: number): void {
    try {
      this.#formatter.write(this.#cursor, place, offset, timestamp, this.#sink)
    } catch (error) {
      const { onSkipped } = this.#options
      if (!(error instanceof FormatError) || onSkipped === undefined) throw error
      onSkipped(error)
    }
  }
}

/** Every record takes at least this many bytes beside its key, value and headers (protocol guide, "Record"). */
const LEAST_RECORD_OVERHEAD_BYTES = 7

/** True when values and separators always fit where their records were, nulls too. */
export function fitsInPlace(separator: Buffer, nullLiteral: Buffer): boolean {
  return separator.length + nullLiteral.length <= LEAST_RECORD_OVERHEAD_BYTES
}

/**
 * Prints nothing but values, each followed by a separator, without copying them out: inside the fetched (or decompressed)
 * buffer they are moved together, over the records' own framing, which is always longer than the separator. What remains
 * is one piece of output per answer. Nobody else holds these buffers.
 */
export class PlainPrinter implements BatchPrinter {
  count = 0
  nextOffset = -1
  readonly #separator: Buffer
  readonly #nullLiteral: Buffer
  readonly #cursor = new RecordCursor()
  #buffer: Buffer | null = null
  /** What has been moved together: `#buffer[#start, #end)`. */
  #start = 0
  #end = 0
  #done: Buffer[] = []
  #doneBytes = 0

  constructor(separator: Buffer, nullLiteral: Buffer) {
    this.#separator = separator
    this.#nullLiteral = nullLiteral
  }

  get pendingBytes(): number {
    return this.#doneBytes + this.#end - this.#start
  }

  take(): Buffer[] {
    this.#closePiece()
    this.#buffer = null
    const done = this.#done
    this.#done = []
    this.#doneBytes = 0
    return done
  }

  print(batch: FetchedBatch, limit: number): void {
    const cursor = this.#cursor
    openBatch(cursor, batch.buffer, batch.at)
    if (cursor.buffer !== this.#buffer) this.#openPiece(cursor.buffer, cursor.position)
    const { baseOffset } = batch.header
    const firstDelta = batch.firstOffset - baseOffset
    const endDelta = (batch.endOffset ?? Number.POSITIVE_INFINITY) - baseOffset
    const last = this.count + limit
    while (this.count < last && cursor.next()) {
      if (cursor.offsetDelta < firstDelta) continue
      if (cursor.offsetDelta >= endDelta) break
      this.count++
      this.#move(cursor)
    }
    this.nextOffset = baseOffset + cursor.offsetDelta + 1
    cursor.throwIfFailed()
  }

  #move({ buffer, valueStart, valueLength }: RecordCursor): void {
    const separator = this.#separator
    let end = this.#end
    if (valueLength > 0) {
      buffer.copyWithin(end, valueStart, valueStart + valueLength)
      end += valueLength
    } else if (valueLength < 0) {
      buffer.set(this.#nullLiteral, end)
      end += this.#nullLiteral.length
    }
    for (let at = 0; at < separator.length; at++) buffer[end++] = separator[at]!
    this.#end = end
  }

  #openPiece(buffer: Buffer, position: number): void {
    this.#closePiece()
    this.#buffer = buffer
    this.#start = position
    this.#end = position
  }

  #closePiece(): void {
    if (this.#buffer === null || this.#end === this.#start) return
    this.#done.push(this.#buffer.subarray(this.#start, this.#end))
    this.#doneBytes += this.#end - this.#start
    this.#start = this.#end
  }
}
