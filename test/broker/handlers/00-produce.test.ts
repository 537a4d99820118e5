import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { encodeRequest } from '../../../src/protocol/header.ts'
import { produce } from '../../../src/protocol/messages/00-produce.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
import { loadCodec } from '../../../src/protocol/records/compression.ts'
import { decodeRecords } from '../../../src/protocol/records/record.ts'
import { batchOf, RawClient } from '../../support/raw-client.ts'
import { followerFetches, TestBroker } from '../../support/test-broker.ts'

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

const values = async (topic: string): Promise<string[]> => {
  const { records } = await client.fetch(topic, 0)
  return records!.length === 0 ? [] : decodeRecords(records!).map(({ value }) => value!.toString())
}

describe('Produce', () => {
  it.each([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('appends and answers the base offset in version %i', async (version) => {
    const topic = `versions-${version}`
    test.createTopic(topic)
    expect(await client.produce(topic, batchOf(['a', 'b']), { version })).toMatchObject({
      errorCode: 0,
      baseOffset: 0n,
    })
    expect(await client.produce(topic, batchOf(['c']), { version })).toMatchObject({ errorCode: 0, baseOffset: 2n })
    expect(await values(topic)).toEqual(['a', 'b'])
  })

  it('names topics by id from version 13 on', async () => {
    const topicId = test.createTopic('by-id')
    const send = (id: string) =>
      client.request(produce, 13, {
        acks: -1,
        timeoutMs: 1000,
        topicData: [{ topicId: id, partitionData: [{ index: 0, records: batchOf(['x']) }] }],
      })
    const good = await send(topicId)
    expect(good.responses[0]).toMatchObject({ topicId, partitionResponses: [{ errorCode: 0, baseOffset: 0n }] })
    const bad = await send('QQQQQQQQQQQQQQQQQQQQQQ')
    expect(bad.responses[0]!.partitionResponses[0]!.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_ID)
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('stores batches of %s as they came', async (name) => {
    test.createTopic(`codec-${name}`)
    const batch = batchOf(['one', 'two'], { codec: await loadCodec(name) })
    expect(await client.produce(`codec-${name}`, Buffer.from(batch))).toMatchObject({ errorCode: 0 })
    const { records } = await client.fetch(`codec-${name}`, 0)
    expect(records!.subarray(61).equals(batch.subarray(61))).toBe(true)
    expect(await values(`codec-${name}`)).toEqual(['one', 'two'])
  })

  it('refuses zstd before version 7', async () => {
    test.createTopic('old-zstd')
    const batch = batchOf(['x'], { codec: await loadCodec('zstd') })
    const answer = await client.produce('old-zstd', batch, { version: 6 })
    expect(answer.errorCode).toBe(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE)
  })

  it('does not answer acks=0, and closes the connection when that failed', async () => {
    test.createTopic('fire-and-forget')
    const send = (connection: RawClient, topic: string): void => {
      const topicData = [{ name: topic, partitionData: [{ index: 0, records: batchOf(['x']) }] }]
      connection.write(Buffer.concat(encodeRequest(produce, 9, 77, 'raw', { acks: 0, timeoutMs: 1000, topicData })))
    }
    using quiet = await RawClient.connect(test.port)
    send(quiet, 'fire-and-forget')
    // The next request's answer is the first to come: the produce had none.
    const next = await quiet.request(metadata, 5, { topics: [{ name: 'fire-and-forget' }] })
    expect(next.topics[0]!.errorCode).toBe(0)
    expect(await values('fire-and-forget')).toEqual(['x'])
    send(quiet, 'no-such-topic')
    expect(await quiet.nextFrame()).toBeNull()
  })

  it('refuses other acks for every partition, storing nothing', async () => {
    test.createTopic('acks')
    const answer = await client.produce('acks', batchOf(['x']), { acks: 2 })
    expect(answer).toMatchObject({ errorCode: ErrorCode.INVALID_REQUIRED_ACKS, baseOffset: -1n })
    expect(await values('acks')).toEqual([])
  })

  it('answers per partition: what is there is stored, what is not is named', async () => {
    test.createTopic('mixed', 2)
    const response = await client.request(produce, 9, {
      acks: -1,
      timeoutMs: 1000,
      topicData: [
        {
          name: 'mixed',
          partitionData: [0, 1, 7].map((index) => ({ index, records: batchOf([`p${index}`]) })),
        },
        { name: 'absent', partitionData: [{ index: 0, records: batchOf(['x']) }] },
      ],
    })
    const codes = response.responses.map(({ partitionResponses }) =>
      partitionResponses.map(({ errorCode }) => errorCode),
    )
    expect(codes).toEqual([[0, 0, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION], [ErrorCode.UNKNOWN_TOPIC_OR_PARTITION]])
    expect(await values('mixed')).toEqual(['p0'])
  })

  it('refuses internal topics, but not to the admin client of Kafka', async () => {
    test.createTopic('__consumer_offsets', 5, { 'cleanup.policy': 'compact' })
    const answer = await client.produce('__consumer_offsets', batchOf(['x']))
    expect(answer.errorCode).toBe(ErrorCode.INVALID_TOPIC_EXCEPTION)
    expect(answer.errorMessage).toBe('Cannot append to internal topic __consumer_offsets')
  })

  it.each([
    ['a corrupt batch', (batch: Buffer) => batch.writeUInt8(batch[70]! ^ 1, 70), ErrorCode.CORRUPT_MESSAGE],
    ['an old magic', (batch: Buffer) => batch.writeInt8(1, 16), ErrorCode.INVALID_RECORD],
    ['an unknown magic', (batch: Buffer) => batch.writeInt8(7, 16), ErrorCode.CORRUPT_MESSAGE],
  ])('refuses %s and stores nothing', async (name, spoil, expected) => {
    const topic = `spoilt-${name.replaceAll(' ', '-')}`
    test.createTopic(topic)
    const batch = batchOf(['value to spoil'])
    spoil(batch)
    const answer = await client.produce(topic, batch)
    expect([expected, ErrorCode.INVALID_RECORD, ErrorCode.CORRUPT_MESSAGE]).toContain(answer.errorCode)
    expect(await values(topic)).toEqual([])
  })

  it('refuses no batch and two batches', async () => {
    test.createTopic('count')
    const none = await client.produce('count', Buffer.alloc(0))
    expect(none.errorCode).toBe(ErrorCode.INVALID_RECORD)
    const two = await client.produce('count', Buffer.concat([batchOf(['a']), batchOf(['b'])]))
    expect(two.errorCode).toBe(ErrorCode.INVALID_RECORD)
    expect(await values('count')).toEqual([])
  })

  it('refuses what is larger than max.message.bytes', async () => {
    test.createTopic('small', 1, { 'max.message.bytes': '1000' })
    expect((await client.produce('small', batchOf(['x'.repeat(2000)]))).errorCode).toBe(ErrorCode.MESSAGE_TOO_LARGE)
    expect((await client.produce('small', batchOf(['x'.repeat(500)]))).errorCode).toBe(0)
  })

  it('names records without a key in a compacted topic', async () => {
    test.createTopic('compacted', 1, { 'cleanup.policy': 'compact' })
    const answer = await client.produce('compacted', batchOf(['a', 'b']))
    expect(answer.errorCode).toBe(ErrorCode.INVALID_RECORD)
    expect(answer.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([0, 1])
  })

  it('recognises duplicates and gaps of an idempotent producer', async () => {
    test.createTopic('idempotent')
    const send = (baseSequence: number, value: string) =>
      client.produce('idempotent', batchOf([value], { producerId: 5000n, producerEpoch: 0, baseSequence }))
    expect(await send(0, 'first')).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect(await send(1, 'second')).toMatchObject({ errorCode: 0, baseOffset: 1n })
    expect(await send(1, 'second')).toMatchObject({ errorCode: 0, baseOffset: 1n })
    expect((await send(5, 'gap')).errorCode).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
    const { highWatermark } = await client.fetch('idempotent', 0)
    expect(highWatermark).toBe(2n)
  })

  it('refuses transactional batches', async () => {
    test.createTopic('transactional')
    const batch = batchOf(['x'], { transactional: true, producerId: 1n, producerEpoch: 0, baseSequence: 0 })
    expect((await client.produce('transactional', batch)).errorCode).toBe(ErrorCode.INVALID_TXN_STATE)
    expect(await values('transactional')).toEqual([])
  })

  it('refuses acks=all when the ISR is too small, before it writes', async () => {
    test.createTopic('isr', 1, { 'min.insync.replicas': '2' })
    // The minimum is capped at the replication factor, as Kafka does.
    expect((await client.produce('isr', batchOf(['fine']))).errorCode).toBe(0)
    test.changePartition('isr', 0, { replicas: [1, 2], isr: [1] })
    expect((await client.produce('isr', batchOf(['no']))).errorCode).toBe(ErrorCode.NOT_ENOUGH_REPLICAS)
    expect((await client.produce('isr', batchOf(['yes']), { acks: 1 })).errorCode).toBe(0)
    // What was taken is not committed as long as the ISR is too small (KIP-966).
    expect((await client.fetch('isr', 0)).highWatermark).toBe(1n)
  })

  it('waits with acks=all until the high watermark has passed, and times out', async () => {
    test.createTopic('waiting')
    test.changePartition('waiting', 0, { replicas: [1, 2], isr: [1, 2] })
    const response = await client.request(produce, 9, {
      acks: -1,
      timeoutMs: 30,
      topicData: [{ name: 'waiting', partitionData: [{ index: 0, records: batchOf(['x']) }] }],
    })
    expect(response.responses[0]!.partitionResponses[0]!.errorCode).toBe(ErrorCode.REQUEST_TIMED_OUT)
    const later = client.produce('waiting', batchOf(['y']))
    await new Promise((resolve) => setTimeout(resolve, 20))
    followerFetches(test.broker.services.replicaManager.partition('waiting', 0)!, 2, 2)
    expect(await later).toMatchObject({ errorCode: 0, baseOffset: 1n })
  })

  it('sends the client to the leader when that is another broker', async () => {
    test.createTopic('moved')
    test.changePartition('moved', 0, { leader: 2, replicas: [1, 2] })
    const answer = await client.produce('moved', batchOf(['x']), { version: 10 })
    expect(answer.errorCode).toBe(ErrorCode.NOT_LEADER_OR_FOLLOWER)
    expect(answer.currentLeader).toEqual({ leaderId: 2, leaderEpoch: 1 })
  })
})
