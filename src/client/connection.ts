/**
 * One connection to one broker: framing, correlation of answers, deadlines, gathering writes. It knows nothing of
 * retries and routing; a failure ends it, and everything in flight fails with the same `ConnectionFailure`.
 */
import type { Socket } from 'node:net'
import type { Clock, Timer } from '../base/clock.ts'
import { assert, ProtocolError } from '../base/errors.ts'
import { ApiKey } from '../protocol/api-keys.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import { decodeResponse, encodeRequest } from '../protocol/header.ts'
import type { Api, RequestInput, ResponseOf, VersionRange } from '../protocol/schema.ts'
import { type Address, formatAddress } from './address.ts'
import { ConnectionFailure, socketFailure } from './failure.ts'
import { FrameReader } from './frame-reader.ts'
import { openSocket, type SocketOptions, tlsFailure } from './socket.ts'
import { hookBeforeConnecting, wireWatcher } from './trace.ts'

/**
 * The largest answer we believe. Brokers send at most about `fetch.max.bytes` (50 MiB by default) plus one batch, so
 * more than this is a stranger or a lie.
 */
export const MAX_RESPONSE_BYTES = 256 * 1024 * 1024

export interface ConnectionOptions extends SocketOptions {
  readonly clientId: string
  readonly maxResponseBytes?: number
}

export interface SendOptions {
  readonly timeoutMs: number
  /** False for Produce with acks=0, which is never answered: the promise resolves once written. */
  readonly expectResponse?: boolean
}

interface Pending {
  readonly api: Api
  readonly version: number
  /** Monotonic time at which waiting ends. */
  readonly deadline: number
  readonly timeoutMs: number
  readonly resolve: (response: unknown) => void
  readonly reject: (error: Error) => void
  /** Where somebody watches the wire: what was sent, and when. */
  readonly watched: { readonly request: unknown; readonly bytes: number; readonly sentAt: number } | null
}

/** What a connection hears of its socket, until it gives it away. */
interface SocketListeners {
  readonly data: (chunk: Buffer) => void
  readonly error: (error: Error) => void
  readonly close: () => void
}

function sizeOf(chunks: readonly Buffer[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0)
}

/** KIP-511: an ApiVersions request of a version the broker does not know is answered in version 0, with error 35. */
function answerVersion({ api, version }: Pending, frame: Buffer): number {
  if (api.key !== ApiKey.apiVersions || frame.length < 6) return version
  return frame.readInt16BE(4) === ErrorCode.UNSUPPORTED_VERSION ? 0 : version
}

export class Connection {
  readonly address: Address
  /** What the broker serves, by API key; filled by `negotiateVersions`. */
  versions: ReadonlyMap<number, VersionRange> = new Map()
  /** Finalized feature levels of the cluster (KIP-584), filled by `negotiateVersions`. */
  features: ReadonlyMap<string, number> = new Map()
  /** Monotonic time before which nothing should be sent (KIP-219 throttling). */
  throttledUntil = 0
  /** Monotonic time from which a new connection should take over (KIP-368 session lifetime). */
  retireAt = Number.POSITIVE_INFINITY

  private readonly socket: Socket
  private readonly clock: Clock
  private readonly clientId: string
  private readonly secure: boolean
  private readonly pending = new Map<number, Pending>()
  private nextCorrelationId = 0
  private framesReceived = 0
  private failure: ConnectionFailure | null = null
  private timer: Timer | null = null
  private timerDeadline = Number.POSITIVE_INFINITY
  private readonly listeners: SocketListeners

  private constructor(address: Address, socket: Socket, options: ConnectionOptions) {
    this.address = address
    this.socket = socket
    this.clock = options.clock
    this.clientId = options.clientId
    this.secure = options.tls !== undefined
    const reader = new FrameReader(options.maxResponseBytes ?? MAX_RESPONSE_BYTES, (frame) => this.receive(frame))
    this.listeners = {
      data: (chunk: Buffer) => this.read(reader, chunk),
      error: (error: Error) => this.fail(this.secure ? tlsFailure(address, error) : socketFailure(address, error)),
      close: () => this.fail(this.closedByPeer()),
    }
    socket.on('data', this.listeners.data).on('error', this.listeners.error).on('close', this.listeners.close)
  }

