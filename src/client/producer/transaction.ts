/**
 * The producer's side of transactions (KIP-98), as the clients before KIP-890 speak it, which every broker understands:
 * the producer id comes from the transaction coordinator, each partition is added before its first batch, and the
 * coordinator ends the transaction.
 */
import { KtError } from '../../base/errors.ts'
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import { initProducerId } from '../../protocol/messages/22-init-producer-id.ts'
import { addPartitionsToTxn } from '../../protocol/messages/24-add-partitions-to-txn.ts'
import { addOffsetsToTxn } from '../../protocol/messages/25-add-offsets-to-txn.ts'
import { endTxn } from '../../protocol/messages/26-end-txn.ts'
import { txnOffsetCommit } from '../../protocol/messages/28-txn-offset-commit.ts'
import type { Api, RequestInput, ResponseOf } from '../../protocol/schema.ts'
import { groupBy } from '../admin/outcome.ts'
import type { TopicPartition } from '../admin-types.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { findCoordinators, RETRY_COORDINATOR, requireServed } from '../coordinators.ts'
import { ConnectionFailure } from '../failure.ts'
import type { ProducerState } from './batch.ts'

/** The newest versions before transactions of the second kind (KIP-890), where partitions are added by producing. */
export const LAST_PRODUCE_OF_FIRST_KIND = 11
const LAST_END_OF_FIRST_KIND = 4
const LAST_ADD_OF_CLIENTS = 3
const LAST_ADD_OFFSETS_OF_FIRST_KIND = 3
const LAST_OFFSET_COMMIT_OF_FIRST_KIND = 4

export interface TransactionOptions {
  readonly transactionalId: string
  readonly transactionTimeoutMs: number
  readonly maxBlockMs: number
}

/** The offset of the next record that a group is to read. */
export interface OffsetToCommit extends TopicPartition {
  readonly offset: number
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

export class Transaction {
  readonly #client: ClusterClient
  readonly #options: TransactionOptions
  #producer: ProducerState | null = null
  #coordinator: number | null = null
  #isOpen = false
  /** Why it cannot be committed any more; null while it can. */
  #failure: Error | null = null
  readonly #added = new Set<string>()
  /** Offsets of a group are in it. */
  #hasOffsets = false
  /** Partitions that wait to be added. */
  readonly #wanted = new Map<string, TopicPartition>()
  #adding: Promise<void> | null = null

  constructor(client: ClusterClient, options: TransactionOptions) {
    this.#client = client
    this.#options = options
  }

  get transactionalId(): string {
    return this.#options.transactionalId
  }

  /** Asks for the producer id; whatever an earlier producer of this id left open is aborted, and it is fenced. */
  async init(): Promise<ProducerState> {
    const { transactionalId, transactionTimeoutMs } = this.#options
    const input = { transactionalId, transactionTimeoutMs }
    const answer = await this.#ask('InitProducerId', initProducerId, input, undefined, ({ errorCode }) => [errorCode])
    this.#producer = { producerId: answer.producerId, epoch: answer.producerEpoch }
    return this.#producer
  }

