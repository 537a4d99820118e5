/**
 * Names that only a cluster knows, for completion: from a small file, and when that is old, asked by a process of its own
 * that writes it. Whoever presses TAB waits a moment at most: a cluster that hangs costs nothing but an older list.
 */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import type { Clock } from '../../base/clock.ts'

export interface LiveNames {
  readonly topics: readonly string[]
  readonly groups: readonly string[]
  readonly brokers: readonly string[]
}

/** How long a list counts as new. */
const FRESH_MS = 10_000
/** An older one is better than none for this long. */
const STALE_MS = 24 * 3_600_000
/** How long a person waits. */
export const WAIT_MS = 300
const POLL_MS = 10
/** While one process asks, no other is started. */
const ASKING_MS = 5_000
/** More cannot be chosen from by hand. */
const MAX_NAMES = 5_000

interface CacheFile extends LiveNames {
  readonly at: number
}

/** The file for a cluster; `target` is all that says which one it is. */
export function cacheFile(home: string, target: readonly string[]): string {
  const name = createHash('sha256').update(JSON.stringify(target)).digest('hex').slice(0, 16)
  return path.join(home, 'completion', `${name}.json`)
}

/** What a process that asks the cluster writes; a reader never sees half of it. */
export function writeNames(file: string, names: LiveNames, clock: Clock): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const cut = (all: readonly string[]): readonly string[] => all.slice(0, MAX_NAMES)
  const content: CacheFile = {
    at: clock.now(),
    topics: cut(names.topics),
    groups: cut(names.groups),
    brokers: cut(names.brokers),
  }
  const staging = `${file}.${process.pid}`
  fs.writeFileSync(staging, JSON.stringify(content), { mode: 0o600 })
  fs.renameSync(staging, file)
}

function readNames(file: string): CacheFile | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as CacheFile
  } catch {
    return null
  }
}

/** The names, after `WAIT_MS` at the latest. `ask` starts what writes the file, and does not wait for it. */
export async function liveNames(file: string, ask: () => void, clock: Clock): Promise<LiveNames | null> {
  const kept = readNames(file)
  const age = kept === null ? Number.POSITIVE_INFINITY : clock.now() - kept.at
  if (age < FRESH_MS) return kept
  if (mayAsk(file, clock)) ask()
  const until = clock.now() + WAIT_MS
  while (clock.now() < until) {
    await new Promise<void>((resolve) => clock.setTimer(POLL_MS, resolve))
    const written = readNames(file)
    if (written !== null && written.at !== kept?.at) return written
  }
  return age < STALE_MS ? kept : null
}

/** One process at a time: a mark beside the file says when the last one began. */
function mayAsk(file: string, clock: Clock): boolean {
  const mark = `${file}.asked`
  try {
    if (clock.now() - Number(fs.readFileSync(mark, 'utf8')) < ASKING_MS) return false
  } catch {
    // Nobody has asked yet.
  }
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    fs.writeFileSync(mark, String(clock.now()), { mode: 0o600 })
    return true
  } catch {
    // A home that cannot be written: no cache, so no live names.
    return false
  }
}
