import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordSizeUpperBound } from '../../../src/client/producer/record-size.ts'
import { decodeRecords, encodeBatch } from '../../../src/protocol/records/record.ts'
import { headerKeyLength, headerOf } from '../../../src/protocol/records/record-header.ts'

const bytes = fc.uint8Array({ maxLength: 30 }).map((data) => Buffer.from(data))
const text = fc.string({ unit: 'binary', maxLength: 10 }).map((each) => Buffer.from(each))
const header = fc.tuple(fc.oneof(bytes, text), fc.option(bytes)).map(([key, value]) => headerOf(key, value))

describe('a header of a record', () => {
  it('has its bytes beside its key only where they are no UTF-8', () => {
    expect(headerOf(Buffer.from('größe'), null)).toEqual({ key: 'größe', value: null })
    expect(headerOf(Buffer.from('\ufffd'), null)).toEqual({ key: '\ufffd', value: null })
    const broken = Buffer.from([0x61, 0xc3])
    expect(headerOf(broken, null)).toEqual({ key: 'a\ufffd', keyBytes: broken, value: null })
    expect(headerKeyLength(headerOf(broken, null))).toBe(2)
    expect(headerKeyLength({ key: 'größe', value: null })).toBe(7)
  })

  it('comes back from a batch byte for byte', () => {
    fc.assert(
      fc.property(fc.array(header, { maxLength: 5 }), (headers) => {
        const batch = encodeBatch([{ timestamp: 1, key: null, value: Buffer.from('v'), headers }])
        const [record] = decodeRecords(batch)
        expect(record!.headers).toEqual(headers)
        expect(recordSizeUpperBound(-1, 1, headers)).toBeGreaterThanOrEqual(batch.length - 61)
      }),
      { numRuns: 500 },
    )
  })
})
