import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { readMetaProperties } from '../../src/log/meta-properties.ts'
import { defaultBootstrapRecords, formatDirectory, readBootstrapRecords } from '../../src/metadata/format.ts'
import { readSnapshot } from '../../src/raft/snapshot-files.ts'
import { DIRECTORY_ID, scratchDirectory, voterSet } from '../raft/support.ts'
import { feature } from './support.ts'

const options = (directory: string) => ({
  directory: `${directory}/data`,
  clusterId: 'kkkkkkkkQkCkkkkkkkkkkw',
  nodeId: 1,
  directoryId: DIRECTORY_ID,
  initialVoters: voterSet(1),
  nowMs: 0x1a1fd64384b,
})

describe('formatting a directory', () => {
  it('writes what kafka-storage writes', () => {
    const directory = scratchDirectory()
    formatDirectory(nodeFileSystem, options(directory))
    expect(fs.readdirSync(`${directory}/data`, { recursive: true }).sort()).toEqual([
      '__cluster_metadata-0',
      '__cluster_metadata-0/00000000000000000000-0000000000.checkpoint',
      'bootstrap.checkpoint',
      'meta.properties',
    ])
    expect(readMetaProperties(nodeFileSystem, `${directory}/data`)).toEqual({
      clusterId: 'kkkkkkkkQkCkkkkkkkkkkw',
      nodeId: 1,
      directoryId: DIRECTORY_ID,
    })
  })

  it('puts the feature levels of 4.3.1 into bootstrap.checkpoint, in its bytes', () => {
    const directory = scratchDirectory()
    formatDirectory(nodeFileSystem, options(directory))
    const bytes = fs.readFileSync(`${directory}/data/bootstrap.checkpoint`)
    expect(bytes.length).toBe(411)
    // The records batch from its attributes on; the first timestamp is this test's.
    expect(bytes.subarray(0x53 + 61, 0x53 + 12 + 0xf1).toString('hex')).toBe(
      '3a000000012e010c00116d657461646174612e76657273696f6e001e0000' +
        '5a00000201' +
        '4e010c0021656c696769626c652e6c65616465722e7265706c696361732e76657273696f6e00010000' +
        '340000040128010c000e67726f75702e76657273696f6e00010000' +
        '340000060128010c000e73686172652e76657273696f6e00010000' +
        '38000008012c010c001073747265616d732e76657273696f6e00010000' +
        '4000000a0134010c00147472616e73616374696f6e2e76657273696f6e00020000',
    )
  })

  it('names the first voters in the 0-0 checkpoint', () => {
    const directory = scratchDirectory()
    formatDirectory(nodeFileSystem, options(directory))
    const [head] = [
      ...readSnapshot(nodeFileSystem, `${directory}/data/__cluster_metadata-0`, { endOffset: 0, epoch: 0 }),
    ]
    expect(head!.control.slice(1)).toEqual([
      { type: 'kraft-version', kraftVersion: 1 },
      { type: 'voters', voters: voterSet(1) },
    ])
  })

  it('writes no voters for a static quorum', () => {
    const directory = scratchDirectory()
    formatDirectory(nodeFileSystem, { ...options(directory), initialVoters: null })
    expect(fs.existsSync(`${directory}/data/__cluster_metadata-0`)).toBe(false)
  })
})

describe('bootstrap records', () => {
  it('are read back from the file', () => {
    const directory = scratchDirectory()
    const records = [feature('metadata.version', 29), feature('x', 3)]
    formatDirectory(nodeFileSystem, { ...options(directory), bootstrapRecords: records })
    expect(readBootstrapRecords(nodeFileSystem, `${directory}/data`)).toEqual(records)
  })

  it('are the defaults where there is no file', () => {
    expect(readBootstrapRecords(nodeFileSystem, '/nowhere')).toEqual(defaultBootstrapRecords())
    expect(defaultBootstrapRecords()[0]).toEqual(feature('metadata.version', 30))
  })
})
