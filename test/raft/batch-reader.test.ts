import { describe, expect, it } from 'vitest'
import { batchHeaders, readCheckedBatches } from '../../src/raft/batch-reader.ts'
import { dataBatch } from '../../src/raft/control-batches.ts'

const batch = (text: string, baseOffset = 0): Buffer =>
  dataBatch([Buffer.from(text)], { baseOffset, epoch: 1, timestampMs: 5 })

describe('batches in a buffer', () => {
  it('are found one after the other', () => {
    const bytes = Buffer.concat([batch('a'), batch('bb', 1)])
    expect([...batchHeaders(bytes)].map(({ at, header }) => [at, header.baseOffset])).toEqual([
      [0, 0],
      [batch('a').length, 1],
    ])
    expect([...batchHeaders(Buffer.alloc(0))]).toEqual([])
  })

  it.each([
    [-1, 'batch of 11 bytes'],
    [10, 'batch of 22 bytes'],
    [2 ** 31 - 1, 'are left'],
  ])('with the length %d are not believed', (length, message) => {
    const bytes = batch('a')
    bytes.writeInt32BE(length, 8)
    expect(() => [...batchHeaders(bytes)]).toThrow(message)
  })

  it('with a wrong record count are refused', () => {
    const bytes = batch('a')
    bytes.writeInt32BE(7, 57)
    expect(() => [...readCheckedBatches(bytes)]).toThrow('CRC')
  })
})
