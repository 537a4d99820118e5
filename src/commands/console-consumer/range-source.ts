/** Reading a part of topics: where each partition begins and ends is looked up before anything is fetched. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { nearest } from '../../cli/nearest.ts'
import { listOffsets } from '../../client/admin/offsets.ts'
import { listTopics } from '../../client/admin/topics.ts'
import type { ClientOptions, OffsetSpec, TopicPartition } from '../../client/admin-types.ts'
import {
  type FetchedBatch,
  Fetcher,
  type FetcherOptions,
  type FetchStart,
  type FetchTarget,
} from '../../client/fetcher.ts'
import { partitionCounts } from '../../client/partition-counts.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import { KEY_PARTITIONERS, partitionOfKey } from '../key-partition.ts'
import type { RecordSource } from './print-records.ts'
import type { ReadRange } from './range.ts'

export interface RangeQuestion {
  /** A name, or a pattern over the names of all topics. */
  readonly topics: string | RegExp
  readonly partition: number | undefined
  readonly range: ReadRange
  /** Where to begin when the range does not say. */
  readonly start: FetchStart
  readonly fetcher: FetcherOptions
}

/** What there is of a partition, and which part of it is wanted: `[from, to)`. */
export interface PartitionSpan extends TopicPartition {
  readonly earliest: number
  readonly latest: number
  readonly from: number
  readonly to: number
}

/** The spans of what is asked for. Throws a `not-found` `KtError` for a topic or partition that is not there. */
export async function findSpans(
  question: RangeQuestion,
  connection: ClientOptions,
  context: CommandContext,
): Promise<PartitionSpan[]> {
  const fetcher = new Fetcher(connection, question.fetcher)
  try {
    const partitions = await findPartitions(question, fetcher, context)
    return await lookUpSpans(partitions, question, fetcher)
  } finally {
    fetcher.close()
  }
}

async function findPartitions(
  { topics, partition, range }: RangeQuestion,
  { client }: Fetcher,
  context: CommandContext,
): Promise<TopicPartition[]> {
  const known = await listTopics(client)
  const names =
    typeof topics === 'string'
      ? known.filter(({ name }) => name === topics).map(({ name }) => name)
      : known.filter(({ name, isInternal }) => !isInternal && topics.test(name)).map(({ name }) => name)
  if (names.length === 0)
    throw noTopic(
      topics,
      known.map(({ name }) => name),
    )
  const counts = await partitionCounts(client, names)
  return names.flatMap((topic) => {
    const count = counts.get(topic)!
    if (partition !== undefined && partition >= count) throw noPartition(topic, partition, count)
    const wanted = partition ?? partitionOfRange(topic, count, range, context)
    if (wanted !== undefined) return [{ topic, partition: wanted }]
    return Array.from({ length: count }, (_, each) => ({ topic, partition: each }))
  })
}

/** The partition of `--key`, told with what other clients would have chosen. */
function partitionOfRange(
  topic: string,
  count: number,
  { key }: ReadRange,
  context: CommandContext,
): number | undefined {
  if (key === undefined) return undefined
  const chosen = partitionOfKey(key.partitioner, key.bytes, count)
  const others = KEY_PARTITIONERS.filter((each) => each !== key.partitioner)
    .map((each) => `${each}: ${partitionOfKey(each, key.bytes, count)}`)
    .join(', ')
  context.stderr.write(
    `Key '${key.text}' belongs in partition ${chosen} of ${count} of topic '${topic}' by ${key.partitioner} (${others})\n`,
  )
  return chosen
}

function noTopic(topics: string | RegExp, known: readonly string[]): KtError {
  if (typeof topics !== 'string') return new KtError('not-found', 'No topic matches --include')
  const near = nearest(topics, [...known])
  return new KtError('not-found', `Topic '${topics}' does not exist`, {
    facts: near.length === 0 ? [] : [`did you mean ${near.map((name) => `'${name}'`).join(' or ')}?`],
    next: 'list the topics: kt topics --list',
  })
}

function noPartition(topic: string, partition: number, count: number): KtError {
  return new KtError('not-found', `Topic '${topic}' has no partition ${partition}: it has ${count}, 0 to ${count - 1}`)
}

