/** Configuration of topics, brokers, loggers, client metrics and groups. */
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { DescribeConfigsResponse } from '../../protocol/messages/32-describe-configs.ts'
import type {
  ConfigChange,
  ConfigEntry,
  ConfigResource,
  ConfigResourceType,
  ConfigSource,
  MutationOptions,
  Outcome,
} from '../admin-types.ts'
import { ANY, type ClusterClient, CONTROLLER, type Route, toBroker } from '../cluster-client.ts'
import { commonVersion } from '../handshake.ts'
import { failed, groupBy, outcomeOf, settle } from './outcome.ts'

/** Kafka's ConfigResource.Type ids. */
const RESOURCE_TYPES: Readonly<Record<ConfigResourceType, number>> = {
  TOPIC: 2,
  BROKER: 4,
  BROKER_LOGGER: 8,
  CLIENT_METRICS: 16,
  GROUP: 32,
}

/** Kafka's ConfigSource ids, by position. */
const SOURCES: readonly ConfigSource[] = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'DYNAMIC_GROUP_CONFIG',
]

/** Kafka's ConfigType ids, by position. */
const TYPES = ['UNKNOWN', 'BOOLEAN', 'STRING', 'INT', 'SHORT', 'LONG', 'DOUBLE', 'LIST', 'CLASS', 'PASSWORD'] as const

const OPERATIONS: Readonly<Record<ConfigChange['operation'], number>> = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 }

const RETRY: ReadonlySet<number> = new Set([ErrorCode.NOT_CONTROLLER, ErrorCode.REQUEST_TIMED_OUT])

/** A broker's own settings are known to that broker alone. */
function ownBroker({ type, name }: ConfigResource): number | null {
  return (type === 'BROKER' || type === 'BROKER_LOGGER') && /^\d+$/.test(name) ? Number(name) : null
}

function keyOf({ type, name }: ConfigResource): string {
  return `${RESOURCE_TYPES[type]}:${name}`
}

/** Entries of each resource, in the order asked. */
export async function describeConfigs(
  client: ClusterClient,
  resources: readonly ConfigResource[],
  options: { synonyms?: boolean; documentation?: boolean; names?: readonly string[] } = {},
): Promise<Outcome<ConfigEntry[]>[]> {
  const { describeConfigs: api } = await import('../../protocol/messages/32-describe-configs.ts')
  const attempt = async (
    route: Route,
    group: readonly ConfigResource[],
  ): Promise<Map<string, Outcome<ConfigEntry[]>>> => {
    const answer = await client.send(route, api, (version) => ({
      resources: group.map(({ type, name }) => ({
        resourceType: RESOURCE_TYPES[type],
        resourceName: name,
        configurationKeys: options.names === undefined ? null : [...options.names],
      })),
      includeSynonyms: options.synonyms ?? false,
      includeDocumentation: version >= 3 && (options.documentation ?? false),
    }))
    return new Map(
      answer.results.map((result) => [
        `${result.resourceType}:${result.resourceName}`,
        outcomeOf(result.errorCode, result.errorMessage, () => result.configs.map(entryOf)),
      ]),
    )
  }
  return perResource(client, 'DescribeConfigs', resources, ANY, attempt)
}

function sourceOf(id: number): ConfigSource {
  return SOURCES[id] ?? 'UNKNOWN'
}

function entryOf(config: DescribeConfigsResponse['results'][number]['configs'][number]): ConfigEntry {
  return {
    name: config.name,
    value: config.value,
    source: sourceOf(config.configSource),
    isSensitive: config.isSensitive,
    isReadOnly: config.readOnly,
    type: TYPES[config.configType] ?? 'UNKNOWN',
    documentation: config.documentation === '' ? null : config.documentation,
    synonyms: config.synonyms.map(({ name, value, source }) => ({ name, value, source: sourceOf(source) })),
  }
}

/** Changes single keys and leaves the others as they are (KIP-339); results in the order asked. */
export async function incrementalAlterConfigs(
  client: ClusterClient,
  changes: readonly { resource: ConfigResource; changes: readonly ConfigChange[] }[],
  options: MutationOptions = {},
): Promise<Outcome<void>[]> {
  const { incrementalAlterConfigs: api } = await import('../../protocol/messages/44-incremental-alter-configs.ts')
  const byKey = new Map(changes.map((entry) => [keyOf(entry.resource), entry.changes]))
  const attempt = async (route: Route, group: readonly ConfigResource[]): Promise<Map<string, Outcome<void>>> => {
    const answer = await client.send(route, api, {
      resources: group.map((resource) => ({
        resourceType: RESOURCE_TYPES[resource.type],
        resourceName: resource.name,
        configs: byKey.get(keyOf(resource))!.map(({ name, operation, value }) => ({
          name,
          configOperation: OPERATIONS[operation],
          value,
        })),
      })),
      validateOnly: options.validateOnly ?? false,
    })
    return new Map(
      answer.responses.map((result) => [
        `${result.resourceType}:${result.resourceName}`,
        outcomeOf(result.errorCode, result.errorMessage, () => undefined),
      ]),
    )
  }
  const resources = changes.map(({ resource }) => resource)
  return perResource(client, 'IncrementalAlterConfigs', resources, CONTROLLER, attempt, options.timeoutMs)
}

