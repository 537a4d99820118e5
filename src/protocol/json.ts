/**
 * Decoded messages and records as JSON text, as Kafka's own tools print them: fields in declared order, tagged fields
 * only when they differ from their default (KIP-482), bytes as base64, int64 as a plain number, no spaces.
 */
import { isDefault } from './layout.ts'
import { type Field, type Fields, includesVersion, type Schema, type SchemaValue } from './schema.ts'

/** What one field prints in one version. */
interface FieldPlan {
  readonly name: string
  readonly field: Field<unknown>
  /** In this version the field travels in the tag section, so its default is left out. */
  readonly tagged: boolean
}

const plans = new WeakMap<Fields, Map<number, FieldPlan[]>>()

function planOf(fields: Fields, version: number): FieldPlan[] {
  const byVersion = plans.get(fields) ?? new Map<number, FieldPlan[]>()
  plans.set(fields, byVersion)
  const known = byVersion.get(version)
  if (known !== undefined) return known
  const plan = Object.entries(fields)
    .filter(([, field]) => includesVersion(field.versions, version))
    .map(([name, field]) => {
      const { tag, taggedVersions } = field.options
      return { name, field, tagged: tag !== undefined && includesVersion(taggedVersions ?? '0+', version) }
    })
  byVersion.set(version, plan)
  return plan
}

/** JSON text of a decoded value of `schema`, with the fields that exist in `version`. */
export function toJson<S extends Schema>(schema: S, value: SchemaValue<S>, version: number): string {
  return structToJson(schema.fields, value as Readonly<Record<string, unknown>>, version)
}

/** Like `toJson`, field by field, so that a caller can print some of them differently. */
export function fieldsToJson<S extends Schema>(schema: S, value: SchemaValue<S>, version: number): Map<string, string> {
  return fieldTexts(schema.fields, value as Readonly<Record<string, unknown>>, version)
}

function fieldTexts(fields: Fields, value: Readonly<Record<string, unknown>>, version: number): Map<string, string> {
  const texts = new Map<string, string>()
  for (const { name, field, tagged } of planOf(fields, version)) {
    const item = value[name]
    if (tagged && isDefault(field, item)) continue
    texts.set(name, fieldToJson(field, item, version))
  }
  return texts
}

function structToJson(fields: Fields, value: Readonly<Record<string, unknown>>, version: number): string {
  return objectToJson(fieldTexts(fields, value, version))
}

/** An object from names and texts that are JSON already. */
export function objectToJson(texts: ReadonlyMap<string, string>): string {
  return `{${[...texts].map(([name, text]) => `${quoteJson(name)}:${text}`).join(',')}}`
}

function fieldToJson(field: Field<unknown>, value: unknown, version: number): string {
  if (value === null || value === undefined) return 'null'
  switch (field.kind) {
    case 'boolean':
      return value ? 'true' : 'false'
    case 'string':
    case 'uuid':
      return quoteJson(value as string)
    case 'bytes':
      return `"${(value as Buffer).toString('base64')}"`
    case 'records':
      return '""'
    case 'array':
      return `[${(value as unknown[]).map((item) => fieldToJson(field.element!, item, version)).join(',')}]`
    case 'struct':
      return structToJson(field.fields!, value as Readonly<Record<string, unknown>>, version)
    case 'float64':
      return javaDouble(value as number)
    default:
      return String(value)
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
}

/** A JSON string; control characters as `\u001F`, upper case, everything else as it is. */
export function quoteJson(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be escaped
  const escaped = text.replace(/["\\\u0000-\u001f]/g, (char) => {
    return ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  })
  return `"${escaped}"`
}

/** A double as Java prints it: `1.0`, `1.0E10`, `1.0E-4`, `NaN`, `Infinity`. */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  return javaNotation(value.toExponential(), Math.abs(value))
}

/** A float (IEEE single) as Java prints it: the shortest digits that give the same single back. */
export function javaFloat(value: number): string {
  if (!Number.isFinite(value) || value === 0) return javaDouble(value)
  for (let digits = 0; digits < 9; digits++) {
    const text = value.toExponential(digits)
    if (Math.fround(Number(text)) === value) return javaNotation(text, Math.abs(value))
  }
  return javaNotation(value.toExponential(), Math.abs(value))
}

/** Java writes plain digits between 1e-3 and 1e7 and `d.dddE±n` elsewhere, with at least one digit after the point. */
function javaNotation(exponential: string, magnitude: number): string {
  const [mantissa, exponent] = exponential.split('e') as [string, string]
  if (magnitude < 1e-3 || magnitude >= 1e7) {
    return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`
  }
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace('-', '').replace('.', '')
  const point = Number(exponent) + 1
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  const padded = digits.padEnd(point + 1, '0')
  return `${sign}${padded.slice(0, point)}.${padded.slice(point)}`
}
