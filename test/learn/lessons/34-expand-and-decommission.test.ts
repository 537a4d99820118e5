import { expect, it } from 'vitest'
import { Journal } from '../../../src/learn/journal.ts'
import { newcomer } from '../../../src/learn/lessons/34-expand-and-decommission/index.ts'

const journalOf = (...looks: number[][]): Journal => {
  const journal = new Journal()
  for (const [at, brokers] of looks.entries()) journal.note({ at, brokers, partitions: {}, groups: {}, nodes: {} })
  return journal
}

it('is the broker that was not there before', () => {
  expect(newcomer(journalOf([1, 2, 3], [1, 2, 3, 4]))?.id).toBe(4)
})
it('is none that was gone for a while', () => {
  expect(newcomer(journalOf([1, 2, 3], [1, 3], [1, 2, 3]))).toBeUndefined()
  expect(newcomer(journalOf([1, 2, 3], [1, 3], [1, 2, 3], [1, 2, 3, 4]))?.id).toBe(4)
})
it('is still known when it has left', () => {
  expect(newcomer(journalOf([1, 2, 3], [1, 2, 3, 4], [1, 2, 3]))?.id).toBe(4)
})
