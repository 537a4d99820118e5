import type { RecordCursor } from '../../protocol/records/record-cursor.ts'
import type { ByteSink } from './byte-sink.ts'

/** Where a record was read; one object per batch. */
export interface RecordPlace {
  readonly topic: string
  readonly partition: number
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  /** How often the record was given to a member of a share group; absent elsewhere. */
  readonly deliveryCount?: number
}

/** Turns records into output (Kafka's MessageFormatter). */
export interface MessageFormatter {
  /**
   * Writes the record the cursor stands on. `timestamp` is in ms since the epoch, -1 for none. A record that cannot be
   * formatted throws `FormatError`; what was written before stays, as in Kafka.
   */
  write(record: RecordCursor, place: RecordPlace, offset: number, timestamp: number, out: ByteSink): void
  /** Set when nothing but the value and this separator is printed: bytes can then be copied in bulk. */
  readonly plainValueSeparator?: Buffer | undefined
}

/** A record whose bytes are not what the deserializer or formatter expects; `exception` is Java's name for it. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
  readonly exception: string

  constructor(message: string, exception = 'org.apache.kafka.common.errors.SerializationException') {
    super(message)
    this.exception = exception
  }
}

/** Prints nothing (Kafka's NoOpMessageFormatter): for measuring. */
export const noOpFormatter: MessageFormatter = {
  write: () => undefined,
}
