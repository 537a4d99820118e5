import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { initProducerId } from '../../../src/protocol/messages/22-init-producer-id.ts'
import { RawClient } from '../../support/raw-client.ts'
import { TestBroker } from '../../support/test-broker.ts'

let test: TestBroker
let client: RawClient

beforeAll(async () => {
  test = await TestBroker.start()
  client = await RawClient.connect(test.port)
})

afterAll(async () => {
  client[Symbol.dispose]()
  await test.close()
})

const plain = { transactionalId: null, transactionTimeoutMs: 60_000 }

describe('InitProducerId', () => {
  it.each([0, 1, 2, 3, 4, 5])('gives a fresh id with epoch 0 in version %i', async (version) => {
    const first = await client.request(initProducerId, version, plain)
    const second = await client.request(initProducerId, version, plain)
    expect(first).toMatchObject({ errorCode: 0, producerEpoch: 0 })
    expect(second.producerId).toBe(first.producerId + 1n)
  })

  it('never gives an id twice, however many ask at once and over the end of a block', async () => {
    const asks = Array.from({ length: 1500 }, () => client.request(initProducerId, 4, plain))
    const ids = (await Promise.all(asks)).map(({ producerId }) => producerId)
    expect(new Set(ids).size).toBe(1500)
  })

  it('refuses half of an identity, and transactions', async () => {
    const half = await client.request(initProducerId, 4, { ...plain, producerId: 5n })
    expect(half.errorCode).toBe(ErrorCode.INVALID_REQUEST)
    const empty = await client.request(initProducerId, 4, { ...plain, transactionalId: '' })
    expect(empty.errorCode).toBe(ErrorCode.INVALID_REQUEST)
    const transactional = await client.request(initProducerId, 4, { ...plain, transactionalId: 'tx' })
    expect(transactional).toMatchObject({ errorCode: 53, producerId: -1n, producerEpoch: -1 })
  })
})
