/**
 * Configuration of topics, brokers, groups and client metrics: IncrementalAlterConfigs (KIP-339) and the older AlterConfigs.
 * A change is validated together with everything else that is set for the resource.
 *
 * Also here: what in Kafka a broker checks before it forwards (ConfigAdminManager), since every request comes this way.
 *
 * Not implemented: alter.config.policy.class.name, log levels (BROKER_LOGGER), config providers.
 */
import { brokerDefinition } from '../metadata/config/broker-configs.ts'
import { validateBrokerConfig } from '../metadata/config/broker-validation.ts'
import { GROUP_CONFIGS, validateGroupConfig } from '../metadata/config/group-config.ts'
import { TOPIC_CONFIG_SYNONYMS, TOPIC_CONFIGS, validateTopicConfig } from '../metadata/config/topic-config.ts'
import { configText } from '../metadata/config/values.ts'
import { configOf } from '../metadata/image.ts'
import { invalidTopicName } from '../metadata/topic-names.ts'
import { CONFIG_RESOURCE, type ConfigResourceKey } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { AlterConfigsRequest, AlterConfigsResponseInput } from '../protocol/messages/33-alter-configs.ts'
import type {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponseInput,
} from '../protocol/messages/44-incremental-alter-configs.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import { validateClientMetricsConfig } from './client-metrics-config.ts'
import type { ControllerResult } from './types.ts'
import { type ControllerView, elrEnabled, failureOf } from './view.ts'

export type ConfigOperation = 'SET' | 'DELETE' | 'APPEND' | 'SUBTRACT'
const OPERATIONS: readonly ConfigOperation[] = ['SET', 'DELETE', 'APPEND', 'SUBTRACT']

export interface ConfigChange {
  readonly operation: ConfigOperation
  readonly value: string | null
}

interface RequestedResource {
  readonly resourceType: number
  readonly resourceName: string
  readonly configs: readonly { readonly name: string; readonly value: string | null }[]
}

const MAX_VALUE_LENGTH = 32767
const MIN_ISR = 'min.insync.replicas'
const UNCLEAN_ELECTION = 'unclean.leader.election.enable'
const KNOWN_TYPES = new Set<number>(Object.values(CONFIG_RESOURCE).filter((type) => type !== CONFIG_RESOURCE.UNKNOWN))

type Answer = NonNullable<IncrementalAlterConfigsResponseInput['responses']>[number]

export function incrementalAlterConfigs(
  view: ControllerView,
  request: IncrementalAlterConfigsRequest,
): ControllerResult<IncrementalAlterConfigsResponseInput> {
  return alterAll(request, (resource) => {
    const deleted = resource.configs.filter((config) => config.configOperation === OPERATIONS.indexOf('DELETE'))
    checkRequested(resource, new Set(deleted.map(({ name }) => name)))
    const changes = new Map(
      resource.configs.map(({ name, value, configOperation }) => [
        name,
        { operation: operationOf(configOperation), value },
      ]),
    )
    return alterConfigResource(view, keyOf(resource), changes, { isNew: false })
  })
}

/** Sets exactly what is named: everything else of the resource goes back to its default. */
export function alterConfigs(
  view: ControllerView,
  request: AlterConfigsRequest,
): ControllerResult<AlterConfigsResponseInput> {
  return alterAll(request, (resource) => {
    checkRequested(resource, new Set())
    const named = new Set(resource.configs.map(({ name }) => name))
    const key = keyOf(resource)
    const changes = new Map<string, ConfigChange>(
      resource.configs.map(({ name, value }) => [name, { operation: 'SET', value }]),
    )
    for (const name of configOf(view.image, key).keys()) {
      if (!named.has(name)) changes.set(name, { operation: 'DELETE', value: null })
    }
    return alterConfigResource(view, key, changes, { isNew: false })
  })
}

const keyOf = (resource: RequestedResource): ConfigResourceKey => ({
  type: resource.resourceType,
  name: resource.resourceName,
})

