import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { type FetchRequestInput, fetch } from '../../../src/protocol/messages/01-fetch.ts'
import { decodeRecords } from '../../../src/protocol/records/record.ts'
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

function request(
  topic: string,
  partitions: readonly number[],
  more: Partial<FetchRequestInput> = {},
): FetchRequestInput {
  return {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 10_000_000,
    topics: [
      {
        topic,
        partitions: partitions.map((partition) => ({ partition, fetchOffset: 0n, partitionMaxBytes: 1_000_000 })),
      },
    ],
    ...more,
  }
}

describe('Fetch', () => {
  it.each([4, 5, 6, 7, 8, 9, 10, 11, 12])('gives records in version %i', async (version) => {
    const topic = `fetch-${version}`
    test.createTopic(topic)
    await client.produce(topic, batchOf(['a', 'b']))
    const response = await client.request(fetch, version, request(topic, [0]))
    const [partition] = response.responses[0]!.partitions
    expect(partition).toMatchObject({ errorCode: 0, highWatermark: 2n, lastStableOffset: 2n, partitionIndex: 0 })
    expect(decodeRecords(partition!.records!).map(({ value }) => value!.toString())).toEqual(['a', 'b'])
  })

  it.each([13, 14, 15, 16, 17, 18])('names topics by id in version %i', async (version) => {
    const topicId = test.createTopic(`ids-${version}`)
    await client.produce(`ids-${version}`, batchOf(['a']))
    const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1000 }]
    const unknown = 'QQQQQQQQQQQQQQQQQQQQQQ'
    const topics = [
      { topicId, partitions },
      { topicId: unknown, partitions },
    ]
    const response = await client.request(fetch, version, { ...request('', []), topics })
    expect(response.responses.map((topic) => [topic.topicId, topic.partitions[0]!.errorCode])).toEqual([
      [topicId, 0],
      [unknown, ErrorCode.UNKNOWN_TOPIC_ID],
    ])
  })

  it('gives the whole batch that holds an offset in its middle', async () => {
    test.createTopic('middle')
    await client.produce('middle', batchOf(['a', 'b', 'c']))
    const { records } = await client.fetch('middle', 2)
    expect(decodeRecords(records!).map(({ offset }) => offset)).toEqual([0, 1, 2])
  })

  it('gives the first batch whatever the limits, then keeps to them over all partitions', async () => {
    test.createTopic('limits', 3)
    for (const partition of [0, 1, 2]) await client.produce('limits', batchOf(['x'.repeat(1000)]), { partition })
    const tiny = await client.request(fetch, 12, request('limits', [0, 1, 2], { maxBytes: 10 }))
    expect(tiny.responses[0]!.partitions.map(({ records }) => records!.length > 0)).toEqual([true, false, false])
    const two = await client.request(fetch, 12, request('limits', [0, 1, 2], { maxBytes: 2500 }))
    expect(two.responses[0]!.partitions.map(({ records }) => records!.length > 0)).toEqual([true, true, false])
  })

  it('answers nothing new at the end, and an offset outside with an error', async () => {
    test.createTopic('ends')
    await client.produce('ends', batchOf(['a']))
    expect(await client.fetch('ends', 1)).toMatchObject({ errorCode: 0, highWatermark: 1n, records: Buffer.alloc(0) })
    expect((await client.fetch('ends', 2)).errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE)
    expect((await client.fetch('ends', 0, { partition: 4 })).errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  })

  it('waits for an append, and not longer', async () => {
    test.createTopic('poll')
    using waiting = await RawClient.connect(test.port)
    const answer = waiting.fetch('poll', 0, { maxWaitMs: 20_000 })
    while (test.broker.services.replicaManager.partition('poll', 0)!.watchers.size === 0) await pause(1)
    await client.produce('poll', batchOf(['arrives']))
    expect(decodeRecords((await answer).records!)[0]!.value!.toString()).toBe('arrives')
    expect(test.broker.services.replicaManager.partition('poll', 0)!.watchers.size).toBe(0)
  })

  it('waits for min_bytes over all partitions', async () => {
    test.createTopic('bytes', 2)
    using waiting = await RawClient.connect(test.port)
    let done = false
    const answer = waiting
      .request(fetch, 12, request('bytes', [0, 1], { maxWaitMs: 20_000, minBytes: 1500 }))
      .finally(() => {
        done = true
      })
    await client.produce('bytes', batchOf(['x'.repeat(1000)]), { partition: 0 })
    await pause(20)
    expect(done).toBe(false)
    await client.produce('bytes', batchOf(['x'.repeat(1000)]), { partition: 1 })
    const { partitions } = (await answer).responses[0]!
    expect(partitions.every(({ records }) => records!.length > 1000)).toBe(true)
  })

  it('answers with what there is when the time is over', async () => {
    test.createTopic('patience')
    await client.produce('patience', batchOf(['x']))
    const { records } = await client.fetch('patience', 0, { maxWaitMs: 30, minBytes: 100_000 })
    expect(decodeRecords(records!).length).toBe(1)
  })

  it('does not wait when a partition has an error', async () => {
    test.createTopic('partly')
    const response = await client.request(fetch, 12, request('partly', [0, 9], { maxWaitMs: 20_000 }))
    expect(response.responses[0]!.partitions.map(({ errorCode }) => errorCode)).toEqual([0, 3])
  })

  it('forgets a waiting client that has gone', async () => {
    test.createTopic('gone')
    const { watchers } = test.broker.services.replicaManager.partition('gone', 0)!
    const leaving = await RawClient.connect(test.port)
    leaving.fetch('gone', 0, { maxWaitMs: 20_000 }).catch(() => undefined)
    while (watchers.size === 0) await pause(1)
    leaving[Symbol.dispose]()
    while (watchers.size > 0) await pause(1)
  })

  it('answers a waiting client when the topic is deleted', async () => {
    test.createTopic('doomed')
    using waiting = await RawClient.connect(test.port)
    const answer = waiting.fetch('doomed', 0, { maxWaitMs: 20_000 })
    while (test.broker.services.replicaManager.partition('doomed', 0)!.watchers.size === 0) await pause(1)
    test.deleteTopic('doomed')
    expect((await answer).errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  })

  it('fences old and unknown leader epochs', async () => {
    test.createTopic('epochs')
    test.changePartition('epochs', 0, { leader: 1 })
    const ask = async (currentLeaderEpoch: number) => {
      const topics = [
        {
          topic: 'epochs',
          partitions: [{ partition: 0, currentLeaderEpoch, fetchOffset: 0n, partitionMaxBytes: 100 }],
        },
      ]
      const response = await client.request(fetch, 12, { ...request('', []), topics })
      return response.responses[0]!.partitions[0]!.errorCode
    }
    expect(await ask(0)).toBe(ErrorCode.FENCED_LEADER_EPOCH)
    expect(await ask(1)).toBe(0)
    expect(await ask(2)).toBe(ErrorCode.UNKNOWN_LEADER_EPOCH)
  })

  it('tells a reader from another history where it diverged', async () => {
    test.createTopic('diverged')
    await client.produce('diverged', batchOf(['epoch 0']))
    test.changePartition('diverged', 0, { leader: 1 })
    await client.produce('diverged', batchOf(['epoch 1']))
    const topics = [
      {
        topic: 'diverged',
        partitions: [{ partition: 0, fetchOffset: 2n, lastFetchedEpoch: 0, partitionMaxBytes: 1000 }],
      },
    ]
    const response = await client.request(fetch, 12, { ...request('', []), topics })
    const [partition] = response.responses[0]!.partitions
    expect(partition!.divergingEpoch).toEqual({ epoch: 0, endOffset: 1n })
    expect(partition!.records!.length).toBe(0)
  })

  it('serves followers to the log end, and refuses who is none', async () => {
    const topicId = test.createTopic('followed')
    test.changePartition('followed', 0, { replicas: [1, 2], isr: [1, 2] })
    await client.produce('followed', batchOf(['x']), { acks: 1 })
    const ask = async (replicaId: number, currentLeaderEpoch: number) => {
      const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1000, currentLeaderEpoch }]
      const body = { maxWaitMs: 0, minBytes: 1, topics: [{ topicId, partitions }] }
      const replicaState = { replicaId, replicaEpoch: 7n }
      return (await client.request(fetch, 17, { ...body, replicaState })).responses[0]!.partitions[0]!
    }
    expect(await ask(2, 0)).toMatchObject({ errorCode: 0, highWatermark: 0n })
    expect((await ask(2, 0)).records!.length).toBeGreaterThan(0)
    expect((await ask(-1, 0)).records!.length).toBe(0)
    expect((await ask(3, 0)).errorCode).toBe(ErrorCode.UNKNOWN_LEADER_EPOCH)
    expect((await ask(3, -1)).errorCode).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER)
    expect((await ask(2, 1)).errorCode).toBe(ErrorCode.UNKNOWN_LEADER_EPOCH)
  })

  it('tells only what changed in a session', async () => {
    test.createTopic('session', 3)
    const first = await client.request(fetch, 12, request('session', [0, 1, 2], { sessionEpoch: 0 }))
    expect(first.sessionId).toBeGreaterThan(0)
    expect(first.responses[0]!.partitions.length).toBe(3)
    const { sessionId } = first
    const quiet = await client.request(fetch, 12, request('', [], { topics: [], sessionId, sessionEpoch: 1 }))
    expect(quiet).toMatchObject({ sessionId, responses: [] })
    await client.produce('session', batchOf(['new']), { partition: 1 })
    const told = await client.request(fetch, 12, request('', [], { topics: [], sessionId, sessionEpoch: 2 }))
    expect(told.responses[0]!.partitions.map(({ partitionIndex }) => partitionIndex)).toEqual([1])
  })

  it('refuses sessions it does not know or that are out of step', async () => {
    test.createTopic('steps')
    const ask = (sessionId: number, sessionEpoch: number) =>
      client.request(fetch, 12, request('steps', [0], { sessionId, sessionEpoch }))
    expect((await ask(12345, 1)).errorCode).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
    const { sessionId } = await ask(0, 0)
    expect((await ask(sessionId, 7)).errorCode).toBe(ErrorCode.INVALID_FETCH_SESSION_EPOCH)
    expect((await ask(sessionId, 1)).errorCode).toBe(0)
    expect(await ask(sessionId, -1)).toMatchObject({ errorCode: 0, sessionId: 0 })
    expect((await ask(sessionId, 2)).errorCode).toBe(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
  })

  it('gives every pooled buffer back', async () => {
    const { buffers } = test.logManager
    const taken = vi.spyOn(buffers, 'take')
    const given = vi.spyOn(buffers, 'give')
    test.createTopic('pool')
    await client.produce('pool', batchOf(['x'.repeat(100_000)]))
    for (let i = 0; i < 20; i++) await client.fetch('pool', 0)
    using leaving = await RawClient.connect(test.port)
    leaving.fetch('pool', 0, { maxWaitMs: 20_000, minBytes: 10_000_000 }).catch(() => undefined)
    await pause(10)
    leaving[Symbol.dispose]()
    await pause(10)
    expect(taken.mock.calls.length).toBeGreaterThan(20)
    expect(given.mock.calls.length).toBe(taken.mock.calls.length)
  })
})

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
