import { describe, expect, it } from 'vitest'
import {
  initTransactions,
  TimedTransactions,
  type TransactionalProducer,
} from '../../../src/commands/producer-perf-test/timed-transactions.ts'
import { KafkaError } from '../../../src/protocol/error-codes.ts'
import { ManualClock } from '../../support/manual-clock.ts'

function setUp() {
  const done: string[] = []
  const producer: TransactionalProducer = {
    initTransactions: async () => void done.push('init'),
    beginTransaction: () => void done.push('begin'),
    commitTransaction: async () => void done.push('commit'),
    abortTransaction: async () => void done.push('abort'),
  }
  const clock = new ManualClock(1000)
  const controller = new AbortController()
  const turns = new TimedTransactions(producer, 500, { clock, signal: controller.signal })
  return { done, producer, clock, controller, turns }
}

describe('TimedTransactions', () => {
  it('commits what has been open for long enough, and begins the next', async () => {
    const { done, turns } = setUp()
    await turns.begin()
    await turns.appended(1499)
    expect(done).toEqual(['begin'])
    await turns.appended(1500)
    expect(done).toEqual(['begin', 'commit', 'begin'])
    await turns.end()
    expect(done.at(-1)).toBe('commit')
  })

  it('takes back what an interruption leaves half done', async () => {
    const { done, turns, controller } = setUp()
    await turns.begin()
    controller.abort()
    await turns.end()
    expect(done).toEqual(['begin', 'abort'])
  })
})

describe('initTransactions', () => {
  it('says in one line that a cluster has none', async () => {
    const failing = (error: Error) => ({ initTransactions: () => Promise.reject(error) })
    const refusal = new KafkaError('INVALID_REQUEST', 'The broker at a:1 cannot answer EndTxn requests')
    await expect(initTransactions(failing(refusal))).rejects.toThrow('This cluster has no transactions yet')
    await expect(initTransactions(failing(new KafkaError('PRODUCER_FENCED')))).rejects.toMatchObject({
      errorName: 'PRODUCER_FENCED',
    })
  })
})
