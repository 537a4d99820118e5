/** Flags that laboratories share. */
import { KtError } from '../../base/errors.ts'

export interface LabFlags {
  readonly local?: boolean
  readonly records?: string
  readonly format?: string
}

/** A number of records within limits. Throws a usage `KtError`. */
export function countOf(
  flag: string,
  text: string | undefined,
  { atLeast, atMost }: { atLeast: number; atMost: number },
): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= atLeast && count <= atMost) return count
  throw new KtError('usage', `${flag} ${text} is no number from ${atLeast} to ${atMost}`)
}
