/** A cluster whose troubles are written down step by step instead of thrown: for what dice bring about too rarely. */
import type { PartitionRegistration } from '../../src/metadata/types.ts'
import { SimAdmin } from './clients/sim-admin.ts'
import { SimProducer } from './clients/sim-producer.ts'
import { GOOD_LINK } from './engine/sim-link.ts'
import { checkEnd } from './invariants/end-state.ts'
import { Invariants, partitionsOf } from './invariants/invariants.ts'
import { recovery } from './world/recovery.ts'
import { SimNode } from './world/sim-node.ts'
import { planTopology } from './world/topology.ts'
import { World } from './world/world.ts'

/** Longer than any fencing, election or recovery of these clusters. */
const LONG_MS = 60_000
const NEVER_MS = 1e9
const PARTITION = 'audit-0'

/** Three brokers and a controller, one topic of one partition on all brokers, min.insync.replicas 2. */
export class Schedule {
  readonly world: World
  readonly nodes: readonly SimNode[]
  readonly controller: SimNode
  private readonly invariants: Invariants
  private readonly brokers: readonly SimNode[]
  private readonly admin: SimAdmin
  private readonly producers: SimProducer[] = []
  private readonly producerHosts: string[] = []

  private constructor(seed: number, properties: Readonly<Record<string, string>>) {
    this.world = new World({ seed })
    const topology = planTopology('one-controller', this.world.dice.child('topology'), properties)
    this.nodes = topology.nodes.map((plan) => new SimNode(this.world, plan, topology))
    this.controller = this.nodes.find(({ plan }) => plan.isController)!
    this.brokers = this.nodes.filter(({ plan }) => plan.isBroker)
    this.invariants = new Invariants(this.world, this.nodes, false)
    for (const node of this.nodes) node.format()
    this.admin = new SimAdmin(this.world, 'admin', '10.0.1.1', this.hosts, {
      topics: [{ name: 'audit', partitions: 1, configs: { 'min.insync.replicas': '2' } }],
      brokerIds: this.brokers.map(({ id }) => id),
      // Its topic is made, and then it rests.
      pauseMeanMs: NEVER_MS,
      mayChangeMinIsr: () => false,
    })
    this.world.scheduler.onUncaught = (error, process) => {
      const node = this.nodes.find((each) => each.process === process)
      if (process?.alive === false) return
      if (process !== null && node !== undefined) node.uncaught(process, error)
      else this.world.scheduler.fail(error)
    }
  }

  /** Runs `steps` on a cluster that serves, then mends all, and compares what is there with what was promised. */
  static async run(
    steps: (schedule: Schedule) => Promise<void>,
    { seed = 1, properties = {} }: { seed?: number; properties?: Readonly<Record<string, string>> } = {},
  ): Promise<void> {
    const schedule = new Schedule(seed, properties)
    const unhandled = (error: unknown): void => schedule.world.scheduler.uncaught(error)
    process.on('unhandledRejection', unhandled)
    try {
      for (const node of schedule.nodes) node.start()
      schedule.admin.start()
      await schedule.until('everybody is in sync', () => schedule.admin.isReady && recovery(schedule.nodes) === null)
      await steps(schedule)
      await schedule.settle()
    } finally {
      process.off('unhandledRejection', unhandled)
    }
  }

  private get hosts(): string[] {
    return this.brokers.map(({ host }) => host)
  }

  /** As the newest image that anybody has says. */
  get partition(): PartitionRegistration {
    return partitionsOf(this.invariants.newestImage!).find(({ name }) => name === PARTITION)!.registration
  }

  isFenced(node: SimNode): boolean {
    return this.invariants.newestImage!.brokers.get(node.id)!.fenced
  }

  get leader(): SimNode {
    return this.brokers.find(({ id }) => id === this.partition.leader)!
  }

  /** In the order in which they are preferred as leaders. */
  get followers(): [SimNode, SimNode] {
    const { replicas, leader } = this.partition
    const ids = replicas.filter((id) => id !== leader)
    return ids.map((id) => this.brokers.find((node) => node.id === id)!) as [SimNode, SimNode]
  }

  /** What is on the node's disk. */
  endOf(node: SimNode): number {
    return this.invariants.logs(node.id).get(PARTITION)?.endOffset ?? 0
  }

  /** The partition as `node` sees it; null while the node is not in service. */
  seenBy(node: SimNode): { readonly partition: PartitionRegistration; isFenced(other: SimNode): boolean } | null {
    const image = node.node?.image
    const partition = image?.topicsByName.get('audit')?.partitions.get(0)
    if (image === undefined || partition === undefined) return null
    return { partition, isFenced: ({ id }) => image.brokers.get(id)?.fenced !== false }
  }

  cut(from: SimNode, to: SimNode): void {
    this.world.network.block(from.host, to.host)
  }

  heal(from: SimNode, to: SimNode): void {
    this.world.network.heal(from.host, to.host)
  }

  /** Those who write until now do not reach the node any more. */
  cutFromWriters(node: SimNode): void {
    for (const host of this.producerHosts) this.world.network.block(host, node.host)
  }

  electPreferred(): void {
    this.world.scheduler.after(0, this.admin.process, () => void this.admin.electPreferred())
  }

  /** From now on every request arrives twice. */
  repeat(from: SimNode, to: SimNode): void {
    this.world.network.link(from.host, to.host).quality = { ...GOOD_LINK, duplicateRate: 1 }
  }

  /** Somebody new begins to write with acks=all. */
  produce(pauseMeanMs = 20): SimProducer {
    const name = `writer ${this.producers.length}`
    const options = { topic: 'audit', partitions: [0], pauseMeanMs }
    const host = `10.0.1.${2 + this.producers.length}`
    const producer = new SimProducer(this.world, name, host, this.hosts, options)
    this.producers.push(producer)
    this.producerHosts.push(host)
    producer.start()
    return producer
  }

  /** Writes for a while, until everything is acknowledged. */
  async write(): Promise<void> {
    const producer = this.produce()
    await this.pass(600)
    producer.stop()
    await this.until('everything is acknowledged', () => producer.isFinished)
  }

  async pass(ms: number): Promise<void> {
    await this.step(ms, () => false)
  }

  async until(what: string, done: () => boolean): Promise<void> {
    if ((await this.step(LONG_MS, done)) !== 'done') throw new Error(`not in time: ${what}`)
  }

  private step(ms: number, done: () => boolean): Promise<string> {
    const { scheduler } = this.world
    return scheduler.runUntil(scheduler.now + ms, done, () => this.invariants.afterStep())
  }

  private async settle(): Promise<void> {
    this.world.network.healAll(GOOD_LINK)
    for (const node of this.nodes) {
      node.resume()
      node.start()
    }
    for (const producer of this.producers) producer.stop()
    const isOver = (): boolean => this.producers.every(({ isFinished }) => isFinished) && recovery(this.nodes) === null
    await this.until('the cluster recovers', isOver)
    // Whoever was suspected has had time to explain itself.
    await this.pass(6_000)
    checkEnd(this.world, this.nodes, this.invariants)
  }
}
