/**
 * `quorum-state`: epoch, leader and vote, kept across restarts so that a node never votes twice in an epoch (KIP-595).
 * Version 1 with kraft.version 1 (KIP-853), version 0, which knows no directories, with kraft.version 0.
 */
import type { FileSystem } from '../base/file-system.ts'
import { writeAtomically } from '../base/file-system.ts'
import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import type { VoterSet } from './voters.ts'

export const QUORUM_STATE_FILE = 'quorum-state'
const NOBODY = -1

export interface ElectionState {
  readonly epoch: number
  readonly leaderId: number | null
  readonly voted: { readonly id: number; readonly directoryId: Uuid } | null
}

/** What the version of the file depends on. */
export interface QuorumStateContext {
  readonly voters: VoterSet
  readonly kraftVersion: number
}

export function formatQuorumState(state: ElectionState, { voters, kraftVersion }: QuorumStateContext): string {
  const leader = { leaderId: state.leaderId ?? NOBODY, leaderEpoch: state.epoch, votedId: state.voted?.id ?? NOBODY }
  if (kraftVersion > 0) {
    return JSON.stringify({ ...leader, votedDirectoryId: state.voted?.directoryId ?? ZERO_UUID, data_version: 1 })
  }
  const currentVoters = [...voters.keys()].map((voterId) => ({ voterId }))
  return JSON.stringify({ clusterId: '', ...leader, appliedOffset: 0, currentVoters, data_version: 0 })
}

/** Throws `Error` when the text is not a quorum state. */
export function parseQuorumState(text: string): ElectionState {
  const fields = JSON.parse(text) as Record<string, unknown>
  const number = (name: string): number => {
    const value = fields[name]
    if (typeof value !== 'number') throw new Error(`${QUORUM_STATE_FILE}: ${name} is not a number`)
    return value
  }
  const version = number('data_version')
  if (version !== 0 && version !== 1) throw new Error(`${QUORUM_STATE_FILE}: unknown data_version ${version}`)
  const leaderId = number('leaderId')
  const votedId = number('votedId')
  const directoryId = typeof fields.votedDirectoryId === 'string' ? fields.votedDirectoryId : ZERO_UUID
  return {
    epoch: number('leaderEpoch'),
    leaderId: leaderId === NOBODY ? null : leaderId,
    voted: votedId === NOBODY ? null : { id: votedId, directoryId },
  }
}

/** The stored state, null when there is none yet. */
export function readQuorumState(files: FileSystem, directory: string): ElectionState | null {
  const path = `${directory}/${QUORUM_STATE_FILE}`
  return files.exists(path) ? parseQuorumState(files.readFile(path).toString('utf8')) : null
}

/** Durable when it returns: a vote must not be given before it is. */
export function writeQuorumState(
  files: FileSystem,
  directory: string,
  state: ElectionState,
  context: QuorumStateContext,
): void {
  writeAtomically(files, directory, `${directory}/${QUORUM_STATE_FILE}`, formatQuorumState(state, context))
}
