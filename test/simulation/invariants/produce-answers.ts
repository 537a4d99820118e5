/**
 * What leaders tell producers: at most one node accepts writes under a leader epoch, and what it acknowledges is there,
 * and on as many other replicas as min.insync.replicas asks for.
 */
import { Reader } from '../../../src/base/bytes.ts'
import { configOf } from '../../../src/metadata/image.ts'
import { CONFIG_RESOURCE, type MetadataImage } from '../../../src/metadata/types.ts'
import { decode } from '../../../src/protocol/codec.ts'
import { decodeRequestHeader, decodeResponse } from '../../../src/protocol/header.ts'
import { type ProduceRequest, produce } from '../../../src/protocol/messages/00-produce.ts'
import { readBatchHeader } from '../../../src/protocol/records/record-batch.ts'
import type { LoggedBatch } from '../world/log-model.ts'
import type { SimNode } from '../world/sim-node.ts'
import type { AcknowledgedKept } from './acknowledged-kept.ts'
import type { Invariant, Observed } from './invariants.ts'

const SIZE_BYTES = 4
const ACKS_ALL = -1
/** What the nodes are configured with. */
const DEFAULT_MIN_IN_SYNC = 2

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
    this.checkCopies(node, partition, stored)
    this.ledger.acknowledged(node.id, partition, stored)
  }

  /**
   * What power failures took since it was replicated is counted as if it were there. An image may bring a smaller ISR and,
   * later, a larger minimum at once: the leader goes through what lies between.
   */
  private checkCopies(node: SimNode, partition: string, batch: LoggedBatch): void {
    const { observed } = this
    const { newestImage, nodes, world } = observed
    const images = [node.node!.image, newestImage, observed.imageBefore(node)].filter((image) => image !== null)
    const needed = Math.min(...images.map((image) => minInSync(image, partition)))
    const holders = nodes.filter(({ id }) => {
      if (observed.mayHaveLostBytes(id, partition)) return true
      const found = observed.logs(id).get(partition)?.at(batch.baseOffset)
      return found?.crc === batch.crc && found.epoch === batch.epoch
    })
    if (holders.length >= needed) return
    world.violated(
      'an acknowledged record is on min.insync.replicas logs',
      `node ${node.id} acknowledged ${batch.baseOffset}-${batch.lastOffset} of ${partition}, which only ` +
        `${holders.map(({ id }) => id)} have, ${needed} are needed`,
    )
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

/** How many copies the topic asks for; more than there are replicas cannot be asked for. */
function minInSync(image: MetadataImage, partition: string): number {
  const at = partition.lastIndexOf('-')
  const topic = partition.slice(0, at)
  const replicas = image.topicsByName.get(topic)?.partitions.get(Number(partition.slice(at + 1)))?.replicas.length ?? 0
  const configured = configOf(image, { type: CONFIG_RESOURCE.TOPIC, name: topic }).get('min.insync.replicas')
  return Math.min(Number(configured ?? DEFAULT_MIN_IN_SYNC), replicas)
}
