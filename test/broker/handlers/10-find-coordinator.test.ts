import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
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

describe('FindCoordinator', () => {
  it('creates __consumer_offsets as configured on the first question, and has a coordinator then', async () => {
    const ask = () => client.request(findCoordinator, 2, { key: 'group', keyType: 0 })
    expect(await ask()).toMatchObject({ errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE, nodeId: -1 })
    await expect.poll(async () => (await ask()).errorCode).toBe(0)
    expect(await ask()).toMatchObject({ nodeId: 1, host: '127.0.0.1', port: test.port })
    const { image } = test.broker.services.metadata
    expect(image.topicsByName.get('__consumer_offsets')!.partitions.size).toBe(5)
    const configs = Object.fromEntries(image.configs.get('2:__consumer_offsets')!)
    expect(configs).toEqual({
      'cleanup.policy': 'compact',
      'compression.type': 'producer',
      'segment.bytes': '104857600',
    })
  })

  it('answers several keys at once from version 4 on', async () => {
    const response = await client.request(findCoordinator, 4, { keyType: 0, coordinatorKeys: ['a', 'b'] })
    expect(response.coordinators.map(({ key, nodeId, errorCode }) => [key, nodeId, errorCode])).toEqual([
      ['a', 1, 0],
      ['b', 1, 0],
    ])
  })

  it('says at once and for good that there are no transactions', async () => {
    const response = await client.request(findCoordinator, 2, { key: 'tx', keyType: 1 })
    expect(response.errorCode).toBe(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
    expect(response.errorMessage).toMatch(/does not implement transactions/)
    expect(test.broker.services.metadata.topic('__transaction_state')).toBeUndefined()
  })

  it('refuses kinds of keys it does not know, and share groups before version 6', async () => {
    const ask = async (keyType: number, version: number) =>
      (await client.request(findCoordinator, version, { keyType, coordinatorKeys: ['k'] })).coordinators[0]!.errorCode
    expect(await ask(9, 6)).toBe(ErrorCode.INVALID_REQUEST)
    expect(await ask(2, 5)).toBe(ErrorCode.INVALID_REQUEST)
    expect(await ask(2, 6)).toBe(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  })
})
