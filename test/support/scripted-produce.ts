/** A scripted broker's side of producing: what arrived, and answers that a test chooses. */

import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { produce } from '../../src/protocol/messages/00-produce.ts'
import { initProducerId } from '../../src/protocol/messages/22-init-producer-id.ts'
import { loadAllCodecs } from '../../src/protocol/records/compression.ts'
import { decodeRecords } from '../../src/protocol/records/record.ts'
import { type RecordBatchHeader, readBatchHeader } from '../../src/protocol/records/record-batch.ts'
import type { Call, ScriptedBroker } from './scripted-broker.ts'

export interface ArrivedBatch {
  readonly partition: number
  readonly header: RecordBatchHeader
  readonly values: readonly (string | null)[]
}

/** What to answer for one batch: an error code (0 accepts), or more of the partition's response. */
export type Verdict = number | { errorCode: number; errorMessage?: string; logStartOffset?: bigint; leader?: number }

export class ProduceScript {
  readonly arrived: ArrivedBatch[] = []
  /** Values of accepted batches, in order: what a log would hold. */
  readonly stored: string[] = []
  producerIds = 0
  private readonly nextSequence = new Map<string, number>()

  constructor(
    broker: ScriptedBroker,
    judge: (batch: ArrivedBatch, call: Call) => Verdict | 'silence' | 'close' = () => 0,
  ) {
    void loadAllCodecs()
    broker.on(initProducerId, () => {
      this.producerIds += 1
      return { producerId: BigInt(1_000 + this.producerIds), producerEpoch: 0 }
    })
    broker.on(produce, (request, call) => {
      const verdicts = request.topicData.map(({ name, topicId, partitionData }) => ({
        name,
        topicId,
        partitionResponses: partitionData.map(({ index, records }) => this.serve(index, records!, call, judge)),
      }))
      const drastic = verdicts.flatMap((topic) => topic.partitionResponses).find((one) => typeof one === 'string')
      if (drastic !== undefined) return drastic as 'silence' | 'close'
      return { responses: verdicts as never }
    })
  }

  /** As a log does: what comes twice is known and not stored again, what comes too early is refused. */
  private store({ partition, header, values }: ArrivedBatch): number {
    const { producerId, producerEpoch, baseSequence } = header
    const key = `${partition}/${producerId}/${producerEpoch}`
    const expected = this.nextSequence.get(key) ?? 0
    if (producerId >= 0n && baseSequence < expected) return 0
    if (producerId >= 0n && baseSequence > expected) return ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER
    this.nextSequence.set(key, baseSequence + values.length)
    this.stored.push(...values.map(String))
    return 0
  }

  private serve(index: number, records: Buffer, call: Call, judge: ConstructorParameters<typeof ProduceScript>[1]) {
    const values = decodeRecords(records).map(({ value }) => (value === null ? null : value.toString()))
    const batch = { partition: index, header: readBatchHeader(records), values }
    this.arrived.push(batch)
    const verdict = judge!(batch, call)
    if (typeof verdict === 'string') return verdict
    const told = typeof verdict === 'number' ? { errorCode: verdict } : { ...verdict }
    const { errorMessage, logStartOffset, leader } = told as Exclude<Verdict, number>
    const baseOffset = BigInt(this.stored.length)
    const errorCode = told.errorCode === 0 ? this.store(batch) : told.errorCode
    return {
      index,
      errorCode,
      errorMessage: errorMessage ?? null,
      baseOffset: errorCode === 0 ? baseOffset : -1n,
      logStartOffset: logStartOffset ?? 0n,
      ...(leader === undefined ? {} : { currentLeader: { leaderId: leader, leaderEpoch: 9 } }),
    }
  }
}
