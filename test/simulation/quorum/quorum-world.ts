/** A simulated quorum: controllers and brokers that follow, what befalls them, and what must hold meanwhile. */
import { randomUuid } from '../../../src/base/uuid.ts'
import type { PeerAddress } from '../../../src/protocol/peers.ts'
import type { RaftOptions } from '../../../src/raft/raft-node.ts'
import type { VoterSet } from '../../../src/raft/voters.ts'
import type { SimProcess } from '../engine/sim-process.ts'
import { World } from '../world/world.ts'
import { QuorumChecks } from './quorum-checks.ts'
import { LISTENER, PORT, QuorumNode, type QuorumNodePlan } from './quorum-node.ts'

export interface QuorumPlan {
  readonly seed: number
  readonly voters: number
  readonly brokers: number
  /** Controllers that are formatted without voters and may be added. */
  readonly spares?: number
  readonly nodeLogs?: boolean
  /** Settings of every node. */
  readonly options?: Partial<RaftOptions>
  /** kraft.version 0: voters are configured, not in the log. */
  readonly isStatic?: boolean
  /** Bytes of one metadata fetch. Few split what a new leader has to pass on: old epochs first, its own later. */
  readonly fetchMaxBytes?: number
}

const FIRST_BROKER_ID = 100
/** Supervised: a node that ends by itself is started again. */
const RESTART_AFTER_MS = 300

export class QuorumWorld extends World {
  readonly checks: QuorumChecks
  readonly nodes: readonly QuorumNode[]
  readonly bootstrapServers: readonly PeerAddress[]
  private readonly byProcess = new Map<SimProcess, QuorumNode>()
  private nextValue = 0

  constructor(plan: QuorumPlan) {
    super({ seed: plan.seed, nodeLogs: plan.nodeLogs ?? false })
    this.checks = new QuorumChecks((error) => {
      this.trace.note(`VIOLATION ${error.message}`)
      this.scheduler.fail(error)
    })
    const controllers = plan.voters + (plan.spares ?? 0)
    const ids = Array.from({ length: controllers }, (_, index) => index + 1)
    this.bootstrapServers = ids.map((id) => ({ host: `n${id}`, port: PORT }))
    this.nodes = plans(this, plan, ids).map((each) => new QuorumNode(this, each))
    this.scheduler.onUncaught = (error, process) => this.uncaught(error, process)
  }

  /** Its code threw, at its start for one, or left a promise unhandled: a real process ends over it. */
  private uncaught(error: unknown, process: SimProcess | null): void {
    // What a dead process still threw has happened to nobody.
    if (process?.alive === false) return
    const node = this.nodes.find((each) => each.process === process)
    if (process === null || node === undefined) this.scheduler.fail(error)
    else this.failed(node, process, error)
  }

  get controllers(): QuorumNode[] {
    return this.nodes.filter(({ plan }) => plan.canVote)
  }

  node(id: number): QuorumNode {
    return this.nodes.find((node) => node.id === id)!
  }

  /** The node that leads the latest epoch, as far as it knows itself. */
  get leader(): QuorumNode | null {
    const leading = this.nodes.filter((node) => node.leads)
    return leading.sort((a, b) => b.raft!.epoch - a.raft!.epoch)[0] ?? null
  }

  startAll(): void {
    for (const node of this.nodes) node.start()
  }

  /** Appends at every node that believes to lead: a deposed one must not be able to commit. */
  append(urgent = true): void {
    for (const node of this.nodes) if (node.leads) this.appendAt(node, urgent)
  }

  private appendAt(node: QuorumNode, urgent: boolean): void {
    node.act((raft) => {
      if (!raft.isLeader) return
      const texts = Array.from({ length: 1 + this.dice.int(3) }, () => `v${this.nextValue++}`)
      try {
        const { committed, firstOffset } = raft.append(
          texts.map((text) => Buffer.from(text)),
          { urgent },
        )
        this.count('appended')
        committed.then(
          () => {
            this.count('acknowledged')
            for (const text of texts) this.checks.acknowledge(text, firstOffset)
          },
          () => this.count('not acknowledged'),
        )
      } catch {
        this.count('append refused')
      }
    })
  }

