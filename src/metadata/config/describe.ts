/** DescribeConfigs answers: value, source, synonyms, type and documentation of every configuration, in Kafka's terms. */
import { BROKER_CONFIGS, brokerConfigSynonyms, brokerDefinition, isDynamicBrokerConfig } from './broker-configs.ts'
import type { ConfigDefinition } from './definition.ts'
import { effectiveGroupConfig, GROUP_CONFIGS, groupBrokerSynonym } from './group-config.ts'
import type { NodeConfig, Properties } from './node-config.ts'
import { effectiveTopicConfig, TOPIC_CONFIG_SYNONYMS, TOPIC_CONFIGS } from './topic-config.ts'
import { type ConfigType, configText } from './values.ts'

/** Ids of DescribeConfigs (KIP-226, KIP-714, KIP-848). */
export const CONFIG_SOURCE = {
  UNKNOWN: 0,
  DYNAMIC_TOPIC_CONFIG: 1,
  DYNAMIC_BROKER_CONFIG: 2,
  DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
  DYNAMIC_BROKER_LOGGER_CONFIG: 6,
  DYNAMIC_CLIENT_METRICS_CONFIG: 7,
  DYNAMIC_GROUP_CONFIG: 8,
} as const

const TYPE_IDS: Readonly<Record<ConfigType, number>> = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  SHORT: 4,
  LONG: 5,
  DOUBLE: 6,
  LIST: 7,
  CLASS: 8,
  PASSWORD: 9,
}
const UNKNOWN_TYPE_ID = 0

export interface ConfigSynonym {
  readonly name: string
  /** null when sensitive. */
  readonly value: string | null
  readonly source: number
}

/** One entry in the shape of the DescribeConfigs response; the handler leaves out what was not asked for. */
export interface DescribedConfig {
  readonly name: string
  readonly value: string | null
  readonly readOnly: boolean
  readonly configSource: number
  readonly isSensitive: boolean
  readonly synonyms: readonly ConfigSynonym[]
  readonly configType: number
  readonly documentation: string | null
}

/** What is not known may be a secret, so it is treated as one. */
const isSensitive = (type: ConfigType | undefined): boolean => type === undefined || type === 'PASSWORD'

/** All values given to `name` and its synonyms, strongest layer first; starts at `name` itself (Kafka's ConfigHelper). */
function brokerSynonymValues(node: NodeConfig, name: string, sensitive: boolean): ConfigSynonym[] {
  const found: ConfigSynonym[] = []
  const names = brokerConfigSynonyms(name)
  const layers: readonly [Properties, number][] = [
    [node.dynamicBroker, CONFIG_SOURCE.DYNAMIC_BROKER_CONFIG],
    [node.dynamicDefaults, CONFIG_SOURCE.DYNAMIC_DEFAULT_BROKER_CONFIG],
    [node.staticProperties, CONFIG_SOURCE.STATIC_BROKER_CONFIG],
  ]
  for (const [properties, source] of layers) {
    for (const synonym of names) {
      const value = properties.get(synonym)
      if (value !== undefined) found.push({ name: synonym, value: sensitive ? null : value, source })
    }
  }
  for (const synonym of names) {
    const value = BROKER_CONFIGS.get(synonym)?.defaultText
    if (value === undefined || value === null) continue
    found.push({ name: synonym, value: sensitive ? null : value, source: CONFIG_SOURCE.DEFAULT_CONFIG })
  }
  const first = found.findIndex((synonym) => synonym.name === name)
  return first < 0 ? [] : found.slice(first)
}

function entry(
  name: string,
  definition: ConfigDefinition | undefined,
  value: string | null,
  synonyms: readonly ConfigSynonym[],
  readOnly: boolean,
): DescribedConfig {
  const sensitive = isSensitive(definition?.type)
  return {
    name,
    value: sensitive ? null : value,
    readOnly,
    configSource: synonyms[0]?.source ?? CONFIG_SOURCE.DEFAULT_CONFIG,
    isSensitive: sensitive,
    synonyms,
    configType: definition === undefined ? UNKNOWN_TYPE_ID : TYPE_IDS[definition.type],
    documentation: definition?.documentation ?? null,
  }
}

