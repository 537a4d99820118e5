/** `--describe --offsets`: where partitions begin and end, and how much they hold. */
import { formatDocument } from '../../cli/format.ts'
import type { Admin, TopicDescription } from '../../client/admin-types.ts'
import { unwrapAll } from '../outcome.ts'
import { bytesText, plainTable } from '../plain-table.ts'
import type { TopicsRun } from './options.ts'
import { ensureTopicExists, selectTopics } from './select.ts'

/** null: not known, because the partition has no leader or its broker does not answer. */
export interface PartitionContent {
  readonly partition: number
  readonly leader: number | null
  readonly startOffset: number | null
  readonly endOffset: number | null
  /** What is between the two; compacted records and transaction markers are counted. */
  readonly offsetCount: number | null
  /** On the leader's disk. */
  readonly sizeBytes: number | null
}

export interface TopicContent {
  readonly name: string
  readonly partitions: readonly PartitionContent[]
  readonly offsetCount: number
  /** Of the leaders; with replicas it is `totalSizeBytes`. */
  readonly sizeBytes: number
  readonly totalSizeBytes: number
}

/** Prints a table, with the largest topic's total last; `--format` a document of its own. */
export async function describeOffsets({ given, admin, context, presentation }: TopicsRun): Promise<void> {
  const selection = await selectTopics(admin, given)
  ensureTopicExists(selection, given)
  const names = selection.topics.map(({ name }) => name)
  const topics = names.length === 0 ? [] : await contentOf(names, admin)
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = topics.map((each) => ({ ...each, partitions: each.partitions.map((one) => ({ ...one })) }))
    context.stdout.write(formatDocument(presentation, 'TopicContentList', { topics: fields }))
  } else {
    context.stdout.write(contentText(topics))
  }
}

/** What is in these topics, in their order. */
export async function contentOf(names: readonly string[], admin: Admin): Promise<TopicContent[]> {
  const described = unwrapAll(await admin.describeTopics(names))
  const topics = names.map((name) => described.get(name)!)
  const partitions = topics.flatMap(({ name, partitions: all }) =>
    all.map(({ partition, leader }) => ({ topic: name, partition, leader })),
  )
  const led = partitions.filter(({ leader }) => leader >= 0)
  const ask = (spec: 'earliest' | 'latest') =>
    admin.listOffsets(led.map(({ topic, partition }) => ({ topic, partition, spec })))
  const [starts, ends, sizes] = await Promise.all([ask('earliest'), ask('latest'), sizesOf(topics, admin)])
  const offsets = new Map(
    led.map(({ topic, partition }, at) => {
      const [start, end] = [starts[at]!, ends[at]!]
      return [`${topic}-${partition}`, start.ok && end.ok ? [start.value.offset, end.value.offset] : [null, null]]
    }),
  )
  return topics.map((topic) => topicContent(topic, offsets, sizes))
}

/** Bytes by `topic-partition`, then by broker. */
type Sizes = ReadonlyMap<string, ReadonlyMap<number, number>>

async function sizesOf(topics: readonly TopicDescription[], admin: Admin): Promise<Sizes> {
  const brokers = [...new Set(topics.flatMap(({ partitions }) => partitions.flatMap(({ replicas }) => replicas)))]
  const sizes = new Map<string, Map<number, number>>()
  for (const [broker, outcome] of await admin.describeLogDirs(brokers)) {
    for (const { topic, partition, sizeBytes, isFuture } of outcome.ok
      ? outcome.value.flatMap((each) => each.replicas)
      : []) {
      if (isFuture) continue
      const byBroker = sizes.get(`${topic}-${partition}`) ?? new Map<number, number>()
      sizes.set(`${topic}-${partition}`, byBroker.set(broker, sizeBytes))
    }
  }
  return sizes
}

function topicContent(
  { name, partitions }: TopicDescription,
  offsets: ReadonlyMap<string, readonly (number | null)[]>,
  sizes: Sizes,
): TopicContent {
  const contents = [...partitions]
    .sort((left, right) => left.partition - right.partition)
    .map(({ partition, leader }): PartitionContent => {
      const [startOffset = null, endOffset = null] = offsets.get(`${name}-${partition}`) ?? []
      return {
        partition,
        leader: leader < 0 ? null : leader,
        startOffset,
        endOffset,
        offsetCount: startOffset === null || endOffset === null ? null : endOffset - startOffset,
        sizeBytes: sizes.get(`${name}-${partition}`)?.get(leader) ?? null,
      }
    })
  const all = partitions.flatMap(({ partition }) => [...(sizes.get(`${name}-${partition}`)?.values() ?? [])])
  const sum = (values: readonly (number | null)[]): number =>
    values.reduce<number>((total, each) => total + (each ?? 0), 0)
  return {
    name,
    partitions: contents,
    offsetCount: sum(contents.map((each) => each.offsetCount)),
    sizeBytes: sum(contents.map((each) => each.sizeBytes)),
    totalSizeBytes: sum(all),
  }
}

function contentText(topics: readonly TopicContent[]): string {
  const cell = (value: number | null): string => (value === null ? '-' : String(value))
  const size = (value: number | null): string => (value === null ? '-' : bytesText(value))
  const rows = topics.flatMap(({ name, partitions }) =>
    partitions.map((each) => [
      name,
      String(each.partition),
      cell(each.leader),
      cell(each.startOffset),
      cell(each.endOffset),
      cell(each.offsetCount),
      size(each.sizeBytes),
    ]),
  )
  const totals = topics.map(
    ({ name, offsetCount, sizeBytes, totalSizeBytes }) =>
      `${name}: ${offsetCount} offsets, ${bytesText(sizeBytes)}, with replicas ${bytesText(totalSizeBytes)}\n`,
  )
  return `${plainTable(['TOPIC', 'PARTITION', 'LEADER', 'START', 'END', 'OFFSETS', 'SIZE'], rows)}${totals.join('')}`
}
