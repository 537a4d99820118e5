/** Compares what the replicas of partitions hold, batch by batch. Owns how far each partition has been compared. */
import { KtError } from '../../base/errors.ts'
import type { TopicPartition } from '../../client/admin-types.ts'
import type { ReplicaRecords } from '../../client/replica-fetch.ts'
import { BATCH_HEADER_BYTES, batchSizeAt, MAGIC_V2, readBatchHeader } from '../../protocol/records/record-batch.ts'

/** A batch as far as it is compared. */
interface BatchMark {
  readonly replica: number
  readonly lastOffset: number
  readonly checksum: number
}

/** Two replicas that differ: in the offset the comparison cannot go on from, or in the contents of a batch. */
export interface Difference extends TopicPartition {
  readonly kind: 'offset' | 'checksum'
  readonly first: BatchMark
  readonly other: BatchMark
}

/** The partition that is furthest behind; its topic is null while there was nothing to compare. */
export interface WorstLag {
  readonly lag: number
  readonly topic: string | null
  readonly partition: number
  readonly offset: number
}

export interface RoundResult {
  readonly differences: readonly Difference[]
  readonly worst: WorstLag
  /** Some partition got further. */
  readonly advanced: boolean
}

interface Progress extends TopicPartition {
  offset: number
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

export class ReplicaVerifier {
  readonly #progress: ReadonlyMap<string, Progress>
  #worst: WorstLag = { lag: -1, topic: null, partition: -1, offset: -1 }

  /** Partitions in the order in which the first of equals is named; `offset` is where comparing begins. */
  constructor(partitions: readonly (TopicPartition & { readonly offset: number })[]) {
    this.#progress = new Map(partitions.map((each) => [keyOf(each), { ...each }]))
  }

  get size(): number {
    return this.#progress.size
  }

  offsetOf(partition: TopicPartition): number {
    return this.#progress.get(keyOf(partition))!.offset
  }

  /** Answers of one round, by replica; a replica that has not answered holds up its partitions. */
  verify(answers: ReadonlyMap<number, readonly ReplicaRecords[]>): RoundResult {
    const byPartition = new Map<string, Map<number, ReplicaRecords>>()
    for (const [replica, list] of answers) {
      for (const records of list) {
        const replicas = byPartition.get(keyOf(records)) ?? new Map<number, ReplicaRecords>()
        byPartition.set(keyOf(records), replicas.set(replica, records))
      }
    }
    const differences: Difference[] = []
    let advanced = false
    this.#worst = { ...this.#worst, lag: -1 }
    for (const [key, progress] of this.#progress) {
      const before = progress.offset
      const replicas = byPartition.get(key) ?? new Map<number, ReplicaRecords>()
      differences.push(...comparePartition(progress, replicas))
      advanced ||= progress.offset > before
      this.#noteLag(progress, replicas)
      if (differences.at(-1)?.kind === 'offset') break
    }
    return { differences, worst: this.#worst, advanced }
  }

  #noteLag({ topic, partition, offset }: Progress, replicas: ReadonlyMap<number, ReplicaRecords>): void {
    const highWatermark = Math.max(-1, ...[...replicas.values()].map((each) => each.highWatermark))
    const lag = highWatermark - offset
    if (lag > this.#worst.lag) this.#worst = { lag, topic, partition, offset }
  }
}

/** Goes on while every replica has a batch below its high watermark; moves `progress` behind what they share. */
function comparePartition(progress: Progress, replicas: ReadonlyMap<number, ReplicaRecords>): Difference[] {
  const readers = [...replicas].map(([replica, records]) => new BatchReader(replica, records))
  const differences: Difference[] = []
  for (;;) {
    const marks = readers.map((reader) => reader.next()).filter((mark) => mark !== null)
    const [first, ...others] = marks
    if (first === undefined) return differences
    for (const other of others) {
      const { topic, partition } = progress
      if (other.lastOffset !== first.lastOffset) {
        return [...differences, { kind: 'offset', topic, partition, first, other }]
      }
      if (other.checksum !== first.checksum) differences.push({ kind: 'checksum', topic, partition, first, other })
    }
    // Those that are there differ or not; only what all have is done with.
    if (marks.length < readers.length) return differences
    progress.offset = first.lastOffset + 1
  }
}

/** Whole batches below the high watermark, one after the other. */
class BatchReader {
  readonly #replica: number
  readonly #answer: ReplicaRecords
  #at = 0

  constructor(replica: number, answer: ReplicaRecords) {
    this.#replica = replica
    this.#answer = answer
  }

  next(): BatchMark | null {
    const { records, highWatermark } = this.#answer
    const left = records.length - this.#at
    if (left < BATCH_HEADER_BYTES) return null
    const size = batchSizeAt(records, this.#at)
    if (size < BATCH_HEADER_BYTES) throw this.#unreadable(`a batch of ${size} bytes`)
    if (size > left) return null
    const header = readBatchHeader(records, this.#at)
    if (header.magic !== MAGIC_V2) throw this.#unreadable(`record format v${header.magic}`)
    if (header.lastOffset >= highWatermark) return null
    this.#at += size
    return { replica: this.#replica, lastOffset: header.lastOffset, checksum: header.crc }
  }

  #unreadable(what: string): KtError {
    const { topic, partition } = this.#answer
    return new KtError('kafka', `Error in processing replica ${this.#replica} in partition ${topic}-${partition}`, {
      facts: [`it answered with ${what}`],
    })
  }
}
