import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument } from '../../cli/format.ts'
import { UsageError } from '../../cli/options.ts'
import { type Presentation, presentationOf } from '../../cli/script-command.ts'
import type { Admin } from '../../client/admin-types.ts'
import type { AclBinding, AclEntry, AclFilter, AclResource } from '../../client/security-types.ts'
import { valueOrFailure } from '../java-failure.ts'
import type { AclsGiven } from './options.ts'
import { patternTypeOf, type ResourceRules, removalFilters, rulesOf } from './rules.ts'
import { aclTable } from './tables.ts'
import { addingText, bindingFields, existsText, removalQuestion } from './text.ts'

/** `--add`: what is there already is told and left. */
export async function addAcls(given: AclsGiven, context: CommandContext, admin: () => Promise<Admin>): Promise<void> {
  const rules = additions(given)
  const presentation = presentationOf(given, context)
  const dryRun = given.has('dry-run')
  const client = await admin()
  const added: AclBinding[] = []
  const existing: AclBinding[] = []
  for (const { resource, entries } of rules) {
    const known = new Set((await client.describeAcls(filterOf(resource))).map(({ entry }) => keyOf(entry)))
    const there = entries.filter((entry) => known.has(keyOf(entry)))
    const missing = entries.filter((entry) => !known.has(keyOf(entry)))
    existing.push(...there.map((entry) => ({ resource, entry })))
    added.push(...missing.map((entry) => ({ resource, entry })))
    if (presentation === 'script' && !dryRun) tellAddition(resource, there, missing, context)
    if (missing.length === 0 || dryRun) continue
    const outcomes = await client.createAcls(missing.map((entry) => ({ resource, entry })))
    for (const outcome of outcomes) valueOrFailure(outcome)
  }
  if (presentation === 'script' && !dryRun) return
  await report(dryRun ? 'AclsAdditionPlan' : 'AclsAdded', { added, existing }, presentation, context)
}

interface Addition {
  readonly resource: AclResource
  readonly entries: readonly AclEntry[]
}

/** Rules to add, each for one resource. Throws in the script's words. */
function additions(given: AclsGiven): Addition[] {
  const patternType = patternTypeOf(given)
  if (patternType === 'ANY' || patternType === 'MATCH') {
    throw new UsageError(`A '--resource-pattern-type' value of '${patternType}' is not valid when adding acls.`)
  }
  const rules = rulesOf(given)
  if (rules.some(({ entries }) => entries.length === 0)) {
    throw new UsageError('You must specify one of: --allow-principal, --deny-principal when trying to add ACLs.')
  }
  return rules.map(({ filter, entries }) => ({
    resource: { resourceType: filter.resourceType, name: filter.name, patternType },
    entries,
  }))
}

function tellAddition(
  resource: AclResource,
  there: readonly AclEntry[],
  missing: readonly AclEntry[],
  { stdout }: CommandContext,
): void {
  for (const entry of there) stdout.write(existsText({ resource, entry }))
  if (missing.length > 0) stdout.write(addingText(resource, missing))
}

const keyOf = (entry: AclEntry): string =>
  JSON.stringify([entry.principal, entry.host, entry.operation, entry.permission])

function filterOf({ resourceType, name, patternType }: AclResource): AclFilter {
  return { resourceType, name, patternType } as AclFilter
}

/** `--remove`: asks for each resource unless `--force` was given. */
export async function removeAcls(
  given: AclsGiven,
  context: CommandContext,
  admin: () => Promise<Admin>,
): Promise<void> {
  const rules = rulesOf(given)
  const presentation = presentationOf(given, context)
  const dryRun = given.has('dry-run')
  const client = await admin()
  const removed: AclBinding[] = []
  for (const each of rules) {
    if (dryRun) {
      for (const filter of removalFilters(each)) removed.push(...(await client.describeAcls(filter)))
    } else if (given.has('force') || (await isConfirmed(each, presentation, context))) {
      const outcomes = await client.deleteAcls(removalFilters(each))
      for (const outcome of outcomes) removed.push(...valueOrFailure(outcome))
    }
  }
  if (presentation === 'script' && !dryRun) return
  await report(dryRun ? 'AclsRemovalPlan' : 'AclsRemoved', { removed }, presentation, context)
}

async function isConfirmed(
  rules: ResourceRules,
  presentation: Presentation,
  context: CommandContext,
): Promise<boolean> {
  const question = removalQuestion(rules)
  if (!context.interactive) {
    if (presentation === 'script') context.stdout.write(`${question}\n`)
    throw new KtError('usage', 'Nobody is there to answer', { next: 'the same command with --force' })
  }
  const answer = await context.ask({ message: question, kind: 'text' })
  return answer.toLowerCase() === 'y'
}

type Kind = 'AclsAdded' | 'AclsAdditionPlan' | 'AclsRemoved' | 'AclsRemovalPlan'

/** For people a table of what changed or would change; else a document. */
async function report(
  kind: Kind,
  lists: { added?: AclBinding[]; existing?: AclBinding[]; removed?: AclBinding[] },
  presentation: Presentation,
  context: CommandContext,
): Promise<void> {
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = Object.entries(lists).map(([name, list]) => [name, list.map(bindingFields)] as const)
    context.stdout.write(formatDocument(presentation, kind, Object.fromEntries(fields)))
    return
  }
  const changed = lists.added ?? lists.removed ?? []
  const verb = HEADINGS[kind]
  const count = `${changed.length} rule${changed.length === 1 ? '' : 's'}`
  context.stdout.write(`${verb} ${count}${changed.length === 0 ? '.' : ':'}\n`)
  if (changed.length > 0) context.stdout.write(await aclTable(changed, await context.colours()))
  const there = lists.existing?.length ?? 0
  if (there > 0) context.stdout.write(`${there} of the rules existed already.\n`)
}

const HEADINGS: Readonly<Record<Kind, string>> = {
  AclsAdded: 'Added',
  AclsAdditionPlan: 'Would add',
  AclsRemoved: 'Removed',
  AclsRemovalPlan: 'Would remove',
}
