/** Three brokers and a separate controller, each a process of its own: ours, and Apache Kafka's beside it. */
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as path from 'node:path'
import { randomUuid } from '../../../src/base/uuid.ts'
import { apacheKafkaHome, freePorts, runProcess, runScript } from '../../support/apache-kafka.ts'
import { ktBin } from '../sides.ts'

export interface ClusterSide {
  readonly name: string
  readonly bootstrap: readonly string[]
  /** Of every process. */
  pids(): readonly number[]
  kill(brokerId: number): Promise<void>
  /** Controlled shutdown of one broker. */
  stopBroker(brokerId: number): Promise<void>
  startBroker(brokerId: number): Promise<void>
  /** Controlled shutdown of all; the data stays. */
  stop(): Promise<void>
  /** All of them, on the data that is there. */
  start(): Promise<void>
  /** Stops and deletes. */
  close(): Promise<void>
}

interface Status {
  readonly bootstrapServers: string
  readonly nodes: readonly { readonly nodeId: number; readonly pid: number | null }[]
}

/** `kt cluster start` in a home of its own, on free ports. */
export class KtCluster implements ClusterSide {
  readonly name = 'kt'
  bootstrap: readonly string[] = []
  private readonly home: string
  private readonly startArgs: readonly string[]
  private nodes: Status['nodes'] = []

  constructor(directory: string, overrides: Readonly<Record<string, string>> = {}) {
    this.home = fs.mkdtempSync(path.join(directory, 'kt-home-'))
    const flags = Object.entries(overrides).flatMap(([key, value]) => ['--override', `${key}=${value}`])
    this.startArgs = ['start', '--port', '0', ...flags]
  }

  static async start(directory: string, overrides?: Readonly<Record<string, string>>): Promise<KtCluster> {
    const cluster = new KtCluster(directory, overrides)
    await cluster.start()
    return cluster
  }

  private async kt(...args: string[]): Promise<string> {
    const env = { KT_HOME: this.home, NODE_EXTRA_CA_CERTS: '' }
    const run = await runProcess(process.execPath, [ktBin, 'cluster', ...args], { env })
    if (run.code !== 0) throw new Error(`kt cluster ${args.join(' ')}: ${run.stdout}${run.stderr}`)
    return run.stdout
  }

  async start(): Promise<void> {
    await this.kt(...this.startArgs)
    await this.refresh()
  }

  private async refresh(): Promise<void> {
    const status = JSON.parse(await this.kt('status', '--format', 'json')) as Status
    this.nodes = status.nodes
    this.bootstrap = status.bootstrapServers.split(',')
  }

  pids(): readonly number[] {
    return this.nodes.flatMap(({ pid }) => (pid === null ? [] : [pid]))
  }

  async kill(brokerId: number): Promise<void> {
    process.kill(this.nodes.find(({ nodeId }) => nodeId === brokerId)!.pid!, 'SIGKILL')
  }
  async stopBroker(brokerId: number): Promise<void> {
    await this.kt('stop', String(brokerId))
  }
  async startBroker(_brokerId: number): Promise<void> {
    await this.start()
  }
  async stop(): Promise<void> {
    await this.kt('stop')
  }
  async close(): Promise<void> {
    await this.kt('stop')
    fs.rmSync(this.home, { recursive: true, force: true })
  }
}

const CONTROLLER_ID = 100
const BROKERS = [1, 2, 3] as const

/** Apache Kafka's own processes with the same layout and the same few settings; null where it is not present. */
export class ApacheCluster implements ClusterSide {
  readonly name = 'Apache'
  readonly bootstrap: readonly string[]
  private readonly home: string
  private readonly directory: string
  private readonly ports: readonly number[]
  private readonly overrides: Readonly<Record<string, string>>
  private readonly processes = new Map<number, ChildProcess>()

  private constructor(home: string, directory: string, ports: readonly number[], overrides: Record<string, string>) {
    this.home = home
    this.directory = directory
    this.ports = ports
    this.overrides = overrides
    this.bootstrap = BROKERS.map((id) => `127.0.0.1:${ports[id]}`)
  }

  /** Formats and starts all four at once, and waits until every broker answers. */
  static async start(
    directory: string,
    overrides: Readonly<Record<string, string>> = {},
  ): Promise<ApacheCluster | null> {
    const home = await apacheKafkaHome()
    if (home === null) return null
    const ports = await freePorts(BROKERS.length + 1)
    const cluster = new ApacheCluster(home, fs.mkdtempSync(path.join(directory, 'apache-')), ports, { ...overrides })
    await cluster.format()
    await cluster.start()
    return cluster
  }

  private propertiesOf(id: number): string {
    const controller = `127.0.0.1:${this.ports[0]}`
    const isController = id === CONTROLLER_ID
    const properties: Record<string, string> = {
      'process.roles': isController ? 'controller' : 'broker',
      'node.id': String(id),
      listeners: isController ? `CONTROLLER://${controller}` : `PLAINTEXT://127.0.0.1:${this.ports[id]}`,
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      'controller.quorum.bootstrap.servers': controller,
      'log.dirs': path.join(this.directory, `data-${id}`),
      'offsets.topic.replication.factor': '3',
      'group.initial.rebalance.delay.ms': '0',
      ...this.overrides,
    }
    return Object.entries(properties)
      .map(([key, value]) => `${key}=${value}\n`)
      .join('')
  }

  private async format(): Promise<void> {
    const clusterId = randomUuid()
    for (const id of [CONTROLLER_ID, ...BROKERS]) {
      const file = path.join(this.directory, `${id}.properties`)
      fs.writeFileSync(file, this.propertiesOf(id))
      const mode = id === CONTROLLER_ID ? ['--standalone'] : []
      const run = await runScript(this.home, 'kafka-storage', ['format', '-t', clusterId, '-c', file, ...mode])
      if (run.code !== 0) throw new Error(`kafka-storage format: ${run.stdout}${run.stderr}`)
    }
  }

  private spawn(id: number): void {
    const log = fs.openSync(path.join(this.directory, `${id}.log`), 'a')
    const script = path.join(this.home, 'bin', 'kafka-server-start.sh')
    const args = [path.join(this.directory, `${id}.properties`)]
    this.processes.set(id, spawn(script, args, { stdio: ['ignore', log, log] }))
    fs.closeSync(log)
  }

  async start(): Promise<void> {
    for (const id of [CONTROLLER_ID, ...BROKERS]) this.spawn(id)
    for (const id of BROKERS) await portOpen(this.ports[id]!)
  }

  pids(): readonly number[] {
    return [...this.processes.values()].flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }
  async kill(brokerId: number): Promise<void> {
    this.processes.get(brokerId)?.kill('SIGKILL')
  }
  async stopBroker(brokerId: number): Promise<void> {
    await ended(this.processes.get(brokerId))
  }
  async startBroker(brokerId: number): Promise<void> {
    this.spawn(brokerId)
    await portOpen(this.ports[brokerId]!)
  }
  async stop(): Promise<void> {
    await Promise.all(BROKERS.map((id) => ended(this.processes.get(id))))
    await ended(this.processes.get(CONTROLLER_ID))
  }
  async close(): Promise<void> {
    for (const child of this.processes.values()) child.kill('SIGKILL')
    await Promise.all([...this.processes.values()].map((child) => ended(child)))
    fs.rmSync(this.directory, { recursive: true, force: true })
  }
}

function ended(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  child.kill('SIGTERM')
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

async function portOpen(port: number): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1')
      socket.on('connect', () => resolve(true) ?? socket.destroy())
      socket.on('error', () => resolve(false))
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