async function lookUpSpans(
  partitions: readonly TopicPartition[],
  { range, start, fetcher }: RangeQuestion,
  { client }: Fetcher,
): Promise<PartitionSpan[]> {
  const { isolation = 'read_uncommitted' } = fetcher
  const ask = async (spec: OffsetSpec): Promise<number[]> => {
    const found = await listOffsets(
      client,
      partitions.map((each) => ({ ...each, spec })),
      { isolation },
    )
    return found.map((outcome) => {
      if (!outcome.ok) throw new KafkaError(outcome.error.name as never, outcome.error.message)
      return outcome.value.offset
    })
  }
  const timeOf = range.sinceMs ?? (typeof start === 'object' && 'timestamp' in start ? start.timestamp : undefined)
  const [earliest, latest, since, until] = await Promise.all([
    ask('earliest'),
    ask('latest'),
    timeOf === undefined ? null : ask(timeOf),
    range.untilMs === undefined ? null : ask(range.untilMs),
  ])
  return partitions.map((each, at) => {
    const ends = { earliest: earliest[at]!, latest: latest[at]! }
    const since_ = since === null ? null : since[at]!
    const until_ = until === null ? null : until[at]!
    return { ...each, ...ends, ...boundsOf(ends, range, start, since_, until_) }
  })
}

interface Ends {
  readonly earliest: number
  readonly latest: number
}

/** `since` and `until` are the offsets of the first records of these times, -1 when there is none. */
export function boundsOf(
  { earliest, latest }: Ends,
  range: ReadRange,
  start: FetchStart,
  since: number | null,
  until: number | null,
): { from: number; to: number } {
  const within = (offset: number): number => Math.min(Math.max(offset, earliest), latest)
  const counted = (offset: number): number => within(offset < 0 ? latest + offset : offset)
  const begin = (): number => {
    if (range.startOffset !== undefined) return counted(range.startOffset)
    if (since !== null) return since < 0 ? latest : within(since)
    // Nobody asks for a part that ends in the past and means to begin at the end.
    if (range.tail !== undefined || endsEarly(range))
      return start === 'earliest' || !isOffset(start) ? earliest : within(start.offset)
    if (isOffset(start)) return within(start.offset)
    return start === 'earliest' ? earliest : latest
  }
  const end = (): number => {
    if (range.endOffset !== undefined) return counted(range.endOffset)
    return until === null || until < 0 ? latest : within(until)
  }
  return { from: begin(), to: end() }
}

const isOffset = (start: FetchStart): start is { readonly offset: number } =>
  typeof start === 'object' && 'offset' in start

/** A range that ends: by what is asked for, or because the end is where it ends. */
function endsEarly({ endOffset, untilMs, key, exitAtEnd }: ReadRange): boolean {
  return endOffset !== undefined || untilMs !== undefined || key !== undefined || exitAtEnd
}

/** True when reading ends by itself. */
export function isBounded({ endOffset, untilMs, exitAtEnd }: ReadRange): boolean {
  return endOffset !== undefined || untilMs !== undefined || exitAtEnd
}

/** Reads these spans; with `bounded` to their ends, else on and on. */
export async function openSpans(
  spans: readonly PartitionSpan[],
  bounded: boolean,
  connection: ClientOptions,
  options: FetcherOptions,
): Promise<RecordSource> {
  const wanted = bounded ? spans.filter(({ from, to }) => from < to) : spans
  if (wanted.length === 0) return NOTHING
  const fetcher = new Fetcher(connection, { ...options, stopAtEnd: bounded, reset: 'earliest' })
  const targets = wanted.map(
    ({ topic, partition, from, to }): FetchTarget => ({
      topic,
      partition,
      start: { offset: from },
      ...(bounded ? { end: to } : {}),
    }),
  )
  try {
    await fetcher.assign(targets)
  } catch (error) {
    fetcher.close()
    throw error
  }
  return new SpanSource(fetcher, bounded ? wanted : [])
}

const NOTHING: RecordSource = {
  next: () => null,
  printed: () => undefined,
  close: async () => undefined,
}

/** Whole batches come from the fetcher: what reaches beyond a span's end is cut off. */
class SpanSource implements RecordSource {
  readonly #fetcher: Fetcher
  readonly #ends: ReadonlyMap<string, number>

  constructor(fetcher: Fetcher, spans: readonly PartitionSpan[]) {
    this.#fetcher = fetcher
    this.#ends = new Map(spans.map(({ topic, partition, to }) => [`${topic}-${partition}`, to]))
  }

  async next(): Promise<FetchedBatch | null> {
    for (;;) {
      const batch = await this.#fetcher.next()
      const end = batch === null ? undefined : this.#ends.get(`${batch.topic}-${batch.partition}`)
      if (batch === null || end === undefined || batch.header.lastOffset < end) return batch
      if (batch.header.baseOffset < end) return { ...batch, endOffset: end }
    }
  }

  printed(): void {
    // Nobody remembers how far a reader without a group has come.
  }

  async close(): Promise<void> {
    this.#fetcher.close()
  }
}
