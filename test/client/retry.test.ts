import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { ConnectionFailure } from '../../src/client/failure.ts'
import { backoffMs, Deadline, isRetriable, sleep, within } from '../../src/client/retry.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { ManualClock } from '../support/manual-clock.ts'

describe('retrying', () => {
  it('waits longer each time, up to a second, never exactly the same', () => {
    const random = seededRandom(1)
    for (const [attempt, base] of [100, 200, 400, 800, 1000, 1000].entries()) {
      const waited = backoffMs(attempt, random)
      expect(waited).toBeGreaterThanOrEqual(base * 0.8)
      expect(waited).toBeLessThanOrEqual(base * 1.2)
    }
    expect(backoffMs(1_000_000, random)).toBeLessThanOrEqual(1200)
    expect(backoffMs(0, random)).not.toBe(backoffMs(0, random))
  })

  it('is worth it for lost connections and codes Kafka marks so, and for nothing else', () => {
    const at = { host: 'h', port: 1 }
    expect(isRetriable(new ConnectionFailure('closed', at, ''))).toBe(true)
    expect(isRetriable(new ConnectionFailure('request-timeout', at, ''))).toBe(true)
    expect(isRetriable(new ConnectionFailure('released', at, ''))).toBe(false)
    expect(isRetriable(new ConnectionFailure('tls-expected', at, ''))).toBe(false)
    expect(isRetriable(new KafkaError('NOT_CONTROLLER'))).toBe(true)
    expect(isRetriable(new KafkaError('TOPIC_AUTHORIZATION_FAILED'))).toBe(false)
    expect(isRetriable(new Error('x'))).toBe(false)
  })

  it('ends at a deadline', async () => {
    const clock = new ManualClock()
    const deadline = new Deadline(clock, 100)
    await clock.advance(40)
    expect(deadline).toMatchObject({ remainingMs: 60, passed: false })
    await clock.advance(60)
    expect(deadline).toMatchObject({ remainingMs: 0, passed: true })
  })

  it('sleeps on the clock it was given', async () => {
    const clock = new ManualClock()
    let awake = false
    void sleep(clock, 50).then(() => {
      awake = true
    })
    await clock.advance(49)
    expect(awake).toBe(false)
    await clock.advance(1)
    expect(awake).toBe(true)
  })

  it('waits for a promise no longer than told, and leaves no timer behind', async () => {
    const clock = new ManualClock()
    await within(clock, 1_000, Promise.resolve())
    await within(clock, 1_000, Promise.reject(new Error('ignored')))
    expect(clock.timerCount).toBe(0)
    let over = false
    void within(clock, 1_000, new Promise(() => undefined)).then(() => {
      over = true
    })
    await clock.advance(1_000)
    expect(over).toBe(true)
  })
})
