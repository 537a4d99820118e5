import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import { drawTable } from '../../cli/table.ts'
import type { Admin, TopicPartition } from '../../client/admin-types.ts'
import type { StreamsAssignment, StreamsGroupDescription, StreamsTasks } from '../../client/group-kind-types.ts'
import { groupsOf, STREAMS } from '../groups/kinds.ts'
import { valueOrFailure } from '../java-failure.ts'
import { partitionsInHashOrder } from '../java-order.ts'
import type { StreamsGroupsGiven } from './options.ts'
import { type InputRow, inputTable, membersTable, stateTable, tasksText } from './tables.ts'

/** The groups an action is about. */
export async function groupIdsOf(given: StreamsGroupsGiven, admin: Admin): Promise<string[]> {
  if (!given.has('all-groups')) return [...new Set(given.values('group'))]
  return (await groupsOf(STREAMS, admin)).map(({ groupId }) => groupId)
}

/** `--describe`: lag of the input, members or state, group by group. */
export async function describeStreamsGroups(
  given: StreamsGroupsGiven,
  context: CommandContext,
  admin: Admin,
): Promise<void> {
  const presentation = presentationOf(given, context)
  const groupIds = await groupIdsOf(given, admin)
  const outcomes = groupIds.length === 0 ? new Map() : await admin.describeStreamsGroups(groupIds)
  const fields: Record<string, unknown>[] = []
  for (const groupId of groupIds) {
    const group: StreamsGroupDescription = valueOrFailure(outcomes.get(groupId)!)
    const view = given.has('members') ? 'members' : given.has('state') ? 'state' : 'offsets'
    const rows = view === 'offsets' ? await inputRows(group, admin) : []
    if (presentation === 'json' || presentation === 'yaml') fields.push(groupFields(group, view, rows))
    else if (presentation === 'terminal') await showToPeople(group, view, rows, context)
    else showAsScript(group, view, rows, given.has('verbose'), context)
  }
  if (presentation === 'json' || presentation === 'yaml') {
    context.stdout.write(formatDocument(presentation, 'StreamsGroupDescriptionList', { groups: fields as never }))
  }
}

type ViewName = 'members' | 'state' | 'offsets'

/** A group that is dead or that nobody is in is told as an error, on stdout, but it is none. */
function announce({ groupId, state }: StreamsGroupDescription, { stdout }: CommandContext): void {
  if (state === 'Dead') stdout.write(`\nError: Streams group '${groupId}' does not exist.\n`)
  else if (state === 'Empty') stdout.write(`\nError: Streams group '${groupId}' has no active members.\n`)
}

function showAsScript(
  group: StreamsGroupDescription,
  view: ViewName,
  rows: readonly InputRow[],
  verbose: boolean,
  context: CommandContext,
): void {
  if (view === 'state') {
    announce(group, context)
    context.stdout.write(stateTable(group, verbose))
  } else if (group.state !== 'Dead' && group.members.length > 0) {
    announce(group, context)
    const text = view === 'members' ? membersTable(group, verbose) : inputTable(group.groupId, rows, verbose)
    context.stdout.write(text)
  }
}

/** Partitions that active tasks read, with what the group has committed for them. */
export async function inputRows(group: StreamsGroupDescription, admin: Admin): Promise<InputRow[]> {
  const partitions = activePartitions(group)
  const ask = (spec: 'earliest' | 'latest') =>
    partitions.length === 0 ? [] : admin.listOffsets(partitions.map((each) => ({ ...each, spec })))
  const [starts, ends] = await Promise.all([ask('earliest'), ask('latest')])
  const committed = await committedByName(group.groupId, admin)
  const rows = partitions.map(({ topic, partition }, index) => {
    const start = valueOrFailure(starts[index]!).offset
    const end = valueOrFailure(ends[index]!).offset
    const current = committed.get(`${topic}-${partition}`)
    return {
      topic,
      partition,
      currentOffset: current?.offset ?? null,
      leaderEpoch: current === undefined || current.leaderEpoch < 0 ? null : current.leaderEpoch,
      logEndOffset: end,
      lag: end - (current?.offset ?? start),
    }
  })
  return partitionsInHashOrder(rows)
}

