/** The cluster behind live values: one that runs already and answers at once, or none. */
import type { CommandContext, ConnectionTarget } from '../../cli/context.ts'
import type { Admin, ClientOptions } from '../../client/admin-types.ts'

/** Longest that an explanation waits for a cluster to answer at all. */
const ANSWER_WITHIN_MS = 1_000
/** And for one request, which holds the process a little longer where nobody answers at all. */
const REQUEST_MS = 1_500
/** And for one question, its repetitions included. */
const QUESTION_MS = 3_000

/** A cluster that has answered. */
export interface LiveCluster {
  readonly admin: Admin
  readonly clusterId: string
  /** Ids of the brokers in service, ascending. */
  readonly brokers: readonly number[]
  /** Where it was found, `localhost:9092`. */
  readonly servers: string
  /** How it is connected to. */
  readonly connection?: ClientOptions
}

/** Looks for a cluster once, when it is asked for. */
export class ClusterFinder {
  readonly #target: ConnectionTarget
  readonly #context: CommandContext
  #found: Promise<LiveCluster | null> | undefined
  #admin: Admin | undefined
  /** Why there is none, in a few words; null before it was looked for, and where there is one. */
  why: string | null = null

  constructor(target: ConnectionTarget, context: CommandContext) {
    this.#target = target
    this.#context = context
  }

  find(): Promise<LiveCluster | null> {
    this.#found ??= this.#look()
    return this.#found
  }

  async close(): Promise<void> {
    await this.#admin?.close().catch(() => undefined)
  }

  async #look(): Promise<LiveCluster | null> {
    const { connectionOfRunning } = await import('../find-running.ts')
    let options: ClientOptions
    try {
      options = await connectionOfRunning(this.#target, this.#context.env)
    } catch (error) {
      this.why = (error as Error).message
      return null
    }
    const servers = options.bootstrapServers.join(',')
    try {
      const { createAdmin } = await import('../../client/admin.ts')
      const limits = { connectTimeoutMs: ANSWER_WITHIN_MS, requestTimeoutMs: REQUEST_MS, apiTimeoutMs: QUESTION_MS }
      this.#admin = await createAdmin({ ...options, ...limits })
      return await within(this.#admin.describeCluster(), ANSWER_WITHIN_MS, (description) => ({
        admin: this.#admin!,
        clusterId: description.clusterId,
        brokers: description.brokers.map(({ id }) => id).sort((a, b) => a - b),
        servers,
        connection: options,
      }))
    } catch {
      this.why = `${servers} did not answer`
      return null
    }
  }
}

async function within<T, R>(work: Promise<T>, limitMs: number, then: (value: T) => R): Promise<R> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), limitMs)
  })
  // It goes on behind our back, and fails when the admin is closed.
  work.catch(() => undefined)
  try {
    return then(await Promise.race([work, limit]))
  } finally {
    clearTimeout(timer)
  }
}
