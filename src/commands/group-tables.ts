/** What the tables of the scripts of consumer groups, share groups and streams groups have in common: pure text. */

export const MISSING = '-'
export const MIN_NAME_WIDTH = 15
const MIN_COORDINATOR_WIDTH = 25

export const shown = (value: string | number | boolean | null): string => (value === null ? MISSING : String(value))

/** The widest of these, at least as wide as the scripts' columns. */
export const widest = (least: number, texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, text.length), least)

/** Cells padded to their widths, one blank between; one of width 0, or without any, is as long as it is. */
export function line(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' ')
}

export interface GroupState {
  readonly group: string
  /** With the id of the broker, as the script has it. */
  readonly coordinator: string
  /** Where the script tells how partitions are assigned. */
  readonly strategy?: string
  readonly state: string
  readonly epochs: readonly (number | null)[]
  readonly memberCount: number
}

/** A group as the admin describes it. */
interface DescribedGroup {
  readonly groupId: string
  readonly state: string
  readonly coordinator: { readonly host: string; readonly port: number; readonly id: number }
  readonly groupEpoch: number
  readonly targetAssignmentEpoch: number
  readonly members: readonly unknown[]
}

/** The state of a share or streams group; `gap` stands before the id of the coordinator. */
export function stateOf(group: DescribedGroup, gap: string): GroupState {
  const { host, port, id } = group.coordinator
  return {
    group: group.groupId,
    coordinator: `${host}:${port}${gap}(${id})`,
    state: group.state,
    epochs: [group.groupEpoch, group.targetAssignmentEpoch],
    memberCount: group.members.length,
  }
}

/** Widths of the columns of `--describe --state`, which are each script's own. */
export interface StateLayout {
  readonly strategy?: number
  readonly state: number
  /** With `--verbose`, in the order of `epochs`. */
  readonly epochs: readonly (readonly [title: string, width: number])[]
}

/** `--describe --state` of one group: two lines, the titles and the group. */
export function stateLines(group: GroupState, layout: StateLayout, verbose: boolean): readonly [string, string] {
  const epochs = verbose ? layout.epochs : []
  const columns: (readonly [title: string, cell: string, width: number])[] = [
    ['GROUP', group.group, widest(MIN_NAME_WIDTH, [group.group])],
    ['COORDINATOR (ID)', group.coordinator, widest(MIN_COORDINATOR_WIDTH, [group.coordinator])],
  ]
  if (layout.strategy !== undefined) {
    columns.push(['ASSIGNMENT-STRATEGY', group.strategy || MISSING, layout.strategy])
  }
  columns.push(['STATE', group.state, layout.state])
  for (const [at, [title, width]] of epochs.entries()) columns.push([title, shown(group.epochs[at] ?? null), width])
  columns.push(['#MEMBERS', String(group.memberCount), 0])
  const widths = columns.map(([, , width]) => width)
  return [
    line(
      columns.map(([title]) => title),
      widths,
    ),
    line(
      columns.map(([, cell]) => cell),
      widths,
    ),
  ]
}
