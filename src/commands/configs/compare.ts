/** `--describe` with `--diff`, `--diff-defaults` or `--docs`: what differs, and what settings mean. */
import { formatDocument } from '../../cli/format.ts'
import type { Admin, ConfigEntry, ConfigResourceType } from '../../client/admin-types.ts'
import { unwrap } from '../outcome.ts'
import { plainTable } from '../plain-table.ts'
import type { Changes } from './changes.ts'
import { entitiesOf, RESOURCES } from './entities.ts'
import type { ConfigsRun } from './options.ts'

/** One setting on both sides; null for one that is not there, or that is hidden. */
export interface Difference {
  readonly name: string
  readonly left: string | null
  readonly right: string | null
}

export async function compareConfigs(run: ConfigsRun): Promise<void> {
  const { given } = run
  if (given.has('docs')) await showDocs(run)
  else await showDifferences(run)
}

async function entriesOf(
  admin: Admin,
  type: ConfigResourceType,
  name: string,
  documentation = false,
): Promise<ConfigEntry[]> {
  const [outcome] = await admin.describeConfigs([{ type, name }], { synonyms: true, documentation })
  return unwrap(outcome!)
}

async function showDifferences({ given, admin, context, presentation }: ConfigsRun): Promise<void> {
  const { types, names } = entitiesOf(given)
  const { type } = RESOURCES[types[0]!]!
  const name = names[0]!
  const other = given.value('diff')
  const own = await entriesOf(admin, type, name)
  const differences =
    other === undefined
      ? await withTopicDefaults(fromDefaults(own), type, name, admin)
      : differencesOf(own, await entriesOf(admin, type, other))
  const titles = [name === '' ? '(all)' : name, other ?? '(defaults)']
  if (presentation === 'json' || presentation === 'yaml') {
    const fields = { entityType: types[0]!, left: titles[0]!, right: other ?? null }
    const rows = differences.map((each) => ({ ...each }))
    context.stdout.write(formatDocument(presentation, 'ConfigDiff', { ...fields, differences: rows }))
  } else if (differences.length === 0) {
    context.stderr.write(`${titles[0]} is as ${titles[1]}: nothing differs.\n`)
  } else {
    const rows = differences.map(({ name: key, left, right }) => [key, left ?? '-', right ?? '-'])
    context.stdout.write(plainTable(['NAME', ...titles], rows))
  }
}

/** Settings with different values, by name. */
export function differencesOf(left: readonly ConfigEntry[], right: readonly ConfigEntry[]): Difference[] {
  const [ours, theirs] = [left, right].map((entries) => new Map(entries.map(({ name, value }) => [name, value])))
  const names = [...new Set([...ours!.keys(), ...theirs!.keys()])].sort()
  return names.flatMap((name) => {
    const difference = { name, left: ours!.get(name) ?? null, right: theirs!.get(name) ?? null }
    return difference.left === difference.right ? [] : [difference]
  })
}

