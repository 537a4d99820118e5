/** Transactions and producers as commands ask and get them. */
import type { Outcome, TopicPartition } from './outcome-types.ts'

/** What a partition remembers of a producer. */
export interface ProducerState {
  readonly producerId: bigint
  readonly producerEpoch: number
  /** Of the coordinator that wrote its last marker; null when none has. */
  readonly coordinatorEpoch: number | null
  readonly lastSequence: number
  readonly lastTimestampMs: number
  /** null: no transaction is open. */
  readonly transactionStartOffset: number | null
}

export interface TransactionListing {
  readonly transactionalId: string
  readonly coordinatorId: number
  readonly producerId: bigint
  /** As Kafka names them: `Ongoing`, `CompleteCommit`, ... */
  readonly state: string
}

export interface TransactionDescription extends TransactionListing {
  readonly producerEpoch: number
  readonly timeoutMs: number
  /** null: none is open. */
  readonly startTimeMs: number | null
  readonly partitions: readonly TopicPartition[]
}

/** Which transactions are meant; what is left out matches any. */
export interface TransactionFilter {
  /** Open for longer than this; negative: any. */
  readonly durationMs?: number
  /** A regular expression (RE2) for transactional ids. */
  readonly idPattern?: string
  readonly producerIds?: readonly bigint[]
}

/** An open transaction of a partition, to be ended without its coordinator. */
export interface TransactionToAbort extends TopicPartition {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
}

export interface TransactionAdmin {
  /** Asked of the leaders, or of the broker that is named; in the order asked. */
  describeProducers(
    partitions: readonly TopicPartition[],
    options?: { brokerId?: number },
  ): Promise<Outcome<ProducerState[]>[]>
  /** Of all coordinators, by broker. */
  listTransactions(filter?: TransactionFilter): Promise<TransactionListing[]>
  describeTransactions(transactionalIds: readonly string[]): Promise<Map<string, Outcome<TransactionDescription>>>
  /** Writes an abort marker into the partition (KIP-664). */
  abortTransaction(transaction: TransactionToAbort): Promise<Outcome<void>>
  /** Ends what a transactional id has open by fencing its producer (KIP-939). */
  terminateTransaction(transactionalId: string): Promise<Outcome<void>>
}
