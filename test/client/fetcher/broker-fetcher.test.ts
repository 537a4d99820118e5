import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import { ClusterClient } from '../../../src/client/cluster-client.ts'
import { BrokerFetcher } from '../../../src/client/fetcher/broker-fetcher.ts'
import type { FetchPosition } from '../../../src/client/fetcher/fetch-partition.ts'
import { type FetcherOptions, resolveFetcherOptions } from '../../../src/client/fetcher/options.ts'
import { fetch } from '../../../src/protocol/messages/01-fetch.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

const TOPIC_ID = 'mmmmmmmmmmmmmmmmmmmmmg'

let broker: ScriptedBroker
let client: ClusterClient

beforeEach(async () => {
  broker = await ScriptedBroker.start()
  broker.on(fetch, () => ({ sessionId: 5 }))
  client = new ClusterClient({ bootstrapServers: [broker.address] })
})
afterEach(async () => {
  client.close()
  await broker[Symbol.asyncDispose]()
})

const fetcher = (options: FetcherOptions = {}): BrokerFetcher =>
  new BrokerFetcher(1, client, resolveFetcherOptions(options))

const at = (partition: number, more: Partial<FetchPosition> = {}): FetchPosition => ({
  topic: 't',
  topicId: TOPIC_ID,
  partition,
  fetchOffset: 7,
  currentLeaderEpoch: 2,
  partitionMaxBytes: 100,
  ...more,
})

describe('a fetch', () => {
  it('says how long to wait, how much to send, and how committed it must be', async () => {
    await fetcher({ maxWaitMs: 3, minBytes: 4, maxBytes: 5, isolation: 'read_committed', rackId: 'r' }).fetch([at(0)])
    expect(broker.askedFor(fetch)[0]).toMatchObject({
      replicaId: -1,
      maxWaitMs: 3,
      minBytes: 4,
      maxBytes: 5,
      isolationLevel: 1,
      rackId: 'r',
      topics: [
        {
          topicId: TOPIC_ID,
          partitions: [{ partition: 0, fetchOffset: 7n, currentLeaderEpoch: 2, partitionMaxBytes: 100 }],
        },
      ],
    })
  })

  it('forgets partitions that are no longer wanted', async () => {
    const one = fetcher()
    await one.fetch([at(0), at(1)])
    await one.fetch([at(1)])
    const second = broker.askedFor(fetch)[1]!
    expect(second.topics).toEqual([])
    expect(second.forgottenTopicsData).toMatchObject([{ topicId: TOPIC_ID, partitions: [0] }])
  })

  it('names topics when one of them has no id', async () => {
    await fetcher().fetch([at(0), at(0, { topic: 'u', topicId: ZERO_UUID })])
    expect(broker.asked.at(-1)!.version).toBe(12)
    expect(broker.askedFor(fetch)[0]!.topics.map(({ topic }) => topic)).toEqual(['t', 'u'])
  })

  it('goes to brokers without sessions as full requests', async () => {
    broker.ranges.set(fetch.key, { min: 4, max: 6 })
    broker.on(fetch, () => ({}))
    const one = fetcher()
    await one.fetch([at(0, { topicId: ZERO_UUID })])
    await one.fetch([at(0, { topicId: ZERO_UUID, fetchOffset: 8 })])
    expect(broker.askedFor(fetch).map(({ topics }) => topics[0]!.partitions[0]!.fetchOffset)).toEqual([7n, 8n])
  })

  it('whose session is unknown is answered with null, and asked again in full', async () => {
    const one = fetcher()
    await one.fetch([at(0)])
    broker.on(fetch, () => ({ errorCode: 70 }))
    expect(await one.fetch([at(0)])).toBeNull()
    await one.fetch([at(0)])
    expect(broker.askedFor(fetch).map(({ sessionId, sessionEpoch }) => [sessionId, sessionEpoch])).toEqual([
      [0, 0],
      [5, 1],
      [0, 0],
    ])
  })

  it('does not share a connection with metadata', async () => {
    await client.refreshMetadata([])
    await fetcher().fetch([at(0)])
    expect(broker.connections).toBe(2)
  })

  it('that failed as a whole is an error', async () => {
    broker.on(fetch, () => ({ errorCode: -1 }))
    await expect(fetcher().fetch([at(0)])).rejects.toMatchObject({ errorName: 'UNKNOWN_SERVER_ERROR' })
  })
})
