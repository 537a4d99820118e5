/** Figures of size: 3,000 replicated partitions beside Apache Kafka's, and what one record costs as a node grows. */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
import { createTopics } from '../../../src/protocol/messages/19-create-topics.ts'
import { electLeaders } from '../../../src/protocol/messages/43-elect-leaders.ts'
import type { Result } from '../figures.ts'
import { createTopic, produceFirst, produceLatencies, produceLoad, RawConnection } from '../load.ts'
import { inTurn, percentile, seconds } from '../measure.ts'
import { ktBin, memoryMegabytes, startNode } from '../sides.ts'
import { atMost, type ClusterFigure, sleep, timed, unique } from './figure.ts'
import { ApacheCluster, type ClusterSide, KtCluster } from './sides.ts'

const TOPICS = 1_000
const PARTITIONS = 3
const FEW_TOPICS = 10
const TOPICS_PER_REQUEST = 100
const SESSION_MS = 9_000
const SESSION = { 'broker.session.timeout.ms': String(SESSION_MS), 'broker.heartbeat.interval.ms': '2000' }
const POLL_MS = 20
const MIB = 1024 * 1024
const GIB = 1024 * MIB

const msText = (value: number): string => `${value.toFixed(0)} ms`

async function createMany(side: ClusterSide, count: number): Promise<void> {
  const connection = await RawConnection.connect(side.bootstrap[0]!)
  for (let from = 0; from < count; from += TOPICS_PER_REQUEST) {
    const topics = Array.from({ length: Math.min(TOPICS_PER_REQUEST, count - from) }, (_, index) => ({
      name: `topic-${String(from + index).padStart(4, '0')}`,
      numPartitions: PARTITIONS,
      replicationFactor: 3,
    }))
    const answer = await connection.request(createTopics, 5, { topics, timeoutMs: 60_000 })
    for (const { name, errorCode } of answer.topics) {
      if (errorCode !== 0) throw new Error(`${side.name}: ${name}: error code ${errorCode}`)
    }
  }
  connection.close()
}

interface PartitionView {
  readonly leaderId: number
  readonly isr: number
}

/** Every partition as the broker at `address` knows it; none while it does not answer. */
async function partitionsSeenBy(address: string, topics?: readonly string[]): Promise<PartitionView[]> {
  const connection = await RawConnection.connect(address).catch(() => null)
  if (connection === null) return []
  const answer = await connection
    .request(metadata, 9, { topics: topics?.map((name) => ({ name })) ?? null, allowAutoTopicCreation: false })
    .catch(() => ({ topics: [] }))
  connection.close()
  return answer.topics.flatMap(({ partitions }) =>
    partitions.map(({ leaderId, isrNodes }) => ({ leaderId, isr: isrNodes.length })),
  )
}

/** Until all partitions are there and good, as every one of `addresses` sees it. */
async function untilAll(addresses: readonly string[], good: (partition: PartitionView) => boolean): Promise<void> {
  for (const address of addresses) {
    for (;;) {
      const seen = await partitionsSeenBy(address)
      if (seen.length >= TOPICS * PARTITIONS && seen.every(good)) break
      await sleep(POLL_MS)
    }
  }
}

const inSync = ({ leaderId, isr }: PartitionView): boolean => leaderId > 0 && isr === 3

/** What `use` finds on a side that ends with it; null where the side is not present. */
async function during<S extends ClusterSide, T>(starting: Promise<S | null>, use: (side: S) => Promise<T>) {
  const side = await starting
  if (side === null) return null
  try {
    return await use(side)
  } finally {
    await side.close()
  }
}

/** As `kt leader-election --election-type preferred --all-topic-partitions` asks for it. */
async function electPreferred(side: ClusterSide): Promise<void> {
  const connection = await RawConnection.connect(side.bootstrap[0]!)
  await connection.request(electLeaders, 2, { electionType: 0, topicPartitions: null, timeoutMs: 60_000 })
  connection.close()
}

interface Scale {
  readonly createMs: number
  readonly restartMs: number
  readonly failoverMs: number
  readonly backMs: number
}

