import * as fs from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { HeaderScan, splitBatches } from '../../src/log/batches.ts'
import { LogFile, OpenFiles } from '../../src/log/log-file.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { AT } from '../../src/protocol/records/record-batch.ts'
import { batchOf, fillBatch, scratchDirectory } from './support.ts'

const bases = (records: Buffer): number[] => splitBatches(records).map(({ baseOffset }) => baseOffset)

function patched(change: (batch: Buffer) => void): Buffer {
  const batch = batchOf()
  change(batch)
  return batch
}

describe('splitBatches', () => {
  it('finds every whole batch, whatever follows', () => {
    const three = Buffer.concat([0, 5, 9].map((baseOffset) => batchOf({ baseOffset })))
    expect(bases(three)).toEqual([0, 5, 9])
    const size = batchOf().length
    for (let length = 0; length <= three.length; length++) {
      expect(bases(three.subarray(0, length))).toHaveLength(Math.floor(length / size))
    }
  })

  it.each<[string, Buffer, string]>([
    ['a negative length', patched((b) => b.writeInt32BE(-1, AT.batchLength)), 'CORRUPT_MESSAGE'],
    ['a length below any message', patched((b) => b.writeInt32BE(13, AT.batchLength)), 'CORRUPT_MESSAGE'],
    ['a length below a header', patched((b) => b.writeInt32BE(48, AT.batchLength)), 'CORRUPT_MESSAGE'],
    ['magic 3', patched((b) => b.writeInt8(3, AT.magic)), 'CORRUPT_MESSAGE'],
    ['magic -1', patched((b) => b.writeInt8(-1, AT.magic)), 'CORRUPT_MESSAGE'],
    ['magic 0', patched((b) => b.writeInt8(0, AT.magic)), 'INVALID_RECORD'],
    ['magic 1', patched((b) => b.writeInt8(1, AT.magic)), 'INVALID_RECORD'],
  ])('refuses %s', (_, records, name) => {
    const error = (() => {
      try {
        return splitBatches(records)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(KafkaError)
    expect((error as KafkaError).errorName).toBe(name)
  })

  it('ends or throws a KafkaError on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          for (const { sizeInBytes } of splitBatches(Buffer.from(bytes))) expect(sizeInBytes).toBeGreaterThanOrEqual(61)
        } catch (error) {
          expect(error).toBeInstanceOf(KafkaError)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('HeaderScan', () => {
  function scanOf(bytes: Buffer, from = 0, to = bytes.length): number[] {
    const path = join(scratchDirectory(), 'x.log')
    fs.writeFileSync(path, bytes)
    const file = new LogFile(nodeFileSystem, new OpenFiles(), path, bytes.length)
    const scan = new HeaderScan(file, from, to)
    const positions: number[] = []
    for (let batch = scan.next(); batch !== null; batch = scan.next()) positions.push(batch.position)
    file.closeHandle()
    return positions
  }

  it('walks small and large batches alike, over its chunks', () => {
    const sizes = [10, 16_300, 20, 40_000, 1, 16_384, 5]
    const batches = sizes.map((size) => fillBatch(1, size))
    const positions = batches.map((_, i) => batches.slice(0, i).reduce((sum, batch) => sum + batch.length, 0))
    expect(scanOf(Buffer.concat(batches))).toEqual(positions)
    expect(scanOf(Buffer.concat(batches), positions[3])).toEqual(positions.slice(3))
    expect(scanOf(Buffer.concat(batches), 0, positions[3])).toEqual(positions.slice(0, 3))
  })

  it('ends before what is not whole', () => {
    const batch = fillBatch(1, 100)
    expect(scanOf(Buffer.concat([batch, batch.subarray(0, 60)]))).toEqual([0])
    expect(scanOf(Buffer.concat([batch, batch.subarray(0, 100)]))).toEqual([0])
    expect(scanOf(Buffer.concat([batch, Buffer.alloc(200)]))).toEqual([0])
    expect(scanOf(Buffer.alloc(0))).toEqual([])
  })
})
