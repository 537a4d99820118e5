import type { Logger } from '../base/logger.ts'
import type { GroupCoordinator } from '../coordinator/group/coordinator.ts'
import { effectiveTopicConfig, type NodeConfig, type TopicConfig, toLogConfig } from '../metadata/config/index.ts'
import { configOf } from '../metadata/image.ts'
import {
  CONFIG_RESOURCE,
  configKey,
  type MetadataDelta,
  type MetadataImage,
  type MetadataPublisher,
  type TopicImage,
} from '../metadata/types.ts'
import { ensureTopicCodec } from './codecs.ts'
import { updateDynamicConfig } from './dynamic-node-config.ts'
import type { HostedTopicConfig, LocalReplicas } from './local-replicas.ts'
import type { MetadataCache } from './metadata-cache.ts'
import type { ReplicaFetchers } from './replica-fetchers.ts'
import type { ReplicaManager } from './replica-manager.ts'
import { NOT_THROTTLED, type ThrottledReplicas, type TopicThrottles, throttledReplicas } from './replication-quota.ts'
import { GROUP_METADATA_TOPIC } from './topic-names.ts'

export interface BrokerPublisherOptions {
  readonly nodeId: number
  readonly nodeConfig: NodeConfig
  readonly metadata: MetadataCache
  readonly replicaManager: ReplicaManager
  readonly localReplicas: LocalReplicas
  readonly fetchers: ReplicaFetchers
  readonly groupCoordinator: GroupCoordinator
  readonly logger: Logger
}

/**
 * Turns metadata into deeds: every replica that exists here, every role it has and every setting in force comes from an
 * image. Replicas first, then the coordinators that live on them.
 */
export class BrokerMetadataPublisher implements MetadataPublisher {
  readonly name = 'BrokerMetadataPublisher'
  private readonly options: BrokerPublisherOptions
  private first = true

  constructor(options: BrokerPublisherOptions) {
    this.options = options
  }

  onMetadataUpdate(delta: MetadataDelta, image: MetadataImage): void {
    const { metadata, localReplicas, replicaManager } = this.options
    metadata.set(image)
    const initial = this.first
    this.first = false
    const brokerConfigChanged = updateDynamicConfig(this.options.nodeConfig, delta, image, initial)
    localReplicas.apply(delta, image, initial, this.configLookup(image))
    this.updateGroupCoordinator(delta, image, initial)
    this.updateTopicConfigs(delta, image, brokerConfigChanged)
    this.updateBrokers(delta, initial)
    if (initial) replicaManager.start()
  }

  private updateBrokers(delta: MetadataDelta, initial: boolean): void {
    if (initial || delta.changedBrokers.size === 0) return
    this.options.fetchers.onBrokersChanged(delta.changedBrokers)
    this.options.replicaManager.onBrokersChanged()
  }

  /** Elections and resignations, each with its epoch: the coordinator ignores what it has heard already. */
  private updateGroupCoordinator(delta: MetadataDelta, image: MetadataImage, initial: boolean): void {
    const { groupCoordinator } = this.options
    for (const topic of delta.deletedTopics.values()) {
      if (topic.name !== GROUP_METADATA_TOPIC) continue
      for (const index of topic.partitions.keys()) groupCoordinator.onPartitionResigned(index, null)
    }
    const offsets = image.topicsByName.get(GROUP_METADATA_TOPIC)
    if (offsets !== undefined && (initial || delta.changedTopics.has(offsets.id))) this.updateGroupPartitions(offsets)
    if (delta.deletedTopics.size === 0) return
    const deleted = Array.from(delta.deletedTopics.values(), ({ name, id }) => ({ name, topicId: id }))
    void groupCoordinator.onTopicsDeleted(deleted)
  }

  private updateGroupPartitions({ partitions }: TopicImage): void {
    const { groupCoordinator, nodeId } = this.options
    for (const [index, { leader, leaderEpoch, replicas }] of partitions) {
      if (!replicas.includes(nodeId)) groupCoordinator.onPartitionResigned(index, null)
      else if (leader === nodeId) void groupCoordinator.onPartitionElected(index, leaderEpoch)
      else groupCoordinator.onPartitionResigned(index, leaderEpoch)
    }
  }

  /** A changed broker default may change any topic. */
  private updateTopicConfigs(delta: MetadataDelta, image: MetadataImage, all: boolean): void {
    const { replicaManager } = this.options
    if (!all && delta.changedConfigs.size === 0) return
    const configFor = this.configLookup(image)
    for (const partition of replicaManager.partitions()) {
      const { topic } = partition
      if (!all && !delta.changedConfigs.has(configKey({ type: CONFIG_RESOURCE.TOPIC, name: topic }))) continue
      const { log, minInsyncReplicas, throttles } = configFor(topic)
      partition.log.updateConfig(log)
      partition.setMinInsyncReplicas(minInsyncReplicas)
      partition.setThrottles(throttles ?? NOT_THROTTLED)
    }
  }

  /** Settings by topic, each worked out once. */
  private configLookup(image: MetadataImage): (topic: string) => HostedTopicConfig {
    const known = new Map<string, HostedTopicConfig>()
    return (topic) => {
      let config = known.get(topic)
      if (config === undefined) {
        const effective = this.topicConfig(topic, image)
        const log = toLogConfig(effective)
        void ensureTopicCodec(log.compressionType)
        config = {
          log,
          minInsyncReplicas: Number(effective.get('min.insync.replicas')),
          throttles: this.throttlesOf(effective),
        }
        known.set(topic, config)
      }
      return config
    }
  }

  private throttlesOf(config: TopicConfig): TopicThrottles {
    const { nodeId } = this.options
    const of = (side: keyof TopicThrottles): ThrottledReplicas =>
      throttledReplicas(String(config.get(`${side}.replication.throttled.replicas`)), nodeId)
    return { leader: of('leader'), follower: of('follower') }
  }

  /** A value that became invalid does not keep a partition from being served. */
  private topicConfig(topic: string, image: MetadataImage): TopicConfig {
    const { nodeConfig, logger } = this.options
    const overrides = configOf(image, { type: CONFIG_RESOURCE.TOPIC, name: topic })
    try {
      return effectiveTopicConfig(nodeConfig, overrides)
    } catch (error) {
      logger.error(`the configuration of ${topic} is not valid and is not used`, error)
      return effectiveTopicConfig(nodeConfig, new Map())
    }
  }
}
