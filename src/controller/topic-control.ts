/**
 * Creation of topics (KIP-4, KIP-464, KIP-525): names, configuration, assignment, in Kafka's order and with its texts.
 *
 * Not implemented: create.topic.policy.class.name, controller mutation quotas (KIP-599).
 */
import { randomUuid, type Uuid } from '../base/uuid.ts'
import { describeTopicConfig } from '../metadata/config/describe.ts'
import { partitionRecord } from '../metadata/image-records.ts'
import { CLUSTER_METADATA_TOPIC, collisionKey, invalidTopicName } from '../metadata/topic-names.ts'
import { CONFIG_RESOURCE } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { CreateTopicsRequest, CreateTopicsResponseInput } from '../protocol/messages/19-create-topics.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import { alterConfigResource } from './configuration-control.ts'
import { checkManualAssignment, type NewPartition, newPartition, placeNewPartitions } from './new-partitions.ts'
import type { ControllerResult } from './types.ts'
import { type ControllerView, failureOf, MAX_PARTITIONS_PER_BATCH } from './view.ts'

type CreatableTopic = CreateTopicsRequest['topics'][number]
type TopicResult = NonNullable<CreateTopicsResponseInput['topics']>[number]
type Result = ControllerResult<CreateTopicsResponseInput>

const DEFAULT = -1

/** All topics of the request in one atomic append; a topic that fails takes none of the others with it. */
export function createTopics(view: ControllerView, request: CreateTopicsRequest): Result {
  if (countPartitions(view, request) > MAX_PARTITIONS_PER_BATCH) {
    return refuseAll(request, new KafkaError('POLICY_VIOLATION', 'Excessively large number of partitions per request.'))
  }
  const { unique, refused } = sortOut(request)
  const records: MetadataRecordInput[] = []
  const results: TopicResult[] = unique.map((topic) => {
    try {
      const created = createTopic(view, topic)
      records.push(...created.records)
      return created.result
    } catch (error) {
      return { name: topic.name, ...failureOf(error), configs: [] }
    }
  })
  return { records: request.validateOnly ? [] : records, response: { topics: [...results, ...refused] }, atomic: true }
}

function countPartitions(view: ControllerView, request: CreateTopicsRequest): number {
  let total = 0
  for (const topic of request.topics) {
    if (topic.assignments.length > 0) total += topic.assignments.length
    else if (topic.numPartitions === DEFAULT) total += view.config.getInt('num.partitions')
    else total += Math.max(0, topic.numPartitions)
  }
  return total
}

function refuseAll(request: CreateTopicsRequest, error: KafkaError): Result {
  const topics = request.topics.map(({ name }) => ({ name, ...failureOf(error), configs: [] }))
  return { records: [], response: { topics } }
}

/** A name given twice is refused once, whatever else the two ask for. */
function sortOut(request: CreateTopicsRequest): { unique: CreatableTopic[]; refused: TopicResult[] } {
  const seen = new Map<string, number>()
  for (const { name } of request.topics) seen.set(name, (seen.get(name) ?? 0) + 1)
  const refuse = (name: string, message: string): TopicResult => ({
    name,
    ...failureOf(new KafkaError('INVALID_REQUEST', message)),
    configs: [],
  })
  const refused: TopicResult[] = []
  for (const [name, count] of seen) {
    if (count > 1) refused.push(refuse(name, 'Duplicate topic name.'))
    else if (name === CLUSTER_METADATA_TOPIC) {
      refused.push(refuse(name, `Creation of internal topic ${CLUSTER_METADATA_TOPIC} is prohibited.`))
    }
  }
  const unique = request.topics.filter(({ name }) => seen.get(name) === 1 && name !== CLUSTER_METADATA_TOPIC)
  return { unique, refused }
}

/** An existing topic whose name differs only in `.` and `_`; such names are equally long, which rules most out at once. */
function collidingTopic(view: ControllerView, name: string): string | undefined {
  const key = collisionKey(name)
  if (key === null) return undefined
  for (const existing of view.image.topicsByName.keys()) {
    if (existing.length === name.length && collisionKey(existing) === key) return existing
  }
  return undefined
}

function checkName(view: ControllerView, name: string): void {
  if (view.image.topicsByName.has(name)) throw new KafkaError('TOPIC_ALREADY_EXISTS', `Topic '${name}' already exists.`)
  const invalid = invalidTopicName(name)
  if (invalid !== null) throw new KafkaError('INVALID_TOPIC_EXCEPTION', invalid)
  const existing = collidingTopic(view, name)
  if (existing === undefined) return
  throw new KafkaError('INVALID_TOPIC_EXCEPTION', `Topic '${name}' collides with existing topic: ${existing}`)
}

