/** A machine with a Kafka node on it: started, killed, paused, without power, started again, always on the same disk. */

import type { FileSystem } from '../../../src/base/file-system.ts'
import { startNode } from '../../../src/broker/node.ts'
import type { KafkaNode } from '../../../src/broker/node-types.ts'
import { NodeConfig } from '../../../src/metadata/config/index.ts'
import { formatDirectory } from '../../../src/metadata/format.ts'
import type { Dice } from '../engine/dice.ts'
import { START_OF_TIME_MS } from '../engine/scheduler.ts'
import { SimClock } from '../engine/sim-clock.ts'
import type { SimDisk } from '../engine/sim-disk.ts'
import { SimFiles } from '../engine/sim-files.ts'
import { ProcessDeadError, SimProcess } from '../engine/sim-process.ts'
import type { PlannedSimNode, Topology } from './topology.ts'
import type { World } from './world.ts'

export const CLUSTER_ID = 'c2ltdWxhdGlvbi1jbHVzdA'

/** A supervisor starts a node again that ended by itself, after this long. */
const SUPERVISOR_DELAY_MS = 500

/** Changes what a node's file system does, to prove that the simulation notices. */
export type FilesMutation = (files: FileSystem, node: SimNode) => FileSystem

export class SimNode {
  readonly plan: PlannedSimNode
  readonly disk: SimDisk
  /** null while the machine has no process. */
  process: SimProcess | null = null
  /** null until it is in service. */
  node: KafkaNode | null = null
  files: SimFiles | null = null
  /** Lives so far. */
  incarnation = 0
  /** A controlled shutdown is under way. */
  stopping = false
  /** It ended by itself, and whether it may: a disk error was injected. */
  expectedToFail = false
  onStart: () => void = () => undefined
  onService: () => void = () => undefined
  /** Told of every end that was not a completed shutdown. */
  onUncleanEnd: (bytesLost: boolean) => void = () => undefined
  mutateFiles: FilesMutation = (files) => files
  private readonly world: World
  private readonly topology: Topology
  private readonly dice: Dice
  private skewMs = 0
  /** The shutdown is complete. */
  private hasStopped = false

  constructor(world: World, plan: PlannedSimNode, topology: Topology) {
    this.world = world
    this.plan = plan
    this.topology = topology
    this.dice = world.dice.child(`node ${plan.id}`)
    this.disk = world.disk(`node ${plan.id}`)
  }

  get id(): number {
    return this.plan.id
  }
  get host(): string {
    return this.plan.host
  }
  get isRunning(): boolean {
    return this.process?.state === 'running'
  }

  /** As `kt storage format` does, and long enough ago to be on the disk. */
  format(): void {
    const { world, plan, disk } = this
    const files = new SimFiles({
      disk,
      process: new SimProcess('format'),
      scheduler: world.scheduler,
      dice: this.dice,
    })
    formatDirectory(files, {
      directory: '/data',
      clusterId: CLUSTER_ID,
      nodeId: plan.id,
      directoryId: plan.directoryId,
      initialVoters: plan.isController ? this.topology.voters : null,
      nowMs: START_OF_TIME_MS,
    })
    disk.syncAll()
  }

  /** Nothing happens when it runs already. */
  start(): void {
    if (this.process !== null) return
    const { world, plan } = this
    this.incarnation++
    const process = new SimProcess(`node ${plan.id}.${this.incarnation}`)
    this.process = process
    world.network.host(plan.host).up = true
    world.note(`start ${process.name}`)
    this.onStart()
    world.scheduler.after(0, process, () => this.run(process))
  }

  private run(process: SimProcess): void {
    const { world, plan } = this
    const dice = this.dice.child(`life ${this.incarnation}`)
    const clock = new SimClock(world.scheduler, process, dice.child('clock'), this.skewMs)
    const files = new SimFiles({ disk: this.disk, process, scheduler: world.scheduler, dice: dice.child('disk') })
    this.files = files
    startNode({
      config: new NodeConfig(plan.properties),
      clusterId: CLUSTER_ID,
      files: this.mutateFiles(files, this),
      clock,
      random: dice.child('random'),
      logger: world.loggerOf(`n${plan.id}`),
      network: world.network.of(process, plan.host, clock),
      onFatal: (error) => this.endedItself(process, 'fatal', error),
    }).then(
      (node) => {
        if (this.process !== process) return
        world.note(`${process.name} is in service`)
        this.node = node
        this.onService()
      },
      (error: unknown) => this.endedItself(process, 'start', error),
    )
  }

  /** Its code threw, or left a promise unhandled: a real process ends over it. */
  uncaught(process: SimProcess, error: unknown): void {
    this.endedItself(process, 'uncaught', error)
  }

  private endedItself(process: SimProcess, what: string, error: unknown): void {
    if (this.process !== process || !process.alive || error instanceof ProcessDeadError) return
    const { world } = this
    world.note(`${process.name} ended by itself (${what}): ${error instanceof Error ? error.message : error}`)
    world.count(`node ended by itself: ${what}`)
    if (!this.expectedToFail && !isTimeout(error)) {
      world.violated(
        'nodes stay up',
        `${process.name} ended (${what}) without a fault: ${(error as Error).stack ?? error}`,
      )
    }
    this.kill()
    world.scheduler.after(SUPERVISOR_DELAY_MS, null, () => this.start())
  }

  /** kill -9: the page cache survives, peers see their connections reset. */
  kill(): void {
    this.end('killed')
    this.disk.releaseLocks()
  }

  /** What was not synced is lost, as the dice have it; peers hear nothing. */
  losePower(): void {
    this.end('power-failure')
    this.world.network.host(this.host).up = false
    this.disk.losePower(this.dice.child(`power ${this.incarnation}`))
  }

  private end(how: 'killed' | 'power-failure'): void {
    const { process } = this
    if (process === null) return
    if (!this.hasStopped) this.onUncleanEnd(how === 'power-failure')
    this.hasStopped = false
    this.world.note(`${process.name} ${how}`)
    process.kill()
    this.world.network.processEnded(process, how)
    this.process = null
    this.node = null
    this.files = null
    this.stopping = false
  }

  /** Controlled shutdown; `done` when it is over or the node has died over it. */
  stop(done: () => void): void {
    const { process, node, world } = this
    if (process === null || node === null || !this.isRunning) {
      done()
      return
    }
    world.note(`${process.name} stops in order`)
    this.stopping = true
    world.scheduler.after(0, process, () => {
      node.close().then(
        () => {
          world.note(`${process.name} has stopped`)
          if (this.process === process) {
            this.hasStopped = true
            this.kill()
          }
          done()
        },
        (error: unknown) => {
          if (this.process !== process) return
          world.violated('nodes stay up', `${process.name} failed to stop: ${(error as Error).stack ?? error}`)
        },
      )
    })
  }

  pause(): void {
    if (this.process === null) return
    this.world.note(`${this.process.name} paused`)
    this.process.pause()
  }

  resume(): void {
    if (this.process?.state !== 'paused') return
    this.world.note(`${this.process.name} resumed`)
    this.world.scheduler.resume(this.process)
  }

  /** From the next start on, the wall clock of the machine is off by so much. */
  skewClock(skewMs: number): void {
    this.skewMs = skewMs
  }
}

/** A node that finds no active controller in time gives up, as Kafka's does, and is started again. */
function isTimeout(error: unknown): boolean {
  return (error as { kind?: string }).kind === 'timeout'
}
