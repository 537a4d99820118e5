/** A metadata log of everything an image can hold, written by our own encoders; the interop test gives it to Apache's shell. */
import { encodeMetadataRecord } from '../../../src/metadata/record-serde.ts'
import type { MetadataRecordInput } from '../../../src/protocol/metadata/index.ts'
import { controlBatch, dataBatch, kraftVersionRecord } from '../../../src/raft/control-batches.ts'
import { snapshotBatches } from '../../../src/raft/snapshot-files.ts'
import { FEATURE_RANGES, partitionOf, topicRecords, uuidOf } from '../../metadata/support.ts'

export const TOPIC_ID = uuidOf(1)
export const ACL_ID = uuidOf(70)
/** 2023-11-14T22:13:20.500Z */
export const WRITTEN_AT_MS = 1_700_000_000_500

const feature = (name: string, featureLevel: number): MetadataRecordInput => ({
  record: 'featureLevelRecord',
  body: { name, featureLevel },
})

const config = (resourceType: number, resourceName: string, name: string, value: string): MetadataRecordInput => ({
  record: 'configRecord',
  body: { resourceType, resourceName, name, value },
})

const quota = (entity: Record<string, string | null>, key: string, value: number): MetadataRecordInput => ({
  record: 'clientQuotaRecord',
  body: {
    entity: Object.entries(entity).map(([entityType, entityName]) => ({ entityType, entityName })),
    key,
    value,
    remove: false,
  },
})

const FEATURES = [feature('metadata.version', 30), feature('group.version', 1), feature('transaction.version', 2)]

const BROKERS: MetadataRecordInput[] = [
  {
    record: 'registerBrokerRecord',
    body: {
      brokerId: 1,
      brokerEpoch: 12n,
      incarnationId: uuidOf(11),
      endPoints: [
        { name: 'SECURE', host: 'one.example', port: 9093, securityProtocol: 3 },
        { name: 'PLAINTEXT', host: 'one.example', port: 9092, securityProtocol: 0 },
      ],
      features: FEATURE_RANGES,
      rack: 'r1',
      fenced: true,
      logDirs: [uuidOf(901), uuidOf(902)],
    },
  },
  { record: 'brokerRegistrationChangeRecord', body: { brokerId: 1, brokerEpoch: 12n, fenced: -1 } },
  {
    record: 'registerBrokerRecord',
    body: {
      brokerId: 20,
      brokerEpoch: 13n,
      incarnationId: uuidOf(12),
      endPoints: [{ name: 'TLS', host: '::1', port: 9092, securityProtocol: 1 }],
      features: [
        { name: 'same', minSupportedVersion: 2, maxSupportedVersion: 2 },
        { name: 'open', minSupportedVersion: 1, maxSupportedVersion: 32767 },
      ],
      rack: null,
      fenced: true,
      inControlledShutdown: true,
      logDirs: [],
      cordonedLogDirs: [uuidOf(903)],
    },
  },
  {
    record: 'registerControllerRecord',
    body: {
      controllerId: 100,
      incarnationId: uuidOf(13),
      zkMigrationReady: false,
      endPoints: [{ name: 'CONTROLLER', host: 'two.example', port: 9093, securityProtocol: 2 }],
      features: FEATURE_RANGES,
    },
  },
]

const TOPICS: MetadataRecordInput[] = [
  ...topicRecords('orders', TOPIC_ID, [[1, 20], [20], [1]]),
  {
    record: 'partitionChangeRecord',
    body: { topicId: TOPIC_ID, partitionId: 1, leader: -1, isr: [], eligibleLeaderReplicas: [20], lastKnownElr: [1] },
  },
  {
    record: 'partitionChangeRecord',
    body: {
      topicId: TOPIC_ID,
      partitionId: 2,
      replicas: [1, 20],
      addingReplicas: [20],
      removingReplicas: [1],
      leaderRecoveryState: 1,
      directories: [uuidOf(901), 'AAAAAAAAAAAAAAAAAAAAAQ'],
    },
  },
  ...topicRecords('a.very.long.name.of.a.topic_with-everything', uuidOf(2), [[1]]),
  ...topicRecords('gone', uuidOf(3), [[1]]),
  { record: 'removeTopicRecord', body: { topicId: uuidOf(3) } },
  ...Array.from({ length: 30 }, (_, index) => topicRecords(`t${index}`, uuidOf(1000 + index), [[1]])).flat(),
]

