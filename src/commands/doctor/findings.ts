/** What `kt doctor` looks at, one after the other. Nothing is changed, nothing is started. */
import * as fs from 'node:fs'
import { connect } from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import { coloursWanted } from '../../cli/colour.ts'
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import { formatHostPort, ktHome } from '../../cluster/cluster-directory.ts'
import { DEFAULT_PORT } from '../../cluster/cluster-plan.ts'
import type { ClusterStatus } from '../../cluster/local-status.ts'

export type State = 'ok' | 'look' | 'broken'

export interface Finding {
  /** What was looked at: `disk`. */
  readonly name: string
  readonly state: State
  /** What was seen. */
  readonly seen: string
  /** Of what went wrong: what was tried, what was observed. */
  readonly facts?: readonly string[]
  /** What to do about it. */
  readonly next?: string
}

const MIN_NODE = [20, 20] as const
const GIB = 1024 ** 3
/** Segments of a lesson take little; load takes this much and more. */
const ROOM_BYTES = 1 * GIB
const PROBE_MS = 2_000
const MIN_SCREEN = { columns: 80, rows: 24 }

/** The Node.js that runs this. */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const isNew = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])
  if (isNew) return { name: 'node', state: 'ok', seen: version }
  const next = `install Node.js ${MIN_NODE.join('.')} or later`
  return { name: 'node', state: 'broken', seen: `${version} is older than ${MIN_NODE.join('.')}`, next }
}

/** Where the local cluster and the progress of lessons are kept. */
export function homeFinding(env: CommandContext['env']): Finding {
  const home = ktHome(env)
  let directory = home
  while (!fs.existsSync(directory)) directory = path.dirname(directory)
  if (!isWritable(directory)) {
    const next = 'export KT_HOME=/a/directory/of/yours'
    return { name: 'files', state: 'broken', seen: `${home} cannot be written to`, next }
  }
  const { bavail, bsize } = fs.statfsSync(directory)
  const free = bavail * bsize
  const seen = `${home}, ${(free / GIB).toFixed(1)} GiB free`
  if (free >= ROOM_BYTES) return { name: 'files', state: 'ok', seen }
  return { name: 'files', state: 'look', seen, next: 'make room, or export KT_HOME to another disk' }
}

function isWritable(directory: string): boolean {
  try {
    fs.accessSync(directory, fs.constants.W_OK)
    return fs.statSync(directory).isDirectory()
  } catch {
    return false
  }
}

/** Nodes that are dead, paused or cut off, as this machine sees them. */
export function clusterFinding({ exists, nodes }: Pick<ClusterStatus, 'exists' | 'nodes'>): Finding {
  const name = 'local cluster'
  if (!exists || nodes.length === 0) {
    return { name, state: 'ok', seen: 'none has been made yet', next: 'kt cluster start' }
  }
  const running = nodes.filter(({ state }) => state === 'running')
  const cut = nodes.filter(({ cutOffFrom }) => cutOffFrom.length > 0).map(({ nodeId }) => nodeId)
  const others = nodes.filter(({ state }) => state !== 'running').map(({ nodeId, state }) => `${nodeId} ${state}`)
  const seen = `${running.length} of ${nodes.length} nodes run`
  if (running.length === 0 && nodes.every(({ state }) => state === 'stopped')) {
    return { name, state: 'ok', seen: 'stopped', next: 'kt cluster start' }
  }
  if (others.length === 0 && cut.length === 0) return { name, state: 'ok', seen }
  const paused = nodes.filter(({ state }) => state === 'paused').map(({ nodeId }) => nodeId)
  const next =
    paused.length > 0
      ? `kt cluster resume ${paused.join(' ')}`
      : others.length > 0
        ? 'kt cluster start'
        : `kt cluster heal ${cut.join(' ')}`
  const cutText = cut.length === 0 ? [] : [`cut off: ${cut.join(' ')}`]
  return { name, state: 'look', seen: [seen, ...others, ...cutText].join(', '), next }
}

