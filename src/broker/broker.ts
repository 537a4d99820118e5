import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Random } from '../base/random.ts'
import type { ControllerChannel } from '../controller/types.ts'
import { GroupCoordinator } from '../coordinator/group/coordinator.ts'
import type { LogManager } from '../log/log-manager.ts'
import type { NodeConfig } from '../metadata/config/index.ts'
import { EMPTY_IMAGE } from '../metadata/image.ts'
import type { RequestProcessor } from '../network/processor.ts'
import type { SupportedFeature } from './api-versions.ts'
import { AutoTopicCreation } from './auto-topic-creation.ts'
import type { BrokerServices } from './broker-services.ts'
import { BrokerSettings } from './broker-settings.ts'
import { PartitionCoordinatorLog } from './coordinator-log.ts'
import { DelayedOperations } from './delayed-operations.ts'
import { FetchSessions } from './fetch-session.ts'
import { groupCoordinatorConfig } from './group-coordinator-config.ts'
import { handlerTable } from './handler-table.ts'
import { MetadataCache } from './metadata-cache.ts'
import { BrokerMetadataPublisher } from './metadata-publisher.ts'
import { ProducerIds } from './producer-ids.ts'
import { ReplicaManager } from './replica-manager.ts'
import { RequestDispatcher } from './request-dispatcher.ts'
import { GROUP_METADATA_TOPIC } from './topic-names.ts'

export interface BrokerOptions {
  readonly nodeConfig: NodeConfig
  readonly clusterId: string
  readonly logManager: LogManager
  readonly controller: ControllerChannel
  /** Epoch of the current registration, -1 before the first. */
  readonly brokerEpoch: () => number
  readonly supportedFeatures: readonly SupportedFeature[]
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/** A broker without its sockets and its quorum: what serves requests and what follows the metadata. */
export class Broker {
  readonly services: BrokerServices
  /** To be told of every image. */
  readonly publisher: BrokerMetadataPublisher
  /** To be handed every request frame. */
  readonly processor: RequestProcessor
  private readonly delayed: DelayedOperations

  constructor(options: BrokerOptions) {
    const { nodeConfig, clock, random, logger, logManager, controller } = options
    const settings = new BrokerSettings(nodeConfig)
    const metadata = new MetadataCache(EMPTY_IMAGE)
    this.delayed = new DelayedOperations(clock)
    const replicaManager = new ReplicaManager(metadata, this.delayed, logger)
    const groupCoordinator = new GroupCoordinator({
      log: new PartitionCoordinatorLog(GROUP_METADATA_TOPIC, replicaManager, clock),
      clock,
      random,
      logger: logger.child('group-coordinator'),
      config: groupCoordinatorConfig(nodeConfig),
    })
    const nodeId = nodeConfig.nodeId
    this.services = {
      nodeId,
      clusterId: options.clusterId,
      config: settings,
      nodeConfig,
      metadata,
      replicaManager,
      fetchSessions: new FetchSessions(settings.maxFetchSessions, clock, random),
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
      logManager,
      replicaManager,
      groupCoordinator,
      logger,
    })
    this.processor = new RequestDispatcher(handlerTable(this.services, options.supportedFeatures), logger)
  }

  /** Answers whoever waits; the logs are the log manager's to close. */
  close(): void {
    this.services.groupCoordinator.close()
    this.delayed.close()
  }
}