function activePartitions({ members, subtopologies }: StreamsGroupDescription): TopicPartition[] {
  const topicsOf = new Map(
    subtopologies.map((each) => [each.subtopologyId, [...each.sourceTopics, ...each.repartitionSourceTopics]]),
  )
  const found = new Map<string, TopicPartition>()
  for (const { subtopologyId, partitions } of members.flatMap(({ assignment }) => assignment.active)) {
    for (const topic of topicsOf.get(subtopologyId) ?? []) {
      for (const partition of partitions) found.set(`${topic}-${partition}`, { topic, partition })
    }
  }
  return [...found.values()]
}

async function committedByName(groupId: string, admin: Admin) {
  const outcome = (await admin.listGroupOffsets([groupId])).get(groupId)!
  const offsets = valueOrFailure(outcome, 'java.util.concurrent.ExecutionException: ')
  return new Map(offsets.map((each) => [`${each.topic}-${each.partition}`, each]))
}

async function showToPeople(
  group: StreamsGroupDescription,
  view: ViewName,
  rows: readonly InputRow[],
  context: CommandContext,
): Promise<void> {
  const { bold, dim, name, good, warning } = await context.colours()
  const state = group.state === 'Stable' ? good(group.state) : warning(group.state)
  const { host, port, id } = group.coordinator
  const where = dim(`coordinator ${host}:${port} (${id}), epoch ${group.groupEpoch}`)
  context.stdout.write(`${bold(group.groupId)}  ${state}  ${group.members.length} members  ${where}\n`)
  if (view === 'members' && group.members.length > 0) {
    const cells = group.members.map((each) => [
      name(each.memberId),
      each.host,
      each.clientId,
      tasksText(each.assignment),
    ])
    context.stdout.write(await drawTable({ head: ['MEMBER', 'HOST', 'CLIENT ID', 'TASKS'].map(dim), rows: cells }))
  } else if (view === 'offsets' && rows.length > 0) {
    const cells = rows.map((row) => [
      name(row.topic),
      String(row.partition),
      row.currentOffset === null ? dim('-') : String(row.currentOffset),
      String(row.logEndOffset),
      row.lag === 0 ? good('0') : warning(String(row.lag)),
    ])
    const head = ['TOPIC', 'PARTITION', 'COMMITTED', 'LOG END', 'LAG'].map(dim)
    context.stdout.write(await drawTable({ head, rows: cells, rightAligned: [1, 2, 3, 4] }))
  }
}

const tasks = (list: readonly StreamsTasks[]) =>
  list.map(({ subtopologyId, partitions }) => ({ subtopologyId, partitions: [...partitions] }))
const assignmentFields = ({ active, standby, warmup }: StreamsAssignment) => ({
  active: tasks(active),
  standby: tasks(standby),
  warmup: tasks(warmup),
})

function groupFields(group: StreamsGroupDescription, view: ViewName, rows: readonly InputRow[]) {
  return {
    groupId: group.groupId,
    state: group.state,
    groupEpoch: group.groupEpoch,
    targetAssignmentEpoch: group.targetAssignmentEpoch,
    topologyEpoch: group.topologyEpoch,
    coordinatorId: group.coordinator.id,
    memberCount: group.members.length,
    ...(view === 'offsets' ? { offsets: rows.map((row) => ({ ...row })) } : {}),
    ...(view === 'members'
      ? {
          members: group.members.map((member) => ({
            memberId: member.memberId,
            memberEpoch: member.memberEpoch,
            clientId: member.clientId,
            host: member.host,
            processId: member.processId,
            assignment: assignmentFields(member.assignment),
            targetAssignment: assignmentFields(member.targetAssignment),
          })),
        }
      : {}),
  }
}
