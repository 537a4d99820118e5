import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FileSystem, nodeFileSystem } from '../../../src/base/file-system.ts'
import { BatchFile } from '../../../src/commands/dump-log/batch-file.ts'
import { encodeBatch } from '../../../src/protocol/records/record.ts'

let directory: string
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-batches-'))
})
afterEach(() => fs.rmSync(directory, { recursive: true }))

const batch = (baseOffset: number, size = 10): Buffer =>
  Buffer.from(encodeBatch([{ key: null, value: Buffer.alloc(size, 'x') }], { baseOffset }))

function open(bytes: Buffer, maxBytes?: number, files: FileSystem = nodeFileSystem): BatchFile {
  const file = path.join(directory, 'file.log')
  fs.writeFileSync(file, bytes)
  return new BatchFile(files, file, maxBytes)
}
const offsets = (file: BatchFile, position?: number): number[] =>
  [...file.batches(position)].map(({ header }) => header.baseOffset)

describe('BatchFile', () => {
  it('gives batches with their positions', () => {
    const [first, second] = [batch(0), batch(1)]
    const file = open(Buffer.concat([first, second]))
    expect([...file.batches()].map(({ position, header }) => [position, header.sizeInBytes])).toEqual([
      [0, first.length],
      [first.length, second.length],
    ])
    expect(offsets(file, first.length)).toEqual([1])
    file.close()
  })

  it('stops where no whole batch is left', () => {
    const whole = batch(0)
    for (const rest of [0, 1, 16, 17, 40, whole.length - 1]) {
      const file = open(Buffer.concat([whole, batch(1).subarray(0, rest)]))
      expect(offsets(file)).toEqual([0])
      file.close()
    }
  })

  it('heeds its limit as if the file ended there', () => {
    const file = open(Buffer.concat([batch(0), batch(1)]), batch(0).length + 20)
    expect(offsets(file)).toEqual([0])
    expect(file.sizeInBytes).toBe(batch(0).length + 20)
    file.close()
  })

  it('reads in large pieces', () => {
    let reads = 0
    const files: FileSystem = {
      ...nodeFileSystem,
      read(...args) {
        reads++
        return nodeFileSystem.read(...args)
      },
    }
    const file = open(Buffer.concat(Array.from({ length: 2_000 }, (_, index) => batch(index, 1_000))), undefined, files)
    expect(offsets(file)).toHaveLength(2_000)
    expect(reads).toBeLessThan(5)
    file.close()
  })

  it('puts pieces together that a read gives only in part', () => {
    const files: FileSystem = {
      ...nodeFileSystem,
      read: (fd, target, offset, length, position) =>
        nodeFileSystem.read(fd, target, offset, Math.min(length, 7), position),
    }
    const file = open(Buffer.concat([batch(0), batch(1)]), undefined, files)
    expect(offsets(file)).toEqual([0, 1])
    file.close()
  })

  it('tells when the file became shorter under its hands', () => {
    const files: FileSystem = { ...nodeFileSystem, read: () => 0 }
    const file = open(batch(0), undefined, files)
    expect(() => offsets(file)).toThrow('became shorter while it was read')
    file.close()
  })

  it('refuses sizes that no batch can have, and formats it does not read', () => {
    const negative = batch(0)
    negative.writeInt32BE(-1, 8)
    expect(() => offsets(open(negative))).toThrow('Found record size -1 smaller than minimum record overhead (14)')
    const old = batch(0)
    old[16] = 0
    expect(() => offsets(open(old))).toThrow('has format v0')
  })

  it('does not believe a size beyond the file', () => {
    const liar = batch(0)
    liar.writeInt32BE(2 ** 31 - 1, 8)
    const file = open(liar)
    expect(offsets(file)).toEqual([])
    file.close()
  })

  it('names a file that cannot be opened', () => {
    expect(() => new BatchFile(nodeFileSystem, path.join(directory, 'none.log'))).toThrow('Cannot read')
  })
})
