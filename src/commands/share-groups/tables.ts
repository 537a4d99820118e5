/** The tables of `kafka-share-groups.sh`, byte for byte: pure text. */
import type { ShareGroupDescription, ShareGroupMember, ShareGroupOffset } from '../../client/group-kind-types.ts'
import { assignmentText } from '../consumer-groups/tables.ts'
import { line, MIN_NAME_WIDTH, type StateLayout, shown, stateLines, stateOf, widest } from '../group-tables.ts'

/** Cells padded to their widths, an empty line in front; the last cell is as long as it is. */
function table(head: readonly string[], rows: readonly (readonly string[])[], widths: readonly number[]): string {
  return `${[head, ...rows].map((cells) => `\n${line(cells, widths)}`).join('')}\n`
}

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
  return table(head, rows, [
    widest(MIN_NAME_WIDTH, [groupId]),
    widest(MIN_NAME_WIDTH, topics),
    10,
    ...(verbose ? [13] : []),
    13,
  ])
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
  const column = (pick: (member: ShareGroupMember) => string): number => widest(MIN_NAME_WIDTH, members.map(pick))
  return table(head, rows, [
    widest(MIN_NAME_WIDTH, [groupId]),
    column(({ memberId }) => memberId),
    column(({ host }) => host),
    column(({ clientId }) => clientId),
    12,
    ...(verbose ? [13] : []),
  ])
}

const STATE_LAYOUT: StateLayout = {
  state: 15,
  epochs: [
    ['GROUP-EPOCH', 12],
    ['ASSIGNMENT-EPOCH', 17],
  ],
}

/** `--describe --state` */
export function stateTable(group: ShareGroupDescription, verbose: boolean): string {
  // Two blanks before the id: the script's own.
  return `\n${stateLines(stateOf(group, '  '), STATE_LAYOUT, verbose).join('\n')}\n`
}

/** `--delete-offsets`: by topic; null is deleted. */
export function deletedTopicsTable(results: ReadonlyMap<string, string | null>): string {
  if (results.size === 0) return '\n'
  const rows = [...results]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([topic, error]) => [topic, error === null ? 'Successful' : `Error: ${error}`])
  return table(['TOPIC', 'STATUS'], rows, [widest(MIN_NAME_WIDTH, [...results.keys()])])
}
