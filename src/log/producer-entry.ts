/** What a log remembers of one producer, and the checks a batch of it has to pass (KIP-98, KAFKA `ProducerAppendInfo`). */
import { KafkaError } from '../protocol/error-codes.ts'
import { isTransactional, NO_SEQUENCE, type RecordBatchHeader } from '../protocol/records/record-batch.ts'
import type { AppendOrigin } from './types.ts'

export const NO_PRODUCER_EPOCH = -1
const MAX_SEQUENCE = 2 ** 31 - 1
/** Batches remembered per producer: as many as a client may have in flight with idempotence. */
export const BATCHES_TO_RETAIN = 5

/** One appended batch, enough to recognise it when it comes again. */
export interface BatchMetadata {
  readonly lastSequence: number
  readonly lastOffset: number
  readonly offsetDelta: number
  readonly timestamp: number
}

export const firstOffsetOf = (batch: BatchMetadata): number => batch.lastOffset - batch.offsetDelta
export const firstSequenceOf = (batch: BatchMetadata): number =>
  decrementSequence(batch.lastSequence, batch.offsetDelta)

/** Sequences count to 2^31-1 and start over at 0. */
function decrementSequence(sequence: number, by: number): number {
  return sequence >= by ? sequence - by : MAX_SEQUENCE - (by - sequence) + 1
}

export function lastSequenceOf(batch: RecordBatchHeader): number {
  if (batch.baseSequence === NO_SEQUENCE) return NO_SEQUENCE
  const last = batch.baseSequence + batch.lastOffsetDelta
  return last <= MAX_SEQUENCE ? last : last - MAX_SEQUENCE - 1
}

const inSequence = (last: number, next: number): boolean => next === last + 1 || (next === 0 && last === MAX_SEQUENCE)

export class ProducerEntry {
  readonly producerId: bigint
  producerEpoch = NO_PRODUCER_EPOCH
  coordinatorEpoch = -1
  lastTimestamp = -1
  /** First offset of the open transaction, null when none is open. */
  transactionFirstOffset: number | null = null
  /** The newest last. */
  batches: BatchMetadata[] = []

  constructor(producerId: bigint) {
    this.producerId = producerId
  }

  get lastSequence(): number {
    return this.batches.at(-1)?.lastSequence ?? NO_SEQUENCE
  }

  copy(): ProducerEntry {
    const copy = new ProducerEntry(this.producerId)
    copy.producerEpoch = this.producerEpoch
    copy.coordinatorEpoch = this.coordinatorEpoch
    copy.lastTimestamp = this.lastTimestamp
    copy.transactionFirstOffset = this.transactionFirstOffset
    copy.batches = this.batches.slice()
    return copy
  }

  addBatch(producerEpoch: number, batch: BatchMetadata): void {
    this.bumpEpoch(producerEpoch)
    if (this.batches.length === BATCHES_TO_RETAIN) this.batches.shift()
    this.batches.push(batch)
    this.lastTimestamp = batch.timestamp
  }

  /** Sequences start over with a new epoch. */
  bumpEpoch(producerEpoch: number): void {
    if (this.producerEpoch === producerEpoch) return
    this.batches = []
    this.producerEpoch = producerEpoch
  }

  /** The remembered batch with the same epoch and sequences, if any. */
  findDuplicate(batch: RecordBatchHeader): BatchMetadata | null {
    if (batch.producerEpoch !== this.producerEpoch) return null
    const last = lastSequenceOf(batch)
    for (const known of this.batches) {
      if (known.lastSequence === last && firstSequenceOf(known) === batch.baseSequence) return known
    }
    return null
  }
}

/** An end-transaction marker as read from its control record. */
export interface TransactionMarker {
  readonly commit: boolean
  readonly coordinatorEpoch: number
  readonly timestamp: number
}

/** A transaction that a marker ended. `lastOffset` is the marker's. */
export interface CompletedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
  readonly lastOffset: number
  readonly aborted: boolean
}

export interface AppendContext {
  /** `topic-partition`, for messages. */
  readonly partition: string
  readonly origin: AppendOrigin
  /** Feature level of the transaction that a marker ends (KIP-890): 2 wants a newer epoch in the marker. */
  readonly transactionVersion: number
  readonly warn: (message: string) => void
}

/** State of one producer while an append is checked: nothing is visible to others until the append has happened. */
export class ProducerAppend {
  readonly entry: ProducerEntry
  /** First offsets of the transactions this append opens. */
  readonly startedTransactions: number[] = []
  private readonly knownBefore: boolean
  private readonly context: AppendContext

