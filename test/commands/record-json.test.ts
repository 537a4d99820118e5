import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactText, parseRecordJson, type RecordFields, recordJson } from '../../src/commands/record-json.ts'
import { headerOf } from '../../src/protocol/records/record-header.ts'

const bytes = fc.uint8Array({ maxLength: 40 }).map((data) => Buffer.from(data))
const utf8 = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => Buffer.from(text))
const part = fc.option(fc.oneof(bytes, utf8, fc.constant(Buffer.alloc(0))))
const header = fc.tuple(fc.oneof(utf8, bytes), part).map(([key, value]) => headerOf(key, value))
const record: fc.Arbitrary<RecordFields> = fc.record({
  topic: fc.constantFrom('orders', 'a "quoted" name'),
  partition: fc.nat(),
  offset: fc.maxSafeNat(),
  timestamp: fc.oneof(fc.constant(-1), fc.maxSafeNat()),
  timestampType: fc.constantFrom('CreateTime' as const, 'LogAppendTime' as const),
  headers: fc.array(header, { maxLength: 4 }),
  key: part,
  value: part,
})

const RECORD: RecordFields = {
  topic: 'orders',
  partition: 2,
  offset: 7,
  timestamp: 1000,
  timestampType: 'CreateTime',
  headers: [],
  key: null,
  value: null,
}

describe('a record as a line of JSON', () => {
  it('comes back as it was, whatever its bytes', () => {
    fc.assert(
      fc.property(record, (fields) => {
        const line = recordJson(fields)
        expect(line).not.toMatch(/[\r\n]/)
        const { key, value, headers, partition, timestamp } = fields
        expect(parseRecordJson(line)).toEqual({ key, value, headers, partition, timestamp })
      }),
      { numRuns: 1000 },
    )
  })

  it('comes back as it was beside what it was decoded to', () => {
    fc.assert(
      fc.property(record, fc.json(), (fields, json) => {
        const decoded = { key: { json }, value: { json }, headers: fields.headers.map(() => ({ json })) }
        const { key, value, headers } = fields
        expect(parseRecordJson(recordJson(fields, decoded))).toMatchObject({ key, value, headers })
      }),
    )
  })

  it('tells null, empty and the word null apart', () => {
    const values = [null, '', 'null'].map((value) => ({ ...RECORD, value: value === null ? null : Buffer.from(value) }))
    expect(values.map((each) => recordJson(each).replace(/.*,"value":/, ''))).toEqual(['null}', '""}', '"null"}'])
  })

  it('keeps double, empty and null headers in their order', () => {
    const headers = [
      { key: 'h', value: Buffer.from('1') },
      { key: 'h', value: null },
      { key: '', value: Buffer.alloc(0) },
      { key: 'h', value: Buffer.from([0xff]) },
    ]
    const line = recordJson({ ...RECORD, headers })
    expect(JSON.parse(line).headers).toEqual([
      { key: 'h', value: '1' },
      { key: 'h', value: null },
      { key: '', value: '' },
      { key: 'h', valueBase64: '/w==' },
    ])
    expect(parseRecordJson(line).headers).toEqual(headers)
  })

  it('keeps the key of a header that is no UTF-8', () => {
    const headers = [headerOf(Buffer.from([0x68, 0xff]), Buffer.from('1')), { key: 'h\ufffd', value: null }]
    const line = recordJson({ ...RECORD, headers })
    expect(JSON.parse(line).headers).toEqual([
      { keyBase64: 'aP8=', value: '1' },
      { key: 'h\ufffd', value: null },
    ])
    expect(parseRecordJson(line).headers).toEqual(headers)
  })

  it('keeps a byte order mark', () => {
    const value = Buffer.from('\ufeffx')
    expect(parseRecordJson(recordJson({ ...RECORD, value })).value).toEqual(value)
  })
})

describe('a line by hand', () => {
  it('needs a value and nothing else', () => {
    const nothing = { key: null, headers: [], partition: undefined, timestamp: undefined }
    expect(parseRecordJson('{"value":"v"}')).toEqual({ ...nothing, value: Buffer.from('v') })
    expect(parseRecordJson(' {"key":null,"value":null,"headers":null,"partition":null} ')).toEqual({
      ...nothing,
      value: null,
    })
  })

  it.each([
    ['value: 1', /^it is not JSON: /],
    ['[1]', 'it is JSON, but no object: a record is written {"key": ..., "value": ...}'],
    ['"text"', /no object/],
    ['{"key":"k"}', 'it has neither value nor valueBase64; a tombstone says "value": null'],
    ['{"vaule":"v"}', /unknown field "vaule": did you mean value/],
    ['{"payload":"v"}', /unknown field "payload": fields are apiVersion, /],
    ['{"value":{"a":1}}', 'value is an object: write text, "{\\"a\\":1}" for example'],
    ['{"value":7}', 'value is a number: write text, "7" for example'],
    ['{"value":[]}', /value is an array/],
    ['{"value":"\\ud800"}', 'value holds half a surrogate pair, which has no bytes'],
    ['{"valueBase64":"?"}', 'valueBase64 is not base64'],
    ['{"valueBase64":null}', /valueBase64 is .*, not text/],
    ['{"value":"v","keyBase64":"a"}', 'keyBase64 is not base64'],
    ['{"value":"v","partition":-1}', 'partition is -1, not a whole number from 0 on'],
    ['{"value":"v","partition":"0"}', 'partition is "0", not a whole number from 0 on'],
    ['{"value":"v","timestamp":1.5}', 'timestamp is 1.5, not a whole number from -1 on'],
    ['{"value":"v","timestamp":9007199254740993}', /timestamp is .* not a whole number/],
    ['{"value":"v","headers":{}}', /headers is no array/],
    ['{"value":"v","headers":[1]}', /^headers\[0\]: it is no object/],
    ['{"value":"v","headers":[{"key":"a","value":"b"},{"value":"b"}]}', /^headers\[1\]: it has no key/],
    ['{"value":"v","headers":[{"key":"a"}]}', /^headers\[0\]: it has neither/],
    ['{"value":"v","headers":[{"key":null,"value":"b"}]}', /^headers\[0\]: it has no key/],
    ['{"value":"v","headers":[{"keyBase64":"?","value":"b"}]}', 'headers[0]: keyBase64 is not base64'],
    ['{"value":"v","headers":[{"key":"a","valeu":"b"}]}', /^headers\[0\]: unknown field "valeu"/],
    ['{"kind":"TopicList","value":"v"}', 'kind is "TopicList", not Record'],
    ['{"apiVersion":"kt/v2","value":"v"}', 'apiVersion is "kt/v2", this reads kt/v1'],
  ])('is refused with the reason: %s', (line, reason) => {
    expect(() => parseRecordJson(line)).toThrow(reason)
  })
})

describe('exactText', () => {
  it('is null for what is no UTF-8', () => {
    expect(exactText(Buffer.from('grün'))).toBe('grün')
    expect(exactText(Buffer.from([0xc3, 0x28]))).toBeNull()
    // A surrogate written as three bytes, as some writers do.
    expect(exactText(Buffer.from([0xed, 0xa0, 0x80]))).toBeNull()
  })
})
