/** The tables of `kafka-consumer-groups.sh`, byte for byte: pure text from rows. */
import type { GroupListing, TopicPartition } from '../../client/admin-types.ts'
import { line, MIN_NAME_WIDTH, MISSING, type StateLayout, shown, stateLines, widest } from '../group-tables.ts'
import type { ResetPlan } from './reset-plan.ts'

/** One partition of a group: what it committed, where the log ends, who reads it. */
export interface OffsetRow {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly leaderEpoch: number | null
  readonly currentOffset: number | null
  readonly logEndOffset: number | null
  readonly lag: number | null
  readonly consumerId: string | null
  readonly host: string | null
  readonly clientId: string | null
}

export interface MemberRow {
  readonly group: string
  readonly consumerId: string
  readonly groupInstanceId: string
  readonly host: string
  readonly clientId: string
  readonly assignment: readonly TopicPartition[]
  readonly targetAssignment: readonly TopicPartition[]
  readonly currentEpoch: number | null
  readonly targetEpoch: number | null
  /** False for a member that still speaks the classic protocol in a consumer group (KIP-848). */
  readonly upgraded: boolean | null
}

export interface StateRow {
  readonly group: string
  readonly coordinator: string
  readonly assignmentStrategy: string
  readonly state: string
  readonly groupEpoch: number | null
  readonly targetAssignmentEpoch: number | null
  readonly memberCount: number
}

/** `--describe [--offsets]`: an empty line, the header, a row per partition. */
export function offsetsTable(rows: readonly OffsetRow[], verbose: boolean): string {
  const head = ['GROUP', 'TOPIC', 'PARTITION', ...(verbose ? ['LEADER-EPOCH'] : [])]
  head.push('CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG', 'CONSUMER-ID', 'HOST', 'CLIENT-ID')
  const name = (pick: (row: OffsetRow) => string | null): number =>
    widest(
      MIN_NAME_WIDTH,
      rows.map((row) => shown(pick(row))),
    )
  const widths = [name((row) => row.group), name((row) => row.topic), 10, ...(verbose ? [15] : []), 15, 15, 15]
  widths.push(
    name((row) => row.consumerId),
    name((row) => row.host),
    0,
  )
  const cells = rows.map((row) => [
    row.group,
    row.topic,
    shown(row.partition),
    ...(verbose ? [shown(row.leaderEpoch)] : []),
    shown(row.currentOffset),
    shown(row.logEndOffset),
    shown(row.lag),
    shown(row.consumerId),
    shown(row.host),
    shown(row.clientId),
  ])
  return `${[head, ...cells].map((each) => `\n${line(each, widths)}`).join('')}\n`
}

/** `orders:0,1;payments:2`, topics and partitions sorted; `-` for nothing. */
export function assignmentText(assignment: readonly TopicPartition[]): string {
  const byTopic = new Map<string, number[]>()
  for (const { topic, partition } of assignment) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition])
  if (byTopic.size === 0) return MISSING
  const topics = [...byTopic].map(([topic, partitions]) => `${topic}:${partitions.sort((a, b) => a - b).join(',')}`)
  return topics.sort().join(';')
}

/** `--describe --members`: every cell is padded and followed by a blank, the last column too. */
export function membersTable(rows: readonly MemberRow[], verbose: boolean): string {
  const withInstance = rows.some((row) => row.groupInstanceId !== '')
  const migrating = rows.some((row) => row.upgraded === false) && rows.some((row) => row.upgraded === true)
  const head = [
    'GROUP',
    'CONSUMER-ID',
    ...(withInstance ? ['GROUP-INSTANCE-ID'] : []),
    'HOST',
    'CLIENT-ID',
    '#PARTITIONS',
  ]
  const widths = [
    widest(
      MIN_NAME_WIDTH,
      rows.map((row) => row.group),
    ),
    widest(
      MIN_NAME_WIDTH,
      rows.map((row) => row.consumerId),
    ),
    ...(withInstance
      ? [
          widest(
            17,
            rows.map((row) => row.groupInstanceId),
          ),
        ]
      : []),
    widest(
      MIN_NAME_WIDTH,
      rows.map((row) => row.host),
    ),
    widest(
      MIN_NAME_WIDTH,
      rows.map((row) => row.clientId),
    ),
    15,
  ]
  const cells = rows.map((row) => memberCells(row, withInstance))
  const lines = [head, ...cells].map((each) => `${line(each, widths)} `)
  if (!verbose) return `\n${lines.join('\n')}\n`
  const details = memberDetails(rows, migrating)
  return `\n${lines.map((text, index) => `${text}${details[index]}`).join('\n')}\n`
}

