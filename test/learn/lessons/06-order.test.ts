import { describe, expect, it } from 'vitest'
import { isInOrder } from '../../../src/learn/lessons/06-order/index.ts'

const ten = Array.from({ length: 10 }, (_, at) => `order ${at + 1}`)

describe('ten numbered orders', () => {
  it('may have others between them', () => {
    expect(isInOrder(ten)).toBe(true)
    expect(isInOrder(['a first try', ...ten.slice(0, 5), 'oops', null, ...ten.slice(5)])).toBe(true)
  })

  it('are all there, and none comes before its turn', () => {
    expect(isInOrder(ten.slice(1))).toBe(false)
    expect(isInOrder([...ten].reverse())).toBe(false)
    expect(isInOrder([])).toBe(false)
  })
})
