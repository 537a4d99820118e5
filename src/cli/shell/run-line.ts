/**
 * One line of a shell, run: by a word of the shell itself, by a command of kt in this process, or by `sh`. Whoever gives
 * a person a prompt (`kt shell`, lessons) runs its lines here and sees what each came to.
 */
import { spawn } from 'node:child_process'
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import type { CommandContext, Output, Surroundings } from '../context.ts'
import { reportError } from '../errors.ts'
import { exitCodeFor, exitCodeForReason, OK } from '../exit-codes.ts'
import { type ProgramPlace, readShellLine } from './read-line.ts'

/** A line that began or ended, as an observer is told. */
export interface LineEvent {
  readonly kind: 'began' | 'ended'
  /** As typed. */
  readonly line: string
  readonly runBy: 'shell' | 'kt' | 'sh'
  /** The words of the command; [] of a line that `sh` runs. */
  readonly words: readonly string[]
  /** The command of kt, `topics`, whatever name it was called by; null where there is none. */
  readonly command: string | null
  /** Of an end. */
  readonly exitCode?: number
  readonly elapsedMs?: number
}

/** What lines run in. Nothing of it is changed by a line but what its built-in words change themselves. */
export interface LineContext {
  /** Runs a command of kt: the `run` of the context that the shell itself has. */
  readonly run: CommandContext['run']
  readonly stdout: Output
  readonly stderr: Output
  /** Standard input of a command, at its first use; `close` is called when the line has ended. */
  readonly openInput: () => { readonly stream: CommandContext['stdin']; close(): void }
  /** A person types the answers, and children of `sh` have the terminal as theirs. */
  readonly isTerminal: boolean
  /** False where something else stands on the terminal, such as a full screen: children of `sh` write to pipes. */
  readonly sharesTerminal?: boolean
  readonly env: CommandContext['env']
  readonly clock: CommandContext['clock']
  /** Directory of `kt` and the scripts, for the PATH of `sh`. */
  readonly binDirectory: string
  /** Words that the shell knows itself: `use`, `exit`. */
  readonly builtIns: Readonly<Record<string, (words: readonly string[]) => Promise<number>>>
  /** The command of kt that a word names: `topics`, `kafka-topics.sh`, `bin/kafka-topics.sh`. */
  readonly commandOf: (word: string) => string | undefined
  readonly ask?: (
    question: Parameters<CommandContext['ask']>[0],
    signal: AbortSignal,
    input: CommandContext['stdin'],
  ) => Promise<string>
  readonly observe?: (event: LineEvent) => void
}

/** These are a process of their own: a node takes signals, and ends its process when it has stopped. */
const OWN_PROCESS = new Set(['server-start', 'zookeeper-server-start'])

