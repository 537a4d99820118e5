import { type GivenOptions, type OptionTable, UsageError } from './options.ts'

/** The checks Kafka's scripts share, with their texts. */

/** Each of these must be given: `Missing required argument "[topic]"`. At a terminal the person is asked instead. */
export function requireOptions<O extends OptionTable>(
  given: GivenOptions<O>,
  names: readonly (keyof O & string)[],
): void {
  for (const name of names) {
    if (!given.has(name)) throw new UsageError(`Missing required argument "[${name}]"`, { missing: name })
  }
}

/** `used` excludes each of `others`: `Option "[config]" can't be used with option "[alter]"`. */
export function forbidWith<O extends OptionTable>(
  given: GivenOptions<O>,
  used: keyof O & string,
  others: readonly (keyof O & string)[],
): void {
  if (!given.has(used)) return
  for (const other of others) {
    if (given.has(other)) throw new UsageError(`Option "[${used}]" can't be used with option "[${other}]"`)
  }
}

/** Exactly one of these: `Exactly one of the following arguments is required: [list], [describe]`. */
export function requireOneOf<O extends OptionTable>(
  given: GivenOptions<O>,
  names: readonly (keyof O & string)[],
): void {
  if (names.filter((name) => given.has(name)).length === 1) return
  const list = names.map((name) => `[${name}]`).join(', ')
  throw new UsageError(`Exactly one of the following arguments is required: ${list}`)
}

/** `key=value` words; a missing value is '' or, where the script refuses it, an error. The first `=` separates. */
export function parseKeyValues(words: readonly string[], acceptMissingValue = true): Map<string, string> {
  const pairs = new Map<string, string>()
  for (const word of words) {
    const equals = word.indexOf('=')
    const key = equals < 0 ? word : word.slice(0, equals)
    const value = equals < 0 ? '' : word.slice(equals + 1)
    if (value === '' && !acceptMissingValue) throw new UsageError(`Missing value for key ${key}}`)
    pairs.set(key, value)
  }
  return pairs
}
