/** Lines that run beside the prompt, as in terminals of their own: `console-consumer ... &`. */
import { LineRunner, type LineRunnerParts } from './line-runner.ts'
import { OutputPane } from './output-pane.ts'

/** More than any lesson needs: each holds connections. */
export const MAX_JOBS = 8

interface Job {
  readonly number: number
  readonly line: string
  readonly runner: LineRunner
}

/** Owner of what runs beside. */
export class Jobs {
  readonly #parts: LineRunnerParts
  readonly #onEnded: () => void
  readonly #jobs: Job[] = []
  #last = 0

  /** `onEnded` is told when one of them has ended. */
  constructor(parts: LineRunnerParts, onEnded: () => void) {
    this.#parts = parts
    this.#onEnded = onEnded
  }

  /** Begins a line that has no `&` any more; its output has its number in front. */
  begin(line: string, target: Parameters<LineRunner['connectTo']>[0]): void {
    const { pane, context } = this.#parts
    if (this.#jobs.length >= MAX_JOBS) {
      pane.writeLines([`${MAX_JOBS} lines run beside already; stop N ends one`])
      return
    }
    this.#last += 1
    const number = this.#last
    const runner = new LineRunner({
      ...this.#parts,
      pane: new NumberedPane(`[${number}] `, pane),
      // Ctrl-C is for what runs at the prompt.
      context: { ...context, holdInterrupts: () => () => undefined },
      onChange: () => undefined,
    })
    runner.connectTo(target)
    const job = { number, line, runner }
    this.#jobs.push(job)
    pane.writeLines([`[${number}] runs beside; stop ${number} ends it`])
    void runner.run(line).then(() => this.#end(job))
  }

  /** Ends one by its number, or all; false when there is none. */
  stop(number: number | null): boolean {
    const meant = this.#jobs.filter((job) => number === null || job.number === number)
    for (const { runner } of meant) runner.interrupt()
    return meant.length > 0
  }

  /** `[1] console-consumer --topic orders` */
  list(): string[] {
    return this.#jobs.map(({ number, line }) => `[${number}] ${line}`)
  }

  #end(job: Job): void {
    this.#jobs.splice(this.#jobs.indexOf(job), 1)
    const code = job.runner.session.lastExitCode
    this.#parts.pane.writeLines([`[${job.number}] ended${code === 0 ? '' : `, exit ${code}`}: ${job.line}`])
    this.#onEnded()
  }
}

/** The line without its `&`; null when it is to run at the prompt. */
export function besideOf(line: string): string | null {
  const beside = /^(.*[^&\s\\])\s*&\s*$/s.exec(line)?.[1]
  return beside === undefined || beside.trim() === '' ? null : beside.trim()
}

/** Whole lines with a number in front, among those of others. */
class NumberedPane extends OutputPane {
  readonly #front: string
  readonly #pane: OutputPane
  #begun = ''

  constructor(front: string, pane: OutputPane) {
    super(() => undefined)
    this.#front = front
    this.#pane = pane
  }

  override get columns(): number {
    return Math.max(20, this.#pane.columns - this.#front.length)
  }

  override write(text: string): void {
    const lines = (this.#begun + text).split('\n')
    this.#begun = lines.pop()!
    if (lines.length > 0) this.#pane.writeLines(lines.map((line) => this.#front + line))
  }

  override writeLines(lines: readonly string[]): void {
    this.#pane.writeLines(lines.map((line) => this.#front + line))
  }

  override freshLine(): void {
    if (this.#begun !== '') this.write('\n')
  }
}
