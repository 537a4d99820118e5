import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { ControllerChannel } from '../controller/types.ts'
import type { GroupCoordinator } from '../coordinator/group/coordinator.ts'
import type { NodeConfig } from '../metadata/config/node-config.ts'
import type { AutoTopicCreation } from './auto-topic-creation.ts'
import type { BrokerSettings } from './broker-settings.ts'
import type { FetchSessions } from './fetch-session.ts'
import type { MetadataCache } from './metadata-cache.ts'
import type { ProducerIds } from './producer-ids.ts'
import type { ReplicaManager } from './replica-manager.ts'

/** What handlers may use: each is owned elsewhere, handlers hold nothing of their own. */
export interface BrokerServices {
  readonly nodeId: number
  readonly clusterId: string
  readonly config: BrokerSettings
  readonly nodeConfig: NodeConfig
  readonly metadata: MetadataCache
  readonly replicaManager: ReplicaManager
  readonly fetchSessions: FetchSessions
  readonly groupCoordinator: GroupCoordinator
  readonly producerIds: ProducerIds
  /** The absolute log directories, as DescribeLogDirs names them. */
  readonly logDirs: readonly string[]
  readonly controller: ControllerChannel
  readonly autoTopicCreation: AutoTopicCreation
  readonly clock: Clock
  readonly logger: Logger
}
