import { afterEach, describe, expect, it } from 'vitest'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { listOffsets } from '../../src/protocol/messages/02-list-offsets.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { encodeBatch } from '../../src/protocol/records/record.ts'
import { runCommand } from '../support/run-command.ts'
import { ScriptedBroker, Topology } from '../support/scripted-broker.ts'

const TOPIC_ID = 'mmmmmmmmmmmmmmmmmmmmmg'
const brokers: ScriptedBroker[] = []
afterEach(async () => {
  for (const broker of brokers.splice(0)) await broker[Symbol.asyncDispose]()
})

/** Brokers 1.. with a replica each of `orders-0`; broker n holds `contents[n - 1]`, a batch per value. */
async function cluster(...contents: string[][]): Promise<ScriptedBroker[]> {
  const topology = new Topology()
  topology.topics.set('orders', { topicId: TOPIC_ID, partitions: [{ leader: 1 }] })
  const ids = contents.map((_, at) => at + 1)
  for (const id of ids) {
    const broker = await ScriptedBroker.start({ id, topology })
    brokers.push(broker)
    const answer = broker.answerOf(metadata)
    broker.on(metadata, (request, call) => {
      const told = answer(request, call) as { topics: { partitions: { replicaNodes: number[] }[] }[] }
      for (const { partitions } of told.topics) for (const each of partitions) each.replicaNodes = ids
      return told as never
    })
    const end = BigInt(contents[0]!.length)
    broker.on(listOffsets, ({ topics }) => ({
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => ({
          partitionIndex,
          offset: timestamp === -2n ? 0n : timestamp === -1n ? end : -1n,
        })),
      })),
    }))
    broker.on(fetch, ({ topics }) => {
      const { partition, fetchOffset } = topics[0]!.partitions[0]!
      const rest = contents[id - 1]!.slice(Number(fetchOffset))
      const records = rest.map((value, at) =>
        encodeBatch([{ key: null, value: Buffer.from(value), timestamp: 1 }], { baseOffset: Number(fetchOffset) + at }),
      )
      const state = { partitionIndex: partition, highWatermark: end, records: Buffer.concat(records) }
      return { responses: [{ topicId: TOPIC_ID, partitions: [state] }] }
    })
  }
  return brokers
}

/** Runs until every broker was fetched from so often, or until it ends by itself. */
async function run(line: string, untilFetches = Number.POSITIVE_INFINITY) {
  const interrupt = new AbortController()
  const before = brokers.map((broker) => broker.askedFor(fetch).length)
  const timer = setInterval(() => {
    const counts = brokers.map((broker, at) => broker.askedFor(fetch).length - before[at]!)
    if (Math.min(...counts) >= untilFetches) interrupt.abort('SIGINT')
  }, 5)
  const args = ['replica-verification', '--broker-list', brokers[0]?.address ?? 'a:1', ...line.split(' ')]
  try {
    return await runCommand(
      args.filter((word) => word !== ''),
      { signal: interrupt.signal },
    )
  } finally {
    clearInterval(timer)
  }
}

const reports = (stdout: string) => stdout.split('\n').map((line) => line.replace(/^[\d-]+ [\d:]+,\d{3}: /, ''))

