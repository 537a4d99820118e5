/** A request's fields from JSON, checked against its declaration: names, kinds, ranges. */
import { KtError } from '../../base/errors.ts'
import { nearest } from '../../cli/nearest.ts'
import { type Field, type Fields, includesVersion } from '../../protocol/schema.ts'

type Plain = Readonly<Record<string, unknown>>

const WHOLE_RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int8: [-(2n ** 7n), 2n ** 7n - 1n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
}

/** The fields to send. Throws a usage `KtError` that names the place of what is wrong. */
export function requestFields(fields: Fields, body: unknown, version: number, path = ''): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw wrong(path, 'an object is wanted', body)
  const known = Object.keys(fields).filter((name) => includesVersion(fields[name]!.versions, version))
  const out: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body as Plain)) {
    const here = path === '' ? name : `${path}.${name}`
    if (!known.includes(name)) throw unknown(here, name, known, version, Object.hasOwn(fields, name))
    out[name] = fieldValue(fields[name]!, value, version, here)
  }
  return out
}

function unknown(path: string, name: string, known: readonly string[], version: number, exists: boolean): KtError {
  const near = nearest(name, [...known])
  const hint = near.length === 0 ? `fields are ${known.join(', ') || 'none'}` : `did you mean ${near.join(' or ')}?`
  const what = exists ? `is not in version ${version}` : 'is unknown'
  return new KtError('usage', `${path} ${what}: ${hint}`)
}

function wrong(path: string, wanted: string, value: unknown): KtError {
  return new KtError('usage', `${path === '' ? 'the request' : path}: ${wanted}, not ${JSON.stringify(value)}`)
}

function fieldValue(field: Field<unknown>, value: unknown, version: number, path: string): unknown {
  if (value === null) {
    const { nullable } = field.options
    if (nullable !== undefined && includesVersion(nullable, version)) return null
    throw wrong(path, `${field.kind} that may not be null is wanted`, value)
  }
  switch (field.kind) {
    case 'struct':
      return requestFields(field.fields!, value, version, path)
    case 'array':
      if (!Array.isArray(value)) throw wrong(path, 'a list is wanted', value)
      return value.map((each: unknown, at) => fieldValue(field.element!, each, version, `${path}[${at}]`))
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong(path, 'true or false is wanted', value)
      return value
    case 'float64':
      if (typeof value !== 'number') throw wrong(path, 'a number is wanted', value)
      return value
    case 'string':
    case 'uuid':
      if (typeof value !== 'string') throw wrong(path, 'text is wanted', value)
      return value
    case 'bytes':
    case 'records':
      if (typeof value !== 'string') throw wrong(path, 'bytes as base64 text are wanted', value)
      return Buffer.from(value, 'base64')
    default:
      return wholeNumber(field.kind, value, path)
  }
}

/** Numbers beyond 2^53 are written as text. */
function wholeNumber(kind: string, value: unknown, path: string): number | bigint {
  const [least, most] = WHOLE_RANGES[kind]!
  const isWhole = Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value))
  const number = isWhole ? BigInt(value as number | string) : null
  if (number === null || number < least || number > most) throw wrong(path, `${kind} is wanted`, value)
  return kind === 'int64' ? number : Number(number)
}

export interface FieldOfRequest {
  readonly name: string
  readonly type: string
  readonly isList: boolean
  readonly isNullable: boolean
  readonly fields: FieldOfRequest[]
}

/** The fields of a request or an answer at a version, for documents. */
export function fieldTree(fields: Fields, version: number): FieldOfRequest[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (!includesVersion(field.versions, version)) return []
    const isList = field.kind === 'array'
    const inner = isList ? field.element! : field
    const isNullable = field.options.nullable !== undefined && includesVersion(field.options.nullable, version)
    const below = inner.fields === undefined ? [] : fieldTree(inner.fields, version)
    return [{ name, type: inner.kind, isList, isNullable, fields: below }]
  })
}

/** The fields of a request at a version, a line each: name, kind, versions. */
export function fieldLines(fields: Fields, version: number, indent = ''): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (!includesVersion(field.versions, version)) return []
    const inner = field.kind === 'array' ? field.element! : field
    const kind = field.kind === 'array' ? `list of ${inner.kind}` : field.kind
    const nullable = field.options.nullable !== undefined && includesVersion(field.options.nullable, version)
    const line = `${indent}${name}: ${kind}${nullable ? ' or null' : ''}`
    return [line, ...(inner.fields === undefined ? [] : fieldLines(inner.fields, version, `${indent}  `))]
  })
}
