/** Clusters that lessons make beside the learner's own: named local clusters, which go with the lesson. */
import type { CommandContext } from '../../cli/context.ts'
import type { Admin } from '../../client/admin-types.ts'
import { clusterNames } from '../../cluster/cluster-directory.ts'
import { findLocalCluster } from '../../cluster/local-cluster.ts'
import type { ClusterAccess } from '../../learn/facts/facts.ts'
import type { StageClusters } from '../../learn/stage.ts'

/** A look that hangs would keep every goal waiting. */
const LOOK_TIMEOUTS = { requestTimeoutMs: 3_000, apiTimeoutMs: 8_000 } as const

/** Owner of the admins that look at them. */
export class BesideClusters implements StageClusters {
  readonly #env: CommandContext['env']
  /** By the addresses of their brokers. */
  readonly #admins = new Map<string, Promise<Admin>>()

  constructor(env: CommandContext['env']) {
    this.#env = env
  }

  async start(name: string, brokers: number): Promise<string> {
    const { startLocalCluster } = await import('../../cluster/local-cluster.ts')
    // Whoever has Kafka's usual port keeps it.
    const isThere = clusterNames(this.#env).includes(name)
    const { bootstrapServers } = await startLocalCluster({
      env: this.#env,
      name,
      ...(isThere ? {} : { brokers, port: 0 }),
    })
    return bootstrapServers
  }

  async end(prefix: string): Promise<void> {
    const names = clusterNames(this.#env).filter((name) => name.startsWith(prefix))
    if (names.length === 0) return
    const { resetLocalCluster } = await import('../../cluster/local-cluster.ts')
    for (const name of names) await resetLocalCluster({ env: this.#env, name })
  }

  /** How it is asked; null while none of its brokers runs. */
  access(name: string): ClusterAccess | null {
    const servers = findLocalCluster({ env: this.#env, name })
    if (servers === null) return null
    const options = { bootstrapServers: servers.split(','), ...LOOK_TIMEOUTS }
    return { admin: () => this.#admin(servers, options), connection: async () => options }
  }

  async close(): Promise<void> {
    const all = [...this.#admins.values()]
    this.#admins.clear()
    // Nobody is interested any more in what went wrong with them.
    await Promise.all(all.map((admin) => admin.then((each) => each.close()).catch(() => undefined)))
  }

  #admin(servers: string, options: Parameters<typeof import('../../client/admin.ts').createAdmin>[0]): Promise<Admin> {
    const known = this.#admins.get(servers)
    if (known !== undefined) return known
    const made = import('../../client/admin.ts').then(({ createAdmin }) => createAdmin(options))
    this.#admins.set(servers, made)
    return made
  }
}
