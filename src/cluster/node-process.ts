/** One node as an operating-system process: spawn, recognise, stop. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type ErrorKind, KtError } from '../base/errors.ts'
import type { NodePaths } from './cluster-directory.ts'

/** `process.json`: who runs here. `startTicks` tells a process from a later one that was given the same pid. */
export interface NodeProcess {
  readonly nodeId: number
  readonly pid: number
  readonly startTicks: string
  readonly startedAtMs: number
  readonly host: string
  readonly port: number
}

/** What a node tells the process that started it, once. */
export type StartMessage =
  | { readonly ready: true; readonly port: number }
  | {
      readonly ready: false
      readonly kind: ErrorKind
      readonly message: string
      readonly facts: readonly string[]
      readonly next?: string
    }

const START_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 30_000
const POLL_MS = 20

/** When a process started, in a form that only equals itself: /proc's clock ticks, elsewhere what `ps` prints; '' when it is gone. */
export function startTicks(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? '' : fields[19]!
  } catch {
    if (process.platform === 'linux') return ''
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  }
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

/** The node's process if it is still the one that was started, else null. A few file reads, nothing more. */
export function runningProcess(paths: NodePaths): NodeProcess | null {
  let recorded: NodeProcess
  try {
    recorded = JSON.parse(fs.readFileSync(paths.process, 'utf8')) as NodeProcess
  } catch {
    return null
  }
  const ticks = startTicks(recorded.pid)
  return ticks !== '' && ticks === recorded.startTicks ? recorded : null
}

/** The built entry beside this module, or its source under tsx in development. */
function nodeEntry(): string[] {
  for (const place of ['./cluster/node-main.js', '../cluster/node-main.js', './node-main.js']) {
    const file = fileURLToPath(new URL(place, import.meta.url))
    if (fs.existsSync(file)) return [file]
  }
  // Found from here: the node's working directory is its own.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return ['--import', tsx, fileURLToPath(new URL('./node-main.ts', import.meta.url))]
}

/**
 * Starts the node detached from this process (an unformatted directory is formatted for `clusterId` first) and resolves when it answers on its port; its output goes to the log file.
 * A node that cannot start says why: the `KtError` is its own.
 */
export async function spawnNode(
  paths: NodePaths,
  node: { readonly nodeId: number; readonly host: string; readonly clusterId: string },
): Promise<NodeProcess> {
  const { nodeId, host, clusterId } = node
  const log = fs.openSync(paths.log, 'a')
  const child = spawn(process.execPath, [...nodeEntry(), paths.properties, clusterId], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    cwd: paths.directory,
  })
  fs.closeSync(log)
  const message = await startMessage(child, paths)
  if (!message.ready) {
    throw new KtError(message.kind, message.message, { facts: message.facts, next: message.next ?? 'kt cluster logs' })
  }
  child.disconnect()
  child.unref()
  const pid = child.pid!
  const started: NodeProcess = {
    ...{ nodeId, pid, startTicks: startTicks(pid), startedAtMs: Date.now() },
    ...{ host, port: message.port },
  }
  fs.writeFileSync(paths.process, `${JSON.stringify(started)}\n`)
  return started
}

function startMessage(child: ChildProcess, paths: NodePaths): Promise<StartMessage> {
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => {
      child.kill('SIGKILL')
      fail(`the node did not answer within ${START_TIMEOUT_MS / 1000} s and was killed`)
    }, START_TIMEOUT_MS)
    const fail = (what: string): void => {
      clearTimeout(giveUp)
      const facts = [`the end of ${paths.log}:`, ...lastLines(paths.log, 5).map((line) => `  ${line}`)]
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
  const alive = (): boolean => startTicks(running.pid) === running.startTicks
  process.kill(running.pid, 'SIGTERM')
  const ended = await waitUntil(() => !alive(), STOP_TIMEOUT_MS)
  if (!ended) {
    process.kill(running.pid, 'SIGKILL')
    await waitUntil(() => !alive(), STOP_TIMEOUT_MS)
  }
  fs.rmSync(paths.process, { force: true })
  return ended ? 'stopped' : 'killed'
}

async function waitUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  for (let waited = 0; waited < timeoutMs; waited += POLL_MS) {
    if (condition()) return true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return condition()
}
