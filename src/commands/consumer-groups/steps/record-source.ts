/** Reads the partitions of `__consumer_offsets` in which groups are, from a little before now on. */

import type { Uuid } from '../../../base/uuid.ts'
import type { Admin, ClientOptions } from '../../../client/admin-types.ts'
import { Fetcher } from '../../../client/fetcher.ts'
import { decodeRecords, loadCodecsFor } from '../../../protocol/records/record.ts'
import { javaHashCode } from '../../java-text.ts'
import { type GroupRecord, groupRecordOf, type IdPartitions } from './group-records.ts'

const OFFSETS_TOPIC = '__consumer_offsets'
/** Records from before watching begins that are looked at for a group's generation. */
const HISTORY = 2_000
/** Short, so that a step is printed when it happens; the answer comes at once when there is a record. */
const MAX_WAIT_MS = 500

/** Records of one group that were written together. */
export interface GroupRecords {
  readonly groupId: string
  readonly records: readonly GroupRecord[]
  /** They are older than the watching. */
  readonly isHistory: boolean
}

export class RecordSource {
  readonly #admin: Admin
  readonly #fetcher: Fetcher
  readonly #groupIds: ReadonlySet<string>
  readonly #ends: ReadonlyMap<number, number>
  readonly #names = new Map<Uuid, string>()

  private constructor(
    admin: Admin,
    connection: ClientOptions,
    groupIds: ReadonlySet<string>,
    ends: ReadonlyMap<number, number>,
  ) {
    this.#admin = admin
    this.#groupIds = groupIds
    this.#ends = ends
    this.#fetcher = new Fetcher(connection, { maxWaitMs: MAX_WAIT_MS, isolation: 'read_uncommitted' })
  }

  /** Null where the topic does not exist yet. Rejects with a `KtError` or `KafkaError` where it may not be read. */
  static async open(
    admin: Admin,
    connection: ClientOptions,
    groupIds: readonly string[],
  ): Promise<RecordSource | null> {
    const topic = (await admin.describeTopics([OFFSETS_TOPIC])).get(OFFSETS_TOPIC)
    if (topic === undefined || (!topic.ok && topic.error.name === 'UNKNOWN_TOPIC_OR_PARTITION')) return null
    if (!topic.ok) throw new Error(topic.error.message)
    const count = topic.value.partitions.length
    const partitions = [...new Set(groupIds.map((groupId) => partitionFor(groupId, count)))]
    const ask = (spec: 'earliest' | 'latest') =>
      admin.listOffsets(partitions.map((partition) => ({ topic: OFFSETS_TOPIC, partition, spec })))
    const [earliest, latest] = await Promise.all([ask('earliest'), ask('latest')])
    const ends = new Map<number, number>()
    const targets = partitions.map((partition, at) => {
      const [first, end] = [earliest[at]!, latest[at]!]
      if (!first.ok) throw new Error(first.error.message)
      if (!end.ok) throw new Error(end.error.message)
      ends.set(partition, end.value.offset)
      const offset = Math.max(first.value.offset, end.value.offset - HISTORY)
      return { topic: OFFSETS_TOPIC, partition, start: { offset } }
    })
    const source = new RecordSource(admin, connection, new Set(groupIds), ends)
    await source.#fetcher.assign(targets)
    return source
  }

  /** `__consumer_offsets-12`, for people. */
  get partitions(): string[] {
    return [...this.#ends.keys()].sort((a, b) => a - b).map((partition) => `${OFFSETS_TOPIC}-${partition}`)
  }

  /** The next records; null after `close`. Rejects with what ended the reading. */
  async next(): Promise<GroupRecords[] | null> {
    const batch = await this.#fetcher.next()
    if (batch === null) return null
    await loadCodecsFor(batch.buffer.subarray(batch.at, batch.at + batch.header.sizeInBytes))
    const isHistory = batch.header.lastOffset < this.#ends.get(batch.partition)!
    const records = decodeRecords(batch.buffer, batch.at)
      .filter(({ offset }) => offset >= batch.firstOffset)
      .map(groupRecordOf)
      .filter((record) => record !== null && this.#groupIds.has(record.groupId)) as GroupRecord[]
    if (!isHistory) await this.#learnNames(records)
    return operations(records).map((group) => ({ groupId: group[0]!.groupId, records: group, isHistory }))
  }

  /** The name of a topic that a record spoke of; its id where it is gone. */
  readonly nameOf = (topicId: Uuid): string => this.#names.get(topicId) ?? topicId

  async #learnNames(records: readonly GroupRecord[]): Promise<void> {
    const ids = records.flatMap((record) => idsOf(record)).filter((id) => !this.#names.has(id))
    if (ids.length === 0) return
    const topics = await this.#admin.describeTopicsById([...new Set(ids)])
    for (const [id, outcome] of topics) if (outcome.ok) this.#names.set(id, outcome.value.name)
  }

  close(): void {
    this.#fetcher.close()
  }
}

/** The partition of the topic that a group's records are in: as its coordinator finds it. */
export function partitionFor(groupId: string, count: number): number {
  return Math.abs(javaHashCode(groupId)) % count
}

function idsOf(record: GroupRecord): Uuid[] {
  const of = (list: readonly IdPartitions[]): Uuid[] => list.map(({ topicId }) => topicId)
  if (record.type === 'target') return of(record.partitions ?? [])
  return record.type === 'current' ? of(record.value?.assigned ?? []) : []
}

/** In which order one operation of the coordinator writes its records. */
const RANKS: Readonly<Record<GroupRecord['type'], number>> = {
  member: 0,
  groupEpoch: 1,
  target: 2,
  targetEpoch: 3,
  current: 4,
  generation: 5,
}

/** A batch may hold several operations, of several groups: each is a step of its own. */
export function operations(records: readonly GroupRecord[]): GroupRecord[][] {
  const found: GroupRecord[][] = []
  for (const record of records) {
    const group = found.findLast((each) => each[0]!.groupId === record.groupId)
    if (group === undefined || isNext(record, group.at(-1)!)) found.push([record])
    else group.push(record)
  }
  return found
}

/** What begins anew: tombstones come first in an operation, the rest in its order, one member's state last. */
function isNext(record: GroupRecord, last: GroupRecord): boolean {
  if (record.type === 'generation') return true
  if (isTombstone(record) !== isTombstone(last)) return isTombstone(record)
  if (!isTombstone(last) && RANKS[record.type] < RANKS[last.type]) return true
  return record.type === last.type && (record.type === 'current' || record.type === 'groupEpoch') && !isTombstone(last)
}

function isTombstone(record: GroupRecord): boolean {
  if (record.type === 'member') return record.info === null
  if (record.type === 'target') return record.partitions === null
  return (record.type === 'current' || record.type === 'generation') && record.value === null
}
