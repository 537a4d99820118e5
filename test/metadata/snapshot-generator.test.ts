import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type FileSystem, nodeFileSystem } from '../../src/base/file-system.ts'
import { lineLogger } from '../../src/base/logger.ts'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'
import { MetadataLoader } from '../../src/metadata/loader.ts'
import { SnapshotGenerator, type SnapshotOptions } from '../../src/metadata/snapshot-generator.ts'
import { readSnapshot } from '../../src/raft/snapshot-files.ts'
import { scratchDirectory, voterSet } from '../raft/support.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { comparable, imageOf, topicRecords, uuidOf } from './support.ts'

function make(options: Partial<SnapshotOptions> = {}) {
  const clock = new ManualClock()
  const directory = scratchDirectory()
  const written: number[] = []
  const lines: string[] = []
  const generator = new SnapshotGenerator({
    files: nodeFileSystem,
    clock,
    logger: lineLogger((line) => lines.push(line)),
    directory,
    maxBytesBetween: 1_000,
    maxIntervalMs: 60_000,
    quorum: () => ({ kraftVersion: 1, voters: voterSet(1) }),
    afterSnapshot: ({ endOffset }) => written.push(endOffset),
    ...options,
  })
  return { clock, directory, written, lines, generator, files: () => fs.readdirSync(directory) }
}

const image = { ...imageOf(...topicRecords('a', uuidOf(1), [[1], [1]])), offset: 41, epoch: 2 }
const loaded = (sizeInBytes: number) => ({ sizeInBytes, lastTimestamp: 7 })

describe('SnapshotGenerator', () => {
  it('writes when enough bytes have come', async () => {
    const { generator, clock, written, files } = make()
    generator.onLoaded(image, loaded(999))
    await clock.advance(10)
    expect(files()).toEqual([])
    generator.onLoaded(image, loaded(1))
    await clock.advance(10)
    expect(written).toEqual([42])
    expect(files()).toEqual(['00000000000000000042-0000000002.checkpoint'])
    generator.onLoaded(image, loaded(999))
    await clock.advance(10)
    expect(written).toEqual([42])
  })

  it('writes when the last one is old, and there is something new', async () => {
    const { generator, clock, written } = make()
    await clock.advance(59_000)
    generator.onLoaded(image, loaded(1))
    await clock.advance(1_000)
    expect(written).toEqual([])
    generator.onLoaded(image, loaded(1))
    await clock.advance(10)
    expect(written).toEqual([42])
  })

  it('never writes by time when the interval is 0', async () => {
    const { generator, clock, written } = make({ maxIntervalMs: 0 })
    await clock.advance(10 ** 9)
    generator.onLoaded(image, loaded(1))
    await clock.advance(10)
    expect(written).toEqual([])
  })

  it('counts anew after a snapshot was loaded', async () => {
    const { generator, clock, written } = make()
    generator.onLoaded(image, loaded(999))
    generator.onSnapshotLoaded()
    generator.onLoaded(image, loaded(999))
    await clock.advance(10)
    expect(written).toEqual([])
  })

  it('writes an image that loads as the same image', () => {
    const { generator, directory } = make()
    const id = generator.writeNow(image, 7)
    const loader = new MetadataLoader(lineLogger(() => undefined))
    loader.onSnapshot(id, readSnapshot(nodeFileSystem, directory, id))
    expect(comparable(loader.image)).toEqual(comparable(image))
  })

  it('leaves nothing half written when it is closed in between', async () => {
    const { generator, files, clock } = make()
    generator.onLoaded(image, loaded(5_000))
    expect(files()).toEqual(['00000000000000000042-0000000002.checkpoint.part'])
    generator.close()
    await clock.advance(10)
    expect(files()).toEqual([])
  })

  it('survives a disk that refuses', async () => {
    const full: FileSystem = {
      ...nodeFileSystem,
      fsync: () => {
        throw new Error('ENOSPC')
      },
    }
    const { generator, clock, written, lines } = make({ files: full })
    generator.onLoaded(image, loaded(5_000))
    await clock.advance(10)
    expect(written).toEqual([])
    expect(lines.join()).toContain('could not be written')
    generator.onLoaded(EMPTY_IMAGE, loaded(5_000))
    await clock.advance(10)
    expect(lines.filter((line) => line.includes('could not be written'))).toHaveLength(2)
  })
})
