import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { createAdmin } from '../../src/client/admin.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import { type FetchedBatch, Fetcher, type FetcherOptions, type FetchStart } from '../../src/client/fetcher.ts'
import { Producer } from '../../src/client/producer.ts'
import { startCluster } from '../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../src/cluster/types.ts'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { listOffsets } from '../../src/protocol/messages/02-list-offsets.ts'
import { encodeBatch, forEachRecord } from '../../src/protocol/records/record.ts'
import { drive } from '../support/drive-clock.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { ScriptedBroker, type Topology } from '../support/scripted-broker.ts'

/** The values a reader would print: records before the offset asked for are left out. */
function valuesOf(batch: FetchedBatch): string[] {
  const values: string[] = []
  forEachRecord(batch.buffer, batch.at, (record, offset) => {
    if (offset >= batch.firstOffset) values.push(String(record.value()))
  })
  return values
}

describe('reading from a node', () => {
  let cluster: LocalCluster
  let admin: Admin
  let producer: Producer

  beforeAll(async () => {
    cluster = await startCluster()
    admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
    producer = new Producer({ bootstrapServers: [cluster.bootstrapServers] })
    await admin.createTopics([
      { name: 'one', partitions: 1, replicationFactor: 1 },
      { name: 'many', partitions: 5, replicationFactor: 1 },
      { name: 'empty', partitions: 2, replicationFactor: 1 },
    ])
    const appender = await producer.topic('one')
    for (let at = 0; at < 50; at++) appender.append(0, 1_000 + at, null, Buffer.from(`v${at}`))
    await producer.flush()
    const many = await producer.topic('many')
    for (let at = 0; at < 100; at++) many.append(at % 5, 1_000, null, Buffer.from(`v${at}`))
    await producer.flush()
  })
  afterAll(async () => {
    await producer.close()
    await admin.close()
    await cluster.close()
  })

  const reader = (options: FetcherOptions = {}): Fetcher =>
    new Fetcher({ bootstrapServers: [cluster.bootstrapServers] }, { maxWaitMs: 50, ...options })

  async function readOne(start: FetchStart, options: FetcherOptions = {}): Promise<string[]> {
    const fetcher = reader({ stopAtEnd: true, ...options })
    await fetcher.assign([{ topic: 'one', partition: 0, start }])
    const values: string[] = []
    for await (const batch of fetcher) values.push(...valuesOf(batch))
    return values
  }

  const from = (first: number): string[] => Array.from({ length: 50 - first }, (_, at) => `v${first + at}`)

  it.each<[string, FetchStart, number]>([
    ['the beginning', 'earliest', 0],
    ['an offset in the middle of a batch', { offset: 17 }, 17],
    ['a timestamp', { timestamp: 1_030 }, 30],
    ['a timestamp before everything', { timestamp: 0 }, 0],
  ])('begins at %s', async (_, start, first) => {
    expect(await readOne(start)).toEqual(from(first))
  })

  it.each<[string, FetchStart]>([
    ['the end', 'latest'],
    ['a timestamp after everything', { timestamp: 99_999 }],
  ])('begins at %s and gets what comes then', async (_, start) => {
    const fetcher = reader()
    await fetcher.assign([{ topic: 'empty', partition: 1, start }])
    const next = fetcher.next()
    // The position is fixed once the first fetch is out.
    while (fetcher.position('empty', 1)!.highWatermark === -1) await new Promise((resolve) => setTimeout(resolve, 5))
    await producer.send({ topic: 'empty', partition: 1, key: null, value: Buffer.from('news') })
    expect(valuesOf((await next)!)).toEqual(['news'])
    fetcher.close()
  })

  it('resets an offset that is not there, as told', async () => {
    expect(await readOne({ offset: 999 }, { reset: 'earliest' })).toEqual(from(0))
    expect(await readOne({ offset: 999 }, { reset: 'latest' })).toEqual([])
    await expect(readOne({ offset: 999 }, { reset: 'none' })).rejects.toThrow(/999 is out of range for partition one-0/)
  })

  it('follows every partition of a topic', async () => {
    const fetcher = reader({ stopAtEnd: true })
    await fetcher.follow('many', 'earliest')
    const values: string[] = []
    for await (const batch of fetcher) values.push(...valuesOf(batch))
    expect(values.sort()).toEqual(Array.from({ length: 100 }, (_, at) => `v${at}`).sort())
  })

  it('follows partitions that are added, from their beginning', async () => {
    await admin.createTopics([{ name: 'growing', partitions: 1, replicationFactor: 1 }])
    const fetcher = reader({ metadataMaxAgeMs: 50 })
    await fetcher.follow('growing', 'latest')
    await admin.createPartitions(new Map([['growing', { total: 2 }]]))
    await admin.describeTopics(['growing'])
    const fresh = new Producer({ bootstrapServers: [cluster.bootstrapServers] })
    await fresh.send({ topic: 'growing', partition: 1, key: null, value: Buffer.from('in the new one') })
    await fresh.close()
    expect(valuesOf((await fetcher.next())!)).toEqual(['in the new one'])
    fetcher.close()
  })

  it('needs many small answers as well as one large one', async () => {
    expect(await readOne('earliest', { maxPartitionBytes: 1 })).toEqual(from(0))
    expect(await readOne('earliest', { maxBytes: 1 })).toEqual(from(0))
  })

  it('ends at once at the end of nothing', async () => {
    const fetcher = reader({ stopAtEnd: true })
    await fetcher.assign([{ topic: 'empty', partition: 0, start: 'earliest' }])
    expect(await fetcher.next()).toBeNull()
  })

  it('stops reading what was taken away', async () => {
    const fetcher = reader()
    await fetcher.follow('empty', 'latest')
    fetcher.unassign([{ topic: 'empty', partition: 0 }])
    expect(fetcher.position('empty', 0)).toBeUndefined()
    await vi.waitFor(() => expect(fetcher.position('empty', 1)?.fetchOffset).toBeGreaterThanOrEqual(0), 20_000)
    await producer.send({ topic: 'empty', partition: 0, key: null, value: Buffer.from('unseen') })
    const fetched = fetcher.next()
    await producer.send({ topic: 'empty', partition: 1, key: null, value: Buffer.from('seen') })
    expect((await fetched)!.partition).toBe(1)
    fetcher.close()
  })

  it('says that a topic does not exist', async () => {
    const fetcher = reader()
    await expect(fetcher.follow('nope', 'earliest')).rejects.toMatchObject({
      kind: 'not-found',
      message: "Topic 'nope' does not exist",
    })
    fetcher.close()
  })

  it('ends for those who wait when it is closed', async () => {
    const fetcher = reader()
    await fetcher.assign([{ topic: 'one', partition: 0, start: 'latest' }])
    const waiting = fetcher.next()
    fetcher.close()
    expect(await waiting).toBeNull()
  })
})

