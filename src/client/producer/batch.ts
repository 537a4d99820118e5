import { crc32c } from '../../base/crc32c.ts'
import { BatchBuilder } from '../../protocol/records/batch-builder.ts'
import type { Codec } from '../../protocol/records/compression.ts'
import type { KafkaRecord } from '../../protocol/records/record.ts'
import { AT, NO_PRODUCER_ID, NO_SEQUENCE } from '../../protocol/records/record-batch.ts'
import type { AppendedRun } from './options.ts'

export interface RecordMetadata {
  readonly topic: string
  readonly partition: number
  /** -1 when the broker did not tell (acks=0). */
  readonly offset: number
  readonly timestamp: number
}

export interface Delivered {
  readonly baseOffset: number
  /** Milliseconds, -1 unless the topic uses log append time. */
  readonly logAppendTimeMs: number
}

/** Someone waits for one record of the batch. */
interface Waiter {
  readonly relativeOffset: number
  readonly timestamp: number
  readonly resolve: (metadata: RecordMetadata) => void
  readonly reject: (error: Error) => void
}

export interface ProducerState {
  readonly producerId: bigint
  readonly epoch: number
}

const NO_PRODUCER: ProducerState = { producerId: NO_PRODUCER_ID, epoch: -1 }

/**
 * One batch on its way: open (records are appended) -> closed -> sealed (bytes exist, may be sent and sent again) ->
 * finished. The bytes handed to a socket are never changed while a request is out.
 */
export class ProducerBatch {
  readonly topic: string
  readonly partition: number
  /** Monotonic time of creation, from which linger and delivery timeouts count. */
  readonly createdAt: number
  /** Position among the batches of its partition, given when first sent; kept through retries. */
  order = -1
  /** Room for the orders of its parts, should it be split. */
  orderSpan = 1
  attempts = 0
  /** Monotonic time before which it is not sent again. */
  retryAt = 0
  sequence = NO_SEQUENCE
  producer: ProducerState = NO_PRODUCER
  /** Belongs to a transaction. */
  isTransactional = false
  /** Memory taken from the producer's budget. */
  reservedBytes = 0
  private builder: BatchBuilder | null
  private bytes: Buffer | null = null
  private closed = false
  private count = 0
  private readonly waiters: Waiter[] = []
  /** When records were appended, where somebody wants to know. */
  readonly appended: AppendedRun[] = []
  private finished: Promise<void> | null = null
  private settleFinished: (() => void) | null = null

  constructor(topic: string, partition: number, createdAt: number, builder: BatchBuilder) {
    this.topic = topic
    this.partition = partition
    this.createdAt = createdAt
    this.builder = builder
  }

  /** The builder while records may still be appended, null once closed. */
  get open(): BatchBuilder | null {
    return this.closed ? null : this.builder
  }

  /** Ends appending: the batch is full, or on its way. */
  close(): void {
    this.closed = true
  }

  get isSealed(): boolean {
    return this.bytes !== null
  }

  get recordCount(): number {
    return this.builder?.recordCount ?? this.count
  }

  get sizeInBytes(): number {
    return this.builder?.sizeInBytes ?? this.bytes!.length
  }

  get hasSequence(): boolean {
    return this.sequence !== NO_SEQUENCE
  }

  get sealedBytes(): Buffer {
    return this.bytes!
  }

  /** Ends appending and makes the bytes, with producer state and sequence as they are now. Returns the builder for reuse. */
  seal(codec: Codec, compressionLevel: number | undefined): BatchBuilder {
    const builder = this.builder!
    this.bytes = builder.build({
      codec,
      compressionLevel,
      transactional: this.isTransactional,
      producerId: this.producer.producerId,
      producerEpoch: this.producer.epoch,
      baseSequence: this.sequence,
    })
    this.count = builder.recordCount
    this.builder = null
    this.closed = true
    return builder
  }

  /** Gives the batch its place in the producer's sequence; sealed bytes are rewritten to say so. */
  assign(producer: ProducerState, sequence: number): void {
    if (this.sequence === sequence && this.producer === producer) return
    this.producer = producer
    this.sequence = sequence
    const { bytes } = this
    if (bytes === null) return
    bytes.writeBigInt64BE(producer.producerId, AT.producerId)
    bytes.writeInt16BE(producer.epoch, AT.producerEpoch)
    bytes.writeInt32BE(sequence, AT.baseSequence)
    bytes.writeUInt32BE(crc32c(bytes, AT.attributes), AT.crc)
  }

  /** Notes when a record was appended. */
  noteAppended(timestamp: number, bytes: number): void {
    const last = this.appended[this.appended.length - 1]
    if (last === undefined || last.timestamp !== timestamp) this.appended.push({ timestamp, count: 1, bytes })
    else {
      last.count += 1
      last.bytes += bytes
    }
  }

  /** A promise for the record appended last. */
  delivery(timestamp: number): Promise<RecordMetadata> {
    const relativeOffset = this.recordCount - 1
    return new Promise((resolve, reject) => this.waiters.push({ relativeOffset, timestamp, resolve, reject }))
  }

  /** Resolves when the batch is finished, whatever became of it. */
  whenFinished(): Promise<void> {
    this.finished ??= new Promise((resolve) => {
      this.settleFinished = resolve
    })
    return this.finished
  }

  succeed({ baseOffset, logAppendTimeMs }: Delivered): void {
    const { topic, partition } = this
    for (const { relativeOffset, timestamp, resolve } of this.waiters) {
      const offset = baseOffset < 0 ? -1 : baseOffset + relativeOffset
      resolve({ topic, partition, offset, timestamp: logAppendTimeMs < 0 ? timestamp : logAppendTimeMs })
    }
    this.settleFinished?.()
  }

  fail(error: Error): void {
    for (const { reject } of this.waiters) reject(error)
    this.settleFinished?.()
  }

  /**
   * Two sealed-later batches with the records of this one, for a broker that found it too large. Those who wait for a
   * record, or for the batch, wait for its part.
   */
  split(records: readonly KafkaRecord[]): [ProducerBatch, ProducerBatch] {
    const middle = Math.ceil(records.length / 2)
    const parts = [this.part(records, 0, middle), this.part(records, middle, records.length)] as const
    for (const waiter of this.waiters) {
      const second = waiter.relativeOffset >= middle
      const relativeOffset = second ? waiter.relativeOffset - middle : waiter.relativeOffset
      parts[second ? 1 : 0].waiters.push({ ...waiter, relativeOffset })
    }
    if (this.settleFinished !== null) {
      const settle = this.settleFinished
      void Promise.all(parts.map((part) => part.whenFinished())).then(settle)
    }
    return [...parts]
  }

  private part(records: readonly KafkaRecord[], from: number, to: number): ProducerBatch {
    const builder = new BatchBuilder()
    const part = new ProducerBatch(this.topic, this.partition, this.createdAt, builder)
    for (const { timestamp, key, value, headers } of records.slice(from, to)) {
      builder.append(timestamp, key, value, headers)
      if (this.appended.length > 0) part.noteAppended(timestamp, (key?.length ?? 0) + (value?.length ?? 0))
    }
    part.attempts = this.attempts
    part.isTransactional = this.isTransactional
    return part
  }
}