async function scaleOf(side: ClusterSide): Promise<Scale> {
  const createMs = await timed(async () => {
    await createMany(side, TOPICS)
    await untilAll(side.bootstrap, inSync)
  })
  await side.stop()
  const restartMs = await timed(async () => {
    await side.start()
    await untilAll(side.bootstrap, inSync)
  })
  // Who started first leads the most; every broker leads its third before it is killed.
  await electPreferred(side)
  await untilAll(side.bootstrap, inSync)
  const [killed, ...survivors] = side.bootstrap
  const failoverMs = await timed(async () => {
    await side.kill(1)
    await untilAll(survivors, ({ leaderId }) => leaderId > 1)
  })
  const backMs = await timed(async () => {
    await side.startBroker(1)
    await untilAll([killed!, ...survivors], inSync)
  })
  return { createMs, restartMs, failoverMs, backMs }
}

/** `kt topics --list` with many topics over the same with a few. */
async function listTimes(directory: string, kt: KtCluster): Promise<Record<'few' | 'many', number>> {
  const other = await KtCluster.start(directory)
  await createMany(other, FEW_TOPICS)
  const list = (side: ClusterSide): Promise<number> =>
    seconds({
      command: process.execPath,
      args: [ktBin, 'topics', '--bootstrap-server', side.bootstrap[0]!, '--list'],
    })
  const times = await inTurn(7, { few: () => list(other), many: () => list(kt) })
  await other.close()
  return times
}

export const manyTopics: ClusterFigure = {
  name: 'cluster-topics',
  async run(directory) {
    const theirs = await during(ApacheCluster.start(directory, SESSION), scaleOf)
    const { ours, list, memory } = (await during(KtCluster.start(directory, SESSION), async (kt) => ({
      ours: await scaleOf(kt),
      list: await listTimes(directory, kt),
      memory: kt.pids().map((pid) => memoryMegabytes(pid)),
    })))!
    const beside = (name: keyof Scale): string => (theirs === null ? '' : `Apache ${msText(theirs[name])}`)
    return [
      {
        figure: '1000 topics x 3 x RF 3: created, ISR 3',
        value: ours.createMs,
        unit: 'ms',
        target: null,
        detail: beside('createMs'),
      },
      {
        figure: '1000 topics: --list / the same with 10',
        value: list.many / list.few,
        unit: 'x',
        target: atMost(3),
        detail: `${msText(list.many * 1000)} / ${msText(list.few * 1000)}`,
      },
      {
        figure: '1000 topics: restarted, ISR 3 everywhere',
        value: ours.restartMs,
        unit: 'ms',
        target: atMost(10_000),
        detail: beside('restartMs'),
      },
      {
        figure: '1000 leaderships of a killed broker, session 9 s',
        value: ours.failoverMs,
        unit: 'ms',
        target: atMost(SESSION_MS + 2_000),
        detail: beside('failoverMs'),
      },
      {
        figure: '1000 topics: the killed broker back, ISR 3',
        value: ours.backMs,
        unit: 'ms',
        target: null,
        detail: beside('backMs'),
      },
      {
        figure: '1000 topics: resident memory of all',
        value: memory.reduce((sum, each) => sum + each, 0),
        unit: 'MB',
        target: null,
        detail: memory.map((each) => each.toFixed(0)).join(' + '),
      },
    ]
  },
}

/** Per record, in comparison; a third more is what two runs of the same can differ by on a busy machine. */
const FLAT = atMost(1.33)
const MANY_PARTITIONS = 1_000
const LEADER = 1

/** Partitions that one broker leads, so that one connection does for all of them. */
async function createLedByOne(side: ClusterSide, topic: string, partitions: number): Promise<void> {
  const connection = await RawConnection.connect(side.bootstrap[0]!)
  const brokerIds = [LEADER, 2, 3]
  const assignments = Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, brokerIds }))
  const topics = [{ name: topic, numPartitions: -1, replicationFactor: -1, assignments }]
  const answer = await connection.request(createTopics, 5, { topics, timeoutMs: 60_000 })
  connection.close()
  if (answer.topics[0]!.errorCode !== 0) throw new Error(`${topic}: error code ${answer.topics[0]!.errorCode}`)
  for (;;) {
    const seen = await partitionsSeenBy(side.bootstrap[0]!, [topic])
    if (seen.length === partitions && seen.every(inSync)) break
    await sleep(POLL_MS)
  }
}

