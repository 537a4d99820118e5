import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Reader, Writer } from '../../src/base/bytes.ts'
import { ProtocolError } from '../../src/base/errors.ts'
import { seededRandom } from '../../src/base/random.ts'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { decode, encode, encodeToBuffer } from '../../src/protocol/codec.ts'
import { compileCodec } from '../../src/protocol/compile.ts'
import { interpretDecode, interpretEncode } from '../../src/protocol/interpret.ts'
import { produce } from '../../src/protocol/messages/00-produce.ts'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'
import {
  array,
  boolean,
  bytes,
  int8,
  int16,
  int32,
  int64,
  parseVersions,
  type Schema,
  type SchemaInput,
  string,
  struct,
  uint16,
  uint32,
} from '../../src/protocol/schema.ts'
import { allSchemas } from '../support/all-schemas.ts'
import { randomMessage } from '../support/random-message.ts'

const schemas = await allSchemas()
const VALUES_PER_VERSION = 12

function versionsOf(schema: Schema): number[] {
  const { min, max } = parseVersions(schema.validVersions)
  return Array.from({ length: max - min + 1 }, (_, index) => min + index)
}

function interpreted(schema: Schema, version: number, value: unknown): Buffer {
  const writer = new Writer()
  interpretEncode(schema, version, value, writer)
  return writer.toBuffer()
}

describe('every message in every version', () => {
  it('knows them all', () => {
    expect(schemas.length).toBeGreaterThan(240)
  })

  it.each(schemas.map((schema) => [schema.name, schema] as const))('%s', (name, schema) => {
    const random = seededRandom(Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) | 0, 7))
    for (const version of versionsOf(schema)) {
      for (let i = 0; i < VALUES_PER_VERSION; i++) {
        const value = randomMessage(schema, version, random) as SchemaInput<Schema>
        const compiled = encodeToBuffer(schema, version, value)
        expect(compiled.equals(interpreted(schema, version, value))).toBe(true)
        const reader = new Reader(compiled)
        expect(decode(schema, version, reader)).toEqual(value)
        expect(reader.remaining).toBe(0)
        expect(interpretDecode(schema, version, new Reader(compiled))).toEqual(value)
      }
    }
  })

  it.each(schemas.map((schema) => [schema.name, schema] as const))('%s from nothing: all defaults', (_, schema) => {
    for (const version of versionsOf(schema)) {
      const compiled = encodeToBuffer(schema, version, {})
      expect(compiled.equals(interpreted(schema, version, {}))).toBe(true)
      const value = decode(schema, version, new Reader(compiled)) as SchemaInput<Schema>
      expect(encodeToBuffer(schema, version, value).equals(compiled)).toBe(true)
    }
  })
})

