/** An image as records, in the order in which Kafka writes a snapshot: replaying them gives the same image. */
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import type {
  BrokerRegistration,
  ControllerRegistration,
  MetadataImage,
  PartitionRegistration,
  TopicImage,
} from './types.ts'

const METADATA_VERSION = 'metadata.version'

function featureRecords(features: MetadataImage['features']): MetadataRecordInput[] {
  const record = (name: string, featureLevel: number): MetadataRecordInput => ({
    record: 'featureLevelRecord',
    body: { name, featureLevel },
  })
  const level = features.get(METADATA_VERSION)
  const records = level === undefined ? [] : [record(METADATA_VERSION, level)]
  for (const [name, featureLevel] of features) if (name !== METADATA_VERSION) records.push(record(name, featureLevel))
  return records
}

const featureList = (features: BrokerRegistration['features']) =>
  [...features].map(([name, { min, max }]) => ({ name, minSupportedVersion: min, maxSupportedVersion: max }))

function brokerRecord(broker: BrokerRegistration): MetadataRecordInput {
  return {
    record: 'registerBrokerRecord',
    body: {
      brokerId: broker.id,
      incarnationId: broker.incarnationId,
      brokerEpoch: BigInt(broker.epoch),
      endPoints: broker.endpoints,
      features: featureList(broker.features),
      rack: broker.rack,
      fenced: broker.fenced,
      inControlledShutdown: broker.inControlledShutdown,
      logDirs: broker.directories,
      cordonedLogDirs: broker.cordonedDirectories,
    },
  }
}

function controllerRecord(controller: ControllerRegistration): MetadataRecordInput {
  return {
    record: 'registerControllerRecord',
    body: {
      controllerId: controller.id,
      incarnationId: controller.incarnationId,
      zkMigrationReady: controller.zkMigrationReady,
      endPoints: controller.endpoints,
      features: featureList(controller.features),
    },
  }
}

/** The whole state of a partition as one record. */
export function partitionRecord(
  topicId: string,
  partitionId: number,
  partition: PartitionRegistration,
): Extract<MetadataRecordInput, { record: 'partitionRecord' }> {
  return {
    record: 'partitionRecord',
    body: {
      partitionId,
      topicId,
      replicas: partition.replicas,
      isr: partition.isr,
      removingReplicas: partition.removingReplicas,
      addingReplicas: partition.addingReplicas,
      leader: partition.leader,
      leaderRecoveryState: partition.leaderRecoveryState,
      leaderEpoch: partition.leaderEpoch,
      partitionEpoch: partition.partitionEpoch,
      directories: partition.directories,
      // Tagged: left out while empty, to save space (KIP-966).
      ...(partition.elr.length > 0 ? { eligibleLeaderReplicas: partition.elr } : {}),
      ...(partition.lastKnownElr.length > 0 ? { lastKnownElr: partition.lastKnownElr } : {}),
    },
  }
}

function* topicRecords(topic: TopicImage): Generator<MetadataRecordInput> {
  yield { record: 'topicRecord', body: { name: topic.name, topicId: topic.id } }
  for (const [partitionId, partition] of topic.partitions) yield partitionRecord(topic.id, partitionId, partition)
}

function* configRecords(configs: MetadataImage['configs']): Generator<MetadataRecordInput> {
  for (const [key, values] of configs) {
    const colon = key.indexOf(':')
    const resource = { resourceType: Number(key.slice(0, colon)), resourceName: key.slice(colon + 1) }
    for (const [name, value] of values) yield { record: 'configRecord', body: { ...resource, name, value } }
  }
}

function* quotaRecords(quotas: MetadataImage['clientQuotas']): Generator<MetadataRecordInput> {
  for (const quota of quotas.values()) {
    const entity = [...quota.entity].map(([entityType, entityName]) => ({ entityType, entityName }))
    for (const [key, value] of quota.quotas) {
      yield { record: 'clientQuotaRecord', body: { entity, key, value, remove: false } }
    }
  }
}

/** Everything of `image` but its offset and epoch. */
export function* imageRecords(image: MetadataImage): Generator<MetadataRecordInput> {
  yield* featureRecords(image.features)
  for (const broker of image.brokers.values()) yield brokerRecord(broker)
  for (const controller of image.controllers.values()) yield controllerRecord(controller)
  for (const topic of image.topicsById.values()) yield* topicRecords(topic)
  yield* configRecords(image.configs)
  yield* quotaRecords(image.clientQuotas)
  if (image.nextProducerId > 0n) {
    const body = { brokerId: -1, brokerEpoch: -1n, nextProducerId: image.nextProducerId }
    yield { record: 'producerIdsRecord', body }
  }
  for (const body of image.acls.values()) yield { record: 'accessControlEntryRecord', body }
  for (const body of image.scramCredentials.values()) yield { record: 'userScramCredentialRecord', body }
  for (const body of image.delegationTokens.values()) yield { record: 'delegationTokenRecord', body }
}
