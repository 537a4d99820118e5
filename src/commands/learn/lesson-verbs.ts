/** `kt learn`, `goto`, `next`, `check`, `hint`, `solution`, `answer`: what is done with the lesson that is open. */
import type { CommandContext } from '../../cli/context.ts'
import { LESSON_CANNOT, LESSON_CHECK_FAILED, LESSON_NOT_YET, OK } from '../../cli/exit-codes.ts'
import type { StructuredFormat } from '../../cli/format.ts'
import type { LessonEntry } from '../../learn/lessons/index.ts'
import type { Desk, Opening } from './desk.ts'
import { checkFields, lessonFields, pictureFields, solutionFields } from './documents.ts'
import { openText, passedText } from './page-text.ts'
import { goalsText, hintText, type Page, pageOf, solutionText } from './render.ts'
import type { Answer, Seeing, Sitting } from './sitting.ts'
import { LOOK_INTERVAL_MS, watchLesson } from './watch.ts'
import { type LearnFlags, print, withDesk } from './with-desk.ts'
import { wrap } from './wrap.ts'

/** `kt learn`: where the learner left off; `kt learn 15` is `goto 15`. */
export function learn([word]: readonly string[], flags: LearnFlags, context: CommandContext): Promise<number> {
  return withDesk(flags, context, (desk, format) =>
    showLesson(word === undefined ? desk.current : desk.entry(word), desk, format, context),
  )
}

export function goTo([word = '']: readonly string[], flags: LearnFlags, context: CommandContext): Promise<number> {
  return withDesk(flags, context, (desk, format) => showLesson(desk.entry(word), desk, format, context))
}

export function next(_: readonly string[], flags: LearnFlags, context: CommandContext): Promise<number> {
  return withDesk(flags, context, async (desk, format) => {
    const entry = desk.after(desk.current.number)
    if (entry !== null) return showLesson(entry, desk, format, context)
    context.stdout.write('That was the last lesson. kt learn notes writes your notebook.\n')
    return OK
  })
}

/** Sets the lesson up, shows it, and on a terminal goes on to show what changes. */
async function showLesson(
  entry: LessonEntry,
  desk: Desk,
  format: StructuredFormat | undefined,
  context: CommandContext,
  isFollower = false,
): Promise<number> {
  const opening = await desk.open(entry, { isFollower })
  const page = await pageOf(context)
  if (opening.sitting === null) return showCannot(opening, format, page, context)
  const { sitting } = opening
  const seeing = await sitting.look()
  const fields = () => lessonFields(sitting.lesson, sitting.progress, seeing, null)
  print(context, format, 'Lesson', fields, () => wholeText(sitting, seeing, desk, page))
  if (format !== undefined || !context.interactive) return OK
  context.stdout.write('\nWatching the cluster; goals turn by themselves. Ctrl-C leaves, the lesson stays open.\n')
  const onPassed = (now: Seeing): void => void context.stdout.write(`\n${passedText(sitting, now, desk, page)}`)
  const intervalMs = desk.place.localNodes === null ? LOOK_INTERVAL_MS.other : LOOK_INTERVAL_MS.local
  const end = await watchLesson({ sitting, page, intervalMs, seen: seeing, onPassed }, context)
  if (end === 'ended') return OK
  // Another terminal has opened another lesson, or reset this one.
  context.stdout.write('\n')
  if (await desk.isElsewhere(desk.current)) {
    const { number } = desk.current
    context.stdout.write(`Another terminal has gone on to lesson ${number}, on another cluster.\n`)
    context.stdout.write(`  next: kt learn goto ${entry.number}\n`)
    return OK
  }
  return showLesson(desk.current, desk, format, context, true)
}

function wholeText(sitting: Sitting, seeing: Seeing, desk: Desk, page: Page): string {
  const { lesson, progress } = sitting
  const text = openText(sitting, desk, page)
  const goals = goalsText(seeing.goals, page)
  if (seeing.after !== null) return `${text}\n${goals}\n${passedText(sitting, seeing, desk, page)}`
  const before =
    progress.passedAt === null ? '' : `\nYou have passed it before; kt learn reset ${lesson.number} begins it anew.\n`
  return `${text}\n${goals}${before}\nkt learn check looks again, kt learn hint helps.\n`
}

function showCannot(
  { lesson, cannot, instead }: Opening & { sitting: null },
  format: StructuredFormat | undefined,
  page: Page,
  context: CommandContext,
): number {
  const other = instead === null ? '' : `  or go on: kt learn goto ${instead.number} (${instead.title})\n`
  const text = (): string => {
    const said = wrap(`Lesson ${lesson.number} (${lesson.title}) cannot be done on this cluster: ${cannot.why}.`, page)
    return `${said}\n  next: ${cannot.next}\n${other}`
  }
  print(context, format, 'Lesson', () => lessonFields(lesson, null, null, cannot), text)
  return LESSON_CANNOT
}

