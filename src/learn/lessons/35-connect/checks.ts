/** What a file, a topic and counts of words say of each other; and a worker that was started again, from the journal. */
import { clockTime } from '../../checks/happened.ts'
import type { RecordFact } from '../../facts/records.ts'
import type { Event } from '../../journal.ts'

/** Lines that have their end: the source reads no others. */
export function linesOf(text: string | null): string[] {
  return (text ?? '').split('\n').slice(0, -1)
}

/** How two lists of lines differ, in words; null when they are the same, in the same order. */
export function difference(wanted: readonly string[], found: readonly string[]): string | null {
  const at = wanted.findIndex((line, index) => found[index] !== line)
  if (at < 0 && found.length === wanted.length) return null
  if (found.length === 0) return 'nothing yet'
  if (at < 0) return `${found.length} lines, ${found.length - wanted.length} too many`
  return found.length === at ? `${at} of ${wanted.length} lines` : `line ${at + 1} is '${found[at]}'`
}

/** When the sink's member came back after it had left; undefined before. Pure. */
export function backAt(events: readonly Event[], group: string): number | undefined {
  const members = events.filter((event) => event.kind === 'member' && event.group === group)
  const left = members.findIndex((event) => event.kind === 'member' && event.change === 'left')
  if (left < 0) return undefined
  return members.slice(left).find((event) => event.kind === 'member' && event.change === 'joined')?.at
}

/** How often each word is in these lines, as the program counts. */
export function countWords(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of lines.flatMap((line) => line.toLowerCase().split(' '))) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return counts
}

/** The last count of each word. */
export function lastCounts(records: readonly RecordFact[]): Map<string, number> {
  return new Map(records.flatMap(({ key, value }) => (key === null || value === null ? [] : [[key, Number(value)]])))
}

/** `mug 3, not 2 yet`: a word whose count is another one; null when all are the same. */
export function wrongCount(wanted: ReadonlyMap<string, number>, found: ReadonlyMap<string, number>): string | null {
  const wrong = [...wanted].find(([word, count]) => found.get(word) !== count)
  if (wrong === undefined) return null
  const [word, count] = wrong
  return `'${word}' is there ${count} times and counted ${found.get(word) ?? 0} times`
}

export const atTime = (at: number | undefined): string => (at === undefined ? 'not yet' : clockTime(at))
