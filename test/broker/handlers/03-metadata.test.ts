import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
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

describe('Metadata', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])('shows brokers and topics in version %i', async (version) => {
    const topicId = test.createTopic(`shown-${version}`, 2)
    const response = await client.request(metadata, version, { topics: [{ name: `shown-${version}` }] })
    expect(response.brokers).toEqual([{ nodeId: 1, host: '127.0.0.1', port: test.port, rack: null }])
    expect(response.controllerId).toBe(version >= 1 ? 1 : -1)
    expect(response.clusterId).toBe(version >= 2 ? 'test-cluster-0123456789' : null)
    const [topic] = response.topics
    expect(topic).toMatchObject({ errorCode: 0, name: `shown-${version}`, isInternal: false })
    expect(topic!.topicId).toBe(version >= 10 ? topicId : ZERO_UUID)
    expect(topic!.partitions.map((partition) => [partition.partitionIndex, partition.leaderId])).toEqual([
      [0, 1],
      [1, 1],
    ])
    expect(topic!.partitions[0]).toMatchObject({ replicaNodes: [1], isrNodes: [1], offlineReplicas: [] })
  })

  it('gives all topics for null, or for an empty list in version 0, and none for an empty list later', async () => {
    test.createTopic('one-of-all')
    const names = async (version: number, topics: [] | null) =>
      (await client.request(metadata, version, { topics })).topics.map(({ name }) => name)
    expect(await names(0, [])).toContain('one-of-all')
    expect(await names(4, null)).toContain('one-of-all')
    expect(await names(4, [])).toEqual([])
  })

  it('answers an unknown topic with an error and has it the next time', async () => {
    const ask = async () => (await client.request(metadata, 9, { topics: [{ name: 'auto' }] })).topics[0]!
    expect(await ask()).toMatchObject({ errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, partitions: [] })
    await expect.poll(async () => (await ask()).errorCode).toBe(0)
  })

  it('creates a topic once, however many ask', async () => {
    const asks = Array.from({ length: 20 }, () => client.request(metadata, 9, { topics: [{ name: 'wanted' }] }))
    await Promise.all(asks)
    await expect.poll(() => test.broker.services.metadata.topic('wanted')).toBeDefined()
  })

  it('creates nothing when the client does not want it', async () => {
    const request = { topics: [{ name: 'not-wanted' }], allowAutoTopicCreation: false }
    expect((await client.request(metadata, 9, request)).topics[0]!.errorCode).toBe(3)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(test.broker.services.metadata.topic('not-wanted')).toBeUndefined()
  })

  it('refuses illegal names', async () => {
    for (const name of ['with space', '..', 'x'.repeat(250), '']) {
      const { topics } = await client.request(metadata, 9, { topics: [{ name }] })
      expect(topics[0]!.errorCode).toBe(ErrorCode.INVALID_TOPIC_EXCEPTION)
    }
  })

  it('finds topics by id from version 12 on', async () => {
    const topicId = test.createTopic('identified')
    const unknown = 'QQQQQQQQQQQQQQQQQQQQQQ'
    const topics = [
      { topicId, name: null },
      { topicId: unknown, name: null },
    ]
    const response = await client.request(metadata, 12, { topics })
    expect(response.topics.map((topic) => [topic.errorCode, topic.name, topic.topicId])).toEqual([
      [0, 'identified', topicId],
      [ErrorCode.UNKNOWN_TOPIC_ID, null, unknown],
    ])
    const early = await client.request(metadata, 11, { topics: [{ topicId, name: 'identified' }] })
    expect(early.topics[0]!.errorCode).toBe(ErrorCode.INVALID_REQUEST)
  })

  it('shows what may be done only when asked', async () => {
    test.createTopic('operations')
    const topics = [{ name: 'operations' }]
    const silent = await client.request(metadata, 8, { topics })
    expect(silent.topics[0]!.topicAuthorizedOperations).toBe(-2147483648)
    const asked = { topics, includeTopicAuthorizedOperations: true, includeClusterAuthorizedOperations: true }
    const told = await client.request(metadata, 8, asked)
    // What a broker of Apache Kafka without an authorizer answers.
    expect(told.topics[0]!.topicAuthorizedOperations).toBe(3576)
    expect(told.clusterAuthorizedOperations).toBe(8096)
  })

  it('shows dead leaders and replicas as a live Kafka does', async () => {
    test.createTopic('half-dead')
    test.changePartition('half-dead', 0, { leader: 9, replicas: [9, 1], isr: [9, 1] })
    const ask = async (version: number) =>
      (await client.request(metadata, version, { topics: [{ name: 'half-dead' }] })).topics[0]!.partitions[0]!
    expect(await ask(7)).toMatchObject({
      errorCode: ErrorCode.LEADER_NOT_AVAILABLE,
      leaderId: -1,
      leaderEpoch: 1,
      replicaNodes: [9, 1],
      offlineReplicas: [9],
    })
    test.changePartition('half-dead', 0, { leader: 1 })
    expect(await ask(0)).toMatchObject({ errorCode: ErrorCode.REPLICA_NOT_AVAILABLE, leaderId: 1, replicaNodes: [1] })
    expect(await ask(1)).toMatchObject({ errorCode: 0, replicaNodes: [9, 1] })
  })
})
