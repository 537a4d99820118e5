/** `kt plan`: what would change so that the cluster is as files say. Changes nothing; `--export` writes such files. */
import type { CommandContext } from '../../cli/context.ts'
import { DIFFERS, exitCodeFor, OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { defineCommand, targetOfFlags } from '../../cli/own-command.ts'
import { isBlocked } from './model.ts'
import { addPlanOptions, declarationsOf, type PlanFlags, pruneScope } from './plan-files.ts'

interface Flags extends PlanFlags {
  readonly export?: true
  readonly replace?: true
  readonly exitCode?: true
}

export const plan = defineCommand({
  name: 'plan',
  summary: 'What would change so that the cluster is as files say; --export writes such files',
  examples: [
    { command: 'kt plan --export', does: 'topics, settings, access rules and quotas of the cluster as documents' },
    { command: "kt plan --export --topic 'orders.*' declared/orders.yaml", does: 'some topics, into a file' },
    { command: 'kt plan declared', does: 'what differs between the cluster and the files of a directory' },
    {
      command: 'kt plan declared --format json --exit-code',
      does: 'for machines; ends with 20 where something differs',
    },
    { command: 'kt plan declared --prune configs', does: 'settings that no file names would go as well' },
  ],
  configure(command, act) {
    addPlanOptions(command)
      .option(
        '--export',
        'write what the cluster has, to standard output, a file or a directory; --topic: those topics alone',
      )
      .option('--replace', 'with --export: replace files that exist')
      .option('--exit-code', `end with ${DIFFERS} where something differs, as git diff does with 1`)
      .action(act(runPlan))
  },
})

async function runPlan(paths: readonly string[], flags: Flags, context: CommandContext): Promise<number> {
  const format = formatNamed(flags.format)
  if (flags.export === true) {
    if (flags.prune !== undefined || flags.exitCode === true) throw new UsageError('--export only writes files')
    const { exportCluster } = await import('./export.ts')
    return exportCluster(paths, flags, context)
  }
  if (flags.replace === true) throw new UsageError('--replace goes with --export')
  const prune = pruneScope(flags)
  const declared = await declarationsOf(paths, context)
  const admin = await context.admin(targetOfFlags(flags))
  const { makePlan } = await import('./make-plan.ts')
  const { planFields, planText } = await import('./show.ts')
  const made = await makePlan(admin, declared, prune, context.env)
  if (format === undefined) context.stdout.write(planText(made, await context.colours()))
  else context.stdout.write(formatDocument(format, 'Plan', planFields(made)))
  if (isBlocked(made)) return exitCodeFor('conflict', false)
  return flags.exitCode === true && made.changes.length > 0 ? DIFFERS : OK
}
