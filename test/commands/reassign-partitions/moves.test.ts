import { describe, expect, it } from 'vitest'
import { brokersOf, proposedMoves, throttledReplicas } from '../../../src/commands/reassign-partitions/moves.ts'

const at = (topic: string, partition: number, ...replicas: number[]) => ({ topic, partition, replicas })

describe('moves', () => {
  it('go from where a partition is to where it is not yet', () => {
    const moves = proposedMoves([], [at('a', 0, 2, 3)], [at('a', 0, 1, 2)])
    expect(moves).toEqual([{ topic: 'a', partition: 0, sources: [1, 2], destinations: [3] }])
    expect(brokersOf(moves)).toEqual([1, 2, 3])
  })

  it('that are under way keep their sources; others under way count as well', () => {
    const moving = [
      { topic: 'a', partition: 0, replicas: [3, 1, 2], addingReplicas: [3], removingReplicas: [1] },
      { topic: 'z', partition: 4, replicas: [5, 6], addingReplicas: [6], removingReplicas: [] },
    ]
    expect(proposedMoves(moving, [at('a', 0, 4, 1)], [at('a', 0, 3, 1, 2)])).toEqual([
      { topic: 'a', partition: 0, sources: [1, 2], destinations: [4] },
      { topic: 'z', partition: 4, sources: [5], destinations: [6] },
    ])
  })

  it('are throttled by topic: who sends as leader, who receives as follower, as text', () => {
    const moves = proposedMoves(
      [],
      [at('a', 0, 2, 3), at('a', 10, 1), at('b', 0, 1, 2)],
      [at('a', 0, 1, 2), at('a', 10, 2), at('b', 0, 2, 1)],
    )
    expect(throttledReplicas(moves)).toEqual(
      new Map([
        ['a', { leader: '0:1,0:2,10:2', follower: '0:3,10:1' }],
        ['b', { leader: '0:1,0:2', follower: '' }],
      ]),
    )
  })
})
