import { describe, expect, it } from 'vitest'
import { Reader, Writer } from '../../src/base/bytes.ts'
import { ProtocolError } from '../../src/base/errors.ts'
import { seededRandom } from '../../src/base/random.ts'
import { decode, encode } from '../../src/protocol/codec.ts'
import {
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  isFlexible,
} from '../../src/protocol/header.ts'
import { produce } from '../../src/protocol/messages/00-produce.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'
import { loadAllApis } from '../../src/protocol/registry.ts'
import { includesVersion, parseVersions } from '../../src/protocol/schema.ts'

const frameOf = (chunks: Buffer[]): Buffer => {
  const frame = Buffer.concat(chunks)
  expect(frame.readInt32BE(0)).toBe(frame.length - 4)
  return frame.subarray(4)
}

describe('requests', () => {
  it('have header v1 before flexible versions, v2 with a tag section in them', () => {
    const plain = frameOf(encodeRequest(metadata, 8, 5, 'me', { topics: null }))
    expect(plain.toString('hex')).toBe('0003' + '0008' + '00000005' + '00026d65' + 'ffffffff' + '010000')
    const flexible = frameOf(encodeRequest(metadata, 12, 5, 'me', { topics: null }))
    expect(flexible.toString('hex')).toBe('0003' + '000c' + '00000005' + '00026d65' + '00' + '00' + '0100' + '00')
  })

  it.each([
    [8, 'kt'],
    [12, 'kt'],
    [12, null],
    [12, ''],
    [8, 'größer'],
  ])('v%i of client %j are read back', (version, clientId) => {
    const reader = new Reader(frameOf(encodeRequest(metadata, version, -1, clientId, { topics: [{ name: 'a' }] })))
    expect(decodeRequestHeader(reader)).toEqual({ apiKey: 3, apiVersion: version, correlationId: -1, clientId })
    expect(decode(metadata.request, version, reader).topics?.[0]?.name).toBe('a')
    expect(reader.remaining).toBe(0)
  })

  it('do not copy large records', () => {
    const records = Buffer.alloc(50_000)
    const topicData = [{ name: 't', partitionData: [{ index: 0, records }] }]
    const chunks = encodeRequest(produce, 9, 1, 'me', { topicData })
    expect(chunks.some((chunk) => chunk.buffer === records.buffer)).toBe(true)
    frameOf(chunks)
  })
})

describe('request headers of others', () => {
  it('step over tags', () => {
    const bytes = Buffer.from('0003' + '000c' + '00000001' + 'ffff' + '02' + '0003aabbcc' + '0500' + '99', 'hex')
    const reader = new Reader(bytes)
    expect(decodeRequestHeader(reader)).toEqual({ apiKey: 3, apiVersion: 12, correlationId: 1, clientId: null })
    expect(reader.remaining).toBe(1)
  })

  it('are given as they are for keys and versions nobody knows', () => {
    const header = (key: number, version: number): unknown => {
      const writer = new Writer()
      writer.int16(key)
      writer.int16(version)
      writer.int32(9)
      writer.string('x', false)
      writer.int8(0)
      return decodeRequestHeader(new Reader(writer.toBuffer()))
    }
    expect(header(999, 1)).toEqual({ apiKey: 999, apiVersion: 1, correlationId: 9, clientId: 'x' })
    expect(header(18, 99)).toEqual({ apiKey: 18, apiVersion: 99, correlationId: 9, clientId: 'x' })
    expect(header(-4, -1)).toEqual({ apiKey: -4, apiVersion: -1, correlationId: 9, clientId: 'x' })
  })

  it('are refused when they are cut short or lie', () => {
    const whole = frameOf(encodeRequest(metadata, 12, 5, 'client', {})).subarray(0, 17)
    for (let end = 0; end < whole.length - 2; end++) {
      expect(() => decodeRequestHeader(new Reader(whole.subarray(0, end)))).toThrow(ProtocolError)
    }
    const lying = Buffer.from('0003' + '000c' + '00000005' + '7fff' + '6162', 'hex')
    expect(() => decodeRequestHeader(new Reader(lying))).toThrow('header of Metadata v12: 32767 bytes wanted')
    const manyTags = Buffer.from('0003' + '000c' + '00000005' + 'ffff' + 'ffffffff0f', 'hex')
    expect(() => decodeRequestHeader(new Reader(manyTags))).toThrow(ProtocolError)
  })

  it('never fail in another way on noise', () => {
    const random = seededRandom(11)
    for (let i = 0; i < 3000; i++) {
      const reader = new Reader(random.bytes(Math.floor(random.next() * 40)))
      try {
        decodeRequestHeader(reader)
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError)
      }
    }
  })
})

describe('responses', () => {
  it.each([0, 8, 9, 12])('of Metadata v%i are read back', (version) => {
    const frame = frameOf(encodeResponse(metadata, version, 77, { topics: [{ name: 'orders' }] }))
    const { correlationId, body } = decodeResponse(metadata, version, frame)
    expect([correlationId, body.topics[0]?.name]).toEqual([77, 'orders'])
    expect(decodeResponse(metadata, version, new Reader(frame)).body).toEqual(body)
  })

  it('of ApiVersions have header v0 in every version (KIP-511)', () => {
    for (const version of [0, 2, 3, 4]) {
      const frame = frameOf(encodeResponse(apiVersions, version, 1, { errorCode: 35 }))
      expect(frame.subarray(0, 6).toString('hex')).toBe('00000001' + '0023')
      expect(decodeResponse(apiVersions, version, frame).body.errorCode).toBe(35)
    }
  })

  it('step over tags in their header', () => {
    const body = new Writer()
    encode(metadata.response, 12, {}, body)
    const frame = Buffer.concat([Buffer.from('00000003' + '01' + '0702aabb', 'hex'), body.toBuffer()])
    expect(decodeResponse(metadata, 12, frame).correlationId).toBe(3)
  })
})

describe('the table of flexible versions', () => {
  it('agrees with the declarations', async () => {
    for (const api of await loadAllApis()) {
      const { min, max } = parseVersions(api.validVersions)
      for (let version = min; version <= max; version++) {
        const declared = includesVersion(api.flexibleVersions, version)
        expect(`${api.name} v${version} ${isFlexible(api.key, version)}`).toBe(`${api.name} v${version} ${declared}`)
      }
    }
  })
})
