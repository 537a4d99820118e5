/** Lines of a file or a pipe, run one after the other: a script. */
import * as readline from 'node:readline'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { readShellLine } from '../../cli/shell/read-line.ts'
import type { ShellSession } from '../../cli/shell/session.ts'

/** A line that goes on for longer is not a line of commands. */
const MAX_LINE_LENGTH = 1024 * 1024

export interface ScriptOptions {
  /** The first line that fails is the last one. */
  readonly exitOnError: boolean
}

/** Runs the lines of `input`; resolves to the exit code of the last one, or of the one that ended it. */
export async function runScript(
  input: NodeJS.ReadableStream,
  session: ShellSession,
  { exitOnError }: ScriptOptions,
  { stderr, signal }: CommandContext,
): Promise<number> {
  let number = 0
  for await (const { text, lines } of wholeLines(input)) {
    const first = number + 1
    number += lines
    const code = await session.run(text, signal)
    if (session.leaving || signal.aborted) break
    if (code !== OK && readShellLine(text).kind !== 'empty') {
      stderr.write(`kt shell: line ${first}: exit code ${code}${exitOnError ? '; the rest is not run' : ''}\n`)
      if (exitOnError) break
    }
  }
  return session.lastExitCode
}

interface WholeLine {
  readonly text: string
  /** How many lines of the script it took. */
  readonly lines: number
}

/** Lines that belong together as one: continued by a backslash, an open quote, a here-document. */
async function* wholeLines(input: NodeJS.ReadableStream): AsyncGenerator<WholeLine> {
  let open: string | null = null
  let lines = 0
  const reader = readline.createInterface({ input, terminal: false })
  try {
    for await (const line of reader) {
      const text: string = open === null ? line : `${open}\n${line}`
      lines += 1
      open = readShellLine(text).kind === 'open' && text.length < MAX_LINE_LENGTH ? text : null
      if (open !== null) continue
      yield { text, lines }
      lines = 0
    }
    // What never ends is run as it is: that says what is wrong with it.
    if (open !== null) yield { text: open, lines }
  } finally {
    reader.close()
  }
}
