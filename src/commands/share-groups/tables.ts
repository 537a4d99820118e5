/** The tables of `kafka-share-groups.sh`, byte for byte: pure text. */
import type { ShareGroupDescription, ShareGroupMember, ShareGroupOffset } from '../../client/group-kind-types.ts'
import { assignmentText } from '../consumer-groups/tables.ts'
import { MIN_WIDTH, widest } from '../groups/kinds.ts'

/** Cells padded to their widths, an empty line in front; the last cell is as long as it is. */
function table(head: readonly string[], rows: readonly (readonly string[])[], widths: readonly number[]): string {
  const line = (cells: readonly string[]): string => cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' ')
  return `${[head, ...rows].map((cells) => `\n${line(cells)}`).join('')}\n`
}

const shown = (value: number | null): string => (value === null ? '-' : String(value))

/** By topic and partition. */
export function sortedOffsets(offsets: readonly ShareGroupOffset[]): ShareGroupOffset[] {
  return [...offsets].sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
}

/** `--describe [--offsets]` */
export function offsetsTable(groupId: string, offsets: readonly ShareGroupOffset[], verbose: boolean): string {
  if (offsets.length === 0) return `\nShare group '${groupId}' has no offset information.\n`
  const epoch = (cell: string): string[] => (verbose ? [cell] : [])
  const rows = sortedOffsets(offsets).map(({ topic, partition, leaderEpoch, startOffset, lag }) => [
    groupId,
    topic,
    String(partition),
    ...epoch(shown(leaderEpoch)),
    shown(startOffset),
    shown(lag),
  ])
  const head = ['GROUP', 'TOPIC', 'PARTITION', ...epoch('LEADER-EPOCH'), 'START-OFFSET', 'LAG']
  const topics = offsets.map(({ topic }) => topic)
  return table(head, rows, [widest(MIN_WIDTH, [groupId]), widest(MIN_WIDTH, topics), 10, ...(verbose ? [13] : []), 13])
}

/** `--describe --members` */
export function membersTable(groupId: string, members: readonly ShareGroupMember[], verbose: boolean): string {
  const epoch = (cell: string): string[] => (verbose ? [cell] : [])
  const sorted = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const rows = sorted.map(({ memberId, memberEpoch, host, clientId, assignment }) => [
    groupId,
    memberId,
    host,
    clientId,
    String(assignment.length),
    ...epoch(String(memberEpoch)),
    assignment.length === 0 ? '' : assignmentText(assignment),
  ])
  const head = ['GROUP', 'CONSUMER-ID', 'HOST', 'CLIENT-ID', '#PARTITIONS', ...epoch('MEMBER-EPOCH'), 'ASSIGNMENT']
  const column = (pick: (member: ShareGroupMember) => string): number => widest(MIN_WIDTH, members.map(pick))
  return table(head, rows, [
    widest(MIN_WIDTH, [groupId]),
    column(({ memberId }) => memberId),
    column(({ host }) => host),
    column(({ clientId }) => clientId),
    12,
    ...(verbose ? [13] : []),
  ])
}

/** `--describe --state` */
export function stateTable(group: ShareGroupDescription, verbose: boolean): string {
  const { host, port, id } = group.coordinator
  const coordinator = `${host}:${port}  (${id})`
  const epochs = (...cells: string[]): string[] => (verbose ? cells : [])
  const head = ['GROUP', 'COORDINATOR (ID)', 'STATE', ...epochs('GROUP-EPOCH', 'ASSIGNMENT-EPOCH'), '#MEMBERS']
  const row = [
    group.groupId,
    coordinator,
    group.state,
    ...epochs(String(group.groupEpoch), String(group.targetAssignmentEpoch)),
    String(group.members.length),
  ]
  const widths = [widest(MIN_WIDTH, [group.groupId]), widest(25, [coordinator]), 15, ...(verbose ? [12, 17] : [])]
  return table(head, [row], widths)
}

/** `--delete-offsets`: by topic; null is deleted. */
export function deletedTopicsTable(results: ReadonlyMap<string, string | null>): string {
  if (results.size === 0) return '\n'
  const rows = [...results]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([topic, error]) => [topic, error === null ? 'Successful' : `Error: ${error}`])
  return table(['TOPIC', 'STATUS'], rows, [widest(MIN_WIDTH, [...results.keys()])])
}
