/** Three brokers whose failures are the same whoever made them: ours, and Apache Kafka's as the referee. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { ApacheCluster } from '../bench/cluster/sides.ts'
import { ProcessCluster } from './process-cluster.ts'

export interface Side extends AsyncDisposable {
  readonly name: string
  readonly bootstrapServers: readonly string[]
  /** SIGKILL; resolves when the process is gone. */
  kill(brokerId: number): Promise<void>
  /** A controlled shutdown. */
  stop(brokerId: number): Promise<void>
  /** Starts it again on its data. */
  start(brokerId: number): Promise<void>
  /** SIGSTOP and SIGCONT. */
  pause(brokerId: number): Promise<void>
  resume(brokerId: number): Promise<void>
}

/**
 * Long enough to be paused in without being fenced, short enough to wait for. A broker that shuts down in order sees no
 * timeouts at all.
 */
export const SIDE_CONFIG: Readonly<Record<string, string>> = {
  'broker.session.timeout.ms': '5000',
  'broker.heartbeat.interval.ms': '1000',
  // Nobody leaves the ISR of a living leader but by the controller's word.
  'replica.lag.time.max.ms': '30000',
  // What a follower is sent while it is paused is what came so soon after.
  'replica.fetch.wait.max.ms': '100',
  // Leaders stay where a test put them.
  'auto.leader.rebalance.enable': 'false',
}

/** Ours comes up in a fraction of a second: the same scenes in half the time. */
const QUICKLY = { 'broker.session.timeout.ms': '2000', 'broker.heartbeat.interval.ms': '500' }

export class KtSide implements Side {
  readonly name = 'kt'
  readonly cluster: ProcessCluster

  private constructor(cluster: ProcessCluster) {
    this.cluster = cluster
  }

  static async open(): Promise<KtSide> {
    return new KtSide(
      await ProcessCluster.start({ brokers: 3, controllers: 1, config: { ...SIDE_CONFIG, ...QUICKLY } }),
    )
  }

  get bootstrapServers(): readonly string[] {
    return this.cluster.bootstrapServers.split(',')
  }
  kill(brokerId: number): Promise<void> {
    return this.cluster.kill(brokerId)
  }
  stop(brokerId: number): Promise<void> {
    return this.cluster.stop(brokerId)
  }
  start(brokerId: number): Promise<void> {
    return this.cluster.restart(brokerId)
  }
  pause(brokerId: number): Promise<void> {
    return this.cluster.pause(brokerId)
  }
  resume(brokerId: number): Promise<void> {
    return this.cluster.resume(brokerId)
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.cluster[Symbol.asyncDispose]()
  }
}

const GONE_POLL_MS = 50

export class ApacheSide implements Side {
  readonly name = 'Apache Kafka'
  readonly directory: string
  private readonly cluster: ApacheCluster

  private constructor(cluster: ApacheCluster, directory: string) {
    this.cluster = cluster
    this.directory = directory
  }

  /** null where Apache Kafka is not present. */
  static async open(): Promise<ApacheSide | null> {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-referee-'))
    const cluster = await ApacheCluster.start(directory, SIDE_CONFIG)
    return cluster === null ? null : new ApacheSide(cluster, directory)
  }

  get bootstrapServers(): readonly string[] {
    return this.cluster.bootstrap
  }

  /** The controller's process is the first. */
  private pidOf(brokerId: number): number {
    return this.cluster.pids()[brokerId]!
  }

  async kill(brokerId: number): Promise<void> {
    const pid = this.pidOf(brokerId)
    await this.cluster.kill(brokerId)
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, GONE_POLL_MS))
  }
  stop(brokerId: number): Promise<void> {
    return this.cluster.stopBroker(brokerId)
  }
  start(brokerId: number): Promise<void> {
    return this.cluster.startBroker(brokerId)
  }
  async pause(brokerId: number): Promise<void> {
    process.kill(this.pidOf(brokerId), 'SIGSTOP')
  }
  async resume(brokerId: number): Promise<void> {
    process.kill(this.pidOf(brokerId), 'SIGCONT')
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.close()
    fs.rmSync(this.directory, { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
