import { expect, it } from 'vitest'
import { type Seen, seen } from '../../src/learn/verdict.ts'

const facts = { expected: 'a', observed: 'b', show: 'kt topics --list' }

it('says what the check says, also with the facts of a verdict that said otherwise', () => {
  const done: Seen = seen(true, facts)
  expect(seen(false, { ...done, observed: 'c' })).toEqual({ ...facts, observed: 'c', state: 'not-yet' })
  expect(seen(true, { ...seen(false, facts) })).toEqual({ ...facts, state: 'done' })
})
