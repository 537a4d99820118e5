import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { Producer, type ProducerOptions } from '../../../src/client/producer.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'
import { produce } from '../../../src/protocol/messages/00-produce.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import { addPartitionsToTxn } from '../../../src/protocol/messages/24-add-partitions-to-txn.ts'
import { endTxn } from '../../../src/protocol/messages/26-end-txn.ts'
import { drive } from '../../support/drive-clock.ts'
import { ManualClock, settled } from '../../support/manual-clock.ts'
import { ScriptedBroker, type Topology } from '../../support/scripted-broker.ts'
import { ProduceScript } from '../../support/scripted-produce.ts'

const TOPIC_ID = 'mmmmmmmmmmmmmmmmmmmmmg'

let broker: ScriptedBroker
let clock: ManualClock
const producers: Producer[] = []

beforeEach(async () => {
  clock = new ManualClock()
  broker = await ScriptedBroker.start()
  broker.topology.topics.set('t', { topicId: TOPIC_ID, partitions: [{ leader: 1 }] })
})
afterEach(async () => {
  for (const producer of producers.splice(0)) producer.client.close()
  await broker[Symbol.asyncDispose]()
})

function producer(options: ProducerOptions = {}): Producer {
  const one = new Producer({ bootstrapServers: [broker.address] }, options, { clock, random: seededRandom(1) })
  producers.push(one)
  return one
}

const send = (one: Producer, value: string, partition = 0) =>
  one.send({ topic: 't', partition, key: null, value: Buffer.from(value) })

/** One batch per value: each is sent and flushed before the next. */
async function sendEach(one: Producer, values: readonly string[]): Promise<void> {
  for (const value of values) {
    const delivery = send(one, value)
    delivery.catch(() => undefined)
    await settled()
    void one.flush()
  }
}

describe('when a batch leaves', () => {
  it('after lingering, and not before', async () => {
    const script = new ProduceScript(broker)
    const one = producer({ lingerMs: 100 })
    await drive(clock, one.topic('t'))
    const delivery = send(one, 'a')
    await clock.advance(99)
    expect(script.arrived).toHaveLength(0)
    expect(await drive(clock, delivery)).toMatchObject({ offset: 0 })
  })

  it('at once when it is full', async () => {
    const script = new ProduceScript(broker)
    const one = producer({ lingerMs: 60_000, batchSizeBytes: 300, requestTimeoutMs: 1_000 })
    const appender = await drive(clock, one.topic('t'))
    for (const value of ['x', 'y', 'z']) appender.append(0, 1, null, Buffer.from(value.repeat(150)))
    while (script.arrived.length < 2) await settled()
    expect(script.arrived.map(({ values }) => values.length)).toEqual([1, 1])
  })

  it('at once when someone flushes, or closes', async () => {
    const script = new ProduceScript(broker)
    const one = producer({ lingerMs: 60_000 })
    await drive(clock, one.topic('t'))
    const delivery = send(one, 'a')
    await settled()
    await one.flush()
    await expect(delivery).resolves.toMatchObject({ offset: 0 })
    void send(one, 'b')
    await settled()
    await one.close()
    expect(script.stored).toEqual(['a', 'b'])
    expect(clock.timerCount).toBe(0)
  })

  it('at once when memory is short', async () => {
    const script = new ProduceScript(broker)
    const one = producer({ lingerMs: 60_000, batchSizeBytes: 1_000, bufferMemoryBytes: 2_000 })
    broker.topology.topics.set('t', { topicId: TOPIC_ID, partitions: [{ leader: 1 }, { leader: 1 }, { leader: 1 }] })
    const appender = await drive(clock, one.topic('t'))
    for (const partition of [0, 1]) expect(appender.append(partition, 1, null, Buffer.from('x'))).toBe(true)
    expect(appender.append(2, 1, null, Buffer.from('x'))).toBe(false)
    await one.space()
    expect(appender.append(2, 1, null, Buffer.from('x'))).toBe(true)
    expect(script.arrived.length).toBeGreaterThan(0)
  })
})