const TOPIC_ID = 'mmmmmmmmmmmmmmmmmmmmmg'
const batchAt = (baseOffset: number): Buffer =>
  encodeBatch([{ timestamp: 1, key: null, value: Buffer.from(`v${baseOffset}`) }], { baseOffset })

/** An answer with what stands at the offset that was asked for, one record a batch. */
function serve(broker: ScriptedBroker, end: number): void {
  const positions = new Map<number, bigint>()
  broker.on(fetch, ({ topics, sessionEpoch, forgottenTopicsData }) => {
    if (sessionEpoch === 0) positions.clear()
    for (const { partitions } of forgottenTopicsData) for (const partition of partitions) positions.delete(partition)
    for (const { partitions } of topics) for (const one of partitions) positions.set(one.partition, one.fetchOffset)
    return {
      sessionId: 9,
      responses: [
        {
          topicId: TOPIC_ID,
          partitions: [...positions].map(([partitionIndex, offset]) => ({
            partitionIndex,
            highWatermark: BigInt(end),
            records: Number(offset) < end ? batchAt(Number(offset)) : Buffer.alloc(0),
          })),
        },
      ],
    }
  })
}

const failing = (code: number, more = {}) => ({
  sessionId: 9,
  responses: [{ topicId: TOPIC_ID, partitions: [{ partitionIndex: 0, errorCode: code, records: null, ...more }] }],
})

