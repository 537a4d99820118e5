/**
 * The high watermark as leaders tell it: never back within a leader epoch, and never above what every replica in sync has
 * in its log. One that has lost power is left out until it has left the ISR.
 */

import { Reader } from '../../../src/base/bytes.ts'
import type { PartitionRegistration, TopicImage } from '../../../src/metadata/types.ts'
import { decodeRequestHeader, decodeResponse } from '../../../src/protocol/header.ts'
import { fetch } from '../../../src/protocol/messages/01-fetch.ts'
import type { SimNode } from '../world/sim-node.ts'
import type { Invariant, Observed } from './invariants.ts'

const SIZE_BYTES = 4

export class HighWatermark implements Invariant {
  private readonly observed: Observed
  /** `partition@epoch` -> highest told so far. */
  private readonly told = new Map<string, number>()

  constructor(observed: Observed) {
    this.observed = observed
  }

  onResponse(node: SimNode, request: Buffer, response: Buffer): void {
    if (request.readInt16BE(SIZE_BYTES) !== fetch.key) return
    const { apiVersion } = decodeRequestHeader(new Reader(request.subarray(SIZE_BYTES)))
    const image = node.node?.image
    if (image === undefined) return
    const { body } = decodeResponse(fetch, apiVersion, response.subarray(SIZE_BYTES))
    for (const { topicId, partitions } of body.responses) {
      const topic = image.topicsById.get(topicId)
      if (topic === undefined) continue
      for (const { partitionIndex, errorCode, highWatermark } of partitions) {
        if (errorCode === 0 && highWatermark >= 0n) this.check(node, topic, partitionIndex, Number(highWatermark))
      }
    }
  }

  private check(node: SimNode, topic: TopicImage, index: number, highWatermark: number): void {
    const partition = `${topic.name}-${index}`
    const own = topic.partitions.get(index)
    if (own === undefined || own.leader !== node.id) return
    this.checkMonotonic(node, partition, own.leaderEpoch, highWatermark)
    const newest = this.observed.newestImage?.topicsById.get(topic.id)?.partitions.get(index)
    // Within one step the leader may know more than anybody has shown so far.
    const agreed = newest !== undefined && newest.partitionEpoch > own.partitionEpoch ? newest : own
    if (agreed.leaderEpoch === own.leaderEpoch) this.checkInSync(node, partition, agreed, highWatermark)
  }

  private checkMonotonic(node: SimNode, partition: string, leaderEpoch: number, highWatermark: number): void {
    const key = `${partition}@${leaderEpoch}.${node.incarnation}`
    const before = this.told.get(key) ?? 0
    if (highWatermark < before) {
      this.observed.world.violated(
        'the high watermark never goes back',
        `node ${node.id} told ${before} for ${partition} in leader epoch ${leaderEpoch}, and now ${highWatermark}`,
      )
    }
    this.told.set(key, highWatermark)
  }

  private checkInSync(node: SimNode, partition: string, { isr }: PartitionRegistration, highWatermark: number): void {
    for (const replica of isr) {
      if (this.observed.hasLostBytes(replica, partition)) continue
      const end = this.observed.logs(replica).get(partition)?.endOffset ?? 0
      if (end >= highWatermark) continue
      this.observed.world.violated(
        "the high watermark is not above the ISR's logs",
        `node ${node.id} tells ${highWatermark} for ${partition}, but replica ${replica} of ISR ${isr} ends at ${end}`,
      )
    }
  }
}
