/** What a shell keeps from line to line: where lines connect, how the last one ended, and the words it knows itself. */
import * as path from 'node:path'
import { KtError } from '../../base/errors.ts'
import { chosenProfile } from '../chosen-profile.ts'
import type { CommandTable } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { reportError, toKtError } from '../errors.ts'
import { exitCodeFor, OK } from '../exit-codes.ts'
import { ProfileStore } from '../profiles.ts'
import { SHELL_TARGET, type ShellTarget, withShellTarget } from '../shell-target.ts'
import { type LineContext, runLine } from './run-line.ts'

/** What differs between a shell at a terminal, a script, and a lesson. */
export type SessionParts = Pick<
  LineContext,
  'openInput' | 'isTerminal' | 'sharesTerminal' | 'binDirectory' | 'ask' | 'observe'
> & {
  readonly context: CommandContext
  readonly commands: CommandTable
  readonly target: ShellTarget
  /** More words, such as those of a lesson; they win over commands and over the shell's own words. */
  readonly words?: LineContext['builtIns']
}

/** Words of the shell itself, with what help says of them. */
export const BUILT_INS: Readonly<Record<string, string>> = {
  use: 'use PROFILE, use --bootstrap-server HOST:PORT, use --none: where lines connect that do not say it',
  help: 'this; help topics: the options of a command',
  exit: 'exit [CODE], or Ctrl-D: leave',
}

const HELP = `Every command of kt, with or without the kt in front of it, and Kafka's scripts as notes print them:
  topics --list
  bin/kafka-topics.sh --describe --topic orders
Lines with |, >, <, &&, $ run in sh, where kt is on the PATH: topics --list | head -3
  !COMMAND       any command of the system
  # ...          a comment
  Tab            completes commands, options, topics, groups, brokers
  Ctrl-C         ends what runs, or clears the line
`

/** One per shell. */
export class ShellSession {
  /** Of the last line that did something. */
  lastExitCode = OK
  /** Set by `exit`. */
  leaving = false
  readonly #parts: SessionParts
  readonly #lines: Omit<LineContext, 'env'>
  #target: ShellTarget

  constructor(parts: SessionParts) {
    const { context, commands, openInput, isTerminal, binDirectory, ask, observe, words = {} } = parts
    this.#parts = parts
    this.#target = parts.target
    this.#lines = {
      run: (args, surroundings) => context.run(args, surroundings),
      stdout: context.stdout,
      stderr: context.stderr,
      clock: context.clock,
      ...{ openInput, isTerminal, binDirectory },
      ...(parts.sharesTerminal === undefined ? {} : { sharesTerminal: parts.sharesTerminal }),
      commandOf: (word) => commandOf(word, commands),
      builtIns: {
        use: this.#told((words) => this.#use(words)),
        help: this.#told((words) => this.#help(words)),
        exit: this.#told(async (words) => this.#exit(words)),
        quit: this.#told(async (words) => this.#exit(words)),
        shell: this.#told(async () => {
          throw new KtError('usage', 'this is kt shell already', { next: 'help' })
        }),
        ...Object.fromEntries(Object.entries(words).map(([word, run]) => [word, this.#told(run)])),
      },
      ...(ask === undefined ? {} : { ask }),
      ...(observe === undefined ? {} : { observe }),
    }
  }

  /** Runs a line; its exit code is the last one from then on, unless it does nothing. */
  async run(line: string, signal: AbortSignal): Promise<number> {
    this.lastExitCode = (await runLine(line, { ...this.#lines, env: this.env }, signal)) ?? this.lastExitCode
    return this.lastExitCode
  }

  /** The environment of lines: the shell's own, and where it connects. */
  get env(): CommandContext['env'] {
    const { env } = this.#parts.context
    const isTold = Object.values(this.#target).some((value) => value !== undefined)
    return isTold ? { ...env, [SHELL_TARGET]: JSON.stringify(this.#target) } : env
  }

  /** Where lines connect, in a word or two: a profile's name, servers, or `local` for the local cluster. */
  get place(): string {
    const target = withShellTarget(this.#target, this.env)
    const profile = chosenProfile(target, this.env)?.name
    return target.bootstrapServer ?? profile ?? (this.env.KT_BOOTSTRAP_SERVER || 'local')
  }

  /** A failure of the shell's own words is shown as any other. */
  #told(work: (words: readonly string[]) => Promise<number>): (words: readonly string[]) => Promise<number> {
    return async (words) => {
      try {
        return await work(words)
      } catch (error) {
        const failure = toKtError(error)
        reportError(failure, this.#parts.context)
        return exitCodeFor(failure.kind, false)
      }
    }
  }

  async #use(words: readonly string[]): Promise<number> {
    const { context } = this.#parts
    if (words.length > 0) this.#target = this.#targetOf(words)
    context.stdout.write(`Lines connect to ${this.place === 'local' ? 'the local cluster' : this.place}.\n`)
    return OK
  }

  #targetOf(words: readonly string[]): ShellTarget {
    const [first, second, ...more] = words
    if (first === '--none' && second === undefined) return {}
    if (first === '--bootstrap-server' && second !== undefined && more.length === 0) return { bootstrapServer: second }
    const profile = first === '--profile' ? second : first
    if (profile === undefined || profile.startsWith('-') || words.length > 2) {
      throw new KtError('usage', 'use takes a profile, --bootstrap-server HOST:PORT or --none', { next: 'help use' })
    }
    // Not there is told now, not with every line that follows.
    new ProfileStore(this.#parts.context.env).read(profile)
    return { profile }
  }

  async #help(words: readonly string[]): Promise<number> {
    const { context, commands } = this.#parts
    const [word] = words
    if (word !== undefined && Object.hasOwn(BUILT_INS, word)) {
      context.stdout.write(`${BUILT_INS[word]}\n`)
      return OK
    }
    const { stdout, stderr } = context
    if (word !== undefined) return context.run([path.posix.basename(word), '--help'], { env: this.env, stdout, stderr })
    const listed = Object.keys(commands).filter((name) => commands[name]!.hidden !== true && name !== 'shell')
    const own = Object.values(BUILT_INS).map((text) => `  ${text}\n`)
    context.stdout.write(
      `${HELP}\nWords of the shell:\n${own.join('')}\nCommands:\n${columns(listed, context.stdout.columns)}`,
    )
    return OK
  }

  #exit([code]: readonly string[]): number {
    if (code !== undefined && !/^\d{1,3}$/.test(code)) {
      throw new KtError('usage', `'${code}' is not an exit code`, { facts: ['0 to 255'] })
    }
    this.leaving = true
    return code === undefined ? this.lastExitCode : Number(code) % 256
  }
}

/** `topics`, `kafka-topics`, `kafka-topics.sh`, and the last with any directory in front. */
export function commandOf(word: string, commands: CommandTable): string | undefined {
  if (Object.hasOwn(commands, word)) return word
  const script = `${path.posix.basename(word).replace(/\.sh$/, '')}.sh`
  return Object.keys(commands).find((name) => commands[name]!.script === script || commands[name]!.verbsOf === script)
}

function columns(names: readonly string[], width: number): string {
  const column = Math.max(...names.map((name) => name.length)) + 2
  const perLine = Math.max(1, Math.floor((width - 2) / column))
  const lines: string[] = []
  for (let at = 0; at < names.length; at += perLine) {
    const line = names.slice(at, at + perLine).map((name) => name.padEnd(column))
    lines.push(`  ${line.join('').trimEnd()}\n`)
  }
  return lines.join('')
}