describe('reading through trouble', () => {
  let broker: ScriptedBroker
  let clock: ManualClock
  let fetcher: Fetcher

  beforeEach(async () => {
    clock = new ManualClock()
    broker = await ScriptedBroker.start()
    broker.topology.topics.set('t', { topicId: TOPIC_ID, partitions: [{ leader: 1 }] })
    broker.on(listOffsets, () => ({ topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 0n }] }] }))
    fetcher = new Fetcher(
      { bootstrapServers: [broker.address] },
      { stopAtEnd: true },
      { clock, random: seededRandom(1) },
    )
  })
  afterEach(async () => {
    fetcher.close()
    await broker[Symbol.asyncDispose]()
  })

  async function readAll(start: FetchStart = 'earliest'): Promise<string[]> {
    await fetcher.assign([{ topic: 't', partition: 0, start }])
    const values: string[] = []
    for (let batch = await fetcher.next(); batch !== null; batch = await fetcher.next()) values.push(...valuesOf(batch))
    return values
  }

  it('asks incrementally (KIP-227)', async () => {
    serve(broker, 3)
    expect(await drive(clock, readAll())).toEqual(['v0', 'v1', 'v2'])
    const requests = broker.askedFor(fetch)
    expect(requests.map(({ sessionId, sessionEpoch }) => [sessionId, sessionEpoch])).toEqual([
      [0, 0],
      [9, 1],
      [9, 2],
    ])
  })

  it('does not look up an offset it was given', async () => {
    serve(broker, 3)
    expect(await drive(clock, readAll({ offset: 1 }))).toEqual(['v1', 'v2'])
    expect(broker.askedFor(listOffsets)).toHaveLength(0)
  })

  it('does not fetch ahead of a reader who does not read', async () => {
    serve(broker, 100)
    await fetcher.assign([{ topic: 't', partition: 0, start: { offset: 0 } }])
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(broker.askedFor(fetch).length).toBeLessThanOrEqual(2)
    expect(valuesOf((await fetcher.next())!)).toEqual(['v0'])
  })

  it.each([70, 71, 103, 106])('begins a new session after error %i', async (code) => {
    serve(broker, 2)
    let failed = false
    const react = broker.answerOf(fetch)
    broker.on(fetch, (request, call) => {
      if (!failed && request.sessionEpoch === 1) {
        failed = true
        return { errorCode: code }
      }
      return react(request, call)
    })
    expect(await drive(clock, readAll())).toEqual(['v0', 'v1'])
    expect(broker.askedFor(fetch).filter(({ sessionEpoch }) => sessionEpoch === 0)).toHaveLength(2)
  })

  it('follows the leader that metadata names', async () => {
    const topology = broker.topology as Topology
    await using second = await ScriptedBroker.start({ id: 2, topology })
    serve(second, 2)
    broker.on(fetch, () => {
      topology.topics.set('t', { topicId: TOPIC_ID, partitions: [{ leader: 2, leaderEpoch: 1 }] })
      return failing(6)
    })
    expect(await drive(clock, readAll())).toEqual(['v0', 'v1'])
  })

  it('follows the leader that the answer names (KIP-951)', async () => {
    const topology = broker.topology as Topology
    await using second = await ScriptedBroker.start({ id: 2, topology })
    serve(second, 2)
    broker.on(fetch, () => failing(6, { currentLeader: { leaderId: 2, leaderEpoch: 5 } }))
    expect(await drive(clock, readAll())).toEqual(['v0', 'v1'])
    expect(second.askedFor(fetch)[0]!.topics[0]!.partitions[0]!.currentLeaderEpoch).toBe(5)
  })

  it('goes on after a lost connection where it was', async () => {
    serve(broker, 3)
    const react = broker.answerOf(fetch)
    broker.on(fetch, (request, call) => (call.count === 1 ? 'close' : react(request, call)))
    expect(await drive(clock, readAll())).toEqual(['v0', 'v1', 'v2'])
  })

  it('gives up on a broker that stays away', async () => {
    broker.on(fetch, () => 'close')
    await expect(drive(clock, readAll(), 120_000, 50)).rejects.toThrow(/closed/)
  })

  it('fails where it may not read', async () => {
    broker.on(fetch, () => failing(29))
    await expect(drive(clock, readAll())).rejects.toMatchObject({ errorName: 'TOPIC_AUTHORIZATION_FAILED' })
  })

  it('fails on a corrupt batch', async () => {
    const corrupt = batchAt(0)
    corrupt[corrupt.length - 1]! ^= 0xff
    broker.on(fetch, () => failing(0, { highWatermark: 1n, records: corrupt }))
    await expect(drive(clock, readAll())).rejects.toThrow(/t-0 at offset 0 is invalid/)
  })

  it('names topics by name where the cluster has no ids', async () => {
    broker.topology.topics.set('t', { partitions: [{ leader: 1 }] })
    broker.on(fetch, () => ({
      sessionId: 0,
      responses: [{ topic: 't', partitions: [{ partitionIndex: 0, highWatermark: 0n, records: null }] }],
    }))
    expect(await drive(clock, readAll())).toEqual([])
    expect(broker.asked.find(({ key }) => key === fetch.key)!.version).toBe(12)
  })

  it('waits for a leader', async () => {
    serve(broker, 1)
    broker.topology.topics.set('t', { topicId: TOPIC_ID, partitions: [{ leader: -1, error: 5 }] })
    clock.setTimer(8_000, () => {
      broker.topology.topics.set('t', { topicId: TOPIC_ID, partitions: [{ leader: 1, leaderEpoch: 1 }] })
    })
    expect(await drive(clock, readAll(), 60_000, 20)).toEqual(['v0'])
  })
})
