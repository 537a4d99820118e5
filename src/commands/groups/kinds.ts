/** What the scripts of share groups and of streams groups have in common. */
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import { type GivenOptions, type OptionTable, UsageError } from '../../cli/options.ts'
import type { Presentation } from '../../cli/script-command.ts'
import { drawTable } from '../../cli/table.ts'
import type { Admin, GroupListing, Outcome } from '../../client/admin-types.ts'
import { MIN_NAME_WIDTH, widest } from '../group-tables.ts'
import { javaText } from '../java-failure.ts'
import { inHashOrder } from '../java-order.ts'

/** A kind of group as scripts and we speak of it. */
export interface GroupKind {
  /** As `ListGroups` knows it: `Share`. */
  readonly type: string
  /** `share` */
  readonly word: string
  readonly states: readonly string[]
}

export const SHARE: GroupKind = { type: 'Share', word: 'share', states: ['Stable', 'Empty', 'Dead'] }
export const STREAMS: GroupKind = {
  type: 'Streams',
  word: 'streams',
  states: ['Stable', 'Empty', 'NotReady', 'Assigning', 'Reconciling', 'Dead'],
}

/** The groups of a kind, in the order of the script's map. */
export async function groupsOf(kind: GroupKind, admin: Admin, states: readonly string[] = []): Promise<GroupListing[]> {
  const filter = { types: [kind.type], ...(states.length === 0 ? {} : { states }) }
  return inHashOrder(await admin.listGroups(filter), ({ groupId }) => groupId)
}

/** `stable, EMPTY` -> Kafka's spelling; none for all. Throws `UsageError`. */
export function parseStates(kind: GroupKind, input: string | undefined): string[] {
  if (input === undefined || input === '') return []
  return input.split(',').map((word) => {
    const wanted = word.trim().toLowerCase()
    const name = kind.states.find((each) => each.toLowerCase() === wanted)
    if (name !== undefined) return name
    throw new UsageError(`Invalid state list '${input}'. Valid states are: ${kind.states.join(', ')}`)
  })
}

/** `--list`: names, or with `--state` a table. */
export async function listKind(
  kind: GroupKind,
  given: GivenOptions<OptionTable>,
  admin: Admin,
  presentation: Presentation,
  context: CommandContext,
): Promise<void> {
  const withState = given.has('state')
  const groups = await groupsOf(kind, admin, parseStates(kind, given.value('state') as string | undefined))
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = groups.map(({ groupId, state }) => ({ groupId, state }))
    context.stdout.write(formatDocument(presentation, `${kind.type}GroupList`, { groups: fields }))
  } else if (presentation === 'script') {
    context.stdout.write(withState ? statesText(groups) : groups.map(({ groupId }) => `${groupId}\n`).join(''))
  } else if (groups.length === 0) {
    context.stderr.write(`There are no such ${kind.word} groups.\n`)
  } else {
    const { dim, name, good, warning } = await context.colours()
    const rows = groups.map(({ groupId, state }) => [
      name(groupId),
      state === 'Stable' ? good(state) : warning(state || '-'),
    ])
    context.stdout.write(await drawTable({ head: ['GROUP', 'STATE'].map(dim), rows }))
  }
}

function statesText(groups: readonly GroupListing[]): string {
  const width = widest(
    MIN_NAME_WIDTH,
    groups.map(({ groupId }) => groupId),
  )
  const rows = [['GROUP', 'STATE'], ...groups.map(({ groupId, state }) => [groupId, state || 'Unknown'])]
  return rows.map(([group, state]) => `${group!.padEnd(width)} ${state}\n`).join('')
}

/** What came of deleting groups: null where it worked, else Java's words and ours. */
export type Deletion = ReadonlyMap<string, { readonly scriptText: string; readonly message: string } | null>

/** Deletes those that are there and empty; the others are told without asking. `missing` words a group of no such kind. */
export async function deleteKind(
  kind: GroupKind,
  groupIds: readonly string[],
  admin: Admin,
  missing: (groupId: string) => string,
): Promise<Deletion> {
  const known = new Map((await groupsOf(kind, admin)).map(({ groupId, state }) => [groupId, state]))
  const results = new Map<string, { scriptText: string; message: string } | null>()
  const refuse = (groupId: string, exception: string, message: string): void => {
    results.set(groupId, { scriptText: `${exception}: ${message}`, message })
  }
  for (const groupId of new Set(groupIds)) {
    const state = known.get(groupId)
    if (state === undefined) refuse(groupId, 'java.lang.IllegalArgumentException', missing(groupId))
    else if (state !== 'Empty') {
      const message = `${kind.type} group '${groupId}' is not EMPTY.`
      refuse(groupId, 'org.apache.kafka.common.errors.GroupNotEmptyException', message)
    }
  }
  const rest = [...new Set(groupIds)].filter((groupId) => !results.has(groupId))
  const outcomes = rest.length === 0 ? new Map<string, Outcome<void>>() : await admin.deleteGroups(rest)
  for (const [groupId, outcome] of outcomes) {
    const failure = outcome.ok ? null : { scriptText: javaText(outcome.error), message: outcome.error.message }
    results.set(groupId, failure)
  }
  return new Map(inHashOrder(results, ([groupId]) => groupId))
}

/** The groups that are deleted and those that are not, in the order of the scripts' maps. */
export function splitDeletion(deletion: Deletion): { deleted: string[]; failed: [string, string][] } {
  const deleted = [...deletion].filter(([, failure]) => failure === null).map(([groupId]) => groupId)
  const failed = [...deletion].flatMap(([groupId, failure]): [string, string][] =>
    failure === null ? [] : [[groupId, failure.scriptText]],
  )
  return { deleted, failed }
}

/** `*Deletion`'s element. */
export function deletionFields(deletion: Deletion) {
  return [...deletion].map(([groupId, failure]) => ({ groupId, error: failure?.message ?? null }))
}

/** Options that exist only beside another one, in joptsimple's words. */
export function checkAvailable(
  given: GivenOptions<OptionTable>,
  needs: Readonly<Record<string, readonly string[]>>,
): void {
  const missing = Object.keys(needs).filter(
    (name) => given.has(name) && !needs[name]!.some((other) => given.has(other)),
  )
  if (missing.length === 0) return
  const facts = missing.map((name) => `--${name} goes with ${needs[name]!.map((other) => `--${other}`).join(' or ')}`)
  throw new UsageError(`Option(s) [${missing.join(', ')}] are unavailable given other options on the command line`, {
    facts,
  })
}