/** Opens the lesson that is current and does something with it; one that cannot be done here says so. */
function withSitting(
  flags: LearnFlags,
  context: CommandContext,
  work: (at: { sitting: Sitting; desk: Desk; format: StructuredFormat | undefined; page: Page }) => Promise<number>,
): Promise<number> {
  return withDesk(flags, context, async (desk, format) => {
    const opening = await desk.open(desk.current)
    const page = await pageOf(context)
    if (opening.sitting === null) return showCannot(opening, format, page, context)
    return work({ sitting: opening.sitting, desk, format, page })
  })
}

interface CheckFlags extends LearnFlags {
  readonly picture?: boolean
}

export function check(_: readonly string[], flags: CheckFlags, context: CommandContext): Promise<number> {
  return withSitting(flags, context, async ({ sitting, desk, format, page }) => {
    const seeing = await sitting.check()
    const { number, title } = sitting.lesson
    const picture = flags.picture === true ? await pictureFor(sitting, seeing, context) : null
    const fields = () => ({
      lesson: number,
      ...checkFields(seeing),
      ...(picture === null ? {} : { picture: picture.fields }),
    })
    print(context, format, 'LessonCheck', fields, () => {
      const end = seeing.after === null ? '' : `\n${passedText(sitting, seeing, desk, page)}`
      const drawn = picture === null ? '' : `\n${picture.text(page)}`
      return `Lesson ${number}: ${title}\n\n${goalsText(seeing.goals, page)}${drawn}${end}`
    })
    return exitCodeOf(seeing)
  })
}

/** Loaded when it is asked for. */
async function pictureFor(sitting: Sitting, seeing: Seeing, { clock }: CommandContext) {
  const [{ lessonPicture }, { drawPicture, LEGEND }, { Questions }] = await Promise.all([
    import('./lesson-picture.ts'),
    import('./picture.ts'),
    import('../describe/questions.ts'),
  ])
  const picture = await lessonPicture(sitting, seeing, new Questions(clock, false))
  const text = ({ width, colours }: Page): string => {
    const lines = drawPicture(picture, { columns: width, rows: Number.POSITIVE_INFINITY }, colours)
    return [...lines.map((line) => line.trimEnd()), '', wrap(LEGEND, { width }), ''].join('\n')
  }
  return { fields: pictureFields(picture), text }
}

/** What matters most of its goals: nothing is known, nothing can be done, not yet. */
export function exitCodeOf({ goals, isPassed }: Pick<Seeing, 'goals' | 'isPassed'>): number {
  if (isPassed) return OK
  if (goals.some(({ verdict }) => verdict.state === 'failed')) return LESSON_CHECK_FAILED
  return goals.some(({ verdict }) => verdict.state === 'cannot') ? LESSON_CANNOT : LESSON_NOT_YET
}

export function hint(_: readonly string[], flags: LearnFlags, context: CommandContext): Promise<number> {
  return withSitting(flags, context, async ({ sitting, format, page }) => {
    const found = sitting.hint(await sitting.look())
    const fields = () => ({ lesson: sitting.lesson.number, hint: found === null ? null : { ...found } })
    const text = (): string =>
      found === null
        ? 'All goals are reached: there is nothing to hint at.\n'
        : hintText(found, sitting.lesson.number, page)
    print(context, format, 'LessonHint', fields, text)
    return OK
  })
}

export function solution(_: readonly string[], flags: LearnFlags, context: CommandContext): Promise<number> {
  return withSitting(flags, context, async ({ sitting, format, page }) => {
    const { look } = await sitting.look()
    const steps = await sitting.solution(look)
    if (steps === null) {
      context.stderr.write('Try something first, whatever it is: the solution is shown after an attempt.\n')
      context.stderr.write('  next: kt learn hint\n')
      return LESSON_NOT_YET
    }
    print(
      context,
      format,
      'LessonSolution',
      () => solutionFields(sitting.lesson.number, steps),
      () => solutionText(steps, page),
    )
    return OK
  })
}

export function answer(
  [name = '', ...words]: readonly string[],
  flags: LearnFlags,
  context: CommandContext,
): Promise<number> {
  return withSitting(flags, context, async ({ sitting, format, page }) => {
    const { look } = await sitting.look()
    const given = await sitting.answer(name, words.join(' '), look)
    const { question, isRight, right } = given
    const fields = () => ({
      lesson: sitting.lesson.number,
      question: question.name,
      answer: given.answer,
      ...{ right, isRight, because: question.because },
    })
    print(context, format, 'LessonAnswer', fields, () => answerText(given, page))
    return OK
  })
}

function answerText({ question, isRight, right, answer: given }: Answer, page: Page): string {
  const { colours, width, code } = page
  // The cluster knows not yet: the reason would give it away before it is run.
  if (isRight === null) {
    const same = `The same line again, when you have run it: \`kt learn answer ${question.name} ...\` says whether it is so.`
    return `You say: ${given}.\n${wrap(same, { width, code })}\n`
  }
  const said = isRight ? colours.good('So it is.') : `You say: ${given}. Right is: ${right}.`
  return `${said}\n${wrap(question.because, { width, code })}\n`
}
