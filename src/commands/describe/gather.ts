import { KtError } from '../../base/errors.ts'
import { nearest } from '../../cli/nearest.ts'
import type {
  Admin,
  BrokerNode,
  ClusterDescription,
  LogDirDescription,
  TopicDescription,
} from '../../client/admin-types.ts'
import { unwrapAll } from '../outcome.ts'
import {
  type BrokerStatus,
  type ControllerStatus,
  isInTrouble,
  type PartitionStatus,
  type Picture,
  partitionName,
  type TopicStatus,
} from './model.ts'
import { followersOf, type Place, rangesOf } from './offsets.ts'
import type { Questions } from './questions.ts'

/** Beyond this many partitions an overview does without offsets: asking every leader would take longer than it is worth. */
const MAX_PARTITIONS_WITH_OFFSETS = 5_000
/** Of so many partitions in trouble an overview tells how far their followers are. */
const MAX_TROUBLED_WITH_LAG = 100

/** What pictures are made with. */
export interface Look {
  readonly admin: Admin
  readonly questions: Questions
}

/** Cluster id, controller, brokers, every topic in a line, and what is wrong. */
export async function gatherCluster(look: Look): Promise<Picture> {
  const { admin } = look
  const cluster = await admin.describeCluster({ includeFenced: true })
  const listings = await admin.listTopics()
  // What people made first, what Kafka keeps for itself last.
  listings.sort((a, b) => Number(a.isInternal) - Number(b.isInternal) || (a.name < b.name ? -1 : 1))
  const described = await describeKnown(
    admin,
    listings.map(({ name }) => name),
  )
  const [sizes, controller] = await Promise.all([logDirs(look, live(cluster.brokers)), controllerOf(look, cluster)])
  const troubled = described.flatMap(({ name, partitions }) =>
    partitions.filter(isInTrouble).map(({ partition }) => partitionName(name, partition)),
  )
  const withLag = new Set(troubled.slice(0, MAX_TROUBLED_WITH_LAG))
  const topics = await topicStatuses(look, described, sizes, (name) => withLag.has(name))
  const brokers = cluster.brokers.map((broker) => brokerStatus(broker, controller, described, sizes))
  return { kind: 'cluster', clusterId: cluster.clusterId, controller, brokers, topics }
}

/** Topics by exact name; all of them when none is named. An unknown one is an error with the nearest names. */
export async function gatherTopics(look: Look, wanted: readonly string[]): Promise<Picture> {
  const { admin } = look
  const known = (await admin.listTopics()).map(({ name }) => name).sort()
  for (const name of wanted) if (!known.includes(name)) throw unknown('topic', name, known, 'kt topics --list')
  const described = await describeKnown(admin, wanted.length === 0 ? known : wanted)
  const { brokers } = await admin.describeCluster()
  const topics = await topicStatuses(look, described, await logDirs(look, brokers), () => true)
  return { kind: 'topics', topics: await withConfigs(look, topics), liveBrokers: brokers.map(({ id }) => id) }
}

/** Brokers by id; all of them when none is named. */
export async function gatherBrokers(look: Look, wanted: readonly string[]): Promise<Picture> {
  const { admin } = look
  const cluster = await admin.describeCluster({ includeFenced: true })
  const ids = cluster.brokers.map(({ id }) => String(id))
  for (const id of wanted) if (!ids.includes(id)) throw unknown('broker', id, ids, 'kt describe')
  const chosen = cluster.brokers.filter(({ id }) => wanted.length === 0 || wanted.includes(String(id)))
  const described = [...(await admin.describeTopics('all')).values()].flatMap((each) => (each.ok ? [each.value] : []))
  const [sizes, controller, configs] = await Promise.all([
    logDirs(look, live(chosen)),
    controllerOf(look, cluster),
    brokerConfigs(look, live(chosen)),
  ])
  const brokers = chosen.map((broker) => ({
    ...brokerStatus(broker, controller, described, sizes),
    configs: configs.get(broker.id) ?? new Map(),
  }))
  return { kind: 'brokers', brokers }
}

function live(brokers: readonly BrokerNode[]): BrokerNode[] {
  return brokers.filter(({ isFenced }) => isFenced !== true)
}

/** KRaft's brokers name one of themselves as the controller, by chance: the quorum knows. */
async function controllerOf({ admin, questions }: Look, cluster: ClusterDescription): Promise<ControllerStatus | null> {
  const quorum = await questions.ask('quorum', () => admin.describeMetadataQuorum())
  if (quorum !== null) return quorum.leaderId < 0 ? null : { id: quorum.leaderId, epoch: quorum.leaderEpoch }
  return cluster.controllerId < 0 ? null : { id: cluster.controllerId, epoch: null }
}

