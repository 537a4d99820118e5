/** What becomes of a batch when its answer is in: finished, sent again, split, or given up. */
import { KtError } from '../../base/errors.ts'
import { ApiKey } from '../../protocol/api-keys.ts'
import { ErrorCode, errorInfo, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { ProduceResponse } from '../../protocol/messages/00-produce.ts'
import { decodeRecords } from '../../protocol/records/record.ts'
import { askerOf } from '../denials.ts'
import { ConnectionFailure } from '../failure.ts'
import type { ResolvedOptions } from '../options.ts'
import { backoffMs } from '../retry.ts'
import type { ProducerBatch } from './batch.ts'
import type { MemoryBudget } from './memory.ts'
import type { ResolvedProducerOptions } from './options.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { Transaction } from './transaction.ts'

export type PartitionAnswer = ProduceResponse['responses'][number]['partitionResponses'][number]

export class Deliveries {
  private readonly options: ResolvedProducerOptions
  private readonly client: ResolvedOptions
  private readonly memory: MemoryBudget
  private readonly transaction: Pick<Transaction, 'batchFailed'> | null
  /** Every batch that is not finished, for `flush`. */
  readonly unfinished = new Set<ProducerBatch>()

  constructor(
    options: ResolvedProducerOptions,
    client: ResolvedOptions,
    memory: MemoryBudget,
    transaction: Pick<Transaction, 'batchFailed'> | null = null,
  ) {
    this.options = options
    this.client = client
    this.memory = memory
    this.transaction = transaction
  }

  /** The broker's answer for one batch. True when the metadata that led there is out of date. */
  answered(queue: PartitionQueue, batch: ProducerBatch, answer: PartitionAnswer): boolean {
    const { errorCode } = answer
    if (errorCode === ErrorCode.NONE || errorCode === ErrorCode.DUPLICATE_SEQUENCE_NUMBER) {
      this.succeeded(queue, batch, Number(answer.baseOffset), Number(answer.logAppendTimeMs))
      return false
    }
    if (errorCode === ErrorCode.MESSAGE_TOO_LARGE && batch.recordCount > 1) {
      this.split(queue, batch)
      return false
    }
    const sequenceError = queue.retrySequenceError(batch, errorCode, Number(answer.logStartOffset))
    this.client.denials?.add(ApiKey.produce, errorCode, this.nameOf(errorCode, batch), askerOf(this.client))
    const again = sequenceError || errorInfo(errorCode).retriable
    if (again && this.mayRetry(batch)) this.retry(queue, batch)
    else this.gaveUp(queue, batch, refusal(answer), true)
    return errorInfo(errorCode).retriable
  }

  /** What an error of authorization is about. */
  private nameOf(errorCode: number, { topic }: ProducerBatch): string | null {
    const isId = errorCode === ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
    return isId ? (this.options.transactionalId ?? null) : topic
  }

  /** No answer came: the connection was lost, or could not be made. */
  unanswered(queue: PartitionQueue, batch: ProducerBatch, error: unknown): void {
    if (mayPassForProducer(error) && this.mayRetry(batch)) this.retry(queue, batch)
    else this.gaveUp(queue, batch, error instanceof Error ? error : new Error(String(error)), false)
  }

  private mayRetry(batch: ProducerBatch): boolean {
    return batch.attempts <= this.options.retries && !this.isExpired(batch)
  }

  isExpired(batch: ProducerBatch): boolean {
    return this.client.clock.monotonic() - batch.createdAt >= this.options.deliveryTimeoutMs
  }

  private retry(queue: PartitionQueue, batch: ProducerBatch): void {
    batch.retryAt = this.client.clock.monotonic() + backoffMs(batch.attempts - 1, this.client.random)
    queue.retry(batch)
  }

  /** Kafka's own producer does the same: a broker's limit may be lower than ours, single records may still fit. */
  private split(queue: PartitionQueue, batch: ProducerBatch): void {
    const parts = batch.split(decodeRecords(batch.sealedBytes))
    for (const part of parts) this.unfinished.add(part)
    // The reservation moves to the parts, so that releasing them gives back what was taken.
    parts[0].reservedBytes = Math.floor(batch.reservedBytes / 2)
    parts[1].reservedBytes = batch.reservedBytes - parts[0].reservedBytes
    this.unfinished.delete(batch)
    queue.replace(batch, parts)
  }

  succeeded(queue: PartitionQueue, batch: ProducerBatch, baseOffset: number, logAppendTimeMs: number): void {
    queue.acknowledged(batch)
    batch.succeed({ baseOffset, logAppendTimeMs })
    this.finish(batch, baseOffset, null)
  }

  /** `known`: the broker refused the batch, so it is certainly not in the log. */
  gaveUp(queue: PartitionQueue, batch: ProducerBatch, error: Error, known: boolean): void {
    queue.failed(batch, known)
    this.transaction?.batchFailed(error)
    batch.fail(error)
    this.finish(batch, -1, error)
  }

  /** The batch waited too long in its queue. */
  expired(queue: PartitionQueue, batch: ProducerBatch): void {
    const { topic, partition, recordCount } = batch
    const waitedMs = Math.round(this.client.clock.monotonic() - batch.createdAt)
    const message = `Expiring ${recordCount} record(s) for ${topic}-${partition}:${waitedMs} ms has passed since batch creation`
    this.gaveUp(queue, batch, new KafkaError('REQUEST_TIMED_OUT', message), batch.attempts === 0)
  }

  private finish(batch: ProducerBatch, baseOffset: number, error: Error | null): void {
    const { topic, partition, recordCount, reservedBytes, sizeInBytes, attempts, appended } = batch
    this.unfinished.delete(batch)
    this.memory.release(reservedBytes)
    this.options.onBatch?.({ topic, partition, recordCount, baseOffset, error, sizeInBytes, attempts, appended })
  }
}

/** What could not be reached may come back within the delivery timeout; a refused login will not. */
export function mayPassForProducer(error: unknown): boolean {
  if (error instanceof ConnectionFailure) return error.reason !== 'released'
  if (error instanceof KafkaError) {
    // The leader we knew has left the cluster, or has not come back yet: the next metadata names another one.
    return error.code === ErrorCode.BROKER_NOT_AVAILABLE || errorInfo(error.code).retriable
  }
  return error instanceof KtError && (error.kind === 'unreachable' || error.kind === 'timeout')
}

/** The broker's own words, or those about the first record it names (KIP-467). */
function refusal({ errorCode, errorMessage, recordErrors }: PartitionAnswer): KafkaError {
  const aboutRecord = recordErrors[0]?.batchIndexErrorMessage
  return new KafkaError(errorName(errorCode), aboutRecord ?? errorMessage ?? undefined)
}
