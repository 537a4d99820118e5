import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import { presentationOf } from '../../cli/script-command.ts'
import { drawTable } from '../../cli/table.ts'
import type { Admin, GroupListing } from '../../client/admin-types.ts'
import { inHashOrder } from '../java-order.ts'
import { type GivenConsumerGroups, statesOf, typesOf } from './options.ts'
import { listTable } from './tables.ts'

/** Consumer groups by type; share and streams groups have commands of their own. */
const CONSUMER_TYPES = ['Classic', 'Consumer']
/** A group without a protocol was made by committing offsets without members. */
const CONSUMER_PROTOCOLS = ['', 'consumer']

async function consumerGroups(
  admin: Admin,
  filter: { states?: readonly string[]; types?: readonly string[] } = {},
): Promise<GroupListing[]> {
  const groups = await admin.listGroups({
    protocolTypes: CONSUMER_PROTOCOLS,
    types: filter.types?.length ? filter.types : CONSUMER_TYPES,
    ...(filter.states?.length ? { states: filter.states } : {}),
  })
  return inHashOrder(groups, (group) => group.groupId)
}

/** The groups an action is about: `--all-groups`, or every `--group`. */
export async function groupIdsOf(given: GivenConsumerGroups, admin: Admin): Promise<string[]> {
  if (!given.has('all-groups')) return given.values('group')
  return (await consumerGroups(admin)).map((group) => group.groupId)
}

/** `--list`: names, or a table with types and states. */
export async function runList(given: GivenConsumerGroups, context: CommandContext, admin: Admin): Promise<void> {
  const groups = await consumerGroups(admin, { states: statesOf(given), types: typesOf(given) })
  const presentation = presentationOf(given, context)
  if (presentation === 'json' || presentation === 'yaml') {
    const items = groups.map(({ groupId, type, state, protocolType }) => ({ groupId, type, state, protocolType }))
    context.stdout.write(formatDocument(presentation, 'ConsumerGroupList', { groups: items }))
  } else if (presentation === 'terminal') {
    context.stdout.write(await listForPeople(groups, context))
  } else if (given.has('type') || given.has('state')) {
    context.stdout.write(listTable(groups, given.has('type'), given.has('state')))
  } else {
    context.stdout.write(groups.map((group) => `${group.groupId}\n`).join(''))
  }
}

async function listForPeople(groups: readonly GroupListing[], context: CommandContext): Promise<string> {
  if (groups.length === 0) {
    context.stderr.write('There are no consumer groups.\n')
    return ''
  }
  const colours = await context.colours()
  const sorted = [...groups].sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
  return drawTable({
    head: ['GROUP', 'TYPE', 'STATE'],
    rows: sorted.map(({ groupId, type, state }) => [
      colours.name(groupId),
      type || '-',
      state === 'Stable' ? colours.good(state) : colours.warning(state || '-'),
    ]),
  })
}
