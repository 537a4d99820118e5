import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import { initProducerId } from '../../protocol/messages/22-init-producer-id.ts'
import { ANY, type ClusterClient } from '../cluster-client.ts'
import type { ProducerState } from './batch.ts'
import type { Transaction } from './transaction.ts'

const MAX_EPOCH = 32_767
const MAX_INT = 2 ** 31 - 1

/** The idempotent producer's identity: id from the cluster, epoch raised here when a sequence must start again (KIP-360). */
export class ProducerIdentity {
  private readonly client: ClusterClient
  private readonly transaction: Transaction | null
  private state: ProducerState | null = null
  private asking: Promise<void> | null = null

  constructor(client: ClusterClient, transaction: Transaction | null = null) {
    this.client = client
    this.transaction = transaction
  }

  /** Null until the cluster has given an id. */
  get current(): ProducerState | null {
    return this.state
  }

  /** Asks for an id unless there is one; concurrent callers share the request. Rejects with a `KtError`. */
  ensure(): Promise<void> {
    if (this.state !== null) return Promise.resolve()
    this.asking ??= this.ask().finally(() => {
      this.asking = null
    })
    return this.asking
  }

  private async ask(): Promise<void> {
    if (this.transaction !== null) {
      this.state = await this.transaction.init()
      return
    }
    await this.client.retrying('InitProducerId', async () => {
      const input = { transactionalId: null, transactionTimeoutMs: MAX_INT }
      const answer = await this.client.send(ANY, initProducerId, input)
      if (answer.errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(answer.errorCode))
      this.state = { producerId: answer.producerId, epoch: answer.producerEpoch }
    })
  }

  /** Forgets the id: the next batch asks for one, and a transaction's coordinator gives it a new epoch. */
  forget(): void {
    this.state = null
  }

  /** A transaction has to be aborted instead of beginning its sequence again. */
  get mayBump(): boolean {
    return this.transaction === null
  }

  /** The next epoch; null when this one was the last, and a new id has to be asked for. */
  bump(): ProducerState | null {
    if (this.state === null) return null
    const { producerId, epoch } = this.state
    this.state = epoch >= MAX_EPOCH ? null : { producerId, epoch: epoch + 1 }
    return this.state
  }
}
