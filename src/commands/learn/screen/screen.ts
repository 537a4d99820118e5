/** The full screen of `kt learn`: what keys do, what lines do, and what is to be drawn. */
import { KtError } from '../../../base/errors.ts'
import type { Colours } from '../../../cli/colour.ts'
import type { CommandTable } from '../../../cli/command.ts'
import type { CommandContext } from '../../../cli/context.ts'
import { errorText } from '../../../cli/errors.ts'
import { LESSON_CANNOT, OK } from '../../../cli/exit-codes.ts'
import { readShellLine } from '../../../cli/shell/read-line.ts'
import { ktHome } from '../../../cluster/cluster-directory.ts'
import type { LessonEntry } from '../../../learn/lessons/index.ts'
import { completeLine } from '../../shell/completer.ts'
import { HistoryFile } from '../../shell/history.ts'
import type { Desk, Opening } from '../desk.ts'
import { openText, passedText } from '../page-text.ts'
import { drawPicture, LEGEND } from '../picture.ts'
import type { Page } from '../render.ts'
import { wrap } from '../wrap.ts'
import type { Frames } from './app.ts'
import { Classroom } from './classroom.ts'
import { type Board, type Frame, frameOf, type Layout, layoutOf, type Prompt } from './frame.ts'
import { besideOf, Jobs } from './jobs.ts'
import { LESSON_WORDS, lessonWords } from './lesson-words.ts'
import { type Key, LineInput } from './line-input.ts'
import { LineRunner } from './line-runner.ts'
import { Looks } from './looks.ts'
import { OutputPane, wrapped } from './output-pane.ts'

export interface ScreenParts {
  readonly context: CommandContext
  readonly commands: CommandTable
  readonly colours: Colours
  readonly binDirectory: string
  /** The person wants to leave. */
  readonly onLeave: () => void
  readonly onSuspend: () => void
  /** Ctrl-L: what stands on the terminal may be anything. */
  readonly onAnew: () => void
}

const CONTINUED = '> '
/** Words that do something with the lesson that is open. */
const OF_OPEN_LESSON: ReadonlySet<string> = new Set(['hint', 'check', 'solution', 'answer'])

/** Owner of everything on the screen. */
export class Screen implements Frames {
  readonly runner: LineRunner
  readonly input: LineInput
  readonly #parts: ScreenParts
  readonly #pane: OutputPane
  readonly #history: HistoryFile
  readonly #jobs: Jobs
  #desk: Desk | null = null
  #room: Classroom | null = null
  #looks: Looks | null = null
  #frame: Frame | null = null
  #listener: () => void = () => undefined
  #isPlanned = false
  #isPaused = false
  #isOver = false
  #topAtLeast = 0
  /** Nothing was typed since the lesson was opened. */
  #isFresh = true
  #layout: Layout | null = null
  #size = ''
  /** Lines of one that goes on. */
  #open = ''
  #lessonLines: { readonly columns: number; readonly lines: readonly string[] } | null = null

