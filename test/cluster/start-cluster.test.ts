import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { CompressionTypes, type Consumer, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin } from '../../src/client/admin.ts'
import { KtError, type LocalCluster, startCluster } from '../../src/index.ts'

const kafkaOf = (cluster: LocalCluster): Kafka =>
  new Kafka({ brokers: [cluster.bootstrapServers], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 20 } })

describe('startCluster', () => {
  it('starts on a free loopback port in a temporary directory, and leaves nothing behind', async () => {
    let directory: string
    {
      await using cluster = await startCluster()
      directory = cluster.dataDirectory
      expect(cluster.bootstrapServers).toMatch(/^127\.0\.0\.1:\d+$/)
      expect(cluster.clusterId).toMatch(/^[\w-]{22}$/)
      expect(fs.existsSync(path.join(directory, 'meta.properties'))).toBe(true)
    }
    expect(fs.existsSync(directory)).toBe(false)
  })

  it('runs several clusters side by side', async () => {
    await using one = await startCluster()
    await using other = await startCluster()
    expect(one.bootstrapServers).not.toBe(other.bootstrapServers)
    expect(one.clusterId).not.toBe(other.clusterId)
  })

  it('keeps data and cluster id in a directory that is given', async () => {
    const dataDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-kept-'))
    const first = await startCluster({ dataDirectory })
    const producer = kafkaOf(first).producer()
    await producer.connect()
    await producer.send({ topic: 'kept', messages: [{ key: 'k', value: 'survives' }] })
    await producer.disconnect()
    await first.close()
    {
      await using second = await startCluster({ dataDirectory })
      expect(second.clusterId).toBe(first.clusterId)
      const values = await consumeAll(kafkaOf(second).consumer({ groupId: 'after' }), 'kept', 1)
      expect(values).toEqual(['survives'])
    }
    fs.rmSync(dataDirectory, { recursive: true })
  })

  it('refuses a directory that is in use, leaving it alone', async () => {
    const dataDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-shared-'))
    {
      await using cluster = await startCluster({ dataDirectory })
      await expect(startCluster({ dataDirectory })).rejects.toMatchObject({ kind: 'conflict' })
      expect(await kafkaOf(cluster).admin().listTopics()).toEqual([])
    }
    fs.rmSync(dataDirectory, { recursive: true })
  })

  it('says that a port is taken', async () => {
    const holder = net.createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as net.AddressInfo
    await expect(startCluster({ port })).rejects.toMatchObject({
      kind: 'conflict',
      message: `port ${port} on 127.0.0.1 is taken`,
    })
    await new Promise((resolve) => holder.close(resolve))
  })

  it('refuses what it cannot honour', async () => {
    await expect(startCluster({ brokers: 0 })).rejects.toBeInstanceOf(KtError)
    await expect(startCluster({ controllers: 2 })).rejects.toMatchObject({ kind: 'usage' })
    await expect(startCluster({ config: { 'num.partitions': 'many' } })).rejects.toThrow(/num\.partitions/)
    const listeners = 'SSL://127.0.0.1:0'
    await expect(startCluster({ config: { listeners } })).rejects.toMatchObject({ kind: 'usage' })
  })

  it('takes broker properties', async () => {
    await using cluster = await startCluster({
      config: { 'auto.create.topics.enable': 'false', 'num.partitions': '7' },
    })
    const admin = kafkaOf(cluster).admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'seven', numPartitions: -1 }] })
    const { topics } = await admin.fetchTopicMetadata({ topics: ['seven'] })
    expect(topics[0]!.partitions.length).toBe(7)
    await admin.disconnect()
  })

  it('hands out its log', async () => {
    const lines: string[] = []
    await using _cluster = await startCluster({ log: (line) => void lines.push(line) })
    expect(lines.join('')).toContain('Successfully registered broker 1')
  })
})

