/** What compaction has left of a topic. */

import { ofRecords } from '../../checks/records.ts'
import type { RecordFact } from '../../facts/records.ts'
import type { Check } from '../../lesson.ts'

/** Records of each key in their order; those without a key left out. */
export function byKey(records: readonly RecordFact[]): Map<string, RecordFact[]> {
  const found = new Map<string, RecordFact[]>()
  for (const record of records) {
    if (record.key !== null) found.set(record.key, [...(found.get(record.key) ?? []), record])
  }
  return found
}

/** `alice 3 High Street (offset 6), carol deleted (offset 9)` */
export function lastValues(keys: ReadonlyMap<string, readonly RecordFact[]>): string {
  return [...keys]
    .map(([key, all]) => `${key} ${all.at(-1)!.value ?? 'deleted'} (offset ${all.at(-1)!.offset})`)
    .join(', ')
}

/** One record of each key, and fewer than were written at the start: somebody has cleaned. */
export function isCompacted(topic: string, written: number): Check {
  const check = ofRecords(topic, { expected: 'one record of each key, the last one' }, (records) => {
    const several = [...byKey(records)].filter(([, all]) => all.length > 1)
    const observed = several.map(([key, all]) => `${all.length} of ${key}`).join(', ')
    return {
      done: several.length === 0 && records.length > 0 && records.length < written,
      observed: observed || `${records.length} records, one of each key`,
    }
  })
  return async (look) => {
    const verdict = await check(look)
    const isSet = (await look.facts.topicConfig(topic)).get('cleanup.policy')?.value === 'compact'
    if (verdict.state !== 'not-yet' || !isSet) return verdict
    return { ...verdict, waitingFor: 'the cleaner, which looks every 15 s (log.cleaner.backoff.ms)' }
  }
}
