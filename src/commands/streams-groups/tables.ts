/** The tables of `kafka-streams-groups.sh`, byte for byte: pure text. */
import type { StreamsAssignment, StreamsGroupDescription, StreamsTasks } from '../../client/group-kind-types.ts'
import type { TopicPartition } from '../../client/outcome-types.ts'
import type { ResetPlan } from '../consumer-groups/reset-plan.ts'
import { line, MIN_NAME_WIDTH, type StateLayout, shown, stateLines, stateOf, widest } from '../group-tables.ts'

function table(rows: readonly (readonly string[])[], widths: readonly number[]): string {
  return rows.map((cells) => `${line(cells, widths)}\n`).join('')
}

/** What a group has read of a partition of its input. */
export interface InputRow extends TopicPartition {
  readonly currentOffset: number | null
  readonly leaderEpoch: number | null
  readonly logEndOffset: number
  readonly lag: number
}

/** `--describe [--offsets]` */
export function inputTable(groupId: string, rows: readonly InputRow[], verbose: boolean): string {
  const group = widest(MIN_NAME_WIDTH, [groupId])
  const topic = widest(
    MIN_NAME_WIDTH,
    rows.map((row) => row.topic),
  )
  if (!verbose) {
    const cells = rows.map((row) => [groupId, row.topic, String(row.partition), String(row.lag)])
    return table([['GROUP', 'TOPIC', 'PARTITION', 'OFFSET-LAG'], ...cells], [group, topic, 10])
  }
  const head = ['GROUP', 'TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LEADER-EPOCH', 'LOG-END-OFFSET', 'OFFSET-LAG']
  const cells = rows.map((row) => [
    groupId,
    row.topic,
    String(row.partition),
    shown(row.currentOffset),
    shown(row.leaderEpoch),
    String(row.logEndOffset),
    String(row.lag),
  ])
  return table([head, ...cells], [group, topic, 10, 15, 15, 15, 15])
}

function tasksOf(tasks: readonly StreamsTasks[], kind: string): string {
  if (tasks.length === 0) return ''
  return `${kind}: ${tasks.map(({ subtopologyId, partitions }) => `${subtopologyId}:[${partitions.join(',')}]; `).join('')}`
}

/** `ACTIVE: 0:[0,1]; STANDBY: 1:[2]; ` */
export function tasksText({ active, standby, warmup }: StreamsAssignment, prefix = ''): string {
  return tasksOf(active, `${prefix}ACTIVE`) + tasksOf(standby, `${prefix}STANDBY`) + tasksOf(warmup, `${prefix}WARMUP`)
}

/** `--describe --members` */
export function membersTable(group: StreamsGroupDescription, verbose: boolean): string {
  const { groupId, members } = group
  const widths = {
    group: widest(MIN_NAME_WIDTH, [groupId]),
    member: widest(
      MIN_NAME_WIDTH,
      members.map(({ memberId }) => memberId),
    ),
    process: widest(
      MIN_NAME_WIDTH,
      members.map(({ processId }) => processId),
    ),
    client: widest(
      MIN_NAME_WIDTH,
      members.map(({ clientId }) => clientId),
    ),
  }
  if (!verbose) {
    const rows = members.map(({ memberId, processId, clientId, assignment }) => [
      groupId,
      memberId,
      processId,
      clientId,
      tasksText(assignment),
    ])
    const head = ['GROUP', 'MEMBER', 'PROCESS', 'CLIENT-ID', 'ASSIGNMENTS']
    return table([head, ...rows], [widths.group, widths.member, widths.process, widths.client])
  }
  const rows = members.map((member) => [
    groupId,
    String(group.targetAssignmentEpoch),
    // The script forgets the blank between these two.
    `${String(group.topologyEpoch).padEnd(15)}${member.memberId.padEnd(widths.member)}`,
    member.isClassic ? 'classic' : 'streams',
    String(member.memberEpoch),
    member.processId,
    member.clientId,
    tasksText(member.assignment) + tasksText(member.targetAssignment, 'TARGET-'),
  ])
  const head = [
    'GROUP',
    'TARGET-ASSIGNMENT-EPOCH',
    `${'TOPOLOGY-EPOCH'.padEnd(15)}${'MEMBER'.padEnd(widths.member)}`,
    'MEMBER-PROTOCOL',
    'MEMBER-EPOCH',
    'PROCESS',
    'CLIENT-ID',
    'ASSIGNMENTS',
  ]
  return table([head, ...rows], [widths.group, 25, 0, 15, 15, widths.process, widths.client])
}

const STATE_LAYOUT: StateLayout = {
  state: 25,
  epochs: [
    ['GROUP-EPOCH', 15],
    ['TARGET-ASSIGNMENT-EPOCH', 25],
  ],
}

/** `--describe --state` */
export function stateTable(group: StreamsGroupDescription, verbose: boolean): string {
  return `${stateLines(stateOf(group, ' '), STATE_LAYOUT, verbose).join('\n')}\n`
}

/** `--reset-offsets`: every column has its width, the last one too. */
export function resetTable(plan: ResetPlan): string {
  const rows = [...plan].flatMap(([group, offsets]) =>
    offsets.map(({ topic, partition, offset }) => [group, topic, String(partition), String(offset)]),
  )
  const lines = plan.size === 0 ? [] : [['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET'], ...rows]
  const widths = [30, 30, 10, 15]
  return `${lines.map((cells) => `\n${line(cells, widths)}`).join('')}\n`
}
