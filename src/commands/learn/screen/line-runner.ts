/**
 * Runs the lines typed on the screen: their output goes to the pane, what is typed meanwhile is their input, Ctrl-C ends
 * the one that runs. Questions of commands are asked at the same prompt.
 */
import { PassThrough } from 'node:stream'
import { KtError } from '../../../base/errors.ts'
import type { CommandTable } from '../../../cli/command.ts'
import type { CommandContext } from '../../../cli/context.ts'
import type { LineContext } from '../../../cli/shell/run-line.ts'
import { ShellSession } from '../../../cli/shell/session.ts'
import type { ShellTarget } from '../../../cli/shell-target.ts'
import { type OutputPane, PaneOutput } from './output-pane.ts'

type Question = Parameters<CommandContext['ask']>[0]

export interface LineRunnerParts {
  readonly context: CommandContext
  readonly commands: CommandTable
  readonly binDirectory: string
  readonly pane: OutputPane
  /** Words of the lesson: `hint`, `next`. */
  readonly words: LineContext['builtIns']
  /** The prompt looks different now. */
  readonly onChange: () => void
}

interface Asked {
  readonly question: Question
  readonly answer: (text: string) => void
  readonly refuse: () => void
}

interface Running {
  readonly ending: AbortController
  /** Opened by the command when it wants it. */
  input: PassThrough | null
  /** Lines typed before it wanted them. */
  readonly typed: string[]
  isAtEnd: boolean
}

/** Owner of the command that runs. */
export class LineRunner {
  /** The streams of commands. */
  readonly output: PaneOutput
  #session: ShellSession
  readonly #parts: LineRunnerParts
  #running: Running | null = null
  #asked: Asked | null = null

  constructor(parts: LineRunnerParts) {
    this.#parts = parts
    this.output = new PaneOutput(parts.pane)
    this.#session = this.#sessionAt({})
  }

  /** Lines that do not say where go there from now on. */
  connectTo(target: ShellTarget): void {
    this.#session = this.#sessionAt(target)
  }

  get session(): ShellSession {
    return this.#session
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  /** What the prompt is for at the moment. */
  get question(): Question | null {
    return this.#asked?.question ?? null
  }

  /** Runs a line to its end; resolves to the lines typed meanwhile that it did not want. Nothing is thrown. */
  async run(line: string): Promise<readonly string[]> {
    const { context, pane, onChange } = this.#parts
    const running: Running = { ending: new AbortController(), input: null, typed: [], isAtEnd: false }
    this.#running = running
    onChange()
    const end = (): void => running.ending.abort(context.signal.reason)
    context.signal.addEventListener('abort', end, { once: true })
    const release = context.holdInterrupts(() => this.interrupt())
    try {
      await this.#session.run(line, running.ending.signal)
      return running.ending.signal.aborted ? [] : running.typed
    } finally {
      release()
      context.signal.removeEventListener('abort', end)
      this.#running = null
      pane.freshLine()
      onChange()
    }
  }

  /** A line for whoever waits for one: a question, or the command that runs. */
  type(line: string): void {
    const { pane } = this.#parts
    const { question, answer } = this.#asked ?? {}
    if (question !== undefined) {
      pane.write(`${question.kind === 'secret' ? '*'.repeat(line.length) : line}\n`)
      answer?.(line)
      return
    }
    if (this.#running === null || this.#running.isAtEnd) return
    if (this.#running.input === null) this.#running.typed.push(line)
    else this.#give(line, this.#running.input)
  }

  /** Ctrl-D: there is no more input for the command that runs. */
  endInput(): void {
    if (this.#running === null) return
    this.#running.isAtEnd = true
    this.#running.input?.end()
  }

  /** Ctrl-C: the question, or the command that runs, ends. */
  interrupt(): void {
    this.#parts.pane.writeLines(['^C'])
    this.#asked?.refuse()
    this.#running?.ending.abort('SIGINT')
  }

  /** Asks at the prompt. Rejects with an interruption at Ctrl-C. */
  ask(question: Question, signal: AbortSignal): Promise<string> {
    const { pane, onChange } = this.#parts
    pane.write(
      `${question.message}${question.kind === 'confirm' ? ` (${question.default === 'yes' ? 'Y/n' : 'y/N'})` : ''} `,
    )
    return new Promise<string>((resolve, reject) => {
      const done = (): void => {
        this.#asked = null
        signal.removeEventListener('abort', refuse)
        onChange()
      }
      const refuse = (): void => {
        done()
        reject(new KtError('interrupted', 'interrupted'))
      }
      signal.addEventListener('abort', refuse, { once: true })
      const answer = (text: string): void => {
        done()
        resolve(answerOf(text, question))
      }
      this.#asked = { question, answer, refuse }
      onChange()
    })
  }

  #sessionAt(target: ShellTarget): ShellSession {
    const { context, commands, binDirectory, words } = this.#parts
    const inPane: CommandContext = { ...context, stdout: this.output, stderr: this.output }
    return new ShellSession({
      ...{ context: inPane, commands, target, binDirectory, words },
      isTerminal: true,
      // The screen stands on it.
      sharesTerminal: false,
      openInput: () => this.#openInput(),
      ask: (question, signal) => this.ask(question, signal),
    })
  }

  /** It is seen in the pane, as a terminal would show it. */
  #give(line: string, input: PassThrough): void {
    this.#parts.pane.write(`${line}\n`)
    input.write(`${line}\n`)
  }

  #openInput(): ReturnType<LineContext['openInput']> {
    const input = new PassThrough()
    const running = this.#running
    for (const line of running?.typed.splice(0) ?? []) this.#give(line, input)
    if (running !== null) running.input = input
    if (running === null || running.isAtEnd) input.end()
    const close = (): void => {
      if (running !== null) running.input = null
      input.destroy()
    }
    return { stream: Object.assign(input, { isTerminal: true }), close }
  }
}

function answerOf(text: string, { kind, default: fallback = '' }: Question): string {
  const typed = kind === 'secret' ? text : text.trim()
  if (kind !== 'confirm') return typed === '' ? fallback : typed
  return /^y(es)?$/i.test(typed === '' ? fallback : typed) ? 'yes' : 'no'
}
