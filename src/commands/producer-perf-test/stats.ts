import { javaFixed } from '../java-text.ts'
import { Latencies } from './latencies.ts'

const MIB = 1024 * 1024

/** What a run, or the part of it after the warm-up, came to. */
export interface ProducerTotals {
  readonly records: number
  readonly bytes: number
  readonly elapsedMs: number
  readonly recordsPerSec: number
  readonly mbPerSec: number
  readonly latencyMs: {
    readonly average: number
    readonly max: number
    readonly p50: number
    readonly p95: number
    readonly p99: number
    readonly p999: number
  }
}

/** Counts records that were acknowledged, prints a line for each reporting interval, and sums up at the end. */
export class ProducerStats {
  readonly #startMs: number
  readonly #intervalMs: number
  readonly #isSteadyState: boolean
  readonly #print: (line: string) => void
  readonly #latencies = new Latencies()
  #bytes = 0
  #window: Latencies = new Latencies()
  #windowBytes = 0
  #windowStartMs: number
  #silent = false

  constructor(startMs: number, intervalMs: number, isSteadyState: boolean, print: (line: string) => void) {
    this.#startMs = startMs
    this.#windowStartMs = startMs
    this.#intervalMs = intervalMs
    this.#isSteadyState = isSteadyState
    this.#print = print
  }

  get records(): number {
    return this.#latencies.count
  }

  /** `records` records of `bytes` bytes in all have taken `latencyMs` each. */
  record(latencyMs: number, records: number, bytes: number, nowMs: number): void {
    this.#latencies.record(latencyMs, records)
    this.#window.record(latencyMs, records)
    this.#bytes += bytes
    this.#windowBytes += bytes
    if (nowMs - this.#windowStartMs >= this.#intervalMs) this.#endWindow(nowMs)
  }

  #endWindow(nowMs: number): void {
    if (this.#isSteadyState && this.#latencies.count === this.#window.count) this.#print('In steady state.')
    if (!this.#silent) this.#print(windowLine(this.#window, this.#windowBytes, nowMs - this.#windowStartMs))
    this.#window = new Latencies()
    this.#windowBytes = 0
    this.#windowStartMs = nowMs
  }

  /** No lines for intervals any more: the steady state has its own. */
  silence(): void {
    this.#silent = true
  }

  totals(nowMs: number): ProducerTotals {
    const latencies = this.#latencies
    const elapsedMs = nowMs - this.#startMs
    return {
      records: latencies.count,
      bytes: this.#bytes,
      elapsedMs,
      recordsPerSec: (1000 * latencies.count) / elapsedMs,
      mbPerSec: (1000 * this.#bytes) / elapsedMs / MIB,
      latencyMs: {
        average: latencies.average,
        max: latencies.max,
        p50: latencies.percentile(0.5),
        p95: latencies.percentile(0.95),
        p99: latencies.percentile(0.99),
        p999: latencies.percentile(0.999),
      },
    }
  }
}

function windowLine(window: Latencies, bytes: number, elapsedMs: number): string {
  const rate = javaFixed((1000 * window.count) / elapsedMs, 1)
  const megabytes = javaFixed((1000 * bytes) / elapsedMs / MIB, 2)
  const latencies = `${javaFixed(window.average, 1)} ms avg latency, ${javaFixed(window.max, 1)} ms max latency`
  return `${window.count} records sent, ${rate} records/sec (${megabytes} MB/sec), ${latencies}.`
}

/** The line the script ends with. */
export function totalLine(totals: ProducerTotals, isSteadyState: boolean): string {
  const { records, recordsPerSec, mbPerSec, latencyMs } = totals
  const what = `${records}${isSteadyState ? ' steady state' : ''} records sent`
  const rate = `${javaFixed(recordsPerSec, 6)} records/sec (${javaFixed(mbPerSec, 2)} MB/sec)`
  const latencies = `${javaFixed(latencyMs.average, 2)} ms avg latency, ${javaFixed(latencyMs.max, 2)} ms max latency`
  const { p50, p95, p99, p999 } = latencyMs
  return `${what}, ${rate}, ${latencies}, ${p50} ms 50th, ${p95} ms 95th, ${p99} ms 99th, ${p999} ms 99.9th.`
}
