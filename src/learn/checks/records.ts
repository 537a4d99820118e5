/** Predicates over the records of a topic: what was written, which partition it went to, in which order it lies. */
import { MAX_RECORDS, type RecordFact } from '../facts/records.ts'
import type { Check } from '../lesson.ts'
import { seen } from '../verdict.ts'
import { madeAnew } from './ways-out.ts'

/** Prints every record with partition, offset and key. */
export const showRecords = (topic: string): string => `kt console-consumer --topic ${topic} --exit-at-end --meta`

/** How many records each partition has: `kt-07-clicks:0:30`. */
export const showOffsets = (topic: string): string => `kt get-offsets --topic ${topic}`

export interface Found {
  readonly done: boolean
  readonly observed: string
  /** What lies in the topic and forbids the goal for ever, as nothing is taken out of a log again. */
  readonly spoilt?: string | undefined
}

/** Checks the records of a topic, which come ordered by partition and offset; no topic is what was observed. */
export function ofRecords(
  topic: string,
  told: { readonly expected: string; readonly show?: string },
  look: (records: readonly RecordFact[]) => Found,
): Check {
  const { expected, show = showRecords(topic) } = told
  return async ({ facts, journal }) => {
    if ((await facts.topic(topic)) === null) {
      return seen(false, { expected, observed: `no topic ${topic}`, show: 'kt topics --list' })
    }
    const records = await facts.records(topic)
    const { done, observed, spoilt } = look(records)
    const tooMany =
      records.length < MAX_RECORDS ? undefined : `only the first ${MAX_RECORDS} records of a topic are looked at`
    const why = done ? undefined : (spoilt ?? tooMany)
    const way = why === undefined ? {} : { wayOut: madeAnew(topic, why, journal.events) }
    return seen(done, { expected, observed, show, ...way })
  }
}

/** Records by partition; partitions without records are left out. */
export function byPartition(records: readonly RecordFact[]): Map<number, RecordFact[]> {
  const found = new Map<number, RecordFact[]>()
  for (const record of records) {
    const known = found.get(record.partition)
    if (known === undefined) found.set(record.partition, [record])
    else known.push(record)
  }
  return found
}

/** The partitions that the records of each key are in, keys in alphabetical order; records without a key left out. */
export function partitionsOfKeys(records: readonly RecordFact[]): Map<string, number[]> {
  const found = new Map<string, Set<number>>()
  for (const { key, partition } of records) {
    if (key !== null) found.set(key, (found.get(key) ?? new Set()).add(partition))
  }
  return new Map(
    [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, where]) => [key, [...where].sort((a, b) => a - b)]),
  )
}

/** `30 in partition 0, 12 in partition 2` */
export function spreadText(records: readonly RecordFact[]): string {
  const counts = [...byPartition(records)].map(([partition, { length }]) => `${length} in partition ${partition}`)
  return counts.join(', ') || 'no records'
}
