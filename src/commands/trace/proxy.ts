/**
 * The proxy: one listener for each broker, and a link for each connection that a client opens.
 *
 * What it does not do: it speaks PLAINTEXT to clients. A login of the client's own passes only where it is not bound to the
 * broker's name (GSSAPI and AWS_MSK_IAM are). DescribeQuorum shows controllers at their own addresses, as no client goes
 * there because of it. Versions newer than ours are not offered to clients; one that asks with such a version all the same
 * is answered as the broker does, with its addresses.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { type Address, formatAddress } from '../../client/address.ts'
import type { ApisByKey } from '../../client/wire-tap.ts'
import type { FoundAddress } from '../../protocol/endpoints.ts'
import { Link, type LinkListener } from './link.ts'
import { plainHost, type Upstream } from './upstream.ts'

/** Connections of all clients together. */
export const MAX_LINKS = 1000
/** Brokers that get a listener: an answer that names more is passed on with their own addresses. */
export const MAX_LISTENERS = 1000

export interface ProxyListener extends LinkListener {
  opened(link: Link): void
  /** A broker has a listener of its own from now on. */
  listens(at: Address, broker: Address, nodeId: number): void
  warn(text: string): void
}

export interface ProxyOptions {
  readonly upstream: Upstream
  readonly apis: ApisByKey
  readonly now: () => number
  readonly listener: ProxyListener
}

export class TraceProxy {
  readonly #options: ProxyOptions
  readonly #servers: Server[] = []
  readonly #links = new Set<Link>()
  /** Listeners by the broker's own address. */
  readonly #ports = new Map<string, Promise<number | null>>()
  #host = ''
  readonly #noted = new Set<string>()
  #opened = 0
  #isClosed = false

  constructor(options: ProxyOptions) {
    this.#options = options
  }

  /** Opens the listener for the bootstrap addresses. Rejects with node's error (`EADDRINUSE`, ...). */
  async listen({ host, port }: Address): Promise<Address> {
    this.#host = host
    const { bootstrap } = this.#options.upstream
    const own = await this.#listenAt(port, bootstrap)
    // A broker that advertises the bootstrap address needs no second listener; which of several it is nobody knows.
    if (bootstrap.length === 1) this.#ports.set(formatAddress(bootstrap[0]!), Promise.resolve(own))
    return { host, port: own }
  }

  /** A broker is known: it gets its listener now, not with the first answer that names it. */
  async expect(broker: Address, nodeId: number): Promise<void> {
    await this.#portOf({ ...broker, nodeId })
  }

  #portOf(broker: Address & { readonly nodeId: number }): Promise<number | null> {
    const key = formatAddress(broker)
    const known = this.#ports.get(key)
    if (known !== undefined) return known
    if (this.#ports.size >= MAX_LISTENERS) return Promise.resolve(null)
    const { listener } = this.#options
    const opening = this.#listenAt(0, [broker]).then(
      (port) => {
        listener.listens({ host: this.#host, port }, broker, broker.nodeId)
        return port
      },
      (error: Error) => {
        listener.warn(`no listener for ${key}, clients go there past the proxy: ${error.message}`)
        return null
      },
    )
    this.#ports.set(key, opening)
    return opening
  }

  #listenAt(port: number, brokers: readonly Address[]): Promise<number> {
    const server = createServer({ noDelay: true, keepAlive: true, allowHalfOpen: true }, (socket) =>
      this.#accept(socket, brokers),
    )
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: this.#host, port }, () => {
        server.off('error', reject)
        server.on('error', (error) => this.#options.listener.warn(`listener: ${error.message}`))
        this.#servers.push(server)
        if (this.#isClosed) server.close()
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  #accept(socket: Socket, brokers: readonly Address[]): void {
    const { upstream, apis, now, listener } = this.#options
    if (this.#links.size >= MAX_LINKS || this.#isClosed) {
      if (!this.#isClosed) listener.warn(`a connection was refused: ${MAX_LINKS} are open`)
      socket.on('error', () => undefined)
      socket.destroy()
      return
    }
    const link = new Link(socket, {
      ...{ id: ++this.#opened, apis, now },
      listener: {
        exchange: (each, event) => listener.exchange(each, event),
        note: (each, text) => listener.note(each, text),
        closed: (each) => {
          this.#links.delete(each)
          listener.closed(each)
        },
      },
      open: () => upstream.open(brokers),
      proxied: (found, client) => this.#proxied(found, client),
      noteOnce: (text) => this.#noteOnce(text),
    })
    this.#links.add(link)
    listener.opened(link)
  }

  #noteOnce(text: string): void {
    if (this.#noted.has(text)) return
    this.#noted.add(text)
    this.#options.listener.warn(text)
  }

  /** The host by which this client has come to us serves it for the other listeners too. */
  async #proxied({ host, port, nodeId }: FoundAddress, client: Socket): Promise<Address | null> {
    const own = await this.#portOf({ host, port, nodeId })
    return own === null ? null : { host: plainHost(client.localAddress ?? this.#host), port: own }
  }

  /** Ends listeners and links. */
  async close(): Promise<void> {
    this.#isClosed = true
    const closing = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)))
    for (const link of this.#links) link.close()
    await Promise.all(closing)
  }
}
