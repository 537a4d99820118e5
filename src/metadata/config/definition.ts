/**
 * What a configuration is: name, type, default, limits, importance, who may change it, and one sentence on what it does.
 * The definitions themselves are text tables in `tables/`, two lines each:
 *
 *     name | TYPE | default | IMPORTANCE | update mode [| internal] [| limits]
 *         One sentence of documentation.
 *
 * `default` is the text Kafka shows; `null`, `empty` and `required` stand for no value, an empty text and a must.
 * Limits are written as Kafka's documentation writes them (`[1,...]`, `[0,...,1]`) or name a rule of `validators.ts`.
 */
import { assert } from '../../base/errors.ts'
import { parseValidator, type Validator } from './validators.ts'
import { type ConfigType, type ConfigValue, isConfigType, parseConfigText } from './values.ts'

export type Importance = 'HIGH' | 'MEDIUM' | 'LOW'

/**
 * `read-only` changes with a restart, `per-broker` and `cluster-wide` may change at run time (KIP-226); `dynamic` marks
 * topic and group configuration, which always may.
 */
export type UpdateMode = 'read-only' | 'per-broker' | 'cluster-wide' | 'dynamic'

export interface ConfigDefinition {
  readonly name: string
  readonly type: ConfigType
  /** Text of the default; null for none, undefined when a value must be given. */
  readonly defaultText: string | null | undefined
  readonly defaultValue: ConfigValue
  readonly importance: Importance
  readonly updateMode: UpdateMode
  /** Works, but is not shown unless it was set. */
  readonly internal: boolean
  readonly validator: Validator | null
  /** The limits as the table writes them; null for none. */
  readonly limits: string | null
  readonly documentation: string
}

export type DefinitionTable = ReadonlyMap<string, ConfigDefinition>

const MODES = new Set<string>(['read-only', 'per-broker', 'cluster-wide', 'dynamic'])
const IMPORTANCES = new Set<string>(['HIGH', 'MEDIUM', 'LOW'])

function parseDefault(text: string): string | null | undefined {
  if (text === 'null') return null
  if (text === 'required') return undefined
  return text === 'empty' ? '' : text
}

function parseDefinition(head: string, documentation: string): ConfigDefinition {
  const columns = head.split(' | ')
  const [name, type, defaultColumn, importance, updateMode] = columns as [string, string, string, string, string]
  const rest = columns.slice(5)
  const internal = rest[0] === 'internal'
  if (internal) rest.shift()
  assert(isConfigType(type) && MODES.has(updateMode) && IMPORTANCES.has(importance), `bad definition: ${head}`)
  assert(rest.length <= 1 && documentation.startsWith('    '), `bad definition: ${head}`)
  const defaultText = parseDefault(defaultColumn)
  return {
    name,
    type,
    defaultText,
    defaultValue: defaultText === undefined ? null : parseConfigText(name, type, defaultText),
    importance: importance as Importance,
    updateMode: updateMode as UpdateMode,
    internal,
    validator: rest[0] === undefined ? null : parseValidator(rest[0]),
    limits: rest[0] ?? null,
    documentation: documentation.trim(),
  }
}

/** Reads one table; a row that does not follow the format is a defect and throws. */
export function parseDefinitions(table: string): DefinitionTable {
  const lines = table.trim().split('\n')
  const definitions = new Map<string, ConfigDefinition>()
  for (let i = 0; i < lines.length; i += 2) {
    const definition = parseDefinition(lines[i]!, lines[i + 1] ?? '')
    assert(!definitions.has(definition.name), `defined twice: ${definition.name}`)
    definitions.set(definition.name, definition)
  }
  return definitions
}

/** Type and limits of one value; throws `KafkaError` INVALID_CONFIG with Kafka's text. */
export function parseDefinedValue(definition: ConfigDefinition, text: string | null): ConfigValue {
  const value = parseConfigText(definition.name, definition.type, text)
  definition.validator?.(definition.name, value, definition.type)
  return value
}
