import { statfsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { describeLogDirs } from '../../../src/protocol/messages/35-describe-log-dirs.ts'
import { describeCluster } from '../../../src/protocol/messages/60-describe-cluster.ts'
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

describe('DescribeCluster', () => {
  it.each([0, 1, 2])('shows the cluster in version %i', async (version) => {
    const response = await client.request(describeCluster, version, { includeClusterAuthorizedOperations: true })
    expect(response).toMatchObject({
      errorCode: 0,
      clusterId: 'test-cluster-0123456789',
      controllerId: 1,
      brokers: [{ brokerId: 1, host: '127.0.0.1', port: test.port, isFenced: false }],
      clusterAuthorizedOperations: 8096,
    })
  })

  it('sends those who want controllers elsewhere', async () => {
    const wrong = await client.request(describeCluster, 1, { endpointType: 2 })
    expect(wrong.errorCode).toBe(ErrorCode.MISMATCHED_ENDPOINT_TYPE)
    const unknown = await client.request(describeCluster, 1, { endpointType: 9 })
    expect(unknown).toMatchObject({
      errorCode: ErrorCode.UNSUPPORTED_ENDPOINT_TYPE,
      errorMessage: 'Unsupported endpoint type 9',
    })
  })
})

describe('DescribeLogDirs', () => {
  it('shows sizes of what is hosted, and of the volume', async () => {
    test.createTopic('sized', 2)
    const batch = batchOf(['x'.repeat(1000)])
    await client.produce('sized', batch, { partition: 1 })
    const response = await client.request(describeLogDirs, 4, { topics: null })
    const [result] = response.results
    expect(result).toMatchObject({ errorCode: 0, logDir: test.directory })
    expect(result!.totalBytes).toBe(BigInt(statfsSync(test.directory).blocks * statfsSync(test.directory).bsize))
    const topic = result!.topics.find(({ name }) => name === 'sized')!
    expect(topic.partitions.map(({ partitionIndex, partitionSize }) => [partitionIndex, partitionSize])).toEqual([
      [0, 0n],
      [1, BigInt(batch.length)],
    ])
    const some = await client.request(describeLogDirs, 1, { topics: [{ topic: 'sized', partitions: [1] }] })
    expect(some.results[0]!.topics).toMatchObject([{ name: 'sized', partitions: [{ partitionIndex: 1 }] }])
  })
})