describe('messages written by Apache Kafka 4.3.1', () => {
  // `KT_GOLDEN=1 npm run test:interop` writes the file again.
  const golden = fs
    .readFileSync(new URL('../golden/protocol-messages.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n')

  it('are there for every message and version', () => {
    const expected = schemas.flatMap((schema) => versionsOf(schema).map((version) => `${schema.name} ${version}`))
    expect(golden.map((line) => line.split(' ', 2).join(' ')).sort()).toEqual(expected.sort())
  })

  it('are decoded, and encoded again to the same bytes', () => {
    const byName = new Map(schemas.map((schema) => [schema.name, schema]))
    for (const line of golden) {
      const [name, version, hex] = line.split(' ') as [string, string, string]
      const schema = byName.get(name)!
      const reader = new Reader(Buffer.from(hex, 'hex'))
      const value = decode(schema, Number(version), reader) as SchemaInput<Schema>
      expect(reader.remaining).toBe(0)
      const again = encodeToBuffer(schema, Number(version), value).toString('hex')
      expect(`${name} ${version} ${again}`).toBe(line)
    }
  })
})

describe('hostile bytes', () => {
  /** Both codecs give the same value, or both refuse. */
  function decodeBoth(schema: Schema, version: number, frame: Buffer): unknown {
    let value: unknown
    let refused: unknown
    try {
      value = decode(schema, version, new Reader(frame))
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError)
      expect((error as Error).message).toContain(`${schema.name} v${version}`)
      refused = error
    }
    if (refused === undefined) expect(interpretDecode(schema, version, new Reader(frame))).toEqual(value)
    else expect(() => interpretDecode(schema, version, new Reader(frame))).toThrow(ProtocolError)
    return value
  }

  it.each(schemas.map((schema) => [schema.name, schema] as const))('%s: random, cut short, changed', (_, schema) => {
    const random = seededRandom(schema.name.length)
    for (const version of versionsOf(schema)) {
      for (let i = 0; i < 6; i++) decodeBoth(schema, version, random.bytes(Math.floor(random.next() * 80)))
      const frame = encodeToBuffer(schema, version, randomMessage(schema, version, random) as SchemaInput<Schema>)
      for (let i = 0; i < 6; i++)
        decodeBoth(schema, version, frame.subarray(0, Math.floor(random.next() * frame.length)))
      for (let i = 0; i < 6 && frame.length > 0; i++) {
        const changed = Buffer.from(frame)
        changed[Math.floor(random.next() * frame.length)] = Math.floor(random.next() * 256)
        decodeBoth(schema, version, changed)
      }
    }
  })

  it('reads nothing behind the end it was given, even where the buffer goes on', () => {
    const frame = encodeToBuffer(metadata.request, 12, { topics: [{ name: 'orders' }] })
    const longer = Buffer.concat([frame, Buffer.alloc(100, 1)])
    for (let end = 0; end < frame.length; end++) {
      expect(() => decode(metadata.request, 12, new Reader(longer, 0, end))).toThrow(ProtocolError)
    }
    expect(decode(metadata.request, 12, new Reader(longer, 0, frame.length)).topics).toHaveLength(1)
  })

  it('leaves the reader where it was when it refuses', () => {
    const reader = new Reader(Buffer.from([0, 0, 0, 5, 0]), 0)
    expect(() => decode(metadata.request, 0, reader)).toThrow(ProtocolError)
    expect(reader.position).toBe(0)
  })

  it('believes no count that the bytes cannot hold', () => {
    const frame = Buffer.alloc(64)
    frame.writeInt32BE(0x7fffffff, 0)
    expect(() => decode(metadata.request, 0, new Reader(frame))).toThrow(
      'MetadataRequest v0, topics: an array of 2147483647 elements cannot fit in 60 bytes',
    )
    // Five bytes of varint: 2^32 - 1, less one.
    const compact = Buffer.concat([Buffer.from('ffffffff0f', 'hex'), Buffer.alloc(64)])
    expect(() => decode(metadata.request, 9, new Reader(compact))).toThrow(/cannot fit/)
  })

  it('counts at least the smallest element: 40 bytes hold no 40 partitions of 30 bytes', () => {
    const frame = Buffer.alloc(100)
    frame.writeInt32BE(0, 0) // throttle time
    frame.writeInt16BE(0, 4)
    frame.writeInt32BE(0, 6)
    frame.writeInt32BE(40, 10) // 40 topics of at least 6 bytes
    expect(() => decode(fetch.response, 7, new Reader(frame))).toThrow(/responses: an array of 40 elements cannot fit/)
  })
})

const sample = {
  name: 'Sample',
  validVersions: '0-3',
  flexibleVersions: '2+',
  fields: {
    name: string('0+', { nullable: '1+', default: '' }),
    flag: boolean('1+', { ignorable: true }),
    count: int32('1+', { default: -1 }),
    inner: struct({ a: int8(), b: string('3+') }, '2+', { nullable: '2+', default: null }),
    list: array({ port: uint16(), big: uint32() }, '0+', { nullable: '1+' }),
    late: string('2+', { tag: 5, taggedVersions: '2+', ignorable: true }),
    early: int64('2+', { tag: 1, taggedVersions: '2+', default: -1n }),
    data: bytes('2+', { nullable: '2+', tag: 3, taggedVersions: '2+', default: null }),
    box: struct({ x: int16() }, '3+', { tag: 2, taggedVersions: '3+' }),
    maybe: struct({ y: int16() }, '3+', { tag: 4, taggedVersions: '3+', nullable: '3+', default: null }),
    ids: array(int32(), '3+', { tag: 6, taggedVersions: '3+', nullable: '3+' }),
    old: string('0-2', { flexible: 'none', default: 'x' }),
  },
} as const satisfies Schema

const hex = (version: number, input: SchemaInput<typeof sample>): string =>
  encodeToBuffer(sample, version, input).toString('hex')

