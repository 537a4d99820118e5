import * as net from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { FrameReader } from '../../../src/client/frame-reader.ts'
import type { WireEvent } from '../../../src/client/trace.ts'
import { allApis } from '../../../src/client/wire-tap.ts'
import { MAX_HELD_FETCH_BYTES } from '../../../src/commands/trace/answer-relay.ts'
import { CLIENT_LEFT, MAX_OUTSTANDING } from '../../../src/commands/trace/link.ts'
import { TraceProxy } from '../../../src/commands/trace/proxy.ts'
import { Upstream } from '../../../src/commands/trace/upstream.ts'
import { decodeResponse, encodeRequest, encodeResponse } from '../../../src/protocol/header.ts'
import { produce } from '../../../src/protocol/messages/00-produce.ts'
import { fetch } from '../../../src/protocol/messages/01-fetch.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
import { apiVersions } from '../../../src/protocol/messages/18-api-versions.ts'
import { shareFetch } from '../../../src/protocol/messages/78-share-fetch.ts'
import { parseVersions } from '../../../src/protocol/schema.ts'

const apis = await allApis()
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

interface World {
  readonly events: WireEvent[]
  readonly notes: string[]
  readonly listeners: string[]
  readonly port: number
  /** Connections that the broker has. */
  readonly accepted: net.Socket[]
  connect(): Promise<net.Socket>
}

/** A broker that does as `serve` says, and a proxy in front of it. */
async function world(serve: (socket: net.Socket) => void): Promise<World> {
  const accepted: net.Socket[] = []
  const broker = net.createServer((socket) => {
    accepted.push(socket)
    socket.on('error', () => undefined)
    serve(socket)
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  ends.push(() => {
    for (const socket of accepted) socket.destroy()
    return new Promise((resolve) => broker.close(resolve))
  })
  return { ...(await proxyOf((broker.address() as net.AddressInfo).port)), accepted }
}

async function proxyOf(brokerPort: number) {
  const [events, notes, listeners]: [WireEvent[], string[], string[]] = [[], [], []]
  const proxy = new TraceProxy({
    upstream: new Upstream({ bootstrapServers: [`127.0.0.1:${brokerPort}`] }),
    apis,
    now: () => performance.now(),
    listener: {
      exchange: (_link, event) => void events.push(event),
      note: (_link, text) => void notes.push(text),
      opened: () => undefined,
      closed: () => undefined,
      listens: (at, of, nodeId) => void listeners.push(`${nodeId} ${of.host}:${of.port} at ${at.port}`),
      warn: (text) => void notes.push(text),
    },
  })
  const { port } = await proxy.listen({ host: '127.0.0.1', port: 0 })
  ends.push(() => proxy.close())
  const connect = (): Promise<net.Socket> =>
    new Promise((resolve, reject) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(socket)).on('error', reject)
      ends.push(() => socket.destroy())
    })
  return { events, notes, listeners, port, connect }
}

/** Answers each request by what `answer` makes of its header. */
const answering =
  (answer: (id: number) => readonly Buffer[]) =>
  (socket: net.Socket): void => {
    const reader = new FrameReader(1e8, (frame) => {
      for (const chunk of answer(frame.readInt32BE(4))) socket.write(chunk)
    })
    socket.on('data', (chunk: Buffer) => reader.push(chunk))
  }

function frames(socket: net.Socket, count: number): Promise<Buffer[]> {
  const found: Buffer[] = []
  return new Promise((resolve, reject) => {
    const reader = new FrameReader(3e8, (frame) => {
      found.push(Buffer.from(frame))
      if (found.length === count) resolve(found)
    })
    socket.on('data', (chunk: Buffer) => reader.push(chunk))
    socket.on('close', () => reject(new Error(`closed after ${found.length} frames`)))
  })
}

const ask = (socket: net.Socket, chunks: readonly Buffer[]): void => void socket.write(Buffer.concat([...chunks]))
const other = { nodeId: 2, host: 'elsewhere.example', port: 9092, rack: null }

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition() && tries < 500; tries++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(condition()).toBe(true)
}

