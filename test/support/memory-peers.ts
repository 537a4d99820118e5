/**
 * Peers without sockets: a request frame goes straight to the other broker's processor, its answer straight back, all by
 * promises. Requests of a channel are served in order, as a connection does; links can be cut.
 */
import type { Answer, ConnectionContext, RequestProcessor } from '../../src/network/processor.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { decodeResponse, encodeRequest } from '../../src/protocol/header.ts'
import type { PeerAddress, PeerChannel, PeerNetwork } from '../../src/protocol/peers.ts'
import type { Api, RequestInput, ResponseOf } from '../../src/protocol/schema.ts'

const SIZE_BYTES = 4

class MemoryConnection implements ConnectionContext {
  readonly listenerName = 'PLAINTEXT'
  readonly clientAddress = '127.0.0.1'
  clientSoftwareName = ''
  clientSoftwareVersion = ''
  private readonly abort = new AbortController()

  get closed(): AbortSignal {
    return this.abort.signal
  }

  close(): void {
    this.abort.abort()
  }
}

/** One direction between two nodes. */
export interface Link {
  readonly from: number
  readonly to: number
}

export class MemoryNetwork {
  private readonly processors = new Map<number, RequestProcessor>()
  private readonly cut = new Set<string>()
  private readonly channels = new Set<MemoryChannel>()
  private correlationId = 0
  /** Requests served so far, by API name. */
  readonly served = new Map<string, number>()

  /** Node `id` listens at port `id`. */
  listen(id: number, processor: RequestProcessor): void {
    this.processors.set(id, processor)
  }

  /** The node is gone: what is in flight to and from it fails. */
  stop(id: number): void {
    this.processors.delete(id)
    this.breakChannels((channel) => channel.from === id || channel.address.port === id)
  }

  disconnect(a: number, b: number): void {
    this.cut.add(`${a}:${b}`).add(`${b}:${a}`)
    this.breakChannels(({ from, address: { port: to } }) => (from === a && to === b) || (from === b && to === a))
  }

  connect(a: number, b: number): void {
    this.cut.delete(`${a}:${b}`)
    this.cut.delete(`${b}:${a}`)
  }

  private breakChannels(concerned: (channel: MemoryChannel) => boolean): void {
    for (const channel of this.channels) if (concerned(channel)) channel.lose()
  }

  peers(from: number): PeerNetwork {
    return {
      open: (address, clientId) => {
        const channel = new MemoryChannel(this, from, address, clientId)
        this.channels.add(channel)
        return channel
      },
    }
  }

  forget(channel: MemoryChannel): void {
    this.channels.delete(channel)
  }

  processorFor(from: number, to: number): RequestProcessor {
    const processor = this.processors.get(to)
    if (processor === undefined || this.cut.has(`${from}:${to}`))
      throw new KafkaError('NETWORK_EXCEPTION', `${to} is away`)
    return processor
  }

  nextCorrelationId(): number {
    return ++this.correlationId
  }

  count(name: string): void {
    this.served.set(name, (this.served.get(name) ?? 0) + 1)
  }
}

class MemoryChannel implements PeerChannel {
  readonly address: PeerAddress
  readonly from: number
  private readonly network: MemoryNetwork
  private readonly clientId: string
  private connection = new MemoryConnection()
  private readonly failing = new Set<(error: unknown) => void>()
  private last: Promise<unknown> = Promise.resolve()
  private closed = false

  constructor(network: MemoryNetwork, from: number, address: PeerAddress, clientId: string) {
    this.network = network
    this.from = from
    this.address = address
    this.clientId = clientId
  }

  send<A extends Api>(api: A, version: number, request: RequestInput<A>): Promise<ResponseOf<A>> {
    if (this.closed) return Promise.reject(new KafkaError('NETWORK_EXCEPTION', 'closed'))
    const id = this.network.nextCorrelationId()
    const frame = Buffer.concat(encodeRequest(api, version, id, this.clientId, request)).subarray(SIZE_BYTES)
    return new Promise((resolve, reject) => {
      this.failing.add(reject)
      const { connection } = this
      const serve = async (): Promise<void> => {
        try {
          const bytes = await this.exchange(frame, connection)
          this.network.count(api.name)
          resolve(decodeResponse(api, version, bytes).body as ResponseOf<A>)
        } catch (error) {
          reject(error)
        }
        this.failing.delete(reject)
      }
      this.last = this.last.then(serve)
    })
  }

  private async exchange(frame: Buffer, connection: MemoryConnection): Promise<Buffer> {
    if (connection.closed.aborted) throw new KafkaError('NETWORK_EXCEPTION', 'lost')
    const processor = this.network.processorFor(this.from, this.address.port)
    const answer: Answer = await processor.process(Buffer.from(frame), connection)
    const bytes = Buffer.concat(answer.chunks!).subarray(SIZE_BYTES)
    answer.afterSend?.()
    return bytes
  }

  /** The connection breaks; the next request makes a new one. */
  lose(): void {
    this.connection.close()
    this.connection = new MemoryConnection()
    this.last = Promise.resolve()
    for (const fail of this.failing) fail(new KafkaError('NETWORK_EXCEPTION', 'the connection is lost'))
    this.failing.clear()
  }

  close(): void {
    this.closed = true
    this.network.forget(this)
    this.lose()
  }
}
