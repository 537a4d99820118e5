/** What the script makes of the quorum's description: pure functions. */
import { KtError } from '../../base/errors.ts'
import { ZERO_UUID } from '../../base/uuid.ts'
import type { Structure } from '../../cli/format.ts'
import type { NamedEndpoint, QuorumDescription, QuorumReplica } from '../../client/admin-types.ts'

export interface ReplicationRow {
  readonly replica: QuorumReplica
  /** Records behind the leader. */
  readonly lag: number
  readonly status: 'Leader' | 'Follower' | 'Observer'
}

function leaderOf({ leaderId, voters }: QuorumDescription): QuorumReplica {
  const leader = voters.find(({ id }) => id === leaderId)
  if (leader !== undefined) return leader
  throw new KtError('kafka', `The leader of the quorum, node ${leaderId}, is not among its voters`, {
    facts: [`voters: ${voters.map(({ id }) => id).join(', ')}`],
    next: 'the same command again: the leader may have lost its vote just now',
  })
}

/** The leader, then the other voters, then the observers. */
export function replicationRows(quorum: QuorumDescription): ReplicationRow[] {
  const leader = leaderOf(quorum)
  const row = (replica: QuorumReplica, status: ReplicationRow['status']): ReplicationRow => ({
    replica,
    lag: leader.logEndOffset - replica.logEndOffset,
    status,
  })
  const followers = quorum.voters.filter(({ id }) => id !== leader.id)
  return [
    row(leader, 'Leader'),
    ...followers.map((each) => row(each, 'Follower')),
    ...quorum.observers.map((each) => row(each, 'Observer')),
  ]
}

export const REPLICATION_HEAD = [
  'NodeId',
  'DirectoryId',
  'LogEndOffset',
  'Lag',
  'LastFetchTimestamp',
  'LastCaughtUpTimestamp',
  'Status',
]

/** The script's cells; with `nowMs`, times are told as they are seen from then. */
export function replicationCells({ replica, lag, status }: ReplicationRow, nowMs: number | null): string[] {
  const time = (timestampMs: number | null, what: string): string => {
    if (timestampMs === null) return '-1'
    return nowMs === null ? String(timestampMs) : `${passedMs(timestampMs, nowMs, what)} ms ago`
  }
  return [
    String(replica.id),
    replica.directoryId,
    String(replica.logEndOffset),
    String(lag),
    time(replica.lastFetchTimestampMs, 'last fetch'),
    time(replica.lastCaughtUpTimestampMs, 'last caught up'),
    status,
  ]
}

/** Milliseconds from then to now. */
export function agoMs(timestampMs: number, nowMs: number): number {
  return nowMs - timestampMs
}

/** The same, but a clock of the cluster that is ahead of ours is an error, as the script has it. */
function passedMs(timestampMs: number, nowMs: number, what: string): number {
  if (timestampMs > 0 && timestampMs <= nowMs) return agoMs(timestampMs, nowMs)
  throw new KtError(
    'kafka',
    `Error while computing relative time, possible drift in system clock.\nCurrent timestamp is ${nowMs}, ${what} timestamp is ${timestampMs}`,
  )
}

export interface QuorumStatus {
  readonly clusterId: string
  readonly quorum: QuorumDescription
  readonly maxFollowerLag: number
  /** -1: not known. */
  readonly maxFollowerLagTimeMs: number
}

export function quorumStatus(clusterId: string, quorum: QuorumDescription): QuorumStatus {
  const leader = leaderOf(quorum)
  const slowest = quorum.voters.reduce((least, each) => (each.logEndOffset < least.logEndOffset ? each : least))
  return {
    clusterId,
    quorum,
    maxFollowerLag: leader.logEndOffset - slowest.logEndOffset,
    maxFollowerLagTimeMs: lagTimeMs(leader, slowest),
  }
}

function lagTimeMs(leader: QuorumReplica, slowest: QuorumReplica): number {
  if (leader === slowest) return 0
  if (leader.lastCaughtUpTimestampMs === null || slowest.lastCaughtUpTimestampMs === null) return -1
  return leader.lastCaughtUpTimestampMs - slowest.lastCaughtUpTimestampMs
}

/** The script's text. */
export function statusText({ clusterId, quorum, maxFollowerLag, maxFollowerLagTimeMs }: QuorumStatus): string {
  const fields: [string, string | number][] = [
    ['ClusterId', clusterId],
    ['LeaderId', quorum.leaderId],
    ['LeaderEpoch', quorum.leaderEpoch],
    ['HighWatermark', quorum.highWatermark],
    ['MaxFollowerLag', maxFollowerLag],
    ['MaxFollowerLagTimeMs', maxFollowerLagTimeMs],
    ['CurrentVoters', nodesText(quorum, quorum.voters)],
    ['CurrentObservers', nodesText(quorum, quorum.observers)],
  ]
  return fields.map(([name, value]) => `${`${name}:`.padEnd(24)}${value}\n`).join('')
}

/** What an IPv6 address needs in front of a port. */
export function endpointText({ name, host, port }: NamedEndpoint): string {
  return `${name}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function nodesText({ endpoints }: QuorumDescription, replicas: readonly QuorumReplica[]): string {
  const nodes = replicas.map(({ id, directoryId }) => {
    const listening = endpoints.get(id) ?? []
    const parts = [`"id": ${id}`]
    if (directoryId !== ZERO_UUID) parts.push(`"directoryId": "${directoryId}"`)
    if (listening.length > 0)
      parts.push(`"endpoints": [${listening.map((each) => `"${endpointText(each)}"`).join(', ')}]`)
    return `{${parts.join(', ')}}`
  })
  return `[${nodes.join(', ')}]`
}

/** `QuorumReplication`'s element. */
export function replicationFields({ replica, lag, status }: ReplicationRow): Structure {
  return {
    nodeId: replica.id,
    directoryId: directoryIdOf(replica),
    logEndOffset: replica.logEndOffset,
    lag,
    lastFetchTimestamp: replica.lastFetchTimestampMs,
    lastCaughtUpTimestamp: replica.lastCaughtUpTimestampMs,
    status,
  }
}

function directoryIdOf({ directoryId }: QuorumReplica): string | null {
  return directoryId === ZERO_UUID ? null : directoryId
}

/** `QuorumStatus`. */
export function statusFields(status: QuorumStatus): Record<string, Structure> {
  const { clusterId, quorum, maxFollowerLag, maxFollowerLagTimeMs } = status
  const node = (replica: QuorumReplica): Structure => ({
    nodeId: replica.id,
    directoryId: directoryIdOf(replica),
    endpoints: (quorum.endpoints.get(replica.id) ?? []).map(({ name, host, port }) => ({ listener: name, host, port })),
  })
  return {
    clusterId,
    leaderId: quorum.leaderId,
    leaderEpoch: quorum.leaderEpoch,
    highWatermark: quorum.highWatermark,
    maxFollowerLag,
    maxFollowerLagTimeMs: maxFollowerLagTimeMs < 0 ? null : maxFollowerLagTimeMs,
    voters: quorum.voters.map(node),
    observers: quorum.observers.map(node),
  }
}
