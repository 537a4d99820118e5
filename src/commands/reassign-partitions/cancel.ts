import { formatDocument } from '../../cli/format.ts'
import type { TopicPartition } from '../../client/admin-types.ts'
import { readTextFile } from '../text-file.ts'
import {
  comparePartitions,
  lastOfEach,
  parseAssignment,
  partitionName,
  type ReplicaDirectory,
  replicaName,
} from './assignment.ts'
import { directoryMoves, isUnderWay, startDirectoryMoves } from './directory-moves.ts'
import type { ReassignRun } from './options.ts'
import { TerseFailure } from './terse-failure.ts'
import { clearThrottles } from './throttles.ts'

/** `--cancel`: what of the file is under way goes back to where it was. */
export async function cancel(run: ReassignRun): Promise<void> {
  const { admin, given } = run
  const text = readTextFile(given.value('reassignment-json-file')!)
  const timeoutMs = given.value('timeout')!
  const { partitions, directories } = parseAssignment(text)
  const cancelled = await cancelPartitions(run, lastOfEach(partitions, partitionName))
  const returned = (await directoryMoves(admin, directories))
    .filter(isUnderWay)
    .map(({ topic, partition, broker, currentPath }) => ({ topic, partition, broker, path: currentPath! }))
  // The script forgets the end of this line.
  if (returned.length === 0) run.say('None of the specified partition moves are active.')
  else await startDirectoryMoves(run, returned, timeoutMs)
  const cleared = given.has('preserve-throttles') ? null : await clearThrottles(run, partitions)
  await show(run, cancelled, returned, cleared)
}

async function cancelPartitions(
  { admin, say }: ReassignRun,
  wanted: readonly TopicPartition[],
): Promise<TopicPartition[]> {
  const moving = (await admin.listPartitionReassignments(wanted))
    .filter(({ addingReplicas, removingReplicas }) => addingReplicas.length > 0 || removingReplicas.length > 0)
    .map(({ topic, partition }) => ({ topic, partition, replicas: null }))
    .sort(comparePartitions)
  if (moving.length === 0) {
    say('None of the specified partition reassignments are active.\n')
    return []
  }
  const outcomes = await admin.alterPartitionReassignments(moving)
  const errors = moving.flatMap((partition, at) => {
    const outcome = outcomes[at]!
    return outcome.ok ? [] : [`${partitionName(partition)}: ${outcome.error.message}`]
  })
  const plural = (count: number): string => (count === 1 ? '' : 's')
  if (errors.length > 0) {
    throw new TerseFailure(`Error cancelling partition reassignment${plural(errors.length)} for:\n${errors.join('\n')}`)
  }
  const names = moving.map(partitionName).join(',')
  say(`Successfully cancelled partition reassignment${plural(moving.length)} for: ${names}\n`)
  return moving
}

async function show(
  { context, presentation }: ReassignRun,
  cancelled: readonly TopicPartition[],
  returned: readonly ReplicaDirectory[],
  cleared: Awaited<ReturnType<typeof clearThrottles>> | null,
): Promise<void> {
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = {
      partitions: cancelled.map(({ topic, partition }) => ({ topic, partition })),
      logDirMoves: returned.map(({ topic, partition, broker, path }) => ({ topic, partition, broker, path })),
      throttlesCleared: cleared === null ? null : { brokers: cleared.brokers, topics: cleared.topics },
    }
    context.stdout.write(formatDocument(presentation, 'ReassignmentCancelled', fields))
  } else if (presentation === 'terminal') {
    const { clearedText } = await import('./tables.ts')
    const lines = [
      ...cancelled.map((partition) => `Cancelled the move of ${partitionName(partition)}.`),
      ...returned.map((replica) => `Replica ${replicaName(replica)} stays in ${replica.path}.`),
    ]
    if (lines.length === 0) lines.push('Nothing of the file is being moved.')
    context.stdout.write(`${lines.join('\n')}\n${cleared === null ? '' : clearedText(cleared)}`)
  }
}
