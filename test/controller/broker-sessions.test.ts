import { describe, expect, it } from 'vitest'
import { BrokerSessions } from '../../src/controller/broker-sessions.ts'

function make() {
  const time = { ms: 0 }
  return { time, sessions: new BrokerSessions(100, () => time.ms) }
}

describe('BrokerSessions', () => {
  it('runs out after the session timeout, not before', () => {
    const { time, sessions } = make()
    sessions.contact(1, 5)
    expect(sessions.earliestExpiryMs()).toBe(100)
    time.ms = 99
    expect([sessions.hasValidSession(1, 5), sessions.takeExpired()]).toEqual([true, null])
    time.ms = 100
    expect(sessions.hasValidSession(1, 5)).toBe(false)
    expect(sessions.takeExpired()).toMatchObject({ id: 1, epoch: 5 })
    expect(sessions.takeExpired()).toBeNull()
    expect(sessions.earliestExpiryMs()).toBeNull()
  })

  it('ends at once for a broker that says goodbye', () => {
    const { time, sessions } = make()
    sessions.contact(1, 5)
    time.ms = 10
    sessions.contact(2, 6)
    sessions.end(1, 4)
    expect(sessions.hasValidSession(1, 5)).toBe(true)
    sessions.end(1, 5)
    expect(sessions.hasValidSession(1, 5)).toBe(false)
    expect(sessions.earliestExpiryMs()).toBe(110)
  })

  it('knows incarnations apart', () => {
    const { time, sessions } = make()
    sessions.contact(1, 5)
    time.ms = 90
    sessions.contact(1, 6)
    expect(sessions.hasValidSession(1, 7)).toBe(false)
    time.ms = 150
    expect(sessions.takeExpired()).toMatchObject({ id: 1, epoch: 5 })
    expect(sessions.hasValidSession(1, 6)).toBe(true)
  })

  it('remembers who is fenced and how far each has read', () => {
    const { sessions } = make()
    expect(sessions.lowestActiveOffset()).toBe(Number.POSITIVE_INFINITY)
    sessions.register(1, false)
    sessions.register(2, true)
    sessions.touch(1, false, 50)
    sessions.touch(2, true, 10)
    sessions.touch(9, false, 1)
    expect(sessions.lowestActiveOffset()).toBe(50)
    expect([sessions.isFenced(1), sessions.isFenced(2), sessions.isFenced(9)]).toEqual([false, true, true])
    sessions.fence(1)
    expect(sessions.isFenced(1)).toBe(true)
    sessions.remove(2)
    expect([sessions.has(1), sessions.has(2)]).toEqual([true, false])
  })

  it('leaves a broker on its way out unused, until it is fenced', () => {
    const { sessions } = make()
    sessions.register(1, false)
    sessions.register(2, false)
    sessions.beginControlledShutdown(1, 70)
    sessions.beginControlledShutdown(1, 80)
    expect(sessions.controlledShutdownOffset(1)).toBe(70)
    expect([...sessions.usable()].map(({ id }) => id)).toEqual([2])
    sessions.touch(2, false, 60)
    expect(sessions.lowestActiveOffset()).toBe(60)
    sessions.touch(1, true, 90)
    expect(sessions.isShuttingDown(1)).toBe(false)
    expect([...sessions.usable()]).toEqual([
      { id: 1, fenced: true },
      { id: 2, fenced: false },
    ])
  })
})