function alterAll<R extends RequestedResource>(
  request: { readonly resources: readonly R[]; readonly validateOnly: boolean },
  alter: (resource: R) => readonly MetadataRecordInput[],
): ControllerResult<{ responses: Answer[] }> {
  const seen = new Map<string, number>()
  const id = (resource: R): string => `${resource.resourceType}:${resource.resourceName}`
  for (const resource of request.resources) seen.set(id(resource), (seen.get(id(resource)) ?? 0) + 1)
  const records: MetadataRecordInput[] = []
  const responses = request.resources.map((resource): Answer => {
    const { resourceType, resourceName } = resource
    try {
      if (seen.get(id(resource))! > 1)
        throw new KafkaError('INVALID_REQUEST', 'Each resource must appear at most once.')
      records.push(...alter(resource))
      return { errorCode: 0, errorMessage: null, resourceType, resourceName }
    } catch (error) {
      return { ...failureOf(error), resourceType, resourceName }
    }
  })
  return { records: request.validateOnly ? [] : records, response: { responses }, atomic: true }
}

function checkRequested(resource: RequestedResource, mayBeNull: ReadonlySet<string>): void {
  const names = resource.configs.map(({ name }) => name)
  if (new Set(names).size !== names.length) {
    throw new KafkaError('INVALID_REQUEST', 'Error due to duplicate config keys')
  }
  const nulls = resource.configs.filter(({ name, value }) => value === null && !mayBeNull.has(name))
  if (nulls.length > 0) {
    const list = nulls.map(({ name }) => name).join(', ')
    throw new KafkaError('INVALID_REQUEST', `Null value not supported for : ${list}`)
  }
  if (!KNOWN_TYPES.has(resource.resourceType) || resource.resourceType === CONFIG_RESOURCE.BROKER_LOGGER) {
    throw new KafkaError('INVALID_REQUEST', `Unknown resource type ${resource.resourceType}`)
  }
}

function operationOf(id: number): ConfigOperation {
  const operation = OPERATIONS[id]
  if (operation === undefined) throw new KafkaError('INVALID_REQUEST', `Unknown operations type ${id}`)
  return operation
}

/**
 * Records that make the changes, or a `KafkaError` with Kafka's text. `isNew` spares a topic that is being created the
 * question whether it exists.
 */
export function alterConfigResource(
  view: ControllerView,
  resource: ConfigResourceKey,
  changes: ReadonlyMap<string, ConfigChange>,
  { isNew }: { isNew: boolean },
): MetadataRecordInput[] {
  const existing = configOf(view.image, resource)
  const next = new Map(existing)
  const records: MetadataRecordInput[] = []
  for (const [name, change] of changes) {
    const current = existing.get(name) ?? null
    const value = changedValue(view, resource, name, current, change)
    checkRestrictions(view, resource, name, value)
    if (value === null) next.delete(name)
    else next.set(name, value)
    // Brokers are told even of an unchanged value, so that they read files again (KAFKA-14136).
    if (value === current && resource.type !== CONFIG_RESOURCE.BROKER) continue
    const body = { resourceType: resource.type, resourceName: resource.name, name, value }
    records.push({ record: 'configRecord', body })
  }
  validate(view, resource, next, existing)
  if (!isNew) checkExists(view, resource)
  return [...records, ...clearElrRecords(view, resource, records)]
}

function changedValue(
  view: ControllerView,
  resource: ConfigResourceKey,
  name: string,
  current: string | null,
  change: ConfigChange,
): string | null {
  if (change.operation === 'SET') return change.value
  if (change.operation === 'DELETE') return null
  if (definitionType(resource.type, name) !== 'LIST') throw notAList(resource.type, name, change.operation)
  const parts = (current ?? defaultText(view, resource.type, name) ?? '').split(',').filter((part) => part !== '')
  for (const value of (change.value ?? '').split(',')) {
    const at = parts.indexOf(value)
    if (change.operation === 'APPEND' && at < 0) parts.push(value)
    if (change.operation === 'SUBTRACT' && at >= 0) parts.splice(at, 1)
  }
  return parts.join(',')
}

/** Of a broker's configuration a broker complains before the controller sees it, in other words. */
function notAList(resourceType: number, name: string, operation: ConfigOperation): KafkaError {
  if (resourceType !== CONFIG_RESOURCE.BROKER) {
    return new KafkaError('INVALID_CONFIG', `Can't ${operation} to key ${name} because its type is not LIST.`)
  }
  if (definitionType(resourceType, name) === undefined) {
    return new KafkaError('INVALID_CONFIG', `Unknown config name: ${name}`)
  }
  const verb = operation.toLowerCase()
  return new KafkaError('INVALID_CONFIG', `Config value ${verb} is not allowed for config key: ${name}`)
}

function definitionType(resourceType: number, name: string): string | undefined {
  if (resourceType === CONFIG_RESOURCE.TOPIC) return TOPIC_CONFIGS.get(name)?.type
  if (resourceType === CONFIG_RESOURCE.GROUP) return GROUP_CONFIGS.get(name)?.type
  return resourceType === CONFIG_RESOURCE.BROKER ? brokerDefinition(name)?.type : undefined
}

