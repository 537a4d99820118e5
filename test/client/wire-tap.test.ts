import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import type { WireEvent } from '../../src/client/trace.ts'
import { type AskedRequest, allApis, WireTap } from '../../src/client/wire-tap.ts'
import { encodeRequest, encodeResponse } from '../../src/protocol/header.ts'
import { produce } from '../../src/protocol/messages/00-produce.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { saslHandshake } from '../../src/protocol/messages/17-sasl-handshake.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'

const apis = await allApis()

function listening() {
  const events: WireEvent[] = []
  const asked: AskedRequest[] = []
  const tap = new WireTap({
    address: { host: 'b', port: 1 },
    apis,
    now: () => 0,
    onExchange: (event) => void events.push(event),
    onAsked: (each) => void asked.push(each),
  })
  return { events, asked, tap }
}

const joined = (chunks: readonly Buffer[]): Buffer => Buffer.concat([...chunks])
const framed = (body: Buffer): Buffer => {
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

describe('a conversation that is heard', () => {
  it('is told request by request, in whatever pieces it comes', () => {
    for (let seed = 1; seed < 20; seed++) {
      const { events, tap } = listening()
      const random = seededRandom(seed)
      const pieces = (bytes: Buffer, take: (piece: Buffer) => void): void => {
        for (let at = 0; at < bytes.length; ) {
          const size = 1 + Math.floor(random.next() * 30)
          take(bytes.subarray(at, at + size))
          at += size
        }
      }
      const asked = [
        ...encodeRequest(apiVersions, 3, 1, 'me', { clientSoftwareName: 'x', clientSoftwareVersion: '1' }),
        ...encodeRequest(metadata, 12, 2, 'me', { topics: [{ name: 'orders' }] }),
      ]
      const answered = [
        ...encodeResponse(apiVersions, 3, 1, { apiKeys: [{ apiKey: 3, minVersion: 0, maxVersion: 12 }] }),
        ...encodeResponse(metadata, 12, 2, { brokers: [{ nodeId: 1, host: 'b', port: 1 }], clusterId: 'c' }),
      ]
      pieces(joined(asked), (piece) => tap.sent(piece))
      expect(tap.outstanding).toBe(2)
      pieces(joined(answered), (piece) => tap.received(piece))
      expect(tap.outstanding).toBe(0)
      expect(events).toMatchObject([
        { api: { name: 'ApiVersions' }, version: 3, correlationId: 1, clientId: 'me', response: { errorCode: 0 } },
        {
          api: { name: 'Metadata' },
          request: { topics: [{ name: 'orders' }] },
          response: { clusterId: 'c' },
          unread: null,
        },
      ])
    }
  })

  it('goes on behind versions and requests that are not known', () => {
    const { events, tap } = listening()
    tap.sent(joined(encodeRequest({ ...metadata, validVersions: '0+' }, 13, 1, 'me', {})))
    const stranger = Buffer.alloc(14)
    stranger.writeInt16BE(999, 0)
    stranger.writeInt32BE(2, 4)
    stranger.writeInt16BE(-1, 8)
    tap.sent(framed(stranger))
    const newer = Buffer.alloc(20)
    newer.writeInt16BE(3, 0)
    newer.writeInt16BE(99, 2)
    newer.writeInt32BE(3, 4)
    newer.writeInt16BE(-1, 8)
    tap.sent(framed(newer))
    const answer = (id: number): Buffer => framed(Buffer.from([0, 0, 0, id, 1, 2, 3]))
    tap.received(joined(encodeResponse(metadata, 13, 1, {})))
    tap.received(answer(2))
    tap.received(answer(3))
    expect(events.map(({ unread }) => unread)).toEqual([
      null,
      'kt does not know version 0 of API key 999',
      'kt does not know version 99 of Metadata',
    ])
  })

  it('hears that nothing is answered: to acks=0, and to nobody', () => {
    const { events, tap } = listening()
    tap.sent(joined(encodeRequest(produce, 9, 1, 'me', { acks: 0, timeoutMs: 1, topicData: [] })))
    expect(events).toMatchObject([{ response: null, failure: null }])
    tap.received(framed(Buffer.from([0, 0, 0, 77, 1])))
    expect(events).toHaveLength(1)
  })

  it('tells what was asked and never answered when it ends', () => {
    const { events, tap } = listening()
    tap.sent(joined(encodeRequest(metadata, 12, 5, 'me', { topics: null })))
    tap.end('gone')
    tap.end('gone')
    expect(events).toMatchObject([{ correlationId: 5, failure: 'gone', response: null }])
  })

  it('reads an old answer to a new ApiVersions (KIP-511)', () => {
    const { events, tap } = listening()
    tap.sent(joined(encodeRequest(apiVersions, 4, 1, 'me', {})))
    tap.received(joined(encodeResponse(apiVersions, 0, 1, { errorCode: 35, apiKeys: [] })))
    expect(events[0]).toMatchObject({ response: { errorCode: 35 }, unread: null })
  })

  it('lets a login without headers pass, and hears what comes behind it', () => {
    const { events, tap } = listening()
    tap.sent(joined(encodeRequest(saslHandshake, 0, 1, 'me', { mechanism: 'PLAIN' })))
    tap.received(joined(encodeResponse(saslHandshake, 0, 1, { errorCode: 0, mechanisms: ['PLAIN'] })))
    expect(tap.isOpaque).toBe(true)
    tap.sent(framed(Buffer.from('\0alice\0secret')))
    tap.received(framed(Buffer.alloc(4)))
    tap.sent(joined(encodeRequest(metadata, 12, 2, 'me', { topics: null })))
    tap.received(joined(encodeResponse(metadata, 12, 2, {})))
    expect(events.map(({ api }) => api.name)).toEqual(['SaslHandshake', 'Metadata'])
  })

  it('believes no size, and no frame without a header', () => {
    expect(() => listening().tap.sent(Buffer.from('GET / HTTP/1.1'))).toThrow(/frame of 1195725856 bytes/)
    expect(() => listening().tap.sent(framed(Buffer.from([0, 3, 0, 1, 0])))).toThrow()
  })

  it('forgets the fields of requests that wait in masses', () => {
    const { events, asked, tap } = listening()
    const topics = Array.from({ length: 9000 }, (_, at) => ({ name: `${at}`.padStart(150, 'x') }))
    for (let id = 0; id < 40; id++) tap.sent(joined(encodeRequest(metadata, 8, id, 'me', { topics })))
    expect(tap.outstanding).toBe(40)
    expect(asked.filter(({ request }) => request === null).length).toBeGreaterThan(10)
    for (let id = 0; id < 40; id++) tap.received(joined(encodeResponse(metadata, 8, id, {})))
    expect(events).toHaveLength(40)
  })
})
