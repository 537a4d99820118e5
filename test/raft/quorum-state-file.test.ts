import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import {
  formatQuorumState,
  parseQuorumState,
  readQuorumState,
  writeQuorumState,
} from '../../src/raft/quorum-state-file.ts'
import { DIRECTORY_ID, scratchDirectory, voterSet } from './support.ts'

const V1 = { voters: voterSet(1, 2), kraftVersion: 1 }
const V0 = { voters: voterSet(1, 2), kraftVersion: 0 }

describe('quorum-state', () => {
  it('is the JSON that Kafka writes, byte for byte', () => {
    expect(formatQuorumState({ epoch: 1, leaderId: 100, voted: null }, V1)).toBe(
      '{"leaderId":100,"leaderEpoch":1,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}',
    )
  })

  it('is of version 0 while no voter has a directory', () => {
    expect(formatQuorumState({ epoch: 1, leaderId: null, voted: { id: 2, directoryId: DIRECTORY_ID } }, V0)).toBe(
      '{"clusterId":"","leaderId":-1,"leaderEpoch":1,"votedId":2,"appliedOffset":0,' +
        '"currentVoters":[{"voterId":1},{"voterId":2}],"data_version":0}',
    )
  })

  it('is read back', () => {
    for (const state of [
      { epoch: 3, leaderId: null, voted: { id: 2, directoryId: DIRECTORY_ID } },
      { epoch: 0, leaderId: null, voted: null },
      { epoch: 9, leaderId: 4, voted: null },
    ]) {
      expect(parseQuorumState(formatQuorumState(state, V1))).toEqual(state)
    }
  })

  it('of version 0 is read, too', () => {
    const text =
      '{"clusterId":"","leaderId":100,"leaderEpoch":1,"votedId":3,"appliedOffset":0,"currentVoters":[],"data_version":0}'
    expect(parseQuorumState(text)).toEqual({
      epoch: 1,
      leaderId: 100,
      voted: { id: 3, directoryId: 'AAAAAAAAAAAAAAAAAAAAAA' },
    })
  })

  it.each(['', '{}', '{"data_version":2}', '{"data_version":1,"leaderId":"x"}'])('refuses %j', (text) => {
    expect(() => parseQuorumState(text)).toThrow()
  })

  it('replaces the file as a whole', () => {
    const directory = scratchDirectory()
    expect(readQuorumState(nodeFileSystem, directory)).toBeNull()
    writeQuorumState(nodeFileSystem, directory, { epoch: 1, leaderId: null, voted: null }, V1)
    writeQuorumState(nodeFileSystem, directory, { epoch: 2, leaderId: 1, voted: null }, V1)
    expect(readQuorumState(nodeFileSystem, directory)).toEqual({ epoch: 2, leaderId: 1, voted: null })
    expect(fs.readdirSync(directory)).toEqual(['quorum-state'])
  })
})
