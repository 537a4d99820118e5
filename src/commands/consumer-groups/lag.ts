/** Lag summed up: by topic, by group; as records and as time. */
import type { Structure } from '../../cli/format.ts'
import type { DescribedGroup } from './group-rows.ts'
import type { OffsetRow } from './tables.ts'

/** null: not known, because nothing was committed or the end cannot be asked for. `lagMs` is null too when not asked for. */
export interface LagRow {
  readonly topic: string
  readonly partition: number
  readonly currentOffset: number | null
  readonly logEndOffset: number | null
  readonly lag: number | null
  readonly lagMs: number | null
}

export interface TopicLag {
  readonly topic: string
  readonly partitionCount: number
  readonly lag: number | null
  /** Of the partition that is furthest behind. */
  readonly lagMs: number | null
}

export interface GroupLag {
  readonly groupId: string
  readonly state: string
  readonly partitionCount: number
  readonly totalLag: number | null
  readonly maxLagMs: number | null
  readonly topics: readonly TopicLag[]
  readonly rows: readonly LagRow[]
}

/** `waiting`: how long the first unread record is there, in ms, by `group/topic-partition`; null: nobody asked. */
export function groupLags(
  groups: readonly DescribedGroup<OffsetRow>[],
  waiting: ReadonlyMap<string, number> | null,
): GroupLag[] {
  return groups.map(({ groupId, state, rows: described }) => {
    const rows = described.map(({ topic, partition, currentOffset, logEndOffset, lag }): LagRow => {
      const since = waiting?.get(`${groupId}/${topic}-${partition}`) ?? null
      const lagMs = waiting !== null && lag !== null && lag <= 0 ? 0 : since
      return { topic, partition, currentOffset, logEndOffset, lag, lagMs }
    })
    const names = [...new Set(rows.map(({ topic }) => topic))].sort()
    const topics = names.map((topic) => ({ topic, ...summed(rows.filter((row) => row.topic === topic)) }))
    const { partitionCount, lag: totalLag, lagMs: maxLagMs } = summed(rows)
    return { groupId, state, partitionCount, totalLag, maxLagMs, topics, rows }
  })
}

function summed(rows: readonly LagRow[]): Omit<TopicLag, 'topic'> {
  const lags = rows.flatMap(({ lag }) => (lag === null ? [] : [lag]))
  const times = rows.flatMap(({ lagMs }) => (lagMs === null ? [] : [lagMs]))
  return {
    partitionCount: rows.length,
    lag: lags.length === 0 ? null : lags.reduce((sum, lag) => sum + lag, 0),
    lagMs: times.length === 0 ? null : Math.max(...times),
  }
}

/** The group as `--format` prints it. */
export function lagFields({ groupId, state, totalLag, maxLagMs, topics, rows }: GroupLag): Structure {
  return {
    groupId,
    state,
    totalLag,
    maxLagMs,
    topics: topics.map((each) => ({ ...each })),
    partitions: rows.map((each) => ({ ...each })),
  }
}
