/**
 * The terminal while the screen stands on it: its second page, keys one by one, and everything given back on every way
 * out: at the end, at Ctrl-Z, when the process fails.
 */
import * as fs from 'node:fs'
import * as readline from 'node:readline'
import type { Output } from '../../../cli/context.ts'
import { OutputStream } from '../../../cli/output-stream.ts'
import type { Key } from './line-input.ts'

const ENTER = '\x1b[?1049h'
const WIPE = '\x1b[2J\x1b[H'
const LEAVE = '\x1b[?25h\x1b[?1049l'
/** Signals that end kt in order. */
const ENDING = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const

export interface Keyboard extends NodeJS.ReadableStream {
  setRawMode?(raw: boolean): unknown
}

export interface TerminalParts {
  readonly output: Output
  readonly keyboard: Keyboard
  /** readline of the line being typed. */
  readonly reader: readline.Interface
  readonly onKey: (text: string | undefined, key: Key) => void
  /** Everything must be drawn anew. */
  readonly onAnew: () => void
  /** There is no keyboard any more. */
  readonly onGone: () => void
}

/** Owner of the terminal's modes. */
export class ScreenTerminal {
  /** What ink draws on. */
  readonly stream: ScreenStream
  readonly #parts: TerminalParts
  #isEntered = false

  constructor(parts: TerminalParts) {
    this.#parts = parts
    this.stream = new ScreenStream(parts.output)
  }

  enter(): void {
    const { keyboard, reader, onKey, onGone } = this.#parts
    readline.emitKeypressEvents(keyboard, reader)
    keyboard.on('keypress', onKey)
    keyboard.on('end', onGone)
    process.on('SIGWINCH', this.#resized)
    process.on('exit', this.#giveBack)
    // With no listener left, ink would end the process before the terminal is given back.
    for (const signal of ENDING) process.on(signal, nothing)
    this.#take()
  }

  async leave(): Promise<void> {
    const { keyboard, onKey, onGone, output } = this.#parts
    keyboard.off('keypress', onKey)
    keyboard.off('end', onGone)
    process.off('SIGWINCH', this.#resized)
    process.off('exit', this.#giveBack)
    process.off('SIGCONT', this.#back)
    for (const signal of ENDING) process.off(signal, nothing)
    this.#give()
    keyboard.pause()
    await output.drain()
  }

  /** Empties the screen. */
  wipe(): void {
    this.#parts.output.write(WIPE)
  }

  /** Ctrl-Z: the terminal is the shell's until `fg`. */
  async suspend(): Promise<void> {
    this.#give()
    await this.#parts.output.drain()
    process.once('SIGCONT', this.#back)
    process.kill(0, 'SIGTSTP')
  }

  readonly #back = (): void => {
    this.#take()
    this.#parts.onAnew()
  }

  readonly #resized = (): void => {
    // Node looks at the new size first.
    setImmediate(() => {
      if (!this.#isEntered) return
      this.#parts.onAnew()
    })
  }

  #take(): void {
    this.#isEntered = true
    this.#parts.keyboard.setRawMode?.(true)
    this.#parts.keyboard.resume()
    this.#parts.output.write(ENTER + WIPE)
  }

  #give(): void {
    this.#isEntered = false
    this.#parts.keyboard.setRawMode?.(false)
    this.#parts.output.write(LEAVE)
  }

  /** The process ends without order: what is written later is written by nobody. */
  readonly #giveBack = (): void => {
    if (!this.#isEntered) return
    this.#isEntered = false
    try {
      this.#parts.keyboard.setRawMode?.(false)
      fs.writeSync(1, LEAVE)
    } catch {
      // There is no terminal any more.
    }
  }
}

/** The terminal as the stream that ink draws on. */
class ScreenStream extends OutputStream {
  readonly isTTY = true
  readonly #rows: () => number

  constructor(output: Output) {
    super(output)
    this.#rows = () => output.rows ?? 24
  }

  get rows(): number {
    return this.#rows()
  }
}

function nothing(): void {
  // kt itself listens, and ends what runs.
}
