/** What a setting is on the cluster: value, source, and every place that could give it, the strongest first. */

import { nearest } from '../../../cli/nearest.ts'
import type { Admin, ConfigEntry, ConfigResource, ConfigSource } from '../../../client/admin-types.ts'
import type { LiveCluster } from '../live.ts'
import type { Scope } from '../meaning.ts'

/** The value in one place, or in several where it is the same. */
export interface LiveValue {
  /** `topic orders`, `brokers 1, 2, 3`. */
  readonly where: string
  /** Null where there is none, and where it is a secret. */
  readonly value: string | null
  readonly isSecret: boolean
  readonly source: ConfigSource
  /** The strongest first; the last is Kafka's default. */
  readonly synonyms: ConfigEntry['synonyms']
}

export interface LiveSetting {
  readonly servers: string
  readonly values: readonly LiveValue[]
  /** Topics, groups or entities with a value of their own, `orders` and `60000`; null where nobody looked. */
  readonly overrides: readonly (readonly [name: string, value: string])[] | null
  /** What could not be seen, in words. */
  readonly notes: readonly string[]
}

/** As many topics are looked at: in one request, for one setting. */
const MAX_TOPICS = 2_000
const MAX_BROKERS = 50

/** Null where the cluster does not know settings of this kind: clients have them. Whatever fails becomes a note. */
export async function liveValues(
  of: string,
  name: string,
  scope: Scope,
  cluster: LiveCluster,
): Promise<LiveSetting | null> {
  try {
    switch (of) {
      case 'topic':
        return await topicValues(name, scope, cluster)
      case 'broker':
        return await brokerValues(name, scope, cluster)
      case 'group':
        return await groupValues(name, scope, cluster)
      default:
        return of === 'quota' && !name.startsWith('SCRAM') ? await quotaValues(name, cluster) : null
    }
  } catch (error) {
    return { servers: cluster.servers, values: [], overrides: null, notes: [(error as Error).message] }
  }
}

async function entriesOf(
  resources: readonly ConfigResource[],
  name: string,
  admin: Admin,
): Promise<{ resource: ConfigResource; entry: ConfigEntry | null; error: string | null }[]> {
  const outcomes = await admin.describeConfigs(resources, { synonyms: true, names: [name] })
  return resources.map((resource, at) => {
    const outcome = outcomes[at]!
    if (!outcome.ok) return { resource, entry: null, error: outcome.error.message }
    return { resource, entry: outcome.value.find((each) => each.name === name) ?? null, error: null }
  })
}

const liveValue = (where: string, { value, isSensitive, source, synonyms }: ConfigEntry): LiveValue => ({
  ...{ where, value: isSensitive ? null : value, isSecret: isSensitive, source },
  synonyms: isSensitive ? synonyms.map((each) => ({ ...each, value: null })) : synonyms,
})