  /** A node cannot go on: it ends, and is started again after a while. */
  failed(node: QuorumNode, process: SimProcess, error: unknown): void {
    if (node.process !== process) return
    this.violated('no node fails', `node ${node.id}: ${error instanceof Error ? error.stack : String(error)}`)
  }

  restartLater(node: QuorumNode, delayMs = RESTART_AFTER_MS): void {
    this.scheduler.after(delayMs, null, () => node.start())
  }

  /** Runs for `ms` of virtual time, or until `done`. */
  async run(ms: number, done: () => boolean = () => false): Promise<'done' | 'idle' | 'time'> {
    return this.scheduler.runUntil(this.scheduler.now + ms, done, () => this.afterStep())
  }

  private afterStep(): void {
    const { current } = this.scheduler
    if (current === null) return
    let node = this.byProcess.get(current)
    if (node === undefined) {
      node = this.nodes.find(({ process }) => process === current)
      if (node === undefined) return
      this.byProcess.set(current, node)
    }
    if (node.process === current) node.check()
  }

  /** Everybody has everything that is committed, and knows one leader. */
  get isSettled(): boolean {
    const { leader } = this
    if (leader === null || leader.raft!.highWatermark < leader.raft!.logEndOffset) return false
    return this.nodes.every((node) => node.isUp && this.agrees(node, leader))
  }

  private agrees(node: QuorumNode, leader: QuorumNode): boolean {
    const { raft, follower } = node
    if (raft!.leaderId !== leader.id || raft!.epoch !== leader.raft!.epoch) return false
    return follower!.next === leader.raft!.highWatermark
  }

  /** Compares all logs that are open with each other. */
  checkLogs(): void {
    const logs = this.nodes.flatMap(({ id, log }) => {
      if (log === null) return []
      const { logStartOffset, logEndOffset } = log
      return [{ id, logStartOffset, logEndOffset, read: (offset: number) => readAll(log, offset) }]
    })
    for (const [index, a] of logs.entries()) for (const b of logs.slice(index + 1)) this.checks.checkLogsMatch(a, b)
  }
}

function readAll(log: NonNullable<QuorumNode['log']>, offset: number): Buffer {
  const data = log.read(offset, 1024 * 1024, 'log-end', true)
  const copy = Buffer.from(data.records)
  data.release()
  return copy
}

function plans(world: QuorumWorld, plan: QuorumPlan, controllerIds: readonly number[]): QuorumNodePlan[] {
  const dice = world.dice.child('plan')
  const directoryIds = new Map(controllerIds.map((id) => [id, randomUuid(dice)]))
  const voterOf = (id: number) => ({
    id,
    directoryId: directoryIds.get(id)!,
    endpoints: [{ name: LISTENER, host: `n${id}`, port: PORT }],
    kraftVersions: { min: 0, max: 1 },
  })
  const voters: VoterSet = new Map(controllerIds.slice(0, plan.voters).map((id) => [id, voterOf(id)]))
  const configured = new Map(
    [...voters].map(([id, voter]) => [id, { ...voter, directoryId: 'AAAAAAAAAAAAAAAAAAAAAA' }]),
  )
  const { fetchMaxBytes } = plan
  const timeouts = { ...plan.options?.timeouts, ...(fetchMaxBytes !== undefined && { fetchMaxBytes }) }
  const options = { ...plan.options, timeouts, ...(plan.isStatic && { voters: configured }) }
  const controllers = controllerIds.map((id) => ({
    ...{ id, canVote: true, directoryId: directoryIds.get(id)!, options },
    formattedWith: id <= plan.voters && !plan.isStatic ? voters : null,
  }))
  const brokers = Array.from({ length: plan.brokers }, (_, index) => ({
    ...{ id: FIRST_BROKER_ID + index, canVote: false, directoryId: randomUuid(dice), options, formattedWith: null },
  }))
  return [...controllers, ...brokers]
}
