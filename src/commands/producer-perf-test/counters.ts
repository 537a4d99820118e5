import type { BatchResult } from '../../client/producer/options.ts'
import type { Metrics } from '../metrics-table.ts'

/** What is known of all batches, for `--print-metrics`. */
export class ProducerCounters {
  #batches = 0
  #bytes = 0
  #largest = 0
  #sent = 0
  #failed = 0
  #retried = 0

  add({ recordCount, sizeInBytes, attempts, error }: BatchResult): void {
    if (error === null) this.#sent += recordCount
    else this.#failed += recordCount
    if (attempts === 0) return
    this.#batches += 1
    this.#bytes += sizeInBytes
    this.#largest = Math.max(this.#largest, sizeInBytes)
    this.#retried += recordCount * (attempts - 1)
  }

  get failed(): number {
    return this.#failed
  }

  /** Under Kafka's names; those that were not measured are not there. */
  metrics(clientId: string, topic: string, elapsedMs: number): Metrics {
    const seconds = elapsedMs / 1000
    const all = `{client-id=${clientId}}`
    const ofTopic = `{client-id=${clientId}, topic=${topic}}`
    const sent = this.#sent + this.#failed
    return {
      [`producer-metrics:batch-size-avg:${all}`]: this.#bytes / this.#batches,
      [`producer-metrics:batch-size-max:${all}`]: this.#largest,
      [`producer-metrics:record-error-rate:${all}`]: this.#failed / seconds,
      [`producer-metrics:record-error-total:${all}`]: this.#failed,
      [`producer-metrics:record-retry-total:${all}`]: this.#retried,
      [`producer-metrics:record-send-rate:${all}`]: sent / seconds,
      [`producer-metrics:record-send-total:${all}`]: sent,
      [`producer-topic-metrics:byte-rate:${ofTopic}`]: this.#bytes / seconds,
      [`producer-topic-metrics:byte-total:${ofTopic}`]: this.#bytes,
      [`producer-topic-metrics:record-error-total:${ofTopic}`]: this.#failed,
      [`producer-topic-metrics:record-retry-total:${ofTopic}`]: this.#retried,
      [`producer-topic-metrics:record-send-total:${ofTopic}`]: sent,
    }
  }
}
