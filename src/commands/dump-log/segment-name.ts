import * as path from 'node:path'
import { UsageError } from '../../cli/options.ts'

/** The offset that a segment's file is named after. Throws `UsageError` for another name. */
export function baseOffsetOf(file: string): number {
  const name = path.basename(file).split('.')[0]!
  if (/^\d{1,20}$/.test(name)) return Number(name)
  throw new UsageError(`${file} is not named after an offset`, {
    facts: ['the files of a segment are named after its first offset: 00000000000000000000.log'],
  })
}

/** End offset and epoch of `00000000000000000000-0000000000.checkpoint`. Throws `UsageError` for another name. */
export function snapshotIdOf(file: string): { offset: number; epoch: number } {
  const match = /^(\d{20})-(\d{10})/.exec(path.basename(file))
  if (match !== null) return { offset: Number(match[1]), epoch: Number(match[2]) }
  throw new UsageError(`${file} is not named after a snapshot`, {
    facts: ['snapshots are named after their end offset and epoch: 00000000000000000000-0000000000.checkpoint'],
  })
}
