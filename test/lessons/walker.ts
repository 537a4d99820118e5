/**
 * A learner at the full screen of `kt learn`: types the lines of a lesson's solution at its prompt, waits until goals are
 * green on the screen, reads what happened and why, and goes on. What it knows of the cluster is what a learner reads in
 * the descriptions: who leads, which file it is.
 */
import { systemClock } from '../../src/base/clock.ts'
import { LESSON_CANNOT } from '../../src/cli/exit-codes.ts'
import type { Desk } from '../../src/commands/learn/desk.ts'
import { Facts } from '../../src/learn/facts/facts.ts'
import type { Lesson, Look, SolutionStep } from '../../src/learn/lesson.ts'
import type { LessonEntry } from '../../src/learn/lessons/index.ts'
import { PtyTerminal } from '../support/pty-terminal.ts'
import type { LessonWorld } from './world.ts'

const ENTER = '\r'
const CTRL_C = '\x03'
const CTRL_D = '\x04'
const PAGE_UP = '\x1b[5~'
const PAGE_DOWN = '\x1b[6~'
/** Laboratories and groups take their time, and so does a machine that has other things to do. */
const PATIENCE_MS = 120_000
/** Nothing printed is longer than so many pages. */
const MAX_PAGES = 60
/** The prompt when nothing runs and nothing has been typed. */
const IDLE = /^kt(?: \(exit (\d+)\))?>$/
/** Between the upper part of the screen and the output. */
const RULE = /^-- (output|PgUp: more above|PgDn: more below) -/
/** A line of a stack trace, or a value that was not there. */
const HOLE = /^\s+at .*:\d+:\d+\)?$|undefined|\bNaN\b|\[object /m

export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

export interface WalkerParts {
  readonly world: LessonWorld
  readonly desk: Desk
  readonly size: ScreenSize
  /** Behind `kt learn`. */
  readonly words?: string
  /** Added to the environment. */
  readonly more?: Readonly<Record<string, string>>
}

/** One learner, one sitting. Everything that is not as it should be is thrown, with the screen. */
export class Walker implements Disposable {
  readonly terminal: PtyTerminal
  readonly #desk: Desk
  readonly #size: ScreenSize
  #besides = 0

  constructor({ world, desk, size, words = '', more = {} }: WalkerParts) {
    this.#desk = desk
    this.#size = size
    const env = { ...process.env, ...world.env, ...more, TERM: 'xterm-256color', CI: 'true' }
    this.terminal = new PtyTerminal(`exec '${process.execPath}' '${world.program}' learn ${words}`, { env, ...size })
  }

  /** The lesson is on the screen, and its goals have been looked at. */
  async sees(lesson: Lesson): Promise<void> {
    const { goals, title, number } = lesson
    const open = goals.filter(({ fromStart }) => fromStart !== true).length
    const heading = `Lesson ${number}: ${title}`.slice(0, 30)
    const done = `${goals.length - open} of ${goals.length} goals`
    await this.#until(({ lines }) => lines[0]!.startsWith(heading) && lines[0]!.endsWith(done), `${heading}, ${done}`)
    await this.#until(({ text }) => /^\[ \] /m.test(text), 'a goal that is open')
    await this.#idle()
  }

  /** Goes on to the lesson; resolves to why it cannot be done here, null where it can. */
  async goesOn(lesson: Lesson, line = 'next'): Promise<string | null> {
    await this.runs(line)
    const { number } = lesson
    await this.#until(({ lines }) => lines[0]!.startsWith(`Lesson ${number}: `), `lesson ${number}`)
    // Lines are broken where the screen ends.
    const cannot = /cannot be done on this cluster: (.*?)\. next: /.exec(this.terminal.text.replace(/\s+/g, ' '))?.[1]
    if (cannot !== undefined) return cannot
    await this.sees(lesson)
    return null
  }

  /** A lesson that this cluster cannot serve: said once, and its words say so instead of doing something with another one. */
  async isRefused({ number }: Lesson): Promise<void> {
    const { lines, text } = this.terminal
    const isSaidOnce = text.split(`Lesson ${number} (`).length === 2
    if (!isSaidOnce || !lines[0]!.endsWith('not on this cluster')) throw new Error(`it is not said well:\n${text}`)
    await this.runs('hint', { exitCode: LESSON_CANNOT })
  }

  /** Predicts, asks for a hint, types the solution, and sees every goal turn green. */
  async solves(lesson: Lesson): Promise<void> {
    const answered = new Set(lesson.solution.flatMap(({ answers }) => answers ?? []))
    for (const { name, choices } of lesson.questions ?? []) {
      if (!answered.has(name)) await this.runs(`answer ${name} ${choices === undefined ? '1' : 'a'}`)
    }
    await this.runs('hint')
    await this.#until(/^Hint 1 of 3, for: /m, 'a hint')
    for (const step of lesson.solution) await this.#step(step, lesson)
    await this.#until(({ lines }) => lines[0]!.endsWith('passed: next goes on'), `lesson ${lesson.number} to be passed`)
  }

  /** What happened and why, all of it, as it stands in the output; what runs beside is ended then. */
  async reads({ number }: Pick<LessonEntry, 'number'>): Promise<string> {
    const heading = `Lesson ${number} is passed.`
    for (let page = 0; page < MAX_PAGES && !this.terminal.text.includes(heading); page++) await this.#scroll(PAGE_UP)
    const pages = [this.terminal.text]
    while (/^-- PgDn: more below/m.test(this.terminal.text) && pages.length < MAX_PAGES) {
      await this.#scroll(PAGE_DOWN)
      pages.push(this.terminal.text)
    }
    const text = pages.join('\n')
    if (!text.includes(heading)) throw new Error(`'${heading}' is nowhere in the output:\n${text}`)
    const hole = HOLE.exec(text)?.[0]
    if (hole !== undefined) throw new Error(`'${hole}' is on the screen:\n${text}`)
    await this.#endBesides()
    return text
  }

  /** Types a line, and waits until it has ended. */
  async runs(line: string, { input = [], exitCode = 0 }: Pick<SolutionStep, 'input' | 'exitCode'> = {}): Promise<void> {
    await this.#types(line)
    if (input.length > 0) {
      for (const each of input) {
        await this.#until(({ lines }) => promptOf(lines).startsWith('running'), `${line} to run`)
        this.terminal.type(each + ENTER)
      }
      this.terminal.type(CTRL_D)
    }
    const code = await this.#idle()
    if (code !== exitCode) {
      throw new Error(`${line}: exit code ${code}, expected ${exitCode}; the screen is:\n${this.terminal.text}`)
    }
  }

  /** After a lesson that went wrong: whatever runs is ended, and another one opened. */
  async recovers(lesson: Lesson): Promise<string | null> {
    this.terminal.type(CTRL_C)
    await this.#idle()
    await this.#endBesides()
    return this.goesOn(lesson, `goto ${lesson.number}`)
  }

  async leaves(): Promise<number> {
    await this.#types('quit')
    return this.terminal.ended
  }

  [Symbol.dispose](): void {
    this.terminal.kill()
  }

  async #step(step: SolutionStep, lesson: Lesson): Promise<void> {
    const line = (await step.lineOf?.(this.#look(lesson))) ?? step.line
    if (step.answers !== undefined) await this.runs(`answer ${step.answers} ${line}`)
    else if (step.beside === true) await this.#beside(line)
    else await this.runs(line, step)
    if (step.until === undefined) return
    const begins = `[x] ${step.until.split(' ').slice(0, 4).join(' ')}`
    await this.#until(({ lines }) => lines.some((each) => each.startsWith(begins)), begins)
  }

  async #beside(line: string): Promise<void> {
    await this.#types(`${line} &`)
    this.#besides += 1
    await this.#idle()
  }

  async #endBesides(): Promise<void> {
    if (this.#besides === 0) return
    this.#besides = 0
    await this.runs('stop')
    await this.#until(/^\[\d+\] ended/m, 'what runs beside to end')
    for (;;) {
      await this.runs('clear')
      await this.runs('jobs')
      if (this.terminal.text.includes('Nothing runs beside.')) return
    }
  }

  /** What the lines depend on, which a learner reads from descriptions. */
  #look({ number }: Lesson): Look {
    const { place, store, progress } = this.#desk
    const facts = new Facts({ cluster: place, clock: systemClock, localNodes: place.localNodes })
    const answers = new Map(Object.entries(progress.lessons[String(number)]?.answers ?? {}))
    return { facts, journal: store.readJournal(number), answers }
  }

  /** Each line of one that has several is ended with a key of its own. The line is seen before it is sent. */
  async #types(line: string): Promise<void> {
    for (const each of line.split('\n')) {
      const end = each.trimEnd().slice(-20)
      this.terminal.type(each)
      await this.#until(({ lines }) => promptOf(lines).endsWith(end), `the line being typed: ${each}`)
      this.terminal.type(ENTER)
      await this.#until(({ lines }) => !promptOf(lines).endsWith(end) || end === '', `${each} to be taken`)
    }
  }

  /** Nothing runs: resolves to the exit code that the prompt shows. */
  async #idle(): Promise<number> {
    await this.#until(({ lines }) => IDLE.test(promptOf(lines)), 'the prompt')
    this.#isWholeScreen()
    return Number(IDLE.exec(promptOf(this.terminal.lines))?.[1] ?? 0)
  }

  /** Header on top, one rule, the prompt at the bottom, and an empty line below, which ink needs. */
  #isWholeScreen(): void {
    const { lines, text } = this.terminal
    const rules = lines.filter((line) => RULE.test(line)).length
    const isWhole = rules === 1 && IDLE.test(lines[this.#size.rows - 2]!) && lines.at(-1) === ''
    if (!isWhole || !/^(Lesson|kt learn)/.test(lines[0]!)) throw new Error(`the screen is torn:\n${text}`)
  }

  async #scroll(key: string): Promise<void> {
    const before = this.#output()
    this.terminal.type(key)
    // At the end of what can be scrolled nothing changes.
    const late = new Promise<void>((resolve) => setTimeout(resolve, 1_000))
    // Half a frame may have come: one that has its prompt is whole.
    const isThere = ({ lines }: PtyTerminal): boolean => IDLE.test(promptOf(lines)) && this.#output() !== before
    await Promise.race([late, this.#until(isThere, 'another page').catch(() => undefined)])
  }

  /** What stands below the rule: goals and picture above it change by themselves. */
  #output(): string {
    const { lines } = this.terminal
    return lines.slice(lines.findIndex((line) => RULE.test(line))).join('\n')
  }

  #until(what: RegExp | ((terminal: PtyTerminal) => boolean), name: string): Promise<void> {
    return this.terminal.until(what, { name, patienceMs: PATIENCE_MS })
  }
}

/** The last line that has something in it. */
function promptOf(lines: readonly string[]): string {
  return lines.findLast((line) => line !== '') ?? ''
}
