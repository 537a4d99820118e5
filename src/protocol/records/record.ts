/**
 * Records inside a batch. To be completed by: encodeBatch(), decodeRecords(), validateRecords(), see README of the floor.
 */
export interface RecordHeader {
  readonly key: string
  readonly value: Buffer | null
}

/** A record as clients see it. */
export interface KafkaRecord {
  readonly offset: number
  /** Milliseconds since the epoch, -1 for none. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

/** A record to write: offset and timestamp are given relative to its batch by the builder. */
export interface RecordInput {
  readonly timestamp?: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly RecordHeader[]
}
