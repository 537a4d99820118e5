import { createServer, type Server, type Socket } from 'node:net'
import type { Clock, Timer } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { Connection } from './connection.ts'
import { InboundBudget } from './inbound-budget.ts'
import type { RequestProcessor } from './processor.ts'

/** Limit on request bytes of all connections where `queued.max.request.bytes` sets none: a few of the largest frames. */
const DEFAULT_QUEUED_REQUEST_BYTES = 256 * 1024 * 1024

/** How many times within the idle limit connections are looked at: an idle one lives at most a quarter longer. */
const IDLE_CHECKS_PER_LIMIT = 4

export interface ListenerOptions {
  /** For example `PLAINTEXT`. */
  readonly name: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

/** Kafka's settings of the same names. */
export interface SocketServerOptions {
  readonly socketRequestMaxBytes: number
  readonly maxConnections: number
  readonly maxConnectionsPerIp: number
  /** By address, `max.connections.per.ip.overrides`. */
  readonly maxConnectionsPerIpOverrides?: ReadonlyMap<string, number>
  /** -1: never. */
  readonly connectionsMaxIdleMs: number
  /** -1: the node's own limit. */
  readonly queuedMaxRequestBytes: number
  readonly socketListenBacklogSize: number
}

export interface SocketServerDependencies {
  readonly processor: RequestProcessor
  readonly clock: Clock
  readonly logger: Logger
}

/** Listens, accepts within the limits, closes what is idle. Owns every connection. */
export class SocketServer {
  private readonly options: SocketServerOptions
  private readonly dependencies: SocketServerDependencies
  private readonly servers: Server[] = []
  private readonly connections = new Set<Connection>()
  private readonly connectionsByAddress = new Map<string, number>()
  private readonly budget: InboundBudget
  private idleTimer: Timer | null = null
  private stopped = false

  constructor(options: SocketServerOptions, dependencies: SocketServerDependencies) {
    this.options = options
    this.dependencies = dependencies
    const limit = options.queuedMaxRequestBytes > 0 ? options.queuedMaxRequestBytes : DEFAULT_QUEUED_REQUEST_BYTES
    this.budget = new InboundBudget(limit, dependencies.clock)
  }

  get connectionCount(): number {
    return this.connections.size
  }

  /** Request bytes that have arrived and wait. */
  get queuedRequestBytes(): number {
    return this.budget.used
  }

  /** Opens one listener and resolves with its port. Rejects with Node's error (`EADDRINUSE`, ...) when it cannot. */
  listen(listener: ListenerOptions): Promise<number> {
    const server = createServer({ noDelay: true, keepAlive: true }, (socket) => this.accept(socket, listener.name))
    this.servers.push(server)
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: listener.host, port: listener.port, backlog: this.options.socketListenBacklogSize }, () => {
        server.removeListener('error', reject)
        server.on('error', (error) => this.dependencies.logger.error(`listener ${listener.name}`, error))
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : listener.port)
      })
    })
  }

  /** Closes listeners and connections. */
  async stop(): Promise<void> {
    this.stopped = true
    this.idleTimer?.cancel()
    const closing = this.servers.map((server) => new Promise((resolve) => server.close(resolve)))
    for (const connection of this.connections) connection.close()
    await Promise.all(closing)
  }

  private accept(socket: Socket, listenerName: string): void {
    const address = socket.remoteAddress ?? ''
    const refusal = this.refusal(address)
    if (refusal !== null) {
      this.dependencies.logger.warn(`refused a connection from ${address}: ${refusal}`)
      socket.on('error', () => undefined)
      socket.destroy()
      return
    }
    this.connectionsByAddress.set(address, (this.connectionsByAddress.get(address) ?? 0) + 1)
    const connection = new Connection(socket, {
      listenerName,
      maxFrameBytes: this.options.socketRequestMaxBytes,
      processor: this.dependencies.processor,
      budget: this.budget,
      clock: this.dependencies.clock,
      logger: this.dependencies.logger,
      onClose: (closed) => this.forget(closed, address),
    })
    this.connections.add(connection)
    this.scheduleIdleCheck()
  }

  private refusal(address: string): string | null {
    if (this.stopped) return 'shutting down'
    if (this.connections.size >= this.options.maxConnections) {
      return `max.connections=${this.options.maxConnections} are open`
    }
    const limit = this.options.maxConnectionsPerIpOverrides?.get(address) ?? this.options.maxConnectionsPerIp
    if ((this.connectionsByAddress.get(address) ?? 0) >= limit) return `${limit} connections of this address are open`
    return null
  }

  private forget(connection: Connection, address: string): void {
    this.connections.delete(connection)
    const left = (this.connectionsByAddress.get(address) ?? 1) - 1
    if (left > 0) this.connectionsByAddress.set(address, left)
    else this.connectionsByAddress.delete(address)
  }

  /** One timer for all connections, and none while there are no connections: an idle node has nothing to wake for. */
  private scheduleIdleCheck(): void {
    const { connectionsMaxIdleMs } = this.options
    if (this.idleTimer !== null || connectionsMaxIdleMs < 0 || this.stopped) return
    this.idleTimer = this.dependencies.clock.setTimer(
      Math.ceil(connectionsMaxIdleMs / IDLE_CHECKS_PER_LIMIT),
      () => this.closeIdle(),
      { background: true },
    )
  }

  private closeIdle(): void {
    this.idleTimer = null
    const limit = this.dependencies.clock.monotonic() - this.options.connectionsMaxIdleMs
    for (const connection of this.connections) {
      if (connection.idleSince(limit)) connection.close()
    }
    if (this.connections.size > 0) this.scheduleIdleCheck()
  }
}
