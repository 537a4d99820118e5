import { describe, expect, it } from 'vitest'
import { DraftMap } from '../../src/metadata/draft-map.ts'

describe('DraftMap', () => {
  it('is the base itself until something changes', () => {
    const base = new Map([['a', 1]])
    const draft = new DraftMap(base)
    expect(draft.finish()).toBe(base)
    draft.delete('nothing')
    expect(draft.changed).toBe(false)
    expect(draft.finish()).toBe(base)
  })

  it('changes a copy', () => {
    const base = new Map([['a', 1]])
    const draft = new DraftMap(base)
    draft.set('b', 2)
    draft.delete('a')
    expect(draft.get('b')).toBe(2)
    expect(draft.get('a')).toBeUndefined()
    expect([...draft.finish()]).toEqual([['b', 2]])
    expect([...base]).toEqual([['a', 1]])
  })
})
