import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { describeTopicPartitions } from '../../../src/protocol/messages/75-describe-topic-partitions.ts'
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

beforeAll(() => {
  test.createTopic('b', 3)
  test.createTopic('a', 2)
  test.createTopic('c', 1)
})

const named = (...names: string[]) => ({ topics: names.map((name) => ({ name })) })

describe('DescribeTopicPartitions', () => {
  it('shows topics in order of their names, all when none is named', async () => {
    const { topics, nextCursor } = await client.request(describeTopicPartitions, 0, { topics: [] })
    expect(topics.map(({ name, partitions }) => [name, partitions.length])).toEqual([
      ['a', 2],
      ['b', 3],
      ['c', 1],
    ])
    expect(nextCursor).toBeNull()
    expect(topics[0]!.partitions[0]).toMatchObject({
      leaderId: 1,
      replicaNodes: [1],
      isrNodes: [1],
      eligibleLeaderReplicas: [],
      lastKnownElr: [],
    })
    expect(topics[0]!.topicAuthorizedOperations).toBe(3576)
  })

  it('pages through partitions, and every page but the last says where the next starts', async () => {
    const seen: string[] = []
    let cursor = null
    do {
      const page: Awaited<ReturnType<typeof ask>> = await ask(cursor)
      for (const { name, partitions } of page.topics) {
        seen.push(...partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`))
      }
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(['a-0', 'a-1', 'b-0', 'b-1', 'b-2', 'c-0'])
  })

  const ask = (cursor: { topicName: string; partitionIndex: number } | null) =>
    client.request(describeTopicPartitions, 0, { topics: [], responsePartitionLimit: 2, cursor })

  it('names what is not there only when it was asked for', async () => {
    const { topics } = await client.request(describeTopicPartitions, 0, named('c', 'absent', 'not legal'))
    expect(topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['absent', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
      ['c', 0],
      ['not legal', ErrorCode.INVALID_TOPIC_EXCEPTION],
    ])
  })

  it('refuses a cursor outside of what is named', async () => {
    const cursor = { topicName: 'b', partitionIndex: 0 }
    const response = await client.request(describeTopicPartitions, 0, { ...named('c'), cursor })
    expect(response.topics[0]).toMatchObject({ name: 'c', errorCode: ErrorCode.INVALID_REQUEST })
  })
})
