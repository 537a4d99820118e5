import { beforeAll, describe, expect, it } from 'vitest'
import { decoderNamed } from '../../../src/commands/console-consumer/decoders.ts'
import {
  allOf,
  type FilterDecoders,
  keyFilter,
  parseFilter,
  timeFilter,
} from '../../../src/commands/console-consumer/record-filter.ts'
import { openBatch } from '../../../src/protocol/records/record.ts'
import { RecordCursor } from '../../../src/protocol/records/record-cursor.ts'
import { fetchedBatches } from '../../support/fetched-batch.ts'

let cursor: RecordCursor
beforeAll(async () => {
  cursor = await standingOn({
    key: 'alice',
    value: '{"customer":{"id":7,"name":"A"},"items":["x","y"],"none":null}',
    headers: [
      { key: 'trace', value: Buffer.from('abc') },
      { key: 'trace', value: Buffer.from('def') },
      { key: 'empty', value: null },
    ],
  })
})

interface Text {
  readonly key: string | null
  readonly value: string | null
  readonly headers?: { key: string; value: Buffer | null }[]
}

async function standingOn({ key, value, headers = [] }: Text): Promise<RecordCursor> {
  const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, 'latin1'))
  const [batch] = await fetchedBatches([[{ key: bytes(key), value: bytes(value), headers }]], {})
  const at = new RecordCursor()
  openBatch(at, batch!.buffer, batch!.at)
  at.next()
  return at
}

const passes = (text: string, record = cursor, decoders?: FilterDecoders): boolean =>
  parseFilter(text, decoders)(record, 0)

describe('parseFilter', () => {
  it.each([
    ['key=alice', true],
    ['key = alice', false],
    ['key=ali', false],
    ['key!=alice', false],
    ['key!=bob', true],
    ['key~^al', true],
    ['key!~^al', false],
    ['value~"id":7', true],
    ['value.customer.id=7', true],
    ['value.customer.id=8', false],
    ['value.customer.name=A', true],
    ['value.customer={"id":7,"name":"A"}', true],
    ['value.items.1=y', true],
    ['value.items.2', false],
    ['value.customer', true],
    ['value.none=null', true],
    ['value.customer.id.more', false],
    ['value.missing!=1', true],
    ['header.trace', true],
    ['header.trace=def', true],
    ['header.trace!=def', false],
    ['header.trace~^a', true],
    ['header.other', false],
    ['header.other!=1', true],
    ['header.empty is null', true],
    ['header.trace is not null', true],
    ['header.trace is null', false],
    ['key is null', false],
    ['value is not null', true],
  ])('%s: %s', (text, expected) => {
    expect(passes(text)).toBe(expected)
  })

  it('knows nulls from texts', async () => {
    const tombstone = await standingOn({ key: null, value: null })
    expect(passes('value is null', tombstone)).toBe(true)
    expect(passes('value=null', tombstone)).toBe(false)
    expect(passes('value!=x', tombstone)).toBe(true)
    expect(passes('value.a', tombstone)).toBe(false)
    expect(passes('value is null', await standingOn({ key: '', value: '' }))).toBe(false)
    expect(passes('key=', await standingOn({ key: '', value: '' }))).toBe(true)
  })

  it('compares what a decoder says', async () => {
    const decoders = { key: decoderNamed('int32', 'key-as'), value: undefined }
    expect(passes('key=7', await standingOn({ key: '\0\0\0\x07', value: 'no json' }), decoders)).toBe(true)
    expect(passes('value.a=1', await standingOn({ key: null, value: 'no json' }), decoders)).toBe(false)
  })

  it.each(['', 'key', 'value', 'offset=1', 'header=1', 'header is null', 'key.a is null', 'keys=1'])(
    'refuses %j',
    (text) => {
      expect(() => parseFilter(text)).toThrow(`--filter '${text}' cannot be read`)
    },
  )

  it('tells what is wrong with an expression', () => {
    expect(() => parseFilter('key~(')).toThrow(/--filter 'key~\(': Invalid regular expression/)
  })
})

describe('filters together', () => {
  it('must all hold', () => {
    expect(allOf([])).toBeNull()
    expect(allOf([parseFilter('key=alice'), parseFilter('header.trace')])!(cursor, 0)).toBe(true)
    expect(allOf([parseFilter('key=alice'), parseFilter('header.other')])!(cursor, 0)).toBe(false)
  })

  it('let through what cannot be decoded', () => {
    const filter = parseFilter('key=7', { key: decoderNamed('int32', 'key-as') })
    expect(() => filter(cursor, 0)).toThrow()
    expect(allOf([filter])!(cursor, 0)).toBe(true)
  })

  it('look at time and key', () => {
    expect([9, 10, 19, 20].map((at) => timeFilter(10, 20)(cursor, at))).toEqual([false, true, true, false])
    expect([timeFilter(undefined, 20)(cursor, -1), timeFilter(10)(cursor, -1)]).toEqual([true, false])
    expect(['alice', 'alic', ''].map((key) => keyFilter(Buffer.from(key))(cursor, 0))).toEqual([true, false, false])
  })
})
