import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { encodeToBuffer } from '../../src/protocol/codec.ts'
import { fillTail, RESERVED_BYTES, readTail } from '../../src/protocol/endpoint-tail.ts'
import { decodeResponse } from '../../src/protocol/header.ts'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { shareFetch } from '../../src/protocol/messages/78-share-fetch.ts'
import { type Api, parseVersions } from '../../src/protocol/schema.ts'
import { decodeSteps, MessageStream } from '../../src/protocol/stream-decoder.ts'
import { randomMessage } from '../support/random-message.ts'

const HEAD = Buffer.from([0, 0, 0, 7, 0])

/** The body, cut where its data ends. */
function cut(api: Api, version: number, value: unknown): [data: Buffer, tail: Buffer] {
  const bytes = encodeToBuffer(api.response, version, value as never)
  let at = -1
  const stream = new MessageStream(bytes.length, (input) =>
    decodeSteps(input, api.response, version, (position) => {
      at = position
    }),
  )
  stream.push(bytes)
  stream.finish()
  return [bytes.subarray(0, at), bytes.subarray(at)]
}

interface Body {
  nodeEndpoints: { nodeId: number; host: string; port: number }[]
}
const decoded = (api: Api, version: number, body: Buffer): Body =>
  decodeResponse(api, version, Buffer.concat([HEAD, body])).body as unknown as Body

const VERSIONS: [Api, number][] = [fetch as Api, shareFetch as Api].flatMap((api) => {
  const { min, max } = parseVersions(api.validVersions)
  const first = api.key === fetch.key ? 16 : min
  return Array.from({ length: max - first + 1 }, (_, at): [Api, number] => [api, first + at])
})

describe('the tail of a large answer', () => {
  it.each(VERSIONS.map(([api, version]) => [api.name, version, api] as const))(
    'has its addresses replaced within what was announced: %s v%d',
    (_name, version, api) => {
      let replaced = 0
      for (let seed = 0; seed < 60; seed++) {
        const [data, tail] = cut(api, version, randomMessage(api.response, version, seededRandom(seed)))
        const read = readTail(api, version, tail)
        const filled = fillTail(read, ({ port }) => ({ host: 'h', port: (port % 60_000) + 1 }))
        expect(filled.length).toBe(tail.length + RESERVED_BYTES)
        const before = decoded(api, version, Buffer.concat([data, tail]))
        const after = decoded(api, version, Buffer.concat([data, filled]))
        const nodeEndpoints = before.nodeEndpoints.map((each) => {
          if (each.host === '' || each.port <= 0) return each
          replaced++
          return { ...each, host: 'h', port: (each.port % 60_000) + 1 }
        })
        expect(after).toEqual({ ...before, nodeEndpoints })
        expect(decoded(api, version, Buffer.concat([data, fillTail(read, () => null)]))).toEqual(before)
      }
      expect(replaced).toBeGreaterThan(5)
    },
  )

  it.each([
    [fetch as Api, 17],
    [shareFetch as Api, 1],
  ] as const)('takes hosts of every length, and leaves the addresses out where they do not fit', (api, version) => {
    const nodeEndpoints = [{ nodeId: 1, host: 'b', port: 9092, rack: null }]
    const [data, tail] = cut(api, version, { responses: [], nodeEndpoints })
    const read = readTail(api, version, tail)
    let longest = 0
    for (let length = 1; length < 300; length++) {
      const host = 'x'.repeat(length)
      const filled = fillTail(read, () => ({ host, port: 1 }))
      expect(filled.length).toBe(tail.length + RESERVED_BYTES)
      const after = decoded(api, version, Buffer.concat([data, filled]))
      if (after.nodeEndpoints.length > 0) {
        longest = length
        expect(after.nodeEndpoints).toMatchObject([{ nodeId: 1, host, port: 1 }])
      }
    }
    expect(longest).toBeGreaterThan(240)
    expect(longest).toBeLessThan(RESERVED_BYTES + 1)
  })

  it('is refused when it is none', () => {
    const [, tail] = cut(fetch as Api, 17, { responses: [] })
    expect(() => readTail(fetch as Api, 17, Buffer.concat([tail, Buffer.from([1])]))).toThrow(/bytes behind the answer/)
    expect(() => readTail(fetch as Api, 17, Buffer.alloc(0))).toThrow()
  })
})
