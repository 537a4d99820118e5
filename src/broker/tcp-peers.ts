/** The network between nodes as it is outside of a simulation: TCP, one connection per channel. */
import type { Clock } from '../base/clock.ts'
import { Connection } from '../client/connection.ts'
import { ConnectionFailure } from '../client/failure.ts'
import type { NodeNetwork } from '../network/node-network.ts'
import { SocketServer } from '../network/socket-server.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { PeerAddress, PeerChannel } from '../protocol/peers.ts'
import type { Api, RequestInput, ResponseOf } from '../protocol/schema.ts'

/** `socket.connection.setup.timeout.ms` of Kafka's own clients between nodes. */
const CONNECT_TIMEOUT_MS = 10_000

/** A late answer and a lost connection are different facts to whoever sent the request. */
function asKafkaError(error: unknown): unknown {
  if (!(error instanceof ConnectionFailure)) return error
  return new KafkaError(error.reason === 'request-timeout' ? 'REQUEST_TIMED_OUT' : 'NETWORK_EXCEPTION', error.fact)
}

class TcpChannel implements PeerChannel {
  readonly address: PeerAddress
  private readonly clientId: string
  private readonly clock: Clock
  private connection: Connection | null = null
  private opening: Promise<Connection> | null = null
  private closed = false

  constructor(address: PeerAddress, clientId: string, clock: Clock) {
    this.address = address
    this.clientId = clientId
    this.clock = clock
  }

  async send<A extends Api>(
    api: A,
    version: number,
    request: RequestInput<A>,
    timeoutMs: number,
  ): Promise<ResponseOf<A>> {
    try {
      const usable = this.connection?.isOpen === true ? this.connection : await this.open(timeoutMs)
      return await usable.send(api, version, request, { timeoutMs })
    } catch (error) {
      throw asKafkaError(error)
    }
  }

  /** Requests that come while the connection is being made share it. */
  private open(timeoutMs: number): Promise<Connection> {
    if (this.closed) throw new KafkaError('NETWORK_EXCEPTION', 'this channel was closed')
    this.opening ??= this.connect(timeoutMs).finally(() => {
      this.opening = null
    })
    return this.opening
  }

  private async connect(timeoutMs: number): Promise<Connection> {
    const connection = await Connection.open(this.address, {
      clientId: this.clientId,
      connectTimeoutMs: Math.min(timeoutMs, CONNECT_TIMEOUT_MS),
      tls: undefined,
      clock: this.clock,
    })
    if (this.closed) connection.close()
    this.connection = connection
    return connection
  }

  close(): void {
    this.closed = true
    this.connection?.close()
  }
}

/** Sockets of this machine. */
export function tcpNetwork(clock: Clock): NodeNetwork {
  return {
    peers: { open: (address, clientId) => new TcpChannel(address, clientId, clock) },
    server: (options, dependencies) => new SocketServer(options, dependencies),
  }
}
