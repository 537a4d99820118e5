/** Runs a command line in this process, as `bin/kt` would, with streams that are kept and services that are handed in. */
import { Readable } from 'node:stream'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { KtError } from '../../src/base/errors.ts'
import type { CommandTable } from '../../src/cli/command.ts'
import type { LocalClusterAccess } from '../../src/cli/connection.ts'
import type { CommandContext, Output } from '../../src/cli/context.ts'
import { COMMANDS, runProgram } from '../../src/cli/program.ts'
import type { Question } from '../../src/cli/prompt.ts'
import type { Admin, ClientOptions } from '../../src/client/admin-types.ts'
import { testHome } from './test-home.ts'

export interface RunOptions {
  /** Makes stdout, stderr and stdin terminals. */
  readonly terminal?: boolean
  readonly columns?: number
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string | Uint8Array
  readonly clock?: Clock
  readonly signal?: AbortSignal
  readonly commands?: CommandTable
  readonly localCluster?: LocalClusterAccess
  /** Left out: the real admin. */
  readonly createAdmin?: (options: ClientOptions) => Promise<Admin>
  /** Where stdout is kept: for who reads it while the command runs. */
  readonly stdout?: KeptOutput
  /** Answers to questions, in order. */
  readonly answers?: readonly string[]
}

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** What the person was asked. */
  readonly questions: readonly string[]
}

/** An `Output` that keeps what is written. */
export class KeptOutput implements Output {
  readonly isTerminal: boolean
  readonly columns: number
  readonly #chunks: Buffer[] = []

  constructor(isTerminal = false, columns = 80) {
    this.isTerminal = isTerminal
    this.columns = columns
  }
  write(data: string | Uint8Array): boolean {
    this.#chunks.push(Buffer.from(data as string))
    return true
  }
  async drain(): Promise<void> {}
  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }
  get text(): string {
    return this.bytes.toString('utf8')
  }
}

const noLocalCluster: LocalClusterAccess = {
  find: async () => null,
  start: async () => {
    throw new KtError('unreachable', 'this test has no local cluster')
  },
}

/** Runs `kt ARGS`. Nothing is thrown: failures are in `stderr` and `code`. */
export async function runCommand(args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const stdout = options.stdout ?? new KeptOutput(options.terminal, options.columns)
  const stderr = new KeptOutput(options.terminal, options.columns)
  const questions: string[] = []
  const answers = [...(options.answers ?? [])]
  const code = await runProgram(
    args,
    {
      stdout,
      stderr,
      stdin: () => stdinOf(options),
      stdinIsTerminal: options.terminal === true,
      env: { NO_COLOR: '1', KT_HOME: testHome(), ...options.env },
      clock: options.clock ?? systemClock,
      signal: options.signal ?? new AbortController().signal,
      localCluster: options.localCluster ?? noLocalCluster,
      createAdmin: options.createAdmin ?? realAdmin,
      ask: async (question: Question) => {
        questions.push(question.message)
        return answers.shift() ?? ''
      },
    },
    options.commands ?? COMMANDS,
  )
  return { code, stdout: stdout.text, stderr: stderr.text, questions }
}

function stdinOf(options: RunOptions): CommandContext['stdin'] {
  const stream = Readable.from(options.input === undefined ? [] : [Buffer.from(options.input as string)])
  return Object.assign(stream, { isTerminal: options.terminal === true })
}

async function realAdmin(options: ClientOptions): Promise<Admin> {
  return (await import('../../src/client/admin.ts')).createAdmin(options)
}
