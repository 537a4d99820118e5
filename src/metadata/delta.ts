/**
 * Replay: the only writer of metadata. Records go in, in the order of the log; out come the next image and what changed.
 * A record that contradicts the image is a defect of the log and throws.
 */
import { assert } from '../base/errors.ts'
import type { Uuid } from '../base/uuid.ts'
import type { MetadataRecord, MetadataRecordName } from '../protocol/metadata/index.ts'
import { replayBrokerRecord } from './delta-brokers.ts'
import { DraftMap } from './draft-map.ts'
import { mergePartition, partitionFromRecord, quotaKey } from './image.ts'
import {
  type BrokerRegistration,
  type ClientQuota,
  CONFIG_RESOURCE,
  type ControllerRegistration,
  configKey,
  type MetadataDelta,
  type MetadataImage,
  type PartitionRegistration,
  type RecordBody,
  type TopicImage,
} from './types.ts'

/** Collects the effect of records on one base image; `build` ends it. */
export class DeltaBuilder {
  readonly brokers: DraftMap<number, BrokerRegistration>
  readonly controllers: DraftMap<number, ControllerRegistration>
  readonly changedBrokers = new Set<number>()
  private readonly base: MetadataImage
  private readonly records: MetadataRecord[] = []
  private readonly features: DraftMap<string, number>
  private readonly topicsByName: DraftMap<string, TopicImage>
  private readonly topicsById: DraftMap<Uuid, TopicImage>
  private readonly configs: DraftMap<string, ReadonlyMap<string, string>>
  private readonly clientQuotas: DraftMap<string, ClientQuota>
  private readonly scramCredentials: DraftMap<string, RecordBody<'userScramCredentialRecord'>>
  private readonly acls: DraftMap<Uuid, RecordBody<'accessControlEntryRecord'>>
  private readonly delegationTokens: DraftMap<string, RecordBody<'delegationTokenRecord'>>
  private nextProducerId: bigint
  /** Partitions under change, so that a topic of many partitions is copied once per delta. */
  private readonly openTopics = new Map<Uuid, DraftMap<number, PartitionRegistration>>()
  private readonly changedTopics = new Set<Uuid>()
  private readonly deletedTopics = new Map<Uuid, TopicImage>()
  private readonly changedConfigs = new Set<string>()
  /** Configurations under change, copied once per delta. */
  private readonly openConfigs = new Map<string, DraftMap<string, string>>()

  constructor(base: MetadataImage) {
    this.base = base
    this.features = new DraftMap(base.features)
    this.brokers = new DraftMap(base.brokers)
    this.controllers = new DraftMap(base.controllers)
    this.topicsByName = new DraftMap(base.topicsByName)
    this.topicsById = new DraftMap(base.topicsById)
    this.configs = new DraftMap(base.configs)
    this.clientQuotas = new DraftMap(base.clientQuotas)
    this.scramCredentials = new DraftMap(base.scramCredentials)
    this.acls = new DraftMap(base.acls)
    this.delegationTokens = new DraftMap(base.delegationTokens)
    this.nextProducerId = base.nextProducerId
  }

  get isEmpty(): boolean {
    return this.records.length === 0
  }

  apply(record: MetadataRecord): void {
    this.records.push(record)
    const replay = REPLAY[record.record] as ((builder: DeltaBuilder, body: unknown) => void) | undefined
    replay?.(this, record.body)
  }

  /** The image after everything applied; the builder must not be used afterwards. */
  build(offset: number, epoch: number): { image: MetadataImage; delta: MetadataDelta } {
    this.closeTopics()
    for (const [key, values] of this.openConfigs) {
      const next = values.finish()
      if (next.size === 0) this.configs.delete(key)
      else this.configs.set(key, next)
    }
    const image: MetadataImage = {
      offset,
      epoch,
      features: this.features.finish(),
      brokers: this.brokers.finish(),
      controllers: this.controllers.finish(),
      topicsByName: this.topicsByName.finish(),
      topicsById: this.topicsById.finish(),
      configs: this.configs.finish(),
      nextProducerId: this.nextProducerId,
      clientQuotas: this.clientQuotas.finish(),
      scramCredentials: this.scramCredentials.finish(),
      acls: this.acls.finish(),
      delegationTokens: this.delegationTokens.finish(),
    }
    const { records, changedTopics, deletedTopics, changedConfigs, changedBrokers } = this
    return { image, delta: { records, changedTopics, deletedTopics, changedConfigs, changedBrokers } }
  }

