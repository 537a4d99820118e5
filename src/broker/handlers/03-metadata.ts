/**
 * API key 3, Metadata, versions 0-13.
 *
 * Behaviour:
 * - Null topics (v0: an empty list) are all topics; names or, from v12 on, ids otherwise.
 * - An unknown name is UNKNOWN_TOPIC_OR_PARTITION; with auto.create.topics.enable and the client's leave its creation
 *   starts, and the next request finds it. An illegal name is INVALID_TOPIC_EXCEPTION, an unknown id UNKNOWN_TOPIC_ID.
 * - The controller is some live broker (KRaft): it passes on what only the controller may do.
 *
 * Version notes:
 * - v4: the client may forbid creation (KIP-204). v5: offline replicas. v6: LISTENER_NOT_FOUND. v7: leader epoch.
 *   v8-10: cluster operations (KIP-430). v10/11: topic ids in answers only; v12: in requests (KIP-516).
 *   v13: top-level error code (KIP-1102).
 *
 * Not implemented: authorization; every operation is allowed and shown as such.
 */
import { type Uuid, ZERO_UUID } from '../../base/uuid.ts'
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import { type MetadataRequest, type MetadataResponseInput, metadata } from '../../protocol/messages/03-metadata.ts'
import { CLUSTER_OPERATIONS, OPERATIONS_NOT_ASKED, TOPIC_OPERATIONS } from '../authorized-operations.ts'
import type { BrokerServices } from '../broker-services.ts'
import { defineHandler, type Handler, type RequestContext } from '../handler.ts'
import { TopicMetadata } from '../topic-metadata.ts'
import { isInternalTopic, isValidTopicName } from '../topic-names.ts'

type TopicResponse = NonNullable<MetadataResponseInput['topics']>[number]

const FIRST_TOPIC_ID_REQUEST_VERSION = 12

/** Which topics a request names. */
type Wanted = { readonly all: true } | { readonly all: false; names: ReadonlySet<string>; ids: ReadonlySet<Uuid> }

function wantedTopics(request: MetadataRequest, version: number): Wanted {
  if (request.topics === null || (version === 0 && request.topics.length === 0)) return { all: true }
  const ids = new Set<Uuid>()
  const names = new Set<string>()
  for (const { name, topicId } of request.topics) {
    if (version < FIRST_TOPIC_ID_REQUEST_VERSION) refuseIds(name, topicId, version)
    if (topicId !== ZERO_UUID) ids.add(topicId)
    else if (name !== null) names.add(name)
  }
  // Once one id is given, names alone are not looked at.
  return { all: false, names: ids.size > 0 ? new Set() : names, ids }
}

function refuseIds(name: string | null, topicId: Uuid, version: number): void {
  if (name === null) throw new KafkaError('INVALID_REQUEST', `Topic name can not be null for version ${version}`)
  if (topicId !== ZERO_UUID) {
    throw new KafkaError('INVALID_REQUEST', `Topic IDs are not supported in requests for version ${version}`)
  }
}

class MetadataOperation {
  private readonly broker: BrokerServices
  private readonly request: MetadataRequest
  private readonly context: RequestContext

  constructor(broker: BrokerServices, request: MetadataRequest, context: RequestContext) {
    this.broker = broker
    this.request = request
    this.context = context
  }

  run(): MetadataResponseInput {
    const { metadata: cache, clusterId, nodeId } = this.broker
    const { listenerName, apiVersion } = this.context
    const topics = this.topics(wantedTopics(this.request, apiVersion))
    return {
      brokers: cache.aliveNodes(listenerName).map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack })),
      clusterId,
      controllerId: cache.anyAliveBrokerId(nodeId),
      topics: topics.map((topic) => ({ ...topic, topicAuthorizedOperations: this.topicOperations() })),
      clusterAuthorizedOperations: this.request.includeClusterAuthorizedOperations
        ? CLUSTER_OPERATIONS
        : OPERATIONS_NOT_ASKED,
    }
  }

  private topicOperations(): number {
    return this.request.includeTopicAuthorizedOperations ? TOPIC_OPERATIONS : OPERATIONS_NOT_ASKED
  }

  private topics(wanted: Wanted): TopicResponse[] {
    const { image } = this.broker.metadata
    const view = new TopicMetadata(this.broker.metadata, this.context.listenerName, this.context.apiVersion)
    if (wanted.all) return [...image.topicsByName.values()].map((topic) => view.topic(topic))
    const responses: TopicResponse[] = []
    for (const id of wanted.ids) {
      const topic = image.topicsById.get(id)
      responses.push(topic === undefined ? unknownId(id) : view.topic(topic))
    }
    for (const name of wanted.names) {
      const topic = image.topicsByName.get(name)
      responses.push(topic === undefined ? this.unknownName(name) : view.topic(topic))
    }
    return responses
  }

  private unknownName(name: string): TopicResponse {
    return { errorCode: this.unknownNameError(name), name, topicId: ZERO_UUID, isInternal: isInternalTopic(name) }
  }

  private unknownNameError(name: string): number {
    const { config, autoTopicCreation } = this.broker
    if (config.autoCreateTopicsEnable && this.request.allowAutoTopicCreation) return autoTopicCreation.create(name)
    return isValidTopicName(name) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION
  }
}

function unknownId(topicId: Uuid): TopicResponse {
  return { errorCode: ErrorCode.UNKNOWN_TOPIC_ID, name: null, topicId }
}

export function metadataHandler(broker: BrokerServices): Handler<typeof metadata> {
  return defineHandler(
    metadata,
    { min: 0, max: 13 },
    (request, context) => ({ response: new MetadataOperation(broker, request, context).run() }),
    // Before v13 only topics can carry an error.
    (code, _message, request) => ({
      topics: (request.topics ?? []).map(({ name, topicId }) => ({ errorCode: code, name: name ?? '', topicId })),
      errorCode: code,
    }),
  )
}
