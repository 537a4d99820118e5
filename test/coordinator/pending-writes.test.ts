import { describe, expect, it } from 'vitest'
import { PendingWrites } from '../../src/coordinator/pending-writes.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'

function deferred() {
  let resolve = (): void => undefined
  let reject = (_error: unknown): void => undefined
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

function start(timeoutMs = 5000) {
  const clock = new ManualClock()
  const pending = new PendingWrites(clock, timeoutMs)
  const outcomes: string[] = []
  const done = (name: string) => (error: unknown) => {
    outcomes.push(`${name} ${error instanceof KafkaError ? error.errorName : String(error)}`)
  }
  const onRejected = (error: unknown): void => {
    outcomes.push(`rejected ${(error as Error).message}`)
  }
  return { clock, pending, outcomes, done, onRejected }
}

describe('PendingWrites', () => {
  it('is done when the commit is', async () => {
    const { clock, pending, outcomes, done, onRejected } = start()
    const commit = deferred()
    pending.add(commit.promise, done('a'), onRejected)
    await settled()
    expect(outcomes).toEqual([])
    expect(pending.lastCommit).toBe(commit.promise)
    commit.resolve()
    await settled()
    expect(outcomes).toEqual(['a null'])
    expect(pending.lastCommit).toBeNull()
    expect(clock.timerCount).toBe(0)
  })

  it('gives up waiting after the timeout, each for itself', async () => {
    const { clock, pending, outcomes, done, onRejected } = start(5000)
    const first = deferred()
    pending.add(first.promise, done('first'), onRejected)
    await clock.advance(3000)
    const second = deferred()
    pending.add(second.promise, done('second'), onRejected)
    await clock.advance(2000)
    expect(outcomes).toEqual(['first REQUEST_TIMED_OUT'])
    second.resolve()
    await settled()
    expect(outcomes).toEqual(['first REQUEST_TIMED_OUT', 'second null'])
    first.resolve()
    await clock.advance(10_000)
    expect(outcomes).toHaveLength(2)
    expect(clock.timerCount).toBe(0)
  })

  it('reports a rejection even of a write that was given up', async () => {
    const { clock, pending, outcomes, done, onRejected } = start(1000)
    const commit = deferred()
    pending.add(commit.promise, done('a'), onRejected)
    await clock.advance(1000)
    commit.reject(new Error('disk gone'))
    await settled()
    expect(outcomes).toEqual(['a REQUEST_TIMED_OUT', 'rejected disk gone'])
  })

  it('fails everybody at once, and then waits for nothing', async () => {
    const { clock, pending, outcomes, done, onRejected } = start()
    const commit = deferred()
    pending.add(commit.promise, done('a'), onRejected)
    pending.add(commit.promise, done('b'), onRejected)
    pending.failAll(new KafkaError('NOT_COORDINATOR'))
    expect(outcomes).toEqual(['a NOT_COORDINATOR', 'b NOT_COORDINATOR'])
    expect(pending.size).toBe(0)
    expect(pending.lastCommit).toBeNull()
    commit.resolve()
    await clock.advance(10_000)
    expect(outcomes).toHaveLength(2)
  })

  it('refuses work when too much is waiting', () => {
    const { pending, done, onRejected } = start()
    const never = new Promise<void>(() => undefined)
    for (let i = 0; i < 10_000; i++) pending.add(never, done('x'), onRejected)
    expect(() => pending.ensureRoom()).toThrow(new KafkaError('COORDINATOR_NOT_AVAILABLE'))
  })
})
