/** The learner's own notebook: what was done, what changed on the cluster, what it means. Markdown, and every word of it happened. */
import { clockTime } from '../../learn/checks/happened.ts'
import { eventText, isQuiet } from '../../learn/event-text.ts'
import type { Event } from '../../learn/journal.ts'
import type { Lesson } from '../../learn/lesson.ts'
import type { LessonEntry } from '../../learn/lessons/index.ts'
import { type Attempt, type LessonProgress, progressOf } from '../../learn/progress.ts'
import type { LearnStore } from '../../learn/store.ts'

/** More of one lesson is not read again by anybody. */
const MAX_COMMANDS = 60
const MAX_EVENTS = 40

export interface NotedLesson {
  readonly lesson: Lesson
  readonly progress: LessonProgress
  readonly attempts: readonly Attempt[]
  readonly events: readonly Event[]
}

/** null before the first lesson. */
export async function notebook(store: LearnStore, course: readonly LessonEntry[]): Promise<string | null> {
  const progress = store.readProgress()
  const attempts = store.readAttempts()
  const sections: string[] = []
  for (const entry of course) {
    const known = progressOf(progress, entry.number)
    if (known === null) continue
    const lesson = await entry.load()
    const own = attempts.filter((each) => each.lesson === entry.number)
    const { events } = store.readJournal(entry.number)
    sections.push(sectionOf({ lesson, progress: known, attempts: own, events }))
  }
  if (sections.length === 0) return null
  const passed = Object.values(progress.lessons).filter(({ passedAt }) => passedAt !== null).length
  const head = `# Kafka, my notes\n\n${passed} of ${course.length} lessons passed. Commands and changes are what happened on my cluster.\n`
  return `${[head, ...sections].join('\n')}`
}

/** One lesson. */
export function sectionOf({ lesson, progress, attempts, events }: NotedLesson): string {
  const blocks = [
    `## ${lesson.number}. ${lesson.title}`,
    dates(progress),
    // The idea is the reward: before it there are the commands.
    ...(progress.passedAt === null ? [] : [`**In short:** ${lesson.inShort}`]),
    ...beliefs(lesson),
    ...commands(attempts),
    ...changes(events),
    ...answers(lesson, progress),
    ...(progress.after === undefined ? [] : [`**What happened and why**\n\n${progress.after.trim()}`]),
  ]
  return `${blocks.join('\n\n')}\n`
}

function dates({ startedAt, passedAt, solutionShown }: LessonProgress): string {
  const end = passedAt === null ? 'not passed yet' : `passed ${dateText(passedAt)} ${clockTime(passedAt)}`
  return `*Begun ${dateText(startedAt)} ${clockTime(startedAt)}, ${end}${solutionShown ? ', with a look at the solution' : ''}.*`
}

function beliefs({ beliefs: all = [] }: Lesson): string[] {
  if (all.length === 0) return []
  return [all.map(({ older, today }) => `- Older notes: ${older}\n  - Today: ${today}`).join('\n')]
}

function commands(attempts: readonly Attempt[]): string[] {
  if (attempts.length === 0) return []
  const shown = attempts.slice(-MAX_COMMANDS)
  const left = attempts.length - shown.length
  const lines = shown.flatMap(({ line, exitCode, error }) => {
    const outcome = exitCode === 0 ? [] : [`# ${outcomeText(exitCode, error)}`]
    return [`$ ${line}`, ...outcome]
  })
  const head = left > 0 ? [`# ${left} more before`] : []
  return [`**What I ran**\n\n\`\`\`\n${[...head, ...lines].join('\n')}\n\`\`\``]
}

/** As a shell says it of what Ctrl-C ended. */
const INTERRUPTED = 130

/** What a line that was ended by hand printed before is no error. */
function outcomeText(exitCode: number, error: string): string {
  if (exitCode === INTERRUPTED) return 'ended with Ctrl-C'
  return `exit code ${exitCode}${error === '' ? '' : `: ${error}`}`
}

function changes(events: readonly Event[]): string[] {
  const loud = events.filter((event) => !isQuiet(event))
  if (loud.length === 0) return []
  const shown = loud.slice(-MAX_EVENTS)
  const lines = shown.map((event) => `- ${clockTime(event.at)} ${eventText(event)}`)
  const head = loud.length > shown.length ? [`- ${loud.length - shown.length} more before`] : []
  return [`**What changed**\n\n${[...head, ...lines].join('\n')}`]
}

function answers({ questions = [] }: Lesson, { answers: given, right = {} }: LessonProgress): string[] {
  const lines = questions.flatMap(({ name, ask, because }) => {
    const answer = given[name]
    if (answer === undefined) return []
    const known = right[name]
    const said = known === undefined || known === answer ? answer : `${answer}; it was: ${known}`
    return [`- ${ask}\n  - I said: ${said}\n  - ${because}`]
  })
  return lines.length === 0 ? [] : [`**What I expected**\n\n${lines.join('\n')}`]
}

/** `2026-11-21`, of the day it is here. */
function dateText(at: number): string {
  const date = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
