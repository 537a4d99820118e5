/** kafkajs against the bundled node: producers, consumer groups, and every method of its admin client a node has to serve. */
import {
  type Admin,
  AssignerProtocol,
  CompressionCodecs,
  CompressionTypes,
  ConfigResourceTypes,
  type Consumer,
  type EachMessagePayload,
  type IHeaders,
  Kafka,
  type KafkaMessage,
  logLevel,
  type Producer,
} from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalCluster, startCluster } from '../../../src/index.ts'
import { type Codec, loadCodec, MAX_DECOMPRESSED_BYTES } from '../../../src/protocol/records/compression.ts'

const CODECS = ['None', 'GZIP', 'Snappy', 'LZ4', 'ZSTD'] as const
const ACKS = [-1, 0, 1]

/** kafkajs brings gzip and takes the others from whoever has them. */
async function registerCodecs(): Promise<void> {
  for (const name of ['Snappy', 'LZ4', 'ZSTD'] as const) {
    const codec = await loadCodec(name.toLowerCase() as Codec['name'])
    CompressionCodecs[CompressionTypes[name]] = () => ({
      compress: async ({ buffer }: { buffer: Buffer }) => codec.compress(buffer),
      decompress: async (buffer: Buffer) => codec.decompress(buffer, MAX_DECOMPRESSED_BYTES),
    })
  }
}

interface Read {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly timestamp: string
  readonly headers: Record<string, string>
}

function text(buffer: Buffer | string | null | undefined): string | null {
  return buffer === null || buffer === undefined ? null : buffer.toString()
}

function readable(partition: number, message: KafkaMessage): Read {
  const headers = Object.entries((message.headers ?? {}) as IHeaders).map(([name, value]) => [name, String(value)])
  return {
    partition,
    offset: Number(message.offset),
    key: text(message.key),
    value: text(message.value),
    timestamp: message.timestamp,
    headers: Object.fromEntries(headers),
  }
}