describe('the rules of serialization', () => {
  it('writes lengths as int16 and int32 before flexible versions, as varints of length + 1 in them', () => {
    expect(hex(0, { name: 'ab', list: [] })).toBe('00026162' + '00000000' + '0001' + '78')
    expect(hex(2, { name: 'ab', list: [] })).toBe('036162' + '00' + 'ffffffff' + 'ff' + '01' + '0001' + '78' + '00')
  })

  it('writes null as length -1, or 0 in flexible versions', () => {
    expect(hex(1, { name: null, list: null })).toBe('ffff' + '00' + 'ffffffff' + 'ffffffff' + '000178')
    expect(hex(2, { name: null, list: null })).toBe('00' + '00' + 'ffffffff' + 'ff' + '00' + '000178' + '00')
  })

  it('keeps a field that is flexible in none non-compact', () => {
    expect(hex(2, { old: 'yz' })).toContain('0002797a')
  })

  it('marks a nullable structure with an int8', () => {
    expect(hex(3, { inner: { a: 7, b: 'q' } })).toBe(
      '01' + '00' + 'ffffffff' + '01' + '07' + '0271' + '00' + '01' + '00',
    )
  })

  it('writes tagged fields by ascending tag, only those that are not default', () => {
    const tags = '02' + '0108' + '0000000000000002' + '05' + '02' + '027a'
    expect(hex(2, { early: 2n, late: 'z' })).toBe(`0100ffffffffff01000178${tags}`)
    expect(hex(2, { early: -1n, late: '', data: null })).toBe(hex(2, {}))
  })

  it('marks a nullable tagged structure with a varint, and writes a null that is not the default', () => {
    const prefix = '01' + '00' + 'ffffffff' + 'ff' + '01'
    expect(hex(3, { maybe: { y: 9 } })).toBe(`${prefix}01040401000900`)
    expect(hex(3, { maybe: null })).toBe(`${prefix}00`)
    expect(hex(3, { ids: null })).toBe(`${prefix}01060100`)
  })

  it('compares a tagged structure with its default member by member', () => {
    expect(hex(3, { box: { x: 0 } })).toBe(hex(3, {}))
    expect(hex(3, { box: { x: 1 } })).not.toBe(hex(3, {}))
  })

  it('fills in defaults for what a version lacks', () => {
    const value = decode(sample, 0, new Reader(Buffer.from('0000' + '00000000' + '000178', 'hex')))
    expect(value).toEqual({
      name: '',
      flag: false,
      count: -1,
      inner: null,
      list: [],
      late: '',
      early: -1n,
      data: null,
      box: { x: 0 },
      maybe: null,
      ids: [],
      old: 'x',
    })
  })

  it('gives each decoded value its own defaults', () => {
    const frame = Buffer.from('0000' + '00000000' + '000178', 'hex')
    const first = decode(sample, 0, new Reader(frame))
    first.box.x = 5
    first.ids?.push(1)
    expect(decode(sample, 0, new Reader(frame)).box.x).toBe(0)
    expect(decode(sample, 0, new Reader(frame)).ids).toEqual([])
  })

  it('refuses what a version cannot carry, unless it may be ignored', () => {
    expect(() => hex(0, { count: 3 })).toThrow('Sample v0, count: this version cannot carry a non-default value (3)')
    expect(() => hex(0, { inner: { a: 1 } })).toThrow(/inner/)
    expect(() => hex(3, { old: 'other' })).toThrow(/old/)
    expect(() => hex(1, { early: 4n })).toThrow(/early/)
    expect(hex(0, { flag: true, late: 'dropped', count: -1 })).toBe(hex(0, {}))
  })

  it('names the path of a null that is not allowed', () => {
    expect(() => encodeToBuffer(metadata.request, 1, { topics: [{ name: 'a' }, { name: null }] })).toThrow(
      'MetadataRequest v1, topics[1].name: null where null is not allowed',
    )
    expect(() => encodeToBuffer(produce.response, 9, { responses: null as never })).toThrow(/responses: null/)
    const frame = Buffer.from('00' + '01' + '00', 'hex')
    expect(() => decode(apiVersions.request, 3, new Reader(frame))).toThrow(
      'ApiVersionsRequest v3, clientSoftwareName: null where null is not allowed',
    )
  })

  it('refuses numbers out of range and values of another type', () => {
    expect(() => hex(1, { count: 2 ** 31 })).toThrow('Sample v1, count: 2147483648 is not an int32')
    expect(() => hex(1, { count: 1.5 })).toThrow(/not an int32/)
    expect(() => hex(1, { count: Number.NaN })).toThrow(/not an int32/)
    expect(() => hex(0, { list: [{ port: 65536 }] })).toThrow('list[0].port: 65536 is not a uint16')
    expect(() => hex(0, { list: [{ big: -1 }] })).toThrow(/list\[0\].big/)
    expect(() => hex(2, { early: 3 as never })).toThrow('Sample v2, early: 3 is not an int64')
    expect(() => hex(1, { flag: 1 as never })).toThrow(/flag: 1 is not a boolean/)
    expect(() => hex(0, { name: 5 as never })).toThrow(/name: 5 is not a string/)
    expect(() => encodeToBuffer(metadata.request, 10, { topics: [{ topicId: 'short' }] })).toThrow(
      /topicId: not a uuid/,
    )
  })

  it('refuses strings longer than 32767 bytes in both directions', () => {
    expect(() => hex(2, { name: 'x'.repeat(32768) })).toThrow('Sample v2, name: a string of 32768 bytes')
    expect(hex(2, { name: 'x'.repeat(32767) }).length).toBeGreaterThan(65000)
    const frame = Buffer.concat([Buffer.from('818002', 'hex'), Buffer.alloc(40000, 120)])
    expect(() => decode(sample, 2, new Reader(frame))).toThrow(/name: a string of 32768 bytes/)
  })

  it('has no other versions than it declares', () => {
    expect(() => hex(4, {})).toThrow('Sample has no version 4 (it has 0-3)')
    expect(() => decode(sample, -1, new Reader(Buffer.alloc(10)))).toThrow(ProtocolError)
  })
})

