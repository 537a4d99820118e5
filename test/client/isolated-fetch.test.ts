import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAdmin } from '../../src/client/admin.ts'
import { ClusterClient } from '../../src/client/cluster-client.ts'
import { fetchIsolated } from '../../src/client/isolated-fetch.ts'
import { Producer } from '../../src/client/producer.ts'
import { decodeRecords } from '../../src/protocol/records/record.ts'
import { RunningNode } from '../support/running-node.ts'

let node: RunningNode
let client: ClusterClient
beforeAll(async () => {
  node = new RunningNode()
  await node.start()
  const admin = createAdmin({ bootstrapServers: [node.bootstrapServers] })
  await admin.createTopics([{ name: 't', partitions: 1, replicationFactor: 1 }])
  await admin.close()
  client = new ClusterClient({ bootstrapServers: [node.bootstrapServers] })
  const producer = new Producer(client, { lingerMs: 0 })
  for (const value of ['a', 'b']) await producer.send({ topic: 't', key: null, value: Buffer.from(value) })
  await producer.close()
}, 60_000)
afterAll(async () => {
  client?.close()
  await node?.[Symbol.asyncDispose]()
})

it.each(['read_uncommitted', 'read_committed'] as const)(
  '%s: the bounds, and what lies behind an offset',
  async (level) => {
    const answer = await fetchIsolated(client, { topic: 't', partition: 0 }, 1, level)
    expect(answer).toMatchObject({ logStartOffset: 0, highWatermark: 2, lastStableOffset: 2, aborted: [] })
    expect(decodeRecords(answer.records).map(({ offset, value }) => [offset, value?.toString()])).toEqual([[1, 'b']])
  },
)

it('has nothing behind the end, and a refusal beyond it', async () => {
  const atEnd = await fetchIsolated(client, { topic: 't', partition: 0 }, 2, 'read_committed')
  expect(atEnd.records).toHaveLength(0)
  const beyond = fetchIsolated(client, { topic: 't', partition: 0 }, 99, 'read_committed')
  await expect(beyond).rejects.toThrow(/offset is not within the range|OFFSET_OUT_OF_RANGE/i)
})
