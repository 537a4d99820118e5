/** Client metrics subscriptions (KIP-714): what may be set. Nothing collects metrics yet; subscriptions are only kept. */
import { parseDefinedValue, parseDefinitions } from '../metadata/config/definition.ts'
import { CONFIG_SOURCE, type DescribedConfig } from '../metadata/config/describe.ts'
import { KafkaError } from '../protocol/error-codes.ts'

const CONFIGS = parseDefinitions(`
metrics | LIST | empty | MEDIUM | dynamic | list
    Prefixes of the metrics a client is to push; * for all, empty for none.
interval.ms | INT | 300000 | MEDIUM | dynamic
    Interval in milliseconds at which clients push.
match | LIST | empty | MEDIUM | dynamic | list
    Which clients are meant, as name=pattern pairs that must all match.
`)
const MIN_INTERVAL_MS = 100
const MAX_INTERVAL_MS = 3_600_000
const MATCH_NAMES = new Set([
  'client_instance_id',
  'client_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
])

/** Throws `KafkaError` with Kafka's text. */
export function validateClientMetricsConfig(name: string, configs: ReadonlyMap<string, string>): void {
  if (name === '') throw new KafkaError('INVALID_REQUEST', "Subscription name can't be empty")
  for (const key of configs.keys()) {
    if (!CONFIGS.has(key)) throw new KafkaError('INVALID_REQUEST', `Unknown client metrics configuration: ${key}`)
  }
  for (const [key, text] of configs) {
    const value = parseDefinedValue(CONFIGS.get(key)!, text)
    if (key === 'interval.ms') checkInterval(value as number)
    if (key === 'match') (value as readonly string[]).forEach(checkPattern)
  }
}

/** Kafka's ids of the types these have. */
const TYPE_IDS: Readonly<Record<string, number>> = { INT: 3, LIST: 7 }

/** Every setting of a subscription, given or by default, whether it is there or not. `names` null: all. */
export function describeClientMetricsConfig(
  given: ReadonlyMap<string, string>,
  names: readonly string[] | null,
): DescribedConfig[] {
  const wanted = [...CONFIGS].filter(([name]) => names === null || names.length === 0 || names.includes(name))
  return wanted
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, { type, defaultText, documentation }]) => {
      const own = given.get(name)
      const source = CONFIG_SOURCE.DYNAMIC_CLIENT_METRICS_CONFIG
      return {
        name,
        value: own ?? defaultText ?? '',
        readOnly: false,
        configSource: own === undefined ? CONFIG_SOURCE.DEFAULT_CONFIG : source,
        isSensitive: false,
        synonyms: own === undefined ? [] : [{ name, value: own, source }],
        configType: TYPE_IDS[type] ?? 0,
        documentation: documentation ?? null,
      }
    })
}

function checkInterval(intervalMs: number): void {
  if (intervalMs >= MIN_INTERVAL_MS && intervalMs <= MAX_INTERVAL_MS) return
  const message = `Invalid value ${intervalMs} for interval.ms, interval must be between 100 and 3600000 (1 hour)`
  throw new KafkaError('INVALID_REQUEST', message)
}

function checkPattern(pattern: string): void {
  const [name, expression, ...more] = pattern.split('=')
  const illegal = (): KafkaError => new KafkaError('INVALID_CONFIG', `Illegal client matching pattern: ${pattern}`)
  if (expression === undefined || more.length > 0 || !MATCH_NAMES.has(name!.trim())) throw illegal()
  try {
    new RegExp(expression.trim())
  } catch {
    throw illegal()
  }
}
