import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DECODER_NAMES, decoderNamed, encodeNamed } from '../../../src/commands/console-consumer/decoders.ts'

const decode = (name: string, hex: string): string => String(decoderNamed(name, 'value-as')(Buffer.from(hex, 'hex')))
const json = (name: string, hex: string): string => decoderNamed(name, 'value-as').json!(Buffer.from(hex, 'hex'))

describe('decoders', () => {
  it.each([
    ['int8', 'ff', '-1'],
    ['uint8', 'ff', '255'],
    ['int16', 'fffe', '-2'],
    ['uint16', 'fffe', '65534'],
    ['int32', '00000007', '7'],
    ['int32le', '07000000', '7'],
    ['uint32', 'ffffffff', '4294967295'],
    ['int64', '8000000000000000', '-9223372036854775808'],
    ['uint64', 'ffffffffffffffff', '18446744073709551615'],
    ['int64le', '0100000000000000', '1'],
    ['float', '3fc00000', '1.5'],
    ['double', '3ff8000000000000', '1.5'],
    ['doublele', '000000000000f83f', '1.5'],
    ['hex', '00ff10', '00ff10'],
    ['base64', '00ff10', 'AP8Q'],
    ['text', '67c3bc', 'gü'],
    ['uuid', '0123456789abcdef0123456789abcdef', '01234567-89ab-cdef-0123-456789abcdef'],
    ['json', '7b2261223a317d', '{\n  "a": 1\n}'],
    ['json', '7b2261', '{"a'],
  ])('%s of %s is %s', (name, hex, text) => {
    expect(decode(name, hex)).toBe(text)
  })

  it('writes numbers and JSON as such in a line, the rest in quotes', () => {
    expect(json('int64', '7fffffffffffffff')).toBe('9223372036854775807')
    expect(json('double', '7ff8000000000000')).toBe('"NaN"')
    expect(json('double', '3ff8000000000000')).toBe('1.5')
    expect(json('hex', 'ff')).toBe('"ff"')
    expect(json('json', Buffer.from('{ "n": 12345678901234567890 }').toString('hex'))).toBe(
      '{"n":12345678901234567890}',
    )
    expect(json('json', Buffer.from('no').toString('hex'))).toBe('"no"')
  })

  it('refuses bytes of another size', () => {
    expect(() => decode('int32', '0007')).toThrow('2 bytes are no int32, which has 4')
    expect(() => decode('uuid', '00')).toThrow('1 bytes are no uuid, which has 16')
    expect(() => decode('double', '')).toThrow('0 bytes are no double, which has 8')
  })

  it('leaves nulls alone', () => {
    for (const name of DECODER_NAMES) expect(decoderNamed(name, 'value-as').leavesNulls).toBe(true)
  })

  it('finds the bytes that print as a text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DECODER_NAMES), fc.integer({ min: 0, max: 127 }), (name, value) => {
        if (['uuid', 'hex', 'base64'].includes(name)) return
        expect(String(decoderNamed(name, 'key-as')(encodeNamed(name, String(value), 'key')))).toBe(String(value))
      }),
    )
    expect(encodeNamed('hex', '00-ff', 'key').toString('hex')).toBe('00ff')
    expect(encodeNamed('uuid', '01234567-89ab-cdef-0123-456789abcdef', 'key')).toHaveLength(16)
    expect(encodeNamed('int16', '-2', 'key').toString('hex')).toBe('fffe')
  })

  it.each([
    ['int8', '128'],
    ['uint8', '-1'],
    ['int32', '1.5'],
    ['double', 'x'],
    ['hex', 'f'],
    ['uuid', '00'],
  ])('has no %s for %s', (name, text) => {
    expect(() => encodeNamed(name, text, 'key')).toThrow(`--key: '${text}' is no ${name}`)
  })

  it('names those there are', () => {
    expect(() => decoderNamed('avro', 'value-as')).toThrow("--value-as: 'avro' is not known")
  })
})
