import { formatDocument } from '../../cli/format.ts'
import type { PartitionReassignment } from '../../client/admin-types.ts'
import { comparePartitions, partitionName } from './assignment.ts'
import type { ReassignRun } from './options.ts'

/** `--list`: what is being moved. */
export async function list(run: ReassignRun): Promise<void> {
  const { admin, context, presentation } = run
  const moving = (await admin.listPartitionReassignments()).sort(comparePartitions)
  run.say(listText(moving))
  if (presentation === 'json' || presentation === 'yaml') {
    const reassignments = moving.map((each) => ({ ...each }))
    context.stdout.write(formatDocument(presentation, 'ReassignmentList', { reassignments }))
  } else if (presentation === 'terminal') {
    const { movingTable } = await import('./tables.ts')
    const { copyProgress } = await import('./progress.ts')
    context.stdout.write(await movingTable(moving, await copyProgress(admin, moving), context))
  }
}

/** The script's lines. */
export function listText(moving: readonly PartitionReassignment[]): string {
  if (moving.length === 0) return 'No partition reassignments found.\n'
  const lines = moving.map((each) => {
    const adding = each.addingReplicas.length === 0 ? '' : ` adding: ${each.addingReplicas.join(',')}.`
    const removing = each.removingReplicas.length === 0 ? '' : ` removing: ${each.removingReplicas.join(',')}.`
    return `${partitionName(each)}: replicas: ${each.replicas.join(',')}.${adding}${removing}\n`
  })
  return `Current partition reassignments:\n${lines.join('')}`
}
