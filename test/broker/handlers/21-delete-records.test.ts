import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { deleteRecords } from '../../../src/protocol/messages/21-delete-records.ts'
import { batchOf, RawClient } from '../../support/raw-client.ts'
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

async function deleteBefore(name: string, offset: bigint, partitionIndex = 0) {
  const topics = [{ name, partitions: [{ partitionIndex, offset }] }]
  return (await client.request(deleteRecords, 2, { topics, timeoutMs: 1000 })).topics[0]!.partitions[0]!
}

describe('DeleteRecords', () => {
  it('moves the log start, to an offset or to the high watermark', async () => {
    test.createTopic('t')
    for (const value of ['a', 'b', 'c']) await client.produce('t', batchOf([value]))
    expect(await deleteBefore('t', 1n)).toEqual({ partitionIndex: 0, lowWatermark: 1n, errorCode: 0 })
    expect((await client.fetch('t', 0)).errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE)
    expect(await client.fetch('t', 1)).toMatchObject({ errorCode: 0, logStartOffset: 1n })
    expect((await deleteBefore('t', 4n)).errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE)
    expect(await deleteBefore('t', -1n)).toMatchObject({ lowWatermark: 3n, errorCode: 0 })
    expect((await deleteBefore('t', -2n)).errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE)
  })

  it('refuses compacted, internal and unknown topics', async () => {
    test.createTopic('compacted', 1, { 'cleanup.policy': 'compact' })
    test.createTopic('both', 1, { 'cleanup.policy': 'compact,delete' })
    test.createTopic('__consumer_offsets', 5)
    expect((await deleteBefore('compacted', 0n)).errorCode).toBe(ErrorCode.POLICY_VIOLATION)
    expect((await deleteBefore('both', 0n)).errorCode).toBe(0)
    expect((await deleteBefore('__consumer_offsets', 0n)).errorCode).toBe(ErrorCode.INVALID_TOPIC_EXCEPTION)
    expect((await deleteBefore('absent', 0n)).errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    expect((await deleteBefore('compacted', 0n, 5)).errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  })
})
