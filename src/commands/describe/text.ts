import type { Colours } from '../../cli/colour.ts'
import type { TableDrawer } from '../../cli/table.ts'

/** What drawing needs. */
export interface Brush {
  readonly draw: TableDrawer
  readonly colours: Colours
  /** Makes a cell stand out when its value is new; `key` is that of `changes.ts`. */
  readonly mark: (key: string, text: string) => string
}

/** `1 topic`, `1,234 topics`, `- topics` for what is not known. */
export function plural(count: number | null, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** `1,234,567`; `-` for what is not known. */
export function numberText(value: number | null): string {
  return value === null ? '-' : value.toLocaleString('en')
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `1.5 MiB`; `-` for what is not known. */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return '-'
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}
