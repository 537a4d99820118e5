/**
 * A local cluster as a person has it: a built package, `kt cluster start`, a home of its own, a process per node, on free
 * ports. What is done to its nodes is what `kt cluster` does, without looking at the cluster before.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { clusterDirectory, nodePaths } from '../../src/cluster/cluster-directory.ts'
import { appliedVersion, readFaultFile, writeFaultFile } from '../../src/cluster/fault-files.ts'
import { type Cut, healNodes, isolateNodes } from '../../src/cluster/local-faults.ts'
import { killNodes, type LocalNodes, localNodes, pauseNodes, resumeNodes } from '../../src/cluster/local-nodes.ts'
import { waitUntil } from '../../src/cluster/node-process.ts'
import type { ConfiguredNode } from '../../src/cluster/server-properties.ts'
import { runProcess, type ScriptResult } from '../support/apache-kafka.ts'
import build from '../support/build.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const COMMAND_TIMEOUT_MS = 120_000
const APPLY_TIMEOUT_MS = 3_000

export interface ProcessClusterOptions {
  readonly brokers?: number
  readonly controllers?: number
  /** Kafka's properties, for every node. */
  readonly config?: Readonly<Record<string, string>>
}

/** Copies what a package manager would install, so that a build meanwhile does not pull files away from under the nodes. */
export function installPackage(directory: string): void {
  build()
  for (const name of ['bin', 'dist', 'package.json']) {
    fs.cpSync(path.join(ROOT, name), path.join(directory, name), { recursive: true })
  }
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(directory, 'node_modules'))
}

export class ProcessCluster implements AsyncDisposable {
  readonly directory: string
  /** True keeps the files when the cluster is disposed of. */
  keep = false
  private readonly package: string
  private nodes: LocalNodes | null = null
  /** Cuts are read, changed and written back: one change at a time. */
  private faults: Promise<unknown> = Promise.resolve()

  private constructor(directory: string) {
    this.directory = directory
    this.package = path.join(directory, 'package')
  }

  /** Resolves when every node is in service. */
  static async start({
    brokers = 3,
    controllers = 1,
    config = {},
  }: ProcessClusterOptions = {}): Promise<ProcessCluster> {
    const cluster = new ProcessCluster(fs.mkdtempSync(path.join(os.tmpdir(), 'kt-cluster-')))
    installPackage(cluster.package)
    const overrides = Object.entries(config).flatMap(([name, value]) => ['--override', `${name}=${value}`])
    const counts = ['--brokers', String(brokers), '--controllers', String(controllers)]
    await cluster.do('start', '--port', '0', ...counts, ...overrides)
    cluster.nodes = localNodes({ env: { KT_HOME: cluster.home } })
    return cluster
  }

  private get home(): string {
    return path.join(this.directory, 'home')
  }

  private get local(): LocalNodes {
    return this.nodes!
  }

  private get brokers(): ConfiguredNode[] {
    return this.local.nodes.filter(({ brokerPort }) => brokerPort !== null)
  }

  get brokerIds(): number[] {
    return this.brokers.map(({ nodeId }) => nodeId)
  }

  get controllerIds(): number[] {
    return this.local.nodes.filter(({ controllerPort }) => controllerPort !== null).map(({ nodeId }) => nodeId)
  }

  /** Every broker's, whether it runs or not. */
  get bootstrapServers(): string {
    return this.brokers.map(({ nodeId }) => `127.0.0.1:${this.portOf(nodeId)}`).join(',')
  }

  /** The broker's, as configured; a controller's own where it is no broker. */
  portOf(nodeId: number): number {
    const { brokerPort, controllerPort } = this.local.nodes.find((node) => node.nodeId === nodeId)!
    return (brokerPort ?? controllerPort)!
  }

  dataDirectory(nodeId: number): string {
    return nodePaths(clusterDirectory({ KT_HOME: this.home }), nodeId).data
  }

