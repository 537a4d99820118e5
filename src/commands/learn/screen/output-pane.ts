/**
 * What commands print, as lines that can be scrolled: a small terminal that knows colours, line ends, `\r`, and the few
 * sequences that kt's own commands draw with. Everything else that would move a cursor is left out, so that nothing printed
 * can spoil the screen around it.
 */
import wrapAnsi from 'wrap-ansi'
import type { Output } from '../../../cli/context.ts'

/** As far back as anybody scrolls; what is older is forgotten. */
export const MAX_PANE_LINES = 2_000
/** A longer line is a file somebody printed. */
const MAX_LINE_LENGTH = 8_000
const TAB = 8
const ESCAPE = '\x1b'

const PIECE = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-z]|${ESCAPE}[^[]|\\r\\n|\\n|\\r|\\t|[^${ESCAPE}\\r\\n\\t]+`, 'g')
/** No letters: a terminal would act on them. */
const CONTROLS = /\p{Cc}/gu
/** A sequence whose rest comes with the next piece. */
const CUT_OFF = new RegExp(`${ESCAPE}(\\[[0-9;?]{0,32})?$`)
const PRINTABLE = /^[\x20-\x7e]*$/

interface Line {
  readonly text: string
  /** As wrapped to `columns`; made when it is first shown. */
  rows: readonly string[] | null
  columns: number
}

/** A place in the output that stays the same when more is printed. */
interface Place {
  line: number
  row: number
}

/** One per screen. Changed by what is written and by scrolling. */
export class OutputPane {
  #lines: Line[] = []
  /** How many lines were forgotten: the number of the first one kept. */
  #gone = 0
  #open = ''
  #cutOff = ''
  #returned = false
  /** Where `clear screen` was said: a picture that is drawn again begins there. */
  #home: number | null = null
  /** null: the end is shown. */
  #top: Place | null = null
  #columns = 80
  #rows = 10
  readonly #changed: () => void

  /** `changed` is told after each change. */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Number of the next line, for `showFrom`. */
  get end(): number {
    return this.#gone + this.#lines.length
  }

  get columns(): number {
    return this.#columns
  }

  get rows(): number {
    return this.#rows
  }

  resize(columns: number, rows: number): void {
    this.#columns = Math.max(1, columns)
    this.#rows = Math.max(1, rows)
  }

  write(piece: string): void {
    const whole = this.#cutOff + piece
    this.#cutOff = CUT_OFF.exec(whole)?.[0] ?? ''
    const text = whole.slice(0, whole.length - this.#cutOff.length)
    for (const [piece] of text.matchAll(PIECE)) this.#take(piece)
    this.#changed()
  }

  /** Adds lines of their own: what a half-written line has is left alone. */
  writeLines(lines: readonly string[]): void {
    if (this.#open !== '') this.#endLine()
    this.write(lines.map((line) => `${line}\n`).join(''))
  }

  /** Ends a line that has been begun. */
  freshLine(): void {
    if (this.#open !== '') this.#endLine()
    this.#returned = false
    this.#home = null
  }

  clear(): void {
    this.#gone = this.end
    this.#lines = []
    this.#open = ''
    this.#home = null
    this.#top = null
    this.#changed()
  }

  /** What is visible now: at most as many rows as the pane has. */
  view(): { readonly rows: readonly string[]; readonly above: boolean; readonly below: boolean } {
    if (this.#top !== null) {
      const rows = this.#rowsFrom(this.#top, this.#rows + 1)
      if (rows.length > this.#rows) {
        const { line, row } = this.#top
        return { rows: rows.slice(0, this.#rows), above: line > this.#gone || row > 0, below: true }
      }
      this.#top = null
    }
    const all = this.#lastRows(this.#rows + 1)
    return { rows: all.slice(-this.#rows), above: all.length > this.#rows, below: false }
  }

  /** The end is shown from now on. */
  follow(): void {
    if (this.#top === null) return
    this.#top = null
    this.#changed()
  }

  /** Shows the output from this line on, where all of it does not fit. */
  showFrom(line: number): void {
    this.#top = { line: Math.max(line, this.#gone), row: 0 }
    this.#changed()
  }

  /** Up (negative) or down by so many rows. */
  scroll(by: number): void {
    const top = this.#top ?? this.#placeOfEnd()
    this.#top = this.#moved(top, by)
    this.#changed()
  }

  /** Everything kept, as it was written. */
  text(): string {
    return this.#all()
      .map(({ text }) => text)
      .join('\n')
  }

  #take(piece: string): void {
    if (piece === '\n' || piece === '\r\n') this.#endLine()
    else if (piece === '\r') this.#returned = true
    else if (piece.startsWith(`${ESCAPE}[`)) this.#control(piece)
    else if (!piece.startsWith(ESCAPE)) this.#append(piece)
  }

  #append(piece: string): void {
    this.#begin()
    this.#add(piece === '\t' ? ' '.repeat(TAB - (widthOf(this.#open) % TAB)) : piece.replace(CONTROLS, '.'))
  }

  #colour(sequence: string): void {
    this.#begin()
    this.#add(sequence)
  }

  /** What comes after a `\r` takes the place of the line. */
  #begin(): void {
    if (this.#returned) this.#open = ''
    this.#returned = false
  }

  #add(text: string): void {
    if (this.#open.length < MAX_LINE_LENGTH) this.#open += text.slice(0, MAX_LINE_LENGTH)
  }

  #control(sequence: string): void {
    const command = sequence.at(-1)
    if (command === 'm') this.#colour(sequence)
    else if (sequence.endsWith('[2J')) this.#home = this.end
    else if (command === 'H') this.#goHome()
    else if (sequence.endsWith('[2K')) this.#open = ''
  }

  /** A picture drawn over itself takes the place of the one before. */
  #goHome(): void {
    this.#home ??= this.end
    this.#lines.length = Math.min(this.#lines.length, Math.max(0, this.#home - this.#gone))
    this.#open = ''
  }

  #endLine(): void {
    this.#lines.push({ text: this.#open, rows: null, columns: 0 })
    this.#open = ''
    this.#returned = false
    const over = this.#lines.length - MAX_PANE_LINES
    // Not one by one: taking from the front moves all others.
    if (over < MAX_PANE_LINES / 4) return
    this.#lines = this.#lines.slice(over)
    this.#gone += over
    if (this.#top !== null && this.#top.line < this.#gone) this.#top = { line: this.#gone, row: 0 }
  }

  #all(): readonly Line[] {
    return this.#open === '' ? this.#lines : [...this.#lines, { text: this.#open, rows: null, columns: 0 }]
  }

  #rowsOf(line: Line): readonly string[] {
    if (line.rows === null || line.columns !== this.#columns) {
      line.rows = wrapped(line.text, this.#columns)
      line.columns = this.#columns
    }
    return line.rows
  }

  #lastRows(count: number): string[] {
    const all = this.#all()
    const found: string[][] = []
    let rows = 0
    for (let at = all.length - 1; at >= 0 && rows < count; at--) {
      const each = this.#rowsOf(all[at]!)
      found.unshift([...each])
      rows += each.length
    }
    return found.flat().slice(-count)
  }

  #rowsFrom({ line, row }: Place, count: number): string[] {
    const all = this.#all()
    const rows: string[] = []
    for (let at = line - this.#gone; at < all.length && rows.length < count + row; at++)
      rows.push(...this.#rowsOf(all[at]!))
    return rows.slice(row, row + count)
  }

  /** The place whose rows are those at the end. */
  #placeOfEnd(): Place {
    return this.#moved({ line: this.#gone + this.#all().length, row: 0 }, -this.#rows)
  }

  #moved(from: Place, by: number): Place {
    const all = this.#all()
    let { line, row } = from
    for (let left = Math.abs(by); left > 0; left--) {
      const rows = line - this.#gone < all.length ? this.#rowsOf(all[line - this.#gone]!).length : 1
      if (by > 0 && row + 1 < rows) row += 1
      else if (by > 0 && line - this.#gone < all.length) [line, row] = [line + 1, 0]
      else if (by < 0 && row > 0) row -= 1
      else if (by < 0 && line > this.#gone) {
        line -= 1
        row = this.#rowsOf(all[line - this.#gone]!).length - 1
      }
    }
    return { line, row }
  }
}

/** The pane as an `Output`: commands take it for a terminal of its size. */
export class PaneOutput implements Output {
  readonly isTerminal = true
  readonly #pane: OutputPane
  readonly #decoder = new TextDecoder()
  readonly #observe: (text: string) => void

  /** `observe` sees all that is written. */
  constructor(pane: OutputPane, observe: (text: string) => void = () => undefined) {
    this.#pane = pane
    this.#observe = observe
  }

  get columns(): number {
    return this.#pane.columns
  }

  get rows(): number {
    return this.#pane.rows
  }

  /** Always asks to wait: the keyboard must be heard and the screen drawn between two pieces of endless output. */
  write(data: string | Uint8Array): boolean {
    const text = typeof data === 'string' ? data : this.#decoder.decode(data, { stream: true })
    this.#observe(text)
    this.#pane.write(text)
    return false
  }

  drain(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve))
  }
}

/** A line as rows of at most so many columns. */
export function wrapped(text: string, columns: number): readonly string[] {
  if (text.length <= columns && PRINTABLE.test(text)) return [text]
  // Between words, as most long lines are sentences; a path that is too long is cut where the pane ends.
  return wrapAnsi(text, columns, { hard: true, trim: false }).split('\n')
}

/** Columns of a text without its colours, near enough for a tab. */
function widthOf(text: string): number {
  return text.replace(new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g'), '').length
}
