import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument, type Structure } from '../../cli/format.ts'
import { type Presentation, presentationOf } from '../../cli/script-command.ts'
import { drawTable } from '../../cli/table.ts'
import type { Admin } from '../../client/admin-types.ts'
import { type DescribedGroup, describeGroups, memberRows, offsetRows, stateRows } from './group-rows.ts'
import { groupIdsOf } from './list.ts'
import type { GivenConsumerGroups } from './options.ts'
import {
  assignmentText,
  type MemberRow,
  membersTable,
  type OffsetRow,
  offsetsTable,
  type StateRow,
  stateTable,
} from './tables.ts'

/** `--describe`: offsets, members or state of groups. */
export async function runDescribe(given: GivenConsumerGroups, context: CommandContext, admin: Admin): Promise<void> {
  const groups = await describeGroups(admin, await groupIdsOf(given, admin))
  const printer = new GroupPrinter(context, presentationOf(given, context), given.has('verbose'))
  if (given.has('members')) await printer.members(memberRows(groups))
  else if (given.has('state')) await printer.states(stateRows(groups))
  else await printer.offsets(await offsetRows(admin, groups))
}

const REBALANCING = new Set(['PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling'])

class GroupPrinter {
  readonly #context: CommandContext
  readonly #presentation: Presentation
  readonly #verbose: boolean

  constructor(context: CommandContext, presentation: Presentation, verbose: boolean) {
    this.#context = context
    this.#presentation = presentation
    this.#verbose = verbose
  }

