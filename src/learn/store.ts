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
    return (this.#read('commands.jsonl') ?? '').split('\n').flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Attempt]
      } catch {
        return []
      }
    })
  }

  addAttempt(attempt: Attempt): void {
    const kept = [...this.readAttempts(), attempt].slice(-MAX_ATTEMPTS)
    this.#write('commands.jsonl', kept.map((each) => `${JSON.stringify(each)}\n`).join(''))
  }

  /** Forgets the journal and the commands of a lesson. */
  forget(lesson: number): void {
    fs.rmSync(this.#file(journalFile(lesson)), { force: true })
    const others = this.readAttempts().filter((attempt) => attempt.lesson !== lesson)
    this.#write('commands.jsonl', others.map((each) => `${JSON.stringify(each)}\n`).join(''))
  }

  /** Forgets everything. */
  clear(): void {
    fs.rmSync(this.directory, { recursive: true, force: true })
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
