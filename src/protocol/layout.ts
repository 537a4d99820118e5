/**
 * A schema resolved for one version: which fields travel, where, and in which shape. The interpreter and the compiler
 * both start from here, so the version rules of the declaration language are applied in one place.
 */
import { ProtocolError } from '../base/errors.ts'
import { ZERO_UUID } from '../base/uuid.ts'
import { type Field, type FieldKind, type Fields, includesVersion, type Schema } from './schema.ts'

/** `body`: in declared order; `tagged`: in the tag section (KIP-482); `absent`: not in this version. */
export type Placement = 'body' | 'tagged' | 'absent'

export interface FieldLayout {
  readonly name: string
  readonly kind: FieldKind
  readonly placement: Placement
  /** Tag number, -1 without one. */
  readonly tag: number
  readonly nullable: boolean
  /** Lengths are unsigned varints of length + 1 (KIP-482). */
  readonly compact: boolean
  /** A non-default value is dropped, not refused, where the field is absent. */
  readonly ignorable: boolean
  readonly field: Field<unknown>
  /** Of an array. */
  readonly element: FieldLayout | null
  /** Of a struct. */
  readonly struct: StructLayout | null
  /** Fewest bytes a value can take in the body: bounds what an array's count may claim. */
  readonly minBytes: number
}

export interface StructLayout {
  /** In declared order, absent ones too: they get their default. */
  readonly fields: readonly FieldLayout[]
  /** By ascending tag. */
  readonly tagged: readonly FieldLayout[]
  /** Tags that the declaration knows, but not in this version. */
  readonly tagsOfOtherVersions: readonly number[]
  /** Ends with a tag section. */
  readonly flexible: boolean
  readonly minBytes: number
}

const FIXED_BYTES: Partial<Record<FieldKind, number>> = {
  boolean: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  float64: 8,
  uuid: 16,
}

/** Size of a value of this kind, or undefined where it varies. */
export function fixedBytes(kind: FieldKind): number | undefined {
  return FIXED_BYTES[kind]
}

/**
 * Where each field of a structure begins that has fields of fixed size only, as entries of files have; `size` is the whole.
 * Throws ProtocolError for a field whose size varies.
 */
export function bytePositions<F extends Fields>(fields: F): { readonly at: Record<keyof F, number>; size: number } {
  const at = {} as Record<keyof F, number>
  let size = 0
  for (const [name, { kind }] of Object.entries(fields)) {
    const bytes = FIXED_BYTES[kind]
    if (bytes === undefined) throw new ProtocolError(`${name} has no fixed size`)
    at[name as keyof F] = size
    size += bytes
  }
  return { at, size }
}

const layouts = new WeakMap<Schema, StructLayout[]>()

/** Resolves `schema` for `version`, once; ProtocolError when the schema has no such version. */
export function layoutOf(schema: Schema, version: number): StructLayout {
  let versions = layouts.get(schema)
  if (versions === undefined) {
    versions = []
    layouts.set(schema, versions)
  }
  versions[version] ??= resolve(schema, version)
  return versions[version]
}

function resolve(schema: Schema, version: number): StructLayout {
  if (!includesVersion(schema.validVersions, version)) {
    throw new ProtocolError(`${schema.name} has no version ${version} (it has ${schema.validVersions})`)
  }
  return structLayout(schema.fields, version, includesVersion(schema.flexibleVersions, version))
}

function structLayout(declared: Fields, version: number, flexible: boolean): StructLayout {
  const fields = Object.entries(declared).map(([name, field]) => fieldLayout(name, field, version, flexible))
  const tagged = fields.filter((field) => field.placement === 'tagged').sort((a, b) => a.tag - b.tag)
  const tagsOfOtherVersions = fields
    .filter((field) => field.placement !== 'tagged' && field.tag >= 0)
    .map((field) => field.tag)
  const body = fields.filter((field) => field.placement === 'body')
  const minBytes = body.reduce((sum, field) => sum + field.minBytes, flexible ? 1 : 0)
  return { fields, tagged, tagsOfOtherVersions, flexible, minBytes }
}

function fieldLayout(name: string, field: Field<unknown>, version: number, flexible: boolean): FieldLayout {
  const { options, kind } = field
  const nullable = options.nullable !== undefined && includesVersion(options.nullable, version)
  const compact = options.flexible === undefined ? flexible : includesVersion(options.flexible, version)
  const element = field.element === undefined ? null : elementLayout(field.element, version, flexible)
  const struct = field.fields === undefined ? null : structLayout(field.fields, version, flexible)
  return {
    name,
    kind,
    placement: placementOf(field, version, flexible),
    tag: options.tag ?? -1,
    nullable,
    compact,
    ignorable: options.ignorable === true,
    field,
    element,
    struct,
    minBytes: minBytesOf(kind, nullable, compact, struct),
  }
}

/** An element is never null and always travels, whatever versions its own declaration names. */
function elementLayout(element: Field<unknown>, version: number, flexible: boolean): FieldLayout {
  const layout = fieldLayout('', element, version, flexible)
  return { ...layout, placement: 'body', nullable: false }
}

function placementOf(field: Field<unknown>, version: number, flexible: boolean): Placement {
  if (!includesVersion(field.versions, version)) return 'absent'
  const { taggedVersions } = field.options
  const tagged = flexible && taggedVersions !== undefined && includesVersion(taggedVersions, version)
  return tagged ? 'tagged' : 'body'
}

function minBytesOf(kind: FieldKind, nullable: boolean, compact: boolean, struct: StructLayout | null): number {
  if (struct !== null) return nullable ? 1 : struct.minBytes
  const fixed = FIXED_BYTES[kind]
  if (fixed !== undefined) return fixed
  if (compact) return 1
  return kind === 'string' ? 2 : 4
}

const ZEROS: Record<FieldKind, unknown> = {
  boolean: false,
  int8: 0,
  int16: 0,
  uint16: 0,
  int32: 0,
  uint32: 0,
  int64: 0n,
  float64: 0,
  uuid: ZERO_UUID,
  string: '',
  bytes: Buffer.alloc(0),
  records: null,
  struct: undefined,
  array: undefined,
}

/** A fresh default value: the declared one, else Kafka's rule (0, '', empty; records: null). */
export function defaultOf(field: Field<unknown>): unknown {
  const declared = field.options.default
  if (field.kind === 'array') return declared === null ? null : []
  if (field.kind !== 'struct') return declared === undefined ? ZEROS[field.kind] : declared
  if (declared === null) return null
  const value: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(field.fields!)) value[name] = defaultOf(member)
  return value
}

/** True when `value` (undefined = left out) equals the default of `field`, members of every version compared. */
export function isDefault(field: Field<unknown>, value: unknown): boolean {
  if (value === undefined) return true
  const declared = field.options.default
  if (value === null || declared === null) return value === declared || (value === null && field.kind === 'records')
  if (field.kind === 'array' || field.kind === 'bytes') return (value as { length: number }).length === 0
  if (field.kind !== 'struct') return value === (declared ?? ZEROS[field.kind])
  const members = value as Record<string, unknown>
  return Object.entries(field.fields!).every(([name, member]) => isDefault(member, members[name]))
}
