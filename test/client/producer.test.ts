import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin } from '../../src/client/admin.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import { Fetcher } from '../../src/client/fetcher.ts'
import { type BatchResult, Producer } from '../../src/client/producer.ts'
import { startCluster } from '../../src/cluster/start-cluster.ts'
import type { LocalCluster } from '../../src/cluster/types.ts'
import { decodeRecords, type KafkaRecord } from '../../src/protocol/records/record.ts'
import { RunningNode } from '../support/running-node.ts'
import { ScriptedBroker } from '../support/scripted-broker.ts'

let cluster: LocalCluster
let admin: Admin

beforeAll(async () => {
  cluster = await startCluster()
  admin = createAdmin({ bootstrapServers: [cluster.bootstrapServers] })
})
afterAll(async () => {
  await admin.close()
  await cluster.close()
})

const connection = () => ({ bootstrapServers: [cluster.bootstrapServers] })

async function records(topic: string): Promise<KafkaRecord[]> {
  const fetcher = new Fetcher(connection(), { stopAtEnd: true })
  await fetcher.follow(topic, 'earliest')
  const found: KafkaRecord[] = []
  for await (const batch of fetcher) found.push(...decodeRecords(batch.buffer, batch.at))
  return found
}

describe('producing', () => {
  it('keeps keys, values, nulls, headers and timestamps', async () => {
    const producer = new Producer(connection())
    const headers = [
      { key: 'a', value: Buffer.from('1') },
      { key: 'a', value: null },
      { key: '2', value: Buffer.alloc(0) },
    ]
    await producer.send({ topic: 'kinds', timestamp: 1234, key: Buffer.from('k'), value: Buffer.from('v'), headers })
    await producer.send({ topic: 'kinds', timestamp: 1235, key: Buffer.from('k'), value: null })
    await producer.send({ topic: 'kinds', timestamp: 1236, key: null, value: Buffer.alloc(0) })
    await producer.close()
    expect(await records('kinds')).toEqual([
      { offset: 0, timestamp: 1234, key: Buffer.from('k'), value: Buffer.from('v'), headers },
      { offset: 1, timestamp: 1235, key: Buffer.from('k'), value: null, headers: [] },
      { offset: 2, timestamp: 1236, key: null, value: Buffer.alloc(0), headers: [] },
    ])
  })

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)('with %s comes back as it was', async (compression) => {
    const topic = `with-${compression}`
    const producer = new Producer(connection(), { compression, lingerMs: 20 })
    const values = Array.from({ length: 500 }, (_, at) => `value ${at} `.repeat(10))
    const results = await Promise.all(
      values.map((value) => producer.send({ topic, key: null, value: Buffer.from(value) })),
    )
    await producer.close()
    expect(results.map(({ offset }) => offset)).toEqual(values.map((_, at) => at))
    expect((await records(topic)).map(({ value }) => String(value))).toEqual(values)
  })

  it('in bulk keeps order within a partition and loses nothing', async () => {
    await admin.createTopics([{ name: 'bulk', partitions: 3, replicationFactor: 1 }])
    const results: BatchResult[] = []
    const producer = new Producer(connection(), {
      batchSizeBytes: 4_096,
      bufferMemoryBytes: 65_536,
      onBatch: (result) => results.push(result),
    })
    const appender = await producer.topic('bulk')
    const count = 20_000
    const line = Buffer.alloc(32)
    for (let at = 0; at < count; at++) {
      const end = line.write(String(at))
      while (!appender.appendRange(at % 3, 1, line, -1, -1, 0, end)) await producer.space()
    }
    await producer.close()
    expect(results.every(({ error }) => error === null)).toBe(true)
    expect(results.reduce((sum, { recordCount }) => sum + recordCount, 0)).toBe(count)
    const found = (await records('bulk')).map(({ value }) => Number(value))
    for (const partition of [0, 1, 2]) {
      const mine = found.filter((at) => at % 3 === partition)
      expect(mine).toEqual(Array.from({ length: Math.ceil((count - partition) / 3) }, (_, at) => at * 3 + partition))
    }
  })

  it('creates a topic that does not exist, if the cluster does so', async () => {
    const producer = new Producer(connection())
    await producer.send({ topic: 'made-on-the-way', key: null, value: Buffer.from('x') })
    await producer.close()
    expect((await admin.listTopics()).map(({ name }) => name)).toContain('made-on-the-way')
  })

  it('to a topic with an impossible name fails at once', async () => {
    const producer = new Producer(connection())
    await expect(producer.topic('im possible')).rejects.toMatchObject({ errorName: 'INVALID_TOPIC_EXCEPTION' })
    await producer.close()
  })

  it('of a record the topic does not take is that record’s failure, with the reason', async () => {
    await admin.createTopics([
      { name: 'compacted', partitions: 1, replicationFactor: 1, configs: new Map([['cleanup.policy', 'compact']]) },
    ])
    const producer = new Producer(connection())
    await expect(producer.send({ topic: 'compacted', key: null, value: Buffer.from('x') })).rejects.toThrow(/key/)
    await expect(
      producer.send({ topic: 'compacted', key: Buffer.from('k'), value: Buffer.from('x') }),
    ).resolves.toMatchObject({ offset: 0 })
    await producer.close()
  })

  it('gives up on a topic that never comes, naming it', async () => {
    await using broker = await ScriptedBroker.start()
    const producer = new Producer({ bootstrapServers: [broker.address] }, { maxBlockMs: 200, enableIdempotence: false })
    await expect(producer.topic('never')).rejects.toMatchObject({
      kind: 'timeout',
      message: 'Topic never not present in metadata after 200 ms.',
    })
    await producer.close()
  })

  it('after close is refused', async () => {
    const producer = new Producer(connection())
    await producer.close()
    await producer.close()
    await expect(producer.send({ topic: 'kinds', key: null, value: null })).rejects.toThrow('closed')
  })
})

describe('a node that is killed and comes back', () => {
  it('has every record once, in order, and the reader who was there saw it so', async () => {
    await using node = new RunningNode()
    await node.start()
    const bootstrapServers = [node.bootstrapServers]
    const errors: Error[] = []
    const producer = new Producer(
      { bootstrapServers },
      { batchSizeBytes: 2_000, onBatch: ({ error }) => void (error !== null && errors.push(error)) },
    )
    const appender = await producer.topic('t')
    const fetcher = new Fetcher({ bootstrapServers })
    await fetcher.follow('t', 'earliest')
    const seen: number[] = []
    let sent = 0
    const reading = (async () => {
      for await (const batch of fetcher) {
        for (const { offset, value } of decodeRecords(batch.buffer, batch.at)) {
          if (offset >= batch.firstOffset) seen.push(Number(value))
        }
        if (sent > 0 && seen.length >= sent) break
      }
    })()
    let next = 0
    const line = Buffer.alloc(32)
    const append = async (count: number): Promise<void> => {
      for (const end = next + count; next < end; next++) {
        const length = line.write(String(next))
        while (!appender.appendRange(-1, 1, line, -1, -1, 0, length)) await producer.space()
        if (next % 200 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
      }
    }
    for (let kills = 0; kills < 2; kills++) {
      const appending = append(20_000)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await node.stop('SIGKILL')
      await node.start()
      await appending
    }
    sent = next
    await producer.close()
    await reading
    expect(errors).toEqual([])
    expect(seen).toEqual(Array.from({ length: sent }, (_, at) => at))
  })
})
