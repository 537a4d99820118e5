/**
 * What a broker checks before it passes a change of broker configuration on to the controller (KIP-226): the controller
 * itself takes broker configuration as it comes. Texts are Kafka's; sets inside them are sorted here, unordered there.
 */
import { KafkaError } from '../../protocol/error-codes.ts'
import {
  BROKER_CONFIGS,
  brokerDefinition,
  isDynamicBrokerConfig,
  isPerBrokerOnly,
  needsListenerPrefix,
  withoutListenerPrefix,
} from './broker-configs.ts'
import { parseDefinedValue } from './definition.ts'
import type { Properties } from './node-config.ts'

function refuse(names: readonly string[], why: string): void {
  if (names.length === 0) return
  throw new KafkaError('INVALID_REQUEST', `${why}: [${names.join(', ')}]`)
}

/** Kafka answers INVALID_REQUEST here, where a topic's wrong value is INVALID_CONFIG (KAFKA-13609). */
function checkType(name: string, text: string): void {
  const definition = brokerDefinition(name)
  if (definition === undefined) return
  try {
    parseDefinedValue({ ...definition, name }, text)
  } catch (error) {
    throw error instanceof KafkaError ? new KafkaError('INVALID_REQUEST', error.message) : error
  }
}

/** Names and values of a dynamic broker configuration as it would be after the change; `perBroker` false for ''. */
export function validateBrokerConfig(properties: Properties, perBroker: boolean): void {
  const names = [...properties.keys()].sort()
  const nonDynamic = names.filter((name) => BROKER_CONFIGS.has(name) && !isDynamicBrokerConfig(name))
  refuse(nonDynamic, 'Cannot update these configs dynamically')
  refuse(
    names.filter(needsListenerPrefix),
    'These security configs can be dynamically updated only per-listener using the listener prefix',
  )
  for (const [name, text] of properties) checkType(withoutListenerPrefix(name), text)
  if (perBroker) return
  refuse(
    names.filter(isPerBrokerOnly),
    'Cannot update these configs at default cluster level, broker id must be specified',
  )
}