describe('metadata', () => {
  it('is looked at again now and then while there is something to send, for partitions that were added', async () => {
    new ProduceScript(broker)
    const one = producer({ lingerMs: 0 })
    const appender = await drive(clock, one.topic('t'))
    broker.topology.topics.set('t', { topicId: TOPIC_ID, partitions: [{ leader: 1 }, { leader: 1 }] })
    await clock.advance(300_001)
    expect(appender.partitionCount).toBe(1)
    await drive(clock, send(one, 'a'))
    while (appender.partitionCount === 1) await settled()
    expect(appender.partitionCount).toBe(2)
  })
})

describe('requests', () => {
  it('carry one batch per partition, and no more than allowed in flight', async () => {
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    new ProduceScript(broker)
    broker.on(produce, async () => {
      await gate
      return 'silence' as const
    })
    broker.topology.topics.set('t', { topicId: TOPIC_ID, partitions: [{ leader: 1 }, { leader: 1 }] })
    const one = producer({ maxInFlightPerBroker: 2, batchSizeBytes: 100 })
    const appender = await drive(clock, one.topic('t'))
    for (let turn = 0; turn < 12; turn++) appender.append(turn % 2, 1, null, Buffer.alloc(60))
    release()
    for (let turn = 0; turn < 20; turn++) await settled()
    const requests = broker.askedFor(produce)
    expect(requests).toHaveLength(2)
    for (const { topicData } of requests) {
      const partitions = topicData.flatMap(({ partitionData }) => partitionData.map(({ index }) => index))
      expect(new Set(partitions).size).toBe(partitions.length)
    }
  })

  it('name topics by id, or by name where the cluster has no ids', async () => {
    new ProduceScript(broker)
    await drive(clock, send(producer(), 'a'))
    expect(broker.askedFor(produce)[0]!.topicData[0]).toMatchObject({ topicId: TOPIC_ID })
    broker.topology.topics.set('t', { partitions: [{ leader: 1 }] })
    await drive(clock, send(producer(), 'a'))
    expect(broker.askedFor(produce)[1]!.topicData[0]).toMatchObject({ name: 't' })
    expect(broker.asked.filter(({ key }) => key === produce.key).map(({ version }) => version)).toEqual([13, 12])
  })

  it('with acks=0 are done when they are written', async () => {
    const script = new ProduceScript(broker, () => 'silence')
    expect(await drive(clock, send(producer({ acks: 0 }), 'a'))).toMatchObject({ offset: -1 })
    while (script.arrived.length === 0) await settled()
    expect(broker.askedFor(produce)[0]!.acks).toBe(0)
    expect(script.producerIds).toBe(0)
  })
})

describe('answers', () => {
  it.each([6, 5, 7, 19, 56])('with error %i mean trying again, in the same place', async (code) => {
    const script = new ProduceScript(broker, (_, { count }) => (count < 2 ? code : 0))
    expect(await drive(clock, send(producer(), 'a'))).toMatchObject({ offset: 0 })
    expect(script.arrived.map(({ header }) => [header.producerEpoch, header.baseSequence])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ])
  })

  it('that say no are the record’s failure, in the broker’s words, and the next records go on', async () => {
    const script = new ProduceScript(broker, ({ values }) =>
      values.includes('bad') ? { errorCode: 87, errorMessage: 'One or more records have been rejected' } : 0,
    )
    const one = producer()
    const bad = drive(clock, send(one, 'bad'))
    await expect(bad).rejects.toMatchObject({ code: 87, message: 'One or more records have been rejected' })
    expect(await drive(clock, send(one, 'good'))).toMatchObject({ offset: 0 })
    // The hole in the sequence is closed by a new epoch (KIP-360).
    expect(script.arrived.at(-1)!.header).toMatchObject({ producerEpoch: 1, baseSequence: 0 })
  })

  it('of a duplicate are a success without an offset', async () => {
    new ProduceScript(broker, () => 46)
    expect(await drive(clock, send(producer(), 'a'))).toMatchObject({ offset: -1 })
  })

  it('that find a batch too large have it split until it fits', async () => {
    const script = new ProduceScript(broker, ({ values }) => (values.length > 1 ? 10 : 0))
    const one = producer({ lingerMs: 50 })
    await drive(clock, one.topic('t'))
    const deliveries = ['a', 'b', 'c', 'd', 'e'].map((value) => send(one, value))
    const results = await drive(clock, Promise.all(deliveries))
    expect(script.stored).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(results.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4])
    const accepted = script.arrived.filter(({ values }) => values.length === 1)
    expect(accepted.map(({ header }) => header.baseSequence)).toEqual([0, 1, 2, 3, 4])
  })

  it('that name a newer leader are followed without asking for metadata (KIP-951)', async () => {
    const topology = broker.topology as Topology
    await using second = await ScriptedBroker.start({ id: 2, topology })
    new ProduceScript(broker, () => ({ errorCode: 6, leader: 2 }))
    const script = new ProduceScript(second)
    const one = producer()
    await drive(clock, one.topic('t'))
    const before = broker.askedFor(metadata).length
    expect(await drive(clock, send(one, 'a'))).toMatchObject({ offset: 0 })
    expect(script.stored).toEqual(['a'])
    expect(broker.askedFor(metadata)).toHaveLength(before)
  })
})