describe('kt replica-verification', () => {
  it('compares all records of all replicas, and tells how far it has come, until it is interrupted', async () => {
    await cluster(['a', 'b', 'c'], ['a', 'b', 'c'])
    const { code, stdout } = await run('--time -2 --report-interval-ms 0', 4)
    expect(code).toBe(130)
    const lines = reports(stdout)
    expect(lines[0]).toBe('verification process is started')
    expect(lines).toContain('max lag is 0 for partition orders-0 at offset 3 among 1 partitions')
    expect(brokers[1]!.askedFor(fetch)[0]!.topics[0]!.partitions[0]).toMatchObject({ fetchOffset: 0n })
  })

  it('begins at the end unless told otherwise, and there too where nothing is that new', async () => {
    await cluster(['a', 'b'], ['a', 'b'])
    await run('', 1)
    expect(brokers[0]!.askedFor(fetch)[0]!.topics[0]!.partitions[0]).toMatchObject({ fetchOffset: 2n })
    await run('--time 4102444800000 --fetch-size 77 --max-wait-ms 5', 2)
    const last = brokers[0]!.askedFor(fetch).at(-1)!
    expect(last).toMatchObject({ maxWaitMs: 5, topics: [{ partitions: [{ fetchOffset: 2n, partitionMaxBytes: 77 }] }] })
  })

  it('tells of contents that differ, and goes on', async () => {
    await cluster(['a', 'b', 'c'], ['a', 'x', 'c'])
    const { stdout } = await run('--time -2', 3)
    expect(reports(stdout)[1]).toMatch(
      /^partition orders-0 has unmatched checksum at offset 1; replica 1's checksum \d+; replica 2's checksum \d+$/,
    )
    expect(brokers[0]!.askedFor(fetch).at(-1)!.topics[0]!.partitions[0]).toMatchObject({ fetchOffset: 3n })
  })

  it('ends where offsets differ', async () => {
    await cluster(['a', 'b'], ['a', 'b'])
    const two = [0, 1].map((at) => ({ key: null, value: Buffer.from([at]), timestamp: 1 }))
    const state = { partitionIndex: 0, highWatermark: 2n, records: encodeBatch(two, { baseOffset: 0 }) }
    brokers[1]!.on(fetch, () => ({ responses: [{ topicId: TOPIC_ID, partitions: [state] }] }))
    const { code, stdout } = await run('--time -2')
    expect(code).toBe(1)
    expect(reports(stdout)[1]).toBe("partition orders-0: replica 1's offset 0 doesn't match replica 2's offset 1")
  })

  it('waits for a broker that is away', async () => {
    await cluster(['a'], ['a'])
    const answer = brokers[1]!.answerOf(fetch)
    brokers[1]!.on(fetch, (request, call) => (call.count < 2 ? 'close' : answer(request, call)))
    const { stdout } = await run('--time -2 --report-interval-ms 0', 4)
    const lines = reports(stdout)
    expect(lines).toContain('max lag is 1 for partition orders-0 at offset 0 among 1 partitions')
    expect(lines).toContain('max lag is 0 for partition orders-0 at offset 1 among 1 partitions')
  })

  it('has documents, a line each', async () => {
    await cluster(['a'], ['b'])
    const { stdout } = await run('--time -2 --report-interval-ms 0 --format json', 3)
    const documents = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(documents[0]).toMatchObject({ kind: 'VerificationStarted', partitions: 1 })
    expect(documents[1]).toMatchObject({ kind: 'ReplicaDifference', what: 'checksum', topic: 'orders' })
    expect(documents.at(-1)).toMatchObject({ kind: 'ReplicaLag', maxLag: 0, topic: 'orders', partition: 0 })
  })

  it.each([
    ['--topics-include nothing', 'No topics found.'],
    ['--topics-include [', '[ is an invalid regex'],
    ['--time x', "Cannot parse argument 'x' of option time"],
    ['--fetch-size x', "Cannot parse argument 'x' of option fetch-size"],
    ['--report-interval-ms x', "Cannot parse argument 'x' of option report-interval-ms"],
    ['--bootstrap-server a:1', 'bootstrap-server is not a recognized option'],
  ])('%s: is refused on stderr', async (line, message) => {
    await cluster(['a'])
    const { code, stdout, stderr } = await run(line)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('wants a port in the address', async () => {
    const { code, stderr } = await runCommand(['replica-verification', '--broker-list', 'nowhere'])
    expect(code).toBe(1)
    expect(stderr).toContain('Please provide valid host:port like host1:9091,host2:9092\n')
  })
})