  constructor(parts: ScreenParts) {
    this.#parts = parts
    const { context, commands, binDirectory } = parts
    const changed = (): void => this.#changed()
    this.#pane = new OutputPane(changed)
    this.#history = new HistoryFile(ktHome(context.env))
    const words = lessonWords({
      goTo: (word) => this.#goTo(word),
      text: () => this.#showText(),
      picture: () => this.#showPicture(),
      clear: () => this.#pane.clear(),
      stop: (word) => this.#stop(word),
      jobs: () => this.#pane.writeLines(this.#jobs.list().length === 0 ? ['Nothing runs beside.'] : this.#jobs.list()),
      learn: (rest) => this.#learn(rest),
      help: (word) => this.#inPane([word, '--help']),
      print: (text) => this.#pane.write(text),
    })
    const lines = { context, commands, binDirectory, pane: this.#pane, onChange: changed }
    this.runner = new LineRunner({ ...lines, words })
    this.#jobs = new Jobs({ ...lines, words: {} }, () => this.#looks?.soon())
    this.input = new LineInput({
      complete: (line) => this.#complete(line),
      history: this.#history.load(),
      onLine: (line) => void this.#take(line),
      onCandidates: (found) => this.#pane.writeLines([this.#parts.colours.dim(found.join('  '))]),
      onChange: changed,
    })
  }

  /** The context in which the desk prints and asks. */
  get context(): CommandContext {
    const { output } = this.runner
    const { context } = this.#parts
    return { ...context, stdout: output, stderr: output, ask: (question) => this.runner.ask(question, context.signal) }
  }

  /** Opens the lesson and begins to look. */
  async begin(desk: Desk, entry: LessonEntry): Promise<void> {
    const { clock } = this.#parts.context
    this.#desk = desk
    this.runner.connectTo(desk.place.target ?? {})
    this.#room = new Classroom({
      ...{ desk, clock },
      onOpened: (opened, opening, why) => this.#opened(opened, opening, why),
      onStays: ({ number }) =>
        this.#pane.writeLines([
          `Another terminal has gone on to lesson ${number}, on another cluster. This one stays.`,
        ]),
      onPassed: (sitting, seeing) => {
        // What was expected and seen on the way is over: the room is for the explanation.
        this.#topAtLeast = 0
        this.#showFromStart(passedText(sitting, seeing, desk, this.#page(this.#pane.columns)), [''])
      },
      onChange: () => this.#changed(),
      onTrouble: (error) => this.#pane.writeLines(errorText(error, this.#parts.context).trimEnd().split('\n')),
    })
    await this.#room.open(entry)
    if (this.#isOver) return
    const look = async (): Promise<boolean> => {
      const isNew = (await this.#room?.look()) ?? false
      this.#changed()
      return isNew
    }
    // Each request costs somebody something where the cluster is not ours.
    this.#looks = new Looks({ clock, look, leastMs: desk.place.localNodes === null ? 1_500 : 0 })
    this.#looks.soon()
  }

  /** The person leaves; a lesson that is still being opened is not looked at any more. */
  stopLooking(): void {
    this.#isOver = true
    this.#looks?.stop()
  }

  end(): void {
    this.stopLooking()
    this.#jobs.stop(null)
    this.input.close()
  }

  subscribe(listener: () => void): () => void {
    this.#listener = listener
    return () => {
      this.#listener = () => undefined
    }
  }

  current(): Frame {
    this.#frame ??= this.#draw()
    return this.#frame
  }

  /** The next frame is made anew, for the size that the terminal has now. */
  anew(): void {
    this.#isPaused = false
    this.#frame = null
  }

  /** Nothing is drawn until `anew`. */
  pause(): void {
    this.#isPaused = true
  }

  readonly key = (text: string | undefined, key: Key): void => {
    if (key.ctrl === true && this.#controlKey(key.name ?? '')) return
    const page = Math.max(1, this.#pane.rows - 1)
    if (key.name === 'pageup') this.#pane.scroll(-page)
    else if (key.name === 'pagedown') this.#pane.scroll(page)
    else if (key.shift === true && key.name === 'up') this.#pane.scroll(-1)
    else if (key.shift === true && key.name === 'down') this.#pane.scroll(1)
    else this.input.key(text, key)
  }

  /** True when the key was one of ours. */
  #controlKey(name: string): boolean {
    if (name === 'c') this.#interrupt()
    else if (name === 'z') this.#parts.onSuspend()
    else if (name === 'l') this.#parts.onAnew()
    else if (name !== 'd' || this.input.text !== '') return false
    else if (this.runner.isRunning) this.runner.endInput()
    else this.#parts.onLeave()
    return true
  }

  #interrupt(): void {
    this.#open = ''
    if (this.runner.isRunning || this.runner.question !== null) this.runner.interrupt()
    else if (this.input.text === '')
      this.#pane.writeLines(['Nothing runs. quit or Ctrl-D leaves; the lesson stays open.'])
    this.input.clear()
  }

  /** A whole line: for whoever waits for one, else to be run. */
  async #take(line: string): Promise<void> {
    if (this.runner.isRunning || this.runner.question !== null) {
      this.runner.type(line)
      return
    }
    this.#pane.follow()
    this.#pane.writeLines([this.#parts.colours.bold(`${this.#label()}${line}`)])
    const text = this.#open === '' ? line : `${this.#open}\n${line}`
    this.#open = readShellLine(text).kind === 'open' ? text : ''
    if (this.#open !== '' || text.trim() === '') {
      this.#changed()
      return
    }
    this.#history.add(text)
    this.#isFresh = false
    const beside = besideOf(text)
    if (beside !== null) {
      this.#jobs.begin(beside, this.#desk?.place.target ?? {})
      this.#looks?.soon()
      return
    }
    const { entry: before, isImpossible: wasImpossible } = this.#room ?? {}
    const left = await this.runner.run(ofSystem(text) ? `!${text}` : text)
    this.#lessonLines = null
    if (this.runner.session.leaving) {
      this.#parts.onLeave()
      return
    }
    if (wasImpossible === true && this.#room?.entry === before) await this.#room?.retry()
    this.#looks?.soon()
    for (const next of left) await this.#take(next)
  }

  async #complete(line: string): Promise<[string[], string]> {
    const { context, commands } = this.#parts
    const [found, word] = await completeLine(line, commands, { env: this.runner.session.env, clock: context.clock })
    const own = /\s/.test(line.trimStart()) ? [] : Object.keys(LESSON_WORDS).filter((each) => each.startsWith(word))
    if (own.length === 0) return [found, word]
    const all = [...new Set([...own, ...found.map((each) => each.trimEnd())])].sort()
    return [all.length === 1 ? [`${all[0]} `] : all, word]
  }

  async #goTo(word: string | null): Promise<void> {
    const desk = this.#desk
    if (desk === null || this.#room === null) return
    const entry = word === null ? desk.after((this.#room.entry ?? desk.current).number) : desk.entry(word)
    if (entry === null) this.#pane.write('That was the last lesson. notes shows your notebook.\n')
    else await this.#room.open(entry)
  }

  /** As from a script: it must not begin to watch inside of this. */
  async #learn(words: readonly string[]): Promise<number> {
    const [verb] = words
    const isOfOpen = OF_OPEN_LESSON.has(verb ?? '')
    if (isOfOpen && this.#room?.isImpossible === true) return this.#notOpen()
    if (isOfOpen) await this.#room?.claim()
    const isReset = verb === 'reset' && words.length === 1
    const given = isReset ? [...words, String(this.#room?.entry?.number ?? '')] : words
    const isPlaced = verb === 'reset' || isOfOpen
    const here = isPlaced && this.#desk?.place.localNodes !== null ? ['--local'] : []
    return this.#inPane(['learn', ...given, ...here], false)
  }

  /** What is open elsewhere is another lesson than the one on the screen. */
  #notOpen(): number {
    const number = this.#room?.entry?.number
    this.#pane.write(
      `Lesson ${number} is not open, as this cluster cannot serve it now; next or goto N opens another.\n`,
    )
    return LESSON_CANNOT
  }

  #stop(word: string | undefined): number {
    if (this.#jobs.stop(word === undefined ? null : Number(word))) return OK
    this.#pane.write(word === undefined ? 'Nothing runs beside.\n' : `No line ${word} runs beside; jobs lists them.\n`)
    return 1
  }

  async #inPane(words: readonly string[], stdinIsTerminal = true): Promise<number> {
    const { output, session } = this.runner
    const { context } = this.#parts
    return context.run(words, { stdout: output, stderr: output, stdinIsTerminal, env: session.env })
  }

  #opened(entry: LessonEntry, opening: Opening | null, why: KtError | null): void {
    this.#topAtLeast = 0
    this.#isFresh = true
    this.#lessonLines = null
    if (why !== null) {
      const message = new KtError(why.kind, `Lesson ${entry.number} cannot be opened: ${why.message}`, {
        facts: why.facts,
        ...(why.next === undefined ? {} : { next: why.next }),
      })
      this.#pane.writeLines(errorText(message, this.#parts.context).trimEnd().split('\n'))
    } else if (opening?.sitting === null) {
      const { lesson, cannot, instead } = opening
      const said = wrap(`Lesson ${lesson.number} (${lesson.title}) cannot be done on this cluster: ${cannot.why}.`, {
        width: this.#pane.columns,
      })
      const other = instead === null ? [] : [`  or go on: goto ${instead.number} (${instead.title})`]
      // A command is to be pasted: it keeps to one line.
      const isCommand = cannot.next.startsWith('kt ')
      const first = '  next: '
      const next = isCommand
        ? [first + cannot.next]
        : wrap(cannot.next, { width: this.#pane.columns, first, indent: ' '.repeat(first.length) }).split('\n')
      this.#pane.writeLines([...said.split('\n'), ...next, ...other])
    } else if (!this.#isTextBeside()) this.#showText()
    this.#changed()
  }

  /** All of it stands beside the goals already. */
  #isTextBeside(): boolean {
    this.#frame = this.#draw()
    const { lesson, topRows } = this.#layout!
    return lesson > 0 && this.#lesson(lesson).length <= topRows
  }

  /** From its first line on: a learner reads it from there. */
  #showText(): void {
    const { sitting } = this.#room ?? {}
    const desk = this.#desk
    if (this.#room?.isImpossible === true) this.#notOpen()
    if (sitting === null || sitting === undefined || desk === null) return
    this.current()
    this.#showFromStart(openText(sitting, desk, this.#page(this.#pane.columns), true))
  }

  /** What is longer than the pane is read from its beginning. */
  #showFromStart(text: string, before: readonly string[] = []): void {
    this.#pane.freshLine()
    this.#pane.writeLines(before)
    const from = this.#pane.end
    this.#pane.writeLines(text.trimEnd().split('\n'))
    this.#pane.showFrom(from)
  }

  #showPicture(): void {
    const picture = this.#room?.picture
    if (picture === null || picture === undefined) return
    const size = { columns: this.#pane.columns, rows: Number.POSITIVE_INFINITY }
    const legend = wrap(LEGEND, { width: size.columns }).split('\n')
    this.#pane.writeLines([...drawPicture(picture, size, this.#parts.colours), '', ...legend])
  }

  #page(columns: number): Page {
    const { colours } = this.#parts
    const isColourful = colours.name('x') !== 'x'
    return { width: Math.max(40, Math.min(80, columns)), colours, code: isColourful ? colours.name : undefined }
  }

  #label(): string {
    const code = this.runner.session.lastExitCode
    return this.#open !== '' ? CONTINUED : code === OK ? 'kt> ' : `kt (exit ${code})> `
  }

  #prompt(): Prompt {
    const { question, isRunning } = this.runner
    const label = question !== null ? '? ' : isRunning ? 'running; its input, Ctrl-C ends it> ' : this.#label()
    this.input.isCommandLine = question === null && !isRunning
    return { label, text: this.input.text, cursor: this.input.cursor, isSecret: question?.kind === 'secret' }
  }

  #lesson(columns: number): readonly string[] {
    const sitting = this.#room?.sitting
    if (sitting === null || sitting === undefined || this.#desk === null) return []
    if (this.#lessonLines?.columns !== columns) {
      const text = openText(sitting, this.#desk, this.#page(columns), true).trimEnd()
      // Lines to be typed are not wrapped in it; they must not push what stands beside them.
      const all = text.split('\n')
      // Its title is on the screen's first line already.
      const lines = all.slice(all.indexOf('') + 1)
      this.#lessonLines = { columns, lines: lines.flatMap((line) => wrapped(line, columns)) }
    }
    return this.#lessonLines!.lines
  }

  #board(): Board {
    const { entry, goals = [], picture = null, events = [] } = this.#room ?? {}
    const title = entry === null || entry === undefined ? 'kt learn' : `Lesson ${entry.number}: ${entry.title}`
    const note = this.#room?.isImpossible === true ? 'not on this cluster' : 'opening it'
    const isFresh = this.#isFresh && events.length === 0
    const lesson = (columns: number): readonly string[] => this.#lesson(columns)
    const wasPassed = this.#room?.wasPassed === true
    return { title, note, goals, picture, isFresh, wasPassed, events, lesson, prompt: this.#prompt() }
  }

  #draw(): Frame {
    const { colours, context } = this.#parts
    const size = { columns: context.stdout.columns, rows: context.stdout.rows ?? 24 }
    const sizeText = `${size.columns}x${size.rows}`
    if (sizeText !== this.#size) this.#topAtLeast = 0
    this.#size = sizeText
    const board = this.#board()
    // The first picture may still be that of the lesson before.
    const layout = layoutOf(board, size, colours, board.isFresh ? 0 : this.#topAtLeast)
    this.#topAtLeast = layout.topRows
    this.#layout = layout
    this.#pane.resize(size.columns, layout.paneRows)
    return frameOf(board, layout, this.#pane.view(), size, colours)
  }

  /** Changes of one turn of the event loop are drawn once. */
  #changed(): void {
    if (this.#isPlanned || this.#isPaused) return
    this.#isPlanned = true
    setImmediate(() => {
      this.#isPlanned = false
      if (this.#isPaused) return
      const frame = this.#draw()
      if (isSame(frame, this.#frame)) return
      this.#frame = frame
      this.#listener()
    })
  }
}

/** Lessons say `ls` and `cat` as one types them in any terminal; what goes into a command of kt, the prompt runs itself. */
function ofSystem(text: string): boolean {
  return /^\s*(ls|cat|grep|ps)\s/.test(text) && !/\|\s*kt\s/.test(text)
}

function isSame(one: Frame, other: Frame | null): boolean {
  return (
    other !== null &&
    one.cursor.x === other.cursor.x &&
    one.cursor.y === other.cursor.y &&
    one.lines.length === other.lines.length &&
    one.lines.every((line, at) => line === other.lines[at])
  )
}
