import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FetchedBatch } from '../../../src/client/fetcher.ts'
import {
  type BatchPrinter,
  FormattedPrinter,
  fitsInPlace,
  PlainPrinter,
} from '../../../src/commands/console-consumer/batch-printer.ts'
import { DefaultFormatter } from '../../../src/commands/console-consumer/default-formatter.ts'
import { COMPRESSION_NAMES } from '../../../src/protocol/records/record-batch.ts'
import { fetchedBatches, textRecord } from '../../support/fetched-batch.ts'

const plain = (): PlainPrinter => new PlainPrinter(Buffer.from('\n'), Buffer.from('null'))
const formatted = (): FormattedPrinter => new FormattedPrinter(new DefaultFormatter(new Map()))

function printed(printer: BatchPrinter, batches: readonly FetchedBatch[], limit = Number.POSITIVE_INFINITY): string {
  for (const batch of batches) printer.print(batch, limit - printer.count)
  return Buffer.concat(printer.take()).toString('latin1')
}

describe.each([
  ['PlainPrinter', plain],
  ['FormattedPrinter', formatted],
])('%s', (_name, make) => {
  it('prints values, nulls and empty values, each on its line', async () => {
    const batches = await fetchedBatches([
      [textRecord('one'), textRecord(null)],
      [textRecord(''), textRecord('four')],
    ])
    const printer = make()
    expect(printed(printer, batches)).toBe('one\nnull\n\nfour\n')
    expect(printer.count).toBe(4)
    expect(printer.nextOffset).toBe(4)
  })

  it('leaves out what was not asked for, and ends at the limit', async () => {
    const records = ['a', 'b', 'c', 'd', 'e'].map((value) => textRecord(value))
    const [batch] = await fetchedBatches([records], { baseOffset: 10, firstOffset: 12 })
    const printer = make()
    expect(printed(printer, [batch!], 2)).toBe('c\nd\n')
    expect(printer.nextOffset).toBe(14)
  })

  it('skips keys and headers of any length', async () => {
    const key = Buffer.alloc(300, 'k')
    const headers = [{ key: 'h', value: Buffer.alloc(200) }]
    const batches = await fetchedBatches([[textRecord('v1', { key, headers }), textRecord('v2', { key })]])
    expect(printed(make(), batches)).toBe('v1\nv2\n')
  })

  it.each(COMPRESSION_NAMES)('reads %s', async (compression) => {
    const records = Array.from({ length: 50 }, (_, index) => textRecord(`value ${index}`))
    const batches = await fetchedBatches([records, records], { compression })
    const expected = records.map((record) => `${Buffer.from(record.value!).toString()}\n`).join('')
    expect(printed(make(), batches)).toBe(expected + expected)
  })

  it('keeps its output apart from what it prints later', async () => {
    const batches = await fetchedBatches([[textRecord('first')], [textRecord('second')]])
    const printer = make()
    printer.print(batches[0]!, 9)
    const first = Buffer.concat(printer.take()).toString()
    printer.print(batches[1]!, 9)
    expect([first, Buffer.concat(printer.take()).toString()]).toEqual(['first\n', 'second\n'])
    expect(printer.pendingBytes).toBe(0)
  })

  it('refuses records that are none', async () => {
    const [batch] = await fetchedBatches([[textRecord('abc')]])
    batch!.buffer[61] = 0x7f
    expect(() => make().print(batch!, 9)).toThrow('Invalid record size')
  })
})

describe('PlainPrinter', () => {
  it('prints the same bytes as the formatter, whatever the records are', async () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 200 }), { nil: null })
    const record = fc.record({ key: bytes, value: bytes })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(record, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('none', 'gzip', 'lz4' as const),
        async (batches, compression) => {
          const fetched = await fetchedBatches(batches, { compression: compression as 'none' })
          const copy = fetched.map((batch) => ({ ...batch, buffer: Buffer.from(batch.buffer) }))
          expect(printed(plain(), fetched)).toBe(printed(formatted(), copy))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('makes one piece of an answer', async () => {
    const batches = await fetchedBatches([[textRecord('a')], [textRecord('b')], [textRecord('c')]])
    const printer = plain()
    for (const batch of batches) printer.print(batch, 9)
    expect(printer.pendingBytes).toBe(6)
    expect(printer.take()).toHaveLength(1)
  })
})

describe('fitsInPlace', () => {
  it('holds while separator and null are no longer than the least record framing', () => {
    expect(fitsInPlace(Buffer.from('\r\n'), Buffer.from('null'))).toBe(true)
    expect(fitsInPlace(Buffer.from('\n'), Buffer.from('<nothing>'))).toBe(false)
  })
})

describe('FormattedPrinter', () => {
  const longs = new Map([['value.deserializer', 'LongDeserializer']])

  it('tells of a record it cannot print and goes on, counting it', async () => {
    const batches = await fetchedBatches([[textRecord('bad'), textRecord('\0\0\0\0\0\0\0\x05')]])
    const skipped: string[] = []
    const printer = new FormattedPrinter(new DefaultFormatter(longs), {
      onSkipped: (error) => void skipped.push(error.message),
    })
    expect(printed(printer, batches)).toBe('5\n')
    expect(skipped).toEqual(['Size of data received by LongDeserializer is not 8'])
    expect(printer.count).toBe(2)
  })

  it('ends at such a record otherwise, keeping what was printed', async () => {
    const batches = await fetchedBatches([[textRecord('\0\0\0\0\0\0\0\x05'), textRecord('bad'), textRecord('x')]])
    const printer = new FormattedPrinter(new DefaultFormatter(new Map([...longs, ['print.offset', 'true']])))
    expect(() => printer.print(batches[0]!, 9)).toThrow('LongDeserializer')
    expect(Buffer.concat(printer.take()).toString()).toBe('Offset:0\t5\nOffset:1\t')
    expect(printer.count).toBe(2)
  })
})
