import { KtError } from '../../base/errors.ts'
import { nearest } from '../../cli/nearest.ts'
import type {
  Admin,
  BrokerNode,
  ClusterDescription,
  LogDirDescription,
  TopicDescription,
} from '../../client/admin-types.ts'
import { RefusedError, unwrap, unwrapAll } from '../outcome.ts'
import type { BrokerStatus, PartitionStatus, Picture, TopicStatus } from './model.ts'

/** Beyond this many partitions an overview does without offsets: asking every leader would take longer than it is worth. */
const MAX_PARTITIONS_WITH_OFFSETS = 5_000

/** Cluster id, controller, brokers, and every topic in a line. */
export async function gatherCluster(admin: Admin): Promise<Picture> {
  const cluster = await admin.describeCluster()
  const listings = await admin.listTopics()
  // What people made first, what Kafka keeps for itself last.
  listings.sort((a, b) => Number(a.isInternal) - Number(b.isInternal) || (a.name < b.name ? -1 : 1))
  const names = listings.map(({ name }) => name)
  const sizes = await logDirs(admin, cluster.brokers)
  const described = await describeKnown(admin, names)
  const topics = await topicStatuses(admin, described, sizes)
  const brokers = cluster.brokers.map((broker) => brokerStatus(broker, cluster, described, sizes))
  return { kind: 'cluster', clusterId: cluster.clusterId, controllerId: cluster.controllerId, brokers, topics }
}

/** Topics by exact name; all of them when none is named. An unknown one is an error with the nearest names. */
export async function gatherTopics(admin: Admin, wanted: readonly string[]): Promise<Picture> {
  const known = (await admin.listTopics()).map(({ name }) => name).sort()
  for (const name of wanted) if (!known.includes(name)) throw unknown('topic', name, known, 'kt topics --list')
  const described = await describeKnown(admin, wanted.length === 0 ? known : wanted)
  const { brokers } = await admin.describeCluster()
  const topics = await topicStatuses(admin, described, await logDirs(admin, brokers))
  return { kind: 'topics', topics: await withConfigs(admin, topics) }
}

/** Brokers by id; all of them when none is named. */
export async function gatherBrokers(admin: Admin, wanted: readonly string[]): Promise<Picture> {
  const cluster = await admin.describeCluster()
  const ids = cluster.brokers.map(({ id }) => String(id))
  for (const id of wanted) if (!ids.includes(id)) throw unknown('broker', id, ids, 'kt describe')
  const chosen = cluster.brokers.filter(({ id }) => wanted.length === 0 || wanted.includes(String(id)))
  const described = [...(await admin.describeTopics('all')).values()].flatMap((each) => (each.ok ? [each.value] : []))
  const sizes = await logDirs(admin, chosen)
  const configs = await admin.describeConfigs(chosen.map(({ id }) => ({ type: 'BROKER', name: String(id) })))
  const brokers = chosen.map((broker, at) => ({
    ...brokerStatus(broker, cluster, described, sizes),
    configs: new Map(
      unwrap(configs[at]!)
        .filter(({ source }) => source.startsWith('DYNAMIC'))
        .map(({ name, value }) => [name, value]),
    ),
  }))
  return { kind: 'brokers', brokers }
}

/** The error for a name the cluster does not know. */
export function unknown(what: string, name: string, known: readonly string[], next: string): KtError {
  const near = nearest(name, known)
  const facts = near.length === 0 ? [] : [`${what}s with a similar name: ${near.join(', ')}`]
  return new KtError('not-found', `There is no ${what} '${name}'`, { facts, next })
}

/** A topic may vanish between the list and the question: it is left out then. */
async function describeKnown(admin: Admin, names: readonly string[]): Promise<TopicDescription[]> {
  if (names.length === 0) return []
  const outcomes = await admin.describeTopics(names)
  for (const [name, outcome] of outcomes) {
    if (!outcome.ok && outcome.error.name === 'UNKNOWN_TOPIC_OR_PARTITION') outcomes.delete(name)
  }
  return [...unwrapAll(outcomes).values()]
}

type LogDirs = ReadonlyMap<number, readonly LogDirDescription[]>

/** Sizes are worth having and never worth failing for: a broker may be down, or not allow the question. */
async function logDirs(admin: Admin, brokers: readonly BrokerNode[]): Promise<LogDirs> {
  try {
    const outcomes = await admin.describeLogDirs(brokers.map(({ id }) => id))
    return new Map([...outcomes].flatMap(([id, outcome]) => (outcome.ok ? [[id, outcome.value] as const] : [])))
  } catch (error) {
    if (error instanceof RefusedError || (error instanceof KtError && error.kind !== 'internal')) return new Map()
    throw error
  }
}

