/** A node as an operating-system process of its own, to be killed and started again on the same directory and port. */
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import * as os from 'node:os'
import * as path from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePorts } from '../../src/cluster/free-ports.ts'
import type { StartMessage } from '../../src/cluster/node-process.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const CLUSTER_ID = 'kill-nine-cluster-id-0'

/** The source, not a build that may be older than what is tested. */
function entry(): string[] {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return ['--import', tsx, path.join(ROOT, 'src/cluster/node-main.ts')]
}

export class RunningNode implements AsyncDisposable {
  readonly directory: string
  port = 0
  private controllerPort = 0
  private child: ChildProcess | null = null
  private readonly config: Readonly<Record<string, string>>

  constructor(config: Readonly<Record<string, string>> = {}) {
    this.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-node-'))
    this.config = config
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.port}`
  }

  get pid(): number {
    return this.child!.pid!
  }

  /** Resolves when the node serves; it keeps its port from the first start on. */
  async start(): Promise<void> {
    if (this.port === 0) [this.port, this.controllerPort] = (await freePorts('127.0.0.1', 2)) as [number, number]
    const controller = `127.0.0.1:${this.controllerPort}`
    const properties = {
      'process.roles': 'broker,controller',
      'node.id': '1',
      listeners: `PLAINTEXT://127.0.0.1:${this.port},CONTROLLER://${controller}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${this.port}`,
      'controller.listener.names': 'CONTROLLER',
      'controller.quorum.voters': `1@${controller}`,
      'log.dirs': path.join(this.directory, 'data'),
      'offsets.topic.replication.factor': '1',
      'offsets.topic.num.partitions': '4',
      'group.initial.rebalance.delay.ms': '0',
      ...this.config,
    }
    const file = path.join(this.directory, 'server.properties')
    fs.writeFileSync(
      file,
      Object.entries(properties)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    const log = fs.openSync(path.join(this.directory, 'server.log'), 'a')
    const marker = path.join(this.directory, 'cluster.json')
    fs.writeFileSync(marker, JSON.stringify({ name: 'running-node', clusterId: CLUSTER_ID }))
    this.child = spawn(process.execPath, [...entry(), file, '--local-cluster', marker], {
      stdio: ['ignore', log, log, 'ipc'],
    })
    fs.closeSync(log)
    const message = await new Promise<StartMessage>((resolve, reject) => {
      this.child!.once('message', (told) => resolve(told as StartMessage))
      this.child!.once('exit', (code) => reject(new Error(`the node ended with ${code}:\n${this.log()}`)))
    })
    if (!message.ready) throw new Error(message.message)
    this.port = message.port!
  }

  /** `SIGKILL` is the power cord, `SIGTERM` a controlled shutdown. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.child!
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
    this.child = null
  }

  log(): string {
    return fs.readFileSync(path.join(this.directory, 'server.log'), 'utf8')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child !== null) await this.stop('SIGKILL')
    fs.rmSync(this.directory, { recursive: true, force: true })
  }
}
