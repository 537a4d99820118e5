import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type FileSystem, nodeFileSystem } from '../../src/base/file-system.ts'
import {
  BOOTSTRAP_SNAPSHOT,
  listSnapshots,
  parseSnapshotName,
  readSnapshot,
  type SnapshotContent,
  snapshotBatches,
  snapshotName,
  WholeFile,
  writeSnapshot,
  writeWhole,
} from '../../src/raft/snapshot-files.ts'
import { DIRECTORY_ID, scratchDirectory, values, voterSet } from './support.ts'

const content = (extra: Partial<SnapshotContent> = {}): SnapshotContent => ({
  lastContainedLogTimestamp: 1_700_000_000_000,
  kraftVersion: 1,
  voters: voterSet(1),
  values: values('a', 'b'),
  nowMs: 1_700_000_000_001,
  ...extra,
})

describe('snapshot names', () => {
  it('have 20 digits of offset and 10 of epoch', () => {
    const id = { endOffset: 421, epoch: 7 }
    expect(snapshotName(id)).toBe('00000000000000000421-0000000007.checkpoint')
    expect(parseSnapshotName(snapshotName(id))).toEqual(id)
    expect(parseSnapshotName('00000000000000000421-0000000007.checkpoint.part')).toBeNull()
    expect(parseSnapshotName('bootstrap.checkpoint')).toBeNull()
  })
})

describe('snapshot files', () => {
  it('are read back as they were written', () => {
    const directory = scratchDirectory()
    const id = { endOffset: 10, epoch: 3 }
    const size = writeSnapshot(nodeFileSystem, directory, id, content())
    expect(size).toBe(fs.statSync(`${directory}/${snapshotName(id)}`).size)
    const batches = [...readSnapshot(nodeFileSystem, directory, id)]
    expect(batches.map(({ control }) => control.map(({ type }) => type))).toEqual([
      ['snapshot-header', 'kraft-version', 'voters'],
      [],
      ['snapshot-footer'],
    ])
    expect(batches[0]!.control[0]).toEqual({ type: 'snapshot-header', lastContainedLogTimestamp: 1_700_000_000_000 })
    expect(batches[0]!.control[2]).toEqual({ type: 'voters', voters: voterSet(1) })
    expect(batches[1]!.values.map(String)).toEqual(['a', 'b'])
    expect(batches.map(({ baseOffset, lastOffset, epoch }) => [baseOffset, lastOffset, epoch])).toEqual([
      [0, 2, 3],
      [3, 4, 3],
      [5, 5, 3],
    ])
  })

  it('of a static quorum name no voters', () => {
    const [head] = [...snapshotBatches(BOOTSTRAP_SNAPSHOT, content({ kraftVersion: 0, values: [] }))]
    // Size, attributes and records as kafka-storage 4.3.1 writes them: one control record of 29 bytes.
    expect(head!.length).toBe(0x53)
    expect(head!.readInt16BE(21)).toBe(0x20)
    expect(head!.readInt32BE(57)).toBe(1)
  })

  it('are in Kafka’s bytes', () => {
    const voters = new Map([
      [
        1,
        {
          id: 1,
          directoryId: '7rmtOQM-RWKLJ1JmnEeK_Q',
          endpoints: [{ name: 'CONTROLLER', host: '127.0.0.1', port: 39093 }],
          kraftVersions: { min: 0, max: 1 },
        },
      ],
    ])
    const chunks = [
      ...snapshotBatches(BOOTSTRAP_SNAPSHOT, content({ voters, values: [], lastContainedLogTimestamp: 0x1a1fd643869 })),
    ]
    const [head, footer] = chunks.map((chunk) => chunk.subarray(61).toString('hex'))
    // The records of both batches as `kafka-storage format --standalone` of 4.3.1 wrote them.
    expect(head).toBe(
      '2a0000000800000003160000000001a1fd64386900001e00000208000000050a000000010000820100000408000000066e00000200000001' +
        'eeb9ad39033e45628b2752669c478afd020b434f4e54524f4c4c45520a3132372e302e302e3198b5000000000100000000',
    )
    expect(footer).toBe('1a00000008000000040600000000')
    expect(chunks.map((chunk) => chunk.length)).toEqual([0x9a + 12, 0x3f + 12])
  })

  it('hold many records in batches of 1024', () => {
    const many = Array.from({ length: 2_500 }, (_, index) => Buffer.from(String(index)))
    const chunks = [...snapshotBatches({ endOffset: 9, epoch: 1 }, content({ values: many }))]
    expect(chunks.map((chunk) => chunk.readInt32BE(57))).toEqual([3, 1024, 1024, 452, 1])
    expect(chunks.map((chunk) => Number(chunk.readBigInt64BE(0)))).toEqual([0, 3, 1027, 2051, 2503])
  })

  it('are listed oldest first', () => {
    const directory = scratchDirectory()
    for (const endOffset of [30, 5, 12]) writeSnapshot(nodeFileSystem, directory, { endOffset, epoch: 1 }, content())
    fs.writeFileSync(`${directory}/00000000000000000000.log`, '')
    expect(listSnapshots(nodeFileSystem, directory).map(({ endOffset }) => endOffset)).toEqual([5, 12, 30])
  })

  it('that are damaged are noticed', () => {
    const directory = scratchDirectory()
    const id = { endOffset: 10, epoch: 3 }
    writeSnapshot(nodeFileSystem, directory, id, content())
    const path = `${directory}/${snapshotName(id)}`
    const whole = fs.readFileSync(path)
    const read = () => [...readSnapshot(nodeFileSystem, directory, id)]
    for (const at of [30, 70, whole.length - 1]) {
      const damaged = Buffer.from(whole)
      damaged[at]! ^= 0xff
      fs.writeFileSync(path, damaged)
      expect(read, `byte ${at}`).toThrow('CRC')
    }
    fs.writeFileSync(path, whole.subarray(0, whole.length - 1))
    expect(read).toThrow('are left')
    fs.writeFileSync(path, whole.subarray(0, 40))
    expect(read).toThrow('cut short')
  })
})

describe('a file in the making', () => {
  it('appears only when it is finished', () => {
    const directory = scratchDirectory()
    const file = new WholeFile(nodeFileSystem, directory, 'x')
    file.append(Buffer.from('ab'))
    expect(fs.readdirSync(directory)).toEqual(['x.part'])
    expect(file.finish()).toBe(2)
    expect(fs.readdirSync(directory)).toEqual(['x'])
  })

  it('leaves nothing when it is abandoned or the disk refuses', () => {
    const directory = scratchDirectory()
    new WholeFile(nodeFileSystem, directory, 'x').abandon()
    const full: FileSystem = {
      ...nodeFileSystem,
      write: () => {
        throw new Error('ENOSPC')
      },
    }
    expect(() => writeWhole(full, directory, 'y', [Buffer.from('z')])).toThrow('ENOSPC')
    expect(fs.readdirSync(directory)).toEqual([])
  })

  it('is written whole by a disk that takes a byte at a time', () => {
    const directory = scratchDirectory()
    const slow: FileSystem = {
      ...nodeFileSystem,
      write: (fd, source, offset, _, position) => nodeFileSystem.write(fd, source, offset, 1, position),
    }
    writeWhole(slow, directory, 'x', [Buffer.from('hello '), Buffer.from('world')])
    expect(fs.readFileSync(`${directory}/x`, 'utf8')).toBe('hello world')
  })
})

it('keeps the directory id it was given', () => {
  expect(voterSet(1).get(1)!.directoryId).toBe(DIRECTORY_ID)
})