  /** Connects. Rejects with `ConnectionFailure`. */
  static async open(address: Address, options: ConnectionOptions): Promise<Connection> {
    const hook = hookBeforeConnecting()
    if (hook !== null) await hook(address)
    return new Connection(address, await openSocket(address, options), options)
  }

  get isOpen(): boolean {
    return this.failure === null
  }

  /** Requests sent and not answered yet. */
  get inFlight(): number {
    return this.pending.size
  }

  /** Sends one request. Rejects with `ConnectionFailure`, or with a codec's error when the request cannot be encoded. */
  send<A extends Api>(api: A, version: number, input: RequestInput<A>, options: SendOptions): Promise<ResponseOf<A>> {
    if (this.failure !== null) return Promise.reject(this.failure)
    const correlationId = this.nextCorrelationId
    this.nextCorrelationId = (correlationId + 1) & 0x7fffffff
    let chunks: Buffer[]
    try {
      chunks = encodeRequest(api, version, correlationId, this.clientId, input)
    } catch (error) {
      return Promise.reject(error)
    }
    const watched =
      wireWatcher() === null ? null : { request: input, bytes: sizeOf(chunks), sentAt: this.clock.monotonic() }
    if (options.expectResponse === false) {
      if (watched !== null) this.tell({ api, version, watched }, correlationId, null, 0, null)
      return this.writeUnanswered(chunks)
    }
    this.write(chunks)
    return new Promise((resolve, reject) => {
      const deadline = this.clock.monotonic() + options.timeoutMs
      const settle = resolve as (response: unknown) => void
      const { timeoutMs } = options
      this.pending.set(correlationId, { api, version, deadline, timeoutMs, resolve: settle, reject, watched })
      this.arm(deadline)
    })
  }

  /** One gathering write for all pieces. */
  private write(chunks: readonly Buffer[], written?: () => void): void {
    const last = chunks.length - 1
    if (last > 0) this.socket.cork()
    for (let at = 0; at < last; at++) this.socket.write(chunks[at]!)
    this.socket.write(chunks[last]!, written)
    if (last > 0) this.socket.uncork()
  }

  /** Resolves when the system has taken the bytes: the only back-pressure there is without an answer. */
  private writeUnanswered(chunks: readonly Buffer[]): Promise<never> {
    return new Promise((resolve, reject) => {
      this.write(chunks, () => (this.failure === null ? resolve(undefined as never) : reject(this.failure)))
    })
  }

  private read(reader: FrameReader, chunk: Buffer): void {
    try {
      if (this.framesReceived === 0) this.checkFirstBytes(chunk)
      reader.push(chunk)
    } catch (error) {
      const detail = error instanceof ProtocolError ? `broken answer, ${error.message}` : String(error)
      this.fail(
        error instanceof ConnectionFailure ? error : new ConnectionFailure('protocol', this.address, detail, error),
      )
    }
  }

  /** A stranger on the port shows itself in its first bytes, which would otherwise read as an absurd frame length. */
  private checkFirstBytes(chunk: Buffer): void {
    if (chunk.length >= 2 && (chunk[0] === 0x15 || chunk[0] === 0x16) && chunk[1] === 0x03) {
      throw new ConnectionFailure('tls-expected', this.address, 'plaintext was spoken, but the port answers in TLS')
    }
    const text = chunk.toString('latin1', 0, 8)
    if (/^(HTTP\/|SSH-|220 |<html|<!doc)/i.test(text)) {
      const start = JSON.stringify(text.slice(0, 5))
      throw new ConnectionFailure('not-kafka', this.address, `what answers is not a Kafka broker, it says ${start}`)
    }
  }

