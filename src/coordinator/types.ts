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
  /** Runs when the records are committed, before the caller gets its response. */
  readonly onCommitted?: () => void
  /** `false`: the live object the records describe already holds their content, so they are not replayed onto it. */
  readonly replay?: boolean
  /** `false`: the records mean the same when they are split over several appends (clean-ups of any size). */
  readonly atomic?: boolean
}

/**
 * The log behind a coordinator, given by the broker: one partition of the coordinator's topic.
 * `append` resolves when the records are committed (below the high watermark) and rejects with `KafkaError`.
 * When `append` throws, nothing was written.
 */
export interface CoordinatorLog {
  append(
    partition: number,
    records: readonly CoordinatorRecord[],
  ): { readonly lastOffset: number; readonly committed: Promise<void> }
  /** Every record of the partition from its start, in order, for loading. */
  read(partition: number): AsyncIterable<CoordinatorRecord>
}

/** What a shard keeps: built empty, filled by replay, one per loaded partition. */
export interface StateMachine {
  /** Applies one record: the only writer of durable state, at load and after each append. */
  replay(record: CoordinatorRecord): void
  /** Every record of the log has been replayed: timers may start. */
  onLoaded(): void
  /** The partition is somebody else's now (or is reloaded): whoever waits here must be told. */
  onUnloaded(): void
}
