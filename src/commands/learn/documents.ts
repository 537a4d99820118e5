/** Lessons as structures, for `--format json|yaml`. The shapes are listed in `commands/README.md`. */
import type { Structure } from '../../cli/format.ts'
import type { Event } from '../../learn/journal.ts'
import type { Lesson, SolutionStep } from '../../learn/lesson.ts'
import type { LessonEntry } from '../../learn/lessons/index.ts'
import type { Picture } from '../../learn/picture/picture.ts'
import { type LessonProgress, type Progress, progressOf } from '../../learn/progress.ts'
import type { Cannot, Verdict } from '../../learn/verdict.ts'
import { stepLine } from './render.ts'
import type { Seeing } from './sitting.ts'

type Fields = Record<string, Structure>

/** `new`, `open` or `passed`. */
export function lessonState(progress: Progress, number: number): 'new' | 'open' | 'passed' {
  const known = progressOf(progress, number)
  if (known === null) return 'new'
  return known.passedAt === null ? 'open' : 'passed'
}

export function listFields(course: readonly LessonEntry[], progress: Progress): Fields {
  return {
    lessons: course.map(({ number, title }) => ({
      number,
      title,
      state: lessonState(progress, number),
      isCurrent: number === progress.current,
      passedAt: timeOf(progressOf(progress, number)?.passedAt ?? null),
    })),
  }
}

/** `goals` are null where the lesson cannot be done. */
export function lessonFields(
  lesson: Lesson,
  progress: LessonProgress | null,
  seeing: Seeing | null,
  cannot: Cannot | null,
): Fields {
  const { number, name, title, where, text, type, beliefs = [], questions = [] } = lesson
  return {
    ...{ number, name, title, where, text },
    beliefs: beliefs.map(({ older, today }) => ({ older, today })),
    type: [...type],
    questions: questions.map((each) => ({
      name: each.name,
      ask: each.ask,
      choices: [...(each.choices ?? [])],
      answer: progress?.answers[each.name] ?? null,
    })),
    cannot: cannot === null ? null : { why: cannot.why, next: cannot.next },
    ...(seeing === null ? { isPassed: false, goals: null, after: null } : checkFields(seeing)),
    play: [...(lesson.play ?? [])],
  }
}

/** Of one look. */
export function checkFields({ isPassed, goals, after, events }: Seeing): Fields {
  return { isPassed, goals: goals.map(goalFields), events: events.map(eventFields), after }
}

/** The picture is plain data already. */
export function pictureFields(picture: Picture): Fields {
  return { ...picture } as unknown as Fields
}

function goalFields({ name, verdict }: { name: string; verdict: Verdict }): Fields {
  return { name, ...verdict }
}

function eventFields({ at, after, ...event }: Event): Fields {
  return { ...(event as unknown as Fields), at: timeOf(at), after: timeOf(after) }
}

export function solutionFields(lesson: number, steps: readonly SolutionStep[]): Fields {
  return {
    lesson,
    steps: steps.map((step) => ({
      line: stepLine({ ...step, beside: false }),
      input: [...(step.input ?? [])],
      beside: step.beside === true,
      ends: step.ends === true,
      exitCode: step.exitCode ?? 0,
    })),
  }
}

/** RFC 3339. */
function timeOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
