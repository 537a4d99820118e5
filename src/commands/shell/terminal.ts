/** The prompt: editing, completion and history while a line is typed, the terminal to the command while one runs. */
import * as readline from 'node:readline'
import * as tty from 'node:tty'
import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { OutputStream } from '../../cli/output-stream.ts'
import { readShellLine } from '../../cli/shell/read-line.ts'
import type { LineContext } from '../../cli/shell/run-line.ts'
import type { ShellSession } from '../../cli/shell/session.ts'
import { type HistoryFile, MAX_LINES } from './history.ts'

const CONTINUED = '> '

type Completer = (line: string) => Promise<[string[], string]>

/** A terminal's keyboard: `setRawMode` is absent where a test types. */
type Keyboard = CommandContext['stdin'] & { setRawMode?(raw: boolean): unknown }

/** Reads lines of a person; between lines the keyboard belongs to the command that runs. */
export class ShellTerminal {
  readonly #keyboard: Keyboard
  readonly #reader: readline.Interface
  readonly #output: OutputStream
  /** Lines pasted behind the one that runs. */
  readonly #lines: string[] = []
  #waiting: ((line: string | null) => void) | null = null
  #promptAnew: (() => string) | null = null
  #isClosed = false

  constructor({ stdin, stdout }: CommandContext, complete: Completer, history: readonly string[]) {
    this.#keyboard = stdin
    this.#output = new OutputStream(stdout)
    this.#reader = readline.createInterface({
      input: stdin,
      output: this.#output,
      terminal: true,
      history: [...history].reverse(),
      historySize: MAX_LINES,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: null, found: [string[], string]) => void) =>
        void complete(line).then((found) => done(null, found)),
    })
    this.#reader.pause()
    this.#reader.on('line', (line) => this.#take(line))
    this.#reader.on('close', () => this.#end())
    this.#reader.on('SIGINT', () => this.#clear())
  }

  /** The next line; null at the end of input. Ctrl-C begins anew, with the prompt that `promptAnew` gives. */
  next(prompt: string, promptAnew: () => string): Promise<string | null> {
    const pasted = this.#lines.shift()
    if (pasted !== undefined) {
      this.#output.write(`${prompt}${pasted}\n`)
      return Promise.resolve(pasted)
    }
    if (this.#isClosed) return Promise.resolve(null)
    return new Promise((resolve) => {
      this.#waiting = resolve
      this.#promptAnew = promptAnew
      this.#keyboard.setRawMode?.(true)
      this.#reader.setPrompt(prompt)
      this.#reader.resume()
      this.#reader.prompt()
    })
  }

  /** The keyboard for a command: lines that were pasted behind it are its input first. */
  readonly openInput: LineContext['openInput'] = () => {
    // A terminal that has said its end (Ctrl-D) to one command is opened anew for the next.
    const opened = this.#keyboard.setRawMode === undefined ? null : new tty.ReadStream(0)
    const stream = Object.assign(opened ?? this.#keyboard, { isTerminal: true }) as CommandContext['stdin']
    const pasted = this.#lines.splice(0)
    if (pasted.length > 0) stream.unshift(Buffer.from(`${pasted.join('\n')}\n`))
    const close = (): void => {
      if (opened?.isRaw) opened.setRawMode(false)
      opened?.destroy()
    }
    return { stream, close }
  }

  close(): void {
    this.#reader.close()
  }

  #take(line: string): void {
    const waiting = this.#waiting
    if (waiting === null) this.#lines.push(line)
    else this.#give(line, waiting)
  }

  #give(line: string | null, waiting: (line: string | null) => void): void {
    this.#waiting = null
    if (!this.#isClosed) {
      this.#reader.pause()
      // Cooked again: Ctrl-C is a signal and Ctrl-D an end to whatever runs now.
      this.#keyboard.setRawMode?.(false)
    }
    waiting(line)
  }

  #end(): void {
    this.#isClosed = true
    if (this.#waiting !== null) {
      this.#output.write('\n')
      this.#give(null, this.#waiting)
    }
  }

  #clear(): void {
    this.#output.write('^C\n')
    this.#reader.write(null, { ctrl: true, name: 'e' })
    this.#reader.write(null, { ctrl: true, name: 'u' })
    if (this.#promptAnew !== null) this.#reader.setPrompt(this.#promptAnew())
    this.#reader.prompt()
  }
}

/** Prompt after prompt until the person leaves; resolves to the last exit code, or that of `exit`. */
export async function runAtTerminal(
  terminal: ShellTerminal,
  session: ShellSession,
  history: HistoryFile,
  context: CommandContext,
): Promise<number> {
  const { signal } = context
  const close = (): void => terminal.close()
  signal.addEventListener('abort', close, { once: true })
  try {
    while (!session.leaving && !signal.aborted) {
      const line = await wholeLine(terminal, await promptOf(session, context))
      if (line === null) break
      history.add(line)
      await runInterruptibly(line, session, context)
    }
  } finally {
    signal.removeEventListener('abort', close)
    terminal.close()
  }
  return session.lastExitCode
}

async function promptOf(session: ShellSession, { stdout, colours }: CommandContext): Promise<string> {
  await stdout.drain()
  const { name, bad } = await colours()
  const failed = session.lastExitCode === OK ? '' : ` ${bad(`(exit ${session.lastExitCode})`)}`
  return `kt ${name(session.place)}${failed}> `
}

/** One line, or several that belong together; Ctrl-C in the middle of it begins anew. */
async function wholeLine(terminal: ShellTerminal, prompt: string): Promise<string | null> {
  let text = ''
  for (;;) {
    const line = await terminal.next(text === '' ? prompt : CONTINUED, () => {
      text = ''
      return prompt
    })
    if (line === null) return null
    text = text === '' ? line : `${text}\n${line}`
    if (readShellLine(text).kind !== 'open') return text
  }
}

/** Ctrl-C ends the line that runs, not the shell. */
async function runInterruptibly(line: string, session: ShellSession, context: CommandContext): Promise<void> {
  const ending = new AbortController()
  const end = (): void => ending.abort(context.signal.reason)
  context.signal.addEventListener('abort', end, { once: true })
  const release = context.holdInterrupts(() => {
    // The terminal has written ^C behind whatever stood there.
    if (!ending.signal.aborted) context.stdout.write('\n')
    ending.abort('SIGINT')
  })
  try {
    await session.run(line, ending.signal)
  } finally {
    release()
    context.signal.removeEventListener('abort', end)
  }
}
