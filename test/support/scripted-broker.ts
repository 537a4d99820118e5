/**
 * A broker that says what a test tells it to: for negotiation, timeouts, hostile bytes and errors that a healthy node does
 * not give. What a healthy node does is tested against a real one.
 */
import * as net from 'node:net'
import * as tls from 'node:tls'
import { Reader } from '../../src/base/bytes.ts'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { decode } from '../../src/protocol/codec.ts'
import { decodeRequestHeader, encodeResponse } from '../../src/protocol/header.ts'
import { metadata } from '../../src/protocol/messages/03-metadata.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'
import { type Api, parseVersions, type RequestOf, type ResponseInput } from '../../src/protocol/schema.ts'

export interface Asked {
  readonly key: number
  readonly version: number
  readonly body: unknown
}

/** `silence`: no answer. `close`: the connection ends. A Buffer goes out as it is. */
export type Reaction<A extends Api> = ResponseInput<A> | 'silence' | 'close' | Buffer

export interface Call {
  readonly version: number
  /** How often this API was asked before. */
  readonly count: number
  readonly connection: number
}

type Handler = { readonly api: Api; readonly react: (body: never, call: Call) => unknown }

export interface ScriptedPartition {
  readonly leader: number
  readonly leaderEpoch?: number
  readonly error?: number
}

export interface ScriptedTopic {
  readonly topicId?: string
  readonly error?: number
  readonly partitions: readonly ScriptedPartition[]
}

/** What Metadata tells, shared by the brokers of one scripted cluster. */
export class Topology {
  readonly brokers = new Map<number, { host: string; port: number }>()
  readonly topics = new Map<string, ScriptedTopic>()
  controllerId = -1
}

export class ScriptedBroker implements AsyncDisposable {
  readonly id: number
  readonly topology: Topology
  readonly asked: Asked[] = []
  /** Ranges in ApiVersions that differ from the declaration; null leaves the API out. */
  readonly ranges = new Map<number, { min: number; max: number } | null>()
  port = 0
  connections = 0
  private readonly handlers = new Map<number, Handler>()
  private readonly server: net.Server
  private readonly sockets = new Set<net.Socket>()

  private constructor(id: number, topology: Topology, secure: tls.TlsOptions | undefined) {
    this.id = id
    this.topology = topology
    const accept = (socket: net.Socket): void => this.accept(socket)
    this.server = secure === undefined ? net.createServer(accept) : tls.createServer(secure, accept)
    this.server.on('tlsClientError', () => undefined)
    this.on(apiVersions, () => this.versions())
    this.on(metadata, (request) => this.metadata(request))
  }

  static async start(
    options: { id?: number; topology?: Topology; tls?: tls.TlsOptions; port?: number } = {},
  ): Promise<ScriptedBroker> {
    const broker = new ScriptedBroker(options.id ?? 1, options.topology ?? new Topology(), options.tls)
    await new Promise<void>((resolve) => broker.server.listen(options.port ?? 0, '127.0.0.1', resolve))
    broker.port = (broker.server.address() as net.AddressInfo).port
    broker.topology.brokers.set(broker.id, { host: '127.0.0.1', port: broker.port })
    return broker
  }

  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  /** Answers an API; replaces an earlier handler. */
  on<A extends Api>(api: A, react: (request: RequestOf<A>, call: Call) => Reaction<A> | Promise<Reaction<A>>): this {
    this.handlers.set(api.key, { api, react: react as Handler['react'] })
    return this
  }

  /** How an API is answered now, to wrap it in another handler. */
  answerOf<A extends Api>(api: A): (request: RequestOf<A>, call: Call) => Reaction<A> {
    return this.handlers.get(api.key)!.react as (request: RequestOf<A>, call: Call) => Reaction<A>
  }

  /** Requests of one API, in order. */
  askedFor<A extends Api>(api: A): RequestOf<A>[] {
    return this.asked.filter(({ key }) => key === api.key).map(({ body }) => body as RequestOf<A>)
  }

  /** Cuts every connection; new ones are still accepted. */
  dropConnections(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  private accept(socket: net.Socket): void {
    this.connections += 1
    const connection = this.connections
    this.sockets.add(socket)
    let received = Buffer.alloc(0)
    // One request after the other, as a broker does.
    let busy = Promise.resolve()
    socket.on('error', () => undefined)
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0)
        const frame = received.subarray(4, end)
        received = received.subarray(end)
        busy = busy.then(() => this.serve(socket, frame, connection))
      }
    })
  }

  private async serve(socket: net.Socket, frame: Buffer, connection: number): Promise<void> {
    const reader = new Reader(frame)
    const header = decodeRequestHeader(reader)
    const handler = this.handlers.get(header.apiKey)
    if (handler === undefined) throw new Error(`nobody told broker ${this.id} how to answer key ${header.apiKey}`)
    const { max } = parseVersions(handler.api.validVersions)
    const known = header.apiVersion <= (this.ranges.get(header.apiKey)?.max ?? max)
    const body = known ? decode(handler.api.request, header.apiVersion, reader) : null
    const count = this.asked.filter(({ key }) => key === header.apiKey).length
    this.asked.push({ key: header.apiKey, version: header.apiVersion, body })
    const call = { version: header.apiVersion, count, connection }
    const reaction = (await handler.react(body as never, call)) as Reaction<Api>
    if (reaction === 'silence') return
    if (reaction === 'close') socket.destroy()
    else if (Buffer.isBuffer(reaction)) socket.write(reaction)
    else {
      const version = known ? header.apiVersion : 0
      for (const chunk of encodeResponse(handler.api, version, header.correlationId, reaction)) socket.write(chunk)
    }
  }

  private versions(): ResponseInput<typeof apiVersions> {
    const apiKeys = [...this.handlers.values()].flatMap(({ api }) => {
      const told = this.ranges.get(api.key)
      if (told === null) return []
      const { min, max } = told ?? parseVersions(api.validVersions)
      return [{ apiKey: api.key, minVersion: min, maxVersion: max }]
    })
    return { apiKeys }
  }

  private metadata(request: RequestOf<typeof metadata>): ResponseInput<typeof metadata> {
    const { topology } = this
    const names = request.topics?.map(({ name }) => name!) ?? [...topology.topics.keys()]
    return {
      brokers: [...topology.brokers].map(([nodeId, { host, port }]) => ({ nodeId, host, port })),
      clusterId: 'scripted',
      controllerId: topology.controllerId,
      topics: names.map((name) => {
        const topic = topology.topics.get(name)
        if (topic === undefined) return { name, errorCode: 3, partitions: [] }
        return {
          name,
          errorCode: topic.error ?? 0,
          topicId: topic.topicId ?? ZERO_UUID,
          partitions: topic.partitions.map(({ leader, leaderEpoch = 0, error = 0 }, partitionIndex) => ({
            errorCode: error,
            partitionIndex,
            leaderId: leader,
            leaderEpoch,
            replicaNodes: [leader],
            isrNodes: [leader],
          })),
        }
      }),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dropConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

/** A port on which nothing listens: it was free a moment ago. */
export async function closedPort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
