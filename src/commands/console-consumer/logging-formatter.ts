import { lineLogger } from '../../base/logger.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { RecordCursor } from '../../protocol/records/record-cursor.ts'
import type { ByteSink } from './byte-sink.ts'
import type { DefaultFormatter } from './default-formatter.ts'
import type { MessageFormatter, RecordPlace } from './formatter.ts'

/** Prints as the default formatter does, and logs timestamp, key and value to stderr. */
export class LoggingFormatter implements MessageFormatter {
  readonly #inner: DefaultFormatter
  readonly #context: CommandContext

  constructor(inner: DefaultFormatter, context: CommandContext) {
    this.#inner = inner
    this.#context = context
  }

  write(record: RecordCursor, place: RecordPlace, offset: number, timestamp: number, out: ByteSink): void {
    this.#inner.write(record, place, offset, timestamp, out)
    const key = record.key()
    const value = record.value()
    const keyText = key === null ? 'null ' : `${key.toString('utf8')}, `
    const text = `${place.timestampType}:${timestamp}, key:${keyText}value:${value === null ? 'null' : value.toString('utf8')}`
    lineLogger((line) => this.#context.stderr.write(line)).info(text)
  }
}
