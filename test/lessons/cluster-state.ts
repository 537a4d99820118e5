/** What a lesson may change and `reset` must restore, as plain data to be compared. */
import { KtError } from '../../src/base/errors.ts'
import type { Desk } from '../../src/commands/learn/desk.ts'

export interface ClusterState {
  readonly topics: readonly string[]
  readonly groups: readonly string[]
  /** In service. */
  readonly brokers: readonly number[]
  /** Of the bundled cluster: node id -> state. */
  readonly nodes: Readonly<Record<string, string>>
  readonly voters: readonly number[]
  /** Settings that were changed while brokers run, `1 log.cleaner.threads=2`. */
  readonly settings: readonly string[]
  readonly moving: number
}

const DYNAMIC = new Set(['DYNAMIC_BROKER_CONFIG', 'DYNAMIC_DEFAULT_BROKER_CONFIG', 'DYNAMIC_BROKER_LOGGER_CONFIG'])

/** Topics of Kafka's own come with the first group and stay. */
const isOwn = (topic: string): boolean => !topic.startsWith('__')

export async function clusterState({ place }: Desk): Promise<ClusterState> {
  const admin = await place.admin()
  const { brokers } = await admin.describeCluster()
  const ids = brokers.map(({ id }) => id).sort((a, b) => a - b)
  const [topics, groups, quorum, configs, moving] = await Promise.all([
    admin.listTopics(),
    admin.listGroups(),
    admin.describeMetadataQuorum(),
    admin.describeConfigs(ids.map((id) => ({ type: 'BROKER' as const, name: String(id) }))),
    admin.listPartitionReassignments(),
  ])
  const settings = configs.flatMap((outcome, at) =>
    outcome.ok
      ? outcome.value
          .filter(({ source }) => DYNAMIC.has(source))
          .map(({ name, value }) => `${ids[at]} ${name}=${value}`)
      : [`${ids[at]} ${outcome.error.message}`],
  )
  return {
    topics: topics
      .map(({ name }) => name)
      .filter(isOwn)
      .sort(),
    groups: groups.map(({ groupId }) => groupId).sort(),
    brokers: ids,
    nodes: Object.fromEntries((place.localNodes?.() ?? []).map(({ nodeId, state }) => [String(nodeId), state])),
    voters: quorum.voters.map(({ id }) => id).sort((a, b) => a - b),
    settings: settings.sort(),
    moving: moving.length,
  }
}

/** null where a broker that must be asked cannot be reached: an incident may begin so. Every other failure is one. */
async function observed<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof KtError && error.kind === 'unreachable') return null
    throw error
  }
}

/**
 * What a set-up makes: topics with their shape, records and settings, groups with their offsets, processes. Where programs
 * go on, records and offsets are left out.
 */
export async function stageState({ place }: Desk, prefix: string, goesOn: boolean): Promise<unknown> {
  const admin = await place.admin()
  const topics = (await admin.listTopics()).map(({ name }) => name).filter((name) => name.startsWith(prefix))
  const described = await admin.describeTopics(topics)
  const shapes = await Promise.all(
    topics.sort().map(async (name) => {
      const outcome = described.get(name)
      const partitions = outcome?.ok === true ? outcome.value.partitions : []
      const led = partitions.filter(({ leader }) => leader !== -1)
      const asked = led.map(({ partition }) => ({ topic: name, partition, spec: 'latest' as const }))
      const ends = (await observed(admin.listOffsets(asked))) ?? []
      const [config] = await admin.describeConfigs([{ type: 'TOPIC', name }])
      const set = config?.ok === true ? config.value.filter(({ source }) => source === 'DYNAMIC_TOPIC_CONFIG') : []
      return {
        name,
        replicas: partitions.map(({ replicas }) => replicas),
        ends: goesOn ? [] : ends.map((end) => (end.ok ? end.value.offset : null)),
        settings: set.map((each) => `${each.name}=${each.value}`).sort(),
      }
    }),
  )
  const groups = ((await observed(admin.listGroups())) ?? [])
    .map(({ groupId }) => groupId)
    .filter((id) => id.startsWith(prefix))
  const offsets = await admin.listGroupOffsets(groups)
  const nodes = (place.localNodes?.() ?? []).map(({ nodeId, state }) => [nodeId, state])
  return { shapes, groups: groups.sort().map((id) => [id, goesOn ? null : offsets.get(id)]), nodes }
}
