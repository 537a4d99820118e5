/** Group configuration (KIP-848, KIP-932, KIP-1071): defaults from the broker, bounds set by the broker. */
import { KafkaError } from '../../protocol/error-codes.ts'
import { BROKER_CONFIGS } from './broker-configs.ts'
import { parseDefinedValue } from './definition.ts'
import type { NodeConfig, Properties } from './node-config.ts'
import { GROUP_CONFIGS } from './tables/group-configs.ts'
import type { ConfigValue } from './values.ts'

export { GROUP_CONFIGS }

/** `consumer.session.timeout.ms` takes its default from `group.consumer.session.timeout.ms`; some have none. */
export function groupBrokerSynonym(name: string): string | undefined {
  const synonym = `group.${name}`
  return BROKER_CONFIGS.has(synonym) ? synonym : undefined
}

/** The group's own values over the broker's, typed. Throws `KafkaError` INVALID_CONFIG when one of its own is wrong. */
export function effectiveGroupConfig(node: NodeConfig, overrides: Properties): ReadonlyMap<string, ConfigValue> {
  const values = new Map<string, ConfigValue>()
  for (const [name, definition] of GROUP_CONFIGS) {
    const text = overrides.get(name)
    const synonym = groupBrokerSynonym(name)
    if (text !== undefined) values.set(name, parseDefinedValue(definition, text))
    else values.set(name, synonym === undefined ? definition.defaultValue : node.value(synonym))
  }
  return values
}

/** `group.consumer.min.session.timeout.ms` for `consumer.session.timeout.ms`; undefined when there is no such bound. */
function boundOf(name: string, side: 'min' | 'max'): string | undefined {
  if (name === 'streams.num.standby.replicas') return side === 'max' ? 'group.streams.max.standby.replicas' : undefined
  const bound = `group.${name.replace('.', `.${side}.`)}`
  return BROKER_CONFIGS.has(bound) ? bound : undefined
}

/** In Kafka's order, so that the first complaint is the same. */
const BOUNDED = [
  'consumer.heartbeat.interval.ms',
  'consumer.session.timeout.ms',
  'consumer.assignment.interval.ms',
  'share.heartbeat.interval.ms',
  'share.session.timeout.ms',
  'share.record.lock.duration.ms',
  'share.delivery.count.limit',
  'share.partition.max.record.locks',
  'share.assignment.interval.ms',
  'streams.heartbeat.interval.ms',
  'streams.session.timeout.ms',
  'streams.num.standby.replicas',
  'streams.assignment.interval.ms',
] as const

/** Throws `KafkaError` INVALID_CONFIG with Kafka's text. */
export function validateGroupConfig(node: NodeConfig, overrides: Properties): void {
  for (const name of overrides.keys()) {
    if (!GROUP_CONFIGS.has(name)) throw new KafkaError('INVALID_CONFIG', `Unknown group config name: ${name}`)
  }
  const config = effectiveGroupConfig(node, overrides)
  for (const name of BOUNDED) {
    const value = Number(config.get(name))
    const min = boundOf(name, 'min')
    const max = boundOf(name, 'max')
    if (min !== undefined && value < node.getInt(min)) {
      throw new KafkaError('INVALID_CONFIG', `${name} must be greater than or equal to ${min}`)
    }
    if (max !== undefined && value > node.getInt(max)) {
      throw new KafkaError('INVALID_CONFIG', `${name} must be less than or equal to ${max}`)
    }
  }
  for (const kind of ['consumer', 'share', 'streams']) {
    const session = `${kind}.session.timeout.ms`
    const heartbeat = `${kind}.heartbeat.interval.ms`
    if (Number(config.get(session)) <= Number(config.get(heartbeat))) {
      throw new KafkaError('INVALID_CONFIG', `${session} must be greater than ${heartbeat}`)
    }
  }
}
