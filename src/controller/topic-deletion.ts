/** Deletion of topics by name or by id (KIP-516), with the checks and texts of Kafka's ControllerApis. */
import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import { type ErrorName, errorInfo, KafkaError } from '../protocol/error-codes.ts'
import type { DeleteTopicsRequest, DeleteTopicsResponseInput } from '../protocol/messages/20-delete-topics.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import type { ControllerResult } from './types.ts'
import type { ControllerView } from './view.ts'

type Result = NonNullable<DeleteTopicsResponseInput['responses']>[number]

/** First version whose error codes know that deletion can be turned off. */
const FIRST_VERSION_WITH_DELETION_DISABLED = 3

function failed(name: string | null, topicId: Uuid, error: ErrorName, message?: string): Result {
  const { errorCode, errorMessage } = withText(error, message)
  return { name, topicId, errorCode, errorMessage }
}

function withText(name: ErrorName, message?: string): { errorCode: number; errorMessage: string } {
  const { code } = new KafkaError(name)
  return { errorCode: code, errorMessage: message ?? errorInfo(code).message }
}

/** What the request named: each name and id once, the rest refused. */
interface Named {
  readonly names: Set<string>
  readonly ids: Set<Uuid>
  readonly repeatedIds: Set<Uuid>
  readonly refused: Result[]
}

class OncePer<T> {
  readonly once = new Set<T>()
  readonly repeated = new Set<T>()

  add(value: T): void {
    if (this.repeated.has(value)) return
    if (!this.once.has(value)) {
      this.once.add(value)
      return
    }
    this.once.delete(value)
    this.repeated.add(value)
  }
}

function sortOut(request: DeleteTopicsRequest): Named {
  const refused: Result[] = []
  const names = new OncePer<string>()
  const ids = new OncePer<Uuid>()
  for (const name of request.topicNames) names.add(name)
  for (const { name, topicId } of request.topics) {
    if (name !== null && topicId !== ZERO_UUID) {
      refused.push(failed(name, topicId, 'INVALID_REQUEST', 'You may not specify both topic name and topic id.'))
    } else if (name !== null) names.add(name)
    else if (topicId !== ZERO_UUID) ids.add(topicId)
    else refused.push(failed(null, ZERO_UUID, 'INVALID_REQUEST', 'Neither topic name nor id were specified.'))
  }
  for (const name of names.repeated) refused.push(failed(name, ZERO_UUID, 'INVALID_REQUEST', 'Duplicate topic name.'))
  for (const id of ids.repeated) refused.push(failed(null, id, 'INVALID_REQUEST', 'Duplicate topic id.'))
  return { names: names.once, ids: ids.once, repeatedIds: ids.repeated, refused }
}

/** Answers come in the order of the request's kinds, not shuffled as Kafka's are. */
export function deleteTopics(
  view: ControllerView,
  version: number,
  request: DeleteTopicsRequest,
): ControllerResult<DeleteTopicsResponseInput> {
  if (!view.config.getBoolean('delete.topic.enable')) return { records: [], response: disabled(version, request) }
  const { names, ids, repeatedIds, refused } = sortOut(request)
  const responses = [...refused]
  const doomed = new Map<Uuid, string>()
  for (const id of ids) {
    const topic = view.image.topicsById.get(id)
    if (topic === undefined) responses.push(failed(null, id, 'UNKNOWN_TOPIC_ID'))
    else doomed.set(id, topic.name)
  }
  for (const name of names) {
    const topic = view.image.topicsByName.get(name)
    if (topic === undefined) responses.push(failed(name, ZERO_UUID, 'UNKNOWN_TOPIC_OR_PARTITION'))
    else if (repeatedIds.has(topic.id) || doomed.delete(topic.id)) {
      repeatedIds.add(topic.id)
      const message = 'The provided topic name maps to an ID that was already supplied.'
      responses.push(failed(name, topic.id, 'INVALID_REQUEST', message))
    } else doomed.set(topic.id, name)
  }
  const records: MetadataRecordInput[] = []
  for (const [topicId, name] of doomed) {
    records.push({ record: 'removeTopicRecord', body: { topicId } })
    responses.push({ name, topicId, errorCode: 0, errorMessage: null })
  }
  return { records, response: { responses }, atomic: true }
}

function disabled(version: number, request: DeleteTopicsRequest): DeleteTopicsResponseInput {
  const error: ErrorName =
    version < FIRST_VERSION_WITH_DELETION_DISABLED ? 'INVALID_REQUEST' : 'TOPIC_DELETION_DISABLED'
  const message = error === 'INVALID_REQUEST' ? 'This version does not support topic deletion.' : undefined
  const byName = request.topicNames.map((name) => failed(name, ZERO_UUID, error, message))
  const byEither = request.topics.map(({ name, topicId }) => failed(name, topicId, error, message))
  return { responses: [...byName, ...byEither] }
}
