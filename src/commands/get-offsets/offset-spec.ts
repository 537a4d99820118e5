import { parseWhole, UsageError } from '../../cli/options.ts'
import type { OffsetSpec } from '../../client/admin-types.ts'

const NAMES = [
  'latest',
  'earliest',
  'max-timestamp',
  'earliest-local',
  'latest-tiered',
  'earliest-pending-upload',
] as const

/** `--time`: a name, its number from -1 down, or a timestamp in milliseconds. Throws `UsageError`. */
export function parseOffsetSpec(text: string): OffsetSpec {
  const named = NAMES.find((name) => name === text)
  if (named !== undefined) return named
  const number = parseWhole(text, 'long')
  if (number === undefined) {
    throw new UsageError(
      `Malformed time argument ${text}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified long format timestamp`,
    )
  }
  return NAMES[-1 - number] ?? number
}
