import { describe, expect, it } from 'vitest'
import type { DescribedGroup } from '../../../src/commands/consumer-groups/group-rows.ts'
import { groupLags, lagFields } from '../../../src/commands/consumer-groups/lag.ts'
import type { OffsetRow } from '../../../src/commands/consumer-groups/tables.ts'

function row(topic: string, partition: number, currentOffset: number | null, logEndOffset: number | null): OffsetRow {
  const lag = currentOffset === null || logEndOffset === null ? null : logEndOffset - currentOffset
  const member = { leaderEpoch: null, consumerId: null, host: null, clientId: null }
  return { group: 'g', topic, partition, currentOffset, logEndOffset, lag, ...member }
}
const GROUP: DescribedGroup<OffsetRow> = {
  groupId: 'g',
  state: 'Empty',
  rows: [row('b', 0, 5, 10), row('a', 0, 1, 4), row('a', 1, 7, 7), row('a', 2, null, 9)],
}

describe('groupLags', () => {
  it('sums by topic and group, leaving out what is not known', () => {
    const [group] = groupLags([GROUP], null)
    expect(group).toMatchObject({ groupId: 'g', totalLag: 8, partitionCount: 4, maxLagMs: null })
    expect(group!.topics).toEqual([
      { topic: 'a', partitionCount: 3, lag: 3, lagMs: null },
      { topic: 'b', partitionCount: 1, lag: 5, lagMs: null },
    ])
  })

  it('takes the longest time', () => {
    const waiting = new Map([
      ['g/b-0', 500],
      ['g/a-0', 2000],
      ['other/a-0', 9000],
    ])
    const [group] = groupLags([GROUP], waiting)
    expect(group!.maxLagMs).toBe(2000)
    expect(group!.rows.map(({ lagMs }) => lagMs)).toEqual([500, 2000, 0, null])
    expect(lagFields(group!)).toMatchObject({ totalLag: 8, partitions: [{ topic: 'b', lag: 5 }, {}, {}, {}] })
  })

  it('knows nothing of a group that has committed nothing', () => {
    expect(groupLags([{ ...GROUP, rows: [] }], new Map())[0]).toMatchObject({
      totalLag: null,
      maxLagMs: null,
      topics: [],
    })
  })
})
