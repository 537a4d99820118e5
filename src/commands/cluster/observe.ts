/** What the cluster itself says of its nodes, asked with a short time limit: an answer that does not come is one, too. */
import type { CommandContext } from '../../cli/context.ts'
import type { Admin, ClusterDescription, QuorumDescription, TopicDescription } from '../../client/admin-types.ts'
import type { ClusterStatus } from '../../cluster/local-status.ts'

/** A healthy local cluster answers within a few milliseconds. */
const TIMEOUT_MS = 1_500
const REQUEST_TIMEOUT_MS = 1_000
const CONTROLLER_HOST = '127.0.0.1'

export type Registration = 'unfenced' | 'fenced' | 'not registered'

export interface Observed {
  /** By broker id; null when no broker answered. */
  readonly registrations: ReadonlyMap<number, Registration> | null
  /** null when no controller answered. */
  readonly quorum: QuorumDescription | null
}

/** Ways to ask: what is not answered in time is null. */
export interface Observer {
  describeCluster(): Promise<ClusterDescription | null>
  describeQuorum(): Promise<QuorumDescription | null>
  describeTopics(): Promise<readonly TopicDescription[] | null>
}

/** Asks brokers and controllers that run; `except` are nodes that are not to be asked. */
export async function observe<T>(
  status: ClusterStatus,
  context: Pick<CommandContext, 'clock'>,
  ask: (observer: Observer) => Promise<T>,
  except: readonly number[] = [],
): Promise<T> {
  const alive = status.nodes.filter(({ nodeId, state }) => state === 'running' && !except.includes(nodeId))
  const brokers = alive.filter(({ roles, cutOffFrom }) => roles !== 'controller' && !cutOffFrom.includes('clients'))
  const controllers = alive.filter(({ roles, cutOffFrom }) => roles !== 'broker' && !cutOffFrom.includes('clients'))
  const admins: Promise<Admin>[] = []
  const open = (servers: readonly string[], toControllers: boolean): Promise<Admin> => {
    const admin = openAdmin(servers, toControllers)
    admins.push(admin)
    return admin
  }
  const hosts = new Map(status.bootstrapServers.split(',').map((server) => [Number(server.split(':').at(-1)), server]))
  const servers = brokers.flatMap(({ port }) => hosts.get(port!) ?? [])
  const controllerServers = controllers.flatMap(({ controllerPort }) =>
    controllerPort === null ? [] : [`${CONTROLLER_HOST}:${controllerPort}`],
  )
  // A node of the days before controllers had listeners is asked through its broker.
  const [quorumServers, toControllers] = controllerServers.length > 0 ? [controllerServers, true] : [servers, false]
  const within = <V>(list: readonly string[], toControllers: boolean, request: (admin: Admin) => Promise<V>) =>
    list.length === 0 ? Promise.resolve(null) : inTime(open(list, toControllers).then(request), context)
  try {
    return await ask({
      describeCluster: () => within(servers, false, (admin) => admin.describeCluster({ includeFenced: true })),
      describeQuorum: () => within(quorumServers, toControllers, (admin) => admin.describeMetadataQuorum()),
      describeTopics: () => within(servers, false, allTopics),
    })
  } finally {
    void Promise.allSettled(admins.map(async (admin) => (await admin).close()))
  }
}

async function openAdmin(bootstrapServers: readonly string[], toControllers: boolean): Promise<Admin> {
  const { createAdmin } = await import('../../client/admin.ts')
  const limits = {
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    connectTimeoutMs: REQUEST_TIMEOUT_MS,
    apiTimeoutMs: TIMEOUT_MS,
  }
  return createAdmin({ bootstrapServers, toControllers, ...limits })
}

async function allTopics(admin: Admin): Promise<TopicDescription[]> {
  const topics = await admin.describeTopics('all')
  return [...topics.values()].flatMap((outcome) => (outcome.ok ? [outcome.value] : []))
}

/** null for a failure as for an answer that is late: what was observed is that there was none. */
function inTime<V>(answer: Promise<V>, { clock }: Pick<CommandContext, 'clock'>): Promise<V | null> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(TIMEOUT_MS, () => resolve(null))
    const end = (value: V | null): void => {
      timer.cancel()
      resolve(value)
    }
    answer.then(end, () => end(null))
  })
}

/** Registrations and the quorum, asked for at once. */
export function observeNodes(status: ClusterStatus, context: CommandContext): Promise<Observed> {
  return observe(status, context, async (observer) => {
    const [cluster, quorum] = await Promise.all([observer.describeCluster(), observer.describeQuorum()])
    return { registrations: cluster === null ? null : registrationsOf(status, cluster), quorum }
  })
}

function registrationsOf(status: ClusterStatus, { brokers }: ClusterDescription): Map<number, Registration> {
  const known = new Map(brokers.map(({ id, isFenced }) => [id, isFenced ? 'fenced' : 'unfenced'] as const))
  return new Map(
    status.nodes
      .filter(({ roles }) => roles !== 'controller')
      .map(({ nodeId }) => [nodeId, known.get(nodeId) ?? 'not registered']),
  )
}

export interface Leadership {
  /** `topic-partition` of what the nodes lead. */
  readonly led: readonly string[]
  readonly total: number
  /** Partitions whose only in-sync replicas are among the nodes. */
  readonly alone: readonly string[]
}

/** What some brokers lead just now. */
export function leadershipOf(topics: readonly TopicDescription[], nodeIds: readonly number[]): Leadership {
  const all = topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partition, leader, isr }) => ({ name: `${name}-${partition}`, leader, isr })),
  )
  return {
    led: all.filter(({ leader }) => nodeIds.includes(leader)).map(({ name }) => name),
    total: all.length,
    alone: all.filter(({ isr }) => isr.length > 0 && isr.every((id) => nodeIds.includes(id))).map(({ name }) => name),
  }
}
