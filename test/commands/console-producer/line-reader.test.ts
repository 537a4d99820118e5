import { describe, expect, it } from 'vitest'
import { LineReader, splitLikeJava } from '../../../src/commands/console-producer/line-reader.ts'

const DOCUMENTED = new Map([
  ['parse.key', 'true'],
  ['parse.headers', 'true'],
])

function parse(line: string | Buffer, properties: Iterable<readonly [string, string]> = []) {
  const reader = new LineReader(new Map(properties))
  const bytes = Buffer.from(line as string)
  const { key, value, headers } = reader.parse(bytes, 0, bytes.length)
  const text = (part: Buffer | null): string | null => (part === null ? null : part.toString('utf8'))
  return { key: text(key), value: text(value), headers: headers.map((each) => [each.key, text(each.value)]) }
}

describe('LineReader', () => {
  it('takes the whole line as value', () => {
    expect(parse('a\tb')).toEqual({ key: null, value: 'a\tb', headers: [] })
    expect(parse('')).toEqual({ key: null, value: '', headers: [] })
    expect(new LineReader(new Map()).isPlain).toBe(true)
  })

  it('parts key and value at the first separator', () => {
    expect(parse('k\tv\tw', [['parse.key', 'true']])).toMatchObject({ key: 'k', value: 'v\tw' })
    expect(parse('\tv', [['parse.key', ' TRUE ']])).toMatchObject({ key: '', value: 'v' })
    const colons = [
      ['parse.key', 'true'],
      ['key.separator', '::'],
    ] as const
    expect(parse('käse::brot', colons)).toMatchObject({ key: 'käse', value: 'brot' })
    expect(
      parse('abc', [
        ['parse.key', 'true'],
        ['key.separator', ''],
      ]),
    ).toMatchObject({ key: '', value: 'abc' })
  })

  it('reads headers before the key', () => {
    expect(parse('h1:v1,h2:v2\tk\tv', DOCUMENTED)).toEqual({
      key: 'k',
      value: 'v',
      headers: [
        ['h1', 'v1'],
        ['h2', 'v2'],
      ],
    })
    expect(parse('h:a:b\tv', [['parse.headers', 'true']])).toEqual({ key: null, value: 'v', headers: [['h', 'a:b']] })
  })

  it('replaces what equals the null marker', () => {
    const properties = [...DOCUMENTED, ['null.marker', 'NIL']] as const
    expect(parse('NIL\tNIL\tNIL', properties)).toEqual({ key: null, value: null, headers: [] })
    expect(parse('h:NIL\tk\tv', properties)).toMatchObject({ headers: [['h', null]] })
    expect(parse('NIL', [['null.marker', 'NIL']])).toMatchObject({ value: null })
    expect(() => parse('NIL:x\tk\tv', properties)).toThrow(
      "Header keys should not be equal to the null marker 'NIL' as they can't be null",
    )
  })

  it('names the line that has no separator', () => {
    const reader = new LineReader(new Map([['parse.key', 'true']]))
    reader.parse(Buffer.from('k\tv'), 0, 3)
    expect(() => reader.parse(Buffer.from('nokey'), 0, 5)).toThrow("No key separator found on line number 2: 'nokey'")
    expect(() => parse('x', DOCUMENTED)).toThrow("No headers delimiter found on line number 1: 'x'")
    expect(() => parse('h1\tk\tv', DOCUMENTED)).toThrow("No header key separator found in pair 'h1' on line number 1")
    expect(() => parse('\tk\tv', DOCUMENTED)).toThrow("No header key separator found in pair '' on line number 1")
  })

  it('makes the best of such lines with ignore.error', () => {
    const lenient = [...DOCUMENTED, ['ignore.error', 'true']] as const
    expect(parse('plain', lenient)).toEqual({ key: null, value: 'plain', headers: [] })
    expect(parse('h1\tk\tv', lenient)).toEqual({ key: 'k', value: 'v', headers: [['h1', null]] })
    expect(parse('a:b\trest', lenient)).toEqual({ key: null, value: 'rest', headers: [['a', 'b']] })
  })

  it('leaves bytes that are no text alone', () => {
    const reader = new LineReader(DOCUMENTED)
    const line = Buffer.from('683aff090080093aff', 'hex')
    const { key, value, headers } = reader.parse(line, 0, line.length)
    expect(key).toEqual(Buffer.from([0x00, 0x80]))
    expect(value).toEqual(Buffer.from([0x3a, 0xff]))
    expect(headers).toEqual([{ key: 'h', value: Buffer.from([0xff]) }])
  })

  it('takes headers.separator as a regular expression', () => {
    const properties = [...DOCUMENTED, ['headers.separator', '[;|]']] as const
    expect(parse('a:1;b:2|c:3\tk\tv', properties).headers).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ])
    expect(() => new LineReader(new Map([['headers.separator', '[']]))).toThrow('headers.separator is not a regular')
  })

  it('refuses separators that cannot be told apart', () => {
    const refused =
      (name: string, value: string): (() => LineReader) =>
      () =>
        new LineReader(new Map([[name, value]]))
    expect(refused('headers.separator', '\t')).toThrow('headers.delimiter and headers.separator may not be equal')
    expect(refused('headers.delimiter', ':')).toThrow('headers.delimiter and headers.key.separator may not be equal')
    expect(refused('headers.separator', ':')).toThrow('headers.separator and headers.key.separator may not be equal')
    expect(refused('null.marker', '\t')).toThrow('null.marker and key.separator may not be equal')
    expect(refused('null.marker', ',')).toThrow('null.marker and headers.separator may not be equal')
    expect(refused('null.marker', ':')).toThrow('null.marker and headers.key.separator may not be equal')
  })
})

describe('splitLikeJava', () => {
  it('drops empty parts at the end only', () => {
    expect(splitLikeJava(/,/g, 'a,,b,,')).toEqual(['a', '', 'b'])
    expect(splitLikeJava(/,/g, ',a')).toEqual(['', 'a'])
    expect(splitLikeJava(/,/g, '')).toEqual([''])
    expect(splitLikeJava(/,/g, ',')).toEqual([])
  })
  it('cuts between characters where the pattern matches nothing', () => {
    expect(splitLikeJava(/(?:)/g, 'abc')).toEqual(['a', 'b', 'c'])
  })
})
