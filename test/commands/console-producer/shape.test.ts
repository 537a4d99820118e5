import { describe, expect, it } from 'vitest'
import type { ParsedLine } from '../../../src/commands/console-producer/line-reader.ts'
import { type ShapeOptions, shapeOf } from '../../../src/commands/console-producer/shape.ts'
import { partitionOfKey } from '../../../src/commands/key-partition.ts'

const LINE: ParsedLine = { key: Buffer.from('k'), value: Buffer.from('v'), headers: [{ key: 'own', value: null }] }
const shape = (options: Partial<ShapeOptions>, line = LINE): ParsedLine =>
  shapeOf({ headers: [], tombstone: false, ...options })!(line, 5)

describe('shapeOf', () => {
  it('is nothing when nothing is added', () => {
    expect(shapeOf({ headers: [], tombstone: false })).toBeNull()
  })

  it('sets partition and timestamp, whatever the line says', () => {
    const line = { ...LINE, partition: 1, timestamp: 1 }
    expect(shape({ partition: 3 }, line)).toMatchObject({ partition: 3, timestamp: 1 })
    expect(shape({ timestamp: 9 }, line)).toMatchObject({ partition: 1, timestamp: 9 })
  })

  it('adds headers behind those of the line', () => {
    const header = { key: 'more', value: Buffer.from('1') }
    expect(shape({ headers: [header] }).headers).toEqual([{ key: 'own', value: null }, header])
  })

  it('makes tombstones: a line without a key is one', () => {
    expect(shape({ tombstone: true })).toMatchObject({ key: Buffer.from('k'), value: null })
    expect(shape({ tombstone: true }, { ...LINE, key: null })).toMatchObject({ key: Buffer.from('v'), value: null })
  })

  it('places keys as other clients do', () => {
    const expected = partitionOfKey('crc32', Buffer.from('k'), 5)
    expect(shape({ keyPartitioner: 'crc32' }).partition).toBe(expected)
    expect(shape({ keyPartitioner: 'crc32' }, { ...LINE, partition: 4 }).partition).toBe(4)
    expect(shape({ keyPartitioner: 'crc32' }, { ...LINE, key: null }).partition).toBeUndefined()
  })

  it('takes keys from elsewhere', () => {
    expect(shape({ nextKey: () => Buffer.from('made') }).key).toEqual(Buffer.from('made'))
  })
})
