import { describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import { type CommittedOffset, isSameTopic, Offsets } from '../../../src/coordinator/group/offsets.ts'

const at = (committedOffset: bigint): CommittedOffset => ({
  committedOffset,
  leaderEpoch: -1,
  metadata: '',
  commitTimestampMs: 0,
  expireTimestampMs: null,
  topicId: ZERO_UUID,
})

describe('Offsets', () => {
  it('keeps the last of each partition', () => {
    const offsets = new Offsets()
    offsets.set('g', 't', 0, at(1n))
    offsets.set('g', 't', 0, at(2n))
    offsets.set('g', 't', 1, at(3n))
    offsets.set('h', 't', 0, at(4n))
    expect(offsets.get('g', 't', 0)?.committedOffset).toBe(2n)
    expect(offsets.get('g', 't', 1)?.committedOffset).toBe(3n)
    expect(offsets.get('h', 't', 0)?.committedOffset).toBe(4n)
    expect(offsets.get('h', 't', 1)).toBeUndefined()
    expect([...offsets.ofGroup('g').keys()]).toEqual(['t'])
  })

  it('keeps no empty levels', () => {
    const offsets = new Offsets()
    offsets.set('g', 't', 0, at(1n))
    offsets.set('g', 'u', 0, at(1n))
    offsets.remove('g', 't', 0)
    expect([...offsets.ofGroup('g').keys()]).toEqual(['u'])
    offsets.remove('g', 'u', 0)
    expect([...offsets.groupIds()]).toEqual([])
    offsets.remove('g', 'u', 0)
    offsets.remove('nobody', 'u', 0)
    expect(offsets.ofGroup('g').size).toBe(0)
  })
})

describe('isSameTopic', () => {
  it('believes names where an id is not known', () => {
    expect(isSameTopic(ZERO_UUID, 'a')).toBe(true)
    expect(isSameTopic('a', ZERO_UUID)).toBe(true)
    expect(isSameTopic('a', 'a')).toBe(true)
    expect(isSameTopic('a', 'b')).toBe(false)
  })
})
