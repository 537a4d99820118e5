/** Columns for our own tables, the same on a terminal and in a pipe: two spaces between, numbers to the right. */

const NUMBER = /^-?[\d.]+( ?[a-zA-Z]+)?$/

/** The table's text; cells that are numbers, with or without a unit, are right-aligned. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)))
  const isNumeric = head.map(
    (_, at) => rows.length > 0 && rows.every((row) => row[at] === '-' || NUMBER.test(row[at]!)),
  )
  return [head, ...rows]
    .map((row) => row.map((cell, at) => (isNumeric[at] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))))
    .map((cells) => `${cells.join('  ').trimEnd()}\n`)
    .join('')
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** A length of time in its two largest units: `2d 3h`, `5m 12s`, `40s`, `12ms`. */
export function spanText(ms: number): string {
  const at = UNITS.findIndex(([, size]) => ms >= size)
  if (at < 0) return `${Math.max(0, Math.round(ms))}ms`
  const [unit, size] = UNITS[at]!
  const whole = Math.floor(ms / size)
  const next = UNITS[at + 1]
  const rest = next === undefined ? 0 : Math.floor((ms - whole * size) / next[1])
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit} ${rest}${next![0]}`
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** `1.5 MiB` */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${BYTE_UNITS[unit]}`
}
