/** Lessons as text: for a terminal of any width, with or without colour; every state is a word, for those who hear it. */
import type { Colours } from '../../cli/colour.ts'
import type { CommandContext } from '../../cli/context.ts'
import { clockTime } from '../../learn/checks/happened.ts'
import { eventText } from '../../learn/event-text.ts'
import type { Event } from '../../learn/journal.ts'
import type { Belief, Lesson, Question, SolutionStep } from '../../learn/lesson.ts'
import type { LessonEntry } from '../../learn/lessons/index.ts'
import type { LessonProgress } from '../../learn/progress.ts'
import type { Hint } from '../../learn/teacher.ts'
import type { Verdict } from '../../learn/verdict.ts'
import { letterOf } from './sitting.ts'
import { MAX_WIDTH, wrap } from './wrap.ts'

/** Room for the word of a goal's state. */
const STATE_WIDTH = 9
const LABEL_WIDTH = 10
const SEE_IT = 'see it'
const WAY_OUT = 'way out'

export interface Page {
  readonly width: number
  readonly colours: Colours
  /** Paints code; undefined where backticks have to do. */
  readonly code: ((text: string) => string) | undefined
}

/** How wide and how colourful this terminal is. */
export async function pageOf({ stdout, colours }: Pick<CommandContext, 'stdout' | 'colours'>): Promise<Page> {
  const paint = await colours()
  const isColourful = paint.name('x') !== 'x'
  return {
    width: Math.max(40, Math.min(MAX_WIDTH, stdout.columns)),
    colours: paint,
    code: isColourful ? paint.name : undefined,
  }
}

export interface Shown {
  readonly lesson: Lesson
  readonly progress: LessonProgress
  /** Number of the last lesson of the course. */
  readonly last: number
  /** Flags of another cluster than the local one; '' for that. */
  readonly flags: string
  /** There is a prompt below the text; else lines are typed in another terminal. */
  readonly hasPrompt?: boolean
}

/**
 * What a learner reads before typing anything. The idea first, the question before the lines that answer it; what older
 * notes say comes last, as it speaks of things that the text has just introduced.
 */
export function lessonText({ lesson, progress, last, flags, hasPrompt = false }: Shown, page: Page): string {
  const { colours, width, code } = page
  const heading = `Lesson ${lesson.number}${lesson.number <= last ? ` of ${last}` : ''}: ${lesson.title}`
  const parts = [
    wrap(heading, { width }).split('\n').map(colours.bold).join('\n'),
    wrap(lesson.text, { width, code }),
    ...(lesson.questions ?? []).map((question) => questionText(question, progress, page)),
    ...(lesson.type.length === 0
      ? []
      : [`${hasPrompt ? 'Type' : 'Type, in another terminal'}:\n${linesText(lesson.type, page)}`]),
    ...(flags === '' || hasPrompt
      ? []
      : [
          wrap(
            `This lesson is on another cluster: put \`${flags.trim()}\` behind commands, or export KT_BOOTSTRAP_SERVER.`,
            { width, code },
          ),
        ]),
    ...(lesson.beliefs ?? []).map((belief) => beliefText(belief, page)),
  ]
  return `${parts.join('\n\n')}\n`
}

function beliefText({ older, today }: Belief, { width, code }: Page): string {
  const lines = [wrap(older, { width, code, first: 'Older notes: ', indent: '             ' })]
  return [...lines, wrap(today, { width, code, first: 'Today:       ', indent: '             ' })].join('\n')
}

const COMMAND = /^(kt|ls|cat|grep|ps|echo|printf|seq)\b/
/** What stands behind two blanks is said of the line, and is not typed. */
const REMARK = /^(.*?\S) {2,}(\(.*\))$/

/** Command lines: never wrapped, so that they can be pasted. A remark that has no room behind its line stands below it. */
function linesText(lines: readonly string[], page: Page): string {
  return lines.map((line) => lineText(line, page)).join('\n')
}

function lineText(line: string, { colours, width }: Page): string {
  if (!COMMAND.test(line)) return `  ${line}`
  const [, command = line, remark] = REMARK.exec(line) ?? []
  if (remark === undefined) return `  ${colours.name(command)}`
  const hasRoom = line.length + 2 <= width
  return `  ${colours.name(command)}${hasRoom ? line.slice(command.length, -remark.length) : '\n      '}${colours.dim(remark)}`
}

/** The question, what may be answered, and what was. */
export function questionText(question: Question, { answers }: LessonProgress, page: Page): string {
  const { width, code } = page
  const asked = wrap(question.ask, { width, code, first: 'Before you run it: ' })
  const choices = (question.choices ?? []).map((choice, at) =>
    wrap(choice, { width, code, first: `  ${letterOf(at)}) `, indent: '     ' }),
  )
  const given = answers[question.name]
  const example = question.choices === undefined ? 'YOUR ANSWER' : 'a'
  const last = given === undefined ? `  kt learn answer ${question.name} ${example}` : `  your answer: ${given}`
  return [asked, ...choices, last].join('\n')
}

/** All goals, each with what was expected and seen. */
export function goalsText(goals: readonly { name: string; verdict: Verdict }[], page: Page): string {
  return `${page.colours.bold('Goals')}\n${goals.map((goal) => goalText(goal, page)).join('')}`
}