async function topicStatuses(
  admin: Admin,
  topics: readonly TopicDescription[],
  sizes: LogDirs,
): Promise<TopicStatus[]> {
  const offsets = await offsetsOf(admin, topics)
  const replicaBytes = replicaSizes(sizes)
  const reassigning = await reassigningPartitions(admin)
  return topics.map((topic) => ({
    name: topic.name,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    configs: new Map(),
    partitions: [...topic.partitions]
      .sort((a, b) => a.partition - b.partition)
      .map((partition): PartitionStatus => {
        const key = `${topic.name}-${partition.partition}`
        return {
          ...partition,
          earliestOffset: offsets.get(key)?.earliest ?? null,
          latestOffset: offsets.get(key)?.latest ?? null,
          sizeBytes: replicaBytes.get(`${partition.leader}/${key}`) ?? null,
          isReassigning: reassigning.has(key),
        }
      }),
  }))
}

interface Range {
  readonly earliest: number | null
  readonly latest: number | null
}

async function offsetsOf(admin: Admin, topics: readonly TopicDescription[]): Promise<Map<string, Range>> {
  const led = topics.flatMap(({ name, partitions }) =>
    partitions.filter(({ leader }) => leader >= 0).map(({ partition }) => ({ topic: name, partition })),
  )
  if (led.length === 0 || led.length > MAX_PARTITIONS_WITH_OFFSETS) return new Map()
  const [earliest, latest] = await Promise.all([
    admin.listOffsets(led.map((each) => ({ ...each, spec: 'earliest' as const }))),
    admin.listOffsets(led.map((each) => ({ ...each, spec: 'latest' as const }))),
  ])
  const offset = (outcome: (typeof latest)[number]): number | null => (outcome.ok ? outcome.value.offset : null)
  return new Map(
    led.map(({ topic, partition }, at) => [
      `${topic}-${partition}`,
      { earliest: offset(earliest[at]!), latest: offset(latest[at]!) },
    ]),
  )
}

/** `broker/topic-partition` -> bytes; a replica on its way to another directory does not count. */
function replicaSizes(sizes: LogDirs): Map<string, number> {
  const bytes = new Map<string, number>()
  for (const [id, dirs] of sizes) {
    for (const replica of dirs.flatMap(({ replicas }) => replicas)) {
      if (!replica.isFuture) bytes.set(`${id}/${replica.topic}-${replica.partition}`, replica.sizeBytes)
    }
  }
  return bytes
}

async function reassigningPartitions(admin: Admin): Promise<Set<string>> {
  try {
    const all = await admin.listPartitionReassignments()
    return new Set(all.map(({ topic, partition }) => `${topic}-${partition}`))
  } catch (error) {
    // Who may not ask, or asks a cluster that cannot answer, still gets the picture.
    if (error instanceof KtError && ['kafka', 'authorization'].includes(error.kind)) return new Set()
    throw error
  }
}

async function withConfigs(admin: Admin, topics: readonly TopicStatus[]): Promise<TopicStatus[]> {
  if (topics.length === 0) return []
  const outcomes = await admin.describeConfigs(topics.map(({ name }) => ({ type: 'TOPIC', name })))
  return topics.map((topic, at) => {
    const outcome = outcomes[at]!
    const own = outcome.ok ? outcome.value.filter(({ source }) => source === 'DYNAMIC_TOPIC_CONFIG') : []
    return { ...topic, configs: new Map(own.map(({ name, value }) => [name, value])) }
  })
}

function brokerStatus(
  broker: BrokerNode,
  cluster: ClusterDescription,
  topics: readonly TopicDescription[],
  sizes: LogDirs,
): BrokerStatus {
  const partitions = topics.flatMap((topic) => topic.partitions)
  return {
    ...broker,
    isController: broker.id === cluster.controllerId,
    leaderCount: partitions.filter(({ leader }) => leader === broker.id).length,
    replicaCount: partitions.filter(({ replicas }) => replicas.includes(broker.id)).length,
    configs: new Map(),
    logDirs: (sizes.get(broker.id) ?? []).map((dir) => ({
      path: dir.path,
      error: dir.error?.message ?? null,
      sizeBytes: dir.replicas.reduce((sum, replica) => sum + replica.sizeBytes, 0),
      usableBytes: dir.usableBytes,
    })),
  }
}
