/** One node as an operating-system process: spawn, recognise, signal, stop. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type ErrorKind, KtError } from '../base/errors.ts'
import type { NodePaths } from './cluster-directory.ts'
import type { NodeRoles } from './cluster-plan.ts'

/**
 * `process.json`, written by the node itself: who runs here. `startTicks` tells a process from a later one that was given
 * the same pid. A controlled shutdown removes the file; one whose process is gone is what a kill leaves.
 */
export interface NodeProcess {
  readonly nodeId: number
  readonly roles: NodeRoles
  readonly pid: number
  readonly startTicks: string
  readonly startedAtMs: number
  readonly host: string
  /** Port for clients; null for a mere controller. */
  readonly port: number | null
  /** Port of the controller listener; null for a mere broker. */
  readonly controllerPort: number | null
  /** False until it is in service. */
  readonly ready: boolean
  /** Socket at which its timeline can be read; null where that cannot be. */
  readonly timeline?: string | null
}

/** What a node tells the process that started it, once. */
export type StartMessage =
  | { readonly ready: true; readonly port: number | null; readonly controllerPort: number | null }
  | {
      readonly ready: false
      readonly kind: ErrorKind
      readonly message: string
      readonly facts: readonly string[]
      readonly next?: string
    }

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 30_000
const POLL_MS = 10

export type ProcessState = 'running' | 'paused' | 'gone'

interface ProcStat {
  /** R, S, T, Z, ... */
  readonly state: string
  readonly startTicks: string
}

function procStat(pid: number): ProcStat | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0]!, startTicks: fields[19]! }
  } catch {
    return null
  }
}

/** The same from `ps`, where there is no /proc. */
function psStat(pid: number): ProcStat | null {
  const line = spawnSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? ''
  const match = /^(\S+)\s+(.+)$/.exec(line)
  return match === null ? null : { state: match[1]![0]!, startTicks: match[2]! }
}

function statOf(pid: number): ProcStat | null {
  const stat = process.platform === 'linux' ? procStat(pid) : psStat(pid)
  return stat === null || stat.state === 'Z' ? null : stat
}

/** When a process started, in a form that only equals itself: /proc's clock ticks, elsewhere what `ps` prints; '' when it is gone. */
export function startTicks(pid: number): string {
  return statOf(pid)?.startTicks ?? ''
}

/** Resident memory in bytes; null when it cannot be told. */
export function residentBytes(pid: number): number | null {
  try {
    const match = /VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))
    return match === null ? null : Number(match[1]) * 1024
  } catch {
    const kilobytes = Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout)
    return kilobytes > 0 ? kilobytes * 1024 : null
  }
}

/** What `process.json` says, whether or not that process still lives; null without one. */
export function recordedProcess(paths: NodePaths): NodeProcess | null {
  try {
    const recorded = JSON.parse(fs.readFileSync(paths.process, 'utf8')) as NodeProcess
    // Written by an earlier version: a process that was recorded was in service.
    return { ...recorded, ready: recorded.ready ?? true, roles: recorded.roles ?? 'broker,controller' }
  } catch {
    return null
  }
}

/** Whether the recorded process is still the one that was started, and whether it is stopped by a signal. */
export function processState(recorded: NodeProcess): ProcessState {
  const stat = statOf(recorded.pid)
  if (stat === null || stat.startTicks !== recorded.startTicks) return 'gone'
  return stat.state === 'T' ? 'paused' : 'running'
}

/** The node's process if it still lives, else null. A few file reads, nothing more. */
export function runningProcess(paths: NodePaths): NodeProcess | null {
  const recorded = recordedProcess(paths)
  return recorded !== null && processState(recorded) !== 'gone' ? recorded : null
}

/** Writes `process.json` so that a reader never sees half of it. */
export function recordProcess(paths: Pick<NodePaths, 'process'>, node: NodeProcess): void {
  const staging = `${paths.process}.${node.pid}`
  fs.writeFileSync(staging, `${JSON.stringify(node)}\n`)
  fs.renameSync(staging, paths.process)
}

/**
 * A module of the node's own bundle, by its name under `cluster/`: built beside this module, or its source in
 * development. `kt` itself never loads a broker.
 */
export function nodeModule(name: 'node-main' | 'run-node'): string {
  for (const place of [`./cluster/${name}.js`, `../cluster/${name}.js`, `./${name}.js`]) {
    const file = fileURLToPath(new URL(place, import.meta.url))
    if (fs.existsSync(file)) return file
  }
  return fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
}

/** The words after `node` that run a node. */
export function nodeCommand(): string[] {
  const file = nodeModule('node-main')
  if (file.endsWith('.js')) return [file]
  // Found from here: the node's working directory is its own.
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href, file]
}

