/**
 * The replicas this broker has by the metadata (KAFKA `ReplicaManager.applyDelta`): makes and removes them, gives them
 * their roles, and lets fetchers follow the leaders. The only caller of the replica manager's `add` and `remove`.
 */
import type { Logger } from '../base/logger.ts'
import type { Uuid } from '../base/uuid.ts'
import type { LogManager } from '../log/log-manager.ts'
import type { Log, LogConfig } from '../log/types.ts'
import { CLUSTER_METADATA_TOPIC } from '../metadata/topic-names.ts'
import type { MetadataDelta, MetadataImage, PartitionRegistration, TopicImage } from '../metadata/types.ts'
import type { PartitionEnvironment } from './leader-state.ts'
import { Partition } from './partition.ts'
import type { ReplicaFetchers } from './replica-fetchers.ts'
import type { ReplicaManager } from './replica-manager.ts'
import type { TopicThrottles } from './replication-quota.ts'

export interface LocalReplicasOptions {
  readonly nodeId: number
  readonly logManager: LogManager
  readonly replicaManager: ReplicaManager
  readonly fetchers: ReplicaFetchers
  readonly environment: PartitionEnvironment
  readonly logger: Logger
}

/** Settings of a topic, as its partitions need them. */
export interface HostedTopicConfig {
  readonly log: LogConfig
  readonly minInsyncReplicas: number
  /** Left out: not throttled. */
  readonly throttles?: TopicThrottles
}

export type TopicConfigLookup = (topic: string) => HostedTopicConfig

const NO_LEADER = -1

export class LocalReplicas {
  private readonly options: LocalReplicasOptions
  private isShuttingDown = false

  constructor(options: LocalReplicasOptions) {
    this.options = options
  }

  /** From now on replicas that have left the ISR, or have no leader, are not followed any more. */
  beginControlledShutdown(): void {
    this.isShuttingDown = true
  }

  /** `isInitial`: the image is the first one, so everything in it is news. */
  apply(delta: MetadataDelta, image: MetadataImage, isInitial: boolean, configOf: TopicConfigLookup): void {
    const { fetchers } = this.options
    if (isInitial) this.moveStraysAside(image)
    for (const topic of delta.deletedTopics.values()) this.removeTopic(topic.id)
    const toFollow: Partition[] = []
    for (const id of isInitial ? image.topicsById.keys() : delta.changedTopics) {
      const topic = image.topicsById.get(id)
      if (topic !== undefined) this.updateTopic(topic, configOf, toFollow)
    }
    for (const partition of toFollow) this.follow(partition)
    fetchers.closeIdle()
  }

  private removeTopic(topicId: Uuid): void {
    const { replicaManager } = this.options
    for (const partition of [...replicaManager.partitionsOfTopic(topicId)]) this.remove(partition)
    replicaManager.clearOffline(topicId)
  }

  /** The topic was deleted, or a reassignment took the replica away from here. */
  private remove(partition: Partition): void {
    const { replicaManager, fetchers, logManager, logger } = this.options
    fetchers.stop(partition)
    replicaManager.remove(partition)
    try {
      logManager.remove(partition.topic, partition.index)
    } catch (error) {
      logger.error(`Unable to delete replica ${partition.name}`, error)
    }
  }

  private updateTopic(topic: TopicImage, configOf: TopicConfigLookup, toFollow: Partition[]): void {
    const { replicaManager, nodeId } = this.options
    for (const [index, registration] of topic.partitions) {
      const hosted = replicaManager.partitionById(topic.id, index)
      if (!registration.replicas.includes(nodeId)) {
        if (hosted !== undefined) this.remove(hosted)
        else replicaManager.clearOffline(topic.id, index)
      } else if (hosted !== undefined) {
        this.update(hosted, registration, toFollow)
      } else if (!replicaManager.isOffline(topic.name, index)) {
        this.host(topic, index, registration, configOf, toFollow)
      }
    }
  }

  private host(
    topic: TopicImage,
    index: number,
    registration: PartitionRegistration,
    configOf: TopicConfigLookup,
    toFollow: Partition[],
  ): void {
    const { replicaManager, environment, logger } = this.options
    try {
      const { log: logConfig, ...config } = configOf(topic.name)
      const log = this.openLog(topic, index, logConfig)
      const place = { topic: topic.name, topicId: topic.id, index }
      const partition = new Partition({ ...place, ...config, log, registration, environment })
      replicaManager.add(partition)
      if (!partition.isLeader) toFollow.push(partition)
    } catch (error) {
      logger.error(`partition ${topic.name}-${index} cannot be opened and is offline`, error)
      replicaManager.markOffline(topic.name, topic.id, index)
    }
  }

  private openLog(topic: TopicImage, index: number, config: LogConfig): Log {
    const log = this.options.logManager.getOrCreate(topic.name, index, topic.id, config)
    // A log found at start was opened before anybody knew the topic's own settings.
    log.updateConfig(config)
    return log
  }

  private update(partition: Partition, registration: PartitionRegistration, toFollow: Partition[]): void {
    const { fetchers, replicaManager, logger } = this.options
    try {
      const change = partition.update(registration)
      if (change === null) return
      if (partition.isLeader) fetchers.stop(partition)
      else if (this.isLeftBehind(registration)) fetchers.stop(partition)
      else if (change.isNewEpoch) toFollow.push(partition)
    } catch (error) {
      logger.error(`partition ${partition.name} cannot take its role and is offline`, error)
      fetchers.stop(partition)
      replicaManager.takeOffline(partition)
    }
  }

  private isLeftBehind({ leader, isr }: PartitionRegistration): boolean {
    return this.isShuttingDown && (leader === NO_LEADER || !isr.includes(this.options.nodeId))
  }

  private follow(partition: Partition): void {
    const { fetchers, replicaManager, logger } = this.options
    try {
      fetchers.follow(partition)
    } catch (error) {
      logger.error(`Unable to start fetching ${partition.name}`, error)
      replicaManager.takeOffline(partition)
    }
  }

  /** Logs of topics that were deleted, and of replicas that were taken away, while this broker was down. */
  private moveStraysAside(image: MetadataImage): void {
    const { logManager, nodeId, logger } = this.options
    for (const { topic, partition, topicId } of [...logManager.logs()]) {
      if (topic === CLUSTER_METADATA_TOPIC) continue
      const registration = topicId === null ? undefined : image.topicsById.get(topicId)?.partitions.get(partition)
      if (registration?.replicas.includes(nodeId)) continue
      logger.warn(`${topic}-${partition} is a stray: the cluster's metadata knows no such replica here`)
      try {
        logManager.moveAside(topic, partition)
      } catch (error) {
        logger.error(`The stray ${topic}-${partition} cannot be moved aside`, error)
      }
    }
  }
}
