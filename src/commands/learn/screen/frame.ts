/**
 * The whole screen as lines: where everything stands at which size. Pure. One line less than the terminal has: a full one
 * would be cleared and drawn anew with every key.
 */
import type { Colours } from '../../../cli/colour.ts'
import type { Picture } from '../../../learn/picture/picture.ts'
import { drawPicture, LEGEND } from '../picture.ts'
import { wrap } from '../wrap.ts'
import { type GoalState, goalLines } from './goal-lines.ts'

/** What is shown besides the output. */
export interface Board {
  readonly title: string
  /** Stands where goals are counted as long as there are none. */
  readonly note: string
  readonly goals: readonly GoalState[]
  readonly picture: Picture | null
  /** Nothing has happened since the lesson was opened: its text is what matters. */
  readonly isFresh: boolean
  /** It was passed since it was opened; what is played may turn goals back. */
  readonly wasPassed: boolean
  /** Newest last. */
  readonly events: readonly string[]
  /** The lesson's text at a width, for screens that have room for it. */
  readonly lesson: (columns: number) => readonly string[]
  readonly prompt: Prompt
}

export interface Prompt {
  readonly label: string
  readonly text: string
  /** In characters of `text`. */
  readonly cursor: number
  /** Stars are shown instead of what is typed. */
  readonly isSecret: boolean
}

export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/** Where the parts stand. */
export interface Layout {
  /** Width of the lesson's text at the left; 0 where there is no room for it. */
  readonly lesson: number
  /** Width of the goals; at `stacked` the picture stands below them. */
  readonly goals: number
  readonly picture: number
  readonly stacked: boolean
  readonly topRows: number
  readonly eventRows: number
  readonly paneRows: number
}

/** What the output shows at the moment. */
export interface PaneView {
  readonly rows: readonly string[]
  readonly above: boolean
  readonly below: boolean
}

export interface Frame {
  readonly lines: readonly string[]
  readonly cursor: { readonly x: number; readonly y: number }
}

/** Below this there is room for the output and the prompt alone. */
const MIN_COLUMNS = 44
const MIN_ROWS = 14
/** From here on goals and picture stand side by side. */
const SIDE_BY_SIDE_COLUMNS = 76
/** From here on the lesson's text stays on the screen. */
const WITH_LESSON = { columns: 118, rows: 30 }
const MIN_PANE_ROWS = 6
const GAP = 3

/** The layout for a size; `topAtLeast` keeps the upper part from shrinking while a lesson goes on. */
export function layoutOf(board: Board, { columns, rows }: ScreenSize, colours: Colours, topAtLeast = 0): Layout {
  const usable = rows - 1
  if (columns < MIN_COLUMNS || rows < MIN_ROWS) {
    const none = { lesson: 0, goals: columns, picture: columns, stacked: true, topRows: 0, eventRows: 0 }
    return { ...none, paneRows: Math.max(1, usable - 3) }
  }
  const lesson =
    columns >= WITH_LESSON.columns && rows >= WITH_LESSON.rows ? Math.min(80, Math.floor(columns * 0.46)) : 0
  const right = lesson === 0 ? columns : columns - lesson - GAP
  const stacked = lesson > 0 || columns < SIDE_BY_SIDE_COLUMNS
  const goals = stacked ? right : Math.floor((right - GAP) / 2)
  const picture = stacked ? right : right - GAP - goals
  const eventRows = rows >= 36 ? 4 : rows >= 22 ? 2 : 1
  // Header, rule and prompt.
  const shared = usable - 3 - eventRows
  // A text beside the goals that has just been opened is all there is to read.
  const share = lesson === 0 ? 0.58 : board.isFresh ? 0.8 : 0.66
  const most = Math.max(3, Math.min(shared - MIN_PANE_ROWS, Math.floor(shared * share)))
  const wanted = wantedRows(board, { lesson, goals, picture, stacked }, most, colours)
  const topRows = Math.min(most, Math.max(wanted, topAtLeast))
  return { lesson, goals, picture, stacked, topRows, eventRows, paneRows: shared - topRows }
}

function wantedRows(
  board: Board,
  { lesson, goals, picture, stacked }: Pick<Layout, 'lesson' | 'goals' | 'picture' | 'stacked'>,
  most: number,
  colours: Colours,
): number {
  const all = { rows: Number.POSITIVE_INFINITY }
  const isBrief = board.isFresh && lesson === 0
  const goalRows = goalLines(board.goals, { columns: goals, rows: most, isBrief }, colours).length
  const drawn = board.picture === null ? [] : drawPicture(board.picture, { columns: picture, ...all }, colours)
  const right = stacked ? goalRows + (drawn.length === 0 ? 0 : drawn.length + 1) : Math.max(goalRows, drawn.length)
  return Math.max(right, lesson === 0 ? 0 : board.lesson(lesson).length)
}

/** The lines of the screen; `view` is what the pane shows at the layout's size. */
export function frameOf(board: Board, layout: Layout, view: PaneView, size: ScreenSize, colours: Colours): Frame {
  const { columns } = size
  const pane = [...view.rows, ...new Array<string>(Math.max(0, layout.paneRows - view.rows.length)).fill('')]
  const lines = [
    header(board, columns, colours),
    ...topLines(board, layout, colours),
    ...eventLines(board.events, layout.eventRows, columns, colours),
    rule(view, columns, colours),
    ...pane,
  ]
  const { line, x } = promptLine(board.prompt, columns, colours)
  return { lines: [...lines, line], cursor: { x, y: lines.length } }
}

