/** What the cluster has of what files declare. */
import type {
  Admin,
  ConfigEntry,
  ConfigResource,
  QuotaEntity,
  ScramCredentialInfo,
  TopicDescription,
} from '../../client/admin-types.ts'
import type { AclBinding } from '../../client/security-types.ts'
import { RefusedError, unwrap } from '../outcome.ts'
import type { Declarations } from './declarations.ts'
import type { PruneScope } from './model.ts'

export interface TopicState {
  readonly description: TopicDescription
  /** Brokers of each partition once what moves has arrived. */
  readonly replicas: readonly (readonly number[])[]
  readonly configs: readonly ConfigEntry[]
}

export interface QuotaState {
  readonly entity: QuotaEntity
  readonly quotas: ReadonlyMap<string, number>
}

export interface ClusterState {
  readonly clusterId: string
  /** Ids of those that are alive, in their order. */
  readonly brokers: readonly number[]
  /** By name; topics that are not there are left out. */
  readonly topics: ReadonlyMap<string, TopicState>
  /** Every topic there is but internal ones; empty unless topics are pruned. */
  readonly allTopics: readonly string[]
  /** By `resourceKey`; as text, why they cannot be told. */
  readonly settings: ReadonlyMap<string, readonly ConfigEntry[] | string>
  readonly acls: readonly AclBinding[]
  readonly quotas: readonly QuotaState[]
  /** By user. */
  readonly credentials: ReadonlyMap<string, readonly ScramCredentialInfo[]>
}

export const resourceKey = ({ type, name }: ConfigResource): string => `${type} ${name}`

/** Asks for what the declarations speak of, and for nothing else. */
export async function readState(admin: Admin, declared: Declarations, prune: PruneScope): Promise<ClusterState> {
  const [{ clusterId, brokers }, topics, allTopics, settings, acls, quotas, credentials] = await Promise.all([
    admin.describeCluster(),
    topicStates(admin, topicNames(declared)),
    prune.topics === null ? [] : topicList(admin),
    settingsOf(admin, declared),
    declared.acls.length === 0 && !prune.acls ? [] : admin.describeAcls({}),
    declared.quotas.length === 0 ? [] : admin.describeClientQuotas({ components: [], strict: false }),
    credentialsOf(admin, [...new Set(declared.users.map(({ user }) => user))]),
  ])
  const alive = brokers.map(({ id }) => id).sort((left, right) => left - right)
  return { clusterId, brokers: alive, topics, allTopics, settings, acls, quotas, credentials }
}

function topicNames({ topics, configs }: Declarations): string[] {
  const ofConfigs = configs.flatMap(({ resource: { type, name } }) => (type === 'TOPIC' ? [name] : []))
  return [...new Set([...topics.map(({ name }) => name), ...ofConfigs])]
}

/** Names of all topics but internal ones, sorted. */
export async function topicList(admin: Admin): Promise<string[]> {
  const topics = (await admin.listTopics()).filter(({ isInternal, name }) => !isInternal && !name.startsWith('__'))
  return topics.map(({ name }) => name).sort()
}

/** Topics with their settings; those that do not exist are left out. */
export async function topicStates(admin: Admin, names: readonly string[]): Promise<Map<string, TopicState>> {
  if (names.length === 0) return new Map()
  const [described, moving] = await Promise.all([admin.describeTopics(names), admin.listPartitionReassignments()])
  const found = [...described].flatMap(([, outcome]) => {
    if (!outcome.ok && outcome.error.name === 'UNKNOWN_TOPIC_OR_PARTITION') return []
    return [unwrap(outcome)]
  })
  const configs = await admin.describeConfigs(
    found.map(({ name }) => ({ type: 'TOPIC', name })),
    { synonyms: true },
  )
  const removing = new Map(moving.map((each) => [`${each.topic}:${each.partition}`, each.removingReplicas]))
  return new Map(
    found.map((description, at) => {
      const { name, partitions } = description
      const leaving = partitions.map(({ partition }) => removing.get(`${name}:${partition}`))
      const replicas = partitions.map((each, index) => each.replicas.filter((id) => !leaving[index]?.includes(id)))
      return [name, { description, replicas, configs: unwrap(configs[at]!) }]
    }),
  )
}

async function settingsOf(
  admin: Admin,
  { configs }: Declarations,
): Promise<Map<string, readonly ConfigEntry[] | string>> {
  const resources = configs.map(({ resource }) => resource)
  if (resources.length === 0) return new Map()
  const described = await admin.describeConfigs(resources, { synonyms: true })
  return new Map(
    resources.map((resource, at) => {
      const outcome = described[at]!
      return [resourceKey(resource), outcome.ok ? outcome.value : outcome.error.message] as const
    }),
  )
}

async function credentialsOf(
  admin: Admin,
  users: readonly string[],
): Promise<Map<string, readonly ScramCredentialInfo[]>> {
  if (users.length === 0) return new Map()
  const found = await admin.describeScramCredentials(users)
  return new Map(
    [...found].map(([user, outcome]) => {
      if (outcome.ok) return [user, outcome.value]
      if (outcome.error.name === 'RESOURCE_NOT_FOUND') return [user, []]
      throw new RefusedError(outcome.error)
    }),
  )
}
