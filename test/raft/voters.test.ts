import { describe, expect, it } from 'vitest'
import { isOnlyVoter, majority, staticVoters } from '../../src/raft/voters.ts'
import { voter, voterSet } from './support.ts'

describe('voters', () => {
  it.each([
    [[1], 1],
    [[1, 2], 2],
    [[1, 2, 3], 2],
    [[1, 2, 3, 4], 3],
    [[1, 2, 3, 4, 5], 3],
  ])('of %j need %d to agree', (ids, needed) => {
    expect(majority(voterSet(...ids))).toBe(needed)
  })

  it('know when they are alone', () => {
    expect(isOnlyVoter(voterSet(1), voter(1))).toBe(true)
    expect(isOnlyVoter(voterSet(1), voter(2))).toBe(false)
    expect(isOnlyVoter(voterSet(1, 2), voter(1))).toBe(false)
  })

  it('are read from controller.quorum.voters', () => {
    const voters = staticVoters(['1@a:9093', '2@[::1]:9094'], 'CONTROLLER')
    expect(voters.get(1)).toMatchObject({ directoryId: 'AAAAAAAAAAAAAAAAAAAAAA' })
    expect(voters.get(1)!.endpoints).toEqual([{ name: 'CONTROLLER', host: 'a', port: 9093 }])
    expect(voters.get(2)!.endpoints[0]).toEqual({ name: 'CONTROLLER', host: '::1', port: 9094 })
    expect(() => staticVoters(['a:9093'], 'CONTROLLER')).toThrow('not a voter')
  })
})