  private closeTopics(): void {
    for (const [id, partitions] of this.openTopics) {
      const topic = this.topicsById.get(id)!
      this.putTopic({ ...topic, partitions: partitions.finish() })
    }
    this.openTopics.clear()
  }

  private putTopic(topic: TopicImage): void {
    this.topicsById.set(topic.id, topic)
    this.topicsByName.set(topic.name, topic)
    this.changedTopics.add(topic.id)
  }

  private partitionsOf(topicId: Uuid): DraftMap<number, PartitionRegistration> {
    let draft = this.openTopics.get(topicId)
    if (draft === undefined) {
      const topic = this.topicsById.get(topicId)
      assert(topic !== undefined, `record for unknown topic id ${topicId}`)
      draft = new DraftMap(topic.partitions)
      this.openTopics.set(topicId, draft)
    }
    return draft
  }

  addTopic(body: RecordBody<'topicRecord'>): void {
    assert(!this.topicsById.has(body.topicId), `topic id ${body.topicId} exists already`)
    this.putTopic({ name: body.name, id: body.topicId, partitions: new Map() })
  }

  addPartition(body: RecordBody<'partitionRecord'>): void {
    this.partitionsOf(body.topicId).set(body.partitionId, partitionFromRecord(body))
  }

  changePartition(body: RecordBody<'partitionChangeRecord'>): void {
    const partitions = this.partitionsOf(body.topicId)
    const partition = partitions.get(body.partitionId)
    assert(partition !== undefined, `change of unknown partition ${body.topicId}-${body.partitionId}`)
    partitions.set(body.partitionId, mergePartition(partition, body))
  }

  removeTopic(body: RecordBody<'removeTopicRecord'>): void {
    const topic = this.topicsById.get(body.topicId)
    assert(topic !== undefined, `removal of unknown topic id ${body.topicId}`)
    this.openTopics.delete(body.topicId)
    this.topicsById.delete(topic.id)
    this.topicsByName.delete(topic.name)
    this.changedTopics.delete(topic.id)
    const before = this.base.topicsById.get(topic.id)
    if (before !== undefined) this.deletedTopics.set(topic.id, before)
    const key = configKey({ type: CONFIG_RESOURCE.TOPIC, name: topic.name })
    if (this.configs.get(key) === undefined && !this.openConfigs.has(key)) return
    this.openConfigs.delete(key)
    this.configs.delete(key)
    this.changedConfigs.add(key)
  }

  /** An empty name means every topic. */
  clearElr(topicName: string): void {
    this.closeTopics()
    const named = this.topicsByName.get(topicName)
    const topics = topicName === '' ? [...this.topicsById.finish().values()] : named === undefined ? [] : [named]
    for (const topic of topics) {
      for (const [index, partition] of topic.partitions) {
        if (partition.elr.length === 0 && partition.lastKnownElr.length === 0) continue
        const cleared = mergePartition(partition, { eligibleLeaderReplicas: [], lastKnownElr: [] })
        this.partitionsOf(topic.id).set(index, cleared)
      }
    }
  }

  setConfig(body: RecordBody<'configRecord'>): void {
    const key = configKey({ type: body.resourceType, name: body.resourceName })
    let values = this.openConfigs.get(key)
    if (values === undefined) {
      values = new DraftMap(this.configs.get(key) ?? new Map<string, string>())
      this.openConfigs.set(key, values)
    }
    if (body.value === null) values.delete(body.name)
    else values.set(body.name, body.value)
    this.changedConfigs.add(key)
  }

  setFeature(body: RecordBody<'featureLevelRecord'>): void {
    if (body.featureLevel === 0) this.features.delete(body.name)
    else this.features.set(body.name, body.featureLevel)
  }

  setNextProducerId(body: RecordBody<'producerIdsRecord'>): void {
    this.nextProducerId = body.nextProducerId
  }

