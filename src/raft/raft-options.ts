/** What a `RaftNode` is made of. */
import type { Clock } from '../base/clock.ts'
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'
import type { Random } from '../base/random.ts'
import type { Uuid } from '../base/uuid.ts'
import type { PeerAddress, PeerNetwork } from '../protocol/peers.ts'
import type { RaftTimeouts } from './state.ts'
import type { RaftLog } from './types.ts'
import type { VoterEndpoint, VoterSet } from './voters.ts'

export interface RaftOptions {
  readonly localId: number
  readonly localDirectoryId: Uuid
  /** Voters of a static quorum, or what to start from where neither snapshot nor log names any. */
  readonly voters: VoterSet
  /** `__cluster_metadata-0`, recovered; snapshots and quorum-state live in its directory. */
  readonly log: RaftLog
  readonly files: FileSystem
  readonly clock: Clock
  readonly logger: Logger
  readonly random?: Random
  /** Requests of other clusters are refused; left out or null: unchecked. */
  readonly clusterId?: string | null
  /** False for a mere broker: it follows and never stands. True when left out. */
  readonly canVote?: boolean
  /** null or left out: a sole voter nobody talks to. */
  readonly network?: PeerNetwork | null
  /** controller.quorum.bootstrap.servers: who to ask for the leader, beside the voters. */
  readonly bootstrapServers?: readonly PeerAddress[]
  /** Our own controller listeners. */
  readonly endpoints?: readonly VoterEndpoint[]
  /** Listener by which voters reach each other; the first of `endpoints`, or CONTROLLER, when left out. */
  readonly listenerName?: string
  /** controller.quorum.auto.join.enable */
  readonly autoJoin?: boolean
  /** Kafka's defaults for what is left out. */
  readonly timeouts?: Partial<RaftTimeouts>
  /** controller.quorum.election.timeout.ms, when `timeouts` does not say. */
  readonly electionTimeoutMs?: number
  /** The log cannot be written any more, or a listener failed: the node must stop. */
  readonly onFatal: (error: unknown) => void
}

export interface Appended {
  readonly firstOffset: number
  readonly lastOffset: number
  /** Resolves once committed; rejects with NOT_CONTROLLER or KAFKA_STORAGE_ERROR, or when the node closes. */
  readonly committed: Promise<void>
}
