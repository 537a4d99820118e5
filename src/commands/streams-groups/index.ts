/**
 * `kt streams-groups`, Kafka's `kafka-streams-groups.sh`: groups of Kafka Streams applications whose tasks the broker
 * assigns (KIP-1071).
 *
 * Differs: a cluster that cannot be reached and a missing properties file are told on stderr, not on stdout.
 */
import type { CommandContext } from '../../cli/context.ts'
import { reportHints } from '../../cli/errors.ts'
import { OK, SCRIPT_FAILURE } from '../../cli/exit-codes.ts'
import { defineScriptCommand, presentationOf, targetOf } from '../../cli/script-command.ts'
import type { Admin } from '../../client/admin-types.ts'
import { listKind, STREAMS } from '../groups/kinds.ts'
import { ScriptFailure } from '../script-failure.ts'
import {
  checkStreamsGroups,
  STREAMS_GROUPS_OPTIONS,
  type StreamsGroupsAction,
  type StreamsGroupsGiven,
  streamsGroupsAction,
} from './options.ts'

export const streamsGroups = defineScriptCommand({
  name: 'streams-groups',
  script: 'kafka-streams-groups.sh',
  summary: 'List, describe, reset and delete groups of Kafka Streams applications',
  options: STREAMS_GROUPS_OPTIONS,
  examples: [
    { command: 'kt streams-groups --list', does: 'names of all streams groups' },
    { command: 'kt streams-groups --describe --group word-count', does: 'how far the application is behind' },
    { command: 'kt streams-groups --describe --group word-count --members', does: 'who has which tasks' },
    {
      command: 'kt streams-groups --reset-offsets --group word-count --all-input-topics --to-earliest --dry-run',
      does: 'where the application would begin again; it must be stopped',
    },
  ],
  check: checkStreamsGroups,
  run: runStreamsGroups,
})

type Action = (given: StreamsGroupsGiven, context: CommandContext, admin: Admin) => Promise<void>
const change = () => import('./change.ts')

const ACTIONS: Readonly<Record<StreamsGroupsAction, () => Promise<Action>>> = {
  list: async () => (given, context, admin) =>
    listKind(STREAMS, given as never, admin, presentationOf(given, context), context),
  describe: async () => (await import('./describe.ts')).describeStreamsGroups,
  'reset-offsets': async () => (await change()).resetStreamsGroups,
  delete: async () => (await change()).deleteStreamsGroups,
  'delete-offsets': async () => (await change()).deleteStreamsGroupOffsets,
}

async function runStreamsGroups(given: StreamsGroupsGiven, context: CommandContext): Promise<number> {
  try {
    const timeoutMs = given.has('timeout') ? { 'default.api.timeout.ms': String(given.value('timeout')) } : {}
    const properties = new Map(Object.entries(timeoutMs))
    const target = { ...targetOf(given), ...(properties.size === 0 ? {} : { properties }) }
    const action = streamsGroupsAction(given)
    const [run, connected] = await Promise.all([ACTIONS[action](), context.admin(target)])
    const changes = action !== 'list' && action !== 'describe'
    const admin = changes ? (await import('../undo/journaled.ts')).journaled(connected, context) : connected
    await run(given, context, admin)
    return OK
  } catch (error) {
    const presentation = presentationOf(given, context)
    if (!(error instanceof ScriptFailure) || presentation === 'json' || presentation === 'yaml') throw error
    context.stdout.write(`\nError: Executing streams group command failed due to ${error.scriptText}\n`)
    reportHints(error, context)
    return SCRIPT_FAILURE
  }
}
