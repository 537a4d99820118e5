/** All broker configurations, from the tables; which names stand for which, and which may be changed at run time. */
import type { ConfigDefinition, DefinitionTable, UpdateMode } from './definition.ts'
import { parseDefinitions } from './definition.ts'
import { COORDINATOR_CONFIGS } from './tables/broker-coordinator-configs.ts'
import { LOG_CONFIGS } from './tables/broker-log-configs.ts'
import { NETWORK_CONFIGS } from './tables/broker-network-configs.ts'
import { NODE_CONFIGS } from './tables/broker-node-configs.ts'
import { QUORUM_CONFIGS } from './tables/broker-quorum-configs.ts'
import { REMOTE_CONFIGS } from './tables/broker-remote-configs.ts'
import { SECURITY_CONFIGS } from './tables/broker-security-configs.ts'

/** What server.properties may hold. */
export const BROKER_CONFIGS: DefinitionTable = new Map([
  ...NODE_CONFIGS,
  ...NETWORK_CONFIGS,
  ...LOG_CONFIGS,
  ...COORDINATOR_CONFIGS,
  ...QUORUM_CONFIGS,
  ...REMOTE_CONFIGS,
  ...SECURITY_CONFIGS,
])

/** Set through the Admin API only, never in server.properties (KIP-73, KIP-113). */
export const BROKER_QUOTA_CONFIGS: DefinitionTable = parseDefinitions(`
leader.replication.throttled.rate | LONG | 9223372036854775807 | MEDIUM | cluster-wide | [0,...]
    Bytes per second a leader may send to throttled replicas.
follower.replication.throttled.rate | LONG | 9223372036854775807 | MEDIUM | cluster-wide | [0,...]
    Bytes per second a follower may fetch for throttled replicas.
replica.alter.log.dirs.io.max.bytes.per.second | LONG | 9223372036854775807 | MEDIUM | cluster-wide | [0,...]
    Bytes per second that moves between log directories may use.
`)

/** Names that set the same thing, strongest first. */
const SYNONYM_GROUPS = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
] as const
const FLUSH_SYNONYMS = ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms'] as const

/** Configurations given as `listener.name.<listener>.<mechanism>.<name>`. */
const LISTENER_MECHANISM_CONFIGS = [
  'sasl.jaas.config',
  'sasl.login.callback.handler.class',
  'sasl.login.class',
  'sasl.server.callback.handler.class',
  'connections.max.reauth.ms',
]
const LISTENER_PREFIX = /^listener\.name\.[^.]*\.(.*)$/
const CLUSTER_LEVEL_LISTENER_CONFIGS = new Set([
  'max.connections',
  'max.connection.creation.rate',
  'num.network.threads',
])

/** All names that can give `name` its value, strongest first. */
export function brokerConfigSynonyms(name: string, matchListenerOverride = true): readonly string[] {
  const group = SYNONYM_GROUPS.find((names) => (names as readonly string[]).includes(name))
  if (group !== undefined) return group
  if (name === FLUSH_SYNONYMS[0]) return FLUSH_SYNONYMS
  const base = matchListenerOverride ? LISTENER_PREFIX.exec(name)?.[1] : undefined
  if (base === undefined) return [name]
  return [name, LISTENER_MECHANISM_CONFIGS.find((config) => base.endsWith(config)) ?? base]
}

/** The definition of a broker configuration, a dynamic quota or a listener's override; undefined when unknown. */
export function brokerDefinition(name: string): ConfigDefinition | undefined {
  const exact = BROKER_CONFIGS.get(name) ?? BROKER_QUOTA_CONFIGS.get(name)
  if (exact !== undefined) return exact
  for (const synonym of brokerConfigSynonyms(name)) {
    const definition = BROKER_CONFIGS.get(synonym)
    if (definition !== undefined) return definition
  }
  return undefined
}

const modeOf = (name: string): UpdateMode | undefined =>
  (BROKER_CONFIGS.get(name) ?? BROKER_QUOTA_CONFIGS.get(name))?.updateMode

/** In the list of configurations that may change at run time under exactly this name. */
export function isDynamicBrokerConfig(name: string): boolean {
  const mode = modeOf(name)
  return mode === 'cluster-wide' || mode === 'per-broker'
}

/** May only be set for one broker, not as the cluster's default. */
export function isPerBrokerOnly(name: string): boolean {
  if (modeOf(name) === 'per-broker') return true
  const base = LISTENER_PREFIX.exec(name)?.[1]
  return base !== undefined && !CLUSTER_LEVEL_LISTENER_CONFIGS.has(base)
}

/** Security configurations that may change at run time only with a listener's prefix (KIP-226). */
export function needsListenerPrefix(name: string): boolean {
  return /^ssl\.(key|keystore|truststore)\./.test(name)
}

/** `listener.name.x.ssl.keystore.location` -> `ssl.keystore.location`; other names stay as they are. */
export function withoutListenerPrefix(name: string): string {
  return LISTENER_PREFIX.exec(name)?.[1] ?? name
}
