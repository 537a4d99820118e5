/** What a log knows of one idempotent or transactional producer (KIP-98), as DescribeProducers tells it. */
export interface TransactionState {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastTimestamp: number
  readonly coordinatorEpoch: number
  /** First offset of the open transaction, null when none is open. */
  readonly currentTransactionStartOffset: number | null
}