describe('the proxy', () => {
  it('replaces addresses of brokers by listeners of its own, once each', async () => {
    const answer = { brokers: [other, { ...other, nodeId: 3, port: 9093 }], clusterId: 'c' }
    const { events, listeners, connect } = await world(answering((id) => encodeResponse(metadata, 12, id, answer)))
    const client = await connect()
    const answers = frames(client, 2)
    ask(client, encodeRequest(metadata, 12, 1, 'me', { topics: null }))
    ask(client, encodeRequest(metadata, 12, 2, 'me', { topics: null }))
    const [first, second] = (await answers).map((frame) => decodeResponse(metadata, 12, frame).body)
    expect(first!.brokers).toEqual(second!.brokers)
    expect(first!.clusterId).toBe('c')
    expect(listeners.sort()).toEqual(
      first!.brokers.map(({ nodeId, port }, at) => `${nodeId} elsewhere.example:${9092 + at} at ${port}`),
    )
    expect(first!.brokers.map(({ host }) => host)).toEqual(['127.0.0.1', '127.0.0.1'])
    // What is told is what the broker said.
    expect(events[0]!.response).toMatchObject({ brokers: [{ host: 'elsewhere.example' }, {}] })
  })

  it('knows the bootstrap broker by its address: no second listener', async () => {
    let own = 0
    const serve = answering((id) =>
      encodeResponse(metadata, 12, id, { brokers: [{ ...other, host: '127.0.0.1', port: own }] }),
    )
    const { port, listeners, accepted, connect } = await world(serve)
    const client = await connect()
    await until(() => accepted.length > 0)
    own = accepted[0]!.localPort!
    const answers = frames(client, 1)
    ask(client, encodeRequest(metadata, 12, 1, 'me', { topics: null }))
    expect(decodeResponse(metadata, 12, (await answers)[0]!).body.brokers).toMatchObject([{ port }])
    expect(listeners).toEqual([])
  })

  it('keeps answers in order behind one that waits for its listeners', async () => {
    const serve = answering((id) =>
      id % 3 === 0
        ? encodeResponse(metadata, 12, id, { brokers: [{ ...other, port: 1000 + id }] })
        : encodeResponse(produce, 9, id, { throttleTimeMs: id }),
    )
    const { connect } = await world(serve)
    const client = await connect()
    const answers = frames(client, 60)
    for (let id = 0; id < 60; id++) {
      ask(
        client,
        id % 3 === 0 ? encodeRequest(metadata, 12, id, 'me', {}) : encodeRequest(produce, 9, id, 'me', { acks: 1 }),
      )
    }
    expect((await answers).map((frame) => frame.readInt32BE(0))).toEqual(Array.from({ length: 60 }, (_, id) => id))
  })

  const partition = (bytes: number) => ({ partitionIndex: 0, records: seededRandom(1).bytes(bytes) })
  const fetched = (bytes: number) => ({ responses: [{ partitions: [partition(bytes)] }], nodeEndpoints: [other] })

  const SIZES = [100, MAX_HELD_FETCH_BYTES - 100, MAX_HELD_FETCH_BYTES + 1, 200_000, 3_000_000]

  it('replaces the address of a new leader in a fetch of any size, and nothing else', async () => {
    for (const bytes of SIZES) {
      const { connect } = await world(answering((id) => encodeResponse(fetch, 17, id, fetched(bytes))))
      const client = await connect()
      const answers = frames(client, 2)
      ask(client, encodeRequest(fetch, 17, 4, 'me', { topics: [] }))
      ask(client, encodeRequest(fetch, 17, 5, 'me', { topics: [] }))
      for (const frame of await answers) {
        const { body } = decodeResponse(fetch, 17, frame)
        expect(body.responses[0]!.partitions[0]!.records!.equals(partition(bytes).records)).toBe(true)
        expect(body.nodeEndpoints).toMatchObject([{ nodeId: 2, host: '127.0.0.1' }])
      }
    }
  })

  it('replaces them behind the records of a share fetch of any size', async () => {
    for (const bytes of SIZES) {
      const { connect } = await world(answering((id) => encodeResponse(shareFetch, 1, id, fetched(bytes))))
      const client = await connect()
      const answers = frames(client, 1)
      ask(client, encodeRequest(shareFetch, 1, 4, 'me', { groupId: 'g', memberId: 'm' }))
      const { body } = decodeResponse(shareFetch, 1, (await answers)[0]!)
      expect(body.nodeEndpoints).toMatchObject([{ host: '127.0.0.1' }])
      expect(body.responses[0]!.partitions[0]!.records!.equals(partition(bytes).records)).toBe(true)
    }
  })

  it('passes a large answer on before its end is there', async () => {
    const whole = Buffer.concat(encodeResponse(fetch, 17, 4, fetched(300_000)))
    let broker: net.Socket | undefined
    const { connect } = await world((socket) => {
      broker = socket
      socket.once('data', () => socket.write(whole.subarray(0, 250_000)))
    })
    const client = await connect()
    let received = 0
    client.on('data', (chunk: Buffer) => (received += chunk.length))
    const answers = frames(client, 1)
    ask(client, encodeRequest(fetch, 17, 4, 'me', { topics: [] }))
    await until(() => received >= 250_000)
    broker!.write(whole.subarray(250_000))
    expect(decodeResponse(fetch, 17, (await answers)[0]!).body.nodeEndpoints).toMatchObject([{ host: '127.0.0.1' }])
  })

  it('ends a connection whose large answer cannot be read to its end', async () => {
    const [head, ...rest] = encodeResponse(fetch, 17, 4, fetched(100_000))
    const broken = Buffer.concat([head!, ...rest])
    broken[broken.length - 2] = 0x70
    broken.fill(0xff, broken.length - 12)
    const { notes, connect } = await world((socket) => socket.once('data', () => socket.write(broken)))
    const client = await connect()
    client.resume()
    ask(client, encodeRequest(fetch, 17, 4, 'me', { topics: [] }))
    await new Promise((resolve) => client.on('close', resolve))
    expect(notes).toEqual([expect.stringContaining("what the broker answers is not Kafka's protocol")])
  })

  it('offers no version that it cannot read, and says so once', async () => {
    const offered = [
      { apiKey: 3, minVersion: 0, maxVersion: 99 },
      { apiKey: 1, minVersion: 4, maxVersion: 12 },
      { apiKey: 999, minVersion: 0, maxVersion: 3 },
    ]
    const { notes, events, connect } = await world(
      answering((id) => encodeResponse(apiVersions, 3, id, { apiKeys: offered })),
    )
    for (let each = 0; each < 2; each++) {
      const client = await connect()
      const answers = frames(client, 1)
      ask(client, encodeRequest(apiVersions, 3, 1, 'me', { clientSoftwareName: 'x', clientSoftwareVersion: '1' }))
      const { max } = parseVersions(metadata.validVersions)
      const { body } = decodeResponse(apiVersions, 3, (await answers)[0]!)
      expect(body.apiKeys).toEqual([{ ...offered[0], maxVersion: max }, offered[1], offered[2]])
    }
    expect(notes).toEqual([expect.stringMatching(/clients are offered less: Metadata 99 to \d+$/)])
    // What is told is what the broker said.
    expect(events[0]!.response).toMatchObject({ apiKeys: offered })
  })

  it('passes on what it does not know, as it is, and says so', async () => {
    const random = seededRandom(9)
    const answer = Buffer.concat([Buffer.from([0, 0, 0, 204, 0, 0, 0, 7]), random.bytes(200)])
    let received = Buffer.alloc(0)
    const { notes, connect } = await world((socket) =>
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk])
        if (received.length === 304) socket.write(answer)
      }),
    )
    const client = await connect()
    // Key 3 at version 99.
    const request = Buffer.concat([Buffer.from([0, 0, 1, 44, 0, 3, 0, 99, 0, 0, 0, 7, 255, 255]), random.bytes(290)])
    const answers = frames(client, 1)
    client.write(request)
    expect((await answers)[0]).toEqual(answer.subarray(4))
    expect(received).toEqual(request)
    expect(notes).toEqual([
      'kt does not know version 99 of Metadata: it is passed on as it is; the client may go past the proxy from here on',
    ])
  })

  it('holds back a broker whose client does not read', async () => {
    const block = Buffer.alloc(1_000_000)
    let written = 0
    const { connect } = await world((socket) => {
      const pump = (): void => {
        while (written < 80) {
          written++
          if (
            !socket.write(
              Buffer.concat(encodeResponse(fetch, 11, written, { responses: [{ partitions: [{ records: block }] }] })),
            )
          )
            return
        }
      }
      socket.once('data', pump)
      socket.on('drain', pump)
    })
    const client = await connect()
    client.pause()
    for (let id = 1; id <= 80; id++) ask(client, encodeRequest(fetch, 11, id, 'me', { topics: [] }))
    await new Promise((resolve) => setTimeout(resolve, 400))
    // What systems buffer on the way is some MB.
    expect(written).toBeLessThan(40)
    const answers = frames(client, 80)
    client.resume()
    expect((await answers).map((frame) => frame.readInt32BE(0))).toEqual(Array.from({ length: 80 }, (_, at) => at + 1))
  })

  it('does not read on from a client with too many requests in flight', async () => {
    let received = 0
    const { accepted, connect } = await world((socket) => {
      const reader = new FrameReader(1e6, () => received++)
      socket.on('data', (chunk: Buffer) => reader.push(chunk))
    })
    const client = await connect()
    const one = Buffer.concat(encodeRequest(metadata, 12, 1, 'x'.repeat(900), { topics: null }))
    for (let count = 0; count < 20_000; count++) client.write(one)
    await until(() => received > MAX_OUTSTANDING)
    await new Promise((resolve) => setTimeout(resolve, 200))
    // One more chunk may have been on its way.
    expect(received).toBeLessThan(MAX_OUTSTANDING + 200)
    expect(accepted).toHaveLength(1)
  })

  it('says who speaks something else', async () => {
    const { notes, connect } = await world(() => undefined)
    const tls = await connect()
    tls.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]))
    await new Promise((resolve) => tls.on('close', resolve))
    const http = await connect()
    const text = new Promise<string>((resolve) => http.on('data', (chunk: Buffer) => resolve(chunk.toString())))
    http.write('GET / HTTP/1.1\r\n\r\n')
    expect(await text).toMatch(/^HTTP\/1\.1 400 .*does not speak HTTP/s)
    const garbage = await connect()
    garbage.write('something quite different')
    await new Promise((resolve) => garbage.on('close', resolve))
    expect(notes).toEqual([
      expect.stringContaining('the client speaks TLS'),
      expect.stringContaining('the client speaks HTTP ("GET")'),
      expect.stringMatching(/^what the client sends is not Kafka's protocol: a frame of \d+ bytes/),
    ])
  })

  it('says that a broker is not there, and that it hung up', async () => {
    const nobody = await proxyOf(1)
    const refused = await nobody.connect()
    await new Promise((resolve) => refused.on('close', resolve))
    expect(nobody.notes).toEqual([
      expect.stringMatching(/^no connection to the broker: 127\.0\.0\.1:1: connection refused/),
    ])
    const { events, connect } = await world((socket) => socket.once('data', () => socket.end()))
    const client = await connect()
    client.resume()
    ask(client, encodeRequest(metadata, 12, 1, 'me', { topics: null }))
    await until(() => events.length > 0)
    expect(events).toMatchObject([{ failure: 'the broker closed the connection' }])
  })

  it('passes on what a client sends last, and says that it has left', async () => {
    let received = 0
    const { events, connect } = await world((socket) =>
      socket.on('data', (chunk: Buffer) => (received += chunk.length)),
    )
    const client = await connect()
    const bytes = Buffer.concat(encodeRequest(metadata, 12, 1, 'me', { topics: null }))
    client.end(bytes)
    await until(() => events.length > 0)
    expect(received).toBe(bytes.length)
    expect(events).toMatchObject([{ failure: CLIENT_LEFT }])
  })
})
