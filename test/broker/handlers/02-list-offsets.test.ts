import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { listOffsets } from '../../../src/protocol/messages/02-list-offsets.ts'
import { loadCodec } from '../../../src/protocol/records/compression.ts'
import { batchOf, RawClient } from '../../support/raw-client.ts'
import { TestBroker } from '../../support/test-broker.ts'

let test: TestBroker
let client: RawClient

beforeAll(async () => {
  test = await TestBroker.start()
  client = await RawClient.connect(test.port)
  test.createTopic('t')
  await client.produce('t', batchOf(['a', 'b'], {}, 1000))
  await client.produce('t', batchOf(['c'], { codec: await loadCodec('gzip') }, 3000))
  await client.produce('t', batchOf(['d'], {}, 2000))
})

afterAll(async () => {
  client[Symbol.dispose]()
  await test.close()
})

async function offset(
  timestamp: number,
  version = 11,
  more: { topic?: string; epoch?: number; partition?: number } = {},
) {
  const { topic = 't', epoch = -1, partition = 0 } = more
  const partitions = [{ partitionIndex: partition, currentLeaderEpoch: epoch, timestamp: BigInt(timestamp) }]
  const response = await client.request(listOffsets, version, { replicaId: -1, topics: [{ name: topic, partitions }] })
  return response.topics[0]!.partitions[0]!
}

describe('ListOffsets', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('finds both ends in version %i', async (version) => {
    expect(await offset(-2, version)).toMatchObject({ errorCode: 0, offset: 0n, timestamp: -1n })
    expect(await offset(-1, version)).toMatchObject({ errorCode: 0, offset: 4n, timestamp: -1n })
  })

  it('finds the first record at or after a time, inside compressed batches too', async () => {
    expect(await offset(500)).toMatchObject({ offset: 0n, timestamp: 1000n, leaderEpoch: 0 })
    expect(await offset(1001)).toMatchObject({ offset: 2n, timestamp: 3000n })
    expect(await offset(3001)).toMatchObject({ errorCode: 0, offset: -1n, timestamp: -1n })
  })

  it('finds the largest timestamp', async () => {
    expect(await offset(-3)).toMatchObject({ offset: 2n, timestamp: 3000n })
  })

  it('answers what came later than the version with UNSUPPORTED_VERSION', async () => {
    for (const [timestamp, version] of [
      [-3, 6],
      [-4, 7],
      [-5, 8],
      [-6, 10],
      [-7, 11],
    ] as const) {
      expect((await offset(timestamp, version)).errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION)
    }
    expect(await offset(-4)).toMatchObject({ errorCode: 0, offset: 0n })
    expect(await offset(-5)).toMatchObject({ errorCode: 0, offset: -1n })
  })

  it('answers what is not there, and epochs that do not fit', async () => {
    expect((await offset(-1, 5, { topic: 'absent' })).errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    expect((await offset(-1, 5, { partition: 3 })).errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    expect((await offset(-1, 5, { epoch: 5 })).errorCode).toBe(ErrorCode.UNKNOWN_LEADER_EPOCH)
  })

  it('refuses a partition named twice', async () => {
    const partitions = [0, 0].map((partitionIndex) => ({ partitionIndex, timestamp: -1n }))
    const response = await client.request(listOffsets, 7, { replicaId: -1, topics: [{ name: 't', partitions }] })
    expect(response.topics[0]!.partitions.map(({ errorCode }) => errorCode)).toEqual([42, 42])
  })

  it('shows consumers nothing above the high watermark', async () => {
    test.createTopic('behind')
    test.changePartition('behind', 0, { replicas: [1, 2], isr: [1, 2] })
    await client.produce('behind', batchOf(['x'], {}, 1000), { acks: 1 })
    expect((await offset(-1, 7, { topic: 'behind' })).offset).toBe(0n)
    expect((await offset(500, 7, { topic: 'behind' })).offset).toBe(-1n)
    const partitions = [{ partitionIndex: 0, timestamp: -1n }]
    const replica = await client.request(listOffsets, 7, { replicaId: 2, topics: [{ name: 'behind', partitions }] })
    expect(replica.topics[0]!.partitions[0]!.offset).toBe(1n)
  })
})
