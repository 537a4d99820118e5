/**
 * The configuration of one node: server.properties, overlaid by the cluster's dynamic defaults, overlaid by what was
 * set for this broker (KIP-226). Owner of that overlay; the two dynamic layers come from the metadata image.
 */
import { KafkaError } from '../../protocol/error-codes.ts'
import { BROKER_CONFIGS, BROKER_QUOTA_CONFIGS, brokerConfigSynonyms, brokerDefinition } from './broker-configs.ts'
import { parseDefinedValue } from './definition.ts'
import type { ConfigValue } from './values.ts'

export type Properties = ReadonlyMap<string, string>

/** Told after a change which effective values are different now. */
export type ConfigListener = (changed: ReadonlySet<string>, config: NodeConfig) => void

const MS_PER_MINUTE = 60_000
const MS_PER_HOUR = 3_600_000

/** node.id and broker.id stand for each other (KIP-631). */
function withNodeIdSynonym(properties: Iterable<readonly [string, string]>): Map<string, string> {
  const all = new Map(properties)
  const brokerId = all.get('broker.id')
  const nodeId = all.get('node.id')
  if (brokerId === undefined && nodeId !== undefined) all.set('broker.id', nodeId)
  if (nodeId === undefined && brokerId !== undefined) all.set('node.id', brokerId)
  return all
}

export class NodeConfig {
  /** What server.properties said. */
  readonly staticProperties: Properties
  private defaults: Properties = new Map()
  private broker: Properties = new Map()
  private merged: ReadonlyMap<string, string>
  private values: ReadonlyMap<string, ConfigValue>
  private readonly listeners = new Set<ConfigListener>()

  /** Throws `KafkaError` INVALID_CONFIG with Kafka's text for the first value that is wrong. */
  constructor(properties: Properties | Readonly<Record<string, string>>) {
    const entries = properties instanceof Map ? properties : Object.entries(properties)
    this.staticProperties = withNodeIdSynonym(entries as Iterable<readonly [string, string]>)
    this.merged = this.staticProperties
    this.values = parseAll(this.merged)
  }

  /** The cluster-wide dynamic values (broker resource ''). */
  get dynamicDefaults(): Properties {
    return this.defaults
  }
  /** Dynamic values of this broker alone. */
  get dynamicBroker(): Properties {
    return this.broker
  }
  /** All layers, strongest value per name, as text. */
  get originals(): ReadonlyMap<string, string> {
    return this.merged
  }
  get nodeId(): number {
    return this.getInt('node.id')
  }

  /** Replaces both dynamic layers; a value that does not parse is left out, as it would be on a restart. */
  updateDynamic(defaults: Properties, broker: Properties): void {
    const before = this.values
    this.defaults = onlyValid(defaults)
    this.broker = onlyValid(broker)
    this.merged = overlay(overlay(this.staticProperties, this.defaults), this.broker)
    this.values = parseAll(this.merged)
    const changed = new Set<string>()
    for (const name of new Set([...before.keys(), ...this.values.keys()])) {
      if (!sameValue(before.get(name) ?? null, this.values.get(name) ?? null)) changed.add(name)
    }
    if (changed.size > 0) for (const listener of this.listeners) listener(changed, this)
  }

  /** Returns what takes the listener away again. */
  onChange(listener: ConfigListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Typed value; null when it has none. An unknown name is a defect and throws. */
  value(name: string): ConfigValue {
    const value = this.values.get(name)
    if (value === undefined) throw new Error(`no such broker configuration: ${name}`)
    return value
  }

  /** INT, SHORT, LONG or DOUBLE as a number; a LONG beyond 2^53 ("never") loses digits, not its meaning. */
  getNumber(name: string): number {
    const value = this.value(name)
    if (value === null) throw new Error(`broker configuration ${name} has no value`)
    return Number(value)
  }
  getInt(name: string): number {
    return this.getNumber(name)
  }
  getLong(name: string): number {
    return this.getNumber(name)
  }
  getDouble(name: string): number {
    return this.getNumber(name)
  }
  getBoolean(name: string): boolean {
    return this.value(name) === true
  }
  getString(name: string): string | null {
    const value = this.value(name)
    return value === null ? null : String(value)
  }
  getList(name: string): readonly string[] {
    return (this.value(name) as readonly string[] | null) ?? []
  }

  /** The first of `names` that has a value; the last one always has. */
  private firstOf(names: readonly (readonly [name: string, factor: bigint])[]): bigint {
    for (const [name, factor] of names) {
      const value = this.value(name)
      if (value !== null) return BigInt(value as number | bigint) * factor
    }
    return -1n
  }

  /** log.retention.ms, .minutes or .hours; below 0 is -1, no limit. */
  get logRetentionMs(): bigint {
    const ms = this.firstOf([
      ['log.retention.ms', 1n],
      ['log.retention.minutes', BigInt(MS_PER_MINUTE)],
      ['log.retention.hours', BigInt(MS_PER_HOUR)],
    ])
    return ms < 0n ? -1n : ms
  }
  get logRollMs(): bigint {
    return this.firstOf([
      ['log.roll.ms', 1n],
      ['log.roll.hours', BigInt(MS_PER_HOUR)],
    ])
  }
  get logRollJitterMs(): bigint {
    return this.firstOf([
      ['log.roll.jitter.ms', 1n],
      ['log.roll.jitter.hours', BigInt(MS_PER_HOUR)],
    ])
  }
  get logFlushIntervalMs(): bigint {
    return this.firstOf([
      ['log.flush.interval.ms', 1n],
      ['log.flush.scheduler.interval.ms', 1n],
    ])
  }
  /** log.dirs, or log.dir when that is not set. */
  get logDirs(): readonly string[] {
    const directories = this.getList('log.dirs')
    return directories.length > 0 ? directories : this.getList('log.dir')
  }
}

function parseAll(properties: ReadonlyMap<string, string>): Map<string, ConfigValue> {
  const values = new Map<string, ConfigValue>()
  for (const [name, definition] of [...BROKER_CONFIGS, ...BROKER_QUOTA_CONFIGS]) {
    const text = properties.get(name)
    if (text !== undefined) values.set(name, parseDefinedValue(definition, text))
    else values.set(name, definition.defaultValue)
  }
  return values
}

/** A stronger layer replaces every synonym of what it sets: log.retention.ms hides a static log.retention.hours. */
function overlay(base: Properties, stronger: Properties): Properties {
  if (stronger.size === 0) return base
  const merged = new Map(base)
  for (const [name, text] of stronger) {
    for (const synonym of brokerConfigSynonyms(name, false)) merged.delete(synonym)
    merged.set(name, text)
  }
  return merged
}

function onlyValid(properties: Properties): Properties {
  const valid = new Map<string, string>()
  for (const [name, text] of properties) {
    const definition = brokerDefinition(name)
    try {
      if (definition !== undefined) parseDefinedValue(definition, text)
      valid.set(name, text)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
    }
  }
  return valid
}

function sameValue(a: ConfigValue, b: ConfigValue): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b
  return a.length === b.length && a.every((item, index) => item === b[index])
}
