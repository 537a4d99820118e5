import { describe, expect, it } from 'vitest'
import type { ClusterStatus } from '../../../src/cluster/local-status.ts'
import { type Before, handoverLines, leadershipLines, someOf } from '../../../src/commands/cluster/consequences.ts'

const status = { nodes: [], settings: [] } as unknown as ClusterStatus

function lookedAt(led: readonly string[], alone: readonly string[]): Before {
  return { status, quorum: null, leadership: { led, total: 9, alone } }
}

describe('what a broker less means', () => {
  it('names a few partitions and counts the rest', () => {
    expect(someOf(['a-0', 'a-1', 'a-2', 'a-3', 'a-4'])).toBe('a-0, a-1, a-2, a-3, a-4')
    expect(someOf(['a-0', 'a-1', 'a-2', 'a-3', 'a-4', 'a-5'])).toBe('a-0, a-1, a-2, a-3 and 2 more')
  })

  it('says what it led and what nobody else has', () => {
    expect(leadershipLines(lookedAt(['a-0', 'b-1'], ['b-1']))).toEqual([
      'it led 2 of 9 partitions: a-0, b-1',
      'nobody else is in sync for b-1: no leader until it is back',
    ])
    expect(leadershipLines(lookedAt([], []))).toEqual(['it led none of 9 partitions'])
    const empty = { status, quorum: null, leadership: { led: [], total: 0, alone: [] } }
    expect(leadershipLines(empty)).toEqual([
      'there is no partition yet that it could lead: kt topics --create makes some',
    ])
    expect(leadershipLines({ status, quorum: null, leadership: null })).toEqual([
      'what it led is not known: no broker answered',
    ])
  })
})

describe('a controlled shutdown', () => {
  it('moves the leaderships that somebody else can take, and only those', () => {
    const rest = 'moved before it went: clients find the new leaders at once'
    expect(handoverLines(lookedAt(['a-0', 'b-1'], []))).toEqual([`its leaderships ${rest}`])
    expect(handoverLines(lookedAt(['a-0', 'b-1'], ['b-1']))).toEqual([`1 of its leaderships ${rest}`])
  })

  it('promises nothing where nothing moves or nothing is known', () => {
    expect(handoverLines(lookedAt(['b-1'], ['b-1']))).toEqual([])
    expect(handoverLines(lookedAt([], ['c-0']))).toEqual([])
    expect(handoverLines({ status, quorum: null, leadership: null })).toEqual([])
  })
})
