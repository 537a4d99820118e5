/** Command lines that are run while a lesson is open are noted: hints know the last one, and the notebook has them all. */
import { KtError } from '../base/errors.ts'
import type { Attempt } from '../learn/progress.ts'
import { LearnStore } from '../learn/store.ts'
import type { Output } from './context.ts'
import { beginningOf, PassingOutput } from './passing-output.ts'
import { mayHaveSecret } from './secret-words.ts'

/** A lesson that was not looked at for so long is not what somebody is doing now. */
const OPEN_FOR_MS = 12 * 60 * 60 * 1000
const MAX_LINE_LENGTH = 500
const MAX_ERROR_LENGTH = 300
/** They tell nothing of what was tried. */
const NOT_NOTED = new Set(['learn', 'shell', 'completion', '__complete', '__lab-worker'])

const NO_ATTEMPT = new Set(['--help', '-h', '--version', '-V'])

export interface Noted {
  /** To be written to instead. */
  readonly streams: { readonly stdout: Output; readonly stderr: Output }
  /** Called once when the command has ended. */
  readonly end: (exitCode: number) => void
}

export interface NotedCommand {
  /** The words behind `kt`. */
  readonly args: readonly string[]
  readonly stdout: Output
  readonly stderr: Output
  readonly now: () => number
}

/** Listens to what the command says; null when nothing is to be noted. `home` is `$KT_HOME`. */
export function noteAttempt({ args, stdout, stderr, now }: NotedCommand, home: string): Noted | null {
  const [name] = args
  if (name === undefined || NOT_NOTED.has(name) || args.some((word) => NO_ATTEMPT.has(word))) return null
  const store = new LearnStore(home)
  const open = store.readOpen()
  const at = now()
  if (open === null || at - open.at > OPEN_FOR_MS) return null
  const said = [new FirstLine(stderr), new FirstLine(stdout)] as const
  return {
    streams: { stderr: said[0], stdout: said[1] },
    end(exitCode) {
      // Scripts tell some of their failures on stdout.
      const error = exitCode === 0 ? '' : said[0].line || said[1].line
      keep({ at, lesson: open.lesson, line: lineOf(args), exitCode, error: withoutSecret(error) }, store)
    },
  }
}

function keep(attempt: Attempt, store: LearnStore): void {
  try {
    store.addAttempt(attempt)
  } catch (error) {
    // A full disk costs the note, not the command.
    if (!(error instanceof KtError)) throw error
  }
}

/** Scripts stand for themselves: `kafka-topics.sh --list`. */
function lineOf([name = '', ...words]: readonly string[]): string {
  const program = name.endsWith('.sh') ? name : `kt ${name}`
  const line = [program, ...words.map(quoted)].join(' ')
  return mayHaveSecret(line) ? `${program} (not kept: it may have a secret in it)` : cut(line, MAX_LINE_LENGTH)
}

function withoutSecret(error: string): string {
  return mayHaveSecret(error) ? '(not kept: it may have a secret in it)' : error
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text
}

/** Keeps the first line that is not empty. */
class FirstLine extends PassingOutput {
  #text = ''
  #isWhole = false

  get line(): string {
    return cut(this.#text.trim().split('\n')[0]!, MAX_ERROR_LENGTH)
  }

  protected override hear(data: string | Uint8Array): void {
    if (this.#isWhole) return
    this.#text = (this.#text + beginningOf(data, MAX_ERROR_LENGTH + 1)).trimStart().slice(0, MAX_ERROR_LENGTH + 1)
    this.#isWhole = this.#text.includes('\n') || this.#text.length > MAX_ERROR_LENGTH
  }
}
