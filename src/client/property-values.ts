/** Values of Java properties as numbers, with Kafka's words about those that are none. */
import { KtError } from '../base/errors.ts'

export interface NumberBounds {
  /** Java's type of the property: what is beyond it is no number either. */
  readonly type?: 'INT' | 'LONG'
  /** 0 when left out. */
  readonly atLeast?: number
}

/** `LONG`s end where a `number` is exact: no size and no time comes near. */
const LARGEST = { INT: 2 ** 31 - 1, LONG: Number.MAX_SAFE_INTEGER }

/** A whole number; undefined when it is not set. Throws a usage `KtError`. */
export function integerProperty(
  properties: ReadonlyMap<string, string>,
  key: string,
  { type = 'INT', atLeast = 0 }: NumberBounds = {},
): number | undefined {
  const text = properties.get(key)?.trim()
  if (text === undefined) return undefined
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(Math.abs(value) <= LARGEST[type])) throw invalid(key, text, `Not a number of type ${type}`)
  if (value < atLeast) throw invalid(key, text, `Value must be at least ${atLeast}`)
  return value
}

function invalid(key: string, text: string, why: string): KtError {
  return new KtError('usage', `Invalid value ${text} for configuration ${key}: ${why}`)
}