  async offsets(groups: readonly DescribedGroup<OffsetRow>[]): Promise<void> {
    const { stdout } = this.#context
    if (this.#isStructure('ConsumerGroupOffsets', groups, offsetStructure)) return
    for (const group of groups) {
      if (!this.#announce(group)) continue
      if (this.#presentation === 'script') stdout.write(offsetsTable(group.rows, this.#verbose))
      else stdout.write(`\n${await this.#offsetsForPeople(group.rows)}`)
    }
  }

  async members(groups: readonly DescribedGroup<MemberRow>[]): Promise<void> {
    const { stdout } = this.#context
    if (this.#isStructure('ConsumerGroupMembers', groups, memberStructure)) return
    for (const group of groups) {
      const shown = this.#announce(group)
      // The script prints the header of an empty group too.
      if (this.#presentation === 'script') stdout.write(membersTable(group.rows, this.#verbose))
      else if (shown) stdout.write(`\n${await this.#membersForPeople(group.rows)}`)
    }
  }

  async states(groups: readonly DescribedGroup<StateRow>[]): Promise<void> {
    const { stdout } = this.#context
    if (this.#isStructure('ConsumerGroupStates', groups, stateStructure)) return
    const shown = groups.filter((group) => this.#announce(group)).flatMap((group) => group.rows)
    if (this.#presentation === 'script') for (const row of shown) stdout.write(stateTable(row, this.#verbose))
    else if (shown.length > 0) stdout.write(`\n${await this.#statesForPeople(shown)}`)
  }

  #isStructure<R>(
    kind: string,
    groups: readonly DescribedGroup<R>[],
    rowStructure: (row: R) => Record<string, Structure>,
  ): boolean {
    if (this.#presentation !== 'json' && this.#presentation !== 'yaml') return false
    const items = groups.map(({ groupId, state, rows }) => ({ groupId, state, rows: rows.map(rowStructure) }))
    this.#context.stdout.write(formatDocument(this.#presentation, kind, { groups: items }))
    return true
  }

  /** Says what a reader should know of the group's state; false when there is nothing to show. */
  #announce({ groupId, state, rows }: DescribedGroup<unknown>): boolean {
    const { stdout, stderr } = this.#context
    if (state === 'Dead') stdout.write(`\nError: Consumer group '${groupId}' does not exist.\n`)
    else if (state === 'Empty') stderr.write(`\nConsumer group '${groupId}' has no active members.\n`)
    else if (REBALANCING.has(state)) stderr.write(`\nWarning: Consumer group '${groupId}' is rebalancing.\n`)
    else if (state !== 'Stable') {
      throw new KtError('kafka', `Expected a valid consumer group state, but found '${state}'.`)
    }
    return state !== 'Dead' && rows.length > 0
  }

  async #offsetsForPeople(rows: readonly OffsetRow[]): Promise<string> {
    const colours = await this.#context.colours()
    const cell = (value: string | number | null): string => (value === null ? colours.dim('-') : String(value))
    const lagCell = (lag: number | null): string =>
      lag === null ? colours.dim('-') : lag === 0 ? colours.good('0') : colours.warning(String(lag))
    const epoch = this.#verbose ? ['LEADER-EPOCH'] : []
    const table = await drawTable({
      head: [
        'GROUP',
        'TOPIC',
        'PARTITION',
        ...epoch,
        'CURRENT-OFFSET',
        'LOG-END-OFFSET',
        'LAG',
        'CONSUMER-ID',
        'HOST',
        'CLIENT-ID',
      ],
      rightAligned: this.#verbose ? [2, 3, 4, 5, 6] : [2, 3, 4, 5],
      rows: rows.map((row) => [
        row.group,
        colours.name(row.topic),
        cell(row.partition),
        ...(this.#verbose ? [cell(row.leaderEpoch)] : []),
        cell(row.currentOffset),
        cell(row.logEndOffset),
        lagCell(row.lag),
        cell(row.consumerId),
        cell(row.host),
        cell(row.clientId),
      ]),
    })
    const total = rows.reduce((sum, row) => sum + (row.lag ?? 0), 0)
    return `${table}total lag: ${lagCell(total)}\n`
  }

  async #membersForPeople(rows: readonly MemberRow[]): Promise<string> {
    const colours = await this.#context.colours()
    const details = this.#verbose ? ['CURRENT-EPOCH', 'TARGET-EPOCH', 'TARGET-ASSIGNMENT'] : []
    return drawTable({
      head: ['GROUP', 'CONSUMER-ID', 'GROUP-INSTANCE-ID', 'HOST', 'CLIENT-ID', 'PARTITIONS', 'ASSIGNMENT', ...details],
      rightAligned: [5],
      rows: rows.map((row) => [
        row.group,
        colours.name(row.consumerId),
        row.groupInstanceId || colours.dim('-'),
        row.host,
        row.clientId,
        row.assignment.length === 0 ? colours.warning('0') : String(row.assignment.length),
        assignmentText(row.assignment),
        ...(this.#verbose
          ? [String(row.currentEpoch ?? '-'), String(row.targetEpoch ?? '-'), assignmentText(row.targetAssignment)]
          : []),
      ]),
    })
  }

  async #statesForPeople(rows: readonly StateRow[]): Promise<string> {
    const colours = await this.#context.colours()
    const stateCell = (state: string): string =>
      state === 'Stable' ? colours.good(state) : state === 'Dead' ? colours.bad(state) : colours.warning(state)
    const epochs = this.#verbose ? ['GROUP-EPOCH', 'TARGET-ASSIGNMENT-EPOCH'] : []
    return drawTable({
      head: ['GROUP', 'COORDINATOR (ID)', 'ASSIGNMENT-STRATEGY', 'STATE', ...epochs, 'MEMBERS'],
      rows: rows.map((row) => [
        colours.name(row.group),
        row.coordinator,
        row.assignmentStrategy || '-',
        stateCell(row.state),
        ...(this.#verbose ? [String(row.groupEpoch ?? '-'), String(row.targetAssignmentEpoch ?? '-')] : []),
        String(row.memberCount),
      ]),
    })
  }
}

function offsetStructure({ group: _, ...row }: OffsetRow): Record<string, Structure> {
  return row
}

function memberStructure({ group: _, assignment, targetAssignment, ...row }: MemberRow): Record<string, Structure> {
  const partitions = (list: MemberRow['assignment']): Structure =>
    list.map(({ topic, partition }) => ({ topic, partition }))
  return { ...row, assignment: partitions(assignment), targetAssignment: partitions(targetAssignment) }
}

function stateStructure({ group: _, ...row }: StateRow): Record<string, Structure> {
  return { ...row }
}
