/** OffsetCommit: checks who commits, turns every partition into a record. */
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import type { OffsetCommitRequest, OffsetCommitResponseInput } from '../../protocol/messages/08-offset-commit.ts'
import type { CoordinatorRecord, CoordinatorResult } from '../types.ts'
import { ClassicGroup } from './classic/group.ts'
import { rescheduleHeartbeat } from './classic/rebalance.ts'
import type { CommittedOffset } from './offsets.ts'
import { offsetCommitRecord } from './records.ts'
import type { GroupServices } from './services.ts'

type RequestTopic = OffsetCommitRequest['topics'][number]
type RequestPartition = RequestTopic['partitions'][number]

/** Throws the `KafkaError` that answers all partitions. */
export function commitOffsets(
  services: GroupServices,
  request: OffsetCommitRequest,
  apiVersion: number,
): CoordinatorResult<OffsetCommitResponseInput> {
  validate(services, request, apiVersion)
  const nowMs = services.clock.now()
  const expireTimestampMs = request.retentionTimeMs === -1n ? null : nowMs + Number(request.retentionTimeMs)
  const records: CoordinatorRecord[] = []
  const topics = request.topics.map((topic) => ({
    name: topic.name,
    topicId: topic.topicId,
    partitions: topic.partitions.map((partition) => {
      const { partitionIndex } = partition
      if ((partition.committedMetadata?.length ?? 0) > services.config.offsetMetadataMaxBytes) {
        return { partitionIndex, errorCode: ErrorCode.OFFSET_METADATA_TOO_LARGE }
      }
      const key = { group: request.groupId, topic: topic.name, partition: partitionIndex }
      records.push(offsetCommitRecord(key, offsetOf(topic, partition, nowMs, expireTimestampMs)))
      return { partitionIndex, errorCode: ErrorCode.NONE }
    }),
  }))
  return { records, response: { throttleTimeMs: 0, topics } }
}

function offsetOf(
  topic: RequestTopic,
  partition: RequestPartition,
  commitTimestampMs: number,
  expireTimestampMs: number | null,
): CommittedOffset {
  return {
    committedOffset: partition.committedOffset,
    leaderEpoch: partition.committedLeaderEpoch,
    metadata: partition.committedMetadata ?? '',
    commitTimestampMs,
    expireTimestampMs,
    topicId: topic.topicId,
  }
}

function validate(services: GroupServices, request: OffsetCommitRequest, apiVersion: number): void {
  const group = services.groups.get(request.groupId)
  if (group === undefined) {
    // Nobody manages that group: the commit itself brings it into being (replay does).
    if (request.generationIdOrMemberEpoch < 0) return
    if (apiVersion >= 9) throw new KafkaError('GROUP_ID_NOT_FOUND', `Group ${request.groupId} not found.`)
    throw new KafkaError('ILLEGAL_GENERATION')
  }
  group.validateOffsetCommit(request)
  // A commit is a sign of life as good as a heartbeat.
  if (!(group instanceof ClassicGroup) || !group.isIn('Stable', 'PreparingRebalance')) return
  rescheduleHeartbeat(services, group, group.member(request.memberId)!)
}

/** The same error for every partition of the request. */
export function commitErrorResponse(request: OffsetCommitRequest, errorCode: number): OffsetCommitResponseInput {
  return {
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    })),
  }
}
