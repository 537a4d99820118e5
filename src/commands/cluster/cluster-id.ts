import type { CommandContext } from '../../cli/context.ts'
import { OK } from '../../cli/exit-codes.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import { type VerbGiven, verbTarget } from './verb-options.ts'

/** `kt cluster cluster-id` */
export async function showClusterId(given: VerbGiven, context: CommandContext): Promise<number> {
  const admin = await context.admin(verbTarget(given, context))
  const { clusterId } = await admin.describeCluster()
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'ClusterId', { clusterId: clusterId === '' ? null : clusterId }))
  } else if (clusterId === '') {
    context.stdout.write('No cluster ID found. The Kafka version is probably too old.\n')
  } else {
    context.stdout.write(`Cluster ID: ${clusterId}\n`)
  }
  return OK
}
