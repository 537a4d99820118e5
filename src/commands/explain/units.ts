/** Numbers of settings in units that people read, by the unit that the setting's name ends in. */

const TIMES: readonly (readonly [unit: string, ms: number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
  ['millisecond', 1],
]
const SIZES: readonly (readonly [unit: string, bytes: number])[] = [
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
]
const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, seconds: 1_000, minutes: 60_000, hours: 3_600_000 }
/** Kafka's word for "never" and "without limit". */
const LONG_MAX = '9223372036854775807'
const INT_MAX = '2147483647'

/** `retention.ms`, `60000` -> `1 minute`; undefined where the number says it all, or there is none. */
export function valueInUnits(name: string, value: string): string | undefined {
  const isTime = /\.(ms|seconds|minutes|hours)$/.exec(name)
  const isSize = /bytes|buffer|(^|\.)(batch|request)\.size$|byte_rate/.test(name)
  if (!/^-?\d+$/.test(value)) return undefined
  if (value === LONG_MAX || (value === INT_MAX && !isSize)) return 'as good as no limit'
  const number = Number(value)
  if (number === -1 && /retention|ttl/.test(name)) return 'no limit'
  if (number <= 0) return undefined
  if (isTime !== null) return timeText(number * MS_PER_UNIT[isTime[1]!]!, isTime[1] === 'ms' ? number : undefined)
  return isSize ? sizeText(number) : undefined
}

/** The largest two units; undefined for what is plain already. */
function timeText(ms: number, plainMs: number | undefined): string | undefined {
  if (plainMs !== undefined && plainMs < 1_000) return undefined
  const parts: string[] = []
  let rest = ms
  for (const [unit, unitMs] of TIMES) {
    const count = Math.floor(rest / unitMs)
    if (count === 0) {
      if (parts.length > 0) break
      continue
    }
    parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`)
    rest -= count * unitMs
    if (parts.length === 2) break
  }
  return rest === 0 ? parts.join(' ') : `about ${parts.join(' ')}`
}

function sizeText(bytes: number): string | undefined {
  const found = SIZES.find(([, size]) => bytes >= size)
  if (found === undefined) return undefined
  const [unit, size] = found
  const count = bytes / size
  return Number.isInteger(count) ? `${count} ${unit}` : `about ${count.toFixed(1)} ${unit}`
}
