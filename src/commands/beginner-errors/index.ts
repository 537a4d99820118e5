/** Behind a command that has failed: is it one of the errors of the first weeks, and what is to be seen of it right now? */
import type { CommandContext } from '../../cli/context.ts'
import type { Admin, ClientOptions } from '../../client/admin-types.ts'
import { answer, answerText, connectOf, LOOK_MS } from './explain.ts'
import { type Live, Look } from './look.ts'
import { recognise } from './recognise.ts'

/** What a command has said by its end. */
export interface Heard {
  readonly command: string
  readonly args: readonly string[]
  /** The beginnings of what it wrote; stdout where failures are told there, else ''. */
  readonly stderr: string
  readonly stdout: string
  /** Has the last line written that is held back: the next command. */
  readonly release: () => void
}

export interface Surroundings extends Pick<CommandContext, 'stderr' | 'env' | 'clock' | 'signal'> {
  /** How the command was connected; null when it did not come so far. */
  readonly connection: ClientOptions | null
  readonly createAdmin: (options: ClientOptions) => Promise<Admin>
}

const EXPLAINED = /^ {2}why: /m

/** A connection attempt of its own must fit into the time for a look. */
const CONNECT_MS = 1_000

/**
 * Explains on stderr what beginners stumble over; everything else is left as it is. Resolves within about two seconds and
 * never rejects.
 */
export async function explainHeard(heard: Heard, surroundings: Surroundings): Promise<void> {
  const { stderr, env, clock, signal } = surroundings
  const { command, args } = heard
  // A consumer at a terminal may have told it while it ran.
  if (EXPLAINED.test(heard.stderr)) return
  const found = recognise({ text: heard.stderr, command, args }) ?? recognise({ text: heard.stdout, command, args })
  if (found === null || found.row.shown === 'by itself') return
  if (found.row.shown === 'at a terminal' && !stderr.isTerminal) return
  const access = new Access(surroundings)
  const look = new Look({ live: () => access.live(), env, now: () => clock.now() })
  const said = await Promise.race([answer(found, look, clock), aborted(signal)])
  if (said !== null && !signal.aborted) {
    const { before, after } = answerText(said, `${heard.stderr}${heard.stdout}`, connectOf(found.said))
    stderr.write(before)
    heard.release()
    stderr.write(after)
  }
  await access.close()
}

/** Whoever interrupts has read enough. */
function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }))
}

/** A cluster to look at: the one that the command asked, else one that runs already. Nothing is started. */
class Access {
  readonly #surroundings: Surroundings
  #admin: Admin | null = null

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  async live(): Promise<Live | null> {
    const { connection, env, createAdmin } = this.#surroundings
    const { connectionOfRunning } = await import('../find-running.ts')
    const { denials: _, ...options } = connection ?? (await connectionOfRunning({}, env))
    this.#admin = await createAdmin({
      ...options,
      connectTimeoutMs: CONNECT_MS,
      requestTimeoutMs: LOOK_MS,
      apiTimeoutMs: LOOK_MS,
    })
    return { admin: this.#admin, servers: options.bootstrapServers.join(','), connection: options }
  }

  async close(): Promise<void> {
    await this.#admin?.close().catch(() => undefined)
  }
}
