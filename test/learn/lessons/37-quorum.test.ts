import { expect, it } from 'vitest'
import type { Event } from '../../../src/learn/journal.ts'
import { runningAt } from '../../../src/learn/lessons/37-quorum/checks.ts'

const node = (at: number, id: number, to: string): Event => ({ kind: 'node', id, from: '', to, at, after: at - 1 })
const CONTROLLERS = [100, 101, 102]
const EVENTS = [node(1, 1, 'stopped'), node(2, 100, 'stopped'), node(3, 101, 'paused'), node(5, 100, 'running')]

it.each([
  [0, 3],
  [1, 3],
  [2, 2],
  [4, 1],
  [5, 2],
])('at %d there run %d of three', (at, count) => {
  expect(runningAt(EVENTS, CONTROLLERS, at)).toBe(count)
})
it('knows of none where there is none', () => {
  expect(runningAt(EVENTS, [], 9)).toBe(0)
})
