/** `--tail N`: the last records of all partitions together, oldest first. */
import type { ClientOptions } from '../../client/admin-types.ts'
import type { FetchedBatch, FetcherOptions } from '../../client/fetcher.ts'
import { openBatch } from '../../protocol/records/record.ts'
import { isLogAppendTime } from '../../protocol/records/record-batch.ts'
import { RecordCursor } from '../../protocol/records/record-cursor.ts'
import type { RecordSource } from './print-records.ts'
import { openSpans, type PartitionSpan } from './range-source.ts'
import type { RecordFilter } from './record-filter.ts'

/** One record of a batch. */
interface Found {
  readonly batch: FetchedBatch
  readonly offset: number
  readonly timestamp: number
}

/** How much further back each look goes when the last one did not find enough: gaps, markers, records filtered out. */
const LOOK_BACK_FACTOR = 8

/**
 * Finds the last `count` records that pass. Each partition is read from `count` before its end; where that is not enough,
 * because offsets are missing or a filter leaves records out, from further back, to its beginning at last.
 */
export async function findTail(
  spans: readonly PartitionSpan[],
  count: number,
  filter: RecordFilter | null,
  connection: ClientOptions,
  options: FetcherOptions,
): Promise<FetchedBatch[]> {
  for (let back = count; ; back *= LOOK_BACK_FACTOR) {
    const window = spans.map((span) => ({ ...span, from: Math.max(span.from, span.to - back) }))
    const looked = await look(await openSpans(window, true, connection, options), count, filter)
    const tail = lastOf(
      [...looked.values()].flatMap(({ found }) => found),
      count,
    )
    const isDone = (span: PartitionSpan, at: number): boolean =>
      span.from === spans[at]!.from || isEnough(looked.get(keyOf(span)), tail, count)
    if (window.every(isDone)) return asBatches(tail)
  }
}

/** What was seen of one partition. */
interface Looked {
  found: Found[]
  /** Of the oldest record seen, wanted or not. */
  oldestMs: number
}

const keyOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}-${partition}`

/** Nothing older of this partition can be among the last of all. */
function isEnough(looked: Looked | undefined, tail: readonly Found[], count: number): boolean {
  if (looked === undefined) return false
  return looked.found.length >= count || (tail.length >= count && looked.oldestMs < tail[0]!.timestamp)
}

async function look(source: RecordSource, count: number, filter: RecordFilter | null): Promise<Map<string, Looked>> {
  const partitions = new Map<string, Looked>()
  try {
    for (let batch = await source.next(); batch !== null; batch = await source.next()) {
      const key = keyOf(batch)
      const known = partitions.get(key) ?? { found: [], oldestMs: Number.POSITIVE_INFINITY }
      partitions.set(key, known)
      // No more than the last of each partition can be among the last of all.
      known.found = [...known.found, ...recordsOf(batch, filter)].slice(-count)
      known.oldestMs = Math.min(known.oldestMs, batch.header.baseTimestamp)
    }
  } finally {
    await source.close()
  }
  return partitions
}

function recordsOf(batch: FetchedBatch, filter: RecordFilter | null): Found[] {
  const { header, firstOffset, endOffset = Number.POSITIVE_INFINITY } = batch
  const cursor = new RecordCursor()
  const found: Found[] = []
  const appendTime = isLogAppendTime(header.attributes)
  openBatch(cursor, batch.buffer, batch.at)
  while (cursor.next()) {
    const offset = header.baseOffset + cursor.offsetDelta
    if (offset < firstOffset || offset >= endOffset) continue
    const timestamp = appendTime ? header.maxTimestamp : header.baseTimestamp + cursor.timestampDelta
    if (filter === null || filter(cursor, timestamp)) found.push({ batch, offset, timestamp })
  }
  cursor.throwIfFailed()
  return found
}

/** By time between partitions; within one, offsets decide. */
function lastOf(found: readonly Found[], count: number): Found[] {
  const single = new Set(found.map(({ batch }) => keyOf(batch))).size <= 1
  const sorted = single ? [...found] : [...found].sort((left, right) => left.timestamp - right.timestamp)
  return sorted.slice(-count)
}

/** Records as parts of their batches; neighbours together. */
function asBatches(found: readonly Found[]): FetchedBatch[] {
  const batches: FetchedBatch[] = []
  let last: Found | undefined
  for (const each of found) {
    const { batch, offset } = each
    if (last !== undefined && last.batch === batch && offset > last.offset) {
      batches[batches.length - 1] = { ...batches.at(-1)!, endOffset: offset + 1 }
    } else {
      batches.push({ ...batch, firstOffset: offset, endOffset: offset + 1 })
    }
    last = each
  }
  return batches
}

/** Batches that are there, then, where there is one, what another source gives. */
export class TailSource implements RecordSource {
  readonly #batches: FetchedBatch[]
  readonly #next: RecordSource | null

  constructor(batches: readonly FetchedBatch[], next: RecordSource | null) {
    this.#batches = [...batches]
    this.#next = next
  }

  next(): Promise<FetchedBatch | null> | FetchedBatch | null {
    return this.#batches.shift() ?? this.#next?.next() ?? null
  }

  printed(): void {
    // Nobody remembers how far a reader without a group has come.
  }

  async close(): Promise<void> {
    await this.#next?.close()
  }
}
