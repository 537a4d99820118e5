/** What the parts of a `RaftNode` share: its settings, its state, and the way an input gets into it. */
import type { Clock } from '../base/clock.ts'
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'
import type { Random } from '../base/random.ts'
import type { ErrorName } from '../protocol/error-codes.ts'
import type { PeerAddress } from '../protocol/peers.ts'
import type { LogView } from './log-positions.ts'
import type { SnapshotStore } from './snapshot-store.ts'
import type { LeaderHint, RaftInput, RaftState } from './state.ts'
import { visibleLeader } from './state.ts'
import type { RaftLog } from './types.ts'
import type { VoterEndpoint } from './voters.ts'

/** The metadata log is one partition of one topic. */
export const METADATA_TOPIC = '__cluster_metadata'

export interface RaftCore {
  readonly log: RaftLog
  readonly snapshots: SnapshotStore
  readonly files: FileSystem
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** null: unchecked. */
  readonly clusterId: string | null
  readonly bootstrapServers: readonly PeerAddress[]
  /** Listener by which voters reach each other, the first of controller.listener.names. */
  readonly listenerName: string
  readonly state: RaftState
  /** True once the node was closed: nothing is sent, stored or told any more. */
  readonly closed: boolean
  readonly logView: LogView
  /** One step and all that comes of it. */
  input(input: RaftInput): void
  /** As `input`, for a request of another node: gives what it is answered with. */
  ask(input: RaftInput): { readonly error: ErrorName; readonly granted: boolean }
}

/** Longest wait between attempts at somebody who does not answer, in retry backoffs. */
const MAX_BACKOFF_FACTOR = 10

/** Doubles with every failure, up to ten times `retryBackoffMs`. */
export function backoffMs(failures: number, retryBackoffMs: number): number {
  return retryBackoffMs * Math.min(MAX_BACKOFF_FACTOR, 2 ** Math.max(0, failures - 1))
}

export function hintOf(
  core: RaftCore,
  leader: { readonly leaderId: number; readonly leaderEpoch: number },
  nodes: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[],
): LeaderHint {
  const leaderId = leader.leaderId < 0 ? null : leader.leaderId
  const node = nodes.find(({ nodeId }) => nodeId === leaderId)
  const endpoints: VoterEndpoint[] =
    node === undefined ? [] : [{ name: core.listenerName, host: node.host, port: node.port }]
  return { epoch: leader.leaderEpoch, leaderId, endpoints }
}

/** Leader and epoch for an answer. */
export function currentLeader({ state }: RaftCore): { leaderId: number; leaderEpoch: number } {
  return { leaderId: visibleLeader(state) ?? -1, leaderEpoch: state.epoch }
}

/** Where the leader listens under the name by which the request came. */
export function leaderNodes(
  { state }: RaftCore,
  listenerName: string,
): { nodeId: number; host: string; port: number }[] {
  const nodeId = visibleLeader(state)
  const endpoint = state.leaderEndpoints.find(({ name }) => name === listenerName)
  return nodeId === null || endpoint === undefined ? [] : [{ nodeId, host: endpoint.host, port: endpoint.port }]
}

/** The one partition of a request; null when it is not the metadata log's. */
export function onlyPartition<P>(
  topics: readonly { readonly topicName: string; readonly partitions: readonly P[] }[],
  indexOf: (partition: P) => number,
): P | null {
  const [topic] = topics
  if (topics.length !== 1 || topic?.topicName !== METADATA_TOPIC || topic.partitions.length !== 1) return null
  const partition = topic.partitions[0]!
  return indexOf(partition) === 0 ? partition : null
}
