import { describe, expect, it } from 'vitest'
import {
  commitLine,
  commitRow,
  crashAt,
  invoiceOf,
  orderOf,
  PORTION,
  rangeText,
  tallyCommit,
} from '../../../src/learn/lab/commit.ts'

const invoices = (...numbers: number[]): string[] => numbers.map((number) => invoiceOf(orderOf(number)))

describe('crashAt', () => {
  it('is in the middle of a portion, and early enough that others follow', () => {
    for (const orders of [20, 40, 50, 99, 100, 1_000]) {
      expect(crashAt(orders) % PORTION).toBe(PORTION / 2)
      expect(crashAt(orders)).toBeLessThan(orders - PORTION)
    }
  })
})

describe('tallyCommit', () => {
  it('finds orders that nobody wrote an invoice for', () => {
    const run = tallyCommit({ timing: 'before', orders: 5, committed: 4 }, invoices(1, 2, 5))
    expect(run).toMatchObject({ invoices: 3, missed: [3, 4], repeated: [] })
    expect(commitLine(run)).toBe('commit before the work: no invoice for orders 3 to 4')
    expect(commitRow(run)).toEqual(['before', '5', '4', '3', '2', '0'])
  })

  it('finds orders with more than one', () => {
    const run = tallyCommit({ timing: 'after', orders: 3, committed: 0 }, invoices(1, 2, 1, 2, 3))
    expect(run).toMatchObject({ missed: [], repeated: [1, 2] })
    expect(commitLine(run)).toBe('commit after the work: more than one for orders 1 to 2')
  })

  it('says so when nothing is wrong, and passes over what is no invoice', () => {
    const run = tallyCommit({ timing: 'after', orders: 2, committed: 0 }, [...invoices(1, 2), null, 'hello'])
    expect(commitLine(run)).toBe('commit after the work: one invoice for each order')
  })
})

describe('rangeText', () => {
  it('is as short as it can be', () => {
    expect(rangeText([])).toBe('no order')
    expect(rangeText([7])).toBe('order 7')
    expect(rangeText([7, 8, 9])).toBe('orders 7 to 9')
    expect(rangeText([3, 7])).toBe('orders 3, 7')
  })
})
