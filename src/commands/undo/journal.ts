/**
 * The journal of changes on this machine: `$KT_HOME/undo/<cluster id>/<number>.json`, one file per command that changed
 * something, readable by its owner alone, the oldest gone first.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { type Environment, ktHome } from '../../cluster/cluster-directory.ts'
import { JOURNAL_VERSION, type JournalEntry } from './entry.ts'

/** As far back as somebody remembers what a change was for. */
const MAX_ENTRIES = 200
/** Offsets of some forty thousand partitions; what is larger is not kept. */
const MAX_ENTRY_BYTES = 4 * 1024 * 1024
/** All entries of a cluster together. */
const MAX_TOTAL_BYTES = 32 * 1024 * 1024
/** Entries above it are seldom; only then are sizes added up. */
const LARGE_ENTRY_BYTES = 64 * 1024
/** Two commands may take the same number at the same time. */
const NUMBER_TRIES = 20
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

export class Journal {
  readonly #directory: string

  constructor(env: Environment, clusterId: string) {
    // A cluster's id is its own text: nothing in it may lead out of the directory.
    this.#directory = path.join(ktHome(env), 'undo', `cluster-${clusterId.replace(/[^A-Za-z0-9_-]/g, '_')}`)
  }

  /** Writes a new entry and gives it its number. Throws what the file system throws, and for an entry too large. */
  add(entry: Omit<JournalEntry, 'number' | 'version'>): JournalEntry {
    fs.mkdirSync(this.#directory, { recursive: true, mode: DIRECTORY_MODE })
    let number = (this.#numbers().at(-1) ?? 0) + 1
    for (let tries = 1; ; tries++, number++) {
      const numbered: JournalEntry = { version: JOURNAL_VERSION, number, ...entry }
      const text = checkedText(numbered)
      try {
        fs.writeFileSync(this.#file(number), text, { flag: 'wx', mode: FILE_MODE })
        this.#forgetOldest(text.length)
        return numbered
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries === NUMBER_TRIES) throw error
      }
    }
  }

  /** Writes an entry anew: its command has changed more. */
  replace(entry: JournalEntry): void {
    const file = this.#file(entry.number)
    const text = checkedText(entry)
    fs.writeFileSync(`${file}.new`, text, { mode: FILE_MODE })
    fs.renameSync(`${file}.new`, file)
    this.#forgetOldest(text.length)
  }

  /** Every entry that can be read, the oldest first. */
  list(): JournalEntry[] {
    return this.#numbers().flatMap((number) => this.read(number) ?? [])
  }

  /** Null for a number that is not there, or not there any more, or that a newer kt wrote. */
  read(number: number): JournalEntry | null {
    try {
      const entry = JSON.parse(fs.readFileSync(this.#file(number), 'utf8')) as JournalEntry
      return entry.version === JOURNAL_VERSION && Array.isArray(entry.edits) ? entry : null
    } catch {
      return null
    }
  }

  #file(number: number): string {
    return path.join(this.#directory, `${number}.json`)
  }

  #numbers(): number[] {
    if (!fs.existsSync(this.#directory)) return []
    return fs
      .readdirSync(this.#directory)
      .flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((left, right) => left - right)
  }

  #forgetOldest(writtenBytes: number): void {
    const numbers = this.#numbers()
    const kept = writtenBytes < LARGE_ENTRY_BYTES ? numbers.slice(-MAX_ENTRIES) : this.#newestThatFit(numbers)
    for (const number of numbers.slice(0, numbers.length - kept.length)) fs.rmSync(this.#file(number), { force: true })
  }

  #newestThatFit(numbers: readonly number[]): number[] {
    const kept: number[] = []
    let bytes = 0
    for (const number of numbers.slice(-MAX_ENTRIES).reverse()) {
      bytes += fs.statSync(this.#file(number)).size
      if (bytes > MAX_TOTAL_BYTES) break
      kept.unshift(number)
    }
    return kept
  }
}

function checkedText(entry: JournalEntry): string {
  const text = JSON.stringify(entry)
  if (text.length <= MAX_ENTRY_BYTES) return text
  throw new Error(`it has ${text.length} bytes, and ${MAX_ENTRY_BYTES} are the most that is kept of one command`)
}

/** By the number of an entry: the entry that took it back and still stands. */
export function undoneBy(entries: readonly JournalEntry[]): Map<number, number> {
  const undone = new Map<number, number>()
  // The newest first: whether an undo stands is known before the entry that it took back is looked at.
  for (const { number, undoes } of [...entries].reverse()) {
    if (undoes !== null && !undone.has(number) && !undone.has(undoes)) undone.set(undoes, number)
  }
  return undone
}

/** What `kt undo` without a number means: the last change that is neither an undo nor undone. */
export function lastToUndo(entries: readonly JournalEntry[]): JournalEntry | null {
  const undone = undoneBy(entries)
  return entries.findLast(({ number, undoes }) => undoes === null && !undone.has(number)) ?? null
}
