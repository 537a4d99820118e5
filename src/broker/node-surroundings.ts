import type { Clock } from '../base/clock.ts'
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'
import type { Random } from '../base/random.ts'
import type { Timeline } from '../base/timeline.ts'
import type { MetaProperties } from '../log/meta-properties.ts'
import type { NodeConfig } from '../metadata/config/index.ts'
import type { NodeNetwork } from '../network/node-network.ts'

/** What every part of a node is handed. */
export interface NodeSurroundings {
  readonly config: NodeConfig
  readonly identity: MetaProperties
  readonly files: FileSystem
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly timeline: Timeline
  readonly network: NodeNetwork
}
