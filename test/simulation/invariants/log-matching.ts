/**
 * Log matching: two logs that have a batch of the same epoch at the same offset have the same batch there and the same
 * one before it. Since only its leader writes under an epoch, this also says that an epoch has one leader.
 */
import type { LoggedBatch } from '../world/log-model.ts'
import type { Invariant, Observed } from './invariants.ts'

interface Known {
  readonly crc: number
  readonly nodeId: number
  /** Base offset and epoch of the batch before; null where no log had one. */
  previous: string | null
}

const identity = ({ baseOffset, epoch }: LoggedBatch): string => `${baseOffset}@${epoch}`

export class LogMatching implements Invariant {
  private readonly observed: Observed
  private readonly known = new Map<string, Map<string, Known>>()

  constructor(observed: Observed) {
    this.observed = observed
  }

  onAppend(nodeId: number, partition: string, batch: LoggedBatch, previous: LoggedBatch | null): void {
    let batches = this.known.get(partition)
    if (batches === undefined) {
      batches = new Map()
      this.known.set(partition, batches)
    }
    const key = identity(batch)
    const before = previous === null ? null : identity(previous)
    const other = batches.get(key)
    if (other === undefined) {
      batches.set(key, { crc: batch.crc, nodeId, previous: before })
      return
    }
    const at = `${partition} at offset ${batch.baseOffset}, epoch ${batch.epoch}`
    if (other.crc !== batch.crc) {
      this.fail(`${at}: node ${nodeId} has checksum ${batch.crc}, node ${other.nodeId} has ${other.crc}`)
    }
    if (before !== null && other.previous !== null && before !== other.previous) {
      this.fail(`${at}: before it node ${nodeId} has ${before}, node ${other.nodeId} has ${other.previous}`)
    }
    other.previous ??= before
  }

  private fail(detail: string): void {
    this.observed.world.violated('log matching', detail)
  }
}
