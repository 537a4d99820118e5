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
import type { NodeConfig, Properties } from './node-config.ts'

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

/** Pools whose size may at most double or halve in one step. */
const THREAD_POOLS = [
  'num.io.threads',
  'num.replica.fetchers',
  'num.recovery.threads.per.data.dir',
  'background.threads',
]
const CLEANER_THREADS = 'log.cleaner.threads'

/** Thread counts mean nothing to this node, but a change that Kafka refuses is refused here, too. */
function checkThreads(properties: Properties, current: NodeConfig): void {
  for (const name of [...THREAD_POOLS, CLEANER_THREADS]) {
    const text = properties.get(name)
    if (text === undefined) continue
    const [next, old] = [Number(text), current.getInt(name)]
    const problem = name === CLEANER_THREADS ? cleanerProblem(next, old) : poolProblem(name, next, old)
    if (problem !== null) throw new KafkaError('INVALID_REQUEST', problem)
  }
}

function poolProblem(name: string, next: number, old: number): string | null {
  const failed = `Dynamic thread count update validation failed for ${name}=${next}, value should`
  if (next < Math.floor(old / 2)) return `${failed} be at least half the current value ${old}`
  return next > old * 2 ? `${failed} not be greater than double the current value ${old}` : null
}

function cleanerProblem(next: number, old: number): string | null {
  if (next < 1) return 'Log cleaner threads should be at least 1'
  if (next < Math.floor(old / 2)) {
    return `Log cleaner threads cannot be reduced to less than half the current value ${old}`
  }
  return next > old * 2 ? `Log cleaner threads cannot be increased to more than double the current value ${old}` : null
}

/**
 * Names and values of a dynamic broker configuration as it would be after the change; `perBroker` false for ''. Throws
 * `KafkaError` INVALID_REQUEST.
 */
export function validateBrokerConfig(properties: Properties, perBroker: boolean, current: NodeConfig): void {
  const names = [...properties.keys()].sort()
  const nonDynamic = names.filter((name) => BROKER_CONFIGS.has(name) && !isDynamicBrokerConfig(name))
  refuse(nonDynamic, 'Cannot update these configs dynamically')
  refuse(
    names.filter(needsListenerPrefix),
    'These security configs can be dynamically updated only per-listener using the listener prefix',
  )
  for (const [name, text] of properties) checkType(withoutListenerPrefix(name), text)
  if (!perBroker) {
    refuse(
      names.filter(isPerBrokerOnly),
      'Cannot update these configs at default cluster level, broker id must be specified',
    )
  }
  checkThreads(properties, current)
}
