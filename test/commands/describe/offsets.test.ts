import { describe, expect, it } from 'vitest'
import { followersOf, rangesOf } from '../../../src/commands/describe/offsets.ts'
import { Questions } from '../../../src/commands/describe/questions.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { memoryAdmin, ok, refused } from '../../support/memory-admin.ts'

const place = (partition: number, leader: number, ...replicas: number[]) => ({
  topic: 't',
  partition,
  leader,
  replicas,
})

describe('where logs begin and end', () => {
  it('is asked of each leader about its own', async () => {
    const { admin, calls } = memoryAdmin({
      listOffsets: async (queries) =>
        queries.map(({ partition, spec }) => {
          if (partition === 2) return refused('NOT_LEADER_OR_FOLLOWER', 'moved')
          return ok({ offset: spec === 'latest' ? 10 + partition : partition, timestamp: -1, leaderEpoch: 0 })
        }),
    })
    const look = { admin, questions: new Questions(new ManualClock(), false) }
    expect(await rangesOf(look, [place(0, 1), place(1, 2), place(2, 1), place(3, -1)])).toEqual(
      new Map([
        ['t-0', { earliest: 0, latest: 10 }],
        ['t-2', { earliest: null, latest: null }],
        ['t-1', { earliest: 1, latest: 11 }],
      ]),
    )
    expect(calls).toHaveLength(4)
  })
})

describe('how far followers are behind', () => {
  const ends: Record<string, number> = { '1/0': 100, '2/0': 100, '3/0': 40, '2/1': 7, '3/1': 9 }

  it("is the leader's end less their own; never less than nothing", async () => {
    const { admin, calls } = memoryAdmin({
      listReplicaEnds: async (replicas) =>
        replicas.map(({ broker, partition }) => {
          const end = ends[`${broker}/${partition}`]
          return end === undefined ? refused('NOT_LEADER_OR_FOLLOWER', 'not here') : ok(end)
        }),
    })
    const look = { admin, questions: new Questions(new ManualClock(), false) }
    const places = [place(0, 1, 3, 1, 2), place(1, 2, 2, 3, 4), place(2, -1, 1, 2), place(3, 1, 1)]
    expect(await followersOf(look, places)).toEqual(
      new Map([
        [
          't-0',
          [
            { broker: 3, lag: 60 },
            { broker: 2, lag: 0 },
          ],
        ],
        [
          't-1',
          [
            { broker: 3, lag: 0 },
            { broker: 4, lag: null },
          ],
        ],
        [
          't-2',
          [
            { broker: 1, lag: null },
            { broker: 2, lag: null },
          ],
        ],
      ]),
    )
    // One question per broker.
    expect(calls).toHaveLength(4)
  })
})
