/**
 * `kt share-groups`, Kafka's `kafka-share-groups.sh`: groups whose members share the records of a partition (KIP-932).
 *
 * Differs: as in `consumer-groups`, a cluster that cannot be reached and a missing properties file exit with 1 and are
 * told on stderr; the script prints them on stdout and exits with 0.
 */
import type { CommandContext } from '../../cli/context.ts'
import { reportHints } from '../../cli/errors.ts'
import { OK } from '../../cli/exit-codes.ts'
import { defineScriptCommand, presentationOf, targetOf } from '../../cli/script-command.ts'
import type { Admin } from '../../client/admin-types.ts'
import { listKind, SHARE } from '../groups/kinds.ts'
import { ScriptFailure } from '../script-failure.ts'
import {
  checkShareGroups,
  SHARE_GROUPS_OPTIONS,
  type ShareGroupsAction,
  type ShareGroupsGiven,
  shareGroupsAction,
} from './options.ts'

export const shareGroups = defineScriptCommand({
  name: 'share-groups',
  script: 'kafka-share-groups.sh',
  summary: 'List, describe, reset and delete share groups',
  options: SHARE_GROUPS_OPTIONS,
  examples: [
    { command: 'kt share-groups --list', does: 'names of all share groups' },
    {
      command: 'kt share-groups --describe --group orders',
      does: 'where the group begins to read, and how much is left',
    },
    {
      command: 'kt share-groups --reset-offsets --group orders --topic orders --to-earliest --dry-run',
      does: 'where the group would begin to read; it must have no members',
    },
  ],
  check: checkShareGroups,
  run: runShareGroups,
})

type Action = (given: ShareGroupsGiven, context: CommandContext, admin: Admin) => Promise<void>
const change = () => import('./change.ts')

const ACTIONS: Readonly<Record<ShareGroupsAction, () => Promise<Action>>> = {
  list: async () => (given, context, admin) =>
    listKind(SHARE, given as never, admin, presentationOf(given, context), context),
  describe: async () => (await import('./describe.ts')).describeShareGroups,
  delete: async () => (await change()).deleteShareGroups,
  'reset-offsets': async () => (await change()).resetShareGroup,
  'delete-offsets': async () => (await change()).deleteShareGroupOffsets,
}

async function runShareGroups(given: ShareGroupsGiven, context: CommandContext): Promise<number> {
  try {
    const timeoutMs = given.has('timeout') ? { 'default.api.timeout.ms': String(given.value('timeout')) } : {}
    const properties = new Map(Object.entries(timeoutMs))
    const target = { ...targetOf(given), ...(properties.size === 0 ? {} : { properties }) }
    const action = shareGroupsAction(given)
    const [run, connected] = await Promise.all([ACTIONS[action](), context.admin(target)])
    const changes = action !== 'list' && action !== 'describe'
    const admin = changes ? (await import('../undo/journaled.ts')).journaled(connected, context) : connected
    await run(given, context, admin)
  } catch (error) {
    const presentation = presentationOf(given, context)
    if (!(error instanceof ScriptFailure) || presentation === 'json' || presentation === 'yaml') throw error
    // The script prints what the cluster refused on stdout and exits with 0; the hints are ours.
    context.stdout.write(`\nError: Executing share group command failed due to ${error.scriptText}\n`)
    reportHints(error, context)
  }
  return OK
}
