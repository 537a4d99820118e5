import type { Output } from './context.ts'

/** Small writes are gathered up to this size: one system call per 64 KiB instead of one per line. */
const GATHER_BYTES = 64 * 1024
/** Beyond this many unwritten bytes `write` asks its caller to wait. */
const HIGH_WATER_BYTES = 1024 * 1024

/** A Node stream such as process.stdout, as far as it matters here. */
export interface TargetStream {
  write(data: string | Uint8Array, callback: (error?: Error | null) => void): boolean
  on(event: 'error', listener: (error: Error) => void): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/**
 * An `Output` over a Node stream. Text is gathered and written in large pieces at the end of the current turn of the
 * event loop, so the order of writes holds and nothing waits on a terminal. A reader that went away (`| head`) is a
 * clean end: `onClosed` is called once and later writes are swallowed.
 *
 * `after` names a stream whose gathered text goes out first: what a person is told on stderr stands where it was said.
 */
export class StreamOutput implements Output {
  readonly #open: () => TargetStream
  readonly #onClosed: () => void
  readonly #after: StreamOutput | undefined
  readonly isTerminal: boolean
  #stream: TargetStream | undefined
  #text = ''
  #flushPlanned = false
  #unwrittenBytes = 0
  #closed = false
  #waiting: (() => void)[] = []

  /** `open` is called at the first write: touching process.stdout costs start-up time. */
  constructor(
    open: () => TargetStream,
    isTerminal: boolean,
    onClosed: () => void = () => undefined,
    after?: StreamOutput,
  ) {
    this.#open = open
    this.isTerminal = isTerminal
    this.#onClosed = onClosed
    this.#after = after
  }

  get columns(): number {
    return (this.isTerminal && this.#target().columns) || 80
  }

  get rows(): number | undefined {
    return this.isTerminal ? this.#target().rows : undefined
  }

  write(data: string | Uint8Array): boolean {
    if (this.#closed) return true
    this.#after?.flush()
    if (typeof data === 'string') this.#gather(data)
    else {
      this.flush()
      this.#send(data, data.length)
    }
    return this.#unwrittenBytes < HIGH_WATER_BYTES
  }

  /** Resolves when everything written so far has reached the stream (or its reader has gone). */
  drain(): Promise<void> {
    this.flush()
    if (this.#unwrittenBytes === 0 || this.#closed) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #gather(data: string): void {
    this.#text += data
    if (this.#text.length >= GATHER_BYTES || this.#after !== undefined) this.flush()
    else if (!this.#flushPlanned) {
      this.#flushPlanned = true
      setImmediate(() => this.flush())
    }
  }

  /** Hands what was gathered to the stream. */
  flush(): void {
    this.#flushPlanned = false
    if (this.#text === '') return
    const data = this.#text
    this.#text = ''
    this.#send(data, data.length)
  }

  #send(data: string | Uint8Array, size: number): void {
    if (this.#closed) return
    this.#unwrittenBytes += size
    this.#target().write(data, (error) => {
      this.#unwrittenBytes -= size
      if (error) this.#close()
      else if (this.#unwrittenBytes === 0) this.#release()
    })
  }

  #target(): TargetStream {
    if (this.#stream === undefined) {
      this.#stream = this.#open()
      this.#stream.on('error', () => this.#close())
    }
    return this.#stream
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#release()
    this.#onClosed()
  }

  #release(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
