import * as fs from 'node:fs'
import type { CommandTable } from './command.ts'
import type { CommandContext, Output } from './context.ts'
import { contextWith } from './derived-context.ts'
import { reportError, toKtError } from './errors.ts'
import { exitCodeFor } from './exit-codes.ts'

export interface NestedRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Both, in the order in which they were written: what a person sees. */
  readonly transcript: string
}

/** Keeps what is written; never a terminal, so commands print what they print into a pipe. */
export class CapturedOutput implements Output {
  readonly isTerminal = false
  readonly columns = 80
  readonly #chunks: Buffer[] = []
  readonly #transcript: Buffer[]

  constructor(transcript: Buffer[] = []) {
    this.#transcript = transcript
  }

  write(data: string | Uint8Array): boolean {
    // Copied: a command may reuse its buffer after the write.
    const copy = Buffer.from(data as Uint8Array)
    this.#chunks.push(copy)
    this.#transcript.push(copy)
    return true
  }
  drain(): Promise<void> {
    return Promise.resolve()
  }
  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8')
  }
}

/**
 * Runs `kt <args>` inside the command that `context` belongs to: the same module, its own streams. `inputFile` is what
 * a shell's `<` would name; without it stdin is empty.
 */
export async function runNested(
  args: readonly string[],
  context: CommandContext,
  commands: CommandTable,
  inputFile?: string,
): Promise<NestedRun> {
  const [name, ...rest] = args
  const entry = commands[name!]!
  const transcript: Buffer[] = []
  const stdout = new CapturedOutput(transcript)
  const stderr = new CapturedOutput(transcript)
  const result = (code: number): NestedRun => ({
    code,
    stdout: stdout.text,
    stderr: stderr.text,
    transcript: Buffer.concat(transcript).toString('utf8'),
  })
  const input = fs.createReadStream(inputFile ?? '/dev/null', { highWaterMark: 1024 * 1024 })
  const stdin = Object.assign(input, { isTerminal: false }) as unknown as CommandContext['stdin']
  const called = { programName: `kt ${name}`, args: rest, asScript: false, interactive: false }
  // What is said at the end is said by the command around it.
  const nested = contextWith(context, { stdout, stderr, stdin, ...called, atEnd: undefined })
  try {
    return result(await (await entry.load()).run(rest, nested))
  } catch (error) {
    const failure = toKtError(error)
    reportError(failure, nested)
    return result(exitCodeFor(failure.kind, entry.script !== undefined))
  } finally {
    input.destroy()
  }
}