/** Whether a new cluster would get the port that notes and examples have. */
export async function portFinding(isTaken: (port: number) => Promise<string | null>): Promise<Finding> {
  const holder = await isTaken(DEFAULT_PORT)
  if (holder === null) return { name: 'port', state: 'ok', seen: `${DEFAULT_PORT} is free` }
  const next = 'kt cluster start takes other ports by itself; kt finds them'
  return { name: 'port', state: 'look', seen: `${DEFAULT_PORT} is taken by ${holder}`, next }
}

/** Full screen, colour, width. */
export function terminalFinding({ stdout, env }: Pick<CommandContext, 'stdout' | 'env'>): Finding {
  const { columns, rows = 0, isTerminal } = stdout
  if (!isTerminal) return { name: 'terminal', state: 'ok', seen: 'none: output goes to a file or a pipe' }
  const colour = coloursWanted(env, true) ? 'with colour' : 'without colour'
  const seen = `${columns}x${rows}, ${colour}`
  if (columns >= MIN_SCREEN.columns && rows >= MIN_SCREEN.rows) return { name: 'terminal', state: 'ok', seen }
  const next = `kt learn has room from ${MIN_SCREEN.columns}x${MIN_SCREEN.rows} on; kt learn --plain prints lines`
  return { name: 'terminal', state: 'look', seen, next }
}

type Reach = Pick<CommandContext, 'connection' | 'admin'>

/** Where commands go, whether somebody answers, and whether every broker is reached at the address it advertises. */
export async function connectionFindings(target: ConnectionTarget, context: Reach): Promise<Finding[]> {
  try {
    const { bootstrapServers } = await context.connection(target)
    const admin = await context.admin(target)
    const { brokers, clusterId } = await admin.describeCluster()
    const seen = `${bootstrapServers.join(',')} answers: cluster ${clusterId}, ${brokers.length} brokers`
    const found: Finding = { name: 'connection', state: 'ok', seen }
    const reached = await Promise.all(brokers.map(({ id, host, port }) => advertisedFinding(id, host, port)))
    return [found, ...reached]
  } catch (error) {
    if (!(error instanceof KtError)) throw error
    const { message, facts, next } = error
    return [{ name: 'connection', state: 'broken', seen: message, facts, ...(next === undefined ? {} : { next }) }]
  }
}

async function advertisedFinding(id: number, host: string, port: number): Promise<Finding> {
  const name = `broker ${id}`
  const address = formatHostPort(host, port)
  const trouble = await tryPort(host, port)
  if (trouble === null) return { name, state: 'ok', seen: `advertises ${address}, which answers` }
  const next = `advertised.listeners of broker ${id} must name an address that this machine reaches`
  return { name, state: 'broken', seen: `advertises ${address}: ${trouble}`, next }
}

/** null when somebody listens; else what happened. */
export function tryPort(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PROBE_MS })
    const end = (trouble: string | null) => (): void => {
      socket.destroy()
      resolve(trouble)
    }
    socket.once('connect', end(null))
    socket.once('timeout', end(`no answer within ${PROBE_MS / 1000} s`))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message)())
  })
}

/** Variables that change what commands do, and that one forgets. */
export function environmentFinding(env: CommandContext['env']): Finding {
  const names = ['KT_BOOTSTRAP_SERVER', 'KT_PROFILE', 'KT_HOME', 'NO_COLOR', 'FORCE_COLOR', 'ACCESSIBLE', 'KT_DEBUG']
  const set = names.filter((name) => Boolean(env[name]))
  const seen = set.length === 0 ? 'nothing of kt is set' : set.map((name) => `${name}=${env[name]}`).join(' ')
  return { name: 'environment', state: 'ok', seen }
}

/** Of the machine: told, not judged. */
export function machineFinding(): Finding {
  const cpus = os.availableParallelism()
  const seen = `${os.type()} ${os.release()}, ${cpus} CPUs, ${(os.freemem() / GIB).toFixed(1)} of ${(os.totalmem() / GIB).toFixed(1)} GiB memory free`
  return { name: 'machine', state: 'ok', seen }
}
