/** Listens to what a command says, so that what beginners stumble over can be explained when it has ended. */
import type { CommandContext, Output } from './context.ts'

/** A failure is told in its first lines. */
const MAX_HEARD = 8_192

/** Commands that have nothing to be explained, or explain by themselves: prompts, lessons, explanations. */
const NOT_HEARD = new Set(['shell', 'learn', 'lab', 'explain', 'error', 'completion', '__complete', '__lab-worker'])

/** Their scripts tell failures on stdout; what others write there is data. */
const TELL_ON_STDOUT = new Set([
  ...['topics', 'configs', 'consumer-groups', 'share-groups', 'streams-groups', 'groups', 'leader-election'],
  ...['reassign-partitions', 'delete-records', 'get-offsets', 'client-metrics', 'streams-application-reset', 'acls'],
])

/** How a failure, a warning or a remark begins; without one, a command that ends well has nothing to be explained. */
const ALARM =
  /\b(error|warn(ing)?|valid replica|no active members|would not be an increase|exception|total of 0 messages|partitions|not needed)\b/i

export interface Listening {
  readonly stdout: Output
  readonly stderr: Output
  /** What was said, when it may be worth an explanation; null otherwise. */
  heard(exitCode: number): { readonly stdout: string; readonly stderr: string } | null
  /** Lets go of the last line: see `Ear`. */
  release(): void
}

/** The streams to write to instead; null for commands that are not listened to. */
export function listenTo(command: string, streams: Pick<CommandContext, 'stdout' | 'stderr'>): Listening | null {
  if (NOT_HEARD.has(command)) return null
  const stderr = new Ear(streams.stderr)
  const stdout = TELL_ON_STDOUT.has(command) ? new Ear(streams.stdout) : null
  return {
    stderr,
    stdout: stdout ?? streams.stdout,
    heard(exitCode) {
      const said = { stdout: stdout?.text ?? '', stderr: stderr.text }
      const isAlarming = exitCode !== 0 || ALARM.test(said.stderr) || ALARM.test(said.stdout)
      return isAlarming && said.stdout + said.stderr !== '' ? said : null
    },
    release: () => stderr.release(),
  }
}

/** The last line of a failure as `errors.ts` writes it. */
const NEXT_LINE = /^ {2}next: .*\n$/

/**
 * Passes everything on and keeps the beginning. A last line with the next command is held back until something else is
 * said or the command has ended: what explains the failure stands before it.
 */
class Ear implements Output {
  readonly #to: Output
  text = ''
  #held = ''

  constructor(to: Output) {
    this.#to = to
  }

  get isTerminal(): boolean {
    return this.#to.isTerminal
  }
  get columns(): number {
    return this.#to.columns
  }
  get rows(): number | undefined {
    return this.#to.rows
  }
  write(data: string | Uint8Array): boolean {
    this.release()
    const room = MAX_HEARD - this.text.length
    if (room > 0) {
      const piece = typeof data === 'string' ? data : Buffer.from(data.subarray(0, room)).toString('utf8')
      this.text += piece.slice(0, room)
    }
    const at = typeof data === 'string' ? lastLineAt(data) : -1
    if (at < 0) return this.#to.write(data)
    this.#held = (data as string).slice(at)
    return at === 0 || this.#to.write((data as string).slice(0, at))
  }
  drain(): Promise<void> {
    return this.#to.drain()
  }
  release(): void {
    if (this.#held !== '') this.#to.write(this.#held)
    this.#held = ''
  }
}

/** Where a last line with the next command begins; -1 where there is none. */
function lastLineAt(text: string): number {
  const at = text.lastIndexOf('\n', text.length - 2) + 1
  return NEXT_LINE.test(text.slice(at)) ? at : -1
}
