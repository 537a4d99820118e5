import { UsageError } from './options.ts'

/** Structures that `--format` prints: objects, arrays, text, numbers, booleans, null; a Map prints as an object. */
export type Structure =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Structure[]
  | ReadonlyMap<string, Structure>
  | { readonly [key: string]: Structure | undefined }

/** Bumped when a documented field changes its name or meaning; new fields may appear at any time. */
export const FORMAT_VERSION = 'kt/v1'

/** What `--format` accepts. */
export const STRUCTURED_FORMATS = ['json', 'yaml'] as const
export type StructuredFormat = (typeof STRUCTURED_FORMATS)[number]

/** The format of that name; undefined where none was asked for. Throws `UsageError` for one that we do not have. */
export function formatNamed(name: string | undefined): StructuredFormat | undefined {
  const known = STRUCTURED_FORMATS.find((each) => each === name)
  if (name === undefined || known !== undefined) return known
  throw new UsageError(`Unknown format '${name}'`, { facts: [`Formats: ${STRUCTURED_FORMATS.join(', ')}`] })
}

/**
 * One document: `{"apiVersion": "kt/v1", "kind": "TopicList", ...fields}`. Shapes are listed in `commands/README.md`.
 * int64 values beyond 2^53 print as exact digits.
 */
export function formatDocument(format: StructuredFormat, kind: string, fields: Record<string, Structure>): string {
  const document = { apiVersion: FORMAT_VERSION, kind, ...fields }
  return format === 'json' ? `${toJson(document, '')}\n` : toYaml(document, '')
}

function entriesOf(value: Structure): [string, Structure][] {
  const pairs = value instanceof Map ? [...value] : Object.entries(value as object)
  return pairs.filter((pair): pair is [string, Structure] => pair[1] !== undefined)
}

function scalarJson(value: Structure): string | undefined {
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  return undefined
}

/** JSON.stringify cannot write bigint digits, hence a writer of our own; two spaces, lists of scalars on one line. */
function toJson(value: Structure, indent: string): string {
  const scalar = scalarJson(value)
  if (scalar !== undefined) return scalar
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    const scalars = value.map(scalarJson)
    if (scalars.every((each) => each !== undefined)) return `[${scalars.join(', ')}]`
    return `[\n${value.map((each) => `${inner}${toJson(each, inner)}`).join(',\n')}\n${indent}]`
  }
  const entries = entriesOf(value)
  if (entries.length === 0) return '{}'
  const lines = entries.map(([key, each]) => `${inner}${JSON.stringify(key)}: ${toJson(each, inner)}`)
  return `{\n${lines.join(',\n')}\n${indent}}`
}

/** Words YAML 1.1 or 1.2 would read as something else than text. */
const AMBIGUOUS = /^(?:|~|null|true|false|yes|no|on|off|y|n|[-+]?[.0-9][0-9a-fxo_.:e+-]*|[-+]?\.(?:inf|nan))$/i
const PLAIN = /^[A-Za-z0-9_/.][A-Za-z0-9_ /.()@+=;<>~^$-]*$/

/** Text that YAML reads back as the same text: plain where that is safe, else a JSON string, which YAML contains. */
function yamlText(value: string): string {
  return PLAIN.test(value) && !AMBIGUOUS.test(value) && value.trim() === value ? value : JSON.stringify(value)
}

function scalarYaml(value: Structure): string | undefined {
  if (typeof value === 'string') return yamlText(value)
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    const scalars = value.map((each) => (Array.isArray(each) ? undefined : scalarYaml(each)))
    return scalars.every((each) => each !== undefined) ? `[${scalars.join(', ')}]` : undefined
  }
  if (value !== null && typeof value === 'object') return entriesOf(value).length === 0 ? '{}' : undefined
  return scalarJson(value)
}

function toYaml(value: Structure, indent: string): string {
  if (Array.isArray(value)) return value.map((each) => yamlItem(each, indent)).join('')
  return entriesOf(value)
    .map(([key, each]) => {
      const scalar = scalarYaml(each)
      const name = `${indent}${yamlText(key)}:`
      return scalar === undefined ? `${name}\n${toYaml(each, `${indent}  `)}` : `${name} ${scalar}\n`
    })
    .join('')
}

/** `- ` takes the place of the item's first two spaces of indentation. */
function yamlItem(value: Structure, indent: string): string {
  const scalar = scalarYaml(value)
  if (scalar !== undefined) return `${indent}- ${scalar}\n`
  return `${indent}- ${toYaml(value, `${indent}  `).slice(indent.length + 2)}`
}