describe('lost answers', () => {
  it('mean sending the same batch again, which the broker knows by its sequence', async () => {
    const script = new ProduceScript(broker, (_, { count }) => (count === 0 ? 'close' : 0))
    expect(await drive(clock, send(producer(), 'a'))).toMatchObject({ offset: 0 })
    const [first, second] = script.arrived
    expect(second!.header).toEqual(first!.header)
  })

  it('keep the order of what was behind', async () => {
    const script = new ProduceScript(broker, (_, { count }) => (count === 0 ? 'close' : 0))
    const one = producer({ lingerMs: 0 })
    await drive(clock, one.topic('t'))
    await sendEach(one, ['a', 'b', 'c', 'd'])
    await drive(clock, one.flush())
    expect(script.stored).toEqual(['a', 'b', 'c', 'd'])
  })

  it('are given up when the delivery timeout has passed, in Kafka’s words', async () => {
    new ProduceScript(broker, () => 6)
    const one = producer({ deliveryTimeoutMs: 5_000, lingerMs: 0, requestTimeoutMs: 1_000 })
    await drive(clock, one.topic('t'))
    const outcome = drive(clock, send(one, 'a'), 20_000)
    await expect(outcome).rejects.toThrow(
      /leader|Expiring 1 record\(s\) for t-0:\d+ ms has passed since batch creation/i,
    )
  })

  it('of a batch that never left expire it', async () => {
    new ProduceScript(broker)
    const one = producer({ deliveryTimeoutMs: 3_000, lingerMs: 0, requestTimeoutMs: 1_000 })
    await drive(clock, one.topic('t'))
    broker.topology.topics.set('t', { topicId: TOPIC_ID, partitions: [{ leader: -1, leaderEpoch: 1 }] })
    await one.client.refreshMetadata(['t'])
    const outcome = drive(clock, send(one, 'a'), 20_000)
    await expect(outcome).rejects.toThrow(/^Expiring 1 record\(s\) for t-0:\d+ ms has passed since batch creation$/)
  })
})

describe('a broker that forgot the producer', () => {
  it('gets a new epoch from sequence 0', async () => {
    const script = new ProduceScript(broker, ({ header }) =>
      header.producerEpoch === 0 && header.baseSequence > 0 ? { errorCode: 59, logStartOffset: 100n } : 0,
    )
    const one = producer()
    for (const value of ['a', 'b', 'c']) await drive(clock, send(one, value))
    expect(script.stored).toEqual(['a', 'b', 'c'])
    expect(script.arrived.map(({ header }) => [header.producerEpoch, header.baseSequence])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ])
  })
})

describe('what cannot be cured', () => {
  it('fails everything, and says why to whoever comes later', async () => {
    new ProduceScript(broker)
    const one = producer()
    await drive(clock, one.topic('t'))
    broker.ranges.set(produce.key, { min: 90, max: 99 })
    broker.dropConnections()
    await settled()
    await expect(drive(clock, send(one, 'a'))).rejects.toThrow('cannot answer Produce requests')
  })
})