  /** Throws when one is open. */
  begin(): void {
    if (this.#isOpen) throw new KtError('internal', 'A transaction is open already')
    this.#isOpen = true
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** All that is left is to abort it. */
  get hasFailed(): boolean {
    return this.#failure !== null
  }

  /** A batch of it is not in the log, or may not be: all that is left is to abort. */
  batchFailed(error: Error): void {
    this.#failure ??= error
  }

  /** True when batches of this partition may be sent; otherwise it is being added, and `onAdded` is called then. */
  admits(partition: TopicPartition, onAdded: () => void, onFailed: (error: Error) => void): boolean {
    if (this.#added.has(keyOf(partition))) return true
    this.#wanted.set(keyOf(partition), partition)
    this.#adding ??= this.#add()
      .then(onAdded, onFailed)
      .finally(() => {
        this.#adding = null
        // Those that came while others were added.
        if (this.#wanted.size > 0) onAdded()
      })
    return false
  }

  async #add(): Promise<void> {
    // Partitions that turn up in the same turn travel together.
    await Promise.resolve()
    const partitions = [...this.#wanted.values()]
    this.#wanted.clear()
    const { producerId, epoch } = this.#producer!
    const topics = [...groupBy(partitions, ({ topic }) => topic)].map(([name, group]) => ({
      name,
      partitions: group.map(({ partition }) => partition),
    }))
    const input = {
      v3AndBelowTransactionalId: this.#options.transactionalId,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: epoch,
      v3AndBelowTopics: topics,
    }
    await this.#ask('AddPartitionsToTxn', addPartitionsToTxn, input, LAST_ADD_OF_CLIENTS, (answer) =>
      answer.resultsByTopicV3AndBelow.flatMap(({ resultsByPartition }) =>
        resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode),
      ),
    )
    for (const partition of partitions) this.#added.add(keyOf(partition))
  }

  /**
   * Commits offsets of a group with the transaction: they hold when it is committed. The group's coordinator keeps them
   * until then, and takes them only from a member or for a group without members (KIP-447 fences the others).
   */
  async sendOffsets(groupId: string, offsets: readonly OffsetToCommit[]): Promise<void> {
    if (!this.#isOpen) throw new KtError('internal', 'No transaction is open')
    const { transactionalId } = this.#options
    const { producerId, epoch: producerEpoch } = this.#producer!
    const who = { transactionalId, producerId, producerEpoch, groupId }
    await this.#ask('AddOffsetsToTxn', addOffsetsToTxn, who, LAST_ADD_OFFSETS_OF_FIRST_KIND, ({ errorCode }) => [
      errorCode,
    ])
    this.#hasOffsets = true
    const topics = [...groupBy(offsets, ({ topic }) => topic)].map(([name, group]) => ({
      name,
      partitions: group.map(({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedMetadata: null,
      })),
    }))
    const attempt = async (): Promise<void> => {
      const found = (await findCoordinators(this.#client, [groupId], 'group')).get(groupId)!
      if (!found.ok) throw new KafkaError(errorName(found.error.code), found.error.message)
      const answer = await this.#client.send(
        toBroker(found.value),
        txnOffsetCommit,
        { ...who, topics },
        {
          maxVersion: LAST_OFFSET_COMMIT_OF_FIRST_KIND,
        },
      )
      const codes = answer.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode))
      const code = codes.find((each) => each !== ErrorCode.NONE)
      if (code !== undefined) throw new KafkaError(errorName(code))
    }
    await this.#client.retrying('TxnOffsetCommit', attempt, this.#options.maxBlockMs)
  }

  /**
   * Commits or aborts. Everything must have been sent and answered before; without a partition there is nothing to do.
   * Rejects a commit after a batch has failed: the rest alone is not what was to be committed.
   */
  async end(committed: boolean): Promise<void> {
    if (!this.#isOpen) throw new KtError('internal', 'No transaction is open')
    if (committed && this.#failure !== null) throw cannotCommit(this.#failure)
    if (this.#added.size > 0 || this.#hasOffsets) {
      const { producerId, epoch } = this.#producer!
      const input = { transactionalId: this.#options.transactionalId, producerId, producerEpoch: epoch, committed }
      await this.#ask('EndTxn', endTxn, input, LAST_END_OF_FIRST_KIND, ({ errorCode }) => [errorCode])
    }
    this.#added.clear()
    this.#hasOffsets = false
    this.#isOpen = false
    this.#failure = null
  }

  /** Asks the coordinator until it has answered without an error that passes. Rejects with any other. */
  #ask<A extends Api>(
    what: string,
    api: A,
    input: RequestInput<A>,
    maxVersion: number | undefined,
    codesOf: (answer: ResponseOf<A>) => readonly number[],
  ): Promise<ResponseOf<A>> {
    const attempt = async (): Promise<ResponseOf<A>> => {
      const answer = await this.#send(api, input, maxVersion)
      const code = codesOf(answer).find((each) => each !== ErrorCode.NONE) ?? ErrorCode.NONE
      if (RETRY_COORDINATOR.has(code)) this.#coordinator = null
      // What is done with the transaction before is still on its way: CONCURRENT_TRANSACTIONS is retriable.
      if (code !== ErrorCode.NONE) throw new KafkaError(errorName(code))
      return answer
    }
    return this.#client.retrying(what, attempt, this.#options.maxBlockMs)
  }

  async #send<A extends Api>(api: A, input: RequestInput<A>, maxVersion: number | undefined): Promise<ResponseOf<A>> {
    this.#coordinator ??= await this.#locate()
    try {
      return await this.#client.send(toBroker(this.#coordinator), api, input, { maxVersion })
    } catch (error) {
      if (error instanceof ConnectionFailure) this.#coordinator = null
      throw error
    }
  }

  async #locate(): Promise<number> {
    const { transactionalId } = this.#options
    await requireServed(this.#client, endTxn)
    const found = (await findCoordinators(this.#client, [transactionalId], 'transaction')).get(transactionalId)!
    if (found.ok) return found.value
    throw new KafkaError(errorName(found.error.code), found.error.message)
  }
}

function cannotCommit(failure: Error): KtError {
  return new KtError('kafka', 'The transaction cannot be committed: a batch of it was not sent', {
    facts: [`first failure: ${failure.message}`],
    cause: failure,
  })
}
