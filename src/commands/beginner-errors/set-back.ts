/** Says at a terminal, while a member of a group goes on, that the group went on without it, and why. */
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import type { SetBack } from '../../client/group/membership-types.ts'

/** Whoever is set back again and again has read it by then. */
const MAX_TOLD = 3
/** A heartbeat and a commit are refused for the same reason. */
const SAME_MS = 5_000
const DEFAULT_SESSION_MS = 45_000

export interface SetBackParts {
  readonly command: string
  readonly groupId: string
  readonly target: ConnectionTarget
  /** `session.timeout.ms` of the member; left out: Kafka's. */
  readonly sessionTimeoutMs?: number | undefined
}

export class SetBackTeller {
  readonly #parts: SetBackParts
  readonly #context: CommandContext
  #told = 0
  #toldAt = Number.NEGATIVE_INFINITY
  #telling: Promise<void> = Promise.resolve()

  constructor(parts: SetBackParts, context: CommandContext) {
    this.#parts = parts
    this.#context = context
  }

  readonly setBack = (setBack: SetBack): void => {
    const { stderr, signal, clock } = this.#context
    const now = clock.monotonic()
    const isSame = now - this.#toldAt < SAME_MS
    if (!stderr.isTerminal || signal.aborted || isSame || this.#told === MAX_TOLD) return
    this.#told++
    this.#toldAt = now
    this.#telling = this.#telling.then(() => this.#tell(setBack)).catch(() => undefined)
  }

  /** Settles when everything is said. */
  get settled(): Promise<void> {
    return this.#telling
  }

  async #tell({ code, silentMs }: SetBack): Promise<void> {
    const { tellAtOnce } = await import('./tell.ts')
    const { command, groupId, target, sessionTimeoutMs = DEFAULT_SESSION_MS } = this.#parts
    const text =
      code === 'COORDINATOR_NOT_AVAILABLE'
        ? `Group '${groupId}' finds no coordinator; it is asked for again and again.`
        : `This member of group '${groupId}' was taken out of it while it was silent (${code}), and joins again.`
    const more = ['--session-timeout-ms', String(sessionTimeoutMs)]
    if (silentMs !== null) more.push('--silent-ms', String(Math.round(silentMs)))
    const args = [...(this.#context.args ?? []), '--group', groupId, ...more]
    await tellAtOnce({ text, codes: [code], command, args }, target, this.#context)
  }
}
