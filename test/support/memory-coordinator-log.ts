import type { CoordinatorLog, CoordinatorRecord } from '../../src/coordinator/types.ts'

interface Uncommitted {
  readonly count: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Coordinator partitions in memory, whose commits a test can hold back and whose appends and commits it can fail. */
export class MemoryCoordinatorLog implements CoordinatorLog {
  private readonly partitions = new Map<number, CoordinatorRecord[]>()
  private readonly uncommitted = new Map<number, Uncommitted[]>()
  /** While true, appended records wait for `commit`. */
  holdCommits = false
  /** Thrown by the next `append`, once. */
  nextAppendError: unknown = null
  /** Thrown when a partition is read. */
  readError: unknown = null
  /** A load waits for this. */
  readGate: Promise<void> = Promise.resolve()
  appends = 0

  append(partition: number, records: readonly CoordinatorRecord[]) {
    const error = this.nextAppendError
    this.nextAppendError = null
    if (error !== null) throw error
    this.appends++
    const log = this.records(partition)
    log.push(...records)
    return { lastOffset: log.length - 1, committed: this.commitOf(partition, records.length) }
  }

  private commitOf(partition: number, count: number): Promise<void> {
    if (!this.holdCommits) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const waiting = this.uncommitted.get(partition) ?? []
      this.uncommitted.set(partition, [...waiting, { count, resolve, reject }])
    })
  }

  commit(partition: number): void {
    for (const { resolve } of this.uncommitted.get(partition) ?? []) resolve()
    this.uncommitted.delete(partition)
  }

  /** The uncommitted records never make it: they are gone from the log. */
  rejectCommits(partition: number, error: unknown): void {
    const waiting = this.uncommitted.get(partition) ?? []
    this.uncommitted.delete(partition)
    const log = this.records(partition)
    log.length -= waiting.reduce((total, { count }) => total + count, 0)
    for (const { reject } of waiting) reject(error)
  }

  records(partition: number): CoordinatorRecord[] {
    const log = this.partitions.get(partition) ?? []
    this.partitions.set(partition, log)
    return log
  }

  async *read(partition: number): AsyncIterable<CoordinatorRecord> {
    await this.readGate
    if (this.readError !== null) throw this.readError
    yield* [...this.records(partition)]
  }
}
