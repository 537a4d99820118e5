/** `kt apply`: shows the plan, asks, carries it out. A second apply changes nothing. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeFor, exitCodeForReason, OK } from '../../cli/exit-codes.ts'
import { formatDocument, formatNamed, type StructuredFormat } from '../../cli/format.ts'
import { defineCommand, targetOfFlags } from '../../cli/own-command.ts'
import type { Admin } from '../../client/admin-types.ts'
import { executeSteps, type StepResult, stepsInOrder } from './execute.ts'
import { changedBetween, makePlan } from './make-plan.ts'
import { isBlocked, type Plan, titleOf } from './model.ts'
import { addPlanOptions, declarationsOf, type PlanFlags, pruneScope } from './plan-files.ts'
import { planFields, planText } from './show.ts'

interface Flags extends PlanFlags {
  readonly yes?: true
}

export const apply = defineCommand({
  name: 'apply',
  summary: 'Make the cluster as files say: topics, settings, access rules, quotas',
  examples: [
    { command: 'kt apply declared', does: 'shows the plan and asks' },
    { command: 'kt apply declared --yes', does: 'without asking, as pipelines need it' },
    {
      command: "kt apply declared --yes --prune topics --topic 'test-.*'",
      does: 'topics of that name in no file are deleted',
    },
    { command: 'kt plan --export | kt apply - --yes', does: 'what is as declared stays as it is' },
  ],
  configure(command, act) {
    addPlanOptions(command).option('-y, --yes', 'do not ask').action(act(runApply))
  },
})

async function runApply(paths: readonly string[], flags: Flags, context: CommandContext): Promise<number> {
  const format = formatNamed(flags.format)
  const prune = pruneScope(flags)
  const declared = await declarationsOf(paths, context)
  const admin = await context.admin(targetOfFlags(flags))
  const look = (): Promise<Plan> => makePlan(admin, declared, prune, context.env)
  const plan = await look()
  if (format === undefined) context.stdout.write(planText(plan, await context.colours()))
  if (isBlocked(plan)) throw blocked(plan)
  if (plan.changes.length === 0) {
    if (format !== undefined) context.stdout.write(appliedDocument(format, plan, []))
    return OK
  }
  if (!(await isAgreed(flags, context))) return OK
  // Between the plan that was read and the first step a person may have thought for an hour.
  const changed = changedBetween(plan, await look())
  if (changed.length > 0) {
    throw new KtError('conflict', 'The cluster was changed in between; nothing was applied', {
      facts: changed.map((title) => `${title} differs from what the plan was made of`),
      next: 'look at the plan again: kt plan',
    })
  }
  return carryOut(plan, admin, format, context)
}

function blocked(plan: Plan): KtError {
  const facts = plan.changes.flatMap((change) => change.problems.map((problem) => `${titleOf(change)}: ${problem}`))
  return new KtError('conflict', 'Nothing was applied: not all of it can be done as declared', { facts })
}

async function isAgreed(flags: Flags, context: CommandContext): Promise<boolean> {
  if (flags.yes === true) return true
  if (!context.interactive) {
    throw new KtError('usage', 'Nothing was applied: nobody can be asked here', { next: 'add --yes' })
  }
  const answer = await context.ask({ message: 'Apply this plan?', kind: 'confirm' })
  if (answer === 'yes') return true
  context.stderr.write('Nothing was applied.\n')
  return false
}

async function carryOut(
  plan: Plan,
  admin: Admin,
  format: StructuredFormat | undefined,
  context: CommandContext,
): Promise<number> {
  const { journaled } = await import('../undo/journaled.ts')
  const { Recorder } = await import('../undo/recorder.ts')
  const recorder = new Recorder(context)
  const report = (result: StepResult): void => {
    if (format === undefined) context.stdout.write(resultLine(result))
  }
  const todo = stepsInOrder(plan.changes)
  const results = await executeSteps(todo, journaled(admin, context, recorder), context, report)
  const lost = results.flatMap(({ status, title }, at) => {
    const isKept = ['alter-configs', 'alter-quotas', 'set-user'].includes(todo[at]!.step.kind)
    if (status !== 'done' || isKept) return []
    return [{ kind: 'lost' as const, what: title, why: 'undo takes back settings, quotas and offsets only' }]
  })
  // Alone it would be an entry that nothing can be done with.
  if (recorder.entry !== null) recorder.add(plan.clusterId, lost, false)
  if (format !== undefined) context.stdout.write(appliedDocument(format, plan, results))
  return ending(results, context)
}

const STATUS = { done: 'done', failed: 'FAILED', 'not-done': 'not done' } as const

function resultLine({ title, status, error }: StepResult): string {
  return `${STATUS[status]}: ${title}${error === null ? '' : `: ${error}`}\n`
}

function ending(results: readonly StepResult[], context: CommandContext): number {
  const done = results.filter(({ status }) => status === 'done').length
  if (done === results.length) {
    context.stderr.write(`Applied: ${done} ${done === 1 ? 'step' : 'steps'}.\n`)
    return OK
  }
  context.stderr.write(`${done} of ${results.length} steps were done; a further kt apply goes on from here.\n`)
  return context.signal.aborted ? exitCodeForReason(context.signal.reason) : exitCodeFor('kafka', false)
}

function appliedDocument(format: StructuredFormat, plan: Plan, results: readonly StepResult[]): string {
  const isComplete = results.every(({ status }) => status === 'done')
  const steps = results.map((result) => ({ ...result }))
  return formatDocument(format, 'PlanApplied', { ...planFields(plan), isComplete, steps })
}
