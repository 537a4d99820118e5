/** A node as those see it who start one: `kt server-start`, the local cluster, a simulation. */
import type { Clock } from '../base/clock.ts'
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'
import type { Random } from '../base/random.ts'
import type { Timeline } from '../base/timeline.ts'
import type { NodeConfig } from '../metadata/config/index.ts'
import type { Endpoint, MetadataImage } from '../metadata/types.ts'
import type { NodeNetwork } from '../network/node-network.ts'

export interface NodeOptions {
  /** `process.roles` says whether it is a broker, a controller, or both. Its directory must be formatted. */
  readonly config: NodeConfig
  /** The formatted directory must belong to this cluster. Left out: whatever is there. */
  readonly clusterId?: string
  readonly files?: FileSystem
  readonly clock?: Clock
  readonly random?: Random
  readonly logger?: Logger
  /** Told what happens inside; left out: nobody is. */
  readonly timeline?: Timeline
  /** Sockets when left out. */
  readonly network?: NodeNetwork
  /** The metadata log failed, or another node has our id: the node can only end. */
  readonly onFatal?: (error: unknown) => void
}

/** A running node. */
export interface KafkaNode {
  readonly nodeId: number
  readonly clusterId: string
  /** Broker listeners as clients are told of them, ports filled in; empty for a mere controller. */
  readonly endpoints: readonly Endpoint[]
  /** Controller listeners; empty for a mere broker. */
  readonly controllerEndpoints: readonly Endpoint[]
  /** The newest committed metadata this node has read. */
  readonly image: MetadataImage
  /** Controlled shutdown: leaderships move away, requests end, logs are flushed and closed. */
  close(): Promise<void>
  /** What a crash is to the others: connections end, nobody is told, the next start recovers the logs. */
  kill(): Promise<void>
}