  /** Data directories of the brokers. */
  get dataDirectories(): Map<number, string> {
    return new Map(this.brokerIds.map((id) => [id, this.dataDirectory(id)]))
  }

  logFile(nodeId: number): string {
    return nodePaths(clusterDirectory({ KT_HOME: this.home }), nodeId).log
  }

  log(nodeId: number): string {
    return fs.readFileSync(this.logFile(nodeId), 'utf8')
  }

  /** Runs `kt ARGS` in this cluster's home. */
  kt(args: readonly string[], input = ''): Promise<ScriptResult> {
    const binary = path.join(this.package, 'bin/kt')
    const env = { KT_HOME: this.home, NO_COLOR: '1' }
    return runProcess(process.execPath, [binary, ...args], { env, input, timeoutMs: COMMAND_TIMEOUT_MS })
  }

  /** `kt cluster ARGS`; rejects when it fails. */
  private async do(...args: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await this.kt(['cluster', ...args])
    if (code !== 0) throw new Error(`kt cluster ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`)
  }

  /** SIGKILL. */
  async kill(nodeId: number): Promise<void> {
    await killNodes(this.local, [nodeId])
  }
  /** SIGSTOP. */
  async pause(nodeId: number): Promise<void> {
    await pauseNodes(this.local, [nodeId])
  }
  /** SIGCONT. */
  async resume(nodeId: number): Promise<void> {
    await resumeNodes(this.local, [nodeId])
  }
  /** A controlled shutdown. */
  stop(nodeId: number): Promise<void> {
    return this.do('stop', String(nodeId))
  }
  /** Stops it if it runs, and starts it. */
  restart(nodeId: number): Promise<void> {
    return this.do('restart', String(nodeId))
  }
  isolate(nodeId: number, cut: Cut): Promise<void> {
    return this.cut(() => isolateNodes(this.local, [nodeId], cut))
  }
  heal(nodeId: number): Promise<void> {
    return this.cut(() => healNodes(this.local, [nodeId]))
  }

  /** Cuts a broker off from the other brokers, both ways; controllers and clients still reach it. */
  isolateFromBrokers(nodeId: number): Promise<void> {
    const addresses = (nodes: readonly ConfiguredNode[]): string[] =>
      nodes.flatMap(({ brokerPort }) => [`127.0.0.1:${brokerPort}`, `${os.hostname()}:${brokerPort}`])
    const others = this.brokers.filter((node) => node.nodeId !== nodeId)
    const [self] = this.brokers.filter((node) => node.nodeId === nodeId)
    return this.cut(async () => {
      await this.block(self!, addresses(others))
      for (const other of others) await this.block(other, addresses([self!]))
    })
  }

  private async block({ nodeId }: ConfiguredNode, blockedPeers: string[]): Promise<void> {
    const { faults, faultsApplied } = nodePaths(clusterDirectory({ KT_HOME: this.home }), nodeId)
    const version = (readFaultFile(faults)?.version ?? 0) + 1
    writeFaultFile(faults, { version, blockedPeers, blocksClients: false })
    await waitUntil(() => appliedVersion(faultsApplied) >= version, APPLY_TIMEOUT_MS)
  }

  private cut(change: () => Promise<unknown>): Promise<void> {
    const done = this.faults.then(change)
    this.faults = done.catch(() => undefined)
    return done.then(() => undefined)
  }

  /** Whatever was done to the nodes is undone: nothing cut off, nothing paused, everything running. */
  async mend(): Promise<void> {
    await this.cut(() => healNodes(this.local, []))
    await resumeNodes(this.local, [...this.brokerIds, ...this.controllerIds])
    await this.do('start')
  }

  /** Controlled shutdown of all. */
  stopAll(): Promise<void> {
    return this.do('stop')
  }
  /** All of them, on the data that is there. */
  startAll(): Promise<void> {
    return this.do('start')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.nodes !== null) await killNodes(this.local, [...this.brokerIds, ...this.controllerIds])
    if (!this.keep) fs.rmSync(this.directory, { recursive: true, force: true })
  }
}
