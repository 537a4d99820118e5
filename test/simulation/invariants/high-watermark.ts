/**
 * The high watermark as leaders tell it: never back within a leader epoch, and never above what every replica in sync has
 * in its log. One that has lost power is left out until it has left the ISR. A leader knows the next ISR from the answer
 * to AlterPartition, before any image has it: what it tells is then judged by the next state of the partition.
 */
import { Reader } from '../../../src/base/bytes.ts'
import type { MetadataImage, TopicImage } from '../../../src/metadata/types.ts'
import { decodeRequestHeader, decodeResponse } from '../../../src/protocol/header.ts'
import { fetch } from '../../../src/protocol/messages/01-fetch.ts'
import type { SimNode } from '../world/sim-node.ts'
import type { Invariant, Observed } from './invariants.ts'

const SIZE_BYTES = 4
/** By then the change of the ISR that explains a high watermark is in somebody's image. */
const WAIT_MS = 5_000

/** A high watermark above the log of a replica in sync, as far as the ISR is known. */
interface Suspicion {
  readonly topicId: string
  readonly index: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  /** Replicas that did not have it, with their log ends. */
  readonly behind: ReadonlyMap<number, number>
  readonly text: string
  readonly untilMs: number
}

export class HighWatermark implements Invariant {
  private readonly observed: Observed
  private suspicions: Suspicion[] = []
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
    if (agreed.leaderEpoch !== own.leaderEpoch) return
    const behind = this.behind(partition, [...new Set([...own.isr, ...agreed.replicas])], highWatermark)
    const late = agreed.isr.filter((id) => behind.has(id))
    if (late.length === 0) return
    const { leaderEpoch, partitionEpoch } = agreed
    const text = `node ${node.id} tells ${highWatermark} for ${partition}, but of ISR ${agreed.isr} ${late.map((id) => `replica ${id} ends at ${behind.get(id)}`).join(', ')}`
    this.suspicions.push({
      topicId: topic.id,
      index,
      leaderEpoch,
      partitionEpoch,
      behind,
      text,
      untilMs: this.now + WAIT_MS,
    })
  }

  private get now(): number {
    return this.observed.world.scheduler.now
  }

  /** Replicas whose log ends below the high watermark, with its end. */
  private behind(partition: string, replicas: readonly number[], highWatermark: number): Map<number, number> {
    const found = new Map<number, number>()
    for (const replica of replicas) {
      if (this.observed.hasLostBytes(replica, partition)) continue
      const end = this.observed.logs(replica).get(partition)?.endOffset ?? 0
      if (end < highWatermark) found.set(replica, end)
    }
    return found
  }

  onNewestImage(image: MetadataImage): void {
    if (this.suspicions.length === 0) return
    this.suspicions = this.suspicions.filter((suspicion) => {
      const { topicId, index, leaderEpoch, partitionEpoch, behind, text, untilMs } = suspicion
      const now = image.topicsById.get(topicId)?.partitions.get(index)
      if (now === undefined) return false
      if (now.partitionEpoch === partitionEpoch && this.now < untilMs) return true
      // Two changes in one step: the one between is not known.
      if (now.partitionEpoch > partitionEpoch + 1) return false
      const explained = now.leaderEpoch === leaderEpoch && now.partitionEpoch > partitionEpoch
      if (!explained || now.isr.some((id) => behind.has(id))) {
        this.observed.world.violated("the high watermark is not above the ISR's logs", text)
      }
      return false
    })
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
}
