/** Log directories of brokers (KIP-858, KIP-1066): which failed, which take no new replicas, which replica lives where. */
import type { Uuid } from '../base/uuid.ts'
import type { BrokerRegistration } from '../metadata/types.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import type { BrokerHeartbeatRequest } from '../protocol/messages/63-broker-heartbeat.ts'
import type {
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsResponseInput,
} from '../protocol/messages/73-assign-replicas-to-dirs.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import { partitionChangeRecord, subjectOf } from './partition-change.ts'
import type { PartitionPlace } from './partition-index.ts'
import { directoriesOffline, replicasOffline } from './replication-control.ts'
import type { ControllerResult } from './types.ts'
import { type ControllerView, checkBrokerEpoch, hasOnlineDirectory } from './view.ts'

const sameSet = (a: readonly Uuid[], b: readonly Uuid[]): boolean =>
  new Set(a).size === new Set(b).size && a.every((id) => b.includes(id))

/** What a heartbeat tells of the broker's directories that was not known. */
export function directoryRecords(
  view: ControllerView,
  broker: BrokerRegistration,
  request: BrokerHeartbeatRequest,
): MetadataRecordInput[] {
  const { brokerId, brokerEpoch, cordonedLogDirs } = request
  const offline = broker.directories.filter((id) => request.offlineLogDirs.includes(id))
  const records: MetadataRecordInput[] = []
  const change = (body: { logDirs?: readonly Uuid[]; cordonedLogDirs?: readonly Uuid[] }): void => {
    records.push({ record: 'brokerRegistrationChangeRecord', body: { brokerId, brokerEpoch, ...body } })
  }
  if (offline.length > 0) {
    records.push(...directoriesOffline(view, brokerId, offline))
    change({ logDirs: broker.directories.filter((id) => !offline.includes(id)) })
  }
  const known = broker.cordonedDirectories
  if (cordonedLogDirs !== null && (known === null || !sameSet(known, cordonedLogDirs))) change({ cordonedLogDirs })
  return records
}

/** Throws STALE_BROKER_EPOCH; what is wrong with one replica is in its answer. */
export function assignReplicasToDirs(
  view: ControllerView,
  request: AssignReplicasToDirsRequest,
): ControllerResult<AssignReplicasToDirsResponseInput> {
  const { brokerId } = request
  checkBrokerEpoch(view, brokerId, request.brokerEpoch)
  const records: MetadataRecordInput[] = []
  const lost: PartitionPlace[] = []
  const directories = request.directories.map(({ id, topics }) => ({
    id,
    topics: topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partitionIndex }) => {
        const place = placeOf(view, topicId, partitionIndex, brokerId)
        if (typeof place === 'number') return { partitionIndex, errorCode: place }
        const record = partitionChangeRecord(subjectOf(view, place), { directories: new Map([[brokerId, id]]) })
        if (record !== null) records.push(record)
        if (!hasOnlineDirectory(view.image, brokerId, id)) lost.push(place)
        return { partitionIndex, errorCode: ErrorCode.NONE }
      }),
    })),
  }))
  records.push(...replicasOffline(view, brokerId, lost))
  return { records, response: { errorCode: 0, directories } }
}

/** The partition, or the error code that tells why it has no replica on this broker. */
function placeOf(
  { image }: ControllerView,
  topicId: Uuid,
  partitionId: number,
  brokerId: number,
): PartitionPlace | ErrorCode {
  const topic = image.topicsById.get(topicId)
  if (topic === undefined) return ErrorCode.UNKNOWN_TOPIC_ID
  const partition = topic.partitions.get(partitionId)
  if (partition === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  if (!partition.replicas.includes(brokerId)) return ErrorCode.NOT_LEADER_OR_FOLLOWER
  return { topic, partitionId, partition }
}
