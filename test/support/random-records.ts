/** Random records for batches, from a seed. */
import type { Random } from '../../src/base/random.ts'
import type { KafkaRecord, RecordInput } from '../../src/protocol/records/record.ts'

/** `count` records with null, empty, small and larger parts. */
export function randomRecords(count: number, valueBytes: number, random: Random): Required<RecordInput>[] {
  return Array.from({ length: count }, (_, index) => ({
    timestamp: 1_700_000_000_000 + Math.floor((random.next() - 0.5) * 2 ** 34),
    key: random.next() < 0.3 ? null : Buffer.from(`key ${index}`.repeat(Math.floor(random.next() * 3))),
    value: random.next() < 0.1 ? null : Buffer.alloc(Math.floor(random.next() * valueBytes), `value ${index} `),
    headers:
      random.next() < 0.8
        ? []
        : [
            { key: 'größe', value: random.bytes(5) },
            { key: '', value: null },
          ],
  }))
}

/** The same records as a reader sees them. */
export function asRead(records: readonly Required<RecordInput>[], baseOffset = 0): KafkaRecord[] {
  return records.map(({ timestamp, key, value, headers }, index) => ({
    offset: baseOffset + index,
    timestamp,
    key: key as Buffer | null,
    value: value as Buffer | null,
    headers,
  }))
}
