import { describe, expect, it } from 'vitest'
import { KtError } from '../../../src/base/errors.ts'
import { refusalOf } from '../../../src/commands/transact/refusal.ts'
import { KafkaError } from '../../../src/protocol/error-codes.ts'
import { actorOf, viewOf } from './support.ts'

const A = actorOf('A', { transactionalId: 'pay', isOpen: true, identities: [{ producerId: 7n, epoch: 0 }] })
const described = { transactionalId: 'pay', coordinatorId: 1, producerId: 7n, producerEpoch: 2, state: 'Empty' }
const transactions = new Map([['pay', { ...described, timeoutMs: 1, startTimeMs: null, partitions: [] }]])

describe('a fenced producer', () => {
  it.each(['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH'] as const)('%s: told by whom', (name) => {
    const B = actorOf('B', { transactionalId: 'pay', identities: [{ producerId: 7n, epoch: 2 }] })
    const refusal = refusalOf(new KafkaError(name), A, viewOf({ actors: [A, B], transactions }))
    expect(refusal.name).toBe(name)
    expect(refusal.why).toEqual([
      'A has producer id 7, epoch 0; the coordinator now has producer id 7, epoch 2',
      'B has asked for the same transactional id pay: of one id there is one producer, the newest',
      'what A had open was aborted then',
    ])
    expect(refusal.next).toBe('A> init, which fences B in turn')
  })
  it('told the two that it may be, when none of ours did it', () => {
    const B = actorOf('B', { identities: [{ producerId: 8n, epoch: 0 }] })
    const wrapped = new KtError('kafka', 'refused', { cause: new KafkaError('PRODUCER_FENCED') })
    const refusal = refusalOf(wrapped, A, viewOf({ actors: [A, B], transactions }))
    expect(refusal.why[1]).toContain('open for longer than --timeout')
    expect(refusal.next).toBe('A> init')
  })
})

describe('other refusals', () => {
  it('of Kafka leave the transaction to be aborted', () => {
    const refusal = refusalOf(new KafkaError('MESSAGE_TOO_LARGE'), A, viewOf())
    expect(refusal).toMatchObject({ name: 'MESSAGE_TOO_LARGE', why: [], next: 'abort' })
  })
  it('of ours keep their facts and the next command', () => {
    const error = new KtError('not-found', 'There is no topic t', {
      facts: ['f'],
      next: 'kt topics --create --topic t',
    })
    expect(refusalOf(error, A, viewOf())).toEqual({
      ...{ name: null, message: 'There is no topic t', why: ['f'], next: 'kt topics --create --topic t' },
    })
  })
})