  private receive(frame: Buffer): void {
    this.framesReceived += 1
    const correlationId = frame.readInt32BE(0)
    const pending = this.pending.get(correlationId)
    if (pending === undefined) throw new ProtocolError(`an answer to request ${correlationId}, which is not in flight`)
    const { body } = decodeResponse(pending.api, answerVersion(pending, frame), frame)
    this.pending.delete(correlationId)
    if (this.pending.size === 0) this.disarm()
    if (pending.watched !== null) this.tell(pending, correlationId, body, frame.length, null)
    pending.resolve(body)
  }

  /** Tells who watches the wire. */
  private tell(
    { api, version, watched }: Pick<Pending, 'api' | 'version' | 'watched'>,
    correlationId: number,
    response: unknown,
    responseBytes: number,
    failure: string | null,
  ): void {
    const { request, bytes, sentAt } = watched!
    const elapsedMs = this.clock.monotonic() - sentAt
    const sent = { address: this.address, api, version, correlationId, request, requestBytes: bytes }
    wireWatcher()?.({ ...sent, response, responseBytes, elapsedMs, failure })
  }

  /** One timer for the earliest deadline; it exists only while something is in flight. */
  private arm(deadline: number): void {
    if (deadline >= this.timerDeadline) return
    this.timer?.cancel()
    this.timerDeadline = deadline
    this.timer = this.clock.setTimer(Math.max(0, deadline - this.clock.monotonic()), () => this.expire())
  }

  private disarm(): void {
    this.timer?.cancel()
    this.timer = null
    this.timerDeadline = Number.POSITIVE_INFINITY
  }

  /** Answers come in the order of the requests, so a late one blocks all behind it: the connection ends. */
  private expire(): void {
    this.disarm()
    const now = this.clock.monotonic()
    let earliest = Number.POSITIVE_INFINITY
    for (const { deadline, api, timeoutMs } of this.pending.values()) {
      if (deadline <= now) {
        const detail = `no answer to ${api.name} within ${Math.round(timeoutMs)} ms`
        this.fail(new ConnectionFailure('request-timeout', this.address, detail))
        return
      }
      earliest = Math.min(earliest, deadline)
    }
    if (earliest !== Number.POSITIVE_INFINITY) this.arm(earliest)
  }

  private closedByPeer(): ConnectionFailure {
    if (this.framesReceived === 0) {
      const why = 'a TLS or SASL listener does so to a client that speaks neither'
      return new ConnectionFailure('closed', this.address, `the connection was closed before any answer; ${why}`)
    }
    // A SASL listener answers ApiVersions to everybody and hangs up at the next request (KIP-43).
    if (this.framesReceived === 1 && this.versions.size > 0 && this.pending.size > 0) {
      const why = 'a SASL listener does so to a client that does not log in'
      return new ConnectionFailure('login-expected', this.address, `closed right after the handshake; ${why}`)
    }
    return new ConnectionFailure('closed', this.address, 'the connection was closed by the broker')
  }

  private fail(failure: ConnectionFailure): void {
    if (this.failure !== null) return
    this.failure = failure
    this.disarm()
    this.socket.destroy()
    const waiting = [...this.pending]
    this.pending.clear()
    for (const [correlationId, pending] of waiting) {
      if (pending.watched !== null) this.tell(pending, correlationId, null, 0, failure.message)
      pending.reject(failure)
    }
  }

  /**
   * Gives the socket, paused, to who speaks on it from now on: after a login, for example. Nothing may be in flight; the
   * connection itself is closed, as far as its users see.
   */
  detach(): Socket {
    assert(this.failure === null && this.pending.size === 0, 'an open connection with nothing in flight is detached')
    this.failure = new ConnectionFailure('released', this.address, 'the connection was handed over')
    this.disarm()
    this.socket.pause()
    const { data, error, close } = this.listeners
    return this.socket.off('data', data).off('error', error).off('close', close)
  }

  /** Ends the connection at once; what is in flight fails. Safe to call twice. */
  close(): void {
    this.fail(new ConnectionFailure('released', this.address, `connection to ${formatAddress(this.address)} released`))
  }
}