/** Runs a line to its exit code; null for one that does nothing. A failure is shown, nothing is thrown. */
export async function runLine(line: string, context: LineContext, signal: AbortSignal): Promise<number | null> {
  const read = readShellLine(line)
  if (read.kind === 'empty') return null
  if (read.kind === 'open') {
    const error = new KtError('usage', 'the line has no end: a quote, a backslash or a here-document is open')
    reportError(error, context)
    return exitCodeFor('usage', false)
  }
  if (read.kind === 'sh') {
    const hole = /<[A-Za-z][\w-]*>(?=[\s,:'"]|$)/.exec(read.text)?.[0]
    if (hole !== undefined && read.programs.length > 0) return placeToFill(hole, context)
    const text = withPrograms(read.text, read.programs, context)
    return observed({ line, runBy: 'sh', words: [], command: null }, context, () => runBySh(text, context, signal))
  }
  const words = read.words[0] === 'kt' && read.words.length > 1 ? read.words.slice(1) : read.words
  const [program = '', ...rest] = words
  if (Object.hasOwn(context.builtIns, program)) {
    return observed({ line, runBy: 'shell', words, command: null }, context, () => context.builtIns[program]!(rest))
  }
  const command = context.commandOf(program) ?? null
  if (command !== null && OWN_PROCESS.has(command)) {
    const typed = words.map(quoted).join(' ')
    return observed({ line, runBy: 'sh', words, command }, context, () => runBySh(`kt ${typed}`, context, signal))
  }
  // A script's name means the command: what only the script lacks, as a place to connect to, is the shell's to give.
  const name = command ?? program
  return observed({ line, runBy: 'kt', words: [name, ...rest], command }, context, async () => {
    const exitCode = await runInProcess([name, ...rest], context, signal)
    // Words that are neither kt's nor an option of it may be a command of the system.
    if (command === null && /^[\w./]/.test(program) && exitCode !== OK) {
      context.stderr.write(`  or, for a command of the system: !${line.trim()}\n`)
    }
    return exitCode
  })
}

async function observed(
  what: Omit<LineEvent, 'kind'>,
  { observe, clock }: LineContext,
  work: () => Promise<number>,
): Promise<number> {
  observe?.({ kind: 'began', ...what })
  const began = clock.now()
  const exitCode = await work()
  observe?.({ kind: 'ended', ...what, exitCode, elapsedMs: clock.now() - began })
  return exitCode
}

function placeToFill(hole: string, context: LineContext): number {
  const facts = ['notes write so what each reader has another name for; a shell takes < and > for files']
  reportError(new KtError('usage', `${hole} is a place to fill in`, { facts }), context)
  return exitCodeFor('usage', false)
}

async function runInProcess(words: readonly string[], context: LineContext, signal: AbortSignal): Promise<number> {
  let input: ReturnType<LineContext['openInput']> | undefined
  const stdin = (): CommandContext['stdin'] => {
    input ??= context.openInput()
    return input.stream
  }
  const { ask, stdout, stderr, env, isTerminal: stdinIsTerminal } = context
  const surroundings: Surroundings = {
    ...{ stdout, stderr, stdin, stdinIsTerminal, env, signal },
    ...(ask === undefined ? {} : { ask: (question, until) => ask(question, until, stdin()) }),
  }
  try {
    return await context.run(words, surroundings)
  } finally {
    input?.close()
  }
}

/** The text for `sh`: commands of kt are called by it, wherever they are named. */
function withPrograms(text: string, programs: readonly ProgramPlace[], { commandOf }: LineContext): string {
  let result = ''
  let from = 0
  for (const { word, start, end } of programs) {
    const command = commandOf(word)
    if (command === undefined) continue
    result += `${text.slice(from, start)}kt ${command}`
    from = end
  }
  return result + text.slice(from)
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** A child that is younger may have come after a Ctrl-C that we hear of only now. */
const JUST_BORN_MS = 100

async function runBySh(text: string, context: LineContext, signal: AbortSignal): Promise<number> {
  const { stdout, stderr, env, clock, binDirectory, sharesTerminal = true } = context
  const isTerminal = context.isTerminal && sharesTerminal
  await Promise.all([stdout.drain(), stderr.drain()])
  // Ctrl-C that came before there was anybody to get it.
  if (signal.aborted) return exitCodeForReason(signal.reason)
  const child = spawn('sh', ['-c', text], {
    env: { ...env, PATH: `${binDirectory}${path.delimiter}${env.PATH ?? ''}` } as NodeJS.ProcessEnv,
    stdio: isTerminal ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    // All of a pipeline can then be ended, and not its shell alone.
    detached: !sharesTerminal,
  })
  const copied = [copy(child.stdout, stdout), copy(child.stderr, stderr)]
  const bornAt = clock.monotonic()
  const end = (): void => {
    if (!sharesTerminal) endGroup(child.pid, signal.reason === 'SIGINT' ? 'SIGINT' : 'SIGTERM')
    else if (!isTerminal || signal.reason !== 'SIGINT') child.kill('SIGTERM')
    // At a terminal Ctrl-C reaches everybody by itself, and twice would be too much; but for who was not there yet.
    else if (clock.monotonic() - bornAt < JUST_BORN_MS) child.kill('SIGINT')
  }
  signal.addEventListener('abort', end, { once: true })
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', (error) => reject(error))
      child.on('close', (code, by) => resolve(code ?? (by === null ? OK : exitCodeForReason(by))))
    })
  } catch (error) {
    const facts = [String((error as Error).message)]
    reportError(new KtError('not-found', 'sh is not there, and the line needs it', { facts }), context)
    return exitCodeFor('not-found', false)
  } finally {
    signal.removeEventListener('abort', end)
    await Promise.all(copied)
  }
}

/** Ends a process and those it has started. */
function endGroup(pid: number | undefined, by: 'SIGINT' | 'SIGTERM'): void {
  try {
    if (pid !== undefined) process.kill(-pid, by)
  } catch {
    // They have ended by themselves.
  }
}

async function copy(from: NodeJS.ReadableStream | null, to: Output): Promise<void> {
  if (from === null) return
  for await (const chunk of from) if (!to.write(chunk as Buffer)) await to.drain()
}