/** Splits resources by the broker that must be asked; `elsewhere` is where the others go. */
async function perResource<T>(
  client: ClusterClient,
  what: string,
  resources: readonly ConfigResource[],
  elsewhere: Route,
  attempt: (route: Route, group: readonly ConfigResource[]) => Promise<Map<string, Outcome<T>>>,
  timeoutMs?: number,
): Promise<Outcome<T>[]> {
  const byKey = new Map(resources.map((resource) => [keyOf(resource), resource]))
  const results = await settle<string, T>(
    client,
    what,
    [...byKey.keys()],
    async (keys) => {
      const groups = groupBy(
        keys.map((key) => byKey.get(key)!),
        // A client of controllers has no brokers to ask; the active controller takes the change as well (KIP-919).
        (resource) => (client.options.toControllers ? null : ownBroker(resource)),
      )
      const answers = await Promise.all(
        [...groups].map(([brokerId, group]) => askBroker(client, brokerId, elsewhere, group, attempt)),
      )
      return new Map(answers.flatMap((answer) => [...answer]))
    },
    { retry: RETRY, timeoutMs },
  )
  return resources.map((resource) => results.get(keyOf(resource))!)
}

async function askBroker<T>(
  client: ClusterClient,
  brokerId: number | null,
  elsewhere: Route,
  group: readonly ConfigResource[],
  attempt: (route: Route, group: readonly ConfigResource[]) => Promise<Map<string, Outcome<T>>>,
): Promise<Map<string, Outcome<T>>> {
  if (brokerId === null) return attempt(elsewhere, group)
  if (client.metadata.broker(brokerId) === undefined) await client.refreshMetadata([])
  if (client.metadata.broker(brokerId) !== undefined) return attempt(toBroker(brokerId), group)
  const missing = failed(ErrorCode.BROKER_NOT_AVAILABLE, `Broker ${brokerId} is not part of the cluster or not alive`)
  return new Map(group.map((resource) => [keyOf(resource), missing]))
}

/** Every resource of the given types that has a configuration (KIP-1142), with older brokers' other ways to find them. */
export function listConfigResources(
  client: ClusterClient,
  types: readonly ConfigResourceType[],
): Promise<ConfigResource[]> {
  return client.retrying('ListConfigResources', async () => {
    const { listConfigResources: api } = await import('../../protocol/messages/74-list-config-resources.ts')
    const connection = await client.connection(ANY)
    const version = commonVersion(api, connection.versions)
    const onlyMetrics = types.every((type) => type === 'CLIENT_METRICS')
    // Version 0 lists client metrics alone.
    if (version === null || (version === 0 && !onlyMetrics)) return listElsewhere(client, types)
    const input = version === 0 ? {} : { resourceTypes: types.map((type) => RESOURCE_TYPES[type]) }
    const answer = await client.sendOn(connection, api, input)
    if (answer.errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(answer.errorCode))
    return answer.configResources.flatMap(({ resourceType, resourceName }) => {
      const type = typeOf(resourceType)
      return type === null ? [] : [{ type, name: resourceName }]
    })
  })
}

function typeOf(id: number): ConfigResourceType | null {
  const entry = Object.entries(RESOURCE_TYPES).find(([, value]) => value === id)
  return entry === undefined ? null : (entry[0] as ConfigResourceType)
}

async function listElsewhere(client: ClusterClient, types: readonly ConfigResourceType[]): Promise<ConfigResource[]> {
  const found: ConfigResource[] = []
  for (const type of types) {
    if (type === 'TOPIC') {
      const { listTopics } = await import('./topics.ts')
      for (const { name } of await listTopics(client)) found.push({ type, name })
    } else if (type === 'BROKER' || type === 'BROKER_LOGGER') {
      await client.refreshMetadata([])
      for (const { id } of client.metadata.brokers) found.push({ type, name: String(id) })
    } else {
      throw new KafkaError('UNSUPPORTED_VERSION', `The broker is too old to list resources of type ${type}`)
    }
  }
  return found
}