describe('several nodes', () => {
  it('replicate, elect and come back', { timeout: 60_000 }, async () => {
    await using cluster = await startCluster({ brokers: 3, config: { 'broker.session.timeout.ms': '1500' } })
    expect(cluster.nodes.map(({ nodeId, roles, running }) => [nodeId, roles, running])).toEqual([
      [1, 'broker', true],
      [2, 'broker', true],
      [3, 'broker', true],
      [100, 'controller', true],
    ])
    expect(cluster.bootstrapServers.split(',')).toEqual(cluster.nodes.flatMap(({ address }) => address ?? []))
    await using admin = await adminOf(cluster)
    await admin.createTopics([{ name: 'replicated', partitions: 3, replicationFactor: 3 }])
    const partitions = async () => {
      const topic = (await admin.describeTopics(['replicated'])).get('replicated')!
      return topic.ok ? topic.value.partitions : []
    }
    const isrSizes = async () => (await partitions()).map(({ isr }) => isr.length)
    await expect.poll(isrSizes).toEqual([3, 3, 3])
    const victim = (await partitions())[0]!.leader
    await cluster.kill(victim)
    expect(cluster.nodes.find(({ nodeId }) => nodeId === victim)!.running).toBe(false)
    const leaders = async () => (await partitions()).filter(({ leader }) => leader === victim || leader < 0)
    await expect.poll(leaders, { timeout: 10_000 }).toEqual([])
    await cluster.restart(victim)
    await expect.poll(isrSizes, { timeout: 10_000 }).toEqual([3, 3, 3])
    await cluster.stop(victim)
    // A controlled shutdown: nothing is left to lead when it has gone.
    expect(await leaders()).toEqual([])
    await expect(cluster.stop(7)).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('have a directory each, and are opened again on the same ports', { timeout: 60_000 }, async () => {
    const dataDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-several-'))
    const options = { brokers: 2, controllers: 3, dataDirectory }
    const first = await startCluster(options)
    {
      await using admin = await adminOf(first)
      await admin.createTopics([{ name: 'kept', partitions: 1, replicationFactor: 2 }])
    }
    await first.close()
    expect(fs.readdirSync(dataDirectory)).toEqual(expect.arrayContaining(['cluster.json', 'node-1', 'node-102']))
    await expect(startCluster({ ...options, brokers: 3 })).rejects.toMatchObject({ kind: 'conflict' })
    {
      await using second = await startCluster(options)
      expect([second.clusterId, second.bootstrapServers]).toEqual([first.clusterId, first.bootstrapServers])
      await using admin = await adminOf(second)
      expect((await admin.listTopics()).map(({ name }) => name)).toEqual(['kept'])
    }
    fs.rmSync(dataDirectory, { recursive: true })
  })
})

async function adminOf({ bootstrapServers }: LocalCluster) {
  const admin = await createAdmin({ bootstrapServers: bootstrapServers.split(',') })
  return Object.assign(admin, { [Symbol.asyncDispose]: () => admin.close() })
}

async function consumeAll(consumer: Consumer, topic: string, count: number): Promise<string[]> {
  const values: string[] = []
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        values.push(message.value!.toString())
        if (values.length === count) resolve()
      },
    })
  })
  await consumer.disconnect()
  return values
}

