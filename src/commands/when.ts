/** Points in time as our own options take them: `-1h`, `now`, a date, milliseconds. */
import { UsageError } from '../cli/options.ts'

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
const RELATIVE = /^([-+]?)((?:\d+(?:\.\d+)?(?:ms|d|h|m|s))+)$/
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?(Z|[+-]\d{2}:?\d{2})?)?$/
const MILLIS = /^\d{1,16}$/

/**
 * Milliseconds since the epoch. `1h30m` and `-1h30m` are before `nowMs`, `+5m` is after it; a date without a zone is UTC,
 * as in the scripts. Throws `UsageError`.
 */
export function parseWhen(text: string, nowMs: number, option: string): number {
  const word = text.trim()
  if (word === 'now') return nowMs
  if (MILLIS.test(word)) return Number(word)
  const relative = RELATIVE.exec(word)
  if (relative !== null) return nowMs + (relative[1] === '+' ? 1 : -1) * spanMs(relative[2]!)
  const date = dateOf(word)
  if (date !== null) return date
  throw new UsageError(`--${option}: '${text}' is no point in time`, {
    facts: ['it can be -1h, -2d12h, now, 2026-01-31, 2026-01-31T12:00:00Z, or milliseconds since 1970'],
  })
}

/** Milliseconds of `1h30m`, `10s`, `250ms`. Throws `UsageError`. */
export function parseSpan(text: string, option: string): number {
  const word = text.trim()
  const match = RELATIVE.exec(word)
  if (match !== null && match[1] === '') return spanMs(match[2]!)
  throw new UsageError(`--${option}: '${text}' is no length of time`, { facts: ['it can be 500ms, 10s, 1h30m, 2d'] })
}

function spanMs(text: string): number {
  let sum = 0
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|d|h|m|s)/g)) sum += Number(count) * UNIT_MS[unit!]!
  return Math.round(sum)
}

/** null for what is no date, the 31st of June among it. */
function dateOf(word: string): number | null {
  const match = DATE.exec(word)
  if (match === null) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0))
  const millis = Number((match[7] ?? '0').padEnd(3, '0'))
  const date = new Date(Date.UTC(year!, month! - 1, day!, hour!, minute!, second!, millis))
  const isReal = date.getUTCMonth() === month! - 1 && date.getUTCDate() === day && date.getUTCHours() === hour
  return isReal && minute! < 60 && second! < 60 ? date.getTime() - zoneMs(match[8]) : null
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
