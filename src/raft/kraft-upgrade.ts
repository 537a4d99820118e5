/** Raising kraft.version from 0 to 1: from configured voters to voters in the log (KIP-853). */
import { ZERO_UUID } from '../base/uuid.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { RaftState } from './state.ts'
import { sameVoters, type Voter, type VoterSet } from './voters.ts'

export interface KraftUpgrade {
  readonly kraftVersion: number
  /** To be written with it: the voters as they told the leader of themselves; null when the log has them so. */
  readonly voters: VoterSet | null
}

function refuse(why: string): never {
  throw new KafkaError('INVALID_UPDATE_VERSION', why)
}

/**
 * What is to be appended so that kraft.version becomes `level`; null when it is that already. Throws `KafkaError`:
 * NOT_CONTROLLER when we do not lead `epoch`, INVALID_UPDATE_VERSION when the voters are not ready for it.
 */
export function planKraftUpgrade(state: RaftState, epoch: number, level: number): KraftUpgrade | null {
  const { role, quorum } = state
  if (role.kind !== 'leader' || epoch !== state.epoch) throw new KafkaError('NOT_CONTROLLER')
  const from = quorum.kraftVersion
  if (level === from) return null
  const upgrade = `upgrade of kraft.version from version ${from} to ${level}`
  if (level < from) refuse(`Invalid ${upgrade} because the new version is a downgrade`)
  const voters = role.volatileVoters
  if (voters === null) refuse(`Invalid ${upgrade}`)
  if (![...voters.values()].every((voter) => isReady(voter, level))) {
    refuse(`Invalid upgrade of kraft.version to ${level} because not all of the voters support it`)
  }
  return { kraftVersion: level, voters: sameVoters(voters, quorum.voters) ? null : voters }
}

/** One that is silent is known by its configuration alone, which has neither versions nor a directory. */
function isReady({ kraftVersions, directoryId }: Voter, level: number): boolean {
  return level >= kraftVersions.min && level <= kraftVersions.max && directoryId !== ZERO_UUID
}
