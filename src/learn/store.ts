/**
 * Where a learner's state is kept: `$KT_HOME/learn`. One file of progress, one journal per lesson, the command lines that
 * were run while a lesson was open. Owner of these files; each is replaced as a whole, so that none is ever half written.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'
import { type Event, Journal, type Snapshot } from './journal.ts'
import { type Attempt, NEW_PROGRESS, type Progress, parseProgress } from './progress.ts'

/** Of the commands that were run; older ones are forgotten. */
export const MAX_ATTEMPTS = 1_000
/** Until the file of commands is cut; each line is bounded where it is written. */
const MAX_ATTEMPTS_BYTES = 2 * 1024 * 1024
/** Its being there says that a lesson is open: `cli/program.ts` looks for it before every command. */
const OPEN = 'open.json'
const PLACES = 'places.json'

/** Where to connect, as flags say it; null for the local cluster. */
export type LearnTarget = {
  readonly bootstrapServer?: string
  readonly commandConfig?: string
  readonly profile?: string
} | null

/** The lesson that a learner is in. While its file is there, command lines are noted. */
export interface OpenLesson {
  readonly lesson: number
  /** When it was last opened, in ms since 1970. */
  readonly at: number
  readonly target: LearnTarget
}

/** What was done on which cluster, by its id. */
export interface Places {
  /** Lesson number -> the cluster on which it was set up. */
  readonly setUpOn: Readonly<Record<string, string>>
  /** Clusters, not ours, on which a person has agreed to lessons. */
  readonly agreed: readonly string[]
}

export class LearnStore {
  readonly directory: string

  /** `home` is `$KT_HOME`. */
  constructor(home: string) {
    this.directory = path.join(home, 'learn')
  }

  /** From the beginning where nothing was kept. Throws for a file that is no progress: nothing is overwritten. */
  readProgress(): Progress {
    const text = this.#read('progress.json')
    return text === null ? NEW_PROGRESS : parseProgress(text, this.#file('progress.json'))
  }

  writeProgress(progress: Progress): void {
    this.#write('progress.json', `${JSON.stringify(progress, null, 2)}\n`)
  }

  /** A journal that cannot be read begins anew: it is evidence, not state. */
  readJournal(lesson: number): Journal {
    const text = this.#read(journalFile(lesson))
    if (text === null) return new Journal()
    try {
      return new Journal(JSON.parse(text) as { events: Event[]; last: Snapshot | null })
    } catch {
      return new Journal()
    }
  }

  writeJournal(lesson: number, { events, last }: Journal): void {
    this.#write(journalFile(lesson), `${JSON.stringify({ events, last })}\n`)
  }

  /** Oldest first. */
  readAttempts(): Attempt[] {
    const attempts = (this.#read('commands.jsonl') ?? '').split('\n').flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Attempt]
      } catch {
        return []
      }
    })
    return attempts.slice(-MAX_ATTEMPTS)
  }

  /** Several commands may end at once: each adds its own line. */
  addAttempt(attempt: Attempt): void {
    const file = this.#file('commands.jsonl')
    try {
      fs.mkdirSync(this.directory, { recursive: true, mode: 0o700 })
      fs.appendFileSync(file, `${JSON.stringify(attempt)}\n`, { mode: 0o600 })
      if (fs.statSync(file).size <= MAX_ATTEMPTS_BYTES) return
    } catch (error) {
      throw this.#broken('commands.jsonl', error)
    }
    this.#writeAttempts(this.readAttempts().slice(-MAX_ATTEMPTS))
  }

  /** null when no lesson is open, or the file is not as it was written. */
  readOpen(): OpenLesson | null {
    const value = this.#readJson(OPEN) as Partial<OpenLesson> | null
    if (typeof value?.lesson !== 'number' || typeof value.at !== 'number') return null
    return { lesson: value.lesson, at: value.at, target: value.target ?? null }
  }

  writeOpen(open: OpenLesson): void {
    this.#write(OPEN, `${JSON.stringify(open)}\n`)
  }

  /** From now on no command line is noted. */
  closeLesson(): void {
    fs.rmSync(this.#file(OPEN), { force: true })
  }

  readPlaces(): Places {
    const value = this.#readJson(PLACES) as Partial<Places> | null
    return { setUpOn: value?.setUpOn ?? {}, agreed: value?.agreed ?? [] }
  }

  writePlaces(places: Places): void {
    this.#write(PLACES, `${JSON.stringify(places)}\n`)
  }

  /** Keeps the progress of before an import beside the new one; null when there was none. */
  keepProgress(): string | null {
    const text = this.#read('progress.json')
    if (text === null) return null
    this.#write('progress-before-import.json', text)
    return this.#file('progress-before-import.json')
  }

  /** Forgets the journal and the commands of a lesson, and where it was set up. */
  forget(lesson: number): void {
    fs.rmSync(this.#file(journalFile(lesson)), { force: true })
    const attempts = this.readAttempts()
    const others = attempts.filter((attempt) => attempt.lesson !== lesson)
    if (others.length < attempts.length) this.#writeAttempts(others)
    const { [String(lesson)]: _gone, ...setUpOn } = this.readPlaces().setUpOn
    this.writePlaces({ ...this.readPlaces(), setUpOn })
  }

  /** Forgets everything. */
  clear(): void {
    fs.rmSync(this.directory, { recursive: true, force: true })
  }

  #writeAttempts(attempts: readonly Attempt[]): void {
    this.#write('commands.jsonl', attempts.map((each) => `${JSON.stringify(each)}\n`).join(''))
  }

  /** What is no JSON counts as not there: these files say what can be found out anew. */
  #readJson(name: string): unknown {
    try {
      return JSON.parse(this.#read(name) ?? 'null')
    } catch {
      return null
    }
  }

  #file(name: string): string {
    return path.join(this.directory, name)
  }

  #read(name: string): string | null {
    try {
      return fs.readFileSync(this.#file(name), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw this.#broken(name, error)
    }
  }

  #write(name: string, text: string): void {
    const staging = `${this.#file(name)}.${process.pid}`
    try {
      fs.mkdirSync(this.directory, { recursive: true, mode: 0o700 })
      fs.writeFileSync(staging, text, { mode: 0o600 })
      fs.renameSync(staging, this.#file(name))
    } catch (error) {
      throw this.#broken(name, error)
    }
  }

  #broken(name: string, cause: unknown): KtError {
    const facts = [cause instanceof Error ? cause.message : String(cause)]
    return new KtError('storage', `What was learned cannot be kept in ${this.#file(name)}`, { facts, cause })
  }
}

function journalFile(lesson: number): string {
  return `journal-${lesson}.json`
}
