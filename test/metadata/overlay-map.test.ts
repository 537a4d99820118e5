import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DraftMap } from '../../src/metadata/draft-map.ts'
import { withChanges } from '../../src/metadata/overlay-map.ts'

const LARGE = 1_000
const large = (): Map<number, string> => new Map(Array.from({ length: LARGE }, (_, key) => [key, `v${key}`]))

/** Sets and deletes, in rounds: each round is one draft. */
const rounds = fc.array(
  fc.array(fc.tuple(fc.integer({ min: 0, max: LARGE + 20 }), fc.option(fc.string())), { maxLength: 12 }),
  {
    maxLength: 20,
  },
)

describe('a large map with changes', () => {
  it('is what a plain map with the same history is', () => {
    fc.assert(
      fc.property(rounds, (history) => {
        const plain = large()
        let map: ReadonlyMap<number, string> = large()
        for (const round of history) {
          const draft = new DraftMap(map)
          for (const [key, value] of round) {
            if (value === null) {
              plain.delete(key)
              draft.delete(key)
            } else {
              plain.set(key, value)
              draft.set(key, value)
            }
            expect([draft.get(key), draft.has(key)]).toEqual([plain.get(key), plain.has(key)])
          }
          map = draft.finish()
          expect(map.size).toBe(plain.size)
        }
        expect(new Map(map)).toEqual(plain)
        expect([...map.keys()].sort()).toEqual([...plain.keys()].sort())
        expect([...map.values()].sort()).toEqual([...plain.values()].sort())
        for (const key of [0, 1, LARGE, LARGE + 20])
          expect([map.get(key), map.has(key)]).toEqual([plain.get(key), plain.has(key)])
      }),
      { numRuns: 60 },
    )
  })

  it('shares the base, and leaves it and every older version alone', () => {
    const base = large()
    const one = withChanges(base, new Map([[5, 'new']]))
    const two = withChanges(one, new Map([[6, 'newer']]))
    expect([base.get(5), one.get(5), two.get(5)]).toEqual(['v5', 'new', 'new'])
    expect([base.get(6), one.get(6), two.get(6)]).toEqual(['v6', 'v6', 'newer'])
    expect(one).not.toBeInstanceOf(Map)
    const seen: string[] = []
    one.forEach((value, key) => {
      if (key === 5) seen.push(value)
    })
    expect(seen).toEqual(['new'])
  })

  it('merges when the differences have grown', () => {
    let map: ReadonlyMap<number, string> = large()
    for (let key = 0; key < 60; key++) map = withChanges(map, new Map([[key, 'x']]))
    expect([...map.values()].filter((value) => value === 'x')).toHaveLength(60)
    expect(map.size).toBe(LARGE)
  })

  it('is a plain map while it is small', () => {
    const small = new Map([[1, 'a']])
    expect(withChanges(small, new Map([[2, 'b']]))).toEqual(
      new Map([
        [1, 'a'],
        [2, 'b'],
      ]),
    )
    expect(withChanges(small, new Map())).toBe(small)
  })
})
