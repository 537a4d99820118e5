/** Everything that removes offsets: OffsetDelete (KIP-496), DeleteGroups (KIP-229), deleted topics, retention (KIP-211). */
import type { Uuid } from '../../base/uuid.ts'
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import type { DeleteGroupsResponseInput } from '../../protocol/messages/42-delete-groups.ts'
import type { OffsetDeleteRequest, OffsetDeleteResponseInput } from '../../protocol/messages/47-offset-delete.ts'
import type { CoordinatorRecord, CoordinatorResult } from '../types.ts'
import type { Group } from './group.ts'
import { isSameTopic } from './offsets.ts'
import { offsetCommitTombstone } from './records.ts'
import type { GroupServices } from './services.ts'

export type DeletedGroup = NonNullable<DeleteGroupsResponseInput['results']>[number]

/** A topic that is gone: its name may come back with another id. */
export interface DeletedTopic {
  readonly name: string
  readonly topicId: Uuid
}

const MINUTE_MS = 60_000

/** Throws the `KafkaError` that answers the whole request. */
export function deleteOffsets(
  services: GroupServices,
  request: OffsetDeleteRequest,
): CoordinatorResult<OffsetDeleteResponseInput> {
  const group = services.groups.require(request.groupId)
  group.validateOffsetDelete()
  const records: CoordinatorRecord[] = []
  const topics = request.topics.map(({ name, partitions }) => {
    const isSubscribed = group.isSubscribedToTopic(name)
    const errorCode = isSubscribed ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE
    for (const { partitionIndex } of isSubscribed ? [] : partitions) {
      if (services.offsets.get(request.groupId, name, partitionIndex) === undefined) continue
      records.push(offsetCommitTombstone({ group: request.groupId, topic: name, partition: partitionIndex }))
    }
    return { name, partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })) }
  })
  return { records, response: { throttleTimeMs: 0, errorCode: ErrorCode.NONE, topics } }
}

/** Offsets first, then the group: a log cut between the two still makes sense. */
export function deleteGroups(services: GroupServices, groupIds: readonly string[]): CoordinatorResult<DeletedGroup[]> {
  const records: CoordinatorRecord[] = []
  const response = groupIds.map((groupId) => {
    try {
      const group = services.groups.require(groupId)
      group.validateDelete()
      for (const tombstone of offsetTombstones(services, groupId)) records.push(tombstone)
      records.push(...group.tombstones())
      return { groupId, errorCode: ErrorCode.NONE }
    } catch (error) {
      if (error instanceof KafkaError) return { groupId, errorCode: error.code }
      throw error
    }
  })
  return { records, response, atomic: false }
}

function* offsetTombstones(services: GroupServices, groupId: string): Iterable<CoordinatorRecord> {
  for (const [topic, partitions] of services.offsets.ofGroup(groupId)) {
    for (const partition of partitions.keys()) yield offsetCommitTombstone({ group: groupId, topic, partition })
  }
}

export function deleteOffsetsOfTopics(
  services: GroupServices,
  topics: readonly DeletedTopic[],
): CoordinatorResult<undefined> {
  const records: CoordinatorRecord[] = []
  for (const group of services.offsets.groupIds()) {
    const stored = services.offsets.ofGroup(group)
    for (const { name, topicId } of topics) {
      for (const [partition, offset] of stored.get(name) ?? []) {
        if (!isSameTopic(offset.topicId, topicId)) continue
        records.push(offsetCommitTombstone({ group, topic: name, partition }))
      }
    }
  }
  return { records, response: undefined, atomic: false }
}

/** Tombstones for expired offsets, and for empty groups that have none left. */
export function expireOffsetsAndGroups(services: GroupServices): CoordinatorResult<undefined> {
  const records: CoordinatorRecord[] = []
  for (const group of services.groups.all()) {
    const isLast = expireOffsets(services, group, records)
    if (isLast && group.isEmpty()) records.push(...group.tombstones())
  }
  if (records.length > 0) {
    services.logger.info(`Generated ${records.length} tombstone records while cleaning up group metadata.`)
  }
  return { records, response: undefined, atomic: false }
}

/** Tells whether the group is left without offsets. */
function expireOffsets(services: GroupServices, group: Group, records: CoordinatorRecord[]): boolean {
  const nowMs = services.clock.now()
  const retentionMs = services.config.offsetsRetentionMinutes * MINUTE_MS
  let allExpired = true
  for (const [topic, partitions] of services.offsets.ofGroup(group.groupId)) {
    const isSubscribed = group.isSubscribedToTopic(topic)
    for (const [partition, offset] of partitions) {
      const baseMs = isSubscribed ? null : group.offsetExpirationBaseMs(offset)
      const endMs = baseMs === null ? null : (offset.expireTimestampMs ?? baseMs + retentionMs)
      if (endMs !== null && nowMs >= endMs) {
        records.push(offsetCommitTombstone({ group: group.groupId, topic, partition }))
      } else {
        allExpired = false
      }
    }
  }
  return allExpired
}
