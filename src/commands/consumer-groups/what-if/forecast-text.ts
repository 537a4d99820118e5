/** Forecasts as text for people and as structures. */
import type { Structure } from '../../../cli/format.ts'
import type { Assignor } from '../../../protocol/assignors/index.ts'
import { plainTable } from '../../plain-table.ts'
import { partitionsText } from '../partitions-text.ts'
import type { Forecast, ForecastMember } from './forecast.ts'

/** What the group uses now. */
export type PresentAssignor = Pick<Assignor, 'name' | 'protocol'>

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** All assignors in a table, then the members of each; `present` is the group's own assignor. */
export function forecastsText(forecasts: readonly Forecast[], present: PresentAssignor | null): string {
  const head = ['ASSIGNOR', 'PROTOCOL', 'PER-MEMBER', 'MOVED', 'REBALANCES', 'STANDS-STILL']
  const rows = forecasts.map((each) => [
    nameText(each, present),
    each.assignor.protocol,
    each.fewest === each.most ? String(each.most) : `${each.fewest} to ${each.most}`,
    String(each.moved),
    String(each.rebalances),
    stillText(each),
  ])
  return `${plainTable(head, rows)}\n${forecasts.map(membersText).join('\n')}`
}

function nameText({ assignor }: Forecast, present: PresentAssignor | null): string {
  return assignor.name === present?.name && assignor.protocol === present.protocol
    ? `${assignor.name} (now)`
    : assignor.name
}

function stillText({ assignor, standStill }: Forecast): string {
  if (standStill === 0) return 'nothing'
  if (assignor.style === 'eager') return `all ${standStill}, from the first to leave off until it is shared anew`
  if (assignor.style === 'cooperative') return `${standStill}, between the two rebalances`
  return `${standStill}, each until its old reader has let go`
}

function membersText({ assignor, members }: Forecast): string {
  const rows = members.map((member) => [
    member.label,
    String(member.partitions.length),
    member.partitions.length === 0 ? '-' : partitionsText(member.partitions),
    changeText(member),
  ])
  return `${assignor.name} (${assignor.protocol})\n${plainTable(
    ['  MEMBER', 'PARTITIONS', 'ASSIGNMENT', 'CHANGE'],
    rows.map(([label, ...rest]) => [`  ${label}`, ...rest]),
  )}`
}

function changeText({ isNew, gained, lost, partitions }: ForecastMember): string {
  if (isNew) return 'joins'
  const words = [
    ...(gained.length === 0 ? [] : [`+${partitionsText(gained)}`]),
    ...(lost.length === 0 ? [] : [`-${partitionsText(lost)}`]),
  ]
  if (words.length > 0) return words.join('  ')
  return partitions.length === 0 ? '-' : 'keeps all'
}

/** One line that says which assignor disturbs least. */
export function verdictText(forecasts: readonly Forecast[]): string {
  const least = Math.min(...forecasts.map(({ standStill }) => standStill))
  const best = forecasts.filter(({ standStill }) => standStill === least)
  if (best.length === forecasts.length || forecasts.length === 1) return ''
  const names = best.map(({ assignor }) => `${assignor.name} (${assignor.protocol})`).join(', ')
  return `Least stands still with ${names}: ${plural(least, 'partition')}.\n`
}

/** A forecast as `--format` prints it. */
export function forecastFields({
  assignor,
  members,
  fewest,
  most,
  moved,
  standStill,
  rebalances,
}: Forecast): Structure {
  const list = (partitions: ForecastMember['partitions']): Structure =>
    partitions.map(({ topic, partition }) => ({ topic, partition }))
  return {
    assignor: assignor.name,
    protocol: assignor.protocol,
    style: assignor.style,
    fewest,
    most,
    moved,
    standStill,
    rebalances,
    members: members.map(({ memberId, isNew, partitions, gained, lost }) => ({
      memberId,
      isNew,
      partitions: list(partitions),
      gained: list(gained),
      lost: list(lost),
    })),
  }
}
