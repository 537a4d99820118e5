/** Records and images for the tests of metadata, controller and raft. */
import fc from 'fast-check'
import { applyRecords } from '../../src/metadata/delta.ts'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'
import { decodeMetadataRecord, encodeMetadataRecord } from '../../src/metadata/record-serde.ts'
import type { MetadataDelta, MetadataImage } from '../../src/metadata/types.ts'
import type { MetadataRecord, MetadataRecordInput } from '../../src/protocol/metadata/index.ts'

/** 22 characters, different for each number; never a reserved id. */
export function uuidOf(number: number): string {
  const bytes = Buffer.alloc(16)
  bytes[0] = 1
  bytes.writeUInt32BE(number, 12)
  return bytes.toString('base64url')
}

/** With every default filled in, as replay sees it. */
export function full(record: MetadataRecordInput): MetadataRecord {
  return decodeMetadataRecord(encodeMetadataRecord(record))
}

export function replay(
  image: MetadataImage,
  records: readonly MetadataRecordInput[],
  at = { offset: image.offset + records.length, epoch: 1 },
): { image: MetadataImage; delta: MetadataDelta } {
  return applyRecords(image, records.map(full), at)
}

/** The image after these records. */
export function imageOf(...records: readonly MetadataRecordInput[]): MetadataImage {
  return replay(EMPTY_IMAGE, records).image
}

export function topicRecords(
  name: string,
  id: string,
  partitions: readonly (readonly number[])[],
): MetadataRecordInput[] {
  return [
    { record: 'topicRecord', body: { name, topicId: id } },
    ...partitions.map((replicas, partitionId): MetadataRecordInput => partitionOf(id, partitionId, replicas)),
  ]
}

export function partitionOf(topicId: string, partitionId: number, replicas: readonly number[]): MetadataRecordInput {
  return {
    record: 'partitionRecord',
    body: {
      partitionId,
      topicId,
      replicas,
      isr: replicas,
      leader: replicas[0]!,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: replicas.map((broker) => uuidOf(900 + broker)),
    },
  }
}

export interface BrokerOptions {
  readonly epoch?: number
  readonly fenced?: boolean
  readonly rack?: string | null
  readonly incarnation?: string
}

export const FEATURE_RANGES = [
  { name: 'metadata.version', minSupportedVersion: 7, maxSupportedVersion: 30 },
  { name: 'kraft.version', minSupportedVersion: 0, maxSupportedVersion: 1 },
  { name: 'transaction.version', minSupportedVersion: 0, maxSupportedVersion: 2 },
  { name: 'group.version', minSupportedVersion: 0, maxSupportedVersion: 1 },
  { name: 'eligible.leader.replicas.version', minSupportedVersion: 0, maxSupportedVersion: 1 },
  { name: 'share.version', minSupportedVersion: 0, maxSupportedVersion: 1 },
  { name: 'streams.version', minSupportedVersion: 0, maxSupportedVersion: 1 },
]

export function brokerRecord(id: number, options: BrokerOptions = {}): MetadataRecordInput {
  return {
    record: 'registerBrokerRecord',
    body: {
      brokerId: id,
      incarnationId: options.incarnation ?? uuidOf(500 + id),
      brokerEpoch: BigInt(options.epoch ?? 10 + id),
      endPoints: [{ name: 'PLAINTEXT', host: 'localhost', port: 9092, securityProtocol: 0 }],
      features: FEATURE_RANGES,
      rack: options.rack ?? null,
      fenced: options.fenced ?? false,
      logDirs: [uuidOf(900 + id)],
    },
  }
}

export const feature = (name: string, featureLevel: number): MetadataRecordInput => ({
  record: 'featureLevelRecord',
  body: { name, featureLevel },
})

export const config = (type: number, resource: string, name: string, value: string | null): MetadataRecordInput => ({
  record: 'configRecord',
  body: { resourceType: type, resourceName: resource, name, value },
})

const smallInt = fc.integer({ min: 0, max: 5 })
const brokerIds = fc.uniqueArray(smallInt, { minLength: 1, maxLength: 4 })
const name = fc.stringMatching(/^[a-z]{1,6}$/)

/** Sequences of records that a log could hold: topics before their partitions, nothing twice. */
export const recordSequence: fc.Arbitrary<MetadataRecordInput[]> = fc
  .record({
    topics: fc.uniqueArray(fc.record({ name, partitions: fc.array(brokerIds, { maxLength: 4 }) }), {
      selector: (topic) => topic.name,
      maxLength: 5,
    }),
    removed: fc.array(smallInt, { maxLength: 2 }),
    brokers: fc.uniqueArray(smallInt, { maxLength: 4 }),
    configs: fc.array(fc.tuple(fc.constantFrom(2, 4, 32), name, name, fc.option(fc.string())), { maxLength: 10 }),
    features: fc.array(fc.tuple(name, smallInt), { maxLength: 4 }),
    quotas: fc.array(fc.tuple(fc.option(name), name, fc.double({ noNaN: true }), fc.boolean()), { maxLength: 6 }),
    changes: fc.array(fc.tuple(smallInt, smallInt, brokerIds, fc.boolean()), { maxLength: 6 }),
    producerId: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    acls: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 3 }),
  })
  .map((seed) => [
    ...seed.features.map(([feat, level]) => feature(feat, level)),
    ...seed.brokers.map((id) => brokerRecord(id, { fenced: id % 2 === 0, rack: id % 3 === 0 ? null : `r${id}` })),
    ...seed.topics.flatMap((topic, index) => topicRecords(topic.name, uuidOf(index + 1), topic.partitions)),
    ...seed.configs.map(([type, resource, key, value]) => config(type, resource, key, value)),
    ...seed.changes.flatMap(([topic, partition, isr, electNobody]): MetadataRecordInput[] =>
      seed.topics[topic]?.partitions[partition] === undefined
        ? []
        : [
            {
              record: 'partitionChangeRecord',
              body: {
                topicId: uuidOf(topic + 1),
                partitionId: partition,
                isr,
                ...(electNobody ? { leader: -1, eligibleLeaderReplicas: isr } : {}),
              },
            },
          ],
    ),
    ...[...new Set(seed.removed)].flatMap((topic): MetadataRecordInput[] =>
      seed.topics[topic] === undefined ? [] : [{ record: 'removeTopicRecord', body: { topicId: uuidOf(topic + 1) } }],
    ),
    ...seed.quotas.map(
      ([user, key, value, remove]): MetadataRecordInput => ({
        record: 'clientQuotaRecord',
        body: { entity: [{ entityType: 'user', entityName: user }], key, value, remove },
      }),
    ),
    ...seed.acls.map(
      (id): MetadataRecordInput => ({
        record: 'accessControlEntryRecord',
        body: { id: uuidOf(id), resourceType: 2, resourceName: 't', patternType: 3, principal: 'User:a', host: '*' },
      }),
    ),
    { record: 'producerIdsRecord', body: { brokerId: 1, brokerEpoch: 1n, nextProducerId: seed.producerId } },
  ])

/** Maps as sorted lists, so that two images can be compared whatever the order of their records. */
export function comparable(value: unknown): unknown {
  if (value instanceof Map) return [...value].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)).map(comparable)
  if (Array.isArray(value)) return value.map(comparable)
  if (Buffer.isBuffer(value) || value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, comparable(inner)]))
}
