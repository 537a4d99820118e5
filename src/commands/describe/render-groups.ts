import type { Colours } from '../../cli/colour.ts'
import { type GroupPartition, type GroupStatus, sumOrNull } from './model.ts'
import { type Brush, numberText, plural } from './text.ts'

/** Groups: state and members, and a line per partition with how far behind it is. */
export function renderGroups(groups: readonly GroupStatus[], brush: Brush): string {
  if (groups.length === 0) return 'No groups.\n'
  return groups.map((group) => renderGroup(group, brush)).join('\n')
}

const STATE_COLOURS: Readonly<Record<string, keyof Pick<Colours, 'good' | 'warning' | 'bad'>>> = {
  Stable: 'good',
  Empty: 'warning',
  Dead: 'bad',
}

function renderGroup(group: GroupStatus, { draw, colours }: Brush): string {
  const { bold, dim, name } = colours
  const state = colours[STATE_COLOURS[group.state] ?? 'warning'](group.state)
  const lag = numberText(sumOrNull(group.partitions.map((each) => each.lag)))
  const details = [
    `${group.type || 'Classic'} group`,
    plural(group.members.length, 'member'),
    `total lag ${lag}`,
    ...(group.assignor === '' ? [] : [`assignor ${group.assignor}`]),
    `coordinator ${group.coordinator.id}`,
  ]
  const heading = `${bold(name(group.groupId))}  ${state}  ${details.join(', ')}\n`
  const members = group.members.length === 0 ? '' : draw(membersTable(group, dim))
  if (group.partitions.length === 0) return `${heading}${members}`
  const partitions = draw({
    head: ['TOPIC', 'PARTITION', 'COMMITTED', 'LOG END', 'LAG', 'MEMBER'].map(dim),
    rows: group.partitions.map((each) => partitionRow(each, colours)),
    rightAligned: [1, 2, 3, 4],
  })
  return `${heading}${members}${partitions}`
}

function membersTable(group: GroupStatus, dim: (text: string) => string) {
  return {
    head: ['MEMBER', 'CLIENT', 'HOST', 'PARTITIONS'].map(dim),
    rows: group.members.map((member) => [
      member.groupInstanceId ?? member.memberId,
      member.clientId,
      member.host.replace(/^\//, ''),
      String(member.assignment.length),
    ]),
    rightAligned: [3],
  }
}

function partitionRow(each: GroupPartition, { good, warning, dim }: Colours): string[] {
  const lag = numberText(each.lag)
  return [
    each.topic,
    String(each.partition),
    each.committedOffset === null ? dim('-') : numberText(each.committedOffset),
    numberText(each.logEndOffset),
    each.lag === 0 ? good(lag) : warning(lag),
    each.memberId ?? dim('nobody'),
  ]
}
