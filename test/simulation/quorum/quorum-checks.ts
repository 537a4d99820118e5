/**
 * What must hold of a quorum, checked with every batch that any node hands to its listeners and every leader it tells of:
 * election safety, leader completeness, log matching, committed records stay, the high watermark never goes back.
 */
import { crc32c } from '../../../src/base/crc32c.ts'
import { batchHeaders } from '../../../src/raft/batch-reader.ts'
import type { CommittedBatch, LeaderAndEpoch } from '../../../src/raft/types.ts'

export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant'
  readonly invariant: string

  constructor(invariant: string, detail: string) {
    super(`${invariant}: ${detail}`)
    this.invariant = invariant
  }
}

/** Everything up to an offset in one number: two nodes that agree here agree on all before. */
export type Chain = number

export const EMPTY_CHAIN: Chain = 0

export function nextChain(before: Chain, { baseOffset, lastOffset, epoch, values, control }: CommittedBatch): Chain {
  const text = JSON.stringify([before, baseOffset, lastOffset, epoch, control.map(({ type }) => type)])
  return values.reduce((sum, value) => crc32c(Buffer.concat([Buffer.from(`${sum}`), value])), crc32c(Buffer.from(text)))
}

/** A log as far as it is compared with others. */
export interface ComparedLog {
  readonly id: number
  readonly logStartOffset: number
  readonly logEndOffset: number
  read(offset: number): Buffer
}

interface Position {
  readonly chain: Chain
  readonly epoch: number
  readonly firstSeenBy: number
}

export class QuorumChecks {
  /** End offset of a committed batch -> what all before it amounts to. */
  private readonly committed = new Map<number, Position>()
  private readonly leaders = new Map<number, number>()
  private readonly acknowledged = new Map<string, number>()
  private readonly seenValues = new Map<string, number>()
  private newest = 0
  /** Told of what is broken; in a simulation the run ends with it. */
  readonly fail: (error: BrokenInvariant) => void

  constructor(fail: (error: BrokenInvariant) => void) {
    this.fail = fail
    this.committed.set(0, { chain: EMPTY_CHAIN, epoch: 0, firstSeenBy: -1 })
  }

  /** End of the newest batch that anybody knows to be committed. */
  get newestEnd(): number {
    return this.newest
  }
  get leaderCount(): number {
    return this.leaders.size
  }
  get acknowledgedCount(): number {
    return this.acknowledged.size
  }

  private broken(invariant: string, detail: string): void {
    this.fail(new BrokenInvariant(invariant, detail))
  }

  /** A node was handed a batch as committed; gives the chain at its end. */
  committedBatch(nodeId: number, before: Chain, batch: CommittedBatch): Chain {
    const chain = nextChain(before, batch)
    const end = batch.lastOffset + 1
    this.reached(nodeId, end, chain, batch.epoch)
    for (const value of batch.values) this.seenValues.set(value.toString(), end)
    return chain
  }

  /** A node says that everything below `end` is committed and amounts to `chain`. */
  reached(nodeId: number, end: number, chain: Chain, epoch: number): void {
    const known = this.committed.get(end)
    if (known === undefined) {
      if (end < this.newest) {
        this.broken('state machine safety', `node ${nodeId} has a batch end at ${end} that no other has`)
      }
      this.committed.set(end, { chain, epoch, firstSeenBy: nodeId })
      this.newest = Math.max(this.newest, end)
    } else if (known.chain !== chain || known.epoch !== epoch) {
      const theirs = `node ${known.firstSeenBy} epoch ${known.epoch} chain ${known.chain}`
      this.broken('state machine safety', `up to ${end} node ${nodeId} has epoch ${epoch} chain ${chain}, ${theirs}`)
    }
  }

  leader(tellingNode: number, { leaderId, epoch }: LeaderAndEpoch): void {
    if (leaderId === null) return
    const known = this.leaders.get(epoch)
    if (known !== undefined && known !== leaderId) {
      this.broken('election safety', `node ${tellingNode} says ${leaderId} leads epoch ${epoch}, but ${known} does`)
    }
    this.leaders.set(epoch, leaderId)
  }

  /** Called when a node has begun to lead, before it commits anything. */
  beganToLead(nodeId: number, epoch: number, logEndOffset: number, epochAt: (offset: number) => number | null): void {
    const end = this.newest
    const position = this.committed.get(end)!
    if (end === 0 || position.epoch >= epoch) return
    const has = logEndOffset >= end
    const epochThere = has ? epochAt(end - 1) : null
    // Behind its snapshot a log knows no epochs, but a snapshot holds what is committed.
    if (has && (epochThere === position.epoch || epochThere === null)) return
    const what = `log ends at ${logEndOffset}, epoch at ${end - 1} is ${epochThere}`
    this.broken(
      'leader completeness',
      `node ${nodeId} leads ${epoch}: ${what}, committed is ${end} of ${position.epoch}`,
    )
  }

  /** An append was acknowledged to whoever made it: its leader at least has shown it to its listeners. */
  acknowledge(value: string, offset: number): void {
    if (offset >= this.newest) {
      this.broken('only what is committed is acknowledged', `${value} at ${offset}, committed is ${this.newest}`)
    }
    this.acknowledged.set(value, offset)
  }

  /** At the end of a run, when somebody has everything. */
  checkNothingLost(): void {
    for (const [value, offset] of this.acknowledged) {
      if (!this.seenValues.has(value)) this.broken('no committed record lost', `${value}, acknowledged at ${offset}`)
    }
  }

  /** Same offset and epoch: same bytes, here and everywhere before. */
  checkLogsMatch(a: ComparedLog, b: ComparedLog): void {
    const start = Math.max(a.logStartOffset, b.logStartOffset)
    const left = batchesFrom(a, start)
    const right = batchesFrom(b, start)
    let agreed = true
    let checked = 0
    for (const [offset, batch] of left) {
      const other = right.get(offset)
      if (other === undefined || batch.epoch !== other.epoch) {
        agreed = false
        continue
      }
      checked++
      if (!agreed || !batch.bytes.equals(other.bytes)) {
        this.broken(
          'log matching',
          `nodes ${a.id} and ${b.id} at ${offset} of epoch ${batch.epoch}, ${checked} compared`,
        )
        return
      }
    }
  }
}

function batchesFrom(log: ComparedLog, start: number): Map<number, { epoch: number; bytes: Buffer }> {
  const found = new Map<number, { epoch: number; bytes: Buffer }>()
  for (let offset = start; offset < log.logEndOffset; ) {
    const bytes = log.read(offset)
    const before = offset
    for (const { at, header } of batchHeaders(bytes)) {
      offset = header.lastOffset + 1
      if (header.baseOffset < start) continue
      const batch = bytes.subarray(at, at + header.sizeInBytes)
      found.set(header.baseOffset, { epoch: header.partitionLeaderEpoch, bytes: batch })
    }
    if (offset === before) break
  }
  return found
}
