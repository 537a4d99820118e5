import { describe, expect, it } from 'vitest'
import { partitionsText } from '../../../src/commands/consumer-groups/partitions-text.ts'

describe('partitions in words', () => {
  it('joins neighbours, by topic', () => {
    const of = (topic: string, numbers: number[]) => numbers.map((partition) => ({ topic, partition }))
    expect(partitionsText([...of('orders', [0, 1, 2, 5]), ...of('b', [3, 1])])).toBe('orders 0-2,5; b 1,3')
  })

  it('counts what would not fit', () => {
    const many = Array.from({ length: 100 }, (_, at) => ({ topic: 't', partition: at * 2 }))
    expect(partitionsText(many)).toMatch(/^t 0,2,.*,46 and 76 more$/)
  })
})