async function brokerConfigs(
  { admin, questions }: Look,
  brokers: readonly BrokerNode[],
): Promise<Map<number, BrokerStatus['configs']>> {
  const entries = await Promise.all(
    brokers.map(async ({ id }): Promise<[number, BrokerStatus['configs']]> => {
      const answer = await questions.ask(`configs of ${id}`, () =>
        admin.describeConfigs([{ type: 'BROKER', name: String(id) }]),
      )
      const outcome = answer?.[0]
      const set = outcome?.ok ? outcome.value.filter(({ source }) => source.startsWith('DYNAMIC')) : []
      return [id, new Map(set.map(({ name, value }) => [name, value]))]
    }),
  )
  return new Map(entries)
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

async function logDirs({ admin, questions }: Look, brokers: readonly BrokerNode[]): Promise<LogDirs> {
  const entries = await Promise.all(
    brokers.map(async ({ id }) => {
      const answer = await questions.ask(`log directories of ${id}`, () => admin.describeLogDirs([id]))
      const outcome = answer?.get(id)
      return outcome?.ok ? [[id, outcome.value] as const] : []
    }),
  )
  return new Map(entries.flat())
}

async function topicStatuses(
  look: Look,
  topics: readonly TopicDescription[],
  sizes: LogDirs,
  wantsLag: (partition: string) => boolean,
): Promise<TopicStatus[]> {
  const followed = placesOf(topics).filter(({ topic, partition }) => wantsLag(partitionName(topic, partition)))
  const [ranges, followers, reassigning] = await Promise.all([
    rangesOf(look, placesOf(topics)),
    followersOf(look, followed),
    reassigningPartitions(look),
  ])
  const replicaBytes = replicaSizes(sizes)
  return topics.map((topic) => ({
    name: topic.name,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    configs: new Map(),
    minInsyncReplicas: null,
    uncleanElection: null,
    partitions: [...topic.partitions]
      .sort((a, b) => a.partition - b.partition)
      .map((partition): PartitionStatus => {
        const name = partitionName(topic.name, partition.partition)
        return {
          ...partition,
          earliestOffset: ranges.get(name)?.earliest ?? null,
          latestOffset: ranges.get(name)?.latest ?? null,
          sizeBytes: replicaBytes.get(`${partition.leader}/${name}`) ?? null,
          isReassigning: reassigning.has(name),
          followers: followers.get(name) ?? null,
        }
      }),
  }))
}

function placesOf(topics: readonly TopicDescription[]): Place[] {
  const places = topics.flatMap(({ name: topic, partitions }) =>
    partitions.map(({ partition, leader, replicas }) => ({ topic, partition, leader, replicas })),
  )
  return places.length > MAX_PARTITIONS_WITH_OFFSETS ? [] : places
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

async function reassigningPartitions({ admin, questions }: Look): Promise<Set<string>> {
  const all = await questions.ask('reassignments', () => admin.listPartitionReassignments())
  return new Set((all ?? []).map(({ topic, partition }) => partitionName(topic, partition)))
}

async function withConfigs({ admin, questions }: Look, topics: readonly TopicStatus[]): Promise<TopicStatus[]> {
  if (topics.length === 0) return []
  const resources = topics.map(({ name }) => ({ type: 'TOPIC' as const, name }))
  const outcomes = await questions.ask('configs of topics', () => admin.describeConfigs(resources))
  return topics.map((topic, at) => {
    const outcome = outcomes?.[at]
    const entries = outcome?.ok ? outcome.value : []
    const own = entries.filter(({ source }) => source === 'DYNAMIC_TOPIC_CONFIG')
    const inForce = (name: string): string | null => entries.find((entry) => entry.name === name)?.value ?? null
    const min = inForce('min.insync.replicas')
    const unclean = inForce('unclean.leader.election.enable')
    return {
      ...topic,
      configs: new Map(own.map(({ name, value }) => [name, value])),
      minInsyncReplicas: min === null ? null : Number(min),
      uncleanElection: unclean === null ? null : unclean === 'true',
    }
  })
}

function brokerStatus(
  broker: BrokerNode,
  controller: ControllerStatus | null,
  topics: readonly TopicDescription[],
  sizes: LogDirs,
): BrokerStatus {
  const partitions = topics.flatMap((topic) => topic.partitions)
  return {
    ...broker,
    isController: broker.id === controller?.id,
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