/** As a segment has it whose beginning was deleted: the topic's own record is not there. */
export const ORPHAN = partitionOf(uuidOf(4), 0, [1])

const CONFIGS = [
  config(2, 'orders', 'retention.ms', '1000'),
  config(2, 'orders', 'cleanup.policy', 'compact,delete'),
  config(4, '', 'min.insync.replicas', '2'),
  config(4, '1', 'log.cleaner.threads', '2'),
  config(16, 'watch', 'interval.ms', '5000'),
  config(32, 'a group', 'consumer.session.timeout.ms', '45000'),
]

/** Of the default client id, which Apache's shell cannot show. */
const DEFAULT_QUOTA = quota({ user: 'u', 'client-id': null }, 'request_percentage', 50)

const QUOTAS = [
  quota({ user: 'alice', 'client-id': 'app (1)' }, 'producer_byte_rate', 1_048_576),
  quota({ user: 'alice', 'client-id': 'app (1)' }, 'consumer_byte_rate', 12_345_678.5),
  quota({ ip: '10.0.0.1' }, 'connection_creation_rate', 0.0005),
  quota({ user: 'back\\slash' }, 'request_percentage', 12.5),
]

const OTHERS: MetadataRecordInput[] = [
  { record: 'producerIdsRecord', body: { brokerId: 1, brokerEpoch: 12n, nextProducerId: 3000n } },
  {
    record: 'userScramCredentialRecord',
    body: {
      name: 'alice',
      mechanism: 1,
      salt: Buffer.from('0001fe', 'hex'),
      storedKey: Buffer.from('aabb', 'hex'),
      serverKey: Buffer.from('0c', 'hex'),
      iterations: 4096,
    },
  },
  {
    record: 'accessControlEntryRecord',
    body: {
      id: ACL_ID,
      resourceType: 2,
      resourceName: 'ord',
      patternType: 4,
      principal: 'User:alice',
      host: '*',
      operation: 3,
      permissionType: 3,
    },
  },
  ...[...Array(16).keys()].map(
    (index): MetadataRecordInput => ({
      record: 'accessControlEntryRecord',
      body: {
        id: uuidOf(71 + index),
        resourceType: 2 + (index % 6),
        resourceName: 'kafka-cluster',
        patternType: 3 + (index % 2),
        principal: 'User:*',
        host: '10.0.0.1',
        operation: index,
        permissionType: 2 + (index % 2),
      },
    }),
  ),
  {
    record: 'delegationTokenRecord',
    body: {
      owner: 'User:alice',
      requester: 'User:root',
      renewers: ['User:bob', 'User:carol'],
      issueTimestamp: 1000n,
      maxTimestamp: 3000n,
      expirationTimestamp: 2000n,
      tokenId: 'token-1',
    },
  },
]

/** What both shells show the same way. */
export const COMMON_RECORDS: readonly MetadataRecordInput[] = [
  ...FEATURES,
  ...BROKERS,
  ...TOPICS,
  ...CONFIGS,
  ...QUOTAS,
  ...OTHERS,
]

export const RECORDS: readonly MetadataRecordInput[] = [...COMMON_RECORDS, DEFAULT_QUOTA]

/** A snapshot of these records, a footer at its end. */
export function snapshotOf(records: readonly MetadataRecordInput[] = RECORDS): Buffer {
  const content = {
    lastContainedLogTimestamp: WRITTEN_AT_MS,
    kraftVersion: 0,
    voters: new Map(),
    values: records.map(encodeMetadataRecord),
    nowMs: WRITTEN_AT_MS,
  }
  return Buffer.concat([...snapshotBatches({ endOffset: 500, epoch: 7 }, content)])
}

/** A segment that begins at offset 0 with a control record; each of `batches` is a batch of its own. */
export function segmentOf(...batches: readonly (readonly MetadataRecordInput[])[]): Buffer {
  const parts = [controlBatch([kraftVersionRecord(1)], { baseOffset: 0, epoch: 3, timestampMs: WRITTEN_AT_MS })]
  let baseOffset = 1
  for (const batch of batches) {
    const at = { baseOffset, epoch: 3, timestampMs: WRITTEN_AT_MS + baseOffset }
    parts.push(dataBatch(batch.map(encodeMetadataRecord), at))
    baseOffset += batch.length
  }
  return Buffer.concat(parts)
}
