import { describe, expect, it } from 'vitest'
import {
  Acknowledgements,
  acknowledgedCount,
  acknowledgementBatches,
} from '../../../src/client/share/acknowledgements.ts'

const target = { topicId: 'A', partition: 3 }
const one = (offset: number) => ({ firstOffset: offset, lastOffset: offset })

describe('Acknowledgements', () => {
  it('makes ranges of neighbours of one kind', () => {
    const pending = new Acknowledgements()
    for (const offset of [5, 6, 7]) pending.add(target, one(offset), 'accept')
    pending.add(target, one(8), 'reject')
    pending.add(target, one(3), 'gap')
    expect(pending.isEmpty).toBe(false)
    const [taken] = pending.take()
    expect(pending.isEmpty).toBe(true)
    expect(acknowledgementBatches(taken!)).toEqual([
      { firstOffset: 3n, lastOffset: 3n, acknowledgeTypes: [0] },
      { firstOffset: 5n, lastOffset: 7n, acknowledgeTypes: [1] },
      { firstOffset: 8n, lastOffset: 8n, acknowledgeTypes: [3] },
    ])
    expect(acknowledgedCount(taken!)).toBe(4)
  })

  it('keeps partitions apart', () => {
    const pending = new Acknowledgements()
    pending.add(target, one(1), 'release')
    pending.add({ ...target, partition: 4 }, one(2), 'release')
    expect(pending.take()).toHaveLength(2)
  })
})
