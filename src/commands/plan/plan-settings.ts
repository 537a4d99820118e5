/** Settings that differ: pure. */
import type { ConfigChange, ConfigEntry, ConfigResource } from '../../client/admin-types.ts'
import { ownSource, sameValue } from '../undo/entry.ts'
import type { DeclaredConfigs } from './declarations.ts'
import type { Change, Line } from './model.ts'
import { type ClusterState, resourceKey } from './state.ts'

export interface SettingsDifference {
  readonly lines: readonly Line[]
  readonly changes: readonly ConfigChange[]
  readonly problems: readonly string[]
}

export interface Wanted {
  readonly resource: ConfigResource
  readonly configs: ReadonlyMap<string, string | null>
  /** Values that hold already need not be set on the resource itself. */
  readonly mayInherit?: boolean
  /** What is set and not named goes. */
  readonly prune: boolean
}

const SOURCES: Readonly<Partial<Record<ConfigEntry['source'], string>>> = {
  DYNAMIC_BROKER_CONFIG: "the broker's setting",
  DYNAMIC_DEFAULT_BROKER_CONFIG: "the brokers' default",
  STATIC_BROKER_CONFIG: "the broker's properties",
  DEFAULT_CONFIG: "Kafka's default",
}

/** What to set and what to take away so that the resource is as wanted. */
export function settingsDifference(wanted: Wanted, entries: readonly ConfigEntry[]): SettingsDifference {
  const { resource, configs, prune, mayInherit = false } = wanted
  const own = ownSource(resource)
  const known = new Map(entries.map((entry) => [entry.name, entry]))
  const lines: Line[] = []
  const changes: ConfigChange[] = []
  const problems: string[] = []
  for (const [name, after] of configs) {
    const entry = known.get(name)
    if (entry?.isSensitive === true || (after !== null && /password|jaas/i.test(name))) {
      problems.push(`${name} is a secret: it does not belong in a file, and the cluster does not tell what it is now`)
      continue
    }
    const isOwn = entry?.source === own
    const before = isOwn ? entry.value : null
    if (sameValue(before, after) || (mayInherit && sameValue(entry?.value ?? null, after))) continue
    if (after === null) removal(name, entry!, lines, changes)
    else {
      const shown = { before: entry?.value ?? null, from: entry === undefined || isOwn ? null : sourceText(entry) }
      const note = shown.from !== null && sameValue(shown.before, after) ? 'set here instead of inherited' : null
      lines.push({ sign: isOwn ? '~' : '+', name, ...shown, after, note })
      changes.push({ name, operation: 'SET', value: after })
    }
  }
  if (prune) {
    for (const entry of entries) {
      if (entry.source === own && !configs.has(entry.name) && !entry.isSensitive)
        removal(entry.name, entry, lines, changes)
    }
  }
  return { lines, changes, problems }
}

function sourceText({ source }: ConfigEntry): string {
  return SOURCES[source] ?? source.toLowerCase().replaceAll('_', ' ')
}

/** The value falls back to the next one that is known for the name. */
function removal(name: string, entry: ConfigEntry, lines: Line[], changes: ConfigChange[]): void {
  const next = entry.synonyms.find((each) => each.source !== entry.source)
  // Brokers do not tell a default that has another unit: log.retention.hours.
  const note = next === undefined ? 'back to the default' : sourceText({ ...entry, source: next.source })
  lines.push({ sign: '-', name, before: entry.value, from: null, after: next?.value ?? null, note })
  changes.push({ name, operation: 'DELETE', value: '' })
}

const SUBJECTS = {
  TOPIC: 'topic',
  BROKER: 'broker',
  GROUP: 'group',
  CLIENT_METRICS: 'client-metrics',
  BROKER_LOGGER: 'logger',
}

/** The change of one resource; null when it is as declared. */
export function configsChange(
  { place, resource, configs }: DeclaredConfigs,
  state: ClusterState,
  prune: boolean,
): Change | null {
  const found = state.settings.get(resourceKey(resource))!
  const isDefault = resource.type === 'BROKER' && resource.name === ''
  const base = {
    action: 'change' as const,
    place,
    subject: isDefault ? 'brokers' : SUBJECTS[resource.type],
    name: isDefault ? '(default)' : resource.name,
  }
  if (typeof found === 'string') return { ...base, lines: [], problems: [found], steps: [] }
  const { lines, changes, problems } = settingsDifference({ resource, configs, prune }, found)
  if (lines.length === 0 && problems.length === 0) return null
  return { ...base, lines, problems, steps: changes.length === 0 ? [] : [{ kind: 'alter-configs', resource, changes }] }
}
