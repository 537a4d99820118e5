import { describe, expect, it } from 'vitest'
import { ClassicMember } from '../../../../src/coordinator/group/classic/member.ts'

const member = (...names: string[]): ClassicMember =>
  new ClassicMember({
    memberId: 'm',
    groupInstanceId: null,
    clientId: 'c',
    clientHost: '/127.0.0.1',
    rebalanceTimeoutMs: 1,
    sessionTimeoutMs: 1,
    protocolType: 'consumer',
    protocols: names.map((name) => ({ name, metadata: Buffer.from(`about ${name}`) })),
  })

describe('ClassicMember', () => {
  it('votes for what it likes best among the candidates', () => {
    expect(member('a', 'b', 'c').vote(new Set(['c', 'b']))).toBe('b')
    expect(() => member('a').vote(new Set(['b']))).toThrow(/none of the candidate/)
  })

  it('has metadata for its protocols only', () => {
    expect(member('a').metadata('a').toString()).toBe('about a')
    expect(() => member('a').metadata('b')).toThrow(/does not support protocol b/)
  })

  it('matches the same protocols in the same order', () => {
    const { protocols } = member('a', 'b')
    expect(member('a', 'b').matches(protocols)).toBe(true)
    expect(member('b', 'a').matches(protocols)).toBe(false)
    expect(member('a').matches(protocols)).toBe(false)
    const changed = [protocols[0]!, { name: 'b', metadata: Buffer.from('new') }]
    expect(member('a', 'b').matches(changed)).toBe(false)
  })

  it('needs no heartbeat while it waits, unless it is new', () => {
    const waiting = member('a')
    expect(waiting.hasSatisfiedHeartbeat).toBe(false)
    waiting.syncAnswer = () => undefined
    expect(waiting.hasSatisfiedHeartbeat).toBe(true)
    waiting.syncAnswer = null
    waiting.joinAnswer = () => undefined
    expect(waiting.hasSatisfiedHeartbeat).toBe(true)
    waiting.isNew = true
    expect(waiting.hasSatisfiedHeartbeat).toBe(false)
  })
})
