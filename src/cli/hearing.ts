/** Listens to what a command says, so that what beginners stumble over can be explained when it has ended. */
import type { CommandContext, Output } from './context.ts'
import { DIFFERS, OK } from './exit-codes.ts'
import { beginningOf, PassingOutput } from './passing-output.ts'
import { hasRemark } from './remarks.ts'

/** A failure is told in its first lines. */
const MAX_HEARD = 8_192

/** Commands that have nothing to be explained, or explain by themselves: prompts, lessons, explanations. */
const NOT_HEARD = new Set(['shell', 'learn', 'lab', 'explain', 'error', 'completion', '__complete', '__lab-worker'])

/** Their scripts tell failures on stdout; what others write there is data. */
const TELL_ON_STDOUT = new Set([
  ...['topics', 'configs', 'consumer-groups', 'share-groups', 'streams-groups', 'groups', 'leader-election'],
  ...['reassign-partitions', 'delete-records', 'get-offsets', 'client-metrics', 'streams-application-reset', 'acls'],
])

export interface Listening {
  readonly stdout: Output
  readonly stderr: Output
  /** The command has ended: what it still says are its last words. */
  ending(): void
  /** What was said, when it may be worth an explanation; null otherwise. */
  heard(exitCode: number): { readonly stdout: string; readonly stderr: string } | null
  /** Lets go of the last line: see `HoldingEar`. */
  release(): void
}

/** The streams to write to instead; null for commands that are not listened to. */
export function listenTo(command: string, streams: Pick<CommandContext, 'stdout' | 'stderr'>): Listening | null {
  if (NOT_HEARD.has(command)) return null
  const stderr = new HoldingEar(streams.stderr, MAX_HEARD)
  const stdout = new Ear(streams.stdout, TELL_ON_STDOUT.has(command) ? MAX_HEARD : 0, () => stderr.release())
  return {
    stderr,
    stdout,
    ending: () => stderr.hold(),
    heard(exitCode) {
      const said = { stdout: stdout.text, stderr: stderr.text }
      if (said.stdout === '' && said.stderr === '') return null
      if (exitCode !== OK && exitCode !== DIFFERS) return said
      const { isTerminal: atTerminal } = stderr
      const plain = { stdout: withoutColours(said.stdout), stderr: withoutColours(said.stderr) }
      return hasRemark(command, { ...plain, atTerminal }) ? said : null
    },
    release: () => stderr.release(),
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of terminals are such characters
const COLOUR = /\u001b\[[\d;]*m/g

function withoutColours(text: string): string {
  return text.includes('\u001b') ? text.replaceAll(COLOUR, '') : text
}

/** Passes everything on and keeps the beginning. */
class Ear extends PassingOutput {
  readonly #limit: number
  readonly #before: () => void
  text = ''

  /** Keeps at most `limit` characters; `before` is called before each piece goes on. */
  constructor(to: Output, limit: number, before: () => void = () => undefined) {
    super(to)
    this.#limit = limit
    this.#before = before
  }

  protected override hear(data: string | Uint8Array): void {
    this.#before()
    const room = this.#limit - this.text.length
    if (room > 0) this.text += beginningOf(data, room)
  }
}

/** The last line of a failure as `errors.ts` writes it. */
const NEXT_LINE = /^ {2}next: .*\n$/

/**
 * Holds back a last line with the next command, so that what explains the failure stands before it: until something else is
 * said on either stream, until the command has ended and been explained, or, where it goes on, for a turn of the event loop.
 */
class HoldingEar extends Ear {
  #held = ''
  #isEnding = false

  protected override hear(data: string | Uint8Array): void {
    this.release()
    super.hear(data)
  }

  override write(data: string | Uint8Array): boolean {
    const at = typeof data === 'string' ? lastLineAt(data) : -1
    if (at < 0) return super.write(data)
    this.hear(data)
    this.#held = (data as string).slice(at)
    if (!this.#isEnding) setImmediate(() => this.#isEnding || this.release())
    return at === 0 || this.to.write((data as string).slice(0, at))
  }

  /** From now on nothing is let go by itself. */
  hold(): void {
    this.#isEnding = true
  }

  release(): void {
    const held = this.#held
    this.#held = ''
    if (held !== '') this.to.write(held)
  }
}

/** Where a last line with the next command begins; -1 where there is none. */
function lastLineAt(text: string): number {
  const at = text.lastIndexOf('\n', text.length - 2) + 1
  return NEXT_LINE.test(text.slice(at)) ? at : -1
}
