import { describe, expect, it } from 'vitest'
import { joinError } from '../../../src/coordinator/group/classic/responses.ts'
import { classicJoinOf, joinResponseOf } from '../../../src/coordinator/group/join-request.ts'
import type { JoinGroupRequest } from '../../../src/protocol/messages/11-join-group.ts'

const request = (overrides: Partial<JoinGroupRequest> = {}): JoinGroupRequest => ({
  groupId: 'g',
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 60_000,
  memberId: '',
  groupInstanceId: null,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: Buffer.from('x') }],
  reason: null,
  ...overrides,
})

const context = (apiVersion: number, clientHost = '127.0.0.1') => ({ apiVersion, clientId: 'c', clientHost })

describe('classicJoinOf', () => {
  it('knows what each version can', () => {
    const abilities = [0, 3, 4, 8, 9].map((version) => {
      const join = classicJoinOf(request(), context(version))
      return [version, join.requiresKnownMemberId, join.supportsSkippingAssignment]
    })
    expect(abilities).toEqual([
      [0, false, false],
      [3, false, false],
      [4, true, false],
      [8, true, false],
      [9, true, true],
    ])
  })

  it('takes the session timeout for both in version 0', () => {
    expect(classicJoinOf(request(), context(0)).rebalanceTimeoutMs).toBe(10_000)
    expect(classicJoinOf(request(), context(1)).rebalanceTimeoutMs).toBe(60_000)
  })

  it('writes addresses as Java does', () => {
    expect(classicJoinOf(request(), context(9, '10.0.0.7')).clientHost).toBe('/10.0.0.7')
    expect(classicJoinOf(request(), context(9, '/10.0.0.7')).clientHost).toBe('/10.0.0.7')
  })

  it('has a word for no reason and no client id', () => {
    expect(classicJoinOf(request(), context(9)).reason).toBe('not provided')
    expect(classicJoinOf(request({ reason: '' }), context(9)).reason).toBe('not provided')
    expect(classicJoinOf(request({ reason: 'because' }), context(9)).reason).toBe('because')
    expect(classicJoinOf(request(), { ...context(9), clientId: null }).clientId).toBe('')
  })

  it('copies what it keeps of the frame, and counts a name once', () => {
    const frame = Buffer.from('abcdef')
    const protocols = [
      { name: 'range', metadata: frame.subarray(0, 2) },
      { name: 'sticky', metadata: frame.subarray(2, 4) },
      { name: 'range', metadata: frame.subarray(4, 6) },
    ]
    const join = classicJoinOf(request({ protocols }), context(9))
    frame.fill(0)
    expect(join.protocols).toEqual([
      { name: 'range', metadata: Buffer.from('ab') },
      { name: 'sticky', metadata: Buffer.from('cd') },
    ])
  })
})

describe('joinResponseOf', () => {
  it('has no null protocol name before version 7 and no empty one after', () => {
    const response = joinError('UNKNOWN_MEMBER_ID', 'm')
    expect(joinResponseOf(response, 6).protocolName).toBe('')
    expect(joinResponseOf(response, 7).protocolName).toBeNull()
    expect(joinResponseOf({ ...response, protocolName: '' }, 7).protocolName).toBeNull()
    expect(joinResponseOf({ ...response, protocolName: 'range' }, 3).protocolName).toBe('range')
  })
})
