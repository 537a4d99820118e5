import { afterAll, beforeAll, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { alterReplicaLogDirs } from '../../../src/protocol/messages/34-alter-replica-log-dirs.ts'
import { describeLogDirs } from '../../../src/protocol/messages/35-describe-log-dirs.ts'
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

it('is content with a replica that is there, and refuses other directories and replicas that are not here', async () => {
  test.createTopic('t', 2)
  const { logDir } = (await client.request(describeLogDirs, 4, { topics: null })).results[0]!
  const answer = await client.request(alterReplicaLogDirs, 2, {
    dirs: [
      { path: logDir, topics: [{ name: 't', partitions: [0, 7] }] },
      {
        path: '/elsewhere',
        topics: [
          { name: 't', partitions: [1] },
          { name: 'u', partitions: [0] },
        ],
      },
    ],
  })
  const errors = answer.results.map(({ topicName, partitions }) => [
    topicName,
    ...partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode]),
  ])
  expect(errors).toEqual([
    ['t', [0, ErrorCode.NONE], [7, ErrorCode.REPLICA_NOT_AVAILABLE], [1, ErrorCode.LOG_DIR_NOT_FOUND]],
    ['u', [0, ErrorCode.LOG_DIR_NOT_FOUND]],
  ])
})