describe('kafkajs', () => {
  let cluster: LocalCluster
  let kafka: Kafka
  let admin: Admin
  let producer: Producer
  const consumers: Consumer[] = []

  beforeAll(async () => {
    await registerCodecs()
    cluster = await startCluster()
    kafka = new Kafka({ brokers: [cluster.bootstrapServers], logLevel: logLevel.NOTHING })
    admin = kafka.admin()
    producer = kafka.producer()
    await Promise.all([admin.connect(), producer.connect()])
  })
  afterAll(async () => {
    await Promise.all([admin?.disconnect(), producer?.disconnect(), ...consumers.map((one) => one.disconnect())])
    await cluster?.close()
  })

  async function createTopic(topic: string, numPartitions = 1): Promise<void> {
    expect(await admin.createTopics({ topics: [{ topic, numPartitions }] })).toBe(true)
  }

  /** A member of a group that keeps what it reads; it is disconnected at the end. */
  async function member(groupId: string, topic: string): Promise<{ consumer: Consumer; read: Read[] }> {
    const consumer = kafka.consumer({ groupId, heartbeatInterval: 200, maxWaitTimeInMs: 200 })
    consumers.push(consumer)
    const read: Read[] = []
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const eachMessage = async ({ partition, message }: EachMessagePayload) => {
      read.push(readable(partition, message))
    }
    await consumer.run({ autoCommitThreshold: 1, eachMessage })
    return { consumer, read }
  }

  async function readAll(topic: string, count: number): Promise<Read[]> {
    const { consumer, read } = await member(`reads-${topic}`, topic)
    await expect.poll(() => read.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count)
    await consumer.stop()
    expect(read).toHaveLength(count)
    return read
  }

  describe('producer', () => {
    it.each(CODECS)('keeps keys, headers, nulls, timestamps and order: %s', async (codec) => {
      const topic = `kept-${codec}`
      await createTopic(topic)
      const sent = Array.from({ length: 100 }, (_, index) => ({
        key: index % 5 === 0 ? null : `key-${index}`,
        value: index % 7 === 0 ? null : `value ${index} of a text that repeats, repeats and repeats`,
        headers: { index: String(index), 'an ä': 'ö' },
        timestamp: String(1_700_000_000_000 + index),
      }))
      const compression = CompressionTypes[codec]
      await producer.send({ topic, messages: sent.slice(0, 60), compression })
      await producer.send({ topic, messages: sent.slice(60), compression })
      expect(await readAll(topic, 100)).toEqual(sent.map((record, offset) => ({ partition: 0, offset, ...record })))
    })

    it.each(ACKS)('sends with acks %i', async (acks) => {
      const topic = `acks${acks}`
      await createTopic(topic)
      const messages = Array.from({ length: 50 }, (_, index) => ({ value: String(index) }))
      const [told] = await producer.send({ topic, acks, messages })
      if (acks !== 0) expect(told).toMatchObject({ topicName: topic, partition: 0, errorCode: 0, baseOffset: '0' })
      expect((await readAll(topic, 50)).map(({ value }) => value)).toEqual(messages.map(({ value }) => value))
    })

    it('is idempotent: batches one after the other, each once', async () => {
      await createTopic('once', 3)
      const idempotent = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
      await idempotent.connect()
      for (let round = 0; round < 10; round++) {
        const messages = Array.from({ length: 30 }, (_, index) => ({
          value: `${round}.${index}`,
          partition: index % 3,
        }))
        await idempotent.send({ topic: 'once', messages })
      }
      await idempotent.disconnect()
      const read = await readAll('once', 300)
      for (const partition of [0, 1, 2]) {
        const mine = read.filter((record) => record.partition === partition)
        expect(mine.map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, index) => index))
        const rounds = mine.map(({ value }) => Number(value!.split('.')[0]))
        expect(rounds).toEqual([...rounds].sort((a, b) => a - b))
      }
      expect(new Set(read.map(({ value }) => value)).size).toBe(300)
    })

    it('is told what cannot be stored', async () => {
      await createTopic('small')
      const messages = [{ value: 'x'.repeat(2_000_000) }]
      await expect(producer.send({ topic: 'small', messages })).rejects.toMatchObject({ type: 'MESSAGE_TOO_LARGE' })
      await expect(producer.send({ topic: 'not/a/topic', messages })).rejects.toThrow()
    })
  })

  describe('consumer group', () => {
    it('splits partitions between two members; the one that stays takes over, and nothing is read twice', async () => {
      await createTopic('shared', 4)
      const send = (round: number) =>
        producer.send({
          topic: 'shared',
          messages: Array.from({ length: 40 }, (_, index) => ({ value: `${round}.${index}`, partition: index % 4 })),
        })
      const first = await member('pair', 'shared')
      const second = await member('pair', 'shared')
      await expect.poll(partitionsPerMember, { timeout: 20_000 }).toEqual([2, 2])
      await send(1)
      await expect.poll(() => first.read.length + second.read.length, { timeout: 20_000 }).toBe(40)
      expect([first.read.length, second.read.length]).toEqual([20, 20])

      await second.consumer.disconnect()
      await expect.poll(partitionsPerMember, { timeout: 20_000 }).toEqual([4])
      await send(2)
      await expect.poll(() => first.read.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(60)
      const all = [...first.read, ...second.read].map(({ partition, offset }) => `${partition}-${offset}`)
      expect(new Set(all).size).toBe(80)
      expect(all).toHaveLength(80)
      await first.consumer.disconnect()
      const [shared] = await admin.fetchOffsets({ groupId: 'pair', topics: ['shared'] })
      expect(byPartition(shared!.partitions)).toEqual(['20', '20', '20', '20'])
    })

    async function partitionsPerMember(): Promise<number[]> {
      const [group] = (await admin.describeGroups(['pair'])).groups
      if (group!.state !== 'Stable') return []
      const assigned = group!.members.map(({ memberAssignment }) =>
        AssignerProtocol.MemberAssignment.decode(memberAssignment),
      )
      return assigned.map((decoded) => decoded!.assignment.shared!.length)
    }

    it('goes to an offset it is told, and to a time', async () => {
      await createTopic('sought')
      const messages = Array.from({ length: 20 }, (_, index) => ({
        value: `${index}`,
        timestamp: `${(index + 1) * 1000}`,
      }))
      await producer.send({ topic: 'sought', messages })
      expect(await admin.fetchTopicOffsetsByTimestamp('sought', 7_500)).toEqual([{ partition: 0, offset: '7' }])
      const { consumer, read } = await member('seeker', 'sought')
      await expect.poll(() => read.length, { timeout: 20_000 }).toBe(20)
      consumer.seek({ topic: 'sought', partition: 0, offset: '15' })
      await expect
        .poll(() => read.slice(20).map(({ value }) => value), { timeout: 20_000 })
        .toEqual(['15', '16', '17', '18', '19'])
    })
  })

  describe('admin', () => {
    it('knows the cluster', async () => {
      const [host, port] = cluster.bootstrapServers.split(':')
      expect(await admin.describeCluster()).toEqual({
        brokers: [{ nodeId: 1, host, port: Number(port) }],
        controller: 1,
        clusterId: cluster.clusterId,
      })
    })

    it('creates, enlarges, describes, lists and deletes topics', async () => {
      const topic = 'managed'
      const configEntries = [{ name: 'retention.ms', value: '60000' }]
      expect(await admin.createTopics({ topics: [{ topic, numPartitions: 2, configEntries }] })).toBe(true)
      expect(await admin.createTopics({ topics: [{ topic }] })).toBe(false)
      await expect(admin.createTopics({ topics: [{ topic: 'x', numPartitions: 0 }] })).rejects.toMatchObject({
        errors: [{ type: 'INVALID_PARTITIONS' }],
      })
      await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
      expect(topics[0]!.partitions.map(({ partitionId, leader, isr }) => ({ partitionId, leader, isr }))).toEqual(
        [0, 1, 2].map((partitionId) => ({ partitionId, leader: 1, isr: [1] })),
      )
      expect(await admin.listTopics()).toContain(topic)
      await admin.deleteTopics({ topics: [topic] })
      expect(await admin.listTopics()).not.toContain(topic)
    })

    it('describes and alters configurations', async () => {
      await createTopic('configured')
      const resource = { type: ConfigResourceTypes.TOPIC, name: 'configured' }
      const described = async () => {
        const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] })
        return Object.fromEntries(resources[0]!.configEntries.map(({ configName, ...entry }) => [configName, entry]))
      }
      expect((await described())['retention.ms']).toMatchObject({ configValue: '604800000', isDefault: true })
      await admin.alterConfigs({
        validateOnly: false,
        resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: '1000' }] }],
      })
      expect((await described())['retention.ms']).toMatchObject({ configValue: '1000', isDefault: false })
      const wrong = [{ ...resource, configEntries: [{ name: 'retention.ms', value: 'soon' }] }]
      await expect(admin.alterConfigs({ validateOnly: true, resources: wrong })).rejects.toMatchObject({
        type: 'INVALID_CONFIG',
      })
    })

    it('lists, describes and deletes groups, fetches and sets their offsets', async () => {
      await createTopic('counted', 2)
      const groupId = 'accountants'
      // kafkajs does this as a member of the group, whose fetch waits for five seconds.
      await admin.setOffsets({ groupId, topic: 'counted', partitions: [{ partition: 1, offset: '7' }] })
      const [counted] = await admin.fetchOffsets({ groupId, topics: ['counted'] })
      expect(byPartition(counted!.partitions)).toEqual(['-1', '7'])
      expect((await admin.listGroups()).groups).toContainEqual({ groupId, protocolType: 'consumer' })
      expect((await admin.describeGroups([groupId])).groups).toMatchObject([{ groupId, state: 'Empty', members: [] }])
      expect(await admin.deleteGroups([groupId])).toEqual([{ groupId, errorCode: 0 }])
      expect((await admin.listGroups()).groups.map((group) => group.groupId)).not.toContain(groupId)
      await expect(admin.deleteGroups([groupId])).rejects.toMatchObject({
        groups: [{ groupId, error: { type: 'GROUP_ID_NOT_FOUND' } }],
      })
    })

    it('deletes records before an offset', async () => {
      await createTopic('trimmed')
      await producer.send({
        topic: 'trimmed',
        messages: Array.from({ length: 10 }, (_, index) => ({ value: `${index}` })),
      })
      // kafkajs deletes records only of topics whose leaders it knows.
      expect(await admin.fetchTopicOffsets('trimmed')).toMatchObject([{ low: '0', high: '10' }])
      await admin.deleteTopicRecords({ topic: 'trimmed', partitions: [{ partition: 0, offset: '4' }] })
      expect(await admin.fetchTopicOffsets('trimmed')).toMatchObject([{ low: '4', high: '10' }])
      expect((await readAll('trimmed', 6)).map(({ value }) => value)).toEqual(['4', '5', '6', '7', '8', '9'])
    })
  })
})

function byPartition(partitions: readonly { readonly partition: number; readonly offset: string }[]): string[] {
  return [...partitions].sort((a, b) => a.partition - b.partition).map(({ offset }) => offset)
}
