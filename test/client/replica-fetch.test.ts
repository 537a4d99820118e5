import { describe, expect, it } from 'vitest'
import { ClusterClient } from '../../src/client/cluster-client.ts'
import { fetchFromReplica } from '../../src/client/replica-fetch.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { ScriptedBroker } from '../support/scripted-broker.ts'

const TOPIC_ID = 'mmmmmmmmmmmmmmmmmmmmmg'
const POSITIONS = [
  { topic: 't', topicId: TOPIC_ID, partition: 0, offset: 7 },
  { topic: 't', topicId: TOPIC_ID, partition: 2, offset: 9 },
]
const OPTIONS = { maxWaitMs: 30, partitionMaxBytes: 100 }

describe('a fetch from a replica', () => {
  it('comes from nobody, without a session, and names topics that were asked for by id', async () => {
    await using broker = await ScriptedBroker.start()
    const records = Buffer.from('batch')
    broker.on(fetch, () => ({
      responses: [
        { topicId: TOPIC_ID, partitions: [{ partitionIndex: 2, highWatermark: 11n, records }] },
        { topicId: TOPIC_ID, partitions: [{ partitionIndex: 0, errorCode: 3, highWatermark: -1n, records: null }] },
      ],
    }))
    const client = new ClusterClient({ bootstrapServers: [broker.address] })
    const answers = await fetchFromReplica(client, 1, POSITIONS, OPTIONS)
    expect(answers).toEqual([
      { topic: 't', partition: 2, errorCode: 0, highWatermark: 11, records },
      { topic: 't', partition: 0, errorCode: 3, highWatermark: -1, records: Buffer.alloc(0) },
    ])
    expect(broker.askedFor(fetch)[0]).toMatchObject({
      replicaState: { replicaId: -2, replicaEpoch: -1n },
      maxWaitMs: 30,
      minBytes: 1,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topicId: TOPIC_ID,
          partitions: [
            { partition: 0, fetchOffset: 7n, partitionMaxBytes: 100 },
            { partition: 2, fetchOffset: 9n, partitionMaxBytes: 100 },
          ],
        },
      ],
    })
    client.close()
  })

  it('says it in the older way to older brokers', async () => {
    await using broker = await ScriptedBroker.start()
    broker.ranges.set(fetch.key, { min: 4, max: 12 })
    const partitions = [{ partitionIndex: 0, highWatermark: 8n, records: null }]
    broker.on(fetch, () => ({ responses: [{ topic: 't', partitions }] }))
    const client = new ClusterClient({ bootstrapServers: [broker.address] })
    expect(await fetchFromReplica(client, 1, POSITIONS, OPTIONS)).toMatchObject([{ topic: 't', highWatermark: 8 }])
    expect(broker.askedFor(fetch)[0]).toMatchObject({ replicaId: -2, topics: [{ topic: 't' }] })
    client.close()
  })

  it('fails when the broker refuses it', async () => {
    await using broker = await ScriptedBroker.start()
    broker.on(fetch, () => ({ errorCode: ErrorCode.KAFKA_STORAGE_ERROR }))
    const client = new ClusterClient({ bootstrapServers: [broker.address] })
    await expect(fetchFromReplica(client, 1, POSITIONS, OPTIONS)).rejects.toMatchObject({
      errorName: 'KAFKA_STORAGE_ERROR',
    })
    client.close()
  })
})
