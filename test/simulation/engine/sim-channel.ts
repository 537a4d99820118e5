/** `PeerChannel` over a simulated connection: real codecs, real correlation ids, time limits by the process's own clock. */

import type { Clock, Timer } from '../../../src/base/clock.ts'
import { KafkaError } from '../../../src/protocol/error-codes.ts'
import { decodeResponse, encodeRequest } from '../../../src/protocol/header.ts'
import type { PeerAddress, PeerChannel } from '../../../src/protocol/peers.ts'
import type { Api, RequestInput, ResponseOf } from '../../../src/protocol/schema.ts'
import type { ConnectionEnd, SimConnection } from './sim-connection.ts'
import type { SimProcess } from './sim-process.ts'

const SIZE_BYTES = 4

interface Waiting {
  readonly correlationId: number
  readonly finish: (frame: Buffer) => void
  readonly fail: (error: KafkaError) => void
}

export interface ChannelOptions {
  readonly process: SimProcess
  readonly clock: Clock
  readonly address: PeerAddress
  readonly clientId: string
  /** Opens a connection to the address for `end`; null when the process is dead. */
  readonly dial: (end: ConnectionEnd) => SimConnection | null
  /** A request leaves: the world may write it down, or send it twice. */
  readonly onRequest: (channel: SimChannel, api: Api, frame: Buffer) => void
}

export class SimChannel implements PeerChannel, ConnectionEnd {
  readonly address: PeerAddress
  readonly process: SimProcess
  private readonly options: ChannelOptions
  private connection: SimConnection | null = null
  private readonly waiting: Waiting[] = []
  private nextCorrelationId = 1
  private isClosed = false

  constructor(options: ChannelOptions) {
    this.options = options
    this.address = options.address
    this.process = options.process
  }

  get clientId(): string {
    return this.options.clientId
  }

  send<A extends Api>(api: A, version: number, request: RequestInput<A>, timeoutMs: number): Promise<ResponseOf<A>> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) throw new KafkaError('NETWORK_EXCEPTION', 'this channel was closed')
      // A dead process waits for ever.
      if (!this.process.alive) return
      const correlationId = this.nextCorrelationId++
      const frame = Buffer.concat(encodeRequest(api, version, correlationId, this.clientId, request))
      this.connection ??= this.options.dial(this)
      if (this.connection === null) return
      const timer = this.options.clock.setTimer(timeoutMs, () => this.timedOut(waiting, api))
      const waiting = this.expect(correlationId, timer, reject, (response) => {
        resolve(decodeResponse(api, version, response).body)
      })
      this.options.onRequest(this, api, frame)
      this.connection.sendToServer(frame)
    })
  }

  private expect(
    correlationId: number,
    timer: Timer,
    reject: (error: unknown) => void,
    decode: (response: Buffer) => void,
  ): Waiting {
    const waiting: Waiting = {
      correlationId,
      finish: (frame) => {
        timer.cancel()
        try {
          decode(frame)
        } catch (error) {
          reject(error)
        }
      },
      fail: (error) => {
        timer.cancel()
        reject(error)
      },
    }
    this.waiting.push(waiting)
    return waiting
  }

  private timedOut(waiting: Waiting, api: Api): void {
    const at = this.waiting.indexOf(waiting)
    if (at < 0) return
    this.waiting.splice(at, 1)
    waiting.fail(new KafkaError('REQUEST_TIMED_OUT', `${api.name} to ${this.address.host}:${this.address.port}`))
    this.disconnect('a request timed out')
  }

  onFrame(frame: Buffer): void {
    const waiting = this.waiting.shift()
    const correlationId = frame.readInt32BE(SIZE_BYTES)
    if (waiting === undefined || waiting.correlationId !== correlationId) {
      throw new Error(`answer ${correlationId} to request ${waiting?.correlationId} on ${this.clientId}`)
    }
    waiting.finish(frame.subarray(SIZE_BYTES))
  }

  onClose(): void {
    this.connection = null
    this.failWaiting('the connection was lost')
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.disconnect('this channel was closed')
  }

  /** Ends the connection; the next request opens another. */
  disconnect(reason: string): void {
    this.connection?.closeFromClient()
    this.connection = null
    this.failWaiting(reason)
  }

  private failWaiting(reason: string): void {
    const { host, port } = this.address
    for (const waiting of this.waiting.splice(0)) {
      waiting.fail(new KafkaError('NETWORK_EXCEPTION', `${host}:${port}: ${reason}`))
    }
  }
}
