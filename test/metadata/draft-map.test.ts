import { describe, expect, it } from 'vitest'
import { DraftMap } from '../../src/metadata/draft-map.ts'

describe('DraftMap', () => {
  it('is the base itself until something changes', () => {
    const base = new Map([['a', 1]])
    const draft = new DraftMap(base)
    expect(draft.finish()).toBe(base)
    draft.delete('nothing')
    expect(draft.finish()).toBe(base)
  })

  it('changes nothing of the base', () => {
    const base = new Map([['a', 1]])
    const draft = new DraftMap(base)
    draft.set('b', 2)
    draft.delete('a')
    expect([draft.get('b'), draft.get('a'), draft.has('b'), draft.has('a')]).toEqual([2, undefined, true, false])
    expect([...draft.finish()]).toEqual([['b', 2]])
    expect([...base]).toEqual([['a', 1]])
  })

  it('forgets what it added and took away again', () => {
    const draft = new DraftMap(new Map([['a', 1]]))
    draft.set('b', 2)
    draft.delete('b')
    draft.delete('a')
    draft.set('a', 3)
    expect([...draft.finish()]).toEqual([['a', 3]])
  })
})
