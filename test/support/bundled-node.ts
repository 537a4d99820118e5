/**
 * The bundled node as a person has it: a built package, `kt cluster start`, a home of its own, a process of its own.
 * The package is a copy, so that a build beside the tests does not pull files away from under the running node.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { runProcess, type ScriptResult } from './apache-kafka.ts'
import build from './build.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const NODE_DIRECTORY = 'clusters/local/node-1'

/** Copies what a package manager would install; `node_modules` is the one of this checkout. */
export function installPackage(directory: string): void {
  build()
  for (const name of ['bin', 'dist', 'package.json']) {
    fs.cpSync(path.join(ROOT, name), path.join(directory, name), { recursive: true })
  }
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(directory, 'node_modules'))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

export class BundledNode implements AsyncDisposable {
  readonly directory: string
  bootstrapServers = ''

  private constructor(directory: string) {
    this.directory = directory
  }

  /** Resolves when the node serves on a free port; `overrides` are broker properties of Kafka's. */
  static async start(overrides: Readonly<Record<string, string>> = {}): Promise<BundledNode> {
    const node = new BundledNode(fs.mkdtempSync(path.join(os.tmpdir(), 'kt-bundled-')))
    installPackage(path.join(node.directory, 'package'))
    const properties = Object.entries(overrides).flatMap(([name, value]) => ['--override', `${name}=${value}`])
    await node.start(['--brokers', '1', '--port', '0', ...properties])
    return node
  }

  get dataDirectory(): string {
    return path.join(this.home, NODE_DIRECTORY, 'data')
  }

  get propertiesFile(): string {
    return path.join(this.home, NODE_DIRECTORY, 'server.properties')
  }

  get log(): string {
    return fs.readFileSync(path.join(this.home, NODE_DIRECTORY, 'server.log'), 'utf8')
  }

  /** Runs `kt ARGS` in this node's home. */
  kt(args: readonly string[], input = ''): Promise<ScriptResult> {
    const binary = path.join(this.directory, 'package/bin/kt')
    return runProcess(process.execPath, [binary, ...args], { env: { KT_HOME: this.home, NO_COLOR: '1' }, input })
  }

  /** Starts it again on its data and its port. */
  async start(flags: readonly string[] = []): Promise<void> {
    const started = await this.kt(['cluster', 'start', ...flags])
    if (started.code !== 0) throw new Error(`the node did not start: ${started.stderr}`)
    this.bootstrapServers = /127\.0\.0\.1:\d+/.exec(started.stdout + started.stderr)![0]
  }

  /** A controlled shutdown. */
  async stop(): Promise<void> {
    const stopped = await this.kt(['cluster', 'stop'])
    if (stopped.code !== 0) throw new Error(`the node did not stop: ${stopped.stderr}`)
  }

  /** The power cord: SIGKILL. Resolves when the process is gone. */
  async kill(): Promise<void> {
    const file = path.join(this.home, NODE_DIRECTORY, 'process.json')
    const { pid } = JSON.parse(fs.readFileSync(file, 'utf8')) as { pid: number }
    process.kill(pid, 'SIGKILL')
    for (let attempt = 0; attempt < 100 && isAlive(pid); attempt++) await setTimeout(50)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kt(['cluster', 'stop'])
    fs.rmSync(this.directory, { recursive: true, force: true })
  }

  private get home(): string {
    return path.join(this.directory, 'home')
  }
}
