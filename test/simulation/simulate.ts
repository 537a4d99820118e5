/**
 * One run: a cluster, its clients and its troubles, all from a seed. Troubles for a while, then everything is mended, the
 * cluster must recover by itself, and what it holds is compared with what was promised.
 */
import { loadAllCodecs } from '../../src/protocol/records/compression.ts'
import { SimAdmin, type TopicPlan } from './clients/sim-admin.ts'
import { SimCommitter } from './clients/sim-committer.ts'
import { SimProducer } from './clients/sim-producer.ts'
import { SimReader } from './clients/sim-reader.ts'
import { guardRealWorld } from './engine/real-world-guard.ts'
import { GOOD_LINK } from './engine/sim-link.ts'
import type { SimProcess } from './engine/sim-process.ts'
import { checkEnd } from './invariants/end-state.ts'
import { Invariants, partitionsOf } from './invariants/invariants.ts'
import { ReadRecords, SeenRecords } from './invariants/reads.ts'
import type { RunResult } from './run-result.ts'
import { Budget } from './world/budget.ts'
import { Nemesis } from './world/nemesis.ts'
import { hopeless, recovery } from './world/recovery.ts'
import { type FilesMutation, SimNode } from './world/sim-node.ts'
import { planTopology, type Shape } from './world/topology.ts'
import { Violation, World } from './world/world.ts'

export interface SimulateOptions {
  /** Left out: the seed decides. */
  readonly shape?: Shape
  /** Virtual time with troubles. */
  readonly troubleMs?: number
  /** More may be broken at once than the cluster can stand. Left out: the seed decides, one in eight. */
  readonly harsh?: boolean
  /** Nobody produces or reads: the metadata alone. */
  readonly withoutRecords?: boolean
  /** No troubles at all. */
  readonly calm?: boolean
  /** Ends the run after so many events, with nothing to say about its end. */
  readonly maxSteps?: number
  /** Log lines of the nodes go into the trace. */
  readonly nodeLogs?: boolean
  /** Sees every line of the trace as it comes. */
  readonly onTrace?: (line: string) => void
  /** Breaks a rule on purpose, to see that it is noticed. */
  readonly mutateFiles?: FilesMutation
  readonly properties?: Readonly<Record<string, string>>
}

/** Drawn from by the seed. */
const DRAWN_SHAPES: readonly Shape[] = [
  'three-controllers',
  'three-controllers',
  'combined',
  'combined',
  'one-controller',
]
/** A follower may be dropped from the ISR well before, or about when, it would be fenced. */
const DRAWN_LAGS_MS = [700, 2_000, 2_000]
const TROUBLE_MS = 20_000
const FAULT_PAUSE_MEAN_MS = 1_200
/** Until topics exist and everybody is at work. */
const WARM_UP_LIMIT_MS = 60_000
/** Once all is mended: elections, fencing, catching up, and clients that back off. */
const RECOVERY_LIMIT_MS = 120_000
const TRACE_LINES = 400

const CONFIGS = { 'internal.segment.bytes': '20000', 'min.insync.replicas': '2' }
const TOPICS: readonly TopicPlan[] = [
  { name: 'orders', partitions: 2, configs: CONFIGS },
  { name: 'audit', partitions: 1, configs: CONFIGS },
]

class Run {
  readonly world: World
  readonly shape: Shape
  readonly harsh: boolean
  readonly nodes: readonly SimNode[]
  readonly invariants: Invariants
  private readonly options: SimulateOptions
  private readonly admin: SimAdmin
  private readonly producers: readonly SimProducer[]
  private readonly readers: readonly SimReader[]
  private readonly views = new Map<SimReader, ReadRecords>()
  private readonly committers: readonly SimCommitter[]
  private readonly nemesis: Nemesis

