import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Random } from '../base/random.ts'
import type { Timeline } from '../base/timeline.ts'
import type { ControllerChannel } from '../controller/types.ts'
import { GroupCoordinator } from '../coordinator/group/coordinator.ts'
import type { LogManager } from '../log/log-manager.ts'
import type { NodeConfig } from '../metadata/config/index.ts'
import { EMPTY_IMAGE } from '../metadata/image.ts'
import type { RequestProcessor } from '../network/processor.ts'
import type { PeerNetwork } from '../protocol/peers.ts'
import { AlterPartitionManager } from './alter-partition-manager.ts'
import type { NodeFeatures } from './api-versions.ts'
import { AutoTopicCreation } from './auto-topic-creation.ts'
import type { BrokerServices } from './broker-services.ts'
import { BrokerSettings } from './broker-settings.ts'
import { PartitionCoordinatorLog } from './coordinator-log.ts'
import { DelayedOperations } from './delayed-operations.ts'
import { FetchSessions } from './fetch-session.ts'
import { groupCoordinatorConfig } from './group-coordinator-config.ts'
import { handlerTable } from './handler-table.ts'
import type { PartitionEnvironment } from './leader-state.ts'
import { LocalReplicas } from './local-replicas.ts'
import { MetadataCache } from './metadata-cache.ts'
import { BrokerMetadataPublisher } from './metadata-publisher.ts'
import { ProducerIds } from './producer-ids.ts'
import { ReplicaFetchers } from './replica-fetchers.ts'
import { ReplicaManager } from './replica-manager.ts'
import { replicaSelector } from './replica-selector.ts'
import { ReplicationQuota, type ReplicationQuotas } from './replication-quota.ts'
import { RequestDispatcher } from './request-dispatcher.ts'
import { GROUP_METADATA_TOPIC } from './topic-names.ts'

export interface BrokerOptions {
  readonly nodeConfig: NodeConfig
  readonly clusterId: string
  readonly logManager: LogManager
  readonly controller: ControllerChannel
  /** Where ISR changes go: a channel of its own, since requests of a channel wait for each other. Left out: `controller`. */
  readonly alterPartitionController?: ControllerChannel
  /** How the leaders of followed partitions are reached. */
  readonly peers: PeerNetwork
  /** Epoch of the current registration, -1 before the first. */
  readonly brokerEpoch: () => number
  readonly features: NodeFeatures
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Left out: nobody is told. */
  readonly timeline?: Timeline
}

/** A broker without its sockets and its quorum: what serves requests and what follows the metadata. */
export class Broker {
  readonly services: BrokerServices
  /** To be told of every image. */
  readonly publisher: BrokerMetadataPublisher
  /** To be handed every request frame. */
  readonly processor: RequestProcessor
  private readonly delayed: DelayedOperations
  private readonly replication: Replication

  constructor(options: BrokerOptions) {
    const { nodeConfig, clock, random, logger, timeline, logManager, controller } = options
    const { nodeId } = nodeConfig
    const settings = new BrokerSettings(nodeConfig)
    const metadata = new MetadataCache(EMPTY_IMAGE)
    this.delayed = new DelayedOperations(clock, undefined, timeline)
    const quotas = replicationQuotas(settings, clock)
    const replicaManager = new ReplicaManager({
      quota: quotas.leader,
      metadata,
      delayed: this.delayed,
      selector: replicaSelector(settings.replicaSelectorClass, metadata),
      replicaLagTimeMaxMs: settings.replicaLagTimeMaxMs,
      clock,
      logger,
    })
    this.replication = new Replication(options, settings, metadata, replicaManager, quotas.follower)
    const { fetchers, localReplicas } = this.replication
    const groupCoordinator = new GroupCoordinator({
      log: new PartitionCoordinatorLog(GROUP_METADATA_TOPIC, replicaManager, clock),
      clock,
      random,
      logger: logger.child('group-coordinator'),
      timeline,
      config: groupCoordinatorConfig(nodeConfig),
    })
    this.services = {
      nodeId,
      clusterId: options.clusterId,
      config: settings,
      nodeConfig,
      metadata,
      replicaManager,
      fetchSessions: new FetchSessions(settings.maxFetchSessions, clock, random, replicaManager.find),
      groupCoordinator,
      producerIds: new ProducerIds({ controller, clock, nodeId, brokerEpoch: options.brokerEpoch }),
      logDirs: [logManager.directory],
      controller,
      autoTopicCreation: new AutoTopicCreation({ settings, controller, clock, logger }),
      clock,
      logger,
    }
    this.publisher = new BrokerMetadataPublisher({
      nodeId,
      nodeConfig,
      metadata,
      replicaManager,
      localReplicas,
      fetchers,
      groupCoordinator,
      logger,
    })
    this.processor = new RequestDispatcher(handlerTable(this.services, options.features), logger)
  }

  /** The controller is about to move the leaderships away. */
  beginControlledShutdown(): void {
    this.replication.localReplicas.beginControlledShutdown()
  }

  /** Stops following, answers whoever waits; the logs are the log manager's to close. */
  close(): void {
    this.replication.close()
    this.services.replicaManager.close()
    this.services.groupCoordinator.close()
    this.delayed.close()
  }
}

function replicationQuotas(settings: BrokerSettings, clock: Clock): ReplicationQuotas {
  const of = (side: keyof ReplicationQuotas): ReplicationQuota =>
    new ReplicationQuota({
      ...settings.replicationQuotaWindow,
      rate: () => settings.replicationThrottledRate(side),
      clock,
    })
  return { leader: of('leader'), follower: of('follower') }
}

/** What keeps this broker's replicas together with those of others. */
class Replication {
  readonly fetchers: ReplicaFetchers
  readonly localReplicas: LocalReplicas
  private readonly alterPartitions: AlterPartitionManager

  constructor(
    options: BrokerOptions,
    settings: BrokerSettings,
    metadata: MetadataCache,
    replicaManager: ReplicaManager,
    quota: ReplicationQuota,
  ) {
    const { nodeConfig, clock, logger, timeline, logManager, peers, brokerEpoch } = options
    const { nodeId } = nodeConfig
    const controller = options.alterPartitionController ?? options.controller
    this.alterPartitions = new AlterPartitionManager({ nodeId, brokerEpoch, controller, clock, logger })
    this.fetchers = new ReplicaFetchers({
      nodeId,
      metadata,
      peers,
      listenerName: settings.interBrokerListenerName,
      fetchersPerLeader: settings.replicaFetchersPerLeader,
      settings: settings.replicaFetch,
      brokerEpoch,
      quota,
      clock,
      logger: logger.child('replica-fetcher'),
    })
    const environment: PartitionEnvironment = {
      nodeId,
      brokerEpoch,
      brokers: metadata,
      alterPartitions: this.alterPartitions,
      replicaLagTimeMaxMs: settings.replicaLagTimeMaxMs,
      clock,
      logger: logger.child('partition'),
      timeline,
    }
    const { fetchers } = this
    this.localReplicas = new LocalReplicas({ nodeId, logManager, replicaManager, fetchers, environment, logger })
  }

  close(): void {
    this.fetchers.close()
    this.alterPartitions.close()
  }
}
