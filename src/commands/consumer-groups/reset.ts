import type { CommandContext } from '../../cli/context.ts'
import { formatDocument, type Structure } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import type { Admin } from '../../client/admin-types.ts'
import { javaText, valueOrFailure } from '../java-failure.ts'
import { inHashOrder, partitionsInHashOrder } from '../java-order.ts'
import { ScriptFailure } from '../script-failure.ts'
import { groupIdsOf } from './list.ts'
import type { GivenConsumerGroups } from './options.ts'
import { formatResetPlan, type NewOffset, type ResetPlan } from './reset-plan.ts'
import { newOffsets } from './reset-scenarios.ts'
import { resetTable } from './tables.ts'
import { partitionsToReset } from './topic-arguments.ts'

/** `--reset-offsets`: works the new offsets out, sets them with `--execute`, prints them. */
export async function runReset(given: GivenConsumerGroups, context: CommandContext, admin: Admin): Promise<void> {
  const plan = new Map<string, readonly NewOffset[]>()
  const groupIds = await groupIdsOf(given, admin)
  const states = await admin.describeGroups(groupIds)
  for (const groupId of inHashOrder(new Set(groupIds), (each) => each)) {
    const outcome = states.get(groupId)
    // A group that does not exist may get offsets: that is how one is prepared before its first start.
    const isUnknown = outcome === undefined || (!outcome.ok && outcome.error.name === 'GROUP_ID_NOT_FOUND')
    const state = isUnknown ? 'Dead' : valueOrFailure(outcome, EXECUTION).state
    if (state === 'Empty' || state === 'Dead') plan.set(groupId, await resetGroup(groupId, given, context, admin))
    else plan.set(groupId, refuseActive(groupId, state, context))
  }
  await printPlan(plan, given, context)
}

const EXECUTION = 'java.util.concurrent.ExecutionException: '

function refuseActive(groupId: string, state: string, context: CommandContext): NewOffset[] {
  const text = `Assignments can only be reset if the group '${groupId}' is inactive, but the current state is ${state}.`
  context.stdout.write(`\nError: ${text}\n`)
  return []
}

async function resetGroup(
  groupId: string,
  given: GivenConsumerGroups,
  context: CommandContext,
  admin: Admin,
): Promise<NewOffset[]> {
  const partitions = await partitionsToReset(groupId, given, admin)
  const offsets = partitionsInHashOrder(await newOffsets(groupId, partitions, given, context, admin))
  if (!given.has('execute') || offsets.length === 0) return offsets
  const outcomes = await admin.alterGroupOffsets(groupId, offsets)
  for (const outcome of outcomes) {
    if (!outcome.ok)
      throw new ScriptFailure(outcome.error.message, outcome.error.message, { facts: [javaText(outcome.error)] })
  }
  return offsets
}

async function printPlan(plan: ResetPlan, given: GivenConsumerGroups, context: CommandContext): Promise<void> {
  const presentation = presentationOf(given, context)
  if (given.has('export')) {
    const oneGroup = given.values('group').length === 1
    context.stdout.write(`${formatResetPlan(hashOrdered(plan), !oneGroup)}\n`)
  } else if (presentation === 'json' || presentation === 'yaml') {
    const groups: Structure = [...plan].map(([groupId, offsets]) => ({
      groupId,
      offsets: offsets.map((each) => ({ ...each })),
    }))
    context.stdout.write(formatDocument(presentation, 'ConsumerGroupReset', { executed: given.has('execute'), groups }))
  } else {
    context.stdout.write(resetTable(hashOrdered(plan)))
    const isSet = given.has('execute') && [...plan.values()].some((offsets) => offsets.length > 0)
    if (presentation === 'terminal' && isSet) context.stderr.write('The offsets have been set.\n')
  }
}

function hashOrdered(plan: ResetPlan): ResetPlan {
  return new Map(inHashOrder(plan, ([groupId]) => groupId))
}
