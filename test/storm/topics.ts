/** Topics of a storm: those that are written to, and those that are made and deleted all the while, for the controllers' sake. */
import { createAdmin } from '../../src/client/admin.ts'
import type { Admin, Outcome } from '../../src/client/admin-types.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import type { Violation } from './verify.ts'
import type { StormTopic } from './writers.ts'

const REPLICATION_FACTOR = 3
const MAKE_EVERY_MS = 1_500
/** Of topics made, so many live at a time. */
const LIVING_TOPICS = 4
const REQUEST_TIMEOUT_MS = 3_000

export async function createTopics(
  bootstrapServers: string,
  topics: readonly (StormTopic & { readonly configs?: Readonly<Record<string, string>> })[],
): Promise<void> {
  const admin = createAdmin({ bootstrapServers: bootstrapServers.split(',') })
  try {
    const results = await admin.createTopics(
      topics.map(({ name, partitions, configs = {} }) => ({
        ...{ name, partitions, replicationFactor: REPLICATION_FACTOR },
        configs: new Map(Object.entries(configs)),
      })),
    )
    for (const [name, result] of results) if (!result.ok) throw new Error(`${name}: ${result.error.message}`)
  } finally {
    await admin.close()
  }
}

/** Makes topics and deletes them; what a controller has confirmed once is never taken back by another. */
export class TopicMaker {
  private readonly bootstrapServers: string
  private readonly running: Promise<void>
  private readonly living = new Set<string>()
  private readonly deleted = new Set<string>()
  private made = 0
  private over = false

  constructor(bootstrapServers: string) {
    this.bootstrapServers = bootstrapServers
    this.running = this.run()
  }

  get count(): number {
    return this.living.size + this.deleted.size
  }

  private async run(): Promise<void> {
    while (!this.over) {
      const name = `made-${this.made++}`
      if (await this.until(ErrorCode.TOPIC_ALREADY_EXISTS, (admin) => this.make(admin, name), name))
        this.living.add(name)
      const [oldest] = this.living
      if (this.living.size > LIVING_TOPICS && oldest !== undefined) await this.remove(oldest)
      await new Promise((resolve) => setTimeout(resolve, MAKE_EVERY_MS))
    }
  }

  private async remove(name: string): Promise<void> {
    // From the first try on nobody can say whether it is there.
    this.living.delete(name)
    const gone = await this.until(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, (admin) => admin.deleteTopics([name]), name)
    if (gone) this.deleted.add(name)
  }

  private make(admin: Admin, name: string): Promise<Map<string, Outcome<unknown>>> {
    return admin.createTopics([{ name, partitions: 1, replicationFactor: REPLICATION_FACTOR }])
  }

  /** Tries until the answer is yes, or says that an earlier try had its effect. False when told to end before. */
  private async until(
    done: number,
    ask: (admin: Admin) => Promise<Map<string, Outcome<unknown>>>,
    name: string,
  ): Promise<boolean> {
    while (!this.over) {
      const admin = createAdmin({
        bootstrapServers: this.bootstrapServers.split(','),
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
        apiTimeoutMs: REQUEST_TIMEOUT_MS,
      })
      try {
        const outcome = (await ask(admin)).get(name)
        if (outcome?.ok === true || outcome?.error.code === done) return true
      } catch {
        // Nobody could be asked: again.
      } finally {
        await admin.close()
      }
      await new Promise((resolve) => setTimeout(resolve, REQUEST_TIMEOUT_MS / 10))
    }
    return false
  }

  /** Ends, and says what was confirmed and is not so. */
  async finish(): Promise<Violation[]> {
    this.over = true
    await this.running
    const admin = createAdmin({ bootstrapServers: this.bootstrapServers.split(',') })
    try {
      const there = new Set((await admin.listTopics()).map(({ name }) => name))
      const missing = [...this.living].filter((name) => !there.has(name))
      const undead = [...this.deleted].filter((name) => there.has(name))
      return [
        ...missing.map((name): Violation => ({ kind: 'missing', text: `topic ${name} was created and is not there` })),
        ...undead.map((name): Violation => ({ kind: 'failed', text: `topic ${name} was deleted and is there` })),
      ]
    } finally {
      await admin.close()
    }
  }
}
