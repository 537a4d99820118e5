/**
 * Batches of one partition: those that wait, those on the wire, and their place in the producer's sequence (KIP-98,
 * KIP-360). Owner of all three; changed only by these methods, all synchronous.
 */
import { ErrorCode } from '../../protocol/error-codes.ts'
import { NO_SEQUENCE } from '../../protocol/records/record-batch.ts'
import type { ProducerBatch, ProducerState } from './batch.ts'

/** Sequences are 31 bits and wrap to 0. */
const SEQUENCE_MODULUS = 2 ** 31

export class PartitionQueue {
  readonly topic: string
  readonly partition: number
  /** Oldest first; only the last may be open. */
  readonly waiting: ProducerBatch[] = []
  readonly onWire: ProducerBatch[] = []
  private nextOrder = 0
  private producer: ProducerState | null = null
  private nextSequence = 0
  private lastAckedSequence = -1
  /** The sequence has a hole: nothing more is sent until all answers are in, then it starts again under a new epoch. */
  private restartWanted = false
  /** A batch was given up without knowing whether the broker has it; resolved when the later answers are in. */
  private unresolved = false

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  /** The batch that records are appended to, null when a new one is needed. */
  get openBatch(): ProducerBatch | null {
    const last = this.waiting[this.waiting.length - 1]
    return last !== undefined && last.open !== null ? last : null
  }

  get isIdle(): boolean {
    return this.waiting.length === 0 && this.onWire.length === 0
  }

  push(batch: ProducerBatch): void {
    this.openBatch?.close()
    this.waiting.push(batch)
  }

  /** True when its sequence is that of this producer id and epoch. */
  isOf(producer: ProducerState): boolean {
    return this.producer === producer
  }

  /** True when the sequence must start again and nothing of this partition is on the wire any more. */
  get needsNewEpoch(): boolean {
    if (this.onWire.length > 0) return false
    if (this.unresolved) {
      this.unresolved = false
      const hole = this.nextSequence !== (this.lastAckedSequence + 1) % SEQUENCE_MODULUS
      const retries = this.waiting.some((batch) => batch.hasSequence)
      if (hole && !retries) this.restartWanted = true
    }
    return this.restartWanted
  }

  /** Starts again at sequence 0 under a new epoch; batches that were sent before get new places in it. */
  restart(producer: ProducerState): void {
    this.restartWanted = false
    this.unresolved = false
    this.adopt(producer)
    for (const batch of this.waiting) {
      if (!batch.hasSequence) break
      batch.assign(producer, this.nextSequence)
      this.nextSequence = (this.nextSequence + batch.recordCount) % SEQUENCE_MODULUS
    }
  }

  private adopt(producer: ProducerState): void {
    this.producer = producer
    this.nextSequence = 0
    this.lastAckedSequence = -1
  }

  /**
   * The batch that may be sent next, or null. A batch that is sent again waits until it is the oldest one out, so that
   * the broker sees sequences in order.
   */
  sendable(): ProducerBatch | null {
    const head = this.waiting[0]
    if (head === undefined || this.restartWanted || this.unresolved) return null
    if (head.order !== -1 && this.onWire.some((batch) => batch.order < head.order)) return null
    return head
  }

  /** Moves the head to the wire. With `producer` it takes its place in the sequence; false when it has to wait for that. */
  take(producer: ProducerState | null): boolean {
    const head = this.waiting[0]!
    if (producer !== null && !head.hasSequence && !this.sequenced(head, producer)) return false
    if (head.order === -1) head.order = this.nextOrder++
    head.close()
    this.waiting.shift()
    this.onWire.push(head)
    return true
  }

  private sequenced(batch: ProducerBatch, producer: ProducerState): boolean {
    if (this.producer !== producer) {
      // Batches of the old epoch finish first; then this partition begins at 0 under the new one.
      if (this.onWire.length > 0) return false
      this.adopt(producer)
    }
    batch.assign(producer, this.nextSequence)
    this.nextSequence = (this.nextSequence + batch.recordCount) % SEQUENCE_MODULUS
    return true
  }

  /** The broker has it. */
  acknowledged(batch: ProducerBatch): void {
    this.leaveWire(batch)
    if (!batch.hasSequence || batch.producer !== this.producer) return
    const last = (batch.sequence + batch.recordCount - 1) % SEQUENCE_MODULUS
    this.lastAckedSequence = last
  }

  /** To be sent again: back to its place among the waiting. */
  retry(batch: ProducerBatch): void {
    this.leaveWire(batch)
    this.insert(batch)
  }

  private insert(batch: ProducerBatch): void {
    const at = this.waiting.findIndex((other) => other.order === -1 || other.order > batch.order)
    this.waiting.splice(at === -1 ? this.waiting.length : at, 0, batch)
  }

  /** Replaces a batch on the wire by its parts, which inherit its place. */
  replace(batch: ProducerBatch, parts: readonly ProducerBatch[]): void {
    this.leaveWire(batch)
    let { sequence } = batch
    for (const [at, part] of parts.entries()) {
      part.orderSpan = batch.orderSpan / parts.length
      part.order = batch.order + at * part.orderSpan
      part.close()
      if (sequence === NO_SEQUENCE) continue
      part.assign(batch.producer, sequence)
      sequence = (sequence + part.recordCount) % SEQUENCE_MODULUS
    }
    for (const part of parts) this.insert(part)
  }

  /** Given up. `known`: the broker has refused it, so it certainly is not in the log. */
  failed(batch: ProducerBatch, known: boolean): void {
    this.leaveWire(batch)
    const at = this.waiting.indexOf(batch)
    if (at !== -1) this.waiting.splice(at, 1)
    if (!batch.hasSequence) return
    if (known) this.restartWanted = true
    else this.unresolved = true
  }

  private leaveWire(batch: ProducerBatch): void {
    const at = this.onWire.indexOf(batch)
    if (at !== -1) this.onWire.splice(at, 1)
  }

  /**
   * What a sequence error means: true to send the batch again (the sequence may start again first), false to give up.
   * Other codes are not decided here.
   */
  retrySequenceError(batch: ProducerBatch, errorCode: number, logStartOffset: number): boolean {
    if (errorCode === ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER) {
      // Behind a batch that failed this is expected; as the very next one it means the broker lost what it had.
      const isNext = batch.sequence === (this.lastAckedSequence + 1) % SEQUENCE_MODULUS
      if (isNext) this.restartWanted = true
      return true
    }
    // Without a log start offset the broker no longer leads the partition: asking again tells more.
    if (errorCode === ErrorCode.UNKNOWN_PRODUCER_ID) {
      if (logStartOffset !== -1) this.restartWanted = true
      return true
    }
    return false
  }
}
