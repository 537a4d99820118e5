import { describe, expect, it } from 'vitest'
import { Reader } from '../../src/base/bytes.ts'
import { type Random, seededRandom } from '../../src/base/random.ts'
import { decode, encodeToBuffer } from '../../src/protocol/codec.ts'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { saslAuthenticate } from '../../src/protocol/messages/36-sasl-authenticate.ts'
import { shareFetch } from '../../src/protocol/messages/78-share-fetch.ts'
import { RecordsSummary } from '../../src/protocol/records/summary.ts'
import { loadAllApis } from '../../src/protocol/registry.ts'
import { parseVersions, type Schema } from '../../src/protocol/schema.ts'
import {
  decodeSteps,
  elementCount,
  LongBytes,
  MAX_BYTES_KEPT,
  MAX_ELEMENTS_KEPT,
  MessageStream,
} from '../../src/protocol/stream-decoder.ts'
import { randomMessage } from '../support/random-message.ts'

function streamed(
  schema: Schema,
  version: number,
  bytes: Buffer,
  random: Random | null = null,
): MessageStream<unknown> {
  const stream = new MessageStream(bytes.length, (input) => decodeSteps(input, schema, version))
  for (let at = 0; at < bytes.length; ) {
    const size = random === null ? bytes.length : 1 + Math.floor(random.next() ** 3 * 80)
    stream.push(bytes.subarray(at, at + size))
    at += size
  }
  stream.finish()
  return stream
}

/** Records are summed up, so they are not compared. */
function withoutRecords(value: unknown): unknown {
  if (value instanceof RecordsSummary) return { records: value.sizeInBytes }
  if (Array.isArray(value)) return value.map(withoutRecords)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      /records$/i.test(name) && Buffer.isBuffer(each) ? { records: each.length } : withoutRecords(each),
    ]),
  )
}

describe('a message decoded as it comes', () => {
  it('is what the codec reads: every message, every version, in pieces of any size', async () => {
    for (const api of await loadAllApis()) {
      for (const schema of [api.request, api.response]) {
        const { min, max } = parseVersions(schema.validVersions)
        for (let version = min; version <= max; version++) {
          const random = seededRandom(api.key * 1000 + version)
          const bytes = encodeToBuffer(schema, version, randomMessage(schema, version, random) as never)
          const expected = withoutRecords(decode(schema, version, new Reader(bytes)))
          for (const pieces of [null, random]) {
            const { value, problem } = streamed(schema, version, bytes, pieces)
            expect(problem).toBeNull()
            expect(withoutRecords(value)).toEqual(expected)
          }
        }
      }
    }
  }, 60_000)

  it('says why it cannot be read, and never throws', () => {
    const bytes = encodeToBuffer(metadata.request, 12, { topics: [{ name: 'orders' }] })
    expect(streamed(metadata.request, 12, bytes.subarray(0, -3)).problem).toMatch(/wanted|complete/)
    const lie = Buffer.concat([Buffer.from([0x81, 0x80, 0x80, 0x40]), bytes])
    expect(streamed(metadata.request, 12, lie).problem).toMatch(/cannot fit/)
    const random = seededRandom(5)
    for (let run = 0; run < 500; run++) {
      const broken = Buffer.from(bytes)
      broken[Math.floor(random.next() * broken.length)] = Math.floor(random.next() * 256)
      streamed(metadata.request, 12, broken, random)
    }
  })

  it('keeps no long bytes, and counts what is endless', () => {
    const authBytes = Buffer.alloc(MAX_BYTES_KEPT + 1)
    const long = streamed(saslAuthenticate.request, 2, encodeToBuffer(saslAuthenticate.request, 2, { authBytes }))
    expect((long.value as { authBytes: unknown }).authBytes).toEqual(new LongBytes(MAX_BYTES_KEPT + 1))
    const topics = Array.from({ length: MAX_ELEMENTS_KEPT + 5 }, (_, at) => ({ name: `t${at}` }))
    const many = streamed(metadata.request, 12, encodeToBuffer(metadata.request, 12, { topics })).value
    const kept = (many as { topics: unknown[] }).topics
    expect([kept.length, elementCount(kept)]).toEqual([MAX_ELEMENTS_KEPT, MAX_ELEMENTS_KEPT + 5])
    expect(elementCount([1, 2])).toBe(2)
  })

  it('tells where the data of a message ends, once, and by then has read all before it', () => {
    const nodeEndpoints = [{ nodeId: 1, host: 'h', port: 1, rack: null }]
    const tailOf = (schema: Schema, version: number, value: object): number[] => {
      const bytes = encodeToBuffer(schema, version, value as never)
      const tails: number[] = []
      const stream = new MessageStream(bytes.length, (input) =>
        decodeSteps(input, schema, version, (at) => void tails.push(at)),
      )
      for (let at = 0; at < bytes.length; at++) stream.push(bytes.subarray(at, at + 1))
      expect(stream.problem).toBeNull()
      return tails
    }
    // The tag section of a fetch; of a share fetch the array in front of it.
    expect(tailOf(fetch.response, 17, { responses: [], nodeEndpoints })).toEqual([11])
    expect(tailOf(fetch.response, 17, { responses: [] })).toEqual([11])
    const share = { errorMessage: null, responses: [], nodeEndpoints }
    const [at] = tailOf(shareFetch.response, 1, share)
    expect(encodeToBuffer(shareFetch.response, 1, share as never)[at!]).toBe(2)
  })
})