/** `not yet  the topic has three partitions`, and below it the facts and the command that shows them. */
export function goalText({ name, verdict }: { name: string; verdict: Verdict }, page: Page): string {
  const word = stateWord(verdict.state)
  const paint = paintOf(verdict.state, page.colours)
  const indent = ' '.repeat(STATE_WIDTH + 2)
  const head = wrap(name, { width: page.width, first: `  ${word.padEnd(STATE_WIDTH)}`, indent })
  const { dim, name: command } = page.colours
  const lines = factLines(verdict).map(([label, text]) => {
    const first = `${indent}${label.padEnd(LABEL_WIDTH)}`
    // A command is to be pasted: it keeps to one line.
    const isCommand = label === SEE_IT || label === WAY_OUT
    const told = isCommand
      ? first + command(text)
      : wrap(text, { width: page.width, first, indent: `${indent}${' '.repeat(LABEL_WIDTH)}` })
    // Labels alone step back: faint text is hard to read on many a light background.
    return told.replace(label, dim(label))
  })
  return `${[head.replace(word, paint(word)), ...lines].join('\n')}\n`
}

const WORDS: Readonly<Record<Verdict['state'], string>> = {
  done: 'done',
  'not-yet': 'not yet',
  cannot: 'cannot',
  failed: 'unknown',
}

export function stateWord(state: Verdict['state']): string {
  return WORDS[state]
}

function paintOf(state: Verdict['state'], { good, warning, bad }: Colours): (text: string) => string {
  if (state === 'done') return good
  return state === 'not-yet' ? bad : warning
}

function factLines(verdict: Verdict): [label: string, text: string][] {
  if (verdict.state === 'cannot')
    return [
      ['why', verdict.why],
      ['next', verdict.next],
    ]
  if (verdict.state === 'failed') {
    const next: [string, string][] = verdict.next === undefined ? [] : [['next', verdict.next]]
    return [['why', `the check itself failed: ${verdict.why}`], ...next]
  }
  const { expected, observed, show, waitingFor, wayOut } = verdict
  if (verdict.state === 'done') return [['observed', observed]]
  const waiting: [string, string][] = waitingFor === undefined ? [] : [['waiting', `for ${waitingFor}`]]
  const out: [string, string][] =
    wayOut === undefined
      ? []
      : [
          ['stuck', wayOut.why],
          [WAY_OUT, wayOut.next],
        ]
  return [['expected', expected], ['observed', observed], ...waiting, ...out, [SEE_IT, show]]
}

/** What happened and why, what to try freely, and where it goes on. */
export function afterText(lesson: Lesson, after: string, next: LessonEntry | null, page: Page): string {
  const { width, code, colours } = page
  const play = lesson.play ?? []
  const goOn =
    next === null
      ? 'This was the last lesson: `kt learn notes` writes your notebook.'
      : `Nothing moves on by itself: \`kt learn next\` opens lesson ${next.number}, ${next.title}.`
  const parts = [
    colours.good(`Lesson ${lesson.number} is passed.`),
    wrap(after, { width, code }),
    ...(play.length === 0 ? [] : [`Play, if you like:\n${linesText(play, page)}`]),
    wrap(goOn, { width, code }),
  ]
  return `${parts.join('\n\n')}\n`
}

/** `12:01:03  leader of kt-15-orders-0: 2 -> 1, leader epoch 3` */
export function eventLine(event: Event, { width, colours }: Page): string {
  const time = clockTime(event.at)
  const line = wrap(eventText(event), { width, first: `  ${time}  `, indent: ' '.repeat(12) })
  return `${line.replace(time, colours.dim(time))}\n`
}

export function hintText({ goal, level, lastError, text, wayOut }: Hint, lesson: number, page: Page): string {
  const { width, code } = page
  const isCommand = /^kt \S+/.test(text) && level === 3
  const failed =
    lastError === null ? [] : [wrap(`Your last command failed: ${lastError}`, { width, indent: '  ', first: '' })]
  const shown = isCommand ? linesText([text], page) : wrap(text, { width, code, indent: '  ' })
  if (wayOut !== null) {
    const stuck = wrap(`${wayOut.why}:`, { width, indent: '  ' })
    return `${[...failed, `From here it cannot be reached: ${goal}`, stuck, linesText([wayOut.next], page)].join('\n')}\n`
  }
  const more =
    level < 3
      ? 'kt learn hint says more.'
      : `kt learn solution shows all of it; kt learn reset ${lesson} begins it anew.`
  return `${[...failed, `Hint ${level} of 3, for: ${goal}`, shown, more].join('\n')}\n`
}

/** Each line of the solution, as it is typed. */
export function solutionText(steps: readonly SolutionStep[], page: Page): string {
  return steps
    .map((step) => linesText([stepLine(step)], page) + typedText(step))
    .join('\n')
    .concat('\n')
}

/** One line that can be typed. */
export function stepLine({ line, answers, beside, ends }: SolutionStep): string {
  if (ends === true) return line
  if (answers !== undefined) return `kt learn answer ${answers} ${line}`
  return `kt ${line}${beside === true ? '     (in a terminal of its own; Ctrl-C when the lesson is passed)' : ''}`
}

const MAX_TYPED_LINES = 8

function typedText({ input = [] }: SolutionStep): string {
  if (input.length === 0) return ''
  const more = input.length > MAX_TYPED_LINES ? [`    ... ${input.length} lines in all`] : []
  const lines = input.slice(0, MAX_TYPED_LINES).map((line) => `    ${line}`)
  return `\n${[...lines, ...more, '    Ctrl-D'].join('\n')}`
}
