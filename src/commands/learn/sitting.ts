/** A lesson while it is done: looks, hints, answers, and what of them is kept. It prints nothing. */
import type { Clock } from '../../base/clock.ts'
import { KtError } from '../../base/errors.ts'
import type { Journal } from '../../learn/journal.ts'
import type { Lesson, Look, Question, SolutionStep } from '../../learn/lesson.ts'
import {
  type Attempt,
  answered,
  attempted,
  hinted,
  type LessonProgress,
  type Progress,
  passed,
  progressOf,
  solutionSeen,
} from '../../learn/progress.ts'
import type { LearnStore } from '../../learn/store.ts'
import { type Hint, isFailure, type LessonView, nextHint, type Teacher } from '../../learn/teacher.ts'

/** Where progress is kept: the desk. */
export interface Records {
  readonly store: LearnStore
  readonly progress: Progress
  update(change: (progress: Progress) => Progress): Progress
}

/** A look, and what it means for the learner. */
export interface Seeing extends LessonView {
  /** What happened and why; null as long as a goal is open. */
  readonly after: string | null
  /** It was passed in this look for the first time. */
  readonly isNewlyPassed: boolean
}

export interface Answer {
  readonly question: Question
  readonly answer: string
  /** null where the cluster did not tell. */
  readonly right: string | null
  readonly isRight: boolean | null
}

/** The journal is evidence of when something was seen: written at least so often, also when nothing changed. */
const JOURNAL_MS = 2_000

export class Sitting {
  readonly lesson: Lesson
  readonly teacher: Teacher
  readonly journal: Journal
  readonly #records: Records
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #restoredAt: number | undefined
  #writtenAt = 0

  constructor(records: Records, teacher: Teacher, journal: Journal, clock: Clock) {
    this.lesson = teacher.lesson
    this.teacher = teacher
    this.journal = journal
    this.#records = records
    this.#clock = clock
    this.#startedAt = this.progress.startedAt
    this.#restoredAt = this.progress.restoredAt
  }

  get progress(): LessonProgress {
    const known = progressOf(this.#records.progress, this.lesson.number)
    if (known !== null) return known
    throw new KtError('conflict', `Lesson ${this.lesson.number} was reset meanwhile`, { next: 'kt learn' })
  }

  /** False when another command has reset it, put its cluster back, or opened another lesson: what is seen here is then nobody's. */
  isCurrent(): boolean {
    const progress = this.#records.progress
    const known = progressOf(progress, this.lesson.number)
    if (progress.current !== this.lesson.number || known?.startedAt !== this.#startedAt) return false
    return known.restoredAt === this.#restoredAt
  }

  /** Looks at the cluster once, and keeps what it saw. */
  async look(): Promise<Seeing> {
    const before = this.progress
    const view = await this.teacher.look(new Map(Object.entries(before.answers)))
    const after = view.isPassed ? await this.lesson.after(view.look).catch(() => before.after ?? '') : null
    // Meanwhile another command may have reset it: nothing of before is written back then.
    if (!this.isCurrent()) return { ...view, after, isNewlyPassed: false }
    this.#keepJournal(view)
    const isNewlyPassed = after !== null && before.passedAt === null
    if (isNewlyPassed) this.#records.update((all) => passed(all, this.lesson.number, view.at, after))
    return { ...view, after, isNewlyPassed }
  }

  /** Looks on purpose, which counts as an attempt. */
  async check(): Promise<Seeing> {
    this.#records.update((all) => attempted(all, this.lesson.number))
    return this.look()
  }

  /** Command lines that were run since the lesson began, oldest first. */
  attempts(): Attempt[] {
    const { number } = this.lesson
    return this.#records.store.readAttempts().filter(({ lesson, at }) => lesson === number && at >= this.#startedAt)
  }

  /** The next hint for the first open goal, which counts as shown; null when all are reached. */
  hint(view: Pick<LessonView, 'goals'>): Hint | null {
    const { hints } = this.progress
    const last = this.attempts().at(-1) ?? null
    const hint = nextHint(this.lesson, view, (goal) => hints[goal] ?? 0, last)
    if (hint !== null && hint.wayOut === null) this.#records.update((all) => hinted(all, this.lesson.number, hint.goal))
    return hint
  }

  /** The lines that solve it, as they are now; null before anything was tried. */
  async solution(look: Look): Promise<SolutionStep[] | null> {
    const { attempts, passedAt } = this.progress
    if (attempts === 0 && passedAt === null && this.attempts().length === 0) return null
    this.#records.update((all) => solutionSeen(all, this.lesson.number))
    const steps = this.lesson.solution.map(async (step) => {
      // What depends on the cluster cannot always be said: then it stands as it was written.
      const line = (await step.lineOf?.(look).catch(() => null)) ?? step.line
      return { ...step, line }
    })
    return Promise.all(steps)
  }

  /** Takes an answer: one of the choices by its letter, its number or its words, or any text where there are none. */
  async answer(name: string, words: string, look: Look): Promise<Answer> {
    const question = questionNamed(name, this.lesson)
    const answer = chosen(words, question)
    const right = await question.answer(look).catch(() => null)
    this.#records.update((all) => answered(all, this.lesson.number, question.name, answer, right))
    return { question, answer, right, isRight: right === null ? null : plain(answer) === plain(right) }
  }

  /** The last command that was run, when it failed. */
  lastFailure(): Attempt | null {
    const last = this.attempts().at(-1)
    return last !== undefined && isFailure(last) ? last : null
  }

  #keepJournal({ events }: LessonView): void {
    const now = this.#clock.monotonic()
    if (events.length === 0 && this.#writtenAt !== 0 && now - this.#writtenAt < JOURNAL_MS) return
    this.#writtenAt = now
    this.#records.store.writeJournal(this.lesson.number, this.journal)
  }
}

function questionNamed(name: string, { number, questions = [] }: Lesson): Question {
  const found = questions.find((each, at) => each.name === name || String(at + 1) === name)
  if (found !== undefined) return found
  const facts = questions.map((each, at) => `${at + 1}  ${each.name}: ${each.ask}`)
  throw new KtError('not-found', `Lesson ${number} has no question '${name}'`, {
    facts: facts.length === 0 ? ['it asks nothing'] : facts,
    next: 'kt learn',
  })
}

/** `a`, `1` and `not at all` are the first of the choices. */
function chosen(words: string, { choices, ask }: Question): string {
  const text = words.trim()
  if (text === '') throw new KtError('usage', `There is no answer to: ${ask}`)
  if (choices === undefined) return text
  const letter = /^[a-z]\)?$/i.test(text) ? text.toLowerCase().charCodeAt(0) - 'a'.charCodeAt(0) : -1
  const byPlace = choices[letter] ?? (/^\d$/.test(text) ? choices[Number(text) - 1] : undefined)
  const byText = choices.find((choice) => plain(choice) === plain(text))
  const answer = byText ?? byPlace
  if (answer !== undefined) return answer
  throw new KtError('usage', `'${text}' is none of the answers to: ${ask}`, {
    facts: choices.map((choice, at) => `${letterOf(at)}) ${choice}`),
  })
}

/** `a` for the first. */
export function letterOf(at: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + at)
}

/** Capitals, blanks and a full stop at the end make no other answer. */
function plain(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ').replace(/\.$/, '')
}