/** What APPEND and SUBTRACT start from when nothing is set. */
function defaultText(view: ControllerView, resourceType: number, name: string): string | null {
  if (resourceType === CONFIG_RESOURCE.BROKER) return brokerDefinition(name)?.defaultText ?? null
  const synonym = TOPIC_CONFIG_SYNONYMS.get(name)
  if (synonym === undefined) return TOPIC_CONFIGS.get(name)?.defaultText ?? null
  return configText(view.config.value(synonym), 'LIST')
}

function checkRestrictions(
  view: ControllerView,
  resource: ConfigResourceKey,
  name: string,
  value: string | null,
): void {
  const isBroker = resource.type === CONFIG_RESOURCE.BROKER
  if (isBroker && name === MIN_ISR && elrEnabled(view.image)) {
    if (resource.name !== '') {
      throw new KafkaError('INVALID_CONFIG', `Broker-level ${MIN_ISR} cannot be altered while ELR is enabled.`)
    }
    if (value === null) {
      throw new KafkaError('INVALID_CONFIG', `Cluster-level ${MIN_ISR} cannot be removed while ELR is enabled.`)
    }
  }
  if (value === null || value.length <= MAX_VALUE_LENGTH) return
  const message = `The configuration value cannot be added because it exceeds the maximum value size of ${MAX_VALUE_LENGTH} bytes.`
  throw new KafkaError('INVALID_CONFIG', message)
}

function validate(
  view: ControllerView,
  resource: ConfigResourceKey,
  next: ReadonlyMap<string, string>,
  existing: ReadonlyMap<string, string>,
): void {
  const { type, name } = resource
  if (type === CONFIG_RESOURCE.TOPIC) {
    if (name === '') throw new KafkaError('INVALID_REQUEST', 'Default topic resources are not allowed.')
    const invalid = invalidTopicName(name)
    if (invalid !== null) throw new KafkaError('INVALID_TOPIC_EXCEPTION', invalid)
    validateTopicConfig(view.config, next, existing)
  } else if (type === CONFIG_RESOURCE.GROUP) {
    if (name === '') throw new KafkaError('INVALID_REQUEST', 'Default group resources are not allowed.')
    validateGroupConfig(view.config, next)
  } else if (type === CONFIG_RESOURCE.CLIENT_METRICS) {
    validateClientMetricsConfig(name, next)
  } else {
    checkBrokerName(name)
    validateBrokerConfig(next, name !== '', view.config)
  }
}

function checkBrokerName(name: string): void {
  if (name === '') return
  if (!/^[+-]?\d+$/.test(name))
    throw new KafkaError('INVALID_REQUEST', `Node id must be an integer, but it is: ${name}`)
  if (Number(name) < 0) throw new KafkaError('INVALID_REQUEST', 'Invalid negative broker ID.')
}

function checkExists(view: ControllerView, { type, name }: ConfigResourceKey): void {
  const { image } = view
  if (type === CONFIG_RESOURCE.TOPIC && !image.topicsByName.has(name)) {
    throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `The topic '${name}' does not exist.`)
  }
  if (type !== CONFIG_RESOURCE.BROKER || name === '') return
  const id = Number(name)
  if (image.brokers.has(id) || image.controllers.has(id)) return
  throw new KafkaError('BROKER_ID_NOT_REGISTERED', `No node with id ${id} found.`)
}

/** Partitions that only an unclean election brings back need not wait for the next periodic search. */
export function enablesUncleanElection(records: readonly MetadataRecordInput[]): boolean {
  return records.some(
    ({ record, body }) =>
      record === 'configRecord' && body.name === UNCLEAN_ELECTION && body.value?.toLowerCase() === 'true',
  )
}

/** A new min.insync.replicas makes what is known of eligible leaders worthless (KIP-966). */
function clearElrRecords(
  view: ControllerView,
  resource: ConfigResourceKey,
  records: readonly MetadataRecordInput[],
): MetadataRecordInput[] {
  if (!elrEnabled(view.image)) return []
  if (!records.some(({ record, body }) => record === 'configRecord' && body.name === MIN_ISR)) return []
  const topicName = resource.type === CONFIG_RESOURCE.TOPIC ? resource.name : ''
  return [{ record: 'clearElrRecord', body: { topicName } }]
}
