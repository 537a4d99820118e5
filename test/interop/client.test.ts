/** Our client against Apache Kafka: the same calls as against our node, and what only Apache Kafka has. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAdmin } from '../../src/client/admin.ts'
import type { Admin } from '../../src/client/admin-types.ts'
import { Fetcher } from '../../src/client/fetcher.ts'
import { GroupConsumer } from '../../src/client/group-consumer.ts'
import { Producer } from '../../src/client/producer.ts'
import { decodeRecords, type KafkaRecord } from '../../src/protocol/records/record.ts'
import { type ApacheKafka, apacheKafkaHome, runScript, startApacheKafka } from '../support/apache-kafka.ts'

const home = await apacheKafkaHome()
let kafka: ApacheKafka
let admin: Admin

const WAIT = { timeout: 10_000, interval: 50 }
const connection = () => ({ bootstrapServers: [kafka.bootstrapServers] })
/** Topics of this run, so that a cluster can be shared; each test has names of its own, and its second try new ones. */
const RUN = `client-${process.pid}`
let test = 0
const named = (name: string): string => `${RUN}-${test}-${name}`

describe.skipIf(home === null)('our client and Apache Kafka', () => {
  beforeAll(async () => {
    kafka = await startApacheKafka(home!)
    admin = createAdmin(connection())
  })
  beforeEach(() => {
    test += 1
  })
  afterAll(async () => {
    const mine = (await admin.listTopics()).map(({ name }) => name).filter((name) => name.startsWith(RUN))
    await admin.deleteTopics(mine)
    await admin.close()
    await kafka.stop()
  })

  async function read(topic: string, isolation?: 'read_committed'): Promise<KafkaRecord[]> {
    const fetcher = new Fetcher(connection(), { stopAtEnd: true, isolation })
    await fetcher.follow(topic, 'earliest')
    const records: KafkaRecord[] = []
    for await (const batch of fetcher) records.push(...decodeRecords(batch.buffer, batch.at))
    return records
  }

  const topic = (name: string, partitions = 1) => ({ name: named(name), partitions, replicationFactor: 1 })

  it('describes cluster, topics and log directories', async () => {
    const { brokers, clusterId } = await admin.describeCluster()
    expect(clusterId).toHaveLength(22)
    await admin.createTopics([topic('described', 3)])
    await vi.waitFor(async () => {
      const described = (await admin.describeTopics([named('described'), named('nope')])).values()
      expect([...described]).toMatchObject([
        { ok: true, value: { partitions: [{ leader: brokers[0]!.id, elr: [] }, {}, {}] } },
        { ok: false, error: { name: 'UNKNOWN_TOPIC_OR_PARTITION' } },
      ])
    }, WAIT)
    const directories = (await admin.describeLogDirs([brokers[0]!.id])).get(brokers[0]!.id)
    expect(directories).toMatchObject({ ok: true, value: [{ error: null }] })
  })

  it('creates, grows, changes and deletes topics', async () => {
    expect((await admin.createTopics([topic('changing')])).get(named('changing'))).toMatchObject({ ok: true })
    expect((await admin.createTopics([topic('changing')])).get(named('changing'))).toMatchObject({
      error: { message: `Topic '${named('changing')}' already exists.` },
    })
    await admin.createPartitions(new Map([[named('changing'), { total: 2 }]]))
    const resource = { type: 'TOPIC', name: named('changing') } as const
    await admin.incrementalAlterConfigs([
      { resource, changes: [{ name: 'retention.ms', operation: 'SET', value: '1000' }] },
    ])
    // The controller has answered; the broker that is asked hears of it a moment later.
    await vi.waitFor(async () => {
      const [configs] = await admin.describeConfigs([resource], { synonyms: true })
      expect(configs!.ok && configs!.value.find(({ name }) => name === 'retention.ms')).toMatchObject({
        value: '1000',
        source: 'DYNAMIC_TOPIC_CONFIG',
        type: 'LONG',
      })
    }, WAIT)
    expect((await admin.deleteTopics([named('changing')])).get(named('changing'))).toMatchObject({ ok: true })
  })

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'produces with %s, and both read it',
    async (compression) => {
      const name = named(`by-us-${compression}`)
      const producer = new Producer(connection(), { compression, lingerMs: 50 })
      const values = Array.from({ length: 200 }, (_, at) => `${compression} ${at}`)
      await Promise.all(values.map((value) => producer.send({ topic: name, key: null, value: Buffer.from(value) })))
      await producer.close()
      expect((await read(name)).map(({ value }) => String(value))).toEqual(values)
      if (compression === 'none') return
      const args = [
        '--bootstrap-server',
        kafka.bootstrapServers,
        '--topic',
        name,
        '--from-beginning',
        '--max-messages',
        '200',
      ]
      const theirs = await runScript(home!, 'kafka-console-consumer', args)
      expect(theirs.stdout.trim().split('\n')).toEqual(values)
    },
  )

  it('splits batches that a topic finds too large', async () => {
    const configs = new Map([['max.message.bytes', '2000']])
    await admin.createTopics([{ ...topic('small'), configs }])
    const producer = new Producer(connection(), { lingerMs: 200 })
    const appends = Array.from({ length: 30 }, (_, at) =>
      producer.send({ topic: named('small'), key: null, value: Buffer.from(`${at}`.padEnd(400, '.')) }),
    )
    expect((await Promise.all(appends)).map(({ offset }) => offset)).toEqual(appends.map((_, at) => at))
    await producer.close()
    expect((await read(named('small'))).map(({ value }) => Number.parseInt(String(value), 10))).toEqual(
      appends.map((_, at) => at),
    )
  })

  it('hides aborted transactions from those who read committed', async () => {
    await admin.createTopics([topic('transactions')])
    const { default: kafkajs } = await import('kafkajs')
    const theirs = new kafkajs.Kafka({ brokers: [kafka.bootstrapServers], logCreator: () => () => undefined })
    const producer = theirs.producer({
      transactionalId: named('tx'),
      maxInFlightRequests: 1,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    })
    await producer.connect()
    for (const outcome of ['abort', 'commit', 'abort', 'commit'] as const) {
      const transaction = await producer.transaction()
      await transaction.send({ topic: named('transactions'), messages: [{ value: `to ${outcome}` }] })
      await transaction[outcome]()
    }
    await producer.disconnect()
    for (let turn = 0; turn < 50; turn++) {
      const [end] = await admin.listOffsets([{ topic: named('transactions'), partition: 0, spec: 'latest' }])
      if (end!.ok && end!.value.offset === 8) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const values = async (isolation?: 'read_committed') =>
      (await read(named('transactions'), isolation)).map(({ value }) => String(value))
    expect(await values()).toEqual(['to abort', 'to commit', 'to abort', 'to commit'])
    expect(await values('read_committed')).toEqual(['to commit', 'to commit'])
  })

  it('shares a group with a Java consumer', async () => {
    await admin.createTopics([topic('group', 2)])
    const groupId = named('group')
    const assigned: { mine: readonly { partition: number }[] } = { mine: [] }
    const ours = new GroupConsumer(connection(), {
      groupId,
      topics: [named('group')],
      reset: 'earliest',
      heartbeatIntervalMs: 500,
      onAssigned: (partitions) => {
        assigned.mine = partitions
      },
    })
    const count = (): number => assigned.mine.length
    await ours.start()
    while (count() !== 2) await new Promise((resolve) => setTimeout(resolve, 50))
    const args = ['--bootstrap-server', kafka.bootstrapServers, '--topic', named('group'), '--group', groupId]
    const theirs = runScript(home!, 'kafka-console-consumer', [...args, '--timeout-ms', '5000'])
    while (count() !== 1) await new Promise((resolve) => setTimeout(resolve, 50))
    // When the other has ended we are given its partition as well.
    const mine = assigned.mine[0]!.partition
    const producer = new Producer(connection())
    for (const partition of [0, 1]) {
      await producer.send({ topic: named('group'), partition, key: null, value: Buffer.from(`p${partition}`) })
    }
    await producer.close()
    const batch = (await ours.next())!
    expect(decodeRecords(batch.buffer, batch.at).map(({ value }) => String(value))).toEqual([`p${mine}`])
    ours.consumed(batch, 1)
    expect((await theirs).stdout.trim()).toBe(`p${1 - mine}`)
    await ours.close()
    const offsets = (await admin.listGroupOffsets([groupId])).get(groupId)
    expect(offsets!.ok && offsets!.value.map(({ offset }) => offset)).toEqual([1, 1])
    await admin.deleteGroups([groupId])
  })

  it('manages groups, quotas and credentials', async () => {
    const groupId = named('offsets')
    await admin.createTopics([topic('offsets')])
    await admin.alterGroupOffsets(groupId, [{ topic: named('offsets'), partition: 0, offset: 0 }])
    expect((await admin.describeGroups([groupId])).get(groupId)).toMatchObject({ ok: true, value: { state: 'Empty' } })
    expect((await admin.deleteGroups([groupId])).get(groupId)).toMatchObject({ ok: true })

    const entity = { entries: new Map([['user', named('user')]]) }
    expect(await admin.alterClientQuotas([{ entity, ops: [{ key: 'request_percentage', value: 12.5 }] }])).toEqual([
      { ok: true, value: undefined },
    ])
    const filter = { components: [{ entityType: 'user', match: { name: named('user') } }], strict: true }
    let quotas = await admin.describeClientQuotas(filter)
    for (let turn = 0; quotas.length === 0 && turn < 50; turn++) quotas = await admin.describeClientQuotas(filter)
    expect(quotas).toEqual([{ entity, quotas: new Map([['request_percentage', 12.5]]) }])
    await admin.alterClientQuotas([{ entity, ops: [{ key: 'request_percentage', value: null }] }])

    const user = named('scram')
    const mechanism = 'SCRAM-SHA-512' as const
    await admin.alterScramCredentials([{ user, mechanism, iterations: 5000, password: 'x' }])
    let found = (await admin.describeScramCredentials([user])).get(user)
    for (let turn = 0; found?.ok !== true && turn < 50; turn++) {
      found = (await admin.describeScramCredentials([user])).get(user)
    }
    expect(found).toEqual({ ok: true, value: [{ mechanism, iterations: 5000 }] })
    expect((await admin.alterScramCredentials([{ user, mechanism, delete: true }])).get(user)).toMatchObject({
      ok: true,
    })
  })
})
