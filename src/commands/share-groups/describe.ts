import type { CommandContext } from '../../cli/context.ts'
import { formatDocument, type Structure } from '../../cli/format.ts'
import { type Presentation, presentationOf } from '../../cli/script-command.ts'
import { drawTable } from '../../cli/table.ts'
import type { Admin, Outcome } from '../../client/admin-types.ts'
import type { ShareGroupDescription, ShareGroupOffset } from '../../client/group-kind-types.ts'
import { assignmentText } from '../consumer-groups/tables.ts'
import { groupsOf, SHARE } from '../groups/kinds.ts'
import { valueOrFailure } from '../java-failure.ts'
import type { ShareGroupsGiven } from './options.ts'
import { membersTable, offsetsTable, sortedOffsets, stateTable } from './tables.ts'

/** `--describe`: where groups begin to read, their members, or their state. */
export async function describeShareGroups(
  given: ShareGroupsGiven,
  context: CommandContext,
  admin: Admin,
): Promise<void> {
  const presentation = presentationOf(given, context)
  const groupIds = given.has('all-groups')
    ? (await groupsOf(SHARE, admin)).map(({ groupId }) => groupId)
    : given.values('group')
  const groups = await described(groupIds, admin)
  const view = { groups, given, context, presentation, verbose: given.has('verbose') }
  if (given.has('members')) await showMembers(view)
  else if (given.has('state')) await showStates(view)
  else await showOffsets(view, await offsetsOf(groups, admin))
}

interface View {
  readonly groups: readonly ShareGroupDescription[]
  readonly context: CommandContext
  readonly presentation: Presentation
  readonly verbose: boolean
}

/** Sorted by name. Throws `ScriptFailure` for the first that cannot be described. */
async function described(groupIds: readonly string[], admin: Admin): Promise<ShareGroupDescription[]> {
  if (groupIds.length === 0) return []
  const outcomes = await admin.describeShareGroups(groupIds)
  return [...new Set(groupIds)].sort().map((groupId) => valueOrFailure(outcomes.get(groupId)!))
}

async function offsetsOf(
  groups: readonly ShareGroupDescription[],
  admin: Admin,
): Promise<Map<string, ShareGroupOffset[]>> {
  const groupIds = groups.map(({ groupId }) => groupId)
  const outcomes: Map<string, Outcome<ShareGroupOffset[]>> = groupIds.length === 0
    ? new Map()
    : await admin.listShareGroupOffsets(groupIds)
  return new Map(groupIds.map((groupId) => [groupId, valueOrFailure(outcomes.get(groupId)!)]))
}

function isStructure({ presentation, context }: View, kind: string, groups: Structure): boolean {
  if (presentation !== 'json' && presentation !== 'yaml') return false
  context.stdout.write(formatDocument(presentation, kind, { groups }))
  return true
}

async function showOffsets(view: View, offsets: ReadonlyMap<string, ShareGroupOffset[]>): Promise<void> {
  const { groups, context, presentation, verbose } = view
  const fields = groups.map(({ groupId, state }) => ({
    groupId,
    state,
    offsets: sortedOffsets(offsets.get(groupId)!).map((each) => ({ ...each })),
  }))
  if (isStructure(view, 'ShareGroupOffsets', fields)) return
  if (presentation === 'script') {
    for (const { groupId } of groups) context.stdout.write(offsetsTable(groupId, offsets.get(groupId)!, verbose))
    return
  }
  const rows = groups.flatMap(({ groupId }) =>
    sortedOffsets(offsets.get(groupId)!).map((each) => ({ groupId, ...each })),
  )
  if (rows.length === 0) {
    context.stderr.write('No partition is known to be read.\n')
    return
  }
  const { dim, name, good, warning } = await context.colours()
  const lag = (value: number | null): string =>
    value === null ? dim('-') : value === 0 ? good('0') : warning(String(value))
  const cells = rows.map((row) => [
    row.groupId,
    name(row.topic),
    String(row.partition),
    row.startOffset === null ? dim('-') : String(row.startOffset),
    lag(row.lag),
  ])
  const head = ['GROUP', 'TOPIC', 'PARTITION', 'START OFFSET', 'LAG'].map(dim)
  context.stdout.write(await drawTable({ head, rows: cells, rightAligned: [2, 3, 4] }))
}

/** Talk about groups that nobody is in; false when there is nothing to show of the group's members. */
function announce({ groupId, state, members }: ShareGroupDescription, { context }: View): boolean {
  if (state === 'Dead') context.stdout.write(`\nError: Share group '${groupId}' does not exist.\n`)
  else if (state === 'Empty') context.stderr.write(`\nShare group '${groupId}' has no active members.\n`)
  return state !== 'Dead' && members.length > 0
}

async function showMembers(view: View): Promise<void> {
  const { groups, context, presentation, verbose } = view
  const fields = groups.map(({ groupId, state, members }) => ({
    groupId,
    state,
    members: members.map(({ memberId, memberEpoch, host, clientId, subscribedTopics, assignment }) => ({
      memberId,
      memberEpoch,
      host,
      clientId,
      subscribedTopics,
      assignment: assignment.map(({ topic, partition }) => ({ topic, partition })),
    })),
  }))
  if (isStructure(view, 'ShareGroupMembers', fields)) return
  const shownGroups = groups.filter((group) => announce(group, view))
  if (presentation === 'script') {
    for (const { groupId, members } of shownGroups) context.stdout.write(membersTable(groupId, members, verbose))
    return
  }
  if (shownGroups.length === 0) return
  const { dim, name } = await context.colours()
  const rows = shownGroups.flatMap(({ groupId, members }) =>
    members.map(({ memberId, host, clientId, assignment }) => [
      groupId,
      name(memberId),
      host,
      clientId,
      assignmentText(assignment),
    ]),
  )
  context.stdout.write(await drawTable({ head: ['GROUP', 'MEMBER', 'HOST', 'CLIENT ID', 'PARTITIONS'].map(dim), rows }))
}

async function showStates(view: View): Promise<void> {
  const { groups, context, presentation, verbose } = view
  const fields = groups.map(
    ({ groupId, state, assignor, groupEpoch, targetAssignmentEpoch, coordinator, members }) => ({
      groupId,
      state,
      assignor,
      groupEpoch,
      targetAssignmentEpoch,
      coordinatorId: coordinator.id,
      memberCount: members.length,
    }),
  )
  if (isStructure(view, 'ShareGroupStates', fields)) return
  if (presentation === 'script') {
    for (const group of groups) {
      announce(group, view)
      context.stdout.write(stateTable(group, verbose))
    }
    return
  }
  const { dim, name, good, warning } = await context.colours()
  const rows = groups.map(({ groupId, state, coordinator, members }) => [
    name(groupId),
    state === 'Stable' ? good(state) : warning(state),
    `${coordinator.host}:${coordinator.port} (${coordinator.id})`,
    String(members.length),
  ])
  const head = ['GROUP', 'STATE', 'COORDINATOR', 'MEMBERS'].map(dim)
  context.stdout.write(await drawTable({ head, rows, rightAligned: [3] }))
}
