/**
 * The way from this node to the active controller, wherever that is: found through the quorum, asked again elsewhere when
 * it has moved or cannot be reached, until the request's time is over (Kafka's NodeToControllerChannelManager).
 */
import type { Clock, Timer } from '../base/clock.ts'
import type { ControllerChannel, ControllerRequestContext } from '../controller/types.ts'
import { ErrorCode, errorName, KafkaError } from '../protocol/error-codes.ts'
import { decodeResponse, encodeRequest } from '../protocol/header.ts'
import { envelope } from '../protocol/messages/58-envelope.ts'
import type { PeerAddress, PeerChannel, PeerNetwork } from '../protocol/peers.ts'
import { encodePrincipal } from '../protocol/principal-data.ts'
import type { Api, RequestInput, RequestOf, ResponseInput } from '../protocol/schema.ts'

/** Between tries while there is no leader or it does not answer: an election takes far longer. */
const RETRY_BACKOFF_MS = 20
/** One request waits no longer than this for its answer before the controller is looked for anew. */
const REQUEST_TIMEOUT_MS = 30_000
const ENVELOPE_VERSION = 0
const SIZE_BYTES = 4

/** Who leads the quorum, as far as this node knows. */
export interface LeaderLookup {
  readonly leaderId: number | null
  leaderAddress(): PeerAddress | null
}

export interface ControllerChannelOptions {
  readonly nodeId: number
  readonly leader: LeaderLookup
  /** This node's own controller; null in a mere broker. */
  readonly local: ControllerChannel | null
  readonly peers: PeerNetwork
  readonly clock: Clock
  /** What the controller sees, as Kafka names it: `broker-1-to-controller-heartbeat-channel-manager`. */
  readonly clientId: string
}

export class RemoteController implements ControllerChannel {
  private readonly options: ControllerChannelOptions
  private channel: PeerChannel | null = null
  private readonly waiting = new Map<Timer, () => void>()
  private closed = false

  constructor(options: ControllerChannelOptions) {
    this.options = options
  }

  /**
   * Answers as the active controller does. Rejects with `KafkaError`: REQUEST_TIMED_OUT when no active controller could be
   * asked in time, NETWORK_EXCEPTION when this node closes, and whatever the controller rejects with.
   */
  async send<A extends Api>(
    api: A,
    version: number,
    request: RequestOf<A>,
    context: ControllerRequestContext,
  ): Promise<ResponseInput<A>> {
    let last = 'no active controller is known'
    for (;;) {
      const leftMs = context.deadlineMs - this.options.clock.monotonic()
      if (this.closed) throw new KafkaError('NETWORK_EXCEPTION', 'this node is closing')
      if (leftMs <= 0) throw new KafkaError('REQUEST_TIMED_OUT', `${api.name} to the controller: ${last}`)
      try {
        const response = await this.tryOnce(api, version, request, context, Math.min(leftMs, REQUEST_TIMEOUT_MS))
        if (response !== null && !isNotController(response)) return response
      } catch (error) {
        if (!isRetriable(error)) throw error
        last = (error as Error).message
      }
      await this.pause(Math.min(RETRY_BACKOFF_MS, leftMs))
    }
  }

  /** Somebody leads now: whoever waits tries at once. */
  wake(): void {
    for (const [timer, resume] of this.waiting) {
      timer.cancel()
      resume()
    }
    this.waiting.clear()
  }

  close(): void {
    this.closed = true
    this.channel?.close()
    this.wake()
  }

  /** null when nobody is known to lead. */
  private tryOnce<A extends Api>(
    api: A,
    version: number,
    request: RequestOf<A>,
    context: ControllerRequestContext,
    timeoutMs: number,
  ): Promise<ResponseInput<A>> | null {
    const { leader, local, nodeId } = this.options
    if (leader.leaderId === nodeId && local !== null) return local.send(api, version, request, context)
    const address = leader.leaderId === null ? null : leader.leaderAddress()
    if (address === null) return null
    const channel = this.channelTo(address)
    if (context.clientAddress !== undefined) return forward(channel, api, version, request, context, timeoutMs)
    return channel.send(api, version, request as unknown as RequestInput<A>, timeoutMs) as Promise<ResponseInput<A>>
  }

  private channelTo(address: PeerAddress): PeerChannel {
    const current = this.channel
    if (current?.address.host === address.host && current.address.port === address.port) return current
    current?.close()
    this.channel = this.options.peers.open(address, this.options.clientId)
    return this.channel
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.options.clock.setTimer(delayMs, () => {
        this.waiting.delete(timer)
        resolve()
      })
      this.waiting.set(timer, resolve)
    })
  }
}

function isNotController(response: object): boolean {
  return (response as { errorCode?: number }).errorCode === ErrorCode.NOT_CONTROLLER
}

function isRetriable(error: unknown): boolean {
  if (!(error instanceof KafkaError)) return false
  return (
    error.code === ErrorCode.NOT_CONTROLLER ||
    error.code === ErrorCode.NETWORK_EXCEPTION ||
    error.code === ErrorCode.REQUEST_TIMED_OUT
  )
}

/** `127.0.0.1` and `::1` as the bytes Java's InetAddress has. */
export function addressBytes(address: string): Buffer {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  if (!plain.includes(':')) {
    const parts = plain.split('.').map(Number)
    return Buffer.from(parts.length === 4 ? parts : [127, 0, 0, 1])
  }
  const [head = '', tail] = plain.split('::')
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const front = groups(head)
  const back = tail === undefined ? [] : groups(tail)
  const bytes = Buffer.alloc(16)
  front.forEach((group, index) => {
    bytes.writeUInt16BE(group & 0xffff, index * 2)
  })
  back.forEach((group, index) => {
    bytes.writeUInt16BE(group & 0xffff, 16 - (back.length - index) * 2)
  })
  return bytes
}

/** Hands a client's request on with its principal (KIP-590): the whole request inside an Envelope. */
async function forward<A extends Api>(
  channel: PeerChannel,
  api: A,
  version: number,
  request: RequestOf<A>,
  context: ControllerRequestContext,
  timeoutMs: number,
): Promise<ResponseInput<A>> {
  const chunks = encodeRequest(api, version, 0, context.clientId, request as unknown as RequestInput<A>)
  const wrapped = {
    requestData: Buffer.concat(chunks).subarray(SIZE_BYTES),
    requestPrincipal: encodePrincipal(context.principal),
    clientHostAddress: addressBytes(context.clientAddress ?? ''),
  }
  const { errorCode, responseData } = await channel.send(envelope, ENVELOPE_VERSION, wrapped, timeoutMs)
  if (errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(errorCode))
  if (responseData === null) throw new KafkaError('UNKNOWN_SERVER_ERROR', 'the controller answered nothing')
  return decodeResponse(api, version, responseData).body as ResponseInput<A>
}
