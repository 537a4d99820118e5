/** How configurations look: the script's text, tables, structures. */
import { formatDocument, type Structure } from '../../cli/format.ts'
import { drawTable } from '../../cli/table.ts'
import type { ConfigEntry } from '../../client/admin-types.ts'
import { type EntityType, singular } from './entities.ts'
import type { ConfigsRun } from './options.ts'

/** One entity and what is shown of it. */
export interface DescribedEntity {
  readonly type: EntityType
  /** '' for the default of all brokers. */
  readonly name: string
  readonly all: boolean
  readonly entries: readonly ConfigEntry[]
}

/** Writes them as the person wants them. */
export async function writeEntities(
  { context, presentation }: ConfigsRun,
  entities: readonly DescribedEntity[],
): Promise<void> {
  if (presentation === 'script') {
    context.stdout.write(entities.map(entityText).join(''))
  } else if (presentation === 'terminal') {
    for (const entity of entities) context.stdout.write(await entityTable(entity))
  } else {
    context.stdout.write(formatDocument(presentation, 'ConfigList', { entities: entities.map(entityFields) }))
  }
}

function title({ type, name, all }: DescribedEntity): string {
  if (name === '') return `Default configs for ${type} in the cluster are:\n`
  return `${all ? 'All' : 'Dynamic'} configs for ${singular(type)} ${name} are:\n`
}

/** The script's text, byte for byte. */
export function entityText(entity: DescribedEntity): string {
  return title(entity) + entity.entries.map(entryLine).join('')
}

function entryLine({ name, value, isSensitive, synonyms }: ConfigEntry): string {
  const origins = synonyms.map((each) => `${each.source}:${each.name}=${each.value}`).join(', ')
  return `  ${name}=${value} sensitive=${isSensitive} synonyms={${origins}}\n`
}

/** Where a value comes from, in words for people. */
const SOURCES: Readonly<Partial<Record<ConfigEntry['source'], string>>> = {
  DYNAMIC_TOPIC_CONFIG: 'topic',
  DYNAMIC_BROKER_CONFIG: 'broker',
  DYNAMIC_DEFAULT_BROKER_CONFIG: 'all brokers',
  STATIC_BROKER_CONFIG: 'broker properties',
  DEFAULT_CONFIG: 'default',
  DYNAMIC_BROKER_LOGGER_CONFIG: 'broker logger',
  DYNAMIC_CLIENT_METRICS_CONFIG: 'client metrics',
  DYNAMIC_GROUP_CONFIG: 'group',
}

async function entityTable(entity: DescribedEntity): Promise<string> {
  if (entity.entries.length === 0) return `${title(entity)}  nothing is set (--all shows the defaults)\n`
  const rows = entity.entries.map(({ name, value, source, isSensitive }) => [
    `  ${name}`,
    isSensitive ? '(hidden)' : (value ?? ''),
    SOURCES[source] ?? source.toLowerCase(),
  ])
  return title(entity) + (await drawTable({ head: ['  NAME', 'VALUE', 'FROM'], rows }))
}

function entityFields({ type, name, entries }: DescribedEntity): Structure {
  return {
    entityType: type,
    entityName: name === '' ? null : name,
    configs: entries.map((entry) => ({
      name: entry.name,
      value: entry.value,
      source: entry.source,
      isSensitive: entry.isSensitive,
      isReadOnly: entry.isReadOnly,
      type: entry.type,
      synonyms: entry.synonyms.map((each) => ({ ...each })),
    })),
  }
}