describe('tag sections on decode', () => {
  const body = '01' + '00' + 'ffffffff' + 'ff' + '01' + '000178'
  const read = (tags: string) => decode(sample, 2, new Reader(Buffer.from(body + tags, 'hex')))

  it('steps over tags nobody knows', () => {
    expect(read('02' + '0108' + '0000000000000009' + '6403' + 'aabbcc').early).toBe(9n)
  })

  it('refuses tags twice or out of order (KIP-482)', () => {
    const early = '0108' + '0000000000000009'
    expect(() => read(`02${early}${early}`)).toThrow(/tag 1 after tag 1/)
    expect(() => read(`02${'0502' + '027a'}${early}`)).toThrow(/tag 1 after tag 5/)
  })

  it('refuses a tag whose size is not what it holds', () => {
    expect(() => read('01' + '0109' + '000000000000000900')).toThrow(/tag 1 does not take the 9 bytes/)
    expect(() => read('01' + '64ff7f')).toThrow(ProtocolError)
  })

  it('refuses a tag of another version, as Kafka does', () => {
    expect(() => read('01' + '0202' + '0001')).toThrow(/tag 2 is not of this version/)
  })

  it('treats zero and one as null and present of a tagged structure', () => {
    const plain = '01' + '00' + 'ffffffff' + 'ff' + '01'
    const at3 = (tags: string) => decode(sample, 3, new Reader(Buffer.from(plain + tags, 'hex')))
    expect(at3('01' + '0401' + '00').maybe).toBeNull()
    expect(at3('01' + '0404' + '01' + '0009' + '00').maybe).toEqual({ y: 9 })
  })
})

describe('what is copied and what is not', () => {
  it('passes large records through uncopied, both ways', () => {
    const records = Buffer.alloc(100_000, 7)
    const writer = new Writer()
    encode(produce.request, 9, { topicData: [{ name: 't', partitionData: [{ index: 0, records }] }] }, writer)
    const chunks = writer.chunks()
    expect(chunks.some((chunk) => chunk.buffer === records.buffer && chunk.byteOffset === records.byteOffset)).toBe(
      true,
    )
    const frame = Buffer.concat(chunks)
    const back = decode(produce.request, 9, new Reader(frame)).topicData[0]!.partitionData[0]!.records!
    expect(back.buffer).toBe(frame.buffer)
    expect(back.equals(records)).toBe(true)
  })

  it('reads from the middle of a frame and leaves what follows', () => {
    const message = encodeToBuffer(metadata.request, 12, { topics: [{ name: 'a', topicId: ZERO_UUID }] })
    const reader = new Reader(Buffer.concat([Buffer.alloc(5, 9), message, Buffer.alloc(3)]), 5)
    expect(decode(metadata.request, 12, reader).topics).toHaveLength(1)
    expect(reader.remaining).toBe(3)
  })
})

describe('compiled code', () => {
  it('is one function per direction that says which message it reads', () => {
    const { decode: read, encode: write } = compileCodec(metadata.request, 12)
    expect(String(read)).toContain('let topics')
    expect(String(write)).toContain('writer.uuid')
  })
})