/** Settings that are not Kafka's defaults; null is a default that the cluster does not tell. */
export function fromDefaults(entries: readonly ConfigEntry[]): Difference[] {
  return entries
    .filter(({ source }) => source !== 'DEFAULT_CONFIG')
    .map(({ name, value, synonyms }) => {
      const standard = synonyms.find(({ source }) => source === 'DEFAULT_CONFIG')
      return { name, left: value, right: standard?.value ?? null }
    })
    .filter(({ left, right }) => left !== right)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Topics that are asked what a setting is when nobody sets it. */
const MAX_ASKED = 20

/**
 * Brokers do not tell defaults that have another unit than the topic's setting (`log.retention.hours`): a topic that does
 * not set it knows.
 */
async function withTopicDefaults(
  differences: readonly Difference[],
  type: ConfigResourceType,
  name: string,
  admin: Admin,
): Promise<readonly Difference[]> {
  if (type !== 'TOPIC' || differences.every(({ right }) => right !== null)) return differences
  const others = (await admin.listTopics()).filter((topic) => topic.name !== name).slice(0, MAX_ASKED)
  const described = await admin.describeConfigs(others.map((topic) => ({ type, name: topic.name })))
  const defaults = new Map(
    described
      .flatMap((outcome) => (outcome.ok ? outcome.value : []))
      .filter(({ source }) => source === 'DEFAULT_CONFIG')
      .map((entry) => [entry.name, entry.value]),
  )
  return differences
    .map((each) => ({ ...each, right: each.right ?? defaults.get(each.name) ?? null }))
    .filter(({ left, right }) => left !== right)
}

/** What a setting falls back to when it is taken away. */
function valueWithout({ source, synonyms }: ConfigEntry): string | null {
  return synonyms.find((each) => each.source !== source)?.value ?? null
}

/** What `--dry-run` shows: now, and afterwards; null afterwards is a default that is not known here. */
export function plannedRows(
  entries: readonly ConfigEntry[],
  { add, remove }: Changes,
): { name: string; before: string | null; after: string | null }[] {
  const known = new Map(entries.map((entry) => [entry.name, entry]))
  const row = (name: string, after: string | null) => ({ name, before: known.get(name)?.value ?? null, after })
  const removed = remove.map((name) => {
    const entry = known.get(name)
    return row(name, entry === undefined ? null : valueWithout(entry))
  })
  return [...[...add].map(([name, value]) => row(name, value)), ...removed]
}

const WIDTH = 96

async function showDocs({ given, admin, context, presentation }: ConfigsRun): Promise<void> {
  const { types, names } = entitiesOf(given)
  const { type, source } = RESOURCES[types[0]!]!
  const name = names[0] ?? (await firstName(admin, type))
  const entries = await entriesOf(admin, type, name, true)
  const shown = entries.filter((entry) => given.has('all') || entry.source === source)
  shown.sort((a, b) => (a.name < b.name ? -1 : 1))
  if (presentation === 'json' || presentation === 'yaml') {
    const configs = shown.map((entry) => ({
      name: entry.name,
      value: entry.value,
      source: entry.source,
      type: entry.type,
      isReadOnly: entry.isReadOnly,
      documentation: entry.documentation,
    }))
    context.stdout.write(
      formatDocument(presentation, 'ConfigDocumentation', { entityType: types[0]!, entityName: name, configs }),
    )
    return
  }
  if (shown.length === 0) context.stderr.write(`Nothing is set for ${name}; --all shows every setting.\n`)
  const colours = await context.colours()
  for (const entry of shown) context.stdout.write(docText(entry, colours.bold(entry.name)))
  if (shown.length > 0 && shown.every(({ documentation }) => !documentation)) {
    context.stderr.write('This cluster does not send documentation; types and values are what it knows.\n')
  }
}

/** Any entity of a type will do to learn what its settings mean. */
async function firstName(admin: Admin, type: ConfigResourceType): Promise<string> {
  if (type === 'TOPIC') return (await admin.listTopics())[0]?.name ?? ''
  if (type === 'BROKER' || type === 'BROKER_LOGGER') return String((await admin.describeCluster()).brokers[0]!.id)
  return ''
}

function docText(
  { value, type, source, isReadOnly, isSensitive, documentation }: ConfigEntry,
  heading: string,
): string {
  const shown = isSensitive ? '(hidden)' : (value ?? 'null')
  const facts = [
    type.toLowerCase(),
    source.toLowerCase().replaceAll('_', ' '),
    ...(isReadOnly ? ['needs a restart'] : []),
  ]
  return `${heading}=${shown}  (${facts.join(', ')})\n${wrapped(plainDocumentation(documentation ?? ''))}`
}

/** Brokers write HTML. */
export function plainDocumentation(html: string): string {
  return html
    .replaceAll(/<li>/gi, ' - ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function wrapped(text: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > WIDTH) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '') lines.push(line)
  return lines.map((each) => `    ${each}\n`).join('')
}
