/** Joints of the coordinators: operations compute records and a response, replay alone writes state. */

/** A record of `__consumer_offsets` or `__transaction_state`, encoded; a null value is a tombstone. */
export interface CoordinatorRecord {
  readonly key: Buffer
  readonly value: Buffer | null
}

export interface CoordinatorResult<R> {
  readonly records: readonly CoordinatorRecord[]
  /** Given to the caller once the records are below the high watermark. */
  readonly response: R
  /** Runs when the append failed: what was promised to waiting members must be taken back. */
  readonly onAppendFailure?: (error: unknown) => void
}

/**
 * The log behind a coordinator, given by the broker: one partition of the coordinator's topic.
 * `append` resolves when the records are committed (below the high watermark) and rejects with `KafkaError`.
 */
export interface CoordinatorLog {
  append(
    partition: number,
    records: readonly CoordinatorRecord[],
  ): { readonly lastOffset: number; readonly committed: Promise<void> }
  /** Every record of the partition from its start, in order, for loading. */
  read(partition: number): AsyncIterable<CoordinatorRecord>
}
