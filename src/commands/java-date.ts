/** Dates as `java.text.SimpleDateFormat` prints them, in this machine's time zone and in English. */
import { UsageError } from '../cli/options.ts'

const MONTHS = 'January February March April May June July August September October November December'.split(' ')
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')
const DAY_MS = 86_400_000

type Part = (date: Date) => string

const padded = (value: number, width: number): string => String(value).padStart(width, '0')

/** What each pattern letter stands for; `count` is how often it is repeated. */
const LETTERS: Readonly<Record<string, (date: Date, count: number) => string>> = {
  G: (date) => (date.getFullYear() > 0 ? 'AD' : 'BC'),
  y: (date, count) => (count === 2 ? padded(date.getFullYear() % 100, 2) : padded(date.getFullYear(), count)),
  u: (date, count) => padded(date.getDay() === 0 ? 7 : date.getDay(), count),
  M: (date, count) => month(date, count),
  L: (date, count) => month(date, count),
  d: (date, count) => padded(date.getDate(), count),
  D: (date, count) => padded(dayOfYear(date), count),
  E: (date, count) => nameOf(DAYS[date.getDay()]!, count),
  F: (date, count) => padded(Math.ceil(date.getDate() / 7), count),
  a: (date) => (date.getHours() < 12 ? 'AM' : 'PM'),
  H: (date, count) => padded(date.getHours(), count),
  k: (date, count) => padded(date.getHours() === 0 ? 24 : date.getHours(), count),
  K: (date, count) => padded(date.getHours() % 12, count),
  h: (date, count) => padded(date.getHours() % 12 === 0 ? 12 : date.getHours() % 12, count),
  m: (date, count) => padded(date.getMinutes(), count),
  s: (date, count) => padded(date.getSeconds(), count),
  S: (date, count) => padded(date.getMilliseconds(), count),
  z: (date) => zoneName(date),
  Z: (date) => zoneOffset(date, ''),
  X: (date, count) => isoOffset(date, count),
}

const nameOf = (name: string, count: number): string => (count >= 4 ? name : name.slice(0, 3))

function month(date: Date, count: number): string {
  return count >= 3 ? nameOf(MONTHS[date.getMonth()]!, count) : padded(date.getMonth() + 1, count)
}

function dayOfYear(date: Date): number {
  const midnight = Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  return (midnight - Date.UTC(date.getFullYear(), 0, 1)) / DAY_MS + 1
}

function zoneOffset(date: Date, colon: string): string {
  const minutes = -date.getTimezoneOffset()
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${padded(Math.trunc(size / 60), 2)}${colon}${padded(size % 60, 2)}`
}

function isoOffset(date: Date, count: number): string {
  if (date.getTimezoneOffset() === 0) return 'Z'
  return count === 1 ? zoneOffset(date, '').slice(0, 3) : zoneOffset(date, count === 3 ? ':' : '')
}

function zoneName(date: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC'
}

/** A printer of dates for a pattern. Throws `UsageError` in Java's words for what is none. */
export function javaDateFormat(pattern: string): (timestampMs: number) => string {
  const parts: Part[] = []
  for (let at = 0; at < pattern.length; ) at = readPart(pattern, at, parts)
  return (timestampMs) => {
    const date = new Date(timestampMs)
    return parts.map((part) => part(date)).join('')
  }
}

/** Reads a quoted text, a run of one letter, or a character that stands for itself; returns the position behind it. */
function readPart(pattern: string, at: number, parts: Part[]): number {
  const character = pattern[at]!
  if (character === "'") return readQuoted(pattern, at, parts)
  if (!/[A-Za-z]/.test(character)) {
    parts.push(() => character)
    return at + 1
  }
  const letter = LETTERS[character]
  if (letter === undefined) throw new UsageError(`Illegal pattern character '${character}'`)
  let end = at
  while (pattern[end] === character) end++
  parts.push((date) => letter(date, end - at))
  return end
}

/** Two quotes are one, within a quoted text and outside. */
function readQuoted(pattern: string, at: number, parts: Part[]): number {
  if (pattern[at + 1] === "'") {
    parts.push(() => "'")
    return at + 2
  }
  const quoted = /^'((?:[^']|'')*)'/.exec(pattern.slice(at))
  if (quoted === null) throw new UsageError('Unterminated quote')
  const text = quoted[1]!.replaceAll("''", "'")
  parts.push(() => text)
  return at + quoted[0].length
}
