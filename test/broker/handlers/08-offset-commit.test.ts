import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { offsetCommit } from '../../../src/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../../src/protocol/messages/09-offset-fetch.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import { offsetDelete } from '../../../src/protocol/messages/47-offset-delete.ts'
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

beforeAll(async () => {
  test.createTopic('t', 2)
  for (;;) {
    const { errorCode } = await client.request(findCoordinator, 1, { key: 'g', keyType: 0 })
    if (errorCode === 0) break
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
})

const UNKNOWN_ID = 'QQQQQQQQQQQQQQQQQQQQQQ'

describe('OffsetCommit, OffsetFetch and OffsetDelete', () => {
  it.each([2, 3, 4, 5, 6, 7, 8, 9])('commits in version %i and reads it back', async (version) => {
    const groupId = `group-${version}`
    const partitions = [{ partitionIndex: 1, committedOffset: 42n, committedMetadata: 'note' }]
    const committed = await client.request(offsetCommit, version, { groupId, topics: [{ name: 't', partitions }] })
    expect(committed.topics).toEqual([
      { name: 't', topicId: ZERO_UUID, partitions: [{ partitionIndex: 1, errorCode: 0 }] },
    ])
    const request = { groupId, topics: [{ name: 't', partitionIndexes: [0, 1] }] }
    const fetched = await client.request(offsetFetch, 5, request)
    expect(fetched.topics[0]!.partitions).toMatchObject([
      { partitionIndex: 0, committedOffset: -1n, errorCode: 0 },
      { partitionIndex: 1, committedOffset: 42n, metadata: 'note', errorCode: 0 },
    ])
  })

  it('names topics by id in version 10', async () => {
    const topicId = test.createTopic('by-id')
    const partitions = [{ partitionIndex: 0, committedOffset: 7n }]
    const topics = [
      { topicId, partitions },
      { topicId: UNKNOWN_ID, partitions },
    ]
    const committed = await client.request(offsetCommit, 10, { groupId: 'ids', topics })
    expect(committed.topics.map((topic) => [topic.topicId, topic.partitions[0]!.errorCode])).toEqual([
      [topicId, 0],
      [UNKNOWN_ID, ErrorCode.UNKNOWN_TOPIC_ID],
    ])
    const asked = [topicId, UNKNOWN_ID].map((id) => ({ topicId: id, partitionIndexes: [0] }))
    const fetched = await client.request(offsetFetch, 10, { groups: [{ groupId: 'ids', topics: asked }] })
    expect(fetched.groups[0]!.topics.map((topic) => [topic.topicId, topic.partitions[0]!.committedOffset])).toEqual([
      [topicId, 7n],
      [UNKNOWN_ID, -1n],
    ])
    const all = await client.request(offsetFetch, 10, { groups: [{ groupId: 'ids', topics: null }] })
    expect(all.groups[0]!.topics).toMatchObject([{ topicId, partitions: [{ committedOffset: 7n }] }])
  })

  it('refuses topics and partitions that are not there, one by one', async () => {
    const partitions = [1, 9].map((partitionIndex) => ({ partitionIndex, committedOffset: 1n }))
    const topics = [
      { name: 't', partitions },
      { name: 'absent', partitions },
    ]
    const response = await client.request(offsetCommit, 8, { groupId: 'partly', topics })
    const codes = response.topics.map(({ name, partitions: each }) => [name, each.map(({ errorCode }) => errorCode)])
    expect(codes).toEqual([
      ['t', [0, 3]],
      ['absent', [3, 3]],
    ])
  })

  it('refuses an empty group and a member nobody knows', async () => {
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 1n }] }]
    const stranger = { groupId: 'strict', memberId: 'me', generationIdOrMemberEpoch: 3, topics }
    const response = await client.request(offsetCommit, 8, stranger)
    expect([ErrorCode.ILLEGAL_GENERATION, ErrorCode.UNKNOWN_MEMBER_ID]).toContain(
      response.topics[0]!.partitions[0]!.errorCode,
    )
  })

  it('deletes offsets', async () => {
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 5n }] }]
    await client.request(offsetCommit, 8, { groupId: 'deleting', topics })
    const named = [
      { name: 't', partitions: [{ partitionIndex: 0 }, { partitionIndex: 9 }] },
      { name: 'absent', partitions: [{ partitionIndex: 0 }] },
    ]
    const deleted = await client.request(offsetDelete, 0, { groupId: 'deleting', topics: named })
    expect(deleted.errorCode).toBe(0)
    expect(deleted.topics.map(({ name, partitions }) => [name, partitions.map(({ errorCode }) => errorCode)])).toEqual([
      ['t', [0, 3]],
      ['absent', [3]],
    ])
    const unknown = await client.request(offsetDelete, 0, { groupId: 'nobody', topics: [] })
    expect(unknown.errorCode).toBe(ErrorCode.GROUP_ID_NOT_FOUND)
  })

  it('forgets the offsets of a deleted topic', async () => {
    test.createTopic('short-lived')
    const topics = [{ name: 'short-lived', partitions: [{ partitionIndex: 0, committedOffset: 5n }] }]
    await client.request(offsetCommit, 8, { groupId: 'forgetting', topics })
    test.deleteTopic('short-lived')
    const ask = { groupId: 'forgetting', topics: [{ name: 'short-lived', partitionIndexes: [0] }] }
    await expect
      .poll(async () => (await client.request(offsetFetch, 5, ask)).topics[0]!.partitions[0]!.committedOffset)
      .toBe(-1n)
  })
})
