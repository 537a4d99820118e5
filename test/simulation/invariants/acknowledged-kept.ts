/**
 * No record acknowledged with acks=all is lost: whoever leads a partition has all of them, from the moment in which it
 * knows itself as leader. Also the ledger of what was acknowledged, for the end of a run.
 */
import type { MetadataImage } from '../../../src/metadata/types.ts'
import type { LoggedBatch } from '../world/log-model.ts'
import type { SimNode } from '../world/sim-node.ts'
import { type Invariant, type Observed, partitionsOf } from './invariants.ts'

export interface AcknowledgedBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly epoch: number
  readonly crc: number
}

interface KnownLeader {
  readonly leaderId: number
  readonly leaderEpoch: number
}

export class AcknowledgedKept implements Invariant {
  private readonly observed: Observed
  /** Per partition, by base offset. */
  private readonly ledger = new Map<string, Map<number, AcknowledgedBatch>>()
  private readonly newest = new Map<string, AcknowledgedBatch>()
  private readonly leaders = new Map<string, KnownLeader>()

  constructor(observed: Observed) {
    this.observed = observed
  }

  /** Everything acknowledged in `partition`, in order of offsets. */
  batches(partition: string): AcknowledgedBatch[] {
    return [...(this.ledger.get(partition)?.values() ?? [])].sort((a, b) => a.baseOffset - b.baseOffset)
  }

  /** A node is about to tell a producer that this is safe. */
  acknowledged(nodeId: number, partition: string, batch: LoggedBatch): void {
    let batches = this.ledger.get(partition)
    if (batches === undefined) {
      batches = new Map()
      this.ledger.set(partition, batches)
    }
    const known = batches.get(batch.baseOffset)
    if (known !== undefined && known.crc !== batch.crc) {
      this.fail(
        `${partition}: node ${nodeId} acknowledges other records at ${batch.baseOffset} than were acknowledged before`,
      )
    }
    const { baseOffset, lastOffset, epoch, crc } = batch
    batches.set(baseOffset, { baseOffset, lastOffset, epoch, crc })
    if (lastOffset > (this.newest.get(partition)?.lastOffset ?? -1)) this.newest.set(partition, batch)
    const leader = this.leaders.get(partition)
    if (leader === undefined || leader.leaderId === nodeId) return
    // A leader that has just lost power leads no more, though nobody knows it yet: what counts is who comes next.
    if (!this.observed.hasLostBytes(leader.leaderId, partition)) this.checkHas(leader, partition, batch)
  }

  /**
   * A broker that lost power may be elected before the controller knows; what counts is whether it ever takes itself for
   * the leader. By log matching it is enough to look for the newest one.
   */
  onImage(node: SimNode, image: MetadataImage): void {
    for (const { name, registration } of partitionsOf(image)) {
      const { leader, leaderEpoch } = registration
      const known = this.leaders.get(name)
      if (leader !== node.id || (known !== undefined && known.leaderEpoch >= leaderEpoch)) continue
      const now = { leaderId: leader, leaderEpoch }
      this.leaders.set(name, now)
      const newest = this.newest.get(name)
      if (newest !== undefined) this.checkHas(now, name, newest)
    }
  }

  private checkHas({ leaderId, leaderEpoch }: KnownLeader, partition: string, batch: AcknowledgedBatch): void {
    const log = this.observed.logs(leaderId).get(partition)
    const found = log?.at(batch.lastOffset) ?? null
    if (found?.crc === batch.crc && found.epoch === batch.epoch) return
    const what = found === null ? `ends at ${log?.endOffset ?? 0}` : `has epoch ${found.epoch} there`
    this.fail(
      `${partition}: acknowledged ${batch.baseOffset}-${batch.lastOffset} of epoch ${batch.epoch}, ` +
        `but the log of node ${leaderId}, leader of epoch ${leaderEpoch}, ${what}`,
    )
  }

  private fail(detail: string): void {
    this.observed.world.violated('no acknowledged record is lost', detail)
  }
}