const SPREAD = { batchBytes: 16_384, valueBytes: 1024, inFlight: 5, acks: -1 }
const SPREAD_BYTES = 192 * MIB
/** Its leader goes through all partitions for each fetch of a follower: more would take a quarter of an hour. */
const SPREAD_BYTES_APACHE = 16 * MIB

async function spreadRates(side: ClusterSide, totalBytes: number): Promise<Record<'one' | 'many', number>> {
  const rate = async (partitions: number): Promise<number> => {
    const topic = unique(`spread-${partitions}`)
    await createLedByOne(side, topic, partitions)
    // Opens the files, too; a broker knows of a leader before it leads.
    await produceFirst(side.bootstrap[LEADER - 1]!, topic, partitions)
    return produceLoad(side.bootstrap[LEADER - 1]!, topic, { ...SPREAD, totalBytes, partitions })
  }
  return inTurn(2, { one: () => rate(1), many: () => rate(MANY_PARTITIONS) })
}

async function partitionGrowth(directory: string): Promise<Result> {
  const theirs = await during(ApacheCluster.start(directory), (side) => spreadRates(side, SPREAD_BYTES_APACHE))
  const ours = (await during(KtCluster.start(directory), (side) => spreadRates(side, SPREAD_BYTES)))!
  const rates = ({ one, many }: typeof ours): string => `${many.toFixed(0)} / ${one.toFixed(0)} MB/s`
  return {
    figure: 'time per record, RF 3: 1000 partitions / 1',
    value: ours.one / ours.many,
    unit: 'x',
    target: FLAT,
    detail: `batches of 16 KiB, acks=all: ${rates(ours)}${theirs === null ? '' : `; Apache ${rates(theirs)}`}`,
  }
}

const GROWN_BYTES = 10 * GIB
/** A grown log does not fit into memory beside all else. */
const DISK = '/var/tmp'

/** An empty partition and one of 10 GiB on the same node, in turn. */
async function logGrowth(): Promise<Result[]> {
  const directory = fs.mkdtempSync(path.join(DISK, 'kt-bench-'))
  const node = await startNode({ node: process.execPath, ktBin, directory })
  const address = node.bootstrapServers
  const connection = await RawConnection.connect(address)
  const grown = unique('grown')
  await createTopic(connection, grown)
  await produceLoad(address, grown, { batchBytes: 900 * 1024, valueBytes: 1024, totalBytes: GROWN_BYTES, inFlight: 5 })
  // What is still on its way to the disk is no matter of the log's length.
  spawnSync('sync')
  const empty = async (): Promise<string> => {
    const topic = unique('empty')
    await createTopic(connection, topic)
    return topic
  }
  const load = { batchBytes: 65_536, valueBytes: 1024, totalBytes: 64 * MIB, inFlight: 5 }
  const rates = await inTurn(5, {
    empty: async () => produceLoad(address, await empty(), load),
    grown: () => produceLoad(address, grown, load),
  })
  const p50 = async (topic: string): Promise<number> => percentile(await produceLatencies(address, topic, 2_000), 0.5)
  const latency = await inTurn(3, { empty: async () => p50(await empty()), grown: () => p50(grown) })
  connection.close()
  await node.stop()
  fs.rmSync(directory, { recursive: true, force: true })
  return [
    {
      figure: 'time per record: log of 10 GiB / empty',
      value: rates.empty / rates.grown,
      unit: 'x',
      target: FLAT,
      detail: `batches of 64 KiB: ${rates.grown.toFixed(0)} / ${rates.empty.toFixed(0)} MB/s`,
    },
    {
      figure: 'latency p50: log of 10 GiB / empty',
      value: latency.grown / latency.empty,
      unit: 'x',
      target: FLAT,
      detail: `${latency.grown.toFixed(0)} us / ${latency.empty.toFixed(0)} us`,
    },
  ]
}

export const growth: ClusterFigure = {
  name: 'cluster-growth',
  run: async (directory) => [await partitionGrowth(directory), ...(await logGrowth())],
}
