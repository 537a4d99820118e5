import { formatDocument } from '../../cli/format.ts'
import type { PartitionReassignment } from '../../client/admin-types.ts'
import { readTextFile } from '../text-file.ts'
import { parseAssignment } from './assignment.ts'
import { type DirectoryMove, directoryMoves, directoryMoveText, isSettled } from './directory-moves.ts'
import type { ReassignRun } from './options.ts'
import { type PartitionState, partitionStates, stateText } from './partition-states.ts'
import { type ClearedThrottles, clearThrottles } from './throttles.ts'

/** `--verify`: what became of the moves in the file; when nothing moves any more, the throttles go. */
export async function verify(run: ReassignRun): Promise<void> {
  const { admin, given } = run
  const { partitions, directories } = parseAssignment(readTextFile(given.value('reassignment-json-file')!))
  const underWay = await admin.listPartitionReassignments()
  const states = await partitionStates(admin, partitions, underWay)
  run.say(`Status of partition reassignment:\n${states.map((state) => `${stateText(state)}\n`).join('')}`)
  const moves = await directoryMoves(admin, directories)
  run.say(`${moves.map(directoryMoveText).join('\n')}\n`)
  const isDone = underWay.length === 0 && moves.every(isSettled)
  const cleared = isDone && !given.has('preserve-throttles') ? await clearThrottles(run, partitions) : null
  await show(run, { states, moves, underWay, cleared })
}

interface Findings {
  readonly states: readonly PartitionState[]
  readonly moves: readonly DirectoryMove[]
  readonly underWay: readonly PartitionReassignment[]
  readonly cleared: ClearedThrottles | null
}

async function show(run: ReassignRun, { states, moves, underWay, cleared }: Findings): Promise<void> {
  const { admin, context, presentation } = run
  if (presentation === 'json' || presentation === 'yaml') {
    const logDirMoves = moves.map(({ topic, partition, broker, path, state, currentPath, futurePath }) => {
      return { topic, partition, broker, state, targetPath: path, currentPath, futurePath }
    })
    const throttlesCleared = cleared === null ? null : { brokers: cleared.brokers, topics: cleared.topics }
    const fields = { partitions: states.map((state) => ({ ...state })), logDirMoves, throttlesCleared }
    context.stdout.write(formatDocument(presentation, 'ReassignmentStatus', fields))
  } else if (presentation === 'terminal') {
    const { statesTable, directoryMovesTable, clearedText } = await import('./tables.ts')
    const { copyProgress } = await import('./progress.ts')
    const progress = await copyProgress(admin, underWay)
    context.stdout.write(await statesTable(states, progress, context))
    if (moves.length > 0) context.stdout.write(`\n${await directoryMovesTable(moves, context)}`)
    if (cleared !== null) context.stdout.write(clearedText(cleared))
  }
}
