/** What leaders tell producers: at most one node accepts writes under a leader epoch, and what it acknowledges is there. */
import { Reader } from '../../../src/base/bytes.ts'
import { decode } from '../../../src/protocol/codec.ts'
import { decodeRequestHeader, decodeResponse } from '../../../src/protocol/header.ts'
import { type ProduceRequest, produce } from '../../../src/protocol/messages/00-produce.ts'
import { readBatchHeader } from '../../../src/protocol/records/record-batch.ts'
import type { SimNode } from '../world/sim-node.ts'
import type { AcknowledgedKept } from './acknowledged-kept.ts'
import type { Invariant, Observed } from './invariants.ts'

const SIZE_BYTES = 4
const ACKS_ALL = -1

export class ProduceAnswers implements Invariant {
  private readonly observed: Observed
  private readonly ledger: AcknowledgedKept
  /** `partition@epoch` -> node. */
  private readonly accepting = new Map<string, number>()

  constructor(observed: Observed, ledger: AcknowledgedKept) {
    this.observed = observed
    this.ledger = ledger
  }

  onResponse(node: SimNode, request: Buffer, response: Buffer): void {
    if (request.readInt16BE(SIZE_BYTES) !== produce.key) return
    const reader = new Reader(request.subarray(SIZE_BYTES))
    const { apiVersion } = decodeRequestHeader(reader)
    const asked = decode(produce.request, apiVersion, reader) as ProduceRequest
    if (asked.acks !== ACKS_ALL) return
    const { body } = decodeResponse(produce, apiVersion, response.subarray(SIZE_BYTES))
    const topic = body.responses[0]
    const result = topic?.partitionResponses[0]
    const sent = asked.topicData[0]?.partitionData[0]
    if (topic === undefined || result === undefined || result.errorCode !== 0 || sent?.records == null) return
    const name = node.node?.image.topicsById.get(topic.topicId)?.name
    if (name !== undefined) this.check(node, `${name}-${result.index}`, Number(result.baseOffset), sent.records)
  }

  private check(node: SimNode, partition: string, baseOffset: number, sent: Buffer): void {
    const stored = this.observed.logs(node.id).get(partition)?.at(baseOffset) ?? null
    const { crc, baseSequence } = readBatchHeader(sent)
    if (stored === null || stored.baseOffset !== baseOffset || stored.crc !== crc) {
      this.observed.world.violated(
        'an acknowledged record is where the leader says',
        `node ${node.id} acknowledged sequence ${baseSequence} at ${baseOffset} of ${partition}, where its log has ` +
          (stored === null ? 'nothing' : `other records (${stored.baseOffset}-${stored.lastOffset})`),
      )
      return
    }
    this.checkOneLeader(node, partition, stored.epoch)
    this.ledger.acknowledged(node.id, partition, stored)
  }

  /** A duplicate is acknowledged by a later leader than the one that wrote it, which is fine. */
  private checkOneLeader(node: SimNode, partition: string, batchEpoch: number): void {
    const image = node.node?.image
    const topic = image?.topicsByName.get(partition.slice(0, partition.lastIndexOf('-')))
    const registration = topic?.partitions.get(Number(partition.slice(partition.lastIndexOf('-') + 1)))
    if (registration === undefined || registration.leaderEpoch !== batchEpoch) return
    const key = `${partition}@${batchEpoch}`
    const known = this.accepting.get(key)
    if (known !== undefined && known !== node.id) {
      this.observed.world.violated(
        'one leader per epoch accepts writes',
        `both ${known} and ${node.id} have acknowledged records in epoch ${batchEpoch} of ${partition}`,
      )
    }
    this.accepting.set(key, node.id)
  }
}
