/** Figures of three brokers and a controller, ours beside Apache Kafka's: start, stop, memory, failover, replication. */
import * as fs from 'node:fs'
import type { Result } from '../figures.ts'
import { type ProduceLoad, produceLatencies, produceLoad } from '../load.ts'
import { inTurn, median, percentile } from '../measure.ts'
import { memoryMegabytes } from '../sides.ts'
import { atLeast, atMost, type ClusterFigure, sleep, timed, unique } from './figure.ts'
import { firstGreenGoal } from './learn.ts'
import { AckProbe, createReplicated } from './probe.ts'
import { growth, manyTopics } from './scale.ts'
import { ApacheCluster, type ClusterSide, KtCluster } from './sides.ts'

const MIB = 1024 * 1024
const SESSION_MS = 9_000
const KAFKA_SESSION = { 'broker.session.timeout.ms': String(SESSION_MS), 'broker.heartbeat.interval.ms': '2000' }
/** Our side, and Apache's where it is present; both end with the figure. */
async function withClusters<T>(
  directory: string,
  overrides: Readonly<Record<string, string>>,
  use: (kt: KtCluster, apache: ApacheCluster | null) => Promise<T>,
): Promise<T> {
  const apache = await ApacheCluster.start(directory, overrides)
  const kt = await KtCluster.start(directory, overrides)
  try {
    return await use(kt, apache)
  } finally {
    await kt.close()
    await apache?.close()
  }
}

async function firstRecord(side: ClusterSide): Promise<void> {
  const topic = unique('first')
  const leader = await createReplicated(side.bootstrap, topic)
  await produceLatencies(leader.address, topic, 1, -1)
}

/** From nothing on disk to the first record acknowledged by three replicas; then a controlled stop of all. */
const startStop: ClusterFigure = {
  name: 'cluster-start',
  async run(directory) {
    const starts: number[] = []
    const stops: number[] = []
    for (let round = 0; round < 4; round++) {
      const kt = new KtCluster(directory)
      starts.push(
        await timed(async () => {
          await kt.start()
          await firstRecord(kt)
        }),
      )
      stops.push(await timed(() => kt.stop()))
      await kt.close()
    }
    const start = median(starts.slice(1))
    const stop = median(stops.slice(1))
    const results: Result[] = [
      {
        figure: 'cluster: nothing to first acks=all record',
        value: start,
        unit: 'ms',
        target: atMost(1000),
        detail: '3 brokers + controller',
      },
      { figure: 'cluster: controlled stop of all', value: stop, unit: 'ms', target: atMost(1000), detail: '' },
    ]
    let apache: ApacheCluster | null = null
    const apacheStart = await timed(async () => {
      apache = await ApacheCluster.start(directory)
      if (apache !== null) await firstRecord(apache)
    })
    if (apache === null) return results
    const side: ApacheCluster = apache
    const apacheStop = await timed(() => side.stop())
    await side.close()
    results.push({
      figure: 'cluster start: Apache / kt',
      value: apacheStart / start,
      unit: 'x',
      target: atLeast(8),
      detail: `${apacheStart.toFixed(0)} ms / ${start.toFixed(0)} ms; stop ${apacheStop.toFixed(0)} ms / ${stop.toFixed(0)} ms`,
    })
    return results
  },
}