  constructor(seed: number, options: SimulateOptions) {
    const { nodeLogs } = options
    this.options = options
    this.world = new World({ seed, ...(nodeLogs === undefined ? {} : { nodeLogs }) })
    this.world.trace.onLine = options.onTrace ?? null
    const { dice } = this.world
    this.shape = options.shape ?? dice.child('shape').pick(DRAWN_SHAPES)
    this.harsh = options.harsh ?? dice.child('harsh').chance(1 / 8)
    const lagMs = dice.child('lag').pick(DRAWN_LAGS_MS)
    const properties = { 'replica.lag.time.max.ms': String(lagMs), ...options.properties }
    const topology = planTopology(this.shape, dice.child('topology'), properties)
    this.nodes = topology.nodes.map((plan) => new SimNode(this.world, plan, topology))
    this.invariants = new Invariants(this.world, this.nodes, this.harsh)
    for (const node of this.nodes) {
      node.mutateFiles = options.mutateFiles ?? node.mutateFiles
      node.format()
    }
    const brokers = this.nodes.filter(({ plan }) => plan.isBroker)
    const hosts = brokers.map(({ host }) => host)
    this.admin = new SimAdmin(this.world, 'admin', '10.0.1.1', hosts, {
      topics: TOPICS,
      brokerIds: brokers.map(({ id }) => id),
      pauseMeanMs: 2_500,
      mayChangeMinIsr: () => this.everybodyHasLeaders(),
    })
    this.producers = this.makeProducers(hosts)
    this.readers = this.makeReaders(hosts)
    this.committers = this.makeCommitters(hosts)
    this.nemesis = this.makeNemesis()
    this.world.scheduler.onUncaught = (error, process) => this.uncaught(error, process)
  }

  private uncaught(error: unknown, process: SimProcess | null): void {
    // What a dead process still threw has happened to nobody.
    if (process?.alive === false) return
    const node = this.nodes.find((each) => each.process === process)
    if (process !== null && node !== undefined) node.uncaught(process, error)
    else if (error instanceof Violation) this.world.scheduler.fail(error)
    else this.world.violated('nothing is left unhandled', `${process?.name}: ${(error as Error).stack ?? error}`)
  }

  private makeProducers(hosts: readonly string[]): SimProducer[] {
    return ['alice', 'bob'].map((name, index) => {
      const topic = TOPICS[index % TOPICS.length]!
      const partitions = Array.from({ length: topic.partitions }, (_, partition) => partition)
      return new SimProducer(this.world, name, `10.0.1.${2 + index}`, hosts, {
        topic: topic.name,
        partitions,
        pauseMeanMs: 200,
      })
    })
  }

  private makeReaders(hosts: readonly string[]): SimReader[] {
    return TOPICS.map((topic, index) => {
      const name = `reader of ${topic.name}`
      const view = new ReadRecords(this.world, name, topic.name, new SeenRecords())
      const reader = new SimReader(this.world, name, `10.0.1.${10 + index}`, hosts, {
        topic: topic.name,
        partitions: Array.from({ length: topic.partitions }, (_, partition) => partition),
        onRecords: (partition, offset, records) => view.accept(partition, offset, records),
      })
      this.views.set(reader, view)
      return reader
    })
  }

  private makeCommitters(hosts: readonly string[]): SimCommitter[] {
    return ['red', 'green'].map((group, index) => {
      const options = { group, topic: 'orders', partition: 0, pauseMeanMs: 120 }
      return new SimCommitter(this.world, `committer ${group}`, `10.0.1.${20 + index}`, hosts, options)
    })
  }

  private makeNemesis(): Nemesis {
    const clientHosts = [2, 3, 10, 11, 20, 21].map((last) => `10.0.1.${last}`)
    return new Nemesis(this.world, {
      nodes: this.nodes,
      clientHosts,
      budget: new Budget(this.nodes, this.harsh),
      pauseMeanMs: FAULT_PAUSE_MEAN_MS,
      copies: this.invariants.copies,
    })
  }

  async go(): Promise<void> {
    for (const node of this.nodes) node.start()
    this.admin.start()
    await this.until('the topics are there', WARM_UP_LIMIT_MS, () => (this.admin.isReady ? null : 'no topics'))
    if (!this.options.withoutRecords) this.startClients()
    if (!this.options.calm) this.nemesis.start()
    await this.pass(this.options.troubleMs ?? TROUBLE_MS)
    this.mend()
    await this.until('the cluster recovers', RECOVERY_LIMIT_MS, () => (this.isHopeless() ? null : this.recoveryNeeds()))
    if (!this.options.withoutRecords && !this.isHopeless()) checkEnd(this.world, this.nodes, this.invariants)
  }

