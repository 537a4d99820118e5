import { describe, expect, it } from 'vitest'
import type { Event } from '../../../src/learn/journal.ts'
import {
  backAt,
  countWords,
  difference,
  lastCounts,
  linesOf,
  wrongCount,
} from '../../../src/learn/lessons/35-connect/checks.ts'

describe('lines of a file', () => {
  it('are those that have their end: a source reads no others', () => {
    expect(linesOf('a mug\na book\nhalf')).toEqual(['a mug', 'a book'])
    expect(linesOf('')).toEqual([])
    expect(linesOf(null)).toEqual([])
  })
})

describe('the difference of lines', () => {
  it.each([
    [['a', 'b'], ['a', 'b'], null],
    [[], [], null],
    [['a', 'b'], [], 'nothing yet'],
    [['a', 'b'], ['a'], '1 of 2 lines'],
    [['a', 'b'], ['b', 'a'], "line 1 is 'b'"],
    [['a', 'b'], ['a', 'b', 'a', 'b'], '4 lines, 2 too many'],
  ])('%j and %j: %s', (wanted, found, expected) => {
    expect(difference(wanted, found)).toBe(expected)
  })
})

describe('a worker that came back', () => {
  const member = (at: number, change: 'joined' | 'left', group = 'sink'): Event => ({
    ...{ kind: 'member', clientId: 'connector', at, after: at - 1 },
    ...{ change, group },
  })

  it('has joined after it had left', () => {
    expect(backAt([member(1, 'joined'), member(5, 'left'), member(9, 'joined')], 'sink')).toBe(9)
  })

  it('is not one that never left, or is away, or is of another group', () => {
    expect(backAt([], 'sink')).toBeUndefined()
    expect(backAt([member(1, 'joined')], 'sink')).toBeUndefined()
    expect(backAt([member(1, 'joined'), member(5, 'left')], 'sink')).toBeUndefined()
    expect(backAt([member(1, 'left'), member(5, 'joined', 'words')], 'sink')).toBeUndefined()
  })
})

describe('counts of words', () => {
  const record = (key: string | null, value: string | null) => ({ partition: 0, offset: 0, timestamp: 0, key, value })

  it('are those of the program: small letters, by blanks', () => {
    expect([...countWords(['a Mug', 'a book'])]).toEqual([
      ['a', 2],
      ['mug', 1],
      ['book', 1],
    ])
  })

  it('are the last ones of each word', () => {
    expect([...lastCounts([record('a', '1'), record('a', '2'), record(null, '9'), record('b', null)])]).toEqual([
      ['a', 2],
    ])
  })

  it('name the first word that is counted otherwise', () => {
    expect(wrongCount(new Map([['a', 2]]), new Map([['a', 2]]))).toBeNull()
    expect(wrongCount(new Map([['a', 2]]), new Map([['a', 1]]))).toBe("'a' is there 2 times and counted 1 times")
    expect(wrongCount(new Map([['a', 2]]), new Map())).toBe("'a' is there 2 times and counted 0 times")
  })
})
