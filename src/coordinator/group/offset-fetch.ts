/**
 * OffsetFetch in its two shapes: one group with names at the top (versions 1-7) and many groups (version 8 and later,
 * KIP-709). Inside there is only the second.
 */
import { type Uuid, ZERO_UUID } from '../../base/uuid.ts'
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import type { OffsetFetchRequest, OffsetFetchResponseInput } from '../../protocol/messages/09-offset-fetch.ts'
import { type CommittedOffset, isSameTopic } from './offsets.ts'
import type { GroupServices } from './services.ts'

export type FetchGroupRequest = OffsetFetchRequest['groups'][number]
export type FetchGroupResponse = NonNullable<OffsetFetchResponseInput['groups']>[number]
type FetchTopicResponse = NonNullable<FetchGroupResponse['topics']>[number]
type FetchPartitionResponse = NonNullable<FetchTopicResponse['partitions']>[number]

/** From here on a request names several groups. */
const BATCH_MIN_VERSION = 8
/** Version 1 has no place for an error but the partitions. */
const TOP_LEVEL_ERROR_MIN_VERSION = 2

export function fetchGroupsOf(request: OffsetFetchRequest, apiVersion: number): readonly FetchGroupRequest[] {
  if (apiVersion >= BATCH_MIN_VERSION) return request.groups
  const topics = request.topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null
  return [{ groupId: request.groupId, memberId: null, memberEpoch: -1, topics }]
}

export function fetchResponseOf(groups: readonly FetchGroupResponse[], apiVersion: number): OffsetFetchResponseInput {
  if (apiVersion >= BATCH_MIN_VERSION) return { throttleTimeMs: 0, groups }
  const [{ topics = [], errorCode = ErrorCode.NONE } = {}] = groups
  return { throttleTimeMs: 0, errorCode, topics: topics.map(({ name, partitions }) => ({ name, partitions })) }
}

/** Committed offsets of one group; what is not there, the group included, has offset -1. */
export function fetchOffsets(services: GroupServices, request: FetchGroupRequest): FetchGroupResponse {
  const exists = validate(services, request.groupId)
  const stored = services.offsets.ofGroup(request.groupId)
  if (request.topics === null) {
    return { groupId: request.groupId, errorCode: ErrorCode.NONE, topics: exists ? allTopics(stored) : [] }
  }
  const topics = request.topics.map(({ name, topicId, partitionIndexes }) => ({
    name,
    topicId,
    partitions: partitionIndexes.map((partition) => {
      const offset = exists ? stored.get(name)?.get(partition) : undefined
      return partitionResponse(partition, usable(offset, topicId))
    }),
  }))
  return { groupId: request.groupId, errorCode: ErrorCode.NONE, topics }
}

function validate(services: GroupServices, groupId: string): boolean {
  try {
    services.groups.require(groupId).validateOffsetFetch()
    return true
  } catch (error) {
    if (error instanceof KafkaError && error.code === ErrorCode.GROUP_ID_NOT_FOUND) return false
    throw error
  }
}

function allTopics(stored: ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>>): FetchTopicResponse[] {
  return [...stored].map(([name, partitions]) => ({
    name,
    topicId: topicIdOf(partitions),
    partitions: [...partitions].map(([partition, offset]) => partitionResponse(partition, offset)),
  }))
}

function topicIdOf(partitions: ReadonlyMap<number, CommittedOffset>): Uuid {
  for (const { topicId } of partitions.values()) if (topicId !== ZERO_UUID) return topicId
  return ZERO_UUID
}

/** An offset committed to a deleted topic of the same name is none of the new topic's. */
function usable(offset: CommittedOffset | undefined, topicId: Uuid): CommittedOffset | undefined {
  return offset !== undefined && isSameTopic(offset.topicId, topicId) ? offset : undefined
}

function partitionResponse(partitionIndex: number, offset: CommittedOffset | undefined): FetchPartitionResponse {
  return {
    partitionIndex,
    committedOffset: offset?.committedOffset ?? -1n,
    committedLeaderEpoch: offset?.leaderEpoch ?? -1,
    metadata: offset?.metadata ?? '',
    errorCode: ErrorCode.NONE,
  }
}

export function fetchErrorGroup(request: FetchGroupRequest, errorCode: number, apiVersion: number): FetchGroupResponse {
  if (apiVersion >= TOP_LEVEL_ERROR_MIN_VERSION) return { groupId: request.groupId, errorCode, topics: [] }
  const failed = (partition: number): FetchPartitionResponse => ({
    ...partitionResponse(partition, undefined),
    errorCode,
  })
  const topics = request.topics?.map(({ name, topicId, partitionIndexes }) => ({
    name,
    topicId,
    partitions: partitionIndexes.map(failed),
  }))
  return { groupId: request.groupId, errorCode: ErrorCode.NONE, topics: topics ?? [] }
}
