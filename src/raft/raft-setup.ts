/** How a `RaftNode` begins: its settings with their defaults, and its state from what is on disk. */
import { systemRandom } from '../base/random.ts'
import type { RaftCore } from './core.ts'
import type { LocalLog } from './local-log.ts'
import { readQuorumState } from './quorum-state-file.ts'
import type { RaftOptions } from './raft-options.ts'
import { DEFAULT_TIMEOUTS, type RaftState } from './state.ts'
import { initialState } from './step.ts'
import { SUPPORTED_KRAFT_VERSIONS } from './voters.ts'

const DEFAULT_LISTENER_NAME = 'CONTROLLER'

export function firstState(options: RaftOptions, local: LocalLog): RaftState {
  const { log, files, electionTimeoutMs } = options
  return initialState({
    local: {
      id: options.localId,
      directoryId: options.localDirectoryId,
      endpoints: options.endpoints ?? [],
      kraftVersions: SUPPORTED_KRAFT_VERSIONS,
      canVote: options.canVote ?? true,
      autoJoin: options.autoJoin ?? false,
    },
    timeouts: {
      ...DEFAULT_TIMEOUTS,
      ...(electionTimeoutMs !== undefined && { electionTimeoutMs }),
      ...options.timeouts,
    },
    quorum: local.history.current,
    stored: readQuorumState(files, log.directory),
    logEpoch: local.lastEpoch,
    logEndOffset: log.logEndOffset,
  })
}

/** The node's own part of its core. */
export interface NodeInside extends Pick<RaftCore, 'input' | 'ask'> {
  readonly state: () => RaftState
  readonly closed: () => boolean
}

export function makeCore(options: RaftOptions, local: LocalLog, node: NodeInside): RaftCore {
  const { log, files, clock, logger, endpoints } = options
  return {
    ...{ log, files, clock, logger },
    random: options.random ?? systemRandom,
    clusterId: options.clusterId ?? null,
    bootstrapServers: options.bootstrapServers ?? [],
    listenerName: options.listenerName ?? endpoints?.[0]?.name ?? DEFAULT_LISTENER_NAME,
    snapshots: local.snapshots,
    logView: local.view,
    get state() {
      return node.state()
    },
    get closed() {
      return node.closed()
    },
    input: node.input,
    ask: node.ask,
  }
}
