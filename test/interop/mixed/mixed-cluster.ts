/** Nodes of one cluster by different makers: ours and Apache Kafka's, each a process of its own with a file of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { randomUuid } from '../../../src/base/uuid.ts'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { installPackage } from '../../storm/process-cluster.ts'
import type { Side } from '../../storm/sides.ts'
import { freePorts, QUICK_JVM, runProcess, runScript } from '../../support/apache-kafka.ts'

export type Maker = 'kt' | 'apache'

/** Controllers have ids from here on. */
export const FIRST_CONTROLLER = 100
const PORT_PATIENCE_MS = 60_000
const POLL_MS = 50

interface Node {
  readonly id: number
  readonly maker: Maker
  readonly port: number
  process: ChildProcess | null
}

export interface MixedClusterOptions {
  readonly apacheHome: string
  /** By id: brokers below `FIRST_CONTROLLER`, controllers from there on; the first controller founds the quorum. */
  readonly nodes: Readonly<Record<number, Maker>>
  /** Kafka's properties, for every node. */
  readonly config: Readonly<Record<string, string>>
}

export class MixedCluster implements Side {
  readonly name = 'a mixed cluster'
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-mixed-'))
  private readonly options: MixedClusterOptions
  private readonly clusterId = randomUuid()
  private readonly nodes = new Map<number, Node>()

  private constructor(options: MixedClusterOptions) {
    this.options = options
  }

  /** Directories are formatted, nothing runs yet. */
  static async format(options: MixedClusterOptions): Promise<MixedCluster> {
    const cluster = new MixedCluster(options)
    installPackage(path.join(cluster.directory, 'package'))
    const ids = Object.keys(options.nodes).map(Number)
    const ports = await freePorts(ids.length)
    for (const [at, id] of ids.entries()) {
      cluster.nodes.set(id, { id, maker: options.nodes[id]!, port: ports[at]!, process: null })
    }
    await Promise.all([...cluster.nodes.values()].map((node) => cluster.formatOne(node)))
    return cluster
  }

  private node(id: number): Node {
    return this.nodes.get(id)!
  }
  private get brokers(): Node[] {
    return [...this.nodes.values()].filter(({ id }) => id < FIRST_CONTROLLER)
  }
  private get controllers(): Node[] {
    return [...this.nodes.values()].filter(({ id }) => id >= FIRST_CONTROLLER)
  }
  /** Of every broker, whether it runs or not. */
  get bootstrapServers(): readonly string[] {
    return this.brokers.map(({ port }) => `127.0.0.1:${port}`)
  }
  dataDirectory(id: number): string {
    return path.join(this.directory, `data-${id}`)
  }
  log(id: number): string {
    return fs.readFileSync(path.join(this.directory, `${id}.log`), 'utf8')
  }

  private propertiesFile({ id, port }: Node): string {
    const isBroker = id < FIRST_CONTROLLER
    const properties: Readonly<Record<string, string>> = {
      'process.roles': isBroker ? 'broker' : 'controller',
      'node.id': String(id),
      listeners: `${isBroker ? 'PLAINTEXT' : 'CONTROLLER'}://127.0.0.1:${port}`,
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      // All of them: an Apache Kafka broker whose leader is gone asks nobody else who leads now.
      'controller.quorum.bootstrap.servers': this.controllers.map((each) => `127.0.0.1:${each.port}`).join(','),
      'log.dirs': this.dataDirectory(id),
      ...this.options.config,
    }
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`)
    const file = path.join(this.directory, `${id}.properties`)
    fs.writeFileSync(file, lines.join(''))
    return file
  }

  private async formatOne(node: Node): Promise<void> {
    const { id, maker } = node
    const role = id === FIRST_CONTROLLER ? ['--standalone'] : id > FIRST_CONTROLLER ? ['--no-initial-controllers'] : []
    const args = ['format', '-t', this.clusterId, '-c', this.propertiesFile(node), ...role]
    const { code, stdout, stderr } =
      maker === 'kt'
        ? await this.kt(['storage', ...args])
        : await runScript(this.options.apacheHome, 'kafka-storage', args)
    if (code !== 0) throw new Error(`formatting node ${id}: ${stdout}${stderr}`)
  }

  /** Runs `kt ARGS`. */
  kt(args: readonly string[], input = '') {
    const env = { KT_HOME: path.join(this.directory, 'home'), NO_COLOR: '1' }
    return runProcess(process.execPath, [path.join(this.directory, 'package/bin/kt'), ...args], { env, input })
  }

  /** Resolves when it listens. */
  async start(id: number): Promise<void> {
    const node = this.node(id)
    const file = path.join(this.directory, `${id}.properties`)
    const log = fs.openSync(path.join(this.directory, `${id}.log`), 'a')
    const [command, args] =
      node.maker === 'kt'
        ? [process.execPath, [path.join(this.directory, 'package/bin/kt'), 'server-start', file]]
        : [path.join(this.options.apacheHome, 'bin/kafka-server-start.sh'), [file]]
    const env = { ...process.env, ...QUICK_JVM, KT_HOME: path.join(this.directory, 'home') }
    node.process = spawn(command, args, { stdio: ['ignore', log, log], env })
    fs.closeSync(log)
    const started = performance.now()
    while (!(await isOpen(node.port))) {
      if (node.process.exitCode !== null) throw new Error(`node ${id} ended: ${this.log(id).slice(-2_000)}`)
      if (performance.now() - started > PORT_PATIENCE_MS) throw new Error(`node ${id} does not listen`)
      await pause(POLL_MS)
    }
  }
  kill(id: number): Promise<void> {
    return this.end(id, 'SIGKILL')
  }
  stop(id: number): Promise<void> {
    return this.end(id, 'SIGTERM')
  }
  private async end(id: number, signal: NodeJS.Signals): Promise<void> {
    const { process } = this.node(id)
    if (process === null || process.exitCode !== null || process.signalCode !== null) return
    const gone = new Promise((resolve) => process.once('exit', resolve))
    process.kill(signal)
    await gone
  }
  async pause(id: number): Promise<void> {
    this.node(id).process!.kill('SIGSTOP')
  }
  async resume(id: number): Promise<void> {
    this.node(id).process!.kill('SIGCONT')
  }

  async withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = createAdmin({
      bootstrapServers: this.bootstrapServers,
      requestTimeoutMs: 5_000,
      apiTimeoutMs: 20_000,
    })
    try {
      return await work(admin)
    } finally {
      await admin.close()
    }
  }

  /** AddRaftVoter (KIP-853) for a controller that runs as an observer. */
  async addVoter(id: number): Promise<void> {
    const meta = fs.readFileSync(path.join(this.dataDirectory(id), 'meta.properties'), 'utf8')
    const directoryId = /^directory.id=(.*)$/m.exec(meta)![1]!
    const endpoints = [{ name: 'CONTROLLER', host: '127.0.0.1', port: this.node(id).port }]
    await this.withAdmin((admin) => admin.addRaftVoter({ id, directoryId, endpoints }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.nodes.keys()].map((id) => this.kill(id)))
    fs.rmSync(this.directory, { recursive: true, force: true })
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true) ?? socket.destroy())
    socket.on('error', () => resolve(false))
  })
}