describe('kafkajs', () => {
  let cluster: LocalCluster
  let kafka: Kafka

  beforeAll(async () => {
    cluster = await startCluster()
    kafka = kafkaOf(cluster)
  })
  afterAll(() => cluster.close())

  it('administers topics', async () => {
    const admin = kafka.admin()
    await admin.connect()
    expect(await admin.createTopics({ topics: [{ topic: 'managed', numPartitions: 3 }] })).toBe(true)
    expect(await admin.createTopics({ topics: [{ topic: 'managed' }] })).toBe(false)
    expect(await admin.listTopics()).toContain('managed')
    await admin.createPartitions({ topicPartitions: [{ topic: 'managed', count: 5 }] })
    const { topics } = await admin.fetchTopicMetadata({ topics: ['managed'] })
    expect(topics[0]!.partitions.map(({ leader, isr }) => [leader, isr])).toEqual(Array(5).fill([1, [1]]))
    expect((await admin.describeCluster()).brokers.length).toBe(1)
    await admin.deleteTopics({ topics: ['managed'] })
    expect(await admin.listTopics()).not.toContain('managed')
    await admin.disconnect()
  })

  it('produces idempotently, plain and compressed, and consumes in order', async () => {
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    const expected: string[] = []
    for (let i = 0; i < 50; i++) {
      const messages = Array.from({ length: 10 }, (_, index) => ({ value: `m${i * 10 + index}` }))
      expected.push(...messages.map(({ value }) => value))
      await producer.send({
        topic: 'in-order',
        messages,
        compression: i % 2 ? CompressionTypes.GZIP : CompressionTypes.None,
      })
    }
    await producer.disconnect()
    expect(await consumeAll(kafka.consumer({ groupId: 'in-order' }), 'in-order', 500)).toEqual(expected)
  })

  it('shares partitions between two members, and takes them over', { timeout: 60_000 }, async () => {
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'shared', numPartitions: 4 }] })
    const assigned: number[][] = [[], []]
    const seen = new Set<string>()
    const consumers = [0, 1].map((index) => {
      const consumer = kafka.consumer({ groupId: 'pair', heartbeatInterval: 200, sessionTimeout: 6000 })
      consumer.on('consumer.group_join', ({ payload }) => {
        assigned[index] = payload.memberAssignment.shared ?? []
      })
      return consumer
    })
    for (const consumer of consumers) {
      await consumer.connect()
      await consumer.subscribe({ topic: 'shared', fromBeginning: true })
      await consumer.run({ eachMessage: async ({ message }) => void seen.add(message.value!.toString()) })
    }
    await until(() => assigned[0]!.length === 2 && assigned[1]!.length === 2)
    expect([...assigned[0]!, ...assigned[1]!].sort()).toEqual([0, 1, 2, 3])
    const producer = kafka.producer()
    await producer.connect()
    const messages = Array.from({ length: 100 }, (_, index) => ({ key: `k${index}`, value: `v${index}` }))
    await producer.send({ topic: 'shared', messages })
    await until(() => seen.size === 100)
    await consumers[1]!.disconnect()
    await until(() => assigned[0]!.length === 4)
    const [described] = (await admin.describeGroups(['pair'])).groups
    expect(described).toMatchObject({ state: 'Stable', protocolType: 'consumer' })
    expect(described!.members.length).toBe(1)
    await consumers[0]!.disconnect()
    const offsets = await admin.fetchOffsets({ groupId: 'pair', topics: ['shared'] })
    const total = offsets[0]!.partitions.reduce((sum, { offset }) => sum + Number(offset), 0)
    expect(total).toBe(100)
    await admin.deleteGroups(['pair'])
    await Promise.all([producer.disconnect(), admin.disconnect()])
  })

  it('is told that transactions are not there, at once', async () => {
    const producer = kafka.producer({ transactionalId: 'tx', idempotent: true, retry: { retries: 1 } })
    await producer.connect()
    await expect(producer.transaction()).rejects.toThrow()
    await producer.disconnect()
  })

  it('deletes records and finds offsets by time', async () => {
    const admin = kafka.admin()
    const producer = kafka.producer()
    await Promise.all([admin.connect(), producer.connect()])
    await admin.createTopics({ topics: [{ topic: 'times' }] })
    for (const timestamp of [1000, 2000, 3000]) {
      await producer.send({ topic: 'times', messages: [{ value: 'x', timestamp: String(timestamp) }] })
    }
    expect(await admin.fetchTopicOffsetsByTimestamp('times', 1500)).toEqual([{ partition: 0, offset: '1' }])
    await admin.deleteTopicRecords({ topic: 'times', partitions: [{ partition: 0, offset: '2' }] })
    expect((await admin.fetchTopicOffsets('times'))[0]).toMatchObject({ low: '2', high: '3' })
    await Promise.all([admin.disconnect(), producer.disconnect()])
  })
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}