/** `names` null describes all; unknown names are left out, as Kafka does. */
export function describeTopicConfig(
  node: NodeConfig,
  overrides: Properties,
  names: readonly string[] | null = null,
): DescribedConfig[] {
  const values = effectiveTopicConfig(node, overrides)
  const entries: DescribedConfig[] = []
  for (const [name, definition] of TOPIC_CONFIGS) {
    if (definition.internal && !overrides.has(name)) continue
    if (names !== null && names.length > 0 && !names.includes(name)) continue
    const text = configText(values.get(name)!, definition.type)
    const broker = TOPIC_CONFIG_SYNONYMS.get(name)
    const synonyms = broker === undefined ? [] : brokerSynonymValues(node, broker, isSensitive(definition.type))
    const own = { name, value: text, source: CONFIG_SOURCE.DYNAMIC_TOPIC_CONFIG }
    entries.push(entry(name, definition, text, overrides.has(name) ? [own, ...synonyms] : synonyms, false))
  }
  return entries
}

/** What is in force on this broker. */
export function describeBrokerConfig(node: NodeConfig, names: readonly string[] | null = null): DescribedConfig[] {
  const shown = [...BROKER_CONFIGS.values()].filter((definition) => !definition.internal).map(({ name }) => name)
  const all = new Set([...shown, ...node.originals.keys()])
  const entries: DescribedConfig[] = []
  for (const name of all) {
    if (names !== null && names.length > 0 && !names.includes(name)) continue
    const definition = brokerDefinition(name)
    const text = BROKER_CONFIGS.has(name)
      ? configText(node.value(name), BROKER_CONFIGS.get(name)!.type)
      : (node.originals.get(name) ?? null)
    const synonyms = brokerSynonymValues(node, name, isSensitive(definition?.type))
    entries.push(entry(name, definition, text, synonyms, !isDynamicBrokerConfig(name)))
  }
  return entries
}

/** The cluster-wide dynamic defaults (broker resource ''): only what was set. */
export function describeBrokerDefaults(node: NodeConfig, names: readonly string[] | null = null): DescribedConfig[] {
  const entries: DescribedConfig[] = []
  for (const [name, value] of node.dynamicDefaults) {
    if (names !== null && names.length > 0 && !names.includes(name)) continue
    const definition = brokerDefinition(name)
    const synonyms = brokerSynonymValues(node, name, isSensitive(definition?.type)).filter(
      (synonym) => synonym.source === CONFIG_SOURCE.DYNAMIC_DEFAULT_BROKER_CONFIG,
    )
    entries.push(entry(name, definition, value, synonyms, !isDynamicBrokerConfig(name)))
  }
  return entries
}

export function describeGroupConfig(
  node: NodeConfig,
  overrides: Properties,
  names: readonly string[] | null = null,
): DescribedConfig[] {
  const values = effectiveGroupConfig(node, overrides)
  const entries: DescribedConfig[] = []
  for (const [name, definition] of GROUP_CONFIGS) {
    if (names !== null && names.length > 0 && !names.includes(name)) continue
    const text = configText(values.get(name)!, definition.type)
    const broker = groupBrokerSynonym(name)
    const byDefault = { name, value: definition.defaultText ?? null, source: CONFIG_SOURCE.DEFAULT_CONFIG }
    const synonyms = broker === undefined ? [byDefault] : brokerSynonymValues(node, broker, false)
    const own = { name, value: text, source: CONFIG_SOURCE.DYNAMIC_GROUP_CONFIG }
    entries.push(entry(name, definition, text, overrides.has(name) ? [own, ...synonyms] : synonyms, false))
  }
  return entries
}
