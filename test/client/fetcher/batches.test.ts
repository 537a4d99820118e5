import { describe, expect, it } from 'vitest'
import { splitBatches } from '../../../src/client/fetcher/batches.ts'
import { encodeBatch } from '../../../src/protocol/records/record.ts'
import { AT } from '../../../src/protocol/records/record-batch.ts'

const record = (value: string) => ({ timestamp: 1, key: null, value: Buffer.from(value) })

/** A batch of `count` records at `baseOffset`. */
const plain = (baseOffset: number, count = 1): Buffer =>
  encodeBatch(
    Array.from({ length: count }, (_, at) => record(`v${baseOffset + at}`)),
    { baseOffset },
  )

const transactional = (baseOffset: number, producerId: bigint, count = 1): Buffer =>
  encodeBatch(
    Array.from({ length: count }, () => record('x')),
    { baseOffset, producerId, producerEpoch: 0, baseSequence: 0, transactional: true },
  )

/** An end-transaction marker: key is version and type (0 abort, 1 commit). */
const marker = (baseOffset: number, producerId: bigint, type: 0 | 1): Buffer =>
  encodeBatch([{ timestamp: 1, key: Buffer.from([0, 0, 0, type]), value: Buffer.alloc(6) }], {
    baseOffset,
    producerId,
    producerEpoch: 0,
    transactional: true,
    control: true,
  })

const split = (records: Buffer, options = {}) =>
  splitBatches(records, {
    topic: 't',
    partition: 3,
    fetchOffset: 0,
    highWatermark: 100,
    checkCrcs: true,
    aborted: null,
    ...options,
  })

const offsets = (result: ReturnType<typeof split>): number[] => result.batches.map(({ header }) => header.baseOffset)

describe('the records of an answer', () => {
  it('are cut into batches', () => {
    const result = split(Buffer.concat([plain(0, 3), plain(3), plain(4, 2)]))
    expect(offsets(result)).toEqual([0, 3, 4])
    expect(result.nextOffset).toBe(6)
    expect(result.batches[0]).toMatchObject({ topic: 't', partition: 3, firstOffset: 0, highWatermark: 100 })
  })

  it('may end in the middle of a batch, which comes again', () => {
    const cut = Buffer.concat([plain(0, 3), plain(3, 5).subarray(0, 70)])
    expect(split(cut)).toMatchObject({ nextOffset: 3 })
    expect(split(cut.subarray(0, plain(0, 3).length + 30)).nextOffset).toBe(3)
  })

  it('may begin before what was asked for', () => {
    const result = split(Buffer.concat([plain(0, 3), plain(3, 3)]), { fetchOffset: 4 })
    expect(offsets(result)).toEqual([3])
    expect(result.batches[0]!.firstOffset).toBe(4)
    expect(result.nextOffset).toBe(6)
  })

  it('leave the position where it was when there are none', () => {
    expect(split(Buffer.alloc(0), { fetchOffset: 8 })).toEqual({ batches: [], nextOffset: 8 })
  })

  it('go on behind gaps that compaction left', () => {
    expect(split(Buffer.concat([plain(0), plain(50)])).nextOffset).toBe(51)
  })
})

describe('a corrupt batch', () => {
  it('is told with partition, offset and both checksums', () => {
    const bytes = Buffer.concat([plain(0), plain(1)])
    bytes[bytes.length - 2]! ^= 1
    expect(() => split(bytes)).toThrow(
      /^Record batch for partition t-3 at offset 1 is invalid, cause: Record is corrupt \(stored crc = \d+, computed crc = \d+\)$/,
    )
    expect(split(bytes, { checkCrcs: false }).batches).toHaveLength(2)
  })

  it.each([-1, 0, 48, -2147483648])('is one that says it is %i bytes long', (length) => {
    const bytes = plain(0)
    bytes.writeInt32BE(length, AT.batchLength)
    expect(() => split(bytes)).toThrow(/is invalid/)
  })

  it('is one of an older format', () => {
    const bytes = plain(0)
    bytes.writeInt8(1, AT.magic)
    expect(() => split(bytes)).toThrow('Message format v1 is not supported')
  })
})

describe('transactions', () => {
  const log = Buffer.concat([
    transactional(0, 1n), // aborted
    transactional(1, 2n), // committed
    plain(2),
    transactional(3, 1n), // aborted, the same transaction
    marker(4, 1n, 0),
    marker(5, 2n, 1),
    transactional(6, 1n), // the producer's next transaction, committed
    marker(7, 1n, 1),
  ])
  const aborted = [{ producerId: 1n, firstOffset: 0n }]

  it('are all there for those who read uncommitted, without their markers', () => {
    const result = split(log)
    expect(offsets(result)).toEqual([0, 1, 2, 3, 6])
    expect(result.nextOffset).toBe(8)
  })

  it('that were aborted are hidden from those who read committed', () => {
    const result = split(log, { aborted })
    expect(offsets(result)).toEqual([1, 2, 6])
    expect(result.nextOffset).toBe(8)
  })

  it('are told apart when one producer aborts twice', () => {
    const twice = Buffer.concat([
      transactional(0, 1n),
      marker(1, 1n, 0),
      transactional(2, 1n),
      marker(3, 1n, 1),
      transactional(4, 1n),
      marker(5, 1n, 0),
    ])
    const both = [
      { producerId: 1n, firstOffset: 4n },
      { producerId: 1n, firstOffset: 0n },
    ]
    expect(offsets(split(twice, { aborted: both }))).toEqual([2])
  })

  it('read from the middle are hidden as well', () => {
    expect(offsets(split(log.subarray(transactional(0, 1n).length), { aborted, fetchOffset: 1 }))).toEqual([1, 2, 6])
  })

  it('do not hide what the same producer wrote outside of them', () => {
    const mixed = Buffer.concat([
      encodeBatch([record('x')], { baseOffset: 0, producerId: 1n, producerEpoch: 0, baseSequence: 0 }),
      transactional(1, 1n),
      marker(2, 1n, 0),
    ])
    expect(offsets(split(mixed, { aborted }))).toEqual([0])
  })
})