function memberCells(row: MemberRow, withInstance: boolean): string[] {
  const instance = withInstance ? [row.groupInstanceId] : []
  return [row.group, row.consumerId, ...instance, row.host, row.clientId, String(row.assignment.length)]
}

function memberDetails(rows: readonly MemberRow[], migrating: boolean): string[] {
  const head = ['CURRENT-EPOCH', 'CURRENT-ASSIGNMENT', 'TARGET-EPOCH', 'TARGET-ASSIGNMENT']
  const current = rows.map((row) => assignmentText(row.assignment))
  const target = rows.map((row) => assignmentText(row.targetAssignment))
  const widths = [15, widest(20, current), 15, widest(20, target), 0]
  const cells = rows.map((row, index) => [
    shown(row.currentEpoch),
    current[index]!,
    shown(row.targetEpoch),
    target[index]!,
  ])
  if (!migrating) return [head, ...cells].map((each) => line(each, widths))
  const upgraded = ['UPGRADED', ...rows.map((row) => shown(row.upgraded))]
  return [head, ...cells].map((each, index) => line([...each, upgraded[index]!], widths))
}

const STATE_LAYOUT: StateLayout = {
  strategy: 20,
  state: 20,
  epochs: [
    ['GROUP-EPOCH', 15],
    ['TARGET-ASSIGNMENT-EPOCH', 25],
  ],
}

/** `--describe --state`: one group, an empty line, header and row. */
export function stateTable(row: StateRow, verbose: boolean): string {
  const { assignmentStrategy: strategy, groupEpoch, targetAssignmentEpoch } = row
  const group = { ...row, strategy, epochs: [groupEpoch, targetAssignmentEpoch] }
  return `\n${stateLines(group, STATE_LAYOUT, verbose).join('\n')}\n`
}

/** `--list --state|--type`. */
export function listTable(groups: readonly GroupListing[], withType: boolean, withState: boolean): string {
  const columns: [head: string, cell: (group: GroupListing) => string][] = [['GROUP', (group) => group.groupId]]
  if (withType) columns.push(['TYPE', (group) => group.type || 'Unknown'])
  if (withState) columns.push(['STATE', (group) => group.state || 'Unknown'])
  const nameWidth =
    widest(
      MIN_NAME_WIDTH,
      groups.map((group) => group.groupId),
    ) + 10
  const widths = columns.map((_, column) => (column === 0 ? nameWidth : 20))
  const rows = [columns.map(([head]) => head), ...groups.map((group) => columns.map(([, cell]) => cell(group)))]
  return rows.map((cells) => `${line(cells, widths)}\n`).join('')
}

/** `--reset-offsets`: what was or would be set. With no group at all only the line break is left. */
export function resetTable(plan: ResetPlan): string {
  const rows = [...plan].flatMap(([group, offsets]) =>
    offsets.map(({ topic, partition, offset }) => [group, topic, String(partition), String(offset)]),
  )
  const groups = [...plan.keys()]
  const widths = [
    widest(MIN_NAME_WIDTH, groups),
    widest(
      MIN_NAME_WIDTH,
      rows.map((row) => row[1]!),
    ),
    10,
    0,
  ]
  const lines = plan.size === 0 ? [] : [['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET'], ...rows]
  return `${lines.map((cells) => `\n${line(cells, widths)}`).join('')}\n`
}

export interface DeletedOffsetRow {
  readonly topic: string
  /** -1 when the whole topic is meant. */
  readonly partition: number
  /** null: deleted. */
  readonly error: string | null
}

/** `--delete-offsets`: sorted by topic and partition as text. */
export function deletedOffsetsTable(rows: readonly DeletedOffsetRow[]): string {
  const keyOf = (row: DeletedOffsetRow): string => `${row.topic}${row.partition}`
  const sorted = [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0))
  const widths = [
    widest(
      MIN_NAME_WIDTH,
      rows.map((row) => row.topic),
    ),
    10,
    15,
  ]
  const cells = sorted.map((row) => [
    row.topic,
    row.partition < 0 ? MISSING : String(row.partition),
    row.error === null ? 'Successful' : `Error: ${row.error}`,
  ])
  return `${[['TOPIC', 'PARTITION', 'STATUS'], ...cells].map((each) => `\n${line(each, widths)}`).join('')}\n`
}
