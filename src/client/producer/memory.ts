import type { Clock } from '../../base/clock.ts'
import { KafkaError } from '../../protocol/error-codes.ts'

interface Waiter {
  readonly bytes: number
  readonly wake: () => void
}

/** The producer's `buffer.memory`: bytes of batches that are not finished yet. Those who wait are served in order. */
export class MemoryBudget {
  readonly totalBytes: number
  private readonly clock: Clock
  private used = 0
  private refused = 0
  private readonly waiters: Waiter[] = []

  constructor(totalBytes: number, clock: Clock) {
    this.totalBytes = totalBytes
    this.clock = clock
  }

  /** Someone waits for memory: every batch should leave now. */
  get exhausted(): boolean {
    return this.waiters.length > 0
  }

  get usedBytes(): number {
    return this.used
  }

  /** Takes `bytes` if they are there. A single batch larger than the whole budget is let through when all is free. */
  reserve(bytes: number): boolean {
    if (!this.fits(bytes)) {
      this.refused = bytes
      return false
    }
    this.used += bytes
    return true
  }

  release(bytes: number): void {
    this.used -= bytes
    while (this.waiters.length > 0 && this.fits(this.waiters[0]!.bytes)) this.waiters.shift()!.wake()
  }

  private fits(bytes: number): boolean {
    return this.used === 0 || this.used + bytes <= this.totalBytes
  }

  /** What the last failed `reserve` wanted. */
  get refusedBytes(): number {
    return this.refused
  }

  /** Resolves when `bytes` may be taken; rejects with Kafka's timeout text after `maxBlockMs`. */
  wait(bytes: number, maxBlockMs: number): Promise<void> {
    if (this.waiters.length === 0 && this.fits(bytes)) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const timer = this.clock.setTimer(maxBlockMs, () => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1)
        const free = this.totalBytes - this.used
        const message = `Failed to allocate ${bytes} bytes within the configured max blocking time ${maxBlockMs} ms. Total memory: ${this.totalBytes} bytes. Available memory: ${free} bytes.`
        reject(new KafkaError('REQUEST_TIMED_OUT', message))
      })
      const waiter = {
        bytes,
        wake: () => {
          timer.cancel()
          resolve()
        },
      }
      this.waiters.push(waiter)
    })
  }
}
