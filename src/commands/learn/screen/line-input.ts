/**
 * The line that is typed at the bottom of the screen: node's readline without a terminal of its own, so that every key
 * does what it does in `kt shell`. It draws nothing; the screen shows `text` and `cursor`.
 */

import * as readline from 'node:readline'
import { PassThrough, Writable } from 'node:stream'
import { MAX_HISTORY_LINES } from '../../../cli/shell/line-editor.ts'

/** A key as readline tells it. */
export interface Key {
  readonly sequence?: string
  readonly name?: string | undefined
  readonly ctrl?: boolean
  readonly meta?: boolean
  readonly shift?: boolean
}

export type Completer = (line: string) => Promise<[string[], string]>

export interface LineInputParts {
  readonly complete: Completer
  /** Oldest first. */
  readonly history: readonly string[]
  /** A whole line; what stood in the line is gone. */
  readonly onLine: (line: string) => void
  /** Candidates of a Tab that could mean several. */
  readonly onCandidates: (candidates: readonly string[]) => void
  /** Something that is shown has changed. */
  readonly onChange: () => void
}

/** Owner of the line being typed. */
export class LineInput {
  readonly #reader: readline.Interface
  readonly #parts: LineInputParts
  #isCommandLine = true

  constructor(parts: LineInputParts) {
    this.#parts = parts
    this.#reader = readline.createInterface({
      input: new PassThrough(),
      output: new Nowhere(),
      terminal: true,
      prompt: '',
      history: [...parts.history].reverse(),
      historySize: MAX_HISTORY_LINES,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: null, found: [string[], string]) => void) =>
        void this.#complete(line).then((found) => {
          done(null, found)
          parts.onChange()
        }),
    })
    // What commands and questions are told is no command line to come back to.
    this.#reader.on('history', (lines: string[]) => {
      if (!this.#isCommandLine) lines.shift()
    })
    this.#reader.on('line', (line) => parts.onLine(line))
  }

  get text(): string {
    return this.#reader.line
  }

  /** In UTF-16 units of `text`. */
  get cursor(): number {
    return this.#reader.cursor
  }

  /** readline's view of keys that come from elsewhere: it must know when a paste begins. */
  get reader(): readline.Interface {
    return this.#reader
  }

  /** What is typed is a command line, with completion and history; else an answer, or the input of a command. */
  set isCommandLine(value: boolean) {
    this.#isCommandLine = value
  }

  key(text: string | undefined, key: Key): void {
    this.#reader.write(text as string, key as readline.Key)
    this.#parts.onChange()
  }

  clear(): void {
    this.#reader.write(null, { ctrl: true, name: 'e' })
    this.#reader.write(null, { ctrl: true, name: 'u' })
    this.#parts.onChange()
  }

  close(): void {
    this.#reader.close()
  }

  async #complete(line: string): Promise<[string[], string]> {
    if (!this.#isCommandLine) return [[], line]
    const [candidates, word] = await this.#parts.complete(line)
    if (candidates.length > 1 && prefixOf(candidates) === word) this.#parts.onCandidates(candidates)
    return [candidates, word]
  }
}

/** The beginning that all have in common. */
function prefixOf(words: readonly string[]): string {
  const [first = '', ...others] = words
  let length = first.length
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length)
}

/** readline draws here what the screen draws itself. */
class Nowhere extends Writable {
  readonly columns = 10_000

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done()
  }
}
