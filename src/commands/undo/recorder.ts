/** Keeps what one command changes, and how a change is made so that it can be kept. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { Admin } from '../../client/admin-types.ts'
import { connectionWords, safeCommandLine } from './command-line.ts'
import type { Edit, JournalEntry, LostEdit } from './entry.ts'
import { Journal } from './journal.ts'

/** Lines about what cannot be taken back. */
const MAX_TOLD = 3

/** What the journal needs of a command's context. */
export type RecorderContext = Pick<
  CommandContext,
  'env' | 'clock' | 'stdout' | 'stderr' | 'programName' | 'args' | 'asScript' | 'atEnd'
>

/** Keeps what one command changes; one entry, however many requests it takes. */
export class Recorder {
  readonly #context: RecorderContext
  readonly #undoes: number | null
  readonly #sensitive = new Set<string>()
  readonly #lost: LostEdit[] = []
  #entry: JournalEntry | null = null
  #hasWarned = false

  constructor(context: RecorderContext, undoes: number | null = null) {
    this.#context = context
    this.#undoes = undoes
    context.atEnd?.(() => this.#hint())
  }

  /** The entry as far as it is written. */
  get entry(): JournalEntry | null {
    return this.#entry
  }

  /** Names of settings whose values must not be kept, in the command line neither. */
  hide(names: readonly string[]): void {
    for (const name of names) this.#sensitive.add(name)
  }

  /** What is lost is told at the end, unless the command says so itself. */
  add(clusterId: string, edits: readonly Edit[], tellsLost = true): void {
    if (edits.length === 0) return
    if (tellsLost) this.#lost.push(...edits.filter((edit) => edit.kind === 'lost'))
    const { clock, env, programName, args = [] } = this.#context
    try {
      const journal = new Journal(env, clusterId)
      const command = safeCommandLine(programName, args, [...this.#sensitive])
      if (this.#entry === null) {
        this.#entry = journal.add({ clusterId, timeMs: clock.now(), command, undoes: this.#undoes, edits })
      } else {
        this.#entry = { ...this.#entry, command, edits: [...this.#entry.edits, ...edits] }
        journal.replace(this.#entry)
      }
    } catch (error) {
      this.warn(`this change is not in the journal of kt undo: ${(error as Error).message}`)
    }
  }

  /** One line per command, and none under a script's own name. */
  warn(text: string): void {
    if (this.#hasWarned || this.#context.asScript) return
    this.#hasWarned = true
    this.#context.stderr.write(`kt: ${text}\n`)
  }

  /** What was there before could not be read, and now it is changed. */
  warnUnread(why: string): void {
    this.warn(`this change cannot be undone: the values before it could not be read (${why})`)
  }

  #hint(): void {
    const { stdout, stderr, asScript, args = [] } = this.#context
    if (this.#entry === null || asScript || !stdout.isTerminal || !stderr.isTerminal) return
    for (const { what, why } of this.#lost.slice(0, MAX_TOLD)) stderr.write(`cannot be undone: ${what}: ${why}\n`)
    if (this.#entry.edits.every(({ kind }) => kind === 'lost')) return
    stderr.write(`undo: kt undo ${this.#entry.number}${connectionWords(args)}\n`)
  }
}

/** Who the cluster is, which topics are meant, and what was there before a change. */
export interface Before<T> {
  readonly clusterId: string
  readonly topicIds: ReadonlyMap<string, string>
  readonly found: T
}

/** Failures that the change itself would meet as well: told at once, not after a second wait. */
const NO_USE_TO_GO_ON = new Set(['unreachable', 'authentication', 'interrupted'])

/** Reads what is there before a change; as text, why that could not be learnt, which is no failure of the change. */
export async function lookBefore<T>(
  admin: Admin,
  topics: readonly string[],
  read: () => Promise<T>,
): Promise<Before<T> | string> {
  try {
    const [{ clusterId, topicIds }, found] = await Promise.all([admin.identify(topics), read()])
    return { clusterId, topicIds, found }
  } catch (error) {
    if (error instanceof KtError && NO_USE_TO_GO_ON.has(error.kind)) throw error
    return (error as Error).message
  }
}

/**
 * Makes the change and keeps it, also when its answer did not come (`result` is null then): whether it happened is seen when
 * it is undone. `edits` says what to keep.
 */
export async function changeAndKeep<T, R>(
  recorder: Recorder,
  before: Before<T> | string,
  change: () => Promise<R>,
  edits: (before: Before<T>, result: R | null) => readonly Edit[],
): Promise<R> {
  const keep = (result: R | null): void => {
    if (typeof before !== 'string') recorder.add(before.clusterId, edits(before, result))
    else if (hasWorked(result)) recorder.warnUnread(before)
  }
  let result: R
  try {
    result = await change()
  } catch (error) {
    if (mayHaveHappened(error)) keep(null)
    throw error
  }
  keep(result)
  return result
}

/** True where the request may have changed something although no answer came. */
function mayHaveHappened(error: unknown): boolean {
  return error instanceof KtError && (error.kind === 'timeout' || error.kind === 'interrupted')
}

/** Outcomes come alone, in lists and by name. */
function hasWorked(result: unknown): boolean {
  if (Array.isArray(result)) return result.some(hasWorked)
  if (result instanceof Map) return [...result.values()].some(hasWorked)
  return result === null || (result as { ok?: boolean }).ok === true
}
