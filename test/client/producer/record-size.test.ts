import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordSizeUpperBound, serializedSize } from '../../../src/client/producer/record-size.ts'
import { encodeBatch } from '../../../src/protocol/records/record.ts'

const bytes = fc.option(fc.uint8Array({ maxLength: 300 }))
const headers = fc.array(
  fc.record({
    key: fc.string({ maxLength: 20 }),
    value: fc.option(fc.uint8Array({ maxLength: 20 }).map((b) => Buffer.from(b))),
  }),
  { maxLength: 4 },
)

describe('the size of a record', () => {
  it('is never more than foreseen, and not much less', () => {
    fc.assert(
      fc.property(bytes, bytes, headers, fc.integer({ min: 0, max: 2 ** 41 }), (key, value, list, timestamp) => {
        const real = encodeBatch([{ timestamp, key, value, headers: list }]).length
        const bound = serializedSize(key?.length ?? -1, value?.length ?? -1, list)
        expect(bound).toBeGreaterThanOrEqual(real)
        expect(bound - real).toBeLessThanOrEqual(21)
      }),
    )
  })

  it('is the one Kafka states when a message is too large', () => {
    // kafka-console-producer prints 2000088 for a value of 2,000,000 bytes without a key.
    expect(serializedSize(-1, 2_000_000)).toBe(2_000_088)
    expect(recordSizeUpperBound(-1, -1)).toBe(24)
  })
})
