import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { murmur2 } from '../../../src/base/murmur2.ts'
import { seededRandom } from '../../../src/base/random.ts'
import type { TopicAppender } from '../../../src/client/producer/topic-appender.ts'
import { Producer, type ProducerOptions } from '../../../src/client/producer.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'
import { ProduceScript } from '../../support/scripted-produce.ts'

let broker: ScriptedBroker
let script: ProduceScript
const producers: Producer[] = []

beforeEach(async () => {
  broker = await ScriptedBroker.start()
  broker.topology.topics.set('t', { partitions: Array.from({ length: 4 }, () => ({ leader: 1 })) })
  script = new ProduceScript(broker)
})
afterEach(async () => {
  for (const producer of producers.splice(0)) producer.client.close()
  await broker[Symbol.asyncDispose]()
})

async function appender(options: ProducerOptions = {}): Promise<[TopicAppender, Producer]> {
  const one = new Producer({ bootstrapServers: [broker.address] }, options, { random: seededRandom(3) })
  producers.push(one)
  return [await one.topic('t'), one]
}

const partitionsOf = (value: string): number[] =>
  script.arrived.filter(({ values }) => values.includes(value)).map(({ partition }) => partition)

describe('records of a topic', () => {
  it('are taken from ranges of a buffer, null keys and values too', async () => {
    const [one, producer] = await appender()
    const line = Buffer.from('..key:value..')
    expect(one.appendRange(0, 5, line, 2, 5, 6, 11)).toBe(true)
    expect(one.appendRange(0, 5, line, -1, -1, 6, 11)).toBe(true)
    expect(one.appendRange(0, 5, line, 2, 5, -1, -1)).toBe(true)
    expect(one.appendRange(0, 5, line, 2, 2, 6, 6)).toBe(true)
    await producer.flush()
    expect(script.arrived[0]!.values).toEqual(['value', 'value', null, ''])
  })

  it('with a key go where its hash says', async () => {
    const [one, producer] = await appender()
    const key = Buffer.from('customer-17')
    one.append(-1, 1, key, Buffer.from('a'))
    one.appendRange(-1, 1, Buffer.concat([key, Buffer.from('b')]), 0, key.length, key.length, key.length + 1)
    await producer.flush()
    const expected = (murmur2(key) & 0x7fffffff) % 4
    expect([...partitionsOf('a'), ...partitionsOf('b')]).toEqual([expected, expected])
  })

  it('with a partition go there, whatever the key', async () => {
    const [one, producer] = await appender()
    one.append(2, 1, Buffer.from('customer-17'), Buffer.from('a'))
    await producer.flush()
    expect(partitionsOf('a')).toEqual([2])
  })

  it('without a key stay together until a batch is full', async () => {
    const [one, producer] = await appender({ batchSizeBytes: 2_000, lingerMs: 1_000 })
    for (let turn = 0; turn < 100; turn++) one.append(-1, 1, null, Buffer.alloc(100))
    await producer.flush()
    const sizes = script.arrived.map(({ values }) => values.length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(100)
    // Filled batches, not one per partition and record.
    expect(sizes.length).toBeLessThan(12)
    expect(new Set(script.arrived.map(({ partition }) => partition)).size).toBeGreaterThan(1)
  })

  it('with ignored keys are placed as if they had none', async () => {
    const [one, producer] = await appender({ ignoreKeys: true })
    for (let turn = 0; turn < 20; turn++) one.append(-1, 1, Buffer.from(`k${turn}`), Buffer.from('x'))
    await producer.flush()
    expect(new Set(script.arrived.map(({ partition }) => partition)).size).toBe(1)
  })

  it('are dealt out one by one by the round-robin partitioner', async () => {
    const [one, producer] = await appender({ partitioner: 'round-robin' })
    for (let turn = 0; turn < 8; turn++) one.append(-1, 1, Buffer.from('same key'), Buffer.from(`v${turn}`))
    await producer.flush()
    expect(Array.from({ length: 8 }, (_, turn) => partitionsOf(`v${turn}`)[0])).toEqual([0, 1, 2, 3, 0, 1, 2, 3])
  })

  it('for a partition that does not exist are refused in Kafka’s words', async () => {
    const [one] = await appender({ maxBlockMs: 60_000 })
    expect(() => one.append(7, 1, null, null)).toThrow(
      'Partition 7 of topic t with partition count 4 is not present in metadata after 60000 ms.',
    )
  })

  it('that are too large are refused before they are sent', async () => {
    const [one] = await appender({ maxRequestSizeBytes: 1_000 })
    expect(() => one.append(0, 1, null, Buffer.alloc(2_000))).toThrow(
      'The message is 2086 bytes when serialized which is larger than 1000, which is the value of the max.request.size configuration.',
    )
    const big = Buffer.alloc(2_000)
    expect(() => one.appendRange(0, 1, big, -1, -1, 0, 2_000)).toThrow('max.request.size')
    expect(one.append(0, 1, null, Buffer.alloc(900))).toBe(true)
  })

  it('larger than the whole memory are refused too', async () => {
    const [one] = await appender({ bufferMemoryBytes: 500 })
    expect(() => one.append(0, 1, null, Buffer.alloc(600))).toThrow('the buffer.memory configuration')
  })

  it('fill batches further when the codec shrinks them', async () => {
    const [one, producer] = await appender({ compression: 'gzip', batchSizeBytes: 1_000, lingerMs: 1_000 })
    for (let turn = 0; turn < 1_000; turn++) {
      one.append(0, 1, null, Buffer.alloc(100, 97))
      if (turn % 8 === 0) await producer.flush()
    }
    for (let turn = 0; turn < 100; turn++) one.append(0, 1, null, Buffer.alloc(100, 97))
    await producer.flush()
    const sizes = script.arrived.map(({ values }) => values.length)
    // 1,000 bytes hold eight of these uncompressed.
    expect(Math.max(...sizes)).toBeGreaterThan(16)
  })

  it('know partitions that were added later', async () => {
    const [one, producer] = await appender()
    broker.topology.topics.set('t', { partitions: Array.from({ length: 6 }, () => ({ leader: 1 })) })
    await producer.client.refreshMetadata(['t'])
    one.metadataChanged()
    expect(one.partitionCount).toBe(6)
    expect(one.append(5, 1, null, Buffer.from('new'))).toBe(true)
    await producer.flush()
    expect(partitionsOf('new')).toEqual([5])
  })
})
