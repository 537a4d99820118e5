import { describe, expect, it } from 'vitest'
import { copyProgress, progressOf } from '../../../src/commands/reassign-partitions/progress.ts'
import { progressText } from '../../../src/commands/reassign-partitions/tables.ts'
import { memoryAdmin, ok, refused, topicOf } from '../../support/memory-admin.ts'

describe('how much a new replica has', () => {
  it("is counted from where the leader's log begins", () => {
    expect(progressOf(4, 100, 300, 150)).toEqual({ broker: 4, lag: 150, fraction: 0.25 })
    expect(progressOf(4, 100, 300, 300)).toEqual({ broker: 4, lag: 0, fraction: 1 })
    expect(progressOf(4, 100, 300, 0)).toEqual({ broker: 4, lag: 200, fraction: 0 })
    expect(progressOf(4, 100, 100, 100)).toEqual({ broker: 4, lag: 0, fraction: 1 })
    // Asked after the leader, a follower may be ahead of what the leader said.
    expect(progressOf(4, 0, 300, 310)).toEqual({ broker: 4, lag: 0, fraction: 1 })
  })

  it('is told in words, and only what is complete is 100 %', () => {
    expect(progressText(undefined)).toBe('-')
    expect(progressText([])).toBe('-')
    expect(progressText([progressOf(4, 0, 100_000, 99_999)])).toBe('4: 99 %, 1 records to go')
    expect(progressText([progressOf(4, 0, 8_000, 2_000), progressOf(5, 0, 8_000, 8_000)])).toBe(
      '4: 25 %, 6,000 records to go; 5: 100 %',
    )
    expect(progressText([{ broker: 4, lag: null, fraction: null }])).toBe('4: unknown')
  })

  it('is asked of leaders and of the replicas being added', async () => {
    const move = (partition: number, addingReplicas: number[]) => ({
      topic: 't',
      partition,
      replicas: [1, 2, ...addingReplicas],
      addingReplicas,
      removingReplicas: [2],
    })
    const ends: Record<string, number> = { '0-1': 50, '0-3': 20, '2-2': 10 }
    const { admin } = memoryAdmin({
      describeTopics: async () => new Map([['t', ok(topicOf('t', ['1:1,2:1', '-1:1,2:', '2:1,2:2']))]]),
      listOffsets: async (queries) => queries.map(() => ok({ offset: 10, timestamp: -1, leaderEpoch: 0 })),
      listReplicaEnds: async (replicas) =>
        replicas.map(({ partition, broker }) => {
          const end = ends[`${partition}-${broker}`]
          return end === undefined ? refused('NOT_LEADER_OR_FOLLOWER', 'not here') : ok(end)
        }),
    })
    expect(await copyProgress(admin, [move(0, [3, 4]), move(1, [3]), move(2, [])])).toEqual(
      new Map([
        [
          't-0',
          [
            { broker: 3, lag: 30, fraction: 0.25 },
            { broker: 4, lag: 40, fraction: 0 },
          ],
        ],
        ['t-2', []],
      ]),
    )
    expect(await copyProgress(admin, [])).toEqual(new Map())
  })
})
