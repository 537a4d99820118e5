/** How far a learner is: plain data, changed by pure functions, kept by `store.ts`, carried to another machine as it is. */
import { KtError } from '../base/errors.ts'

/** A command line that was run while a lesson was open, and how it ended. */
export interface Attempt {
  /** In ms since 1970. */
  readonly at: number
  readonly lesson: number
  /** As it was typed, `kt topics --list`; without secrets. */
  readonly line: string
  readonly exitCode: number
  /** First line of what it said on stderr; '' for nothing. */
  readonly error: string
}

export interface LessonProgress {
  /** In ms since 1970. */
  readonly startedAt: number
  /** When its cluster was last put back to a snapshot: what was seen before that may be true no more. */
  readonly restoredAt?: number
  /** null until all its goals were reached in one look. */
  readonly passedAt: number | null
  /** Hints shown, by goal: 0 to 3. */
  readonly hints: Readonly<Record<string, number>>
  /** Answers given, by question. */
  readonly answers: Readonly<Record<string, string>>
  /** What was right, of the questions answered; where it was known. */
  readonly right?: Readonly<Record<string, string>>
  /** What happened and why, as it was told when the lesson was passed. */
  readonly after?: string
  /** Looks and commands since it was opened: the solution is shown only after an attempt. */
  readonly attempts: number
  readonly solutionShown: boolean
}

export interface Progress {
  readonly version: 1
  /** Number of the lesson that `kt learn` opens. */
  readonly current: number
  readonly lessons: Readonly<Record<string, LessonProgress>>
}

export const NEW_PROGRESS: Progress = { version: 1, current: 0, lessons: {} }

const NEW_LESSON: Omit<LessonProgress, 'startedAt'> = {
  passedAt: null,
  hints: {},
  answers: {},
  attempts: 0,
  solutionShown: false,
}

/** Of a lesson that was opened; null for one that never was. */
export function progressOf(progress: Progress, lesson: number): LessonProgress | null {
  return progress.lessons[String(lesson)] ?? null
}

/** The lesson is the current one and counts as started from now, unless it was before. */
export function opened(progress: Progress, lesson: number, now: number): Progress {
  const known = progressOf(progress, lesson)
  return withLesson({ ...progress, current: lesson }, lesson, known ?? { ...NEW_LESSON, startedAt: now })
}

/** All goals were reached in one look. The first time counts, and what was told then. */
export function passed(progress: Progress, lesson: number, now: number, after?: string): Progress {
  return changed(progress, lesson, (known) => {
    if (known.passedAt !== null) return known
    return { ...known, passedAt: now, ...(after === undefined ? {} : { after }) }
  })
}

export function attempted(progress: Progress, lesson: number): Progress {
  return changed(progress, lesson, (known) => ({ ...known, attempts: known.attempts + 1 }))
}

/** `right` is the right answer, null where nobody knows it. */
export function answered(
  progress: Progress,
  lesson: number,
  question: string,
  answer: string,
  right: string | null = null,
): Progress {
  return changed(progress, lesson, (known) => ({
    ...known,
    answers: { ...known.answers, [question]: answer },
    ...(right === null ? {} : { right: { ...known.right, [question]: right } }),
  }))
}

/** One more hint of this goal was shown, three at most. */
export function hinted(progress: Progress, lesson: number, goal: string): Progress {
  return changed(progress, lesson, (known) => {
    const shown = Math.min(3, (known.hints[goal] ?? 0) + 1)
    return { ...known, hints: { ...known.hints, [goal]: shown } }
  })
}

export function solutionSeen(progress: Progress, lesson: number): Progress {
  return changed(progress, lesson, (known) => ({
    ...known,
    // Who has passed compares; it was no help.
    solutionShown: known.solutionShown || known.passedAt === null,
  }))
}

/** Its cluster was put back to a snapshot. */
export function restored(progress: Progress, lesson: number, now: number): Progress {
  return changed(progress, lesson, (known) => ({ ...known, restoredAt: now }))
}

/** As if the lesson had never been opened; it stays the current one. */
export function forgotten(progress: Progress, lesson: number): Progress {
  const { [String(lesson)]: _gone, ...lessons } = progress.lessons
  return { ...progress, lessons }
}

function withLesson(progress: Progress, lesson: number, value: LessonProgress): Progress {
  return { ...progress, lessons: { ...progress.lessons, [String(lesson)]: value } }
}

/** A lesson that was never opened has nothing to change. */
function changed(progress: Progress, lesson: number, change: (known: LessonProgress) => LessonProgress): Progress {
  const known = progressOf(progress, lesson)
  return known === null ? progress : withLesson(progress, lesson, change(known))
}

/** Reads what `export` wrote. Throws a `usage` `KtError` that says what is wrong with it. */
export function parseProgress(text: string, source: string): Progress {
  const wrong = (what: string): KtError =>
    new KtError('usage', `${source} is no progress of kt learn: ${what}`, {
      next: 'kt learn export > progress.json writes one',
    })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw wrong('it is not JSON')
  }
  if (!isObject(value)) throw wrong('it is not an object')
  if (value.version !== 1) throw wrong(`its version is ${JSON.stringify(value.version ?? null)}, and this kt knows 1`)
  if (!isCount(value.current) || !isObject(value.lessons)) throw wrong('current or lessons are missing')
  const bad = Object.entries(value.lessons).find(([number, lesson]) => !/^\d{1,3}$/.test(number) || !isLesson(lesson))
  if (bad !== undefined) throw wrong(`lesson ${bad[0]} is not as it was written`)
  return value as unknown as Progress
}

function isLesson(value: unknown): boolean {
  if (!isObject(value)) return false
  const { startedAt, restoredAt = 0, passedAt, hints, answers, right = {}, after = '', attempts, solutionShown } = value
  return (
    isCount(startedAt) &&
    isCount(restoredAt) &&
    (passedAt === null || isCount(passedAt)) &&
    isObject(hints) &&
    Object.values(hints).every((shown) => isCount(shown) && shown <= 3) &&
    isTexts(answers) &&
    isTexts(right) &&
    typeof after === 'string' &&
    isCount(attempts) &&
    typeof solutionShown === 'boolean'
  )
}

function isTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
