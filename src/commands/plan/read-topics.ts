/** Documents about topics and settings. */
import type { ConfigResource, ConfigResourceType } from '../../client/admin-types.ts'
import { ownSource } from '../undo/entry.ts'
import type { DeclaredConfigs, DeclaredTopic } from './declarations.ts'
import type { FieldReader } from './field-reader.ts'

/** `kind: Topic` */
export function readTopic(document: FieldReader): DeclaredTopic {
  const name = topicName(document)
  const replicas = document.brokerLists('replicas')
  const partitionCount = document.whole('partitionCount', 1)
  const replicationFactor = document.whole('replicationFactor', 1)
  if (replicas !== null && replicationFactor !== null) {
    document.wrong('replicationFactor', 'replicas says it already')
  }
  if (replicas !== null && partitionCount !== null && partitionCount !== replicas.length) {
    document.wrong(`partitionCount ${partitionCount}`, `replicas has ${replicas.length} partitions`)
  }
  const configs = document.settings('configs')
  return {
    place: document.place,
    name,
    partitionCount: replicas?.length ?? partitionCount,
    replicationFactor,
    replicas,
    configs,
    mayInherit: false,
  }
}

function topicName(document: FieldReader): string {
  const name = document.requiredText('name')
  const isLegal = /^[A-Za-z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..'
  if (name !== '' && !isLegal) {
    document.wrong(`'${name}' cannot name a topic`, 'letters, digits, dot, dash and underscore, at most 249')
  }
  return name
}

/** `kind: TopicDescriptionList`, as `kt topics --describe --format yaml` prints it: replicas as they stand there. */
export function readTopicDescriptions(document: FieldReader): DeclaredTopic[] {
  const topics = document.maps('topics').map((topic): DeclaredTopic & { isInternal: boolean } => {
    const partitions = topic.maps('partitions').map((each) => ({
      number: each.whole('partition', 0) ?? -1,
      replicas: each.brokers('replicas'),
    }))
    partitions.sort((left, right) => left.number - right.number)
    if (partitions.some(({ number }, at) => number !== at)) {
      topic.wrong('partitions', 'they are not all there: describe whole topics')
    }
    const name = topicName(topic)
    const configs = topic.settings('configs')
    topic.ignore('topicId', 'partitionCount', 'replicationFactor')
    const isInternal = topic.text('isInternal') === 'true'
    topic.checkUnknown()
    return {
      place: topic.place,
      name,
      partitionCount: partitions.length,
      replicationFactor: null,
      replicas: partitions.map(({ replicas }) => replicas),
      configs,
      mayInherit: true,
      isInternal,
    }
  })
  return topics.filter(({ isInternal }) => !isInternal)
}

const ENTITY_TYPES = ['topics', 'brokers', 'groups', 'client-metrics'] as const
const RESOURCE_TYPES: Readonly<Record<(typeof ENTITY_TYPES)[number], ConfigResourceType>> = {
  topics: 'TOPIC',
  brokers: 'BROKER',
  groups: 'GROUP',
  'client-metrics': 'CLIENT_METRICS',
}

/** `kind: ConfigList`, as `kt configs --describe --format yaml` prints it; `configs` may be a plain map. */
export function readConfigs(document: FieldReader): DeclaredConfigs[] {
  return document.maps('entities').map((entity): DeclaredConfigs => {
    const type = RESOURCE_TYPES[entity.choice('entityType', ENTITY_TYPES)]
    const name = entity.text('entityName') ?? ''
    if (name === '' && type !== 'BROKER') entity.wrong('entityName', 'is missing; only brokers have a common default')
    if (type === 'BROKER' && !/^\d*$/.test(name)) entity.wrong(`entityName ${name}`, 'is no broker id')
    const resource: ConfigResource = { type, name }
    // Of what was printed only what is set on the entity itself: the rest is inherited.
    const configs = entity.settings('configs', (item) => {
      const source = item.text('source')
      return source === null || source === ownSource(resource)
    })
    entity.checkUnknown()
    return { place: entity.place, resource, configs }
  })
}