function createTopic(
  view: ControllerView,
  topic: CreatableTopic,
): { records: MetadataRecordInput[]; result: TopicResult } {
  checkName(view, topic.name)
  const configs = creationConfigs(topic)
  const resource = { type: CONFIG_RESOURCE.TOPIC, name: topic.name }
  const changes = new Map([...configs].map(([name, value]) => [name, { operation: 'SET', value } as const]))
  const configRecords = configs.size === 0 ? [] : alterConfigResource(view, resource, changes, { isNew: true })
  const partitions = topic.assignments.length > 0 ? assignedPartitions(view, topic) : placedPartitions(view, topic)
  const topicId = randomUuid(view.random)
  return {
    records: [
      { record: 'topicRecord', body: { name: topic.name, topicId } },
      ...configRecords,
      ...[...partitions].map(([id, partition]) => partitionRecord(topicId, id, partition)),
    ],
    result: createdResult(view, topic.name, topicId, partitions, configs),
  }
}

function creationConfigs(topic: CreatableTopic): Map<string, string> {
  const nulls = topic.configs.filter(({ value }) => value === null).map(({ name }) => name)
  if (nulls.length > 0) {
    throw new KafkaError('INVALID_CONFIG', `Null value not supported for topic configs: ${nulls.join(',')}`)
  }
  return new Map(topic.configs.map(({ name, value }) => [name, value!]))
}

function assignedPartitions(view: ControllerView, topic: CreatableTopic): Map<number, NewPartition> {
  const manual = 'A manual partition assignment was specified, but'
  if (topic.replicationFactor !== DEFAULT) {
    throw new KafkaError('INVALID_REQUEST', `${manual} replication factor was not set to -1.`)
  }
  if (topic.numPartitions !== DEFAULT) {
    throw new KafkaError('INVALID_REQUEST', `${manual} numPartitions was not set to -1.`)
  }
  const partitions = new Map<number, NewPartition>()
  let replicationFactor: number | null = null
  for (const { partitionIndex, brokerIds } of topic.assignments) {
    if (partitions.has(partitionIndex)) {
      const message = `Found multiple manual partition assignments for partition ${partitionIndex}`
      throw new KafkaError('INVALID_REPLICA_ASSIGNMENT', message)
    }
    checkManualAssignment(view.image, brokerIds, replicationFactor)
    replicationFactor = brokerIds.length
    partitions.set(partitionIndex, newPartition(view.image, partitionIndex, brokerIds))
  }
  for (let index = 0; index < partitions.size; index++) {
    if (partitions.has(index)) continue
    const message = 'partitions should be a consecutive 0-based integer sequence'
    throw new KafkaError('INVALID_REPLICA_ASSIGNMENT', message)
  }
  return new Map([...partitions].sort(([a], [b]) => a - b))
}

function placedPartitions(view: ControllerView, topic: CreatableTopic): Map<number, NewPartition> {
  const { replicationFactor, numPartitions } = topic
  if (replicationFactor < DEFAULT || replicationFactor === 0) {
    const message = 'Replication factor must be larger than 0, or -1 to use the default value.'
    throw new KafkaError('INVALID_REPLICATION_FACTOR', message)
  }
  if (numPartitions < DEFAULT || numPartitions === 0) {
    throw new KafkaError('INVALID_PARTITIONS', 'Number of partitions was set to an invalid non-positive value.')
  }
  const count = numPartitions === DEFAULT ? view.config.getInt('num.partitions') : numPartitions
  const factor = replicationFactor === DEFAULT ? view.config.getInt('default.replication.factor') : replicationFactor
  return placeNewPartitions(view, { first: 0, count, replicationFactor: factor })
}

function createdResult(
  view: ControllerView,
  name: string,
  topicId: Uuid,
  partitions: ReadonlyMap<number, NewPartition>,
  configs: ReadonlyMap<string, string>,
): TopicResult {
  const described = describeTopicConfig(view.config, configs).sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    name,
    topicId,
    errorCode: 0,
    errorMessage: null,
    numPartitions: partitions.size,
    replicationFactor: partitions.values().next().value!.replicas.length,
    configs: described.map((entry) => ({
      name: entry.name,
      value: entry.value,
      readOnly: entry.readOnly,
      configSource: entry.configSource,
      isSensitive: entry.isSensitive,
    })),
  }
}
