import { describe, expect, it } from 'vitest'
import { splitAcquired } from '../../../src/client/share/share-batches.ts'
import { encodeBatch } from '../../../src/protocol/records/record.ts'

const batch = (baseOffset: number, count: number): Buffer =>
  encodeBatch(
    Array.from({ length: count }, () => ({ key: null, value: Buffer.from('v') })),
    { baseOffset },
  )
const OPTIONS = { topic: 't', partition: 0, brokerId: 1, checkCrcs: true }
const range = (firstOffset: number, lastOffset: number, deliveryCount = 1) => ({
  firstOffset,
  lastOffset,
  deliveryCount,
})

describe('splitAcquired', () => {
  it('gives each batch the part of it that was acquired', () => {
    const records = Buffer.concat([batch(10, 5), batch(15, 5)])
    const { batches, gaps } = splitAcquired(records, [range(12, 16), range(18, 19, 2)], OPTIONS)
    expect(batches.map(({ firstOffset, endOffset, deliveryCount }) => [firstOffset, endOffset, deliveryCount])).toEqual(
      [
        [12, 15, 1],
        [15, 17, 1],
        [18, 20, 2],
      ],
    )
    expect(gaps).toEqual([])
    expect(batches[0]).toMatchObject({ topic: 't', partition: 0, brokerId: 1 })
  })

  it('finds offsets without a record', () => {
    const records = Buffer.concat([batch(10, 2), batch(14, 2)])
    expect(splitAcquired(records, [range(9, 17)], OPTIONS).gaps).toEqual([
      { firstOffset: 9, lastOffset: 9 },
      { firstOffset: 12, lastOffset: 13 },
      { firstOffset: 16, lastOffset: 17 },
    ])
    expect(splitAcquired(Buffer.alloc(0), [range(3, 4)], OPTIONS)).toEqual({
      batches: [],
      gaps: [{ firstOffset: 3, lastOffset: 4 }],
    })
  })

  it('takes control batches for gaps', () => {
    const control = encodeBatch([{ key: Buffer.from([0, 0, 0, 1]), value: null }], { baseOffset: 2, control: true })
    const { batches, gaps } = splitAcquired(Buffer.concat([batch(0, 2), control]), [range(0, 2)], OPTIONS)
    expect(batches).toHaveLength(1)
    expect(gaps).toEqual([{ firstOffset: 2, lastOffset: 2 }])
  })
})
