/**
 * The producer: records gather in one batch per partition and travel when the batch is full or has lingered. Two ways in:
 * `send` with a promise per record, and `TopicAppender` for bulk, which copies ranges of a caller's buffer straight into
 * the batch and reports per batch.
 */
import { KtError } from '../base/errors.ts'
import { ErrorCode, errorName, KafkaError } from '../protocol/error-codes.ts'
import { BatchBuilder } from '../protocol/records/batch-builder.ts'
import { type Codec, loadCodec } from '../protocol/records/compression.ts'
import type { RecordHeader } from '../protocol/records/record-header.ts'
import type { ClientOptions } from './admin-types.ts'
import { ClusterClient } from './cluster-client.ts'
import type { ClientDependencies } from './options.ts'
import type { ProducerBatch, ProducerState, RecordMetadata } from './producer/batch.ts'
import { Deliveries } from './producer/delivery.ts'
import { MemoryBudget } from './producer/memory.ts'
import { type ProducerOptions, type ResolvedProducerOptions, resolveProducerOptions } from './producer/options.ts'
import { ProducerIdentity } from './producer/producer-id.ts'
import { Sender } from './producer/sender.ts'
import { TopicAppender } from './producer/topic-appender.ts'
import { type OffsetToCommit, Transaction } from './producer/transaction.ts'
import { backoffMs, Deadline, isRetriable, sleep, within } from './retry.ts'

export type { RecordMetadata } from './producer/batch.ts'
export type { BatchResult, ProducerOptions } from './producer/options.ts'
export type { TopicAppender } from './producer/topic-appender.ts'

export interface ProducerRecord {
  readonly topic: string
  /** Left out: chosen by key, or sticky. */
  readonly partition?: number
  /** Milliseconds; now when left out. */
  readonly timestamp?: number
  readonly key: Uint8Array | null
  /** null is a tombstone. */
  readonly value: Uint8Array | null
  readonly headers?: readonly RecordHeader[]
}

/** Builders kept for reuse. With more partitions than this, memory for a new one is cheap next to the rest. */
const MAX_SPARE_BUILDERS = 64

export class Producer {
  readonly client: ClusterClient
  readonly options: ResolvedProducerOptions
  private readonly ownsClient: boolean
  private readonly memory: MemoryBudget
  private readonly deliveries: Deliveries
  private readonly sender: Sender
  private readonly identity: ProducerIdentity | null
  private readonly transaction: Transaction | null
  private readonly appenders = new Map<string, Promise<TopicAppender>>()
  private readonly ready = new Map<string, TopicAppender>()
  private readonly spareBuilders: BatchBuilder[] = []
  private codec: Codec | null = null
  private closed = false

  /** Over options of its own, or over a client that others use too and that stays open. */
  constructor(
    client: ClientOptions | ClusterClient,
    options: ProducerOptions = {},
    dependencies: ClientDependencies = {},
  ) {
    this.options = resolveProducerOptions(options)
    this.ownsClient = !(client instanceof ClusterClient)
    this.client = client instanceof ClusterClient ? client : new ClusterClient(client, dependencies)
    this.memory = new MemoryBudget(this.options.bufferMemoryBytes, this.client.options.clock)
    this.transaction = transactionOf(this.client, this.options)
    this.deliveries = new Deliveries(this.options, this.client.options, this.memory, this.transaction)
    this.identity = this.options.enableIdempotence ? new ProducerIdentity(this.client, this.transaction) : null
    this.sender = new Sender({
      client: this.client,
      options: this.options,
      identity: this.identity,
      transaction: this.transaction,
      deliveries: this.deliveries,
      memory: this.memory,
      codec: () => this.codec!,
      recycle: (builder, batch) => this.recycle(builder, batch),
      onMetadata: () => {
        for (const appender of this.ready.values()) appender.metadataChanged()
      },
    })
  }

  /** Sends one record; resolves when the cluster has it. Waits for buffer memory for at most `maxBlockMs`. */
  async send(record: ProducerRecord): Promise<RecordMetadata> {
    const appender = this.ready.get(record.topic) ?? (await this.topic(record.topic))
    const timestamp = record.timestamp ?? this.client.options.clock.now()
    const { key, value, headers } = record
    let batch: ProducerBatch | null
    for (;;) {
      batch = appender.appendToBatch(record.partition ?? -1, timestamp, key, value, headers)
      if (batch !== null) break
      await this.space()
    }
    return batch.delivery(timestamp)
  }

  /**
   * The bulk way in for one topic, once its partitions are known. A topic that does not exist is created by the cluster
   * if it does so; rejects after `maxBlockMs` otherwise.
   */
  topic(name: string): Promise<TopicAppender> {
    this.assertUsable()
    let appender = this.appenders.get(name)
    if (appender === undefined) {
      appender = this.openTopic(name)
      this.appenders.set(name, appender)
      appender.catch(() => this.appenders.delete(name))
    }
    return appender
  }

  private async openTopic(name: string): Promise<TopicAppender> {
    // Id, codec and metadata are asked for side by side: a one-line producer should be one round trip from sending.
    const identity = this.identity?.ensure() ?? Promise.resolve()
    const [codec] = await Promise.all([loadCodec(this.options.compression), this.awaitMetadata(name), identity])
    this.codec = codec
    const appender = new TopicAppender(name, {
      client: this.client,
      options: this.options,
      memory: this.memory,
      sender: this.sender,
      unfinished: this.deliveries.unfinished,
      takeBuilder: () => this.spareBuilders.pop() ?? new BatchBuilder(this.options.batchSizeBytes),
      assertUsable: () => this.assertMaySend(),
    })
    this.ready.set(name, appender)
    return appender
  }

