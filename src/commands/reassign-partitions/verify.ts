import { formatDocument } from '../../cli/format.ts'
import type { Admin, PartitionReassignment, TopicDescription } from '../../client/admin-types.ts'
import { valueOrFailure } from '../java-failure.ts'
import { readTextFile } from '../text-file.ts'
import { comparePartitions, lastOfEach, type PartitionReplicas, parseAssignment, partitionName } from './assignment.ts'
import { type DirectoryMove, directoryMoves, directoryMoveText, isSettled } from './directory-moves.ts'
import type { ReassignRun } from './options.ts'
import { type ClearedThrottles, clearThrottles } from './throttles.ts'

/** How far a partition is on its way to the replicas asked for, in their order. */
export interface PartitionState extends PartitionReplicas {
  readonly state: 'completed' | 'in-progress' | 'different'
  readonly targetReplicas: readonly number[]
}

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

/** By topic and number; of a partition that is in the file twice, what was said last. */
async function partitionStates(
  admin: Admin,
  targets: readonly PartitionReplicas[],
  underWay: readonly PartitionReassignment[],
): Promise<PartitionState[]> {
  const moving = new Map(underWay.map((each) => [partitionName(each), each]))
  const wanted = lastOfEach(targets, partitionName).sort(comparePartitions)
  const resting = wanted.filter((target) => !moving.has(partitionName(target)))
  const topics = await describeKnown(admin, [...new Set(resting.map(({ topic }) => topic))])
  return wanted.map((target) => {
    const { topic, partition, replicas: targetReplicas } = target
    const move = moving.get(partitionName(target))
    if (move !== undefined) return { topic, partition, replicas: move.replicas, targetReplicas, state: 'in-progress' }
    const found = topics.get(topic)?.partitions.find((each) => each.partition === partition)
    const replicas = found?.replicas ?? []
    const isThere = replicas.join() === targetReplicas.join()
    return { topic, partition, replicas, targetReplicas, state: isThere ? 'completed' : 'different' }
  })
}

/** A topic that is gone has no replicas; that is an answer, not a failure. */
async function describeKnown(admin: Admin, names: readonly string[]): Promise<Map<string, TopicDescription>> {
  if (names.length === 0) return new Map()
  const known = new Map<string, TopicDescription>()
  for (const [name, outcome] of await admin.describeTopics(names)) {
    if (!outcome.ok && outcome.error.name === 'UNKNOWN_TOPIC_OR_PARTITION') continue
    known.set(name, valueOrFailure(outcome))
  }
  return known
}

/** The script's sentence. */
export function stateText(state: PartitionState): string {
  const name = partitionName(state)
  if (state.state === 'completed') return `Reassignment of partition ${name} is completed.`
  if (state.state === 'in-progress') return `Reassignment of partition ${name} is still in progress.`
  const [now, wanted] = [state.replicas.join(','), state.targetReplicas.join(',')]
  return `There is no active reassignment of partition ${name}, but replica set is ${now} rather than ${wanted}.`
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
