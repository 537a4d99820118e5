import { dirname, join } from 'node:path'
import { assert } from '../base/errors.ts'
import type { FileSystem } from '../base/file-system.ts'
import { formatCheckpoint, readCheckpoint } from './checkpoint-file.ts'
import { replaceFile, syncFile } from './durability.ts'
import { CorruptFileError } from './errors.ts'
import { LEADER_EPOCH_CHECKPOINT } from './file-names.ts'
import type { EpochEndOffset } from './types.ts'

/** The first offset that a leader of `epoch` wrote (KIP-101). */
export interface EpochEntry {
  readonly epoch: number
  readonly startOffset: number
}

const LINE = /^(\d+) (\d+)$/

/**
 * Which leader epoch wrote which offsets (KAFKA `LeaderEpochFileCache`): entries ascend in epoch and in start offset.
 * Written to `leader-epoch-checkpoint` at every change.
 */
export class LeaderEpochCache {
  private readonly files: FileSystem
  private path: string
  private entries: EpochEntry[] = []
  private unsynced = false

  constructor(files: FileSystem, directory: string) {
    this.files = files
    this.path = join(directory, LEADER_EPOCH_CHECKPOINT)
  }

  /** Reads the checkpoint; throws `CorruptFileError` when it cannot be understood. */
  load(): void {
    let lines: string[]
    try {
      lines = readCheckpoint(this.files, this.path)
    } catch (error) {
      throw new CorruptFileError(error instanceof Error ? error.message : String(error))
    }
    for (const line of lines) {
      const match = LINE.exec(line)
      if (match === null) throw new CorruptFileError(`${this.path} has the line ${JSON.stringify(line)}`)
      this.insert({ epoch: Number(match[1]), startOffset: Number(match[2]) })
    }
  }

  get all(): readonly EpochEntry[] {
    return this.entries
  }
  get latest(): EpochEntry | null {
    return this.entries.at(-1) ?? null
  }
  get earliest(): EpochEntry | null {
    return this.entries[0] ?? null
  }

  /** Notes that `epoch` starts at `startOffset`; entries that contradict it go. */
  assign(epoch: number, startOffset: number): void {
    if (this.insert({ epoch, startOffset })) this.save()
  }

  private insert(entry: EpochEntry): boolean {
    assert(entry.epoch >= 0 && entry.startOffset >= 0, `leader epoch ${entry.epoch} at offset ${entry.startOffset}`)
    const { latest } = this
    if (latest !== null && latest.epoch === entry.epoch && latest.startOffset <= entry.startOffset) return false
    while (this.conflicts(entry)) this.entries.pop()
    this.entries.push(entry)
    return true
  }

  private conflicts({ epoch, startOffset }: EpochEntry): boolean {
    const { latest } = this
    return latest !== null && (latest.epoch >= epoch || latest.startOffset >= startOffset)
  }

  /** The epoch asked for, or the largest below it, and the offset where the next one starts; -1, -1 when unknown. */
  endOffsetFor(epoch: number, logEndOffset: number): EpochEndOffset {
    const { latest } = this
    if (epoch < 0 || latest === null || epoch > latest.epoch) return { leaderEpoch: -1, endOffset: -1 }
    if (epoch === latest.epoch) return { leaderEpoch: epoch, endOffset: logEndOffset }
    const higher = this.entries.findIndex((entry) => entry.epoch > epoch)
    const leaderEpoch = higher === 0 ? epoch : this.entries[higher - 1]!.epoch
    return { leaderEpoch, endOffset: this.entries[higher]!.startOffset }
  }

  epochForOffset(offset: number): number | null {
    let epoch: number | null = null
    for (const entry of this.entries) {
      if (entry.startOffset > offset) break
      epoch = entry.epoch
    }
    return epoch
  }

  /** Forgets epochs that start at or after `endOffset`. */
  truncateFromEnd(endOffset: number): void {
    const before = this.entries.length
    while (this.entries.length > 0 && this.latest!.startOffset >= endOffset) this.entries.pop()
    if (this.entries.length !== before) this.save()
  }

  /** Forgets epochs that end at or before `startOffset`; the one that spans it starts there from now on. */
  truncateFromStart(startOffset: number): void {
    const kept = this.entries.findIndex((entry) => entry.startOffset > startOffset)
    const removed = kept < 0 ? this.entries.length : kept
    if (removed === 0) return
    const spanning = this.entries[removed - 1]!
    if (removed === 1 && spanning.startOffset === startOffset) return
    this.entries = [{ epoch: spanning.epoch, startOffset }, ...this.entries.slice(removed)]
    this.save()
  }

  clear(): void {
    this.entries = []
    this.save()
  }

  /** Writes the checkpoint even when nothing changed: a new log has one from the start. */
  save(): void {
    const lines = this.entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`)
    replaceFile(this.files, this.path, formatCheckpoint(lines))
    this.unsynced = true
  }

  /** Forces the checkpoint to the disk when it changed. */
  sync(): void {
    if (!this.unsynced) return
    syncFile(this.files, this.path)
    this.files.syncDirectory(dirname(this.path))
    this.unsynced = false
  }

  moveTo(directory: string): void {
    this.path = join(directory, LEADER_EPOCH_CHECKPOINT)
  }
}
