import type { Logger } from '../base/logger.ts'
import type { GroupCoordinator } from '../coordinator/group/coordinator.ts'
import type { LogManager } from '../log/log-manager.ts'
import { effectiveTopicConfig, type NodeConfig, type TopicConfig, toLogConfig } from '../metadata/config/index.ts'
import { configOf } from '../metadata/image.ts'
import {
  CONFIG_RESOURCE,
  configKey,
  type MetadataDelta,
  type MetadataImage,
  type MetadataPublisher,
  type PartitionRegistration,
  type TopicImage,
} from '../metadata/types.ts'
import { ErrorCode, KafkaError } from '../protocol/error-codes.ts'
import { ensureTopicCodec } from './codecs.ts'
import type { MetadataCache } from './metadata-cache.ts'
import { Partition } from './partition.ts'
import type { ReplicaManager } from './replica-manager.ts'
import { GROUP_METADATA_TOPIC } from './topic-names.ts'

export interface BrokerPublisherOptions {
  readonly nodeId: number
  readonly nodeConfig: NodeConfig
  readonly metadata: MetadataCache
  readonly logManager: LogManager
  readonly replicaManager: ReplicaManager
  readonly groupCoordinator: GroupCoordinator
  readonly logger: Logger
}

/**
 * Turns metadata into deeds: every log that exists here, every role a partition has and every setting in force comes from
 * an image. The only caller of the replica manager's `add` and `removeTopic`.
 */
export class BrokerMetadataPublisher implements MetadataPublisher {
  readonly name = 'BrokerMetadataPublisher'
  private readonly options: BrokerPublisherOptions
  private first = true

  constructor(options: BrokerPublisherOptions) {
    this.options = options
  }

  onMetadataUpdate(delta: MetadataDelta, image: MetadataImage): void {
    this.options.metadata.set(image)
    const initial = this.first
    this.first = false
    const brokerChanged = this.updateBrokerConfig(delta, image, initial)
    this.removeTopics(delta)
    const changed = initial ? image.topicsById.keys() : delta.changedTopics
    for (const id of changed) {
      const topic = image.topicsById.get(id)
      if (topic !== undefined) this.updateTopic(topic, image)
    }
    this.updateTopicConfigs(delta, image, brokerChanged)
    if (initial) this.removeStrays()
  }

  private updateBrokerConfig(delta: MetadataDelta, image: MetadataImage, initial: boolean): boolean {
    const { nodeConfig, nodeId } = this.options
    const defaults = { type: CONFIG_RESOURCE.BROKER, name: '' }
    const broker = { type: CONFIG_RESOURCE.BROKER, name: String(nodeId) }
    const concerned = delta.changedConfigs.has(configKey(defaults)) || delta.changedConfigs.has(configKey(broker))
    if (!concerned && !initial) return false
    nodeConfig.updateDynamic(configOf(image, defaults), configOf(image, broker))
    return true
  }

  private removeTopics(delta: MetadataDelta): void {
    if (delta.deletedTopics.size === 0) return
    const { replicaManager, logManager, groupCoordinator, logger } = this.options
    for (const topic of delta.deletedTopics.values()) {
      for (const partition of replicaManager.removeTopic(topic.id)) {
        if (topic.name === GROUP_METADATA_TOPIC) groupCoordinator.onPartitionResigned(partition.index, null)
        try {
          logManager.remove(partition.topic, partition.index)
        } catch (error) {
          logger.error(`could not delete the log of ${partition.topic}-${partition.index}`, error)
        }
      }
    }
    const deleted = Array.from(delta.deletedTopics.values(), ({ name, id }) => ({ name, topicId: id }))
    void groupCoordinator.onTopicsDeleted(deleted)
  }

  private updateTopic(topic: TopicImage, image: MetadataImage): void {
    let config: TopicConfig | null = null
    for (const [index, registration] of topic.partitions) {
      if (!registration.replicas.includes(this.options.nodeId)) continue
      const hosted = this.options.replicaManager.partitionById(topic.id, index)
      if (hosted === undefined) {
        config ??= this.topicConfig(topic.name, image)
        this.host(topic, index, registration, config)
      } else {
        hosted.update(registration)
      }
      if (topic.name === GROUP_METADATA_TOPIC) this.elect(index, registration)
    }
  }

  private host(topic: TopicImage, index: number, registration: PartitionRegistration, config: TopicConfig): void {
    const { replicaManager, nodeId, logger } = this.options
    try {
      const log = this.openLog(topic, index, config)
      const minInsyncReplicas = Number(config.get('min.insync.replicas'))
      replicaManager.add(
        new Partition({ topic: topic.name, topicId: topic.id, index, log, nodeId, registration, minInsyncReplicas }),
      )
    } catch (error) {
      logger.error(`partition ${topic.name}-${index} cannot be opened and is offline`, error)
      replicaManager.markOffline(topic.name, topic.id, index)
    }
  }

  private openLog(topic: TopicImage, index: number, config: TopicConfig) {
    const { logManager } = this.options
    const logConfig = toLogConfig(config)
    void ensureTopicCodec(logConfig.compressionType)
    try {
      const log = logManager.getOrCreate(topic.name, index, topic.id, logConfig)
      // A log found at start was opened before anybody knew the topic's own settings.
      log.updateConfig(logConfig)
      return log
    } catch (error) {
      if (!(error instanceof KafkaError) || error.code !== ErrorCode.INCONSISTENT_TOPIC_ID) throw error
      // The topic was deleted and made anew while this broker was down.
      logManager.remove(topic.name, index)
      return logManager.getOrCreate(topic.name, index, topic.id, logConfig)
    }
  }

  private elect(index: number, { leader, leaderEpoch }: PartitionRegistration): void {
    const { groupCoordinator, nodeId } = this.options
    if (leader === nodeId) void groupCoordinator.onPartitionElected(index, leaderEpoch)
    else groupCoordinator.onPartitionResigned(index, leaderEpoch)
  }

  /** A changed broker default may change any topic. */
  private updateTopicConfigs(delta: MetadataDelta, image: MetadataImage, all: boolean): void {
    const { replicaManager } = this.options
    if (!all && delta.changedConfigs.size === 0) return
    const configs = new Map<string, TopicConfig>()
    for (const partition of replicaManager.partitions()) {
      const { topic } = partition
      if (!all && !delta.changedConfigs.has(configKey({ type: CONFIG_RESOURCE.TOPIC, name: topic }))) continue
      const config = configs.get(topic) ?? this.topicConfig(topic, image)
      configs.set(topic, config)
      const logConfig = toLogConfig(config)
      void ensureTopicCodec(logConfig.compressionType)
      partition.log.updateConfig(logConfig)
      partition.setMinInsyncReplicas(Number(config.get('min.insync.replicas')))
    }
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

  /** Logs of topics that were deleted while this broker was down. */
  private removeStrays(): void {
    const { logManager, replicaManager, logger } = this.options
    const strays = [...logManager.logs()].filter(
      ({ topic, partition }) => !topic.startsWith('__cluster_metadata') && !replicaManager.hosts(topic, partition),
    )
    for (const { topic, partition } of strays) {
      logger.warn(`removing ${topic}-${partition}: the cluster's metadata knows no such partition here`)
      logManager.remove(topic, partition)
    }
  }
}
