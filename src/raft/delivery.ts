/**
 * Hands what is committed to the listeners, in order and without a gap. Owner of the position up to which they were served
 * and of the leader they were last told of.
 */
import { batchHeaders, readBatch } from './batch-reader.ts'
import type { CommittedBatch, LeaderAndEpoch, RaftListener, RaftLog, SnapshotId } from './types.ts'

/** Bytes read from the log at once. */
const READ_BYTES = 1024 * 1024

export class Delivery {
  private readonly log: RaftLog
  private readonly onFailure: (error: unknown) => void
  private readonly listeners: RaftListener[] = []
  private next = 0
  /** Our own batches that listeners have not seen, so that they need not be read back. */
  private own: CommittedBatch[] = []
  private told: LeaderAndEpoch | null = null
  private toTell: { readonly leader: LeaderAndEpoch; readonly afterOffset: number } | null = null

  /** `onFailure`: a listener threw; the node cannot go on. */
  constructor(log: RaftLog, onFailure: (error: unknown) => void) {
    this.log = log
    this.onFailure = onFailure
  }

  add(listeners: readonly RaftListener[]): void {
    this.listeners.push(...listeners)
  }

  /** Offset of the next record for the listeners. */
  get nextOffset(): number {
    return this.next
  }

  snapshot(id: SnapshotId, read: () => Iterable<CommittedBatch>): void {
    this.next = id.endOffset
    this.own = []
    this.tell((listener) => listener.onSnapshot(id, read()))
  }

  /** A batch this node has just appended as leader. */
  appended(batch: CommittedBatch): void {
    this.own.push(batch)
  }

  /** What we appended and is not committed may be replaced by another leader's records. */
  forgetOwn(): void {
    this.own = []
  }

  /** Hands over everything below `end`: first what only the log has, then our own batches. */
  deliver(end: number): void {
    const firstOwn = this.own[0]?.baseOffset ?? end
    while (this.next < Math.min(firstOwn, end)) this.deliverFromLog(Math.min(firstOwn, end))
    let count = 0
    while (count < this.own.length && this.own[count]!.lastOffset < end) count++
    if (count > 0) this.hand(this.own.splice(0, count))
    this.tellLeader()
  }

  private deliverFromLog(end: number): void {
    const data = this.log.read(this.next, READ_BYTES, 'log-end', true)
    try {
      const batches: CommittedBatch[] = []
      for (const { at, header } of batchHeaders(data.records)) {
        if (header.lastOffset >= end) break
        if (header.baseOffset >= this.next) batches.push(readBatch(data.records, at, header))
      }
      if (batches.length === 0) throw new Error(`metadata log has nothing at ${this.next}, expected up to ${end}`)
      this.hand(batches)
    } finally {
      data.release()
    }
  }

  private hand(batches: readonly CommittedBatch[]): void {
    this.next = batches.at(-1)!.lastOffset + 1
    this.tell((listener) => listener.onCommit(batches))
  }

  /** Told once listeners have seen what lies before `afterOffset`, inclusive; -1: at once. */
  leaderChanged(leader: LeaderAndEpoch, afterOffset: number): void {
    this.toTell = { leader, afterOffset }
    this.tellLeader()
  }

  private tellLeader(): void {
    if (this.toTell === null || this.next <= this.toTell.afterOffset) return
    const { leader } = this.toTell
    this.toTell = null
    if (this.told?.epoch === leader.epoch && this.told.leaderId === leader.leaderId) return
    this.told = leader
    this.tell((listener) => listener.onLeaderChange(leader))
  }

  private tell(call: (listener: RaftListener) => void): void {
    for (const listener of this.listeners) {
      try {
        call(listener)
      } catch (error) {
        this.onFailure(error)
      }
    }
  }
}
