/** Small habits of Java that show in the scripts' output: splitting, number texts, and the order of hash maps. */

import { hashMapOrder } from '../base/java-hash.ts'
import { parseWhole, UsageError } from '../cli/options.ts'

export { hashMapOrder, hashMapOrderBy, javaHashCode } from '../base/java-hash.ts'

/** `String.split`: empty parts at the end are dropped; a text without the separator is one part. */
export function javaSplit(text: string, separator: string | RegExp): string[] {
  const parts = text.split(separator)
  while (parts.length > 1 && parts.at(-1) === '') parts.pop()
  return parts.length === 1 && parts[0] === '' && text !== '' ? [] : parts
}

/** `Integer.parseInt`, with its words for what is no number. */
export function javaParseInt(text: string): number {
  const number = parseWhole(text, 'int')
  if (number === undefined) throw new UsageError(`For input string: "${text}"`)
  return number
}

/** `Double.toString`: always a fraction, and an exponent from 10^7 on and below 10^-3. */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
  const size = Math.abs(value)
  if (value === 0 || (size >= 1e-3 && size < 1e7)) {
    const text = String(value)
    return text.includes('.') ? text : `${text}.0`
  }
  const [digits, exponent] = value.toExponential().split('e')
  return `${digits!.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}

/** `String.format("%.2f")`: rounds the decimal digits that a double shows, half up. */
export function javaFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return javaDouble(value)
  const [mantissa, exponent = '0'] = String(value).split('e')
  const scaled = Number(`${mantissa}e${Number(exponent) + digits}`)
  const rounded = Math.sign(scaled) * Math.round(Math.abs(scaled))
  // Beyond 2^53 a double has no digits behind the point that could be rounded.
  return Number.isSafeInteger(rounded) ? Number(`${rounded}e-${digits}`).toFixed(digits) : value.toFixed(digits)
}

/** `new HashMap<>(other)`: the copy is sized for what is in it. */
export function hashMapCopyOrder(keys: readonly string[]): string[] {
  return hashMapOrder(keys, Math.trunc(keys.length / 0.75 + 1))
}
