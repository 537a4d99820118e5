/** Who votes in the metadata quorum (KIP-595; with directory ids since KIP-853). */
import { type Uuid, ZERO_UUID } from '../base/uuid.ts'

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
  /** Range of kraft.version this voter supports. */
  readonly kraftVersions: { readonly min: number; readonly max: number }
}

/** Voters by id; changed only by replacing it, when a Voters control record is read. */
export type VoterSet = ReadonlyMap<number, Voter>

/** kraft.version range of this implementation. */
export const SUPPORTED_KRAFT_VERSIONS = { min: 0, max: 1 } as const

/** How many voters must agree. */
export function majority(voters: VoterSet): number {
  return Math.floor(voters.size / 2) + 1
}

export function isOnlyVoter(voters: VoterSet, id: number): boolean {
  return voters.size === 1 && voters.has(id)
}

const STATIC_VOTER = /^(\d+)@(?:\[([^\]]+)\]|([^:]+)):(\d+)$/

/** `controller.quorum.voters` of a static quorum (kraft.version 0), entries `id@host:port`. */
export function staticVoters(entries: readonly string[], listenerName: string): VoterSet {
  const voters = new Map<number, Voter>()
  for (const entry of entries) {
    const match = STATIC_VOTER.exec(entry)
    if (match === null) throw new RangeError(`not a voter: ${entry}`)
    const id = Number(match[1])
    const endpoint = { name: listenerName, host: match[2] ?? match[3]!, port: Number(match[4]) }
    voters.set(id, { id, directoryId: ZERO_UUID, endpoints: [endpoint], kraftVersions: SUPPORTED_KRAFT_VERSIONS })
  }
  return voters
}
