/** Lines of a person at a terminal: editing, completion and history while one is typed, the terminal to what it runs. */
import * as readline from 'node:readline'
import * as tty from 'node:tty'
import type { CommandContext } from '../context.ts'
import { OutputStream } from '../output-stream.ts'
import type { LineContext } from './run-line.ts'

/** As many lines as anybody looks back. */
export const MAX_HISTORY_LINES = 1_000

type Completer = (line: string) => Promise<[string[], string]>

/** A terminal's keyboard: `setRawMode` is absent where a test types. */
type Keyboard = CommandContext['stdin'] & { setRawMode?(raw: boolean): unknown }

/** Reads lines of a person; between lines the keyboard belongs to the command that runs. */
export class LineEditor {
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
      historySize: MAX_HISTORY_LINES,
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
