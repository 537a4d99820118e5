/** Lines that were typed, kept from one shell to the next: bounded, for their owner alone, and without secrets. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { mayHaveSecret } from '../../cli/secret-words.ts'
import { MAX_HISTORY_LINES } from '../../cli/shell/line-editor.ts'

/** One line of it is seldom longer; a pasted file is not worth keeping. */
const MAX_LINE_LENGTH = 4_000
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

/** Whether a line may be written to a file. A blank in front keeps it out, as in other shells. */
export function isKept(line: string): boolean {
  return line.trim() !== '' && !/^\s/.test(line) && !mayHaveSecret(line) && line.length <= MAX_LINE_LENGTH
}

/** The file; several shells may write to it at once, each a line at a time. */
export class HistoryFile {
  readonly #file: string
  #last: string | undefined

  constructor(home: string) {
    this.#file = path.join(home, 'shell-history')
  }

  /** Oldest first. What has grown beyond its limit is cut; a file that cannot be read is an empty history. */
  load(): string[] {
    const all = this.#read()
    const lines = all.slice(-MAX_HISTORY_LINES)
    this.#last = lines.at(-1)
    if (all.length > MAX_HISTORY_LINES * 2) this.#rewrite(lines)
    return lines
  }

  /** Adds a line unless it must not be kept or is the one before; a disk that refuses costs the line, nothing else. */
  add(line: string): void {
    const one = line.replaceAll('\n', ' ').trimEnd()
    if (!isKept(line) || one === this.#last) return
    this.#last = one
    try {
      fs.mkdirSync(path.dirname(this.#file), { recursive: true, mode: DIRECTORY_MODE })
      fs.appendFileSync(this.#file, `${one}\n`, { mode: FILE_MODE })
      // The mode above is for a new file; an older one may be open to others.
      fs.chmodSync(this.#file, FILE_MODE)
    } catch {
      // Nothing to be told about while somebody works.
    }
  }

  #read(): string[] {
    try {
      return fs.readFileSync(this.#file, 'utf8').split('\n').filter(isKept)
    } catch {
      return []
    }
  }

  #rewrite(lines: readonly string[]): void {
    const staging = `${this.#file}.${process.pid}`
    try {
      fs.writeFileSync(staging, `${lines.join('\n')}\n`, { mode: FILE_MODE })
      fs.renameSync(staging, this.#file)
    } catch {
      // It is cut the next time.
    }
  }
}