  setQuota(body: RecordBody<'clientQuotaRecord'>): void {
    const entity = new Map(body.entity.map((part) => [part.entityType, part.entityName]))
    const key = quotaKey(entity)
    const quotas = new Map(this.clientQuotas.get(key)?.quotas)
    if (body.remove) quotas.delete(body.key)
    else quotas.set(body.key, body.value)
    if (quotas.size === 0) this.clientQuotas.delete(key)
    else this.clientQuotas.set(key, { entity, quotas })
  }

  setScram(body: RecordBody<'userScramCredentialRecord'>): void {
    // The bytes are views of the log's buffer, which goes back to its pool.
    const [salt, storedKey, serverKey] = [body.salt, body.storedKey, body.serverKey].map((bytes) => Buffer.from(bytes))
    const kept = { ...body, salt: salt!, storedKey: storedKey!, serverKey: serverKey! }
    this.scramCredentials.set(`${body.mechanism}:${body.name}`, kept)
  }
  removeScram(body: RecordBody<'removeUserScramCredentialRecord'>): void {
    this.scramCredentials.delete(`${body.mechanism}:${body.name}`)
  }
  addAcl(body: RecordBody<'accessControlEntryRecord'>): void {
    this.acls.set(body.id, body)
  }
  removeAcl(id: Uuid): void {
    this.acls.delete(id)
  }
  setToken(body: RecordBody<'delegationTokenRecord'>): void {
    this.delegationTokens.set(body.tokenId, body)
  }
  removeToken(tokenId: string): void {
    this.delegationTokens.delete(tokenId)
  }
}

/** Records without an entry change nothing an image holds: no-ops, transaction frames, ZooKeeper migration. */
const REPLAY: { [N in MetadataRecordName]?: (builder: DeltaBuilder, body: RecordBody<N>) => void } = {
  topicRecord: (builder, body) => builder.addTopic(body),
  partitionRecord: (builder, body) => builder.addPartition(body),
  partitionChangeRecord: (builder, body) => builder.changePartition(body),
  removeTopicRecord: (builder, body) => builder.removeTopic(body),
  clearElrRecord: (builder, body) => builder.clearElr(body.topicName),
  configRecord: (builder, body) => builder.setConfig(body),
  featureLevelRecord: (builder, body) => builder.setFeature(body),
  producerIdsRecord: (builder, body) => builder.setNextProducerId(body),
  clientQuotaRecord: (builder, body) => builder.setQuota(body),
  userScramCredentialRecord: (builder, body) => builder.setScram(body),
  removeUserScramCredentialRecord: (builder, body) => builder.removeScram(body),
  accessControlEntryRecord: (builder, body) => builder.addAcl(body),
  removeAccessControlEntryRecord: (builder, body) => builder.removeAcl(body.id),
  delegationTokenRecord: (builder, body) => builder.setToken(body),
  removeDelegationTokenRecord: (builder, body) => builder.removeToken(body.tokenId),
  registerBrokerRecord: (builder, body) => replayBrokerRecord(builder, 'registerBrokerRecord', body),
  unregisterBrokerRecord: (builder, body) => replayBrokerRecord(builder, 'unregisterBrokerRecord', body),
  fenceBrokerRecord: (builder, body) => replayBrokerRecord(builder, 'fenceBrokerRecord', body),
  unfenceBrokerRecord: (builder, body) => replayBrokerRecord(builder, 'unfenceBrokerRecord', body),
  brokerRegistrationChangeRecord: (builder, body) =>
    replayBrokerRecord(builder, 'brokerRegistrationChangeRecord', body),
  registerControllerRecord: (builder, body) => replayBrokerRecord(builder, 'registerControllerRecord', body),
}

/** Applies `records` to `image` in one step. */
export function applyRecords(
  image: MetadataImage,
  records: Iterable<MetadataRecord>,
  at: { offset: number; epoch: number },
): { image: MetadataImage; delta: MetadataDelta } {
  const builder = new DeltaBuilder(image)
  for (const record of records) builder.apply(record)
  return builder.build(at.offset, at.epoch)
}
