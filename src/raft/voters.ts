/** Who votes in the metadata quorum (KIP-595; with directory ids since KIP-853). */
import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import type { PeerAddress } from '../protocol/peers.ts'

export interface VoterEndpoint {
  /** Listener name, for example `CONTROLLER`. */
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface Voter {
  readonly id: number
  /** ZERO_UUID while kraft.version is 0. */
  readonly directoryId: Uuid
  readonly endpoints: readonly VoterEndpoint[]
  /** Range of kraft.version this voter supports; of a configured voter nobody knows more than that it is there. */
  readonly kraftVersions: { readonly min: number; readonly max: number }
}

/** A replica of the metadata log: a node whose disk was replaced is another replica. ZERO_UUID: directory not known. */
export interface ReplicaKey {
  readonly id: number
  readonly directoryId: Uuid
}

/** Voters by id; changed only by replacing it, when a Voters control record is read. */
export type VoterSet = ReadonlyMap<number, Voter>

/** kraft.version range of this implementation. */
export const SUPPORTED_KRAFT_VERSIONS = { min: 0, max: 1 } as const

/** How many voters must agree. */
export function majority(voters: VoterSet): number {
  return Math.floor(voters.size / 2) + 1
}

export function isOnlyVoter(voters: VoterSet, key: ReplicaKey): boolean {
  return voters.size === 1 && isVoter(voters, key)
}

/** A voter whose directory is not known is whoever has its id. */
export function matches(known: ReplicaKey, key: ReplicaKey): boolean {
  return known.id === key.id && (known.directoryId === ZERO_UUID || known.directoryId === key.directoryId)
}

export function isVoter(voters: VoterSet, key: ReplicaKey): boolean {
  const voter = voters.get(key.id)
  return voter !== undefined && matches(voter, key)
}

/** `voters` with `voter` added or put in the place of the one that has its id. */
export function withVoter(voters: VoterSet, voter: Voter): VoterSet {
  return new Map(voters).set(voter.id, voter)
}

/** null when `key` is no voter, or the last one. */
export function withoutVoter(voters: VoterSet, key: ReplicaKey): VoterSet | null {
  const voter = voters.get(key.id)
  if (voter === undefined || voter.directoryId !== key.directoryId || voters.size === 1) return null
  return new Map([...voters].filter(([id]) => id !== key.id))
}

export function sameVoter(a: Voter, b: Voter): boolean {
  const sameVersions = a.kraftVersions.min === b.kraftVersions.min && a.kraftVersions.max === b.kraftVersions.max
  return a.id === b.id && a.directoryId === b.directoryId && sameVersions && sameEndpoints(a.endpoints, b.endpoints)
}

function sameEndpoints(a: readonly VoterEndpoint[], b: readonly VoterEndpoint[]): boolean {
  const text = (list: readonly VoterEndpoint[]): string =>
    list
      .map(({ name, host, port }) => `${name} ${host} ${port}`)
      .sort()
      .join()
  return text(a) === text(b)
}

export function sameVoters(a: VoterSet, b: VoterSet): boolean {
  return a.size === b.size && [...a.values()].every((voter) => b.has(voter.id) && sameVoter(voter, b.get(voter.id)!))
}

export function sameAddress(a: PeerAddress, b: PeerAddress): boolean {
  return a.host === b.host && a.port === b.port
}

/** Where a node is reached: at its listener of that name, else at the first it has. */
export function addressOf(endpoints: readonly VoterEndpoint[], listenerName: string): PeerAddress | null {
  const found = endpoints.find(({ name }) => name === listenerName) ?? endpoints[0]
  return found === undefined ? null : { host: found.host, port: found.port }
}

const STATIC_VOTER = /^(\d+)@(?:\[([^\]]+)\]|([^:]+)):(\d+)$/

/** What can be said of a voter that only the configuration names. */
const ASSUMED_KRAFT_VERSIONS = { min: 0, max: 0 } as const

/** `controller.quorum.voters` of a static quorum (kraft.version 0), entries `id@host:port`. */
export function staticVoters(entries: readonly string[], listenerName: string): VoterSet {
  const voters = new Map<number, Voter>()
  for (const entry of entries) {
    const match = STATIC_VOTER.exec(entry)
    if (match === null) throw new RangeError(`not a voter: ${entry}`)
    const id = Number(match[1])
    const endpoint = { name: listenerName, host: match[2] ?? match[3]!, port: Number(match[4]) }
    voters.set(id, { id, directoryId: ZERO_UUID, endpoints: [endpoint], kraftVersions: ASSUMED_KRAFT_VERSIONS })
  }
  return voters
}