function cpuSeconds(pid: number): number {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** What a start leaves to compile and collect is not idleness. */
const IDLE_SETTLE_MS = 15_000
const IDLE_MS = 30_000

const idle: ClusterFigure = {
  name: 'cluster-idle',
  async run(directory) {
    if (process.platform !== 'linux') return []
    const kt = await KtCluster.start(directory)
    await firstRecord(kt)
    await sleep(IDLE_SETTLE_MS)
    const used = (): number => kt.pids().reduce((sum, pid) => sum + cpuSeconds(pid), 0)
    const before = used()
    await sleep(IDLE_MS)
    const cpu = ((used() - before) / (IDLE_MS / 1000)) * 100
    const memory = kt.pids().reduce((sum, pid) => sum + memoryMegabytes(pid), 0)
    const detail = kt
      .pids()
      .map((pid) => memoryMegabytes(pid).toFixed(0))
      .join(' + ')
    await kt.close()
    return [
      { figure: 'idle cluster, resident memory of all', value: memory, unit: 'MB', target: atMost(360), detail },
      {
        figure: 'idle cluster, CPU of all',
        value: cpu,
        unit: '%',
        target: atMost(3),
        detail: `of one core, over ${IDLE_MS / 1000} s; one topic with three replicas`,
      },
    ]
  },
}

/** Longest time in ms without an acknowledgement around `hit`, which is done to the leader of a fresh topic. */
async function gapAround(
  side: ClusterSide,
  hit: (leaderId: number) => Promise<void>,
  settleMs: number,
): Promise<{ gap: number; leaderId: number }> {
  const topic = unique('gap')
  const { id } = await createReplicated(side.bootstrap, topic, { configs: { 'min.insync.replicas': '2' } })
  const probe = new AckProbe(side.bootstrap, topic)
  await probe.until(100)
  probe.longestGapMs()
  await hit(id)
  await sleep(settleMs)
  await probe.until(10)
  const gap = probe.longestGapMs()
  await probe.stop()
  return { gap, leaderId: id }
}

const killGap: ClusterFigure = {
  name: 'cluster-kill',
  async run(directory) {
    const local = await KtCluster.start(directory)
    const byDefault = await gapAround(local, (id) => local.kill(id), 4_000)
    await local.close()
    return withClusters(directory, KAFKA_SESSION, async (kt, apache) => {
      const ours = await gapAround(kt, (id) => kt.kill(id), SESSION_MS + 2_000)
      const theirs = apache === null ? null : await gapAround(apache, (id) => apache.kill(id), SESSION_MS + 2_000)
      return [
        {
          figure: 'kill -9 of a leader, longest gap, local default',
          value: byDefault.gap,
          unit: 'ms',
          target: atMost(2_500),
          detail: '',
        },
        {
          figure: 'kill -9 of a leader, longest gap, session 9 s',
          value: ours.gap,
          unit: 'ms',
          target: atMost(SESSION_MS + 150),
          detail: theirs === null ? '' : `Apache ${theirs.gap.toFixed(0)} ms`,
        },
      ]
    })
  },
}

const stopGap: ClusterFigure = {
  name: 'cluster-controlled-stop',
  async run(directory) {
    return withClusters(directory, KAFKA_SESSION, async (kt, apache) => {
      const gaps: number[] = []
      for (let round = 0; round < 3; round++) {
        const { gap, leaderId } = await gapAround(kt, (id) => kt.stopBroker(id), 500)
        gaps.push(gap)
        await kt.startBroker(leaderId)
      }
      const theirs = apache === null ? null : await gapAround(apache, (id) => apache.stopBroker(id), 500)
      return [
        {
          figure: 'controlled stop of a leader, longest gap',
          value: median(gaps),
          unit: 'ms',
          target: atMost(150),
          detail: theirs === null ? '' : `Apache ${theirs.gap.toFixed(0)} ms`,
        },
      ]
    })
  },
}

const LOAD: ProduceLoad = { batchBytes: 65536, valueBytes: 1024, totalBytes: 200 * MIB, inFlight: 5, acks: -1 }

const replication: ClusterFigure = {
  name: 'cluster-produce',
  async run(directory) {
    return withClusters(directory, {}, async (kt, apache) => {
      if (apache === null) return []
      const rate = async (side: ClusterSide): Promise<number> => {
        const topic = unique('bench')
        const { address } = await createReplicated(side.bootstrap, topic)
        return produceLoad(address, topic, LOAD)
      }
      const rates = await inTurn(4, { kt: () => rate(kt), apache: () => rate(apache) })
      const p50 = async (side: ClusterSide): Promise<number> => {
        const topic = unique('latency')
        const { address } = await createReplicated(side.bootstrap, topic)
        return percentile(await produceLatencies(address, topic, 3000, -1), 0.5)
      }
      const latency = await inTurn(4, { kt: () => p50(kt), apache: () => p50(apache) })
      return [
        {
          figure: 'produce, RF 3, acks=all, 64 KiB of 1 KiB: kt / Apache',
          value: rates.kt / rates.apache,
          unit: 'x',
          target: atLeast(0.8),
          detail: `${rates.kt.toFixed(0)} MB/s / ${rates.apache.toFixed(0)} MB/s`,
        },
        {
          figure: 'latency p50, RF 3, acks=all: kt / Apache',
          value: latency.kt / latency.apache,
          unit: 'x',
          target: atMost(3),
          detail: `${latency.kt.toFixed(0)} us / ${latency.apache.toFixed(0)} us`,
        },
      ]
    })
  },
}

export const CLUSTER_FIGURES: readonly ClusterFigure[] = [
  startStop,
  idle,
  killGap,
  stopGap,
  replication,
  manyTopics,
  growth,
  firstGreenGoal,
]
