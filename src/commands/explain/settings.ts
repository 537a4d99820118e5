/** What a setting `key=value` means: the key from the tables of settings, the value in units that people read. */
import { nearest } from '../../cli/nearest.ts'
import type { ConfigDefinition, DefinitionTable } from '../../metadata/config/definition.ts'
import { parseDefinedValue } from '../../metadata/config/definition.ts'
import { valueInUnits } from './units.ts'

/** Whose setting it is. */
export type SettingKind =
  | 'topic'
  | 'broker'
  | 'group'
  | 'client'
  | 'console'
  | 'quota'
  | 'client metrics'
  | 'Connect worker'
  | 'connector'
  | 'Streams'
  | 'MirrorMaker'

/** One setting of a command line. */
export interface Setting {
  readonly key: string
  /** Null where only the key is named. */
  readonly value: string | null
  readonly meaning: string
  readonly status: 'known' | 'unknown'
}

/** The tables, read when a line has settings at all. */
export async function settingTable(kind: SettingKind): Promise<DefinitionTable> {
  switch (kind) {
    case 'topic':
      return (await import('../../metadata/config/tables/topic-configs.ts')).TOPIC_CONFIGS
    case 'group':
      return (await import('../../metadata/config/tables/group-configs.ts')).GROUP_CONFIGS
    case 'broker': {
      const { BROKER_CONFIGS, BROKER_QUOTA_CONFIGS } = await import('../../metadata/config/broker-configs.ts')
      return new Map([...BROKER_CONFIGS, ...BROKER_QUOTA_CONFIGS])
    }
    case 'Connect worker':
      return (await import('./connect-settings.ts')).WORKER_SETTINGS
    case 'connector':
      return (await import('./connect-settings.ts')).CONNECTOR_SETTINGS
    case 'Streams':
      return (await import('./streams-settings.ts')).STREAMS_SETTINGS
    case 'MirrorMaker':
      return (await import('./mirror-settings.ts')).MIRROR_SETTINGS
    default:
      return clientTable(kind)
  }
}

async function clientTable(kind: 'client' | 'console' | 'quota' | 'client metrics'): Promise<DefinitionTable> {
  const tables = await import('./client-settings.ts')
  if (kind === 'client') {
    const { CLIENT_SECURITY } = await import('./client-security.ts')
    return new Map([...tables.CLIENT_SETTINGS, ...CLIENT_SECURITY])
  }
  if (kind === 'console') return tables.CONSOLE_SETTINGS
  return kind === 'quota' ? tables.QUOTA_SETTINGS : tables.METRICS_SETTINGS
}

/** No comma inside brackets ends a setting. */
const COMMA = /,(?=[^\]]*(?:\[|$))/

/** `retention.ms=60000,cleanup.policy=[compact,delete]` -> a setting each. */
export async function settingsIn(text: string, kind: SettingKind): Promise<Setting[]> {
  const table = await settingTable(kind)
  const pairs = kind === 'client' || kind === 'console' ? [text] : text.split(COMMA)
  return pairs.filter((pair) => pair !== '').map((pair) => settingOf(pair, kind, table))
}

function settingOf(pair: string, kind: SettingKind, table: DefinitionTable): Setting {
  const equals = pair.indexOf('=')
  const key = (equals < 0 ? pair : pair.slice(0, equals)).trim()
  const value = equals < 0 ? null : pair.slice(equals + 1).replace(/^\[(.*)\]$/, '$1')
  const definition = definitionOf(key, kind, table)
  if (definition === undefined) return { key, value, status: 'unknown', meaning: unknownMeaning(key, kind, table) }
  return { key, value, status: 'known', meaning: meaningOf(definition, value) }
}

/** A listener's own setting is the setting for one listener. */
function definitionOf(key: string, kind: SettingKind, table: DefinitionTable): ConfigDefinition | undefined {
  const name = kind === 'broker' ? key.replace(/^listener\.name\.[^.]*\./, '') : key
  return table.get(key) ?? table.get(name)
}

function unknownMeaning(key: string, kind: SettingKind, table: DefinitionTable): string {
  const near = nearest(key, table.keys())
  const hint = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`
  return `Not a setting of a ${kind === 'console' ? 'reader or formatter' : kind}.${hint}`
}

/** What the setting does, what this value is, and what it is without it. */
export function meaningOf(definition: ConfigDefinition, value: string | null): string {
  const { documentation, defaultText, name } = definition
  const notes = value === null ? [] : valueNotes(definition, value)
  if (defaultText !== undefined && defaultText !== value) {
    const shown = defaultText === null || defaultText === '' ? undefined : defaultText
    const units = shown === undefined ? undefined : valueInUnits(name, shown)
    if (shown !== undefined) notes.push(`else ${units === undefined ? shown : `${shown}, ${units}`}`)
  } else if (value !== null && defaultText === value) {
    notes.push('the default')
  }
  return notes.length === 0 ? documentation : `${documentation.replace(/\.$/, '')} (${notes.join('; ')}).`
}

function valueNotes(definition: ConfigDefinition, value: string): string[] {
  if (/[$<{]/.test(value)) return []
  try {
    parseDefinedValue(definition, value)
  } catch (error) {
    return [`refused: ${(error as Error).message}`]
  }
  const units = valueInUnits(definition.name, value)
  return units === undefined ? [] : [`${value} is ${units}`]
}
