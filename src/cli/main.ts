/** The program's entry: the process's streams, signals and services meet the commands here and nowhere else. */
import * as fs from 'node:fs'
import { isatty } from 'node:tty'
import { systemClock } from '../base/clock.ts'
import type { Admin, ClientOptions } from '../client/admin-types.ts'
import type { LocalClusterAccess } from './connection.ts'
import type { CommandContext, Output } from './context.ts'
import { StreamOutput } from './output.ts'
import { runProgram } from './program.ts'
import type { Question } from './prompt.ts'
import { abortOnSignals, Interrupts } from './signals.ts'

/** Streams of a run; the process's own unless a test hands in others. */
export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: () => CommandContext['stdin']
  readonly stdinIsTerminal: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Runs one command line and resolves to its exit code; `bin/kt` hands that to the process. `args` are the words after
 * the program's name.
 */
export async function main(
  args: readonly string[] = process.argv.slice(2),
  env: Environment = process.env,
  io?: Io,
): Promise<number> {
  const ending = new AbortController()
  const streams = io ?? processIo(() => ending.abort('closed'))
  const interrupts = new Interrupts()
  const stop = abortOnSignals(ending, process, interrupts)
  try {
    return await runProgram(args, {
      ...streams,
      env,
      clock: systemClock,
      signal: ending.signal,
      localCluster,
      createAdmin,
      ask,
      holdInterrupts: (listener) => interrupts.hold(listener),
    })
  } finally {
    stop()
    if (ending.signal.aborted && io === undefined) endSoon()
  }
}

/** Longest that something may hold the process which the command has left behind. */
const LINGER_MS = 500

/** What was interrupted ends, whatever a library still waits for; output that is under way goes first. */
function endSoon(): void {
  const end = (): void => {
    if (process.stdout.destroyed || process.stdout.writableLength === 0) process.exit()
    else endSoon()
  }
  setTimeout(end, LINGER_MS).unref()
}

function processIo(onClosed: () => void): Io {
  const stdout = new StreamOutput(() => process.stdout, isatty(1), onClosed)
  return {
    stdout,
    stderr: new StreamOutput(() => process.stderr, isatty(2), undefined, stdout),
    stdin: () => Object.assign(openStdin(), { isTerminal: isatty(0) }),
    stdinIsTerminal: isatty(0),
  }
}

/** Each read of a file is a journey to another thread and back: fewer and larger ones. */
const FILE_READ_BYTES = 256 * 1024

function openStdin(): NodeJS.ReadableStream {
  if (!stdinIsFile()) return process.stdin
  return fs.createReadStream('', { fd: 0, autoClose: false, highWaterMark: FILE_READ_BYTES })
}

function stdinIsFile(): boolean {
  try {
    return fs.fstatSync(0).isFile()
  } catch {
    return false // A closed descriptor: the stream tells.
  }
}

async function createAdmin(options: ClientOptions): Promise<Admin> {
  return (await import('../client/admin.ts')).createAdmin(options)
}

async function ask(question: Question, signal: AbortSignal): Promise<string> {
  return (await import('./prompt.ts')).askAtTerminal(question, signal)
}

const localCluster: LocalClusterAccess = {
  async find(env) {
    const { checkNamedCluster, findLocalCluster } = await import('../cluster/local-cluster.ts')
    const local = findLocalCluster({ env })
    if (local === null) checkNamedCluster(env)
    // Whoever names a cluster means no other one.
    if (local !== null || env.KT_CLUSTER) return local
    return (await import('../cluster/hand-started.ts')).findHandStarted(env)
  },
  async start(env, tell) {
    const { startLocalCluster } = await import('../cluster/local-cluster.ts')
    const { bootstrapServers, notes } = await startLocalCluster({ env })
    for (const note of notes) tell(note)
    return bootstrapServers
  },
}
