/**
 * The declaration language of Kafka's messages: typed data, no code generation step. One declaration gives the
 * TypeScript types, the interpreter (`interpret.ts`) and the compiled codecs (`compile.ts`), so the two directions of
 * a message, and client and broker, cannot drift apart.
 *
 * Versions are written as Kafka's own message definitions write them: `0+`, `3-5`, `2`, `none`.
 */
import type { Uuid } from '../base/uuid.ts'

export type Versions = string

export type FieldKind =
  | 'boolean'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'records'
  | 'struct'
  | 'array'

export interface FieldOptions<T> {
  /** Versions in which null is allowed. */
  readonly nullable?: Versions
  /** Tag number: in `taggedVersions` the field travels in the tag section, only when it differs from its default. */
  readonly tag?: number
  readonly taggedVersions?: Versions
  /** Value when absent; Kafka's rule otherwise: 0, '', false, empty. */
  readonly default?: T | null
  /** A non-default value is silently dropped in versions without the field, instead of being an error. */
  readonly ignorable?: boolean
  /** `none` keeps a string non-compact even in flexible versions (client id of the request header, KIP-482). */
  readonly flexible?: Versions
}

/** One declared field. `T` is the decoded type. */
export interface Field<T> {
  readonly kind: FieldKind
  readonly versions: Versions
  readonly options: FieldOptions<unknown>
  /** Element of an array (its own `versions` and `options` are unused). */
  readonly element?: Field<unknown>
  /** Fields of a struct. */
  readonly fields?: Fields
  /** Never present: carries `T` for inference. */
  readonly __type?: T
}

export type Fields = { readonly [name: string]: Field<unknown> }

/** Decoded value of a set of fields: every field is present, absent ones hold their default. */
export type ValueOf<F extends Fields> = { -readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never }

/** Value to encode: what is left out takes its default, at every depth. */
export type InputOf<T> = T extends Uint8Array | bigint | string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer E)[]
    ? readonly InputOf<E>[]
    : { readonly [K in keyof T]?: InputOf<T[K]> }

type Built<T, O> = Field<O extends { nullable: Versions } ? T | null : O extends { default: null } ? T | null : T>

function scalar<T>(kind: FieldKind) {
  return <const O extends FieldOptions<T>>(versions: Versions = '0+', options: O = {} as O): Built<T, O> => ({
    kind,
    versions,
    options,
  })
}

export const boolean = scalar<boolean>('boolean')
export const int8 = scalar<number>('int8')
export const int16 = scalar<number>('int16')
export const uint16 = scalar<number>('uint16')
export const int32 = scalar<number>('int32')
export const uint32 = scalar<number>('uint32')
export const int64 = scalar<bigint>('int64')
export const float64 = scalar<number>('float64')
export const uuid = scalar<Uuid>('uuid')
export const string = scalar<string>('string')
/** Decoded as a slice of the frame, not a copy. */
export const bytes = scalar<Buffer>('bytes')
/** Record batches, opaque: a slice of the frame in, slices out. */
export const records = scalar<Buffer>('records')

/** A nested structure. */
export function struct<F extends Fields, const O extends FieldOptions<ValueOf<F>>>(
  fields: F,
  versions: Versions = '0+',
  options: O = {} as O,
): Built<ValueOf<F>, O> {
  return { kind: 'struct', versions, options, fields }
}

/** An array: of a scalar (`array(int32())`) or of structures (`array({ name: string() })`). */
export function array<E extends Field<unknown> | Fields, const O extends FieldOptions<ElementOf<E>[]>>(
  element: E,
  versions: Versions = '0+',
  options: O = {} as O,
): Built<ElementOf<E>[], O> {
  const field = isField(element) ? element : struct(element)
  return { kind: 'array', versions, options, element: field }
}

type ElementOf<E> = E extends Field<infer T> ? T : E extends Fields ? ValueOf<E> : never

function isField(element: Field<unknown> | Fields): element is Field<unknown> {
  return typeof element.kind === 'string'
}

/** One side of a message, or a record of a log: what the codecs work on. */
export interface Schema<F extends Fields = Fields> {
  /** For messages to people, for example `MetadataRequest`. */
  readonly name: string
  readonly validVersions: Versions
  readonly flexibleVersions: Versions
  readonly fields: F
}

export type SchemaValue<S extends Schema> = ValueOf<S['fields']>
export type SchemaInput<S extends Schema> = InputOf<ValueOf<S['fields']>>

/** An API: request and response of one key (protocol guide, "The Messages"). */
export interface Api<Q extends Fields = Fields, R extends Fields = Fields> {
  readonly key: number
  readonly name: string
  /** Versions Apache Kafka 4.3 accepts. */
  readonly validVersions: Versions
  readonly flexibleVersions: Versions
  readonly request: Schema<Q>
  readonly response: Schema<R>
}

export type RequestOf<A extends Api> = ValueOf<A['request']['fields']>
export type ResponseOf<A extends Api> = ValueOf<A['response']['fields']>
export type RequestInput<A extends Api> = InputOf<RequestOf<A>>
export type ResponseInput<A extends Api> = InputOf<ResponseOf<A>>

export function defineApi<Q extends Fields, R extends Fields>(declaration: {
  key: number
  name: string
  validVersions: Versions
  flexibleVersions: Versions
  request: Q
  response: R
}): Api<Q, R> {
  const { key, name, validVersions, flexibleVersions } = declaration
  return {
    key,
    name,
    validVersions,
    flexibleVersions,
    request: { name: `${name}Request`, validVersions, flexibleVersions, fields: declaration.request },
    response: { name: `${name}Response`, validVersions, flexibleVersions, fields: declaration.response },
  }
}

/** A record of `__cluster_metadata` (type = Kafka's apiKey of the record). */
export interface RecordSchema<F extends Fields = Fields> extends Schema<F> {
  readonly type: number
}

export function defineRecord<F extends Fields>(declaration: {
  type: number
  name: string
  validVersions: Versions
  flexibleVersions: Versions
  fields: F
}): RecordSchema<F> {
  return declaration
}

export interface VersionRange {
  readonly min: number
  readonly max: number
}

const EMPTY_RANGE: VersionRange = { min: 0, max: -1 }

/** A few dozen different ranges are asked for again and again while a layout is made. */
const parsed = new Map<Versions, VersionRange>()

/** `0+` -> 0..32767, `3-5` -> 3..5, `none` -> an empty range. */
export function parseVersions(versions: Versions): VersionRange {
  let range = parsed.get(versions)
  if (range === undefined) {
    range = parseRange(versions)
    parsed.set(versions, range)
  }
  return range
}

function parseRange(versions: Versions): VersionRange {
  if (versions === 'none') return EMPTY_RANGE
  const match = /^(\d+)(\+|-(\d+))?$/.exec(versions)
  if (match === null) throw new RangeError(`not a version range: ${versions}`)
  const min = Number(match[1])
  if (match[2] === undefined) return { min, max: min }
  return { min, max: match[2] === '+' ? 32767 : Number(match[3]) }
}

export function includesVersion(versions: Versions, version: number): boolean {
  const { min, max } = parseVersions(versions)
  return version >= min && version <= max
}
