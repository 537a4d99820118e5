import { describe, expect, it } from 'vitest'
import { bytesText, createDeserializer, unchanged } from '../../../src/commands/console-consumer/deserializers.ts'

const PACKAGE = 'org.apache.kafka.common.serialization.'

function deserialize(name: string, data: Buffer, configuration: Iterable<readonly [string, string]> = []): string {
  return String(createDeserializer(`${PACKAGE}${name}`, new Map(configuration), false)!(data))
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('the built-in deserializers', () => {
  it.each([
    ['ShortDeserializer', 'ff fe', '-2'],
    ['IntegerDeserializer', '80 00 00 00', '-2147483648'],
    ['LongDeserializer', '7f ff ff ff ff ff ff ff', '9223372036854775807'],
    ['FloatDeserializer', '3f 80 00 00', '1.0'],
    ['FloatDeserializer', '3d cc cc cd', '0.1'],
    ['FloatDeserializer', '4b 80 00 00', '1.6777216E7'],
    ['FloatDeserializer', '7f c0 00 00', 'NaN'],
    ['DoubleDeserializer', '3f f8 00 00 00 00 00 00', '1.5'],
    ['DoubleDeserializer', '3f 1a 36 e2 eb 1c 43 2d', '1.0E-4'],
    ['DoubleDeserializer', 'ff f0 00 00 00 00 00 00', '-Infinity'],
    ['BooleanDeserializer', '01', 'true'],
    ['BooleanDeserializer', '00', 'false'],
    ['StringDeserializer', '67 72 c3 bc 6e', 'grün'],
    ['ByteBufferDeserializer', '00 01', 'java.nio.HeapByteBuffer[pos=0 lim=2 cap=2]'],
    ['BytesDeserializer', '61 5c 0a ff', 'a\\x5C\\x0A\\xFF'],
  ])('%s reads %s', (name, data, expected) => {
    expect(deserialize(name, hex(data))).toBe(expected)
  })

  it.each([
    ['ShortDeserializer', 'Size of data received by ShortDeserializer is not 2'],
    ['IntegerDeserializer', 'Size of data received by IntegerDeserializer is not 4'],
    ['LongDeserializer', 'Size of data received by LongDeserializer is not 8'],
    ['FloatDeserializer', 'Size of data received by Deserializer is not 4'],
    ['DoubleDeserializer', 'Size of data received by Deserializer is not 8'],
    ['BooleanDeserializer', 'Size of data received by BooleanDeserializer is not 1'],
    ['UUIDDeserializer', 'Error parsing data into UUID'],
    ['VoidDeserializer', 'Data should be null for a VoidDeserializer.'],
  ])('%s refuses three bytes in its own words', (name, message) => {
    expect(() => deserialize(name, Buffer.from('abc'))).toThrow(message)
  })

  it('reads uuids and pads them', () => {
    const uuid = '123e4567-e89b-12d3-a456-426614174000'
    expect(deserialize('UUIDDeserializer', Buffer.from(uuid.toUpperCase()))).toBe(uuid)
    expect(deserialize('UUIDDeserializer', Buffer.from('1-2-3-4-5'))).toBe('00000001-0002-0003-0004-000000000005')
  })

  it('names a byte that is no boolean as Java does, signed', () => {
    expect(() => deserialize('BooleanDeserializer', hex('ff'))).toThrow(
      'Unexpected byte received by BooleanDeserializer: -1',
    )
  })

  it('leaves text and bytes as they are', () => {
    expect(createDeserializer('StringDeserializer', new Map(), true)).toBe(unchanged)
    expect(createDeserializer(`${PACKAGE}ByteArrayDeserializer`, new Map(), false)).toBe(unchanged)
  })

  it('reads other encodings', () => {
    expect(deserialize('StringDeserializer', hex('fc'), [['value.deserializer.encoding', 'ISO-8859-1']])).toBe('ü')
    expect(deserialize('StringDeserializer', hex('00fc'), [['deserializer.encoding', 'UTF-16']])).toBe('ü')
    expect(deserialize('StringDeserializer', hex('fffefc00'), [['deserializer.encoding', 'UTF-16']])).toBe('ü')
    expect(() => deserialize('StringDeserializer', hex('00'), [['deserializer.encoding', 'klingon']])).toThrow(
      'klingon',
    )
  })

  it('knows no other class', () => {
    expect(createDeserializer('com.example.Nope', new Map(), false)).toBeNull()
    expect(createDeserializer('toString', new Map(), false)).toBeNull()
  })
})

describe('ListDeserializer', () => {
  const INNER = 'default.list.value.serde.inner'
  const list = (data: string, inner: string): string => deserialize('ListDeserializer', hex(data), [[INNER, inner]])
  const SERDES = `${PACKAGE}Serdes$`

  it('reads elements of a fixed size, nulls by their index', () => {
    const data = '00 00000001 00000001 00000003 00000007 ffffffff'
    expect(list(data, `${SERDES}IntegerSerde`)).toBe('[7, null, -1]')
  })
  it('reads elements behind their size', () => {
    expect(list('01 00000003 00000002 6162 ffffffff 00000000', `${SERDES}StringSerde`)).toBe('[ab, null, ]')
  })
  it('refuses bytes that are no list', () => {
    expect(() => list('01 00000009 00000002', `${SERDES}StringSerde`)).toThrow('Unable to deserialize into a List')
    expect(() => list('', `${SERDES}StringSerde`)).toThrow('Unable to deserialize into a List')
    expect(() => list('01 7fffffff', `${SERDES}StringSerde`)).toThrow('Unable to deserialize into a List')
  })
  it('wants to know what is in it', () => {
    expect(() => deserialize('ListDeserializer', hex('00'))).toThrow(`${INNER} is not set`)
    expect(() => list('00', 'com.example.Serde')).toThrow('names no deserializer')
  })
})

describe('bytesText', () => {
  it('escapes what is not printable', () => {
    expect(bytesText(Buffer.from([0x20, 0x7e, 0x7f, 0x1f]))).toBe(' ~\\x7F\\x1F')
  })
})
