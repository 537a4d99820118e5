/**
 * The metadata quorum: an epoch has one leader (election safety); whoever begins to lead has everything that was ever
 * committed (leader completeness); what was committed stays as it is, for everybody (state machine safety).
 */
import { Reader } from '../../../src/base/bytes.ts'
import type { MetadataImage } from '../../../src/metadata/types.ts'
import { decode } from '../../../src/protocol/codec.ts'
import { leaderChangeMessage } from '../../../src/protocol/control/control-records.ts'
import { decodeRequestHeader } from '../../../src/protocol/header.ts'
import { beginQuorumEpoch } from '../../../src/protocol/messages/53-begin-quorum-epoch.ts'
import { decodeRecords } from '../../../src/protocol/records/record.ts'
import { AT, isControlBatch } from '../../../src/protocol/records/record-batch.ts'
import type { LoggedBatch } from '../world/log-model.ts'
import type { SimNode } from '../world/sim-node.ts'
import type { Invariant, Observed } from './invariants.ts'

const METADATA_LOG = '__cluster_metadata-0'
const SIZE_BYTES = 4
const CONTROL_KEY_BYTES = 4
const LEADER_CHANGE = 2

interface Committed {
  readonly offset: number
  readonly epoch: number
}

export class QuorumSafety implements Invariant {
  private readonly observed: Observed
  private readonly leaders = new Map<number, number>()
  /** Newest record known to be committed. */
  private committed: Committed = { offset: -1, epoch: -1 }
  /** Epoch of the record at each offset that some image has reached. */
  private readonly epochAt = new Map<number, number>()

  constructor(observed: Observed) {
    this.observed = observed
  }

  onRequest(_node: SimNode | null, frame: Buffer): void {
    if (frame.readInt16BE(SIZE_BYTES) !== beginQuorumEpoch.key) return
    const reader = new Reader(frame.subarray(SIZE_BYTES))
    const { apiVersion } = decodeRequestHeader(reader)
    const { topics } = decode(beginQuorumEpoch.request, apiVersion, reader) as {
      topics: { partitions: { leaderId: number; leaderEpoch: number }[] }[]
    }
    for (const { leaderId, leaderEpoch } of topics.flatMap(({ partitions }) => partitions)) {
      this.claim(leaderEpoch, leaderId)
    }
  }

  onAppend(nodeId: number, partition: string, batch: LoggedBatch, _previous: LoggedBatch | null, bytes: Buffer): void {
    if (partition !== METADATA_LOG) return
    this.checkCommittedIsKept(nodeId, batch)
    if (!isControlBatch(bytes.readInt16BE(AT.attributes))) return
    const leaderId = leaderOf(bytes)
    if (leaderId === null) return
    const isNew = this.claim(batch.epoch, leaderId)
    if (isNew || leaderId === nodeId) this.checkComplete(leaderId, batch)
  }

  /** True when nobody was known to lead this epoch. */
  private claim(epoch: number, leaderId: number): boolean {
    const known = this.leaders.get(epoch)
    if (known !== undefined && known !== leaderId) {
      this.fail('election safety', `both ${known} and ${leaderId} lead epoch ${epoch} of the quorum`)
    }
    this.leaders.set(epoch, leaderId)
    return known === undefined
  }

  private checkComplete(leaderId: number, first: LoggedBatch): void {
    const { offset, epoch } = this.committed
    if (offset < 0 || first.epoch <= epoch) return
    const log = this.observed.logs(leaderId).get(METADATA_LOG)
    // Below its start a log stands behind a snapshot, which holds committed records only.
    if (log === null || offset < log.startOffset) return
    const found = log.at(offset)
    if (found?.epoch === epoch) return
    const what = found === null ? 'nothing' : `epoch ${found.epoch}`
    this.fail(
      'leader completeness',
      `${leaderId} leads epoch ${first.epoch}, committed is ${offset} of epoch ${epoch}, it has ${what} there`,
    )
  }

  /** A node must not put anything else where something committed was. */
  private checkCommittedIsKept(nodeId: number, batch: LoggedBatch): void {
    const expected = this.epochAt.get(batch.lastOffset)
    if (expected === undefined || expected === batch.epoch) return
    // A leader that was deposed may still write to its own log; nobody will take it.
    if (batch.epoch < expected) return
    this.fail('state machine safety', `${nodeId} wrote ${text(batch)} where epoch ${expected} was committed`)
  }

  onImage(node: SimNode, { offset, epoch }: MetadataImage): void {
    if (offset < 0) return
    const known = this.epochAt.get(offset)
    if (known !== undefined && known !== epoch) {
      this.fail('state machine safety', `node ${node.id} committed ${offset} of epoch ${epoch}, others of ${known}`)
    }
    this.epochAt.set(offset, epoch)
    if (offset > this.committed.offset) this.committed = { offset, epoch }
  }

  private fail(invariant: string, detail: string): void {
    this.observed.world.violated(invariant, detail)
  }
}

function text({ baseOffset, lastOffset, epoch }: LoggedBatch): string {
  return `${baseOffset}-${lastOffset} of epoch ${epoch}`
}

/** Who says in this control batch that it leads; null when it says something else. */
function leaderOf(bytes: Buffer): number | null {
  for (const { key, value } of decodeRecords(bytes, 0)) {
    if (key === null || value === null || key.length < CONTROL_KEY_BYTES) continue
    if (key.readInt16BE(2) !== LEADER_CHANGE) continue
    return (decode(leaderChangeMessage, 0, new Reader(value)) as { leaderId: number }).leaderId
  }
  return null
}
