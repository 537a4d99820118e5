import * as fs from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../../src/base/file-system.ts'
import {
  type BrokenTail,
  baseOffsetOf,
  type DumpedBatch,
  type ReadBatchesOptions,
  readBatches,
  readCheckpointLines,
  readOffsetIndexEntries,
  readProducerSnapshot,
  readTimeIndexEntries,
  readTransactionIndex,
} from '../../../src/log/dump/index.ts'
import { CorruptFileError } from '../../../src/log/errors.ts'
import { segmentPath } from '../../../src/log/file-names.ts'
import {
  batchOf,
  CLIENT,
  COORDINATOR,
  fillBatch,
  markerOf,
  openTestLog,
  START_MS,
  scratchDirectory,
  testEnvironment,
} from '../support.ts'

let directory: string
let path: string

beforeEach(() => {
  directory = join(scratchDirectory(), 'orders-0')
  const log = openTestLog({ env: testEnvironment(), directory, config: { indexIntervalBytes: 100 } })
  for (let i = 0; i < 5; i++) log.appendAsLeader(fillBatch(2, 100, START_MS + i), CLIENT)
  const transactional = batchOf({ producerId: 4n, producerEpoch: 0, baseSequence: 0, transactional: true })
  log.appendAsLeader(transactional, CLIENT)
  log.appendAsLeader(markerOf({ producerId: 4n, producerEpoch: 0, commit: false }), COORDINATOR)
  log.close()
  path = segmentPath(directory, 0, '.log')
})

function walk(options?: ReadBatchesOptions): { batches: Omit<DumpedBatch, 'bytes'>[]; tail: BrokenTail | null } {
  const batches: Omit<DumpedBatch, 'bytes'>[] = []
  const generator = readBatches(nodeFileSystem, path, options)
  for (;;) {
    const step = generator.next()
    if (step.done) return { batches, tail: step.value }
    const { position, header, valid, bytes } = step.value
    expect(bytes.length).toBe(header.sizeInBytes)
    batches.push({ position, header, valid })
  }
}

describe('readBatches', () => {
  it('gives every batch with its position', () => {
    const { batches, tail } = walk()
    expect(batches.map(({ header }) => header.baseOffset)).toEqual([0, 2, 4, 6, 8, 10, 11])
    expect(batches.every(({ valid }) => valid)).toBe(true)
    expect(batches[1]!.position).toBe(batches[0]!.header.sizeInBytes)
    expect(tail).toBeNull()
  })

  it('goes on after a wrong checksum', () => {
    const bytes = fs.readFileSync(path)
    bytes.writeUInt8(0xff, 70)
    fs.writeFileSync(path, bytes)
    const { batches } = walk()
    expect(batches.map(({ valid }) => valid)).toEqual([false, true, true, true, true, true, true])
  })

  it.each([
    [(bytes: Buffer) => bytes.subarray(0, bytes.length - 1), /^of a batch of \d+ bytes only \d+ are there$/],
    [(bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(10)]), /^10 bytes are less than a batch header$/],
    [(bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(100)]), /^the batch length 0 is impossible$/],
  ])('says where and why it ends early (%#)', (damage, reason) => {
    const bytes = fs.readFileSync(path)
    fs.writeFileSync(path, damage(bytes))
    const { batches, tail } = walk()
    expect(batches.length).toBeGreaterThanOrEqual(6)
    expect(tail!.reason).toMatch(reason)
    expect(tail!.position + tail!.bytes).toBe(fs.statSync(path).size)
  })

  it('starts and stops where told', () => {
    const size = fillBatch(2, 100).length
    expect(walk({ from: 2 * size }).batches[0]!.header.baseOffset).toBe(4)
    const { batches, tail } = walk({ maxBytes: size + 10 })
    expect([batches.length, tail!.position]).toEqual([1, size])
  })
})

describe('the other files', () => {
  it('are read entry by entry', () => {
    const index = readOffsetIndexEntries(nodeFileSystem, segmentPath(directory, 0, '.index'))
    expect(index.map(({ offset }) => offset)).toEqual([3, 5, 7, 9, 10])
    const times = readTimeIndexEntries(nodeFileSystem, segmentPath(directory, 0, '.timeindex'))
    expect(times).toEqual([1, 2, 3, 4].map((i) => ({ timestamp: START_MS + i, offset: i * 2 + 1 })))
    const aborted = readTransactionIndex(nodeFileSystem, segmentPath(directory, 0, '.txnindex'))
    expect(aborted).toEqual([{ producerId: 4n, firstOffset: 10, lastOffset: 11, lastStableOffset: 12 }])
    const producers = readProducerSnapshot(nodeFileSystem, segmentPath(directory, 12, '.snapshot'))
    expect(producers).toMatchObject([{ producerId: 4n, producerEpoch: 0, transactionFirstOffset: null }])
    expect(readCheckpointLines(nodeFileSystem, join(directory, 'leader-epoch-checkpoint'))).toEqual(['0 0'])
  })

  it('may be preallocated: zeros are no entries', () => {
    const preallocated = (suffix: string): string => {
      const target = segmentPath(directory, 0, suffix)
      fs.appendFileSync(target, Buffer.alloc(240))
      return target
    }
    expect(readOffsetIndexEntries(nodeFileSystem, preallocated('.index'))).toHaveLength(5)
    expect(readTimeIndexEntries(nodeFileSystem, preallocated('.timeindex'))).toHaveLength(4)
  })

  it('say so when they are corrupt, or named after no offset', () => {
    const snapshot = segmentPath(directory, 12, '.snapshot')
    fs.writeFileSync(snapshot, 'nonsense nonsense')
    expect(() => readProducerSnapshot(nodeFileSystem, snapshot)).toThrow(CorruptFileError)
    expect(baseOffsetOf('/a/b/00000000000000000012.log')).toBe(12)
    expect(() => baseOffsetOf('/a/b/readme.md')).toThrow(RangeError)
  })
})
