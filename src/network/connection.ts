import type { Socket } from 'node:net'
import type { Clock } from '../base/clock.ts'
import { ProtocolError } from '../base/errors.ts'
import type { Logger } from '../base/logger.ts'
import { FrameAssembler } from './frame-assembler.ts'
import type { BudgetHolder, InboundBudget } from './inbound-budget.ts'
import type { Answer, ConnectionContext, RequestProcessor } from './processor.ts'

/** Bytes of further requests read while one is being served; beyond it the socket is not read. */
const MAX_WAITING_REQUEST_BYTES = 1024 * 1024

/** Response bytes a slow reader may leave unsent before the node stops serving its requests. */
const MAX_UNSENT_RESPONSE_BYTES = 4 * 1024 * 1024

export interface ConnectionOptions {
  readonly listenerName: string
  readonly maxFrameBytes: number
  readonly processor: RequestProcessor
  readonly budget: InboundBudget
  readonly clock: Clock
  readonly logger: Logger
  readonly onClose: (connection: Connection) => void
}

/**
 * One client's connection. As in Kafka, requests of a connection are served one at a time and in order, so what a
 * pipelined request sees includes the effect of those before it; the ones waiting are bounded in bytes. A peer that does
 * not read its answers is not served further: memory per connection never grows past the limits above plus one frame.
 */
export class Connection implements ConnectionContext, BudgetHolder {
  readonly listenerName: string
  readonly clientAddress: string
  clientSoftwareName = ''
  clientSoftwareVersion = ''
  private readonly socket: Socket
  private readonly options: ConnectionOptions
  private readonly assembler: FrameAssembler
  private abort: AbortController | null = null
  /** A request is being served and its answer has not come yet. */
  private busy = false
  /** Inside `serveWaiting`, which must not be entered twice. */
  private serving = false
  private writeBlocked = false
  private budgetBlocked = false
  private paused = false
  private isClosed = false
  private lastActiveMs: number
  /** Bytes this connection has counted in the budget. */
  private budgetBytes = 0
  /** Callbacks of answers that have not left yet. */
  private readonly unsent = new Set<() => void>()

  constructor(socket: Socket, options: ConnectionOptions) {
    this.socket = socket
    this.options = options
    this.listenerName = options.listenerName
    this.clientAddress = socket.remoteAddress ?? ''
    this.assembler = new FrameAssembler(options.maxFrameBytes)
    this.lastActiveMs = options.clock.monotonic()
    socket.on('data', (chunk: Buffer) => this.onData(chunk))
    socket.on('drain', () => this.onDrain())
    socket.on('error', (error) => this.options.logger.debug(`${this.clientAddress}: ${error.message}`))
    socket.on('close', () => this.onClosed())
  }

  get closed(): AbortSignal {
    if (this.abort === null) {
      this.abort = new AbortController()
      if (this.isClosed) this.abort.abort()
    }
    return this.abort.signal
  }

  /** Nothing came or went since `monotonicMs`, and no request is being served. */
  idleSince(monotonicMs: number): boolean {
    return !this.busy && this.lastActiveMs <= monotonicMs
  }

  close(): void {
    this.socket.destroy()
  }

  private onData(chunk: Buffer): void {
    if (this.isClosed) return
    this.lastActiveMs = this.options.clock.monotonic()
    this.assembler.push(chunk)
    this.serveWaiting()
  }

  /** Serves the frames that are here, as many as can be without waiting. Several answers leave in one write. */
  private serveWaiting(): void {
    if (this.serving || this.isClosed) return
    this.serving = true
    this.socket.cork()
    try {
      while (!this.busy && !this.writeBlocked && !this.isClosed) {
        const frame = this.assembler.next()
        if (frame === null) break
        this.serve(frame)
      }
    } catch (error) {
      this.fail(error)
    } finally {
      this.serving = false
      this.socket.uncork()
    }
    this.countInBudget()
    this.updateReading()
  }

  private serve(frame: Buffer): void {
    const answer = this.options.processor.process(frame, this)
    if (!(answer instanceof Promise)) {
      this.send(answer)
      return
    }
    this.busy = true
    answer.then(
      (ready) => {
        this.busy = false
        this.send(ready)
        this.serveWaiting()
      },
      (error) => {
        this.busy = false
        this.fail(error)
      },
    )
  }

  private send(answer: Answer): void {
    const { chunks, afterSend } = answer
    if (this.isClosed || chunks === null) {
      afterSend?.()
    } else {
      this.write(chunks, afterSend)
    }
    if (answer.close) this.endAfterWrites()
  }

  private write(chunks: readonly Buffer[], afterSend: (() => void) | undefined): void {
    this.lastActiveMs = this.options.clock.monotonic()
    const last = chunks.length - 1
    if (last > 0) this.socket.cork()
    for (let i = 0; i < last; i++) this.socket.write(chunks[i]!)
    if (afterSend === undefined) {
      this.socket.write(chunks[last]!)
    } else {
      this.unsent.add(afterSend)
      this.socket.write(chunks[last]!, () => this.settle(afterSend))
    }
    if (last > 0) this.socket.uncork()
    if (this.socket.writableLength > MAX_UNSENT_RESPONSE_BYTES) this.writeBlocked = true
  }

  private settle(afterSend: () => void): void {
    if (this.unsent.delete(afterSend)) afterSend()
  }

  private onDrain(): void {
    this.lastActiveMs = this.options.clock.monotonic()
    if (!this.writeBlocked) return
    this.writeBlocked = false
    this.serveWaiting()
  }

  /** Reads on only while somebody will look at the bytes: this is what pushes back on the peer. */
  private updateReading(): void {
    const full = (this.busy || this.writeBlocked) && this.assembler.bufferedBytes > MAX_WAITING_REQUEST_BYTES
    const pause = full || this.budgetBlocked
    if (pause === this.paused || this.isClosed) return
    this.paused = pause
    if (pause) this.socket.pause()
    else this.socket.resume()
  }

  /** Only bytes that stay count: a frame served within the event that brought it never does. */
  private countInBudget(): void {
    const bytes = this.isClosed ? 0 : this.assembler.bufferedBytes
    const change = bytes - this.budgetBytes
    if (change === 0) return
    this.budgetBytes = bytes
    if (change > 0) this.options.budget.add(this, change)
    else this.options.budget.release(-change)
  }

  pauseForBudget(): void {
    this.budgetBlocked = true
    this.updateReading()
  }

  resumeFromBudget(): void {
    this.budgetBlocked = false
    this.updateReading()
  }

  silentSince(monotonicMs: number): boolean {
    return this.lastActiveMs <= monotonicMs
  }

  giveUp(reason: string): void {
    this.options.logger.warn(`closing connection of ${this.clientAddress}: ${reason}`)
    this.close()
  }

  private fail(error: unknown): void {
    if (error instanceof ProtocolError) this.giveUp(error.message)
    else {
      this.options.logger.error(`closing connection of ${this.clientAddress} after an unexpected error`, error)
      this.close()
    }
  }

  private endAfterWrites(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.socket.end(() => this.socket.destroy())
  }

  private onClosed(): void {
    this.isClosed = true
    this.abort?.abort()
    this.countInBudget()
    this.options.budget.forget(this)
    for (const afterSend of this.unsent) afterSend()
    this.unsent.clear()
    this.options.onClose(this)
  }
}
