/**
 * An idempotent producer with acks=all, as Kafka's is: several batches of a partition in flight, each sent again with the
 * same sequence until it is acknowledged, none given up.
 */
import { ErrorCode, errorName } from '../../../src/protocol/error-codes.ts'
import { produce } from '../../../src/protocol/messages/00-produce.ts'
import { initProducerId } from '../../../src/protocol/messages/22-init-producer-id.ts'
import { encodeBatch } from '../../../src/protocol/records/record.ts'
import type { World } from '../world/world.ts'
import { SimClient } from './sim-client.ts'
import { payload } from './workload.ts'

const PRODUCE_VERSION = 13
const INIT_PRODUCER_ID_VERSION = 4
const ACKS_ALL = -1
/** `timeoutMs` of Produce, below the client's own limit. */
const REPLICATION_TIMEOUT_MS = 1_500
const MAX_RECORDS = 5
const MAX_PADDING = 600
/** max.in.flight.requests.per.connection of an idempotent producer. */
const MAX_IN_FLIGHT = 5

interface Batch {
  /** The how-manieth of its partition. */
  readonly index: number
  readonly firstNumber: number
  readonly count: number
  readonly baseSequence: number
  readonly bytes: Buffer
  attempts: number
}

interface SentBatch {
  readonly batch: Batch
  readonly answer: Promise<'done' | 'again'>
}

export interface ProducerOptions {
  readonly topic: string
  readonly partitions: readonly number[]
  /** Mean pause between batches of a partition. */
  readonly pauseMeanMs: number
}

export class SimProducer extends SimClient {
  /** Records acknowledged per partition. */
  readonly acknowledged = new Map<number, number>()
  /** Partitions whose every record was acknowledged after `stop`. */
  finished = 0
  private readonly options: ProducerOptions
  private producerId = -1n
  private producerEpoch = -1

  constructor(world: World, name: string, host: string, brokers: readonly string[], options: ProducerOptions) {
    super(world, name, host, brokers)
    this.options = options
  }

  get isFinished(): boolean {
    return this.finished === this.options.partitions.length
  }

  start(): void {
    this.run(async () => {
      await this.init()
      await Promise.all(this.options.partitions.map((partition) => this.produceTo(partition)))
    })
  }

  private async init(): Promise<void> {
    for (;;) {
      const response = await this.ask(this.anyBroker(), initProducerId, INIT_PRODUCER_ID_VERSION, {
        transactionalId: null,
        transactionTimeoutMs: 0,
      })
      if (response?.errorCode === 0) {
        this.producerId = response.producerId
        this.producerEpoch = response.producerEpoch
        return
      }
      if (response !== null) this.checkRetriable(response.errorCode, 'InitProducerId')
      await this.backoff()
    }
  }

  /** Rounds of up to five batches, sent without waiting for one another; whatever fails is sent again in order. */
  private async produceTo(partition: number): Promise<void> {
    let number = 0
    let batches = 0
    const unsettled: Batch[] = []
    while (!this.stopped || unsettled.length > 0) {
      const wanted = this.stopped ? 0 : 1 + this.dice.int(MAX_IN_FLIGHT)
      // A broker knows the last five batches of a producer: none may be sent while the fifth before it is unsettled.
      while (unsettled.length < wanted && batches - (unsettled[0]?.index ?? batches) < MAX_IN_FLIGHT) {
        const batch = this.newBatch(partition, number, batches++)
        number += batch.count
        unsettled.push(batch)
      }
      const sent = unsettled.map((batch) => ({ batch, answer: this.send(partition, batch, unsettled) }))
      await this.settle(partition, sent, unsettled)
      if (unsettled.length === 0) await this.sleep(this.dice.exponential(this.options.pauseMeanMs))
      else await this.recover()
    }
    this.finished++
  }

  private async settle(partition: number, sent: readonly SentBatch[], unsettled: Batch[]): Promise<void> {
    for (const { batch, answer } of sent) {
      if ((await answer) !== 'done') continue
      unsettled.splice(unsettled.indexOf(batch), 1)
      this.acknowledged.set(partition, (this.acknowledged.get(partition) ?? 0) + batch.count)
      this.world.count('records acknowledged', batch.count)
    }
  }

  private async recover(): Promise<void> {
    await this.backoff()
    await this.refresh(this.options.topic)
  }

  private newBatch(partition: number, firstNumber: number, index: number): Batch {
    const count = 1 + this.dice.int(MAX_RECORDS)
    const timestamp = this.clock.now()
    const records = Array.from({ length: count }, (_, index) => ({
      timestamp,
      key: null,
      value: payload(this.name, partition, firstNumber + index, this.dice.int(MAX_PADDING)),
    }))
    const { producerId, producerEpoch } = this
    const bytes = encodeBatch(records, { producerId, producerEpoch, baseSequence: firstNumber })
    return { index, firstNumber, count, baseSequence: firstNumber, bytes, attempts: 0 }
  }

  private async send(partition: number, batch: Batch, unsettled: readonly Batch[]): Promise<'done' | 'again'> {
    const { topic } = this.options
    const leader = this.leader(topic, partition)
    const topicId = this.topicId(topic)
    if (leader === null || topicId === null) return 'again'
    batch.attempts++
    const response = await this.ask(leader.address, produce, PRODUCE_VERSION, {
      acks: ACKS_ALL,
      timeoutMs: REPLICATION_TIMEOUT_MS,
      topicData: [{ topicId, partitionData: [{ index: partition, records: batch.bytes }] }],
    })
    const result = response?.responses[0]?.partitionResponses[0]
    if (result === undefined) return 'again'
    const isFirst = unsettled[0] === batch
    return this.judge(partition, batch, isFirst, result.errorCode, result.errorMessage ?? '')
  }

  /**
   * After an orderly restart a broker knows only the last batch of each producer, as its snapshot has it, and takes an
   * older one that is sent again for one out of order (Kafka's does, too). It is in the log: the readers will see it once.
   */
  private isOldDuplicate({ baseSequence, count }: Batch, message: string): boolean {
    const end = /(\d+) \(current end sequence number\)/.exec(message)
    if (end === null || Number(end[1]) < baseSequence + count - 1) return false
    this.world.count('produce answered OUT_OF_ORDER_SEQUENCE_NUMBER to a duplicate')
    return true
  }

  /** `isFirst`: everything before it is settled, which later ones may be, too: each has a time limit of its own. */
  private judge(
    partition: number,
    batch: Batch,
    isFirst: boolean,
    errorCode: number,
    message: string,
  ): 'done' | 'again' {
    if (errorCode === ErrorCode.NONE || errorCode === ErrorCode.DUPLICATE_SEQUENCE_NUMBER) return 'done'
    this.world.count(`produce answered ${errorName(errorCode)}`)
    // A batch before it has failed; the first in the row must never hear this, whoever leads.
    if (errorCode === ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER) {
      if (!isFirst) return 'again'
      if (this.isOldDuplicate(batch, message)) return 'done'
    }
    this.checkRetriable(errorCode, `sequence ${batch.baseSequence} of ${this.options.topic}-${partition}`)
    return 'again'
  }
}