  constructor(producerId: bigint, current: ProducerEntry | null, context: AppendContext) {
    this.entry = current === null ? new ProducerEntry(producerId) : current.copy()
    this.knownBefore = current !== null && current.producerEpoch !== NO_PRODUCER_EPOCH
    this.context = context
  }

  appendData(batch: RecordBatchHeader): void {
    const { entry } = this
    this.checkEpoch(batch.producerEpoch, batch.baseOffset, 0)
    if (this.context.origin === 'client') this.checkSequence(batch)
    const { lastOffset, baseOffset, maxTimestamp } = batch
    entry.addBatch(batch.producerEpoch, {
      lastSequence: lastSequenceOf(batch),
      lastOffset,
      offsetDelta: lastOffset - baseOffset,
      timestamp: maxTimestamp,
    })
    const transactional = isTransactional(batch.attributes)
    if (entry.transactionFirstOffset !== null && !transactional) {
      throw new KafkaError('INVALID_TXN_STATE', `Expected transactional write from ${this.where(baseOffset)}`)
    }
    if (entry.transactionFirstOffset === null && transactional) {
      entry.transactionFirstOffset = baseOffset
      this.startedTransactions.push(baseOffset)
    }
  }

  /** Ends the open transaction; null when the marker ends nothing, which changes no offset. */
  appendMarker(batch: RecordBatchHeader, marker: TransactionMarker): CompletedTransaction | null {
    const { entry } = this
    this.checkEpoch(batch.producerEpoch, batch.baseOffset, this.context.transactionVersion)
    this.checkCoordinatorEpoch(marker, batch.baseOffset)
    const firstOffset = entry.transactionFirstOffset
    entry.bumpEpoch(batch.producerEpoch)
    entry.coordinatorEpoch = marker.coordinatorEpoch
    entry.transactionFirstOffset = null
    entry.lastTimestamp = marker.timestamp
    if (firstOffset === null) return null
    return { producerId: entry.producerId, firstOffset, lastOffset: batch.baseOffset, aborted: !marker.commit }
  }

  private checkEpoch(epoch: number, offset: number, transactionVersion: number): void {
    const current = this.entry.producerEpoch
    const strict = transactionVersion >= 2
    if (strict ? epoch > current : epoch >= current) return
    // A marker that is sent again after the transaction has ended is harmless.
    if (strict && epoch === current && this.entry.transactionFirstOffset === null) return
    const comparison = strict ? '<=' : '<'
    const message =
      `Epoch of producer ${this.entry.producerId} at offset ${offset} in ${this.context.partition} is ${epoch}, ` +
      `which is ${comparison} the last seen epoch ${current}`
    if (this.context.origin !== 'replication') throw new KafkaError('INVALID_PRODUCER_EPOCH', message)
    this.context.warn(message)
  }

  private checkSequence(batch: RecordBatchHeader): void {
    const { entry } = this
    const { producerEpoch, baseSequence } = batch
    // Nothing known, perhaps because retention removed all batches of this producer: any sequence is as good.
    if (entry.producerEpoch === NO_PRODUCER_EPOCH) return
    if (producerEpoch !== entry.producerEpoch) {
      if (baseSequence === 0) return
      throw new KafkaError(
        'OUT_OF_ORDER_SEQUENCE_NUMBER',
        `Invalid sequence number for new epoch of ${this.where(batch.baseOffset)}: ${producerEpoch} (request epoch), ` +
          `${baseSequence} (seq. number), ${entry.producerEpoch} (current producer epoch)`,
      )
    }
    if (!this.knownBefore && entry.batches.length === 0) return
    if (inSequence(entry.lastSequence, baseSequence)) return
    throw new KafkaError(
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      `Out of order sequence number for ${this.where(batch.baseOffset)}: ${baseSequence} (incoming seq. number), ` +
        `${entry.lastSequence} (current end sequence number)`,
    )
  }

  private checkCoordinatorEpoch(marker: TransactionMarker, offset: number): void {
    const known = this.entry.coordinatorEpoch
    if (known <= marker.coordinatorEpoch) return
    const message = `Invalid coordinator epoch for ${this.where(offset)}: ${marker.coordinatorEpoch} (zombie), ${known} (current)`
    if (this.context.origin !== 'replication') throw new KafkaError('TRANSACTION_COORDINATOR_FENCED', message)
    this.context.warn(message)
  }

  private where(offset: number): string {
    return `producer ${this.entry.producerId} at offset ${offset} in partition ${this.context.partition}`
  }
}
