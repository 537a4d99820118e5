/** Replicas that move between the log directories of their broker (KIP-113). */
import { KtError } from '../../base/errors.ts'
import type { Admin, ReplicaLogDirs } from '../../client/admin-types.ts'
import { sleep } from '../../client/retry.ts'
import { valueOrFailure } from '../java-failure.ts'
import { compareReplicas, type ReplicaDirectory, replicaName } from './assignment.ts'
import type { ReassignRun } from './options.ts'
import { TerseFailure } from './terse-failure.ts'

/** How far a replica is on its way to the directory asked for. */
export type DirectoryState =
  | 'no-directory' // no live directory of the broker holds it
  | 'moving'
  | 'moving-elsewhere'
  | 'not-moving' // it lies in another one and stays there
  | 'completed'

export interface DirectoryMove extends ReplicaDirectory {
  readonly state: DirectoryState
  readonly currentPath: string | null
  readonly futurePath: string | null
}

/** Asks the brokers about each replica. */
export async function directoryMoves(admin: Admin, targets: readonly ReplicaDirectory[]): Promise<DirectoryMove[]> {
  if (targets.length === 0) return []
  const outcomes = await admin.describeReplicaLogDirs(targets)
  const moves = targets.map((target, at) => moveOf(target, valueOrFailure(outcomes[at]!)))
  return moves.sort(compareReplicas)
}

/** What the directories found say about the one wanted. */
export function moveOf(target: ReplicaDirectory, { current, future }: ReplicaLogDirs): DirectoryMove {
  const paths = { currentPath: current?.path ?? null, futurePath: future?.path ?? null }
  return { ...target, ...paths, state: stateOf(target.path, paths.currentPath, paths.futurePath) }
}

function stateOf(wanted: string, current: string | null, future: string | null): DirectoryState {
  if (current === null) return 'no-directory'
  if (future !== null) return future === wanted ? 'moving' : 'moving-elsewhere'
  return current === wanted ? 'completed' : 'not-moving'
}

export function isUnderWay({ state }: DirectoryMove): boolean {
  return state === 'moving' || state === 'moving-elsewhere'
}

/** All is where it should be, or will never get there by itself. */
export function isSettled({ state }: DirectoryMove): boolean {
  return state === 'completed' || state === 'not-moving'
}

/** The script's sentence. */
export function directoryMoveText(move: DirectoryMove): string {
  const { topic, partition, broker, path, currentPath, futurePath } = move
  const where = `${topic}-${partition} on broker ${broker}`
  switch (move.state) {
    case 'no-directory':
      return `Partition ${topic}-${partition} is not found in any live log dir on broker ${broker}. There is likely an offline log directory on the broker.`
    case 'moving':
      return `Reassignment of replica ${replicaName(move)} is still in progress.`
    case 'moving-elsewhere':
      return `Partition ${where} is being moved to log dir ${futurePath} instead of ${path}.`
    case 'not-moving':
      return `Partition ${where} is not being moved from log dir ${currentPath} to ${path}.`
    case 'completed':
      return `Reassignment of replica ${replicaName(move)} completed successfully.`
  }
}

const PAUSE_MS = 100

/**
 * Starts the moves. A replica that has yet to come to its broker cannot be told its directory before: it is asked again
 * until `timeoutMs` has passed.
 */
export async function startDirectoryMoves(
  run: ReassignRun,
  targets: readonly ReplicaDirectory[],
  timeoutMs: number,
): Promise<void> {
  const { clock } = run.context
  const end = clock.monotonic() + timeoutMs
  for (let pending = [...targets].sort(compareReplicas); ; ) {
    const started = await startOnce(run.admin, pending)
    for (const { topic, partition, broker, path } of started) {
      run.say(
        `Successfully started moving log directory to ${path} for replica ${topic}-${partition} with broker ${broker} \n`,
      )
    }
    pending = pending.filter((target) => !started.includes(target))
    if (pending.length === 0) return
    if (clock.monotonic() >= end || run.context.signal.aborted) throw notStarted(pending)
    await sleep(clock, PAUSE_MS)
  }
}

function notStarted(pending: readonly ReplicaDirectory[]): TerseFailure {
  const moves = `move${pending.length === 1 ? '' : 's'}`
  return new TerseFailure(
    `Timed out before log directory ${moves} could be started for: ${pending.map(replicaName).join(',')}`,
    { next: 'the same command later, or with a longer --timeout' },
  )
}

async function startOnce(admin: Admin, targets: readonly ReplicaDirectory[]): Promise<ReplicaDirectory[]> {
  const outcomes = await admin.alterReplicaLogDirs(targets)
  return targets.filter((target, at) => {
    const outcome = outcomes[at]!
    if (outcome.ok) return true
    if (outcome.error.name === 'REPLICA_NOT_AVAILABLE') return false
    throw new KtError('kafka', `Failed to alter dir for ${replicaName(target)}`, {
      facts: [outcome.error.message, `wanted: ${target.path} on broker ${target.broker}`],
    })
  })
}
