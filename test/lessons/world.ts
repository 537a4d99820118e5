/**
 * Where lessons are proved: a bundled cluster with a home and ports of its own, or Apache Kafka. Commands run as a learner
 * runs them, each a process of its own, from a copy of the built package.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { Readable } from 'node:stream'
import { systemClock } from '../../src/base/clock.ts'
import { createContext } from '../../src/cli/create-context.ts'
import { findKafkaHome } from '../../src/cli/kafka-home.ts'
import { readShellLine } from '../../src/cli/shell/read-line.ts'
import { createAdmin } from '../../src/client/admin.ts'
import { clusterDirectory, clusterNames } from '../../src/cluster/cluster-directory.ts'
import { runningNodes } from '../../src/cluster/local-cluster.ts'
import { killNode } from '../../src/cluster/node-process.ts'
import { Desk } from '../../src/commands/learn/desk.ts'
import { Programs } from '../../src/commands/learn/programs/processes.ts'
import { COURSE } from '../../src/learn/lessons/index.ts'
import { installPackage } from '../storm/process-cluster.ts'
import { KeptOutput } from '../support/run-command.ts'

const COMMAND_LIMIT_MS = 90_000
/** A consumer that is told to end commits and leaves its group first. */
const END_LIMIT_MS = 8_000

export interface Run {
  readonly code: number
  readonly output: string
}

/** A command that goes on beside others. */
export interface Beside {
  /** As Ctrl-C does. */
  end(): Promise<void>
  readonly output: string
}

export class LessonWorld implements AsyncDisposable {
  readonly isBundled: boolean
  readonly #directory: string
  readonly #env: Readonly<Record<string, string>>
  /** Closes what the desks have opened: a connection keeps the process alive. */
  readonly #closing: (() => Promise<void>)[] = []

  private constructor(directory: string, servers: string | null, kafkaHome: string | undefined) {
    this.#directory = directory
    this.isBundled = servers === null
    this.#env = {
      KT_HOME: path.join(directory, 'home'),
      HOME: directory,
      PATH: `${path.join(directory, 'package/bin')}${path.delimiter}${process.env.PATH}`,
      NO_COLOR: '1',
      ...(kafkaHome === undefined ? {} : { KAFKA_HOME: kafkaHome }),
      KT_BOOTSTRAP_SERVER: servers ?? '',
    }
  }

  /** Lessons of Connect and mirroring can be done. */
  get hasKafkaHome(): boolean {
    return findKafkaHome(this.#env) !== null
  }

  /** A bundled cluster that has its ports and does not run: the first lesson starts it. */
  static async bundled(controllers = 1): Promise<LessonWorld> {
    const world = LessonWorld.#install(null)
    for (const line of [`cluster start --port 0 --controllers ${controllers}`, 'cluster stop']) {
      const { code, output } = await world.kt(line)
      if (code !== 0) throw new Error(`kt ${line}: exit code ${code}\n${output}`)
    }
    return world
  }

  /** A cluster that runs already; `kafkaHome` has Connect and MirrorMaker, where there is one beside KAFKA_HOME. */
  static async on(servers: string, kafkaHome: string | null = null): Promise<LessonWorld> {
    return LessonWorld.#install(servers, kafkaHome)
  }

  static #install(servers: string | null, kafkaHome: string | null = null): LessonWorld {
    const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'kt-lessons-')))
    installPackage(path.join(directory, 'package'))
    return new LessonWorld(directory, servers, kafkaHome ?? process.env.KAFKA_HOME)
  }

  /** What a learner's programs have in their environment. */
  get env(): Readonly<Record<string, string>> {
    return this.#env
  }

  /** The learner's `kt`. */
  get program(): string {
    return path.join(this.#directory, 'package/bin/kt')
  }

  /**
   * The desk as `kt learn` would have it, in this process: looks are many, and a process for each would take long. `more` is
   * added to the environment.
   */
  desk(more: Readonly<Record<string, string>> = {}): Promise<Desk> {
    const env = { ...this.#env, ...more }
    const { context, close } = createContext({
      ...{ stdout: new KeptOutput(), stderr: new KeptOutput(), env, clock: systemClock },
      stdin: () => Object.assign(Readable.from([]), { isTerminal: false }),
      stdinIsTerminal: false,
      signal: new AbortController().signal,
      ...{ programName: 'kt learn', asScript: false, createAdmin: async (options) => createAdmin(options) },
      localCluster: { find: async () => null, start: () => Promise.reject(new Error('started by commands alone')) },
      ask: () => Promise.reject(new Error('nobody to ask')),
      run: async () => 1,
    })
    this.#closing.push(close)
    return Desk.open({ local: false, target: {}, course: COURSE, agree: async () => true }, context)
  }

  /** Runs `kt LINE` to its end. */
  kt(line: string, input: readonly string[] = []): Promise<Run> {
    return new Promise((resolve, reject) => {
      const child = this.#spawn(line, COMMAND_LIMIT_MS)
      const output = kept(child)
      child.on('error', reject)
      child.on('close', (code) => resolve({ code: code ?? -1, output: output() }))
      child.stdin?.end(input.map((each) => `${each}\n`).join(''))
    })
  }

  /** Runs `kt LINE` until it is ended. */
  beside(line: string, input: readonly string[] = []): Beside {
    const child = this.#spawn(line)
    const output = kept(child)
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
    // Its input stays open: what reads lines goes on.
    child.stdin?.write(input.map((each) => `${each}\n`).join(''))
    return {
      get output() {
        return output()
      },
      async end() {
        child.kill('SIGINT')
        const timer = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS)
        await ended
        clearTimeout(timer)
      },
    }
  }

  #spawn(line: string, timeout?: number): ChildProcess {
    const env = { ...process.env, ...this.#env }
    const options = { env, cwd: this.#directory, ...(timeout === undefined ? {} : { timeout }) }
    const read = readShellLine(line)
    if (read.kind !== 'words') return spawn('sh', ['-c', `kt ${line}`], options)
    return spawn(process.execPath, [path.join(this.#directory, 'package/bin/kt'), ...read.words], options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#closing.map((close) => close()))
    // A lesson that was not reset has left its programs.
    await new Programs(this.#env).end('')
    // Its own one, and those that a lesson has made beside it and could not take back.
    for (const name of clusterNames(this.#env)) {
      await Promise.all(runningNodes(clusterDirectory(this.#env, name)).map((node) => killNode(node)))
    }
    fs.rmSync(this.#directory, { recursive: true, force: true })
  }
}

function kept(child: ChildProcess): () => string {
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stdin?.on('error', () => undefined)
  return () => Buffer.concat(chunks).toString('utf8')
}