  private async awaitMetadata(name: string): Promise<void> {
    const { clock, random } = this.client.options
    const { maxBlockMs } = this.options
    const deadline = new Deadline(clock, maxBlockMs)
    let wasUnknown = false
    for (let tries = 0; ; tries++) {
      const code = await this.lookUp(name)
      if (code === ErrorCode.NONE && wasUnknown) this.options.onNewTopic?.(name)
      if (code === ErrorCode.NONE) return
      wasUnknown ||= code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
      const pauseMs = backoffMs(tries, random)
      if (pauseMs >= deadline.remainingMs) throw notPresent(name, maxBlockMs)
      await sleep(clock, pauseMs)
    }
  }

  /** The error code the cluster has for the topic; throws one that waiting does not cure. */
  private async lookUp(name: string): Promise<number> {
    const ask = () => this.client.refreshMetadata([name], { allowAutoTopicCreation: true })
    const code = (await this.client.retrying('Metadata', ask, this.options.maxBlockMs)).get(name) ?? ErrorCode.NONE
    const error = new KafkaError(errorName(code))
    if (code !== ErrorCode.NONE && !isRetriable(error)) throw error
    return code
  }

  /** Resolves when the memory that was refused last is free; rejects after `maxBlockMs`. */
  space(): Promise<void> {
    const waiting = this.memory.wait(this.memory.refusedBytes, this.options.maxBlockMs)
    this.sender.wake()
    return waiting
  }

  /** Sends everything appended so far and waits until each batch is finished, well or not. */
  async flush(): Promise<void> {
    this.sender.flushing += 1
    this.sender.wake()
    try {
      await Promise.all([...this.deliveries.unfinished].map((batch) => batch.whenFinished()))
    } finally {
      this.sender.flushing -= 1
    }
  }

  /** Gets the producer id of the transactional id, before the first transaction. An earlier producer of it is fenced. */
  async initTransactions(): Promise<void> {
    this.usedTransaction()
    await this.identity!.ensure()
  }

  /** Everything sent from now on belongs to a transaction. */
  beginTransaction(): void {
    this.usedTransaction().begin()
  }

  /** Waits until everything is sent, then commits. Rejects when a batch could not be sent: abort it then. */
  async commitTransaction(): Promise<void> {
    const transaction = this.usedTransaction()
    await this.flush()
    this.assertUsable()
    await transaction.end(true)
  }

  /** Waits until everything is sent or given up, then aborts. */
  async abortTransaction(): Promise<void> {
    const transaction = this.usedTransaction()
    await this.flush()
    const { hasFailed } = transaction
    await transaction.end(false)
    if (!hasFailed) return
    // The sequence has holes: the next transaction has another epoch (KIP-360), and is free of this failure.
    this.identity!.forget()
    this.sender.recovered()
  }

  /** Offsets of a group become part of the open transaction. */
  sendOffsetsToTransaction(groupId: string, offsets: readonly OffsetToCommit[]): Promise<void> {
    return this.usedTransaction().sendOffsets(groupId, offsets)
  }

  /** The id and epoch by which brokers know this producer; null until it has asked for them, and without idempotence. */
  get producerState(): ProducerState | null {
    return this.identity?.current ?? null
  }

  private usedTransaction(): Transaction {
    if (this.transaction !== null) return this.transaction
    throw new KtError('internal', 'Cannot use transactional methods without enabling transactions')
  }

  /** Sends what is left, for at most `timeoutMs`, then ends; what could not be sent fails. */
  async close(timeoutMs: number = Number.MAX_SAFE_INTEGER): Promise<void> {
    if (this.closed) return
    this.closed = true
    await within(this.client.options.clock, timeoutMs, this.flush())
    if (this.deliveries.unfinished.size > 0) {
      this.sender.failAll(new KtError('timeout', 'Producer is closed forcefully.'))
    }
    this.sender.stop()
    if (this.ownsClient) this.client.close()
  }

  private assertUsable(): void {
    if (this.sender.fatalError !== null) throw this.sender.fatalError
    if (this.closed) throw new KtError('internal', 'Cannot perform operation after producer has been closed')
  }

  /** A record outside a transaction would make the coordinator begin one that nobody ends. */
  private assertMaySend(): void {
    this.assertUsable()
    if (this.transaction === null || this.transaction.isOpen) return
    throw new KtError('internal', 'Cannot send outside a transaction: begin one first')
  }

  private recycle(builder: BatchBuilder, batch: ProducerBatch): void {
    this.ready.get(batch.topic)?.observeCompression(builder.sizeInBytes, batch.sizeInBytes)
    builder.reset()
    if (this.spareBuilders.length < MAX_SPARE_BUILDERS) this.spareBuilders.push(builder)
  }
}

function transactionOf(client: ClusterClient, options: ResolvedProducerOptions): Transaction | null {
  const { transactionalId, transactionTimeoutMs, maxBlockMs } = options
  return transactionalId === undefined
    ? null
    : new Transaction(client, { transactionalId, transactionTimeoutMs, maxBlockMs })
}

function notPresent(topic: string, maxBlockMs: number): KtError {
  return new KtError('timeout', `Topic ${topic} not present in metadata after ${maxBlockMs} ms.`, {
    next: `create it: kt topics --create --topic ${topic}`,
  })
}
