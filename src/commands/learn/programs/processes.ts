/** Programs of lessons as processes: started beside the learner's commands, found again by their files, ended with the lesson. */
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandContext } from '../../../cli/context.ts'
import { clusterDirectory, clusterName, ktHome, readMarker } from '../../../cluster/cluster-directory.ts'
import { startTicks, waitUntil } from '../../../cluster/node-process.ts'
import type { StagePrograms } from '../../../learn/stage.ts'

/** `NAME.json`: what was started, and which process it is; `startTicks` tells it from a later one with the same pid. */
interface Recorded {
  readonly words: readonly string[]
  readonly pid: number
  readonly startTicks: string
  /** The local cluster that it works on; null for one of another cluster. */
  readonly cluster?: string | null
  /** Its id: a cluster of the same name may be another one by now. */
  readonly clusterId?: string | null
}

/** A program of a lesson, running or not. */
export interface ProgramState {
  readonly name: string
  readonly pid: number | null
  /** The words behind `kt` that it was started with. */
  readonly words: readonly string[]
  /** What it says goes there. */
  readonly log: string
}

/** It commits and leaves its group first. */
const END_LIMIT_MS = 5_000
const OTHER_CLUSTER = new Set(['--bootstrap-server', '--command-config', '--profile'])

/** Owner of the files below `$KT_HOME/learn/programs`. */
export class Programs implements StagePrograms {
  readonly #directory: string
  readonly #env: CommandContext['env']

  constructor(env: CommandContext['env']) {
    this.#directory = path.join(ktHome(env), 'learn', 'programs')
    this.#env = env
  }

  /** By name. */
  list(): ProgramState[] {
    const files = fs.existsSync(this.#directory) ? fs.readdirSync(this.#directory) : []
    return files
      .filter((file) => file.endsWith('.json'))
      .sort()
      .flatMap((file) => this.find(file.slice(0, -'.json'.length)) ?? [])
  }

  /** null for one that no lesson has started. */
  find(name: string): ProgramState | null {
    const recorded = this.#read(name)
    if (recorded === null) return null
    const lives = recorded.startTicks !== '' && startTicks(recorded.pid) === recorded.startTicks
    return { name, pid: lives ? recorded.pid : null, words: recorded.words, log: this.#file(name, 'log') }
  }

  names(prefix: string): string[] {
    return this.list().flatMap(({ name }) => (name.startsWith(prefix) ? [name] : []))
  }

  async start(name: string, words: readonly string[]): Promise<void> {
    const cluster = this.#clusterOf(words)
    const clusterId = cluster === null ? null : (readMarker(clusterDirectory(this.#env, cluster))?.clusterId ?? null)
    if ((this.find(name)?.pid ?? null) !== null) {
      if ((this.#read(name)?.clusterId ?? null) === clusterId) return
      // It works on a cluster of before, or on another one.
      await this.stop(name)
    }
    fs.mkdirSync(this.#directory, { recursive: true })
    const log = fs.openSync(this.#file(name, 'log'), 'a')
    try {
      const child = spawn(process.execPath, [ktProgram(), ...words], {
        detached: true,
        stdio: ['ignore', log, log],
        env: { ...process.env, ...this.#env },
      })
      // One that cannot be started is seen by its not being there.
      child.on('error', () => undefined)
      child.unref()
      const pid = child.pid ?? 0
      const ticks = pid === 0 ? '' : startTicks(pid)
      const recorded: Recorded = { words, pid, startTicks: ticks, cluster, clusterId }
      fs.writeFileSync(this.#file(name, 'json'), `${JSON.stringify(recorded)}\n`)
    } finally {
      fs.closeSync(log)
    }
  }

  /** Ends it as Ctrl-C does; it can be started again. */
  async stop(name: string): Promise<void> {
    const pid = this.find(name)?.pid ?? null
    if (pid === null) return
    signal(pid, 'SIGINT')
    const isGone = await waitUntil(() => (this.find(name)?.pid ?? null) === null, END_LIMIT_MS)
    if (!isGone) signal(pid, 'SIGKILL')
    await waitUntil(() => (this.find(name)?.pid ?? null) === null, END_LIMIT_MS)
  }

  async end(prefix: string): Promise<void> {
    await this.#endAll(this.names(prefix))
  }

  /** Ends those that work on this local cluster, and says which of them still ran. */
  async endOn(cluster: string): Promise<string[]> {
    const found = this.list().filter(({ name }) => this.#read(name)?.cluster === cluster)
    await this.#endAll(found.map(({ name }) => name))
    return found.flatMap(({ name, pid }) => (pid === null ? [] : [name]))
  }

  #clusterOf(words: readonly string[]): string | null {
    const isOther = words.some((word) => OTHER_CLUSTER.has(word)) || Boolean(this.#env.KT_BOOTSTRAP_SERVER)
    return isOther ? null : clusterName(this.#env)
  }

  async #endAll(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.stop(name)))
    for (const name of names) for (const kind of ['json', 'log']) fs.rmSync(this.#file(name, kind), { force: true })
  }

  #read(name: string): Recorded | null {
    try {
      return JSON.parse(fs.readFileSync(this.#file(name, 'json'), 'utf8')) as Recorded
    } catch {
      return null
    }
  }

  #file(name: string, kind: string): string {
    return path.join(this.#directory, `${path.basename(name)}.${kind}`)
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone meanwhile.
  }
}

/** `bin/kt` of this package, wherever this module was bundled to. */
function ktProgram(): string {
  let directory = path.dirname(fileURLToPath(import.meta.url))
  while (!fs.existsSync(path.join(directory, 'bin', 'kt')) && path.dirname(directory) !== directory)
    directory = path.dirname(directory)
  return path.join(directory, 'bin', 'kt')
}
