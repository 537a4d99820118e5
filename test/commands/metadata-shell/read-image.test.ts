import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../../src/base/file-system.ts'
import type { ShellImage } from '../../../src/commands/metadata-shell/image-nodes.ts'
import { readShellImage } from '../../../src/commands/metadata-shell/read-image.ts'
import type { MetadataRecordInput } from '../../../src/protocol/metadata/index.ts'
import { encodeBatch } from '../../../src/protocol/records/record.ts'
import { topicRecords, uuidOf } from '../../metadata/support.ts'
import { ORPHAN, RECORDS, segmentOf, snapshotOf, WRITTEN_AT_MS } from './support.ts'

let directory: string
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-read-image-'))
})
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }))

let problems: string[] = []

function read(bytes: Uint8Array, signal?: AbortSignal): Promise<ShellImage> {
  problems = []
  const file = path.join(directory, '00000000000000000000.log')
  fs.writeFileSync(file, bytes)
  // A reader that writes fails.
  fs.chmodSync(file, 0o444)
  return readShellImage(nodeFileSystem, file, (problem) => problems.push(problem), signal)
}

const topic = (number: number): MetadataRecordInput[] => topicRecords(`t${number}`, uuidOf(number), [[1]])
const names = ({ image }: ShellImage): string[] => [...image.topicsByName.keys()]
const at = ({ image, lastTimestampMs }: ShellImage): number[] => [image.offset, image.epoch, lastTimestampMs]

const BEGIN: MetadataRecordInput = { record: 'beginTransactionRecord', body: { name: 'x' } }
const END: MetadataRecordInput = { record: 'endTransactionRecord', body: {} }
const ABORT: MetadataRecordInput = { record: 'abortTransactionRecord', body: { reason: 'x' } }

describe('readShellImage', () => {
  it('replays a segment to its last record', async () => {
    const result = await read(segmentOf(topic(1), topic(2)))
    expect(names(result)).toEqual(['t1', 't2'])
    expect(at(result)).toEqual([4, 3, WRITTEN_AT_MS + 3])
    expect(problems).toEqual([])
  })

  it('replays a snapshot; where it ends is counted in records of its own', async () => {
    const result = await read(snapshotOf())
    expect(at(result)).toEqual([RECORDS.length, 7, WRITTEN_AT_MS])
    expect(result.image.features.get('metadata.version')).toBe(30)
    expect(problems).toEqual([])
  })

  it('makes images on the way, so that a long log is not held in memory', async () => {
    const many = Array.from({ length: 12 }, (_, batch) =>
      Array.from({ length: 1_000 }, (_, index) => topic(1 + batch * 1_000 + index)).flat(),
    )
    expect((await read(segmentOf(...many))).image.topicsById.size).toBe(12_000)
  })

  it('ends before a batch that is not whole: a node may be writing it', async () => {
    const whole = segmentOf(topic(1))
    const more = segmentOf(topic(1), topic(2))
    for (const bytes of [1, 20, more.length - whole.length - 1]) {
      expect(names(await read(more.subarray(0, whole.length + bytes)))).toEqual(['t1'])
    }
  })

  it('leaves out what speaks of a topic whose record is in an earlier segment', async () => {
    const result = await read(segmentOf(topic(1), [ORPHAN], topic(2)))
    expect(names(result)).toEqual(['t1', 't2'])
    expect(problems).toEqual([`The record at offset 3 is left out: record for unknown topic id ${uuidOf(4)}`])
  })

  it('leaves out records that cannot be read, and tells of the first ones', async () => {
    const bad = encodeBatch(
      Array.from({ length: 14 }, () => ({ key: null, value: Buffer.from([1, 99, 0]) })),
      { baseOffset: 3 },
    )
    const result = await read(Buffer.concat([segmentOf(topic(1)), bad]))
    expect(names(result)).toEqual(['t1'])
    expect(problems).toHaveLength(11)
    expect(problems[0]).toBe('The record at offset 3 cannot be read: metadata record of unknown type 99')
    expect(problems.at(-1)).toBe('4 more records were left out')
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'holds no metadata'],
    ['control records only', segmentOf(), 'holds no metadata'],
    ['zeros', Buffer.alloc(100), 'Found record size 0 smaller than minimum record overhead (14)'],
  ])('has no image of a file with %s', async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({ kind: 'storage', message: expect.stringContaining(message) })
  })

  it('tells a directory from a file, and a file that is not there', async () => {
    const readPath = (file: string) => readShellImage(nodeFileSystem, file, () => undefined)
    await expect(readPath(directory)).rejects.toMatchObject({ kind: 'usage', message: `${directory} is a directory` })
    await expect(readPath(`${directory}/nope`)).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('stops when it is told to', async () => {
    await expect(read(segmentOf(topic(1)), AbortSignal.abort('SIGINT'))).rejects.toMatchObject({ kind: 'interrupted' })
  })
})

describe('metadata transactions', () => {
  it('take effect at their end, across batches', async () => {
    const result = await read(segmentOf([...topic(1), BEGIN, ...topic(2)], topic(3), [END, ...topic(4)]))
    expect(names(result)).toEqual(['t1', 't2', 't3', 't4'])
    expect(result.image.offset).toBe(10)
  })

  it('take none when they are aborted', async () => {
    const result = await read(segmentOf([BEGIN, ...topic(2), ABORT], topic(3)))
    expect(names(result)).toEqual(['t3'])
    expect(problems).toEqual([])
  })

  it('leave the image where they began while they have no end', async () => {
    const inBatch = await read(segmentOf(topic(1), [...topic(2), BEGIN, ...topic(3)], topic(4)))
    expect(names(inBatch)).toEqual(['t1', 't2'])
    expect(at(inBatch)).toEqual([4, 3, WRITTEN_AT_MS + 3])
    const ownBatch = await read(segmentOf(topic(1), [BEGIN, ...topic(3)]))
    expect(at(ownBatch)).toEqual([2, 3, WRITTEN_AT_MS + 1])
  })
})