  private everybodyHasLeaders(): boolean {
    const { newestImage } = this.invariants
    return newestImage === null || partitionsOf(newestImage).every(({ registration }) => registration.leader >= 0)
  }

  private startClients(): void {
    for (const client of [...this.producers, ...this.readers, ...this.committers]) client.start()
  }

  private mend(): void {
    this.world.note('everything is mended')
    this.nemesis.stop()
    this.world.network.healAll(GOOD_LINK)
    for (const node of this.nodes) {
      node.resume()
      node.start()
    }
    for (const client of [this.admin, ...this.producers, ...this.committers]) client.stop()
  }

  /** Within its limits a cluster recovers without an operator; beyond them it may stop for good, having lost nothing. */
  private isHopeless(): boolean {
    const { newestImage } = this.invariants
    if (!this.harsh && !this.admin.mayHaveClearedElr) return false
    if (newestImage === null || hopeless(newestImage) === null) return false
    this.world.count('stopped for want of an eligible leader')
    return true
  }

  /** What recovery still waits for; null when it is over. */
  private recoveryNeeds(): string | null {
    if (!this.admin.isFinished) return 'the admin client is not done'
    if (this.options.withoutRecords) return recovery(this.nodes, false)
    const busy = [...this.producers, ...this.committers].find(({ isFinished }) => !isFinished)
    if (busy !== undefined) return `${busy.name} is not done`
    return recovery(this.nodes) ?? this.unread()
  }

  private unread(): string | null {
    for (const producer of this.producers) {
      for (const [partition, count] of producer.acknowledged) {
        const read = Math.max(...[...this.views.values()].map((view) => view.count(partition, producer.name)))
        if (read < count) return `${producer.name} wrote ${count} to partition ${partition}, ${read} were read`
        if (read > count) {
          this.world.violated('every record is read once and in order', `${producer.name}: ${read} of ${count} read`)
        }
      }
    }
    return null
  }

  private pass(durationMs: number): Promise<string> {
    return this.run(this.world.scheduler.now + durationMs, () => false)
  }

  /** `needs` is asked now and then, in virtual time. */
  private async until(what: string, limitMs: number, needs: () => string | null): Promise<void> {
    const end = this.world.scheduler.now + limitMs
    let missing = needs()
    while (missing !== null) {
      if (this.world.scheduler.now >= end) throw new Violation(what, `not after ${limitMs / 1000} s: ${missing}`)
      await this.run(this.world.scheduler.now + 100, () => false)
      missing = needs()
    }
    this.world.note(`${what}: done`)
  }

  private async run(untilMs: number, done: () => boolean): Promise<string> {
    const { maxSteps = Number.POSITIVE_INFINITY } = this.options
    const { scheduler } = this.world
    return scheduler.runUntil(untilMs, done, () => {
      if (scheduler.steps > maxSteps) throw new StepLimit()
      this.invariants.afterStep()
    })
  }
}

class StepLimit extends Error {}

let loaded: Promise<void> | null = null

/** Runs the world of `seed` to its end or to its first violation. Rejects only when the simulation itself is broken. */
export async function simulate(seed: number, options: SimulateOptions = {}): Promise<RunResult> {
  // Codecs are loaded once per process; the first run must not differ from the second.
  loaded ??= loadAllCodecs()
  await loaded
  const run = new Run(seed, options)
  const { world } = run
  const restore = guardRealWorld(world.scheduler, (text) => world.violated('nothing reaches the real world', text))
  const unhandled = (error: unknown): void => world.scheduler.uncaught(error)
  process.on('unhandledRejection', unhandled)
  let violation: RunResult['violation'] = null
  try {
    await run.go()
  } catch (error) {
    if (error instanceof Violation) violation = { invariant: error.invariant, message: error.message }
    else if (!(error instanceof StepLimit)) throw error
  } finally {
    restore()
    process.off('unhandledRejection', unhandled)
  }
  const { scheduler, trace, counts } = world
  return {
    ...{ seed, violation, counts },
    about: `${run.shape}${run.harsh ? ', harsh' : ''}${options.calm === true ? ', calm' : ''}`,
    steps: scheduler.steps,
    virtualMs: Math.round(scheduler.now),
    traceHash: trace.hash,
    trace: trace.tail(TRACE_LINES),
  }
}
