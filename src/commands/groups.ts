/** `kt groups`, Kafka's `kafka-groups.sh`: groups of every kind, consumer, share and streams. */
import { forbidWith } from '../cli/check-options.ts'
import type { CommandContext } from '../cli/context.ts'
import { OK } from '../cli/exit-codes.ts'
import { formatDocument } from '../cli/format.ts'
import { flag, text, UsageError } from '../cli/options.ts'
import { CONNECTION_OPTIONS, defineScriptCommand, type Given, presentationOf, targetOf } from '../cli/script-command.ts'
import { drawTable } from '../cli/table.ts'
import type { GroupListing } from '../client/admin-types.ts'
import { showScriptFailure } from './failure.ts'
import { inHashOrder } from './java-order.ts'

const TYPES = ['classic', 'consumer', 'share', 'streams'] as const

const options = {
  ...CONNECTION_OPTIONS,
  list: flag('List the groups.'),
  'group-type': text('type', 'Only groups of this type.', { choices: TYPES }),
  protocol: text('protocol', 'Only groups whose members speak this protocol.'),
  consumer: flag('Only groups that consume: of type consumer, and classic ones whose protocol is consumer or empty.'),
  share: flag('Only share groups.'),
  streams: flag('Only streams groups.'),
}
type GroupsGiven = Given<typeof options>

export const groups = defineScriptCommand({
  name: 'groups',
  script: 'kafka-groups.sh',
  summary: 'List groups of every kind: consumer, share, streams',
  options,
  examples: [
    { command: 'kt groups --list', does: 'every group with its type and protocol' },
    { command: 'kt groups --list --consumer', does: 'those that consume' },
    { command: 'kt groups --list --group-type classic --protocol consumer', does: 'those of the classic protocol' },
  ],
  check: checkGroups,
  run: runGroups,
})

const KINDS = ['consumer', 'share', 'streams'] as const

/** The command line alone, in the script's order and words. */
function checkGroups(given: GroupsGiven): void {
  if (!given.has('list')) throw new UsageError('Command must include exactly one action: --list.')
  if (given.has('group-type') && !isType(given.value('group-type')!)) {
    throw new UsageError('--group-type must be a valid group type.', { facts: [`It is one of ${TYPES.join(', ')}.`] })
  }
  forbidWith(given, 'consumer', ['group-type', 'protocol', 'share', 'streams'])
  forbidWith(given, 'share', ['consumer', 'group-type', 'protocol', 'streams'])
  forbidWith(given, 'streams', ['consumer', 'group-type', 'protocol', 'share'])
}

const isType = (word: string): boolean => TYPES.some((type) => type === word.toLowerCase())

async function runGroups(given: GroupsGiven, context: CommandContext): Promise<number> {
  const presentation = presentationOf(given, context)
  const admin = await context.admin(targetOf(given))
  try {
    const filter = {
      type: given.value('group-type'),
      protocol: given.value('protocol'),
      kind: KINDS.find((kind) => given.has(kind)),
    }
    const found = (await admin.listGroups()).filter((group) => isWanted(group, filter))
    if (presentation === 'script') {
      context.stdout.write(groupsText(inHashOrder(found, ({ groupId }) => groupId)))
    } else if (presentation === 'terminal') {
      context.stdout.write(await groupsTable(found, context))
    } else {
      const fields = found.map(({ groupId, type, state, protocolType }) => ({ groupId, type, state, protocolType }))
      context.stdout.write(formatDocument(presentation, 'GroupList', { groups: fields }))
    }
    return OK
  } catch (error) {
    return showScriptFailure(error, 'Error while executing groups command : ', presentation, context)
  }
}

/** Which groups are meant; the first of type, protocol and kind that is given decides. */
export interface GroupFilter {
  readonly type?: string | undefined
  readonly protocol?: string | undefined
  readonly kind?: (typeof KINDS)[number] | undefined
}

export function isWanted({ type, protocolType }: GroupListing, filter: GroupFilter): boolean {
  const hasType = (name: string): boolean => type.toLowerCase() === name.toLowerCase()
  if (filter.type !== undefined) return hasType(filter.type) && (filter.protocol ?? protocolType) === protocolType
  if (filter.protocol !== undefined) return protocolType === filter.protocol
  if (filter.kind === undefined) return true
  const consumes = filter.kind === 'consumer' && (protocolType === 'consumer' || protocolType === '')
  return consumes || hasType(filter.kind)
}

const MIN_WIDTH = 20

/** The script's table: every column is as wide as the longest cell of all. */
export function groupsText(list: readonly GroupListing[]): string {
  const rows = list.map(({ groupId, type, protocolType }) => [groupId, type, protocolType])
  const width = rows.flat().reduce((most, cell) => Math.max(most, cell.length), MIN_WIDTH)
  const head = ['GROUP', 'TYPE', 'PROTOCOL'].map((cell) => cell.padEnd(width)).join(' ')
  const lines = rows.map((cells) => cells.map((cell) => `${cell.padEnd(width)} `).join(''))
  return [head, ...lines].map((line) => `${line}\n`).join('')
}

async function groupsTable(list: readonly GroupListing[], context: CommandContext): Promise<string> {
  if (list.length === 0) {
    context.stderr.write('There are no such groups.\n')
    return ''
  }
  const { dim, name, good, warning } = await context.colours()
  return drawTable({
    head: ['GROUP', 'TYPE', 'PROTOCOL', 'STATE'].map(dim),
    rows: list.map(({ groupId, type, protocolType, state }) => [
      name(groupId),
      type || '-',
      protocolType || '-',
      state === 'Stable' ? good(state) : warning(state || '-'),
    ]),
  })
}
