import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { offsetForLeaderEpoch } from '../../../src/protocol/messages/23-offset-for-leader-epoch.ts'
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

describe('OffsetForLeaderEpoch', () => {
  const ask = async (leaderEpoch: number, topic: string, partition = 0, currentLeaderEpoch = -1) => {
    const partitions = [{ partition, currentLeaderEpoch, leaderEpoch }]
    const response = await client.request(offsetForLeaderEpoch, 4, { topics: [{ topic, partitions }] })
    return response.topics[0]!.partitions[0]!
  }

  it('tells where epochs end', async () => {
    test.createTopic('epochs')
    await client.produce('epochs', batchOf(['a', 'b']))
    test.changePartition('epochs', 0, { leader: 1 })
    await client.produce('epochs', batchOf(['c']))
    expect(await ask(0, 'epochs')).toMatchObject({ errorCode: 0, leaderEpoch: 0, endOffset: 2n })
    expect(await ask(1, 'epochs')).toMatchObject({ errorCode: 0, leaderEpoch: 1, endOffset: 3n })
    expect(await ask(9, 'epochs')).toMatchObject({ errorCode: 0, leaderEpoch: -1, endOffset: -1n })
  })

  it('checks the client epoch and the partition', async () => {
    test.createTopic('fenced')
    test.changePartition('fenced', 0, { leader: 1 })
    expect((await ask(0, 'fenced', 0, 0)).errorCode).toBe(ErrorCode.FENCED_LEADER_EPOCH)
    expect((await ask(0, 'fenced', 0, 7)).errorCode).toBe(ErrorCode.UNKNOWN_LEADER_EPOCH)
    expect((await ask(0, 'fenced', 4)).errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  })
})