async function topicValues(name: string, { topic }: Scope, { admin, servers }: LiveCluster): Promise<LiveSetting> {
  const topics = (await admin.listTopics()).map((each) => each.name).sort()
  if (topic !== undefined && !topics.includes(topic)) {
    const near = nearest(topic, topics)
    const hint = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`
    return { servers, values: [], overrides: null, notes: [`There is no topic '${topic}' on the cluster.${hint}`] }
  }
  const asked = topic === undefined ? topics.slice(0, MAX_TOPICS) : [topic]
  const found = await entriesOf(
    asked.map((each) => ({ type: 'TOPIC', name: each })),
    name,
    admin,
  )
  const notes = asked.length < topics.length && topic === undefined ? [`Only ${MAX_TOPICS} topics were looked at.`] : []
  const own = found.flatMap(({ resource, entry }): [string, string][] =>
    entry?.source === 'DYNAMIC_TOPIC_CONFIG' ? [[resource.name, entry.value ?? '']] : [],
  )
  if (topic !== undefined) {
    const [{ entry, error } = { entry: null, error: null }] = found
    if (entry === null)
      return { servers, values: [], overrides: null, notes: [error ?? `The cluster does not know it.`] }
    return { servers, values: [liveValue(`topic ${topic}`, entry)], overrides: null, notes }
  }
  const common = found.find(({ entry }) => entry !== null && entry.source !== 'DYNAMIC_TOPIC_CONFIG')?.entry
  const values =
    common === undefined || common === null ? [] : [liveValue('topics without a value of their own', common)]
  if (found.length === 0) notes.push('The cluster has no topics.')
  return { servers, values, overrides: own, notes }
}

async function brokerValues(
  name: string,
  scope: Scope,
  { admin, brokers, servers }: LiveCluster,
): Promise<LiveSetting> {
  const wanted = scope.broker === undefined ? brokers.slice(0, MAX_BROKERS) : [Number(scope.broker)]
  const known = wanted.filter((id) => brokers.includes(id))
  if (known.length === 0) {
    const note = `There is no broker ${scope.broker} in service; those in service: ${brokers.join(', ')}.`
    return { servers, values: [], overrides: null, notes: [note] }
  }
  const found = await entriesOf(
    known.map((id) => ({ type: 'BROKER', name: String(id) })),
    name,
    admin,
  )
  const same = new Map<string, { ids: string[]; entry: ConfigEntry }>()
  for (const { resource, entry } of found) {
    if (entry === null) continue
    const key = JSON.stringify([entry.value, entry.source, entry.synonyms])
    const group = same.get(key) ?? { ids: [], entry }
    group.ids.push(resource.name)
    same.set(key, group)
  }
  const values = [...same.values()].map(({ ids, entry }) =>
    liveValue(`${ids.length === 1 ? 'broker' : 'brokers'} ${ids.join(', ')}`, entry),
  )
  const failed = found.filter(({ entry }) => entry === null)
  const notes = failed.map(({ resource, error }) => `broker ${resource.name}: ${error ?? 'does not tell of it'}.`)
  return { servers, values, overrides: null, notes }
}

async function groupValues(name: string, { group }: Scope, { admin, servers }: LiveCluster): Promise<LiveSetting> {
  if (group !== undefined) {
    const [{ entry, error } = { entry: null, error: null }] = await entriesOf(
      [{ type: 'GROUP', name: group }],
      name,
      admin,
    )
    if (entry !== null) return { servers, values: [liveValue(`group ${group}`, entry)], overrides: null, notes: [] }
    return { servers, values: [], overrides: null, notes: [error ?? 'The cluster does not know it.'] }
  }
  const resources = [...(await admin.listConfigResources(['GROUP'])), { type: 'GROUP', name: NO_GROUP } as const]
  const found = await entriesOf(resources, name, admin)
  const overrides = found.flatMap(({ resource, entry }): [string, string][] =>
    entry?.source === 'DYNAMIC_GROUP_CONFIG' ? [[resource.name, entry.value ?? '']] : [],
  )
  const common = found.at(-1)!.entry
  const isCommon = common !== null && common.source !== 'DYNAMIC_GROUP_CONFIG'
  const values = isCommon ? [liveValue('groups without a value of their own', common)] : []
  return { servers, values, overrides, notes: [] }
}

/** Brokers tell what holds for any name; nobody has a group of this one. */
const NO_GROUP = 'no-group-has-this-name'

async function quotaValues(name: string, { admin, servers }: LiveCluster): Promise<LiveSetting> {
  const everything = ['user', 'client-id', 'ip'].map((entityType) => ({ entityType, match: 'any' as const }))
  const found = await Promise.all(
    everything.map((component) => admin.describeClientQuotas({ components: [component], strict: false })),
  )
  const overrides = new Map<string, string>()
  for (const { entity, quotas } of found.flat()) {
    const value = quotas.get(name)
    const words = [...entity.entries].map(([type, each]) => `${type} ${each ?? '(default)'}`).join(', ')
    if (value !== undefined) overrides.set(words, String(value))
  }
  return { servers, values: [], overrides: [...overrides], notes: [] }
}

/** A source in words. */
export function sourceText(source: ConfigSource, where: string): string {
  switch (source) {
    case 'DYNAMIC_TOPIC_CONFIG':
      return where.startsWith('topic ') ? where : 'the topic'
    case 'DYNAMIC_BROKER_CONFIG':
      return 'one broker, at run time'
    case 'DYNAMIC_DEFAULT_BROKER_CONFIG':
      return 'all brokers, at run time'
    case 'STATIC_BROKER_CONFIG':
      return "the node's properties file"
    case 'DEFAULT_CONFIG':
      return "Kafka's default"
    case 'DYNAMIC_GROUP_CONFIG':
      return where.startsWith('group ') ? where : 'the group'
    default:
      return source.toLowerCase().replaceAll('_', ' ')
  }
}