describe('a leader that left the cluster', () => {
  it('is waited for until the metadata names another one', async () => {
    const script = new ProduceScript(broker)
    const one = producer({ deliveryTimeoutMs: 60_000 })
    // Broker 2 led, is gone from the list of brokers, and nobody has been elected in its place yet.
    broker.topology.topics.set('t', { topicId: TOPIC_ID, partitions: [{ leader: 2 }] })
    await drive(clock, one.topic('t'))
    const delivery = send(one, 'a')
    for (let times = 0; times < 10; times++) await clock.advance(200)
    broker.topology.topics.set('t', { topicId: TOPIC_ID, partitions: [{ leader: 1 }] })
    expect(await drive(clock, delivery)).toMatchObject({ offset: 0 })
    expect(script.stored).toEqual(['a'])
  })
})

it('a transactional producer sends nothing outside a transaction', async () => {
  new ProduceScript(broker)
  broker.on(findCoordinator, ({ coordinatorKeys }) => ({
    coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 1, host: '127.0.0.1', port: broker.port })),
  }))
  broker.on(endTxn, () => ({}))
  const one = producer({ transactionalId: 'tx' })
  await drive(clock, one.initTransactions())
  await drive(clock, one.topic('t'))
  await expect(send(one, 'a')).rejects.toThrow('outside a transaction')
  expect(broker.askedFor(addPartitionsToTxn)).toEqual([])
})

describe('a transaction of which a batch was refused', () => {
  async function failing(): Promise<{ one: Producer; script: ProduceScript }> {
    const script = new ProduceScript(broker, ({ values }) =>
      values.includes('too large') ? ErrorCode.MESSAGE_TOO_LARGE : 0,
    )
    broker.on(findCoordinator, ({ coordinatorKeys }) => ({
      coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 1, host: '127.0.0.1', port: broker.port })),
    }))
    broker.on(addPartitionsToTxn, ({ v3AndBelowTopics }) => ({
      resultsByTopicV3AndBelow: v3AndBelowTopics.map(({ name, partitions }) => ({
        name,
        resultsByPartition: partitions.map((partitionIndex) => ({ partitionIndex, partitionErrorCode: 0 })),
      })),
    }))
    broker.on(endTxn, () => ({}))
    const one = producer({ transactionalId: 'tx' })
    await drive(clock, one.initTransactions())
    one.beginTransaction()
    await drive(clock, one.topic('t'))
    for (const value of ['a', 'too large']) await sendAndFlush(one, value)
    return { one, script }
  }

  async function sendAndFlush(one: Producer, value: string): Promise<void> {
    const delivery = send(one, value)
    delivery.catch(() => undefined)
    await drive(clock, one.flush())
  }

  const ends = () => broker.askedFor(endTxn).map(({ committed }) => committed)

  it('is not committed, though nothing else is left to send', async () => {
    const { one } = await failing()
    await expect(drive(clock, one.commitTransaction())).rejects.toThrow('cannot be committed')
    await drive(clock, one.abortTransaction())
    expect(ends()).toEqual([false])
  })

  it('is followed by one that knows nothing of it, under a new id', async () => {
    const { one, script } = await failing()
    await drive(clock, one.abortTransaction())
    one.beginTransaction()
    await sendAndFlush(one, 'b')
    await drive(clock, one.commitTransaction())
    expect(ends()).toEqual([false, true])
    expect(script.stored).toEqual(['a', 'b'])
    expect(script.arrived.map(({ header }) => Number(header.producerId))).toEqual([1001, 1001, 1002])
  })

  it('that others were waiting behind can be aborted as well', async () => {
    const { one, script } = await failing()
    const behind = send(one, 'c')
    await expect(drive(clock, behind)).rejects.toThrow('cannot be committed any more')
    await drive(clock, one.abortTransaction())
    one.beginTransaction()
    await sendAndFlush(one, 'd')
    await drive(clock, one.commitTransaction())
    expect(script.stored).toEqual(['a', 'd'])
    expect(ends()).toEqual([false, true])
  })
})