function header({ title, note, goals, wasPassed }: Board, columns: number, { bold, good }: Colours): string {
  const done = goals.filter(({ verdict }) => verdict?.state === 'done').length
  const isPassed = goals.length > 0 && done === goals.length
  const now = `${done} of ${goals.length} goals`
  const count = goals.length === 0 ? note : wasPassed ? `passed; now ${now}` : now
  const right = isPassed ? 'passed: next goes on' : count
  const room = columns - right.length - 2
  if (room < 8) return bold(cut(title, columns))
  return `${bold(cut(title, room).padEnd(room))}  ${isPassed ? good(right) : right}`
}

function topLines(board: Board, layout: Layout, colours: Colours): string[] {
  const { topRows, stacked } = layout
  if (topRows === 0) return []
  const right = stacked ? stackedLines(board, layout, colours) : besideLines(board, layout, colours)
  if (layout.lesson === 0) return filled(right, topRows)
  const left = lessonLines(board.lesson(layout.lesson), topRows, board.isFresh, colours)
  return besides(filled(left, topRows), layout.lesson, filled(right, topRows), colours)
}

/** What does not fit is read from its beginning; after that, what is to be typed stays in view. */
function lessonLines(lesson: readonly string[], rows: number, isFresh: boolean, { dim }: Colours): readonly string[] {
  if (lesson.length <= rows) return lesson
  const more = dim('... text shows all of it')
  const type = lesson.indexOf('Type:')
  if (isFresh || type < rows / 2) return [...lesson.slice(0, rows - 1), more]
  const end = lesson.indexOf('', type)
  const from = Math.min(type, (end < 0 ? lesson.length : end) - rows + 1)
  return from <= 0 ? [...lesson.slice(0, rows - 1), more] : [more, ...lesson.slice(from, from + rows - 1)]
}

function stackedLines(board: Board, layout: Layout, colours: Colours): string[] {
  const { topRows, lesson, goals: columns } = layout
  const drawn = board.picture === null ? [] : drawPicture(board.picture, { columns, rows: topRows }, colours)
  // Both get what they need; when that is too much, the picture what the goals leave, but half of it at least.
  const least = Math.min(drawn.length, Math.ceil(topRows / 2))
  const isBrief = board.isFresh && lesson === 0
  const goals = goalLines(board.goals, { columns, rows: Math.max(1, topRows - least), isBrief }, colours)
  if (drawn.length === 0 || board.picture === null) return goals
  const isTight = goals.length + drawn.length >= topRows
  const rows = topRows - goals.length - (isTight ? 0 : 1)
  return [...goals, ...(isTight ? [] : ['']), ...explained(board.picture, { columns, rows }, colours)]
}

function besideLines(board: Board, { topRows, goals, picture }: Layout, colours: Colours): string[] {
  const left = goalLines(board.goals, { columns: goals, rows: topRows, isBrief: board.isFresh }, colours)
  const right = board.picture === null ? [] : explained(board.picture, { columns: picture, rows: topRows }, colours)
  return besides(filled(left, topRows), goals, filled(right, topRows), colours)
}

/** The picture, and what its marks mean where there is room for that below it. */
function explained(picture: Picture, { columns, rows }: ScreenSize, colours: Colours): string[] {
  const drawn = drawPicture(picture, { columns, rows }, colours)
  const legend = picture.topics.length === 0 ? [] : ['', ...wrap(LEGEND, { width: columns }).split('\n')]
  return drawn.length + legend.length > rows ? drawn : [...drawn, ...legend]
}

function besides(left: readonly string[], width: number, right: readonly string[], { dim }: Colours): string[] {
  return left.map(
    (line, at) => `${line}${' '.repeat(Math.max(0, width - visible(line)))} ${dim('|')} ${right[at] ?? ''}`,
  )
}

function filled(lines: readonly string[], rows: number): string[] {
  return [...lines, ...new Array<string>(rows).fill('')].slice(0, rows)
}

function eventLines(events: readonly string[], rows: number, columns: number, { dim }: Colours): string[] {
  const shown = rows === 0 ? [] : events.slice(-rows)
  return filled(
    shown.map((event) => dim(cut(event, columns))),
    rows,
  )
}

const HELP = ['hint  solution  next  help  quit', 'hint  next  help  quit', 'help  quit']

function rule({ above, below }: PaneView, columns: number, { dim, warning }: Colours): string {
  const scrolled = below ? 'PgDn: more below' : above ? 'PgUp: more above' : 'output'
  const left = `-- ${scrolled} `
  const help = HELP.find((each) => left.length + each.length + 6 <= columns) ?? ''
  const right = help === '' ? '' : ` ${help} --`
  const line = '-'.repeat(Math.max(0, columns - left.length - right.length))
  return `${below ? warning(left) : dim(left)}${dim(line + right)}`.trimEnd()
}

/** A line longer than the screen is shown around the cursor. */
function promptLine(
  { label, text, cursor, isSecret }: Prompt,
  columns: number,
  { bold }: Colours,
): { line: string; x: number } {
  const shown = isSecret ? '*'.repeat(text.length) : text
  const front = cut(label, Math.max(0, columns - 10))
  const room = Math.max(1, columns - front.length - 1)
  const from = Math.max(0, Math.min(cursor - Math.floor(room * 0.75), shown.length - room + 1))
  return { line: `${bold(front)}${shown.slice(from, from + room)}`, x: front.length + cursor - from }
}

/** Columns of a text that may hold colours. */
function visible(text: string): number {
  return text.replace(SGR, '').length
}

const SGR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 2))}..`
}