/** A node on its way. */
export interface StartingNode {
  readonly pid: number
  /** Resolves when it is in service; rejects with the node's own `KtError` when it cannot start. */
  readonly ready: Promise<StartMessage & { readonly ready: true }>
  kill(): void
}

/** Starts a node of the local cluster, detached from this process; its output goes to its log file. */
export function spawnNode(paths: NodePaths, markerFile: string): StartingNode {
  return spawnDetached([paths.properties, '--local-cluster', markerFile], paths.log, paths.directory)
}

export interface ServerOptions {
  readonly propertiesFile: string
  readonly overrides: ReadonlyMap<string, string>
  readonly log: string
  /** Directory in which the node registers itself. */
  readonly registry: string
}

/** Starts a node from a person's own file, detached from this process. */
export function spawnServer({ propertiesFile, overrides, log, registry }: ServerOptions): StartingNode {
  const words = [...overrides].flatMap(([name, value]) => ['--override', `${name}=${value}`])
  return spawnDetached([propertiesFile, '--registry', registry, ...words], log, process.cwd())
}

function spawnDetached(args: readonly string[], logFile: string, cwd: string): StartingNode {
  const log = fs.openSync(logFile, 'a')
  const child = spawn(process.execPath, [...nodeCommand(), ...args], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    cwd,
  })
  fs.closeSync(log)
  return { pid: child.pid ?? -1, ready: inService(child, logFile), kill: () => void child.kill('SIGKILL') }
}

async function inService(child: ChildProcess, logFile: string): Promise<StartMessage & { readonly ready: true }> {
  const message = await startMessage(child, logFile)
  if (!message.ready) {
    throw new KtError(message.kind, message.message, { facts: message.facts, next: message.next ?? 'kt cluster logs' })
  }
  child.disconnect()
  child.unref()
  return message
}

function startMessage(child: ChildProcess, logFile: string): Promise<StartMessage> {
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => {
      child.kill('SIGKILL')
      fail(`the node did not answer within ${START_TIMEOUT_MS / 1000} s and was killed`)
    }, START_TIMEOUT_MS)
    const fail = (what: string): void => {
      clearTimeout(giveUp)
      const facts = [`the end of ${logFile}:`, ...lastLines(logFile, 5).map((line) => `  ${line}`)]
      reject(new KtError('storage', what, { facts, next: 'kt cluster logs' }))
    }
    child.once('message', (message) => {
      clearTimeout(giveUp)
      resolve(message as StartMessage)
    })
    child.once('error', (error) => fail(`the node's process could not be started: ${error.message}`))
    child.once('exit', (code, signal) => fail(`the node ended while starting (${signal ?? `exit code ${code}`})`))
  })
}

/** The last `count` lines of a file that may be large. */
export function lastLines(file: string, count: number): string[] {
  if (!fs.existsSync(file)) return []
  const fd = fs.openSync(file, 'r')
  try {
    const { size } = fs.fstatSync(fd)
    const length = Math.min(size, Math.max(64 * 1024, count * 512))
    const tail = Buffer.alloc(length)
    fs.readSync(fd, tail, 0, length, size - length)
    return tail.toString('utf8').trimEnd().split('\n').slice(-count)
  } finally {
    fs.closeSync(fd)
  }
}

export type StopOutcome = 'stopped' | 'killed'

/** SIGTERM is a controlled shutdown; a node that has not ended after 30 s is killed, and the caller is told so. */
export async function stopNode(running: NodeProcess, paths: NodePaths): Promise<StopOutcome> {
  signalNode(running, 'SIGTERM')
  // A paused process sees no signal before it goes on.
  if (processState(running) === 'paused') signalNode(running, 'SIGCONT')
  const ended = await processEnds(running, STOP_TIMEOUT_MS)
  if (!ended) await killNode(running)
  fs.rmSync(paths.process, { force: true })
  return ended ? 'stopped' : 'killed'
}

/** SIGKILL, and resolves when the process is gone. */
export async function killNode(running: NodeProcess): Promise<void> {
  signalNode(running, 'SIGKILL')
  await processEnds(running, STOP_TIMEOUT_MS)
}

/** Sends a signal; a process that is gone already is no failure. */
export function signalNode(running: NodeProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(running.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function processEnds(running: NodeProcess, timeoutMs: number): Promise<boolean> {
  return waitUntil(() => processState(running) === 'gone', timeoutMs)
}

/** True when the condition came true in time; asked every few milliseconds. */
export async function waitUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  for (let waited = 0; waited < timeoutMs; waited += POLL_MS) {
    if (condition()) return true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return condition()
}
