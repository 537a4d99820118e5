import { dirname } from 'node:path'
import { syncFilesLater } from './durability.ts'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import type { LogEnvironment, LogParts } from './log-environment.ts'
import type { SegmentList } from './segment-list.ts'

/** Owns the recovery point: every offset below it has reached the disk, and a restart need not check it again. */
export class LogFlusher {
  private readonly env: LogEnvironment
  private readonly segments: SegmentList
  private readonly leaderEpochs: LeaderEpochCache
  private readonly onError: (error: unknown) => void
  private flushedOffset: number
  private flushedMs: number
  private running = false
  private stopped = false
  /** Counts truncations: a background flush that started before one proves nothing about what came after. */
  private truncations = 0

  constructor(env: LogEnvironment, parts: LogParts, onError: (error: unknown) => void) {
    this.env = env
    this.segments = parts.segments
    this.leaderEpochs = parts.leaderEpochs
    this.onError = onError
    this.flushedOffset = parts.recoveryPoint
    this.flushedMs = env.clock.now()
  }

  get recoveryPoint(): number {
    return this.flushedOffset
  }
  get lastFlushMs(): number {
    return this.flushedMs
  }

  /** Forces everything below `endOffset` to the disk before it returns. */
  flush(endOffset: number): void {
    if (this.flushedOffset >= endOffset) return
    const { active } = this.segments
    let newFiles = false
    for (const segment of this.segments.range(this.flushedOffset, endOffset)) {
      segment.log.sync()
      if (segment !== active) segment.syncIndexes()
      newFiles ||= segment.baseOffset >= this.flushedOffset
    }
    if (newFiles) this.env.files.syncDirectory(this.directory())
    this.leaderEpochs.sync()
    this.flushedOffset = endOffset
    this.flushedMs = this.env.clock.now()
  }

  private directory(): string {
    return dirname(this.segments.active.log.path)
  }

  /** Syncs what lies before the active segment without waiting; one such flush runs at a time. */
  flushInBackground(): void {
    if (this.running) return
    const target = this.segments.active.baseOffset
    const paths = this.segments.range(this.flushedOffset, target).flatMap((segment) => segment.durableFiles())
    const { truncations } = this
    this.running = true
    syncFilesLater(this.env.files, paths, (error) => {
      this.running = false
      if (this.stopped || truncations !== this.truncations) return
      if (error !== null) {
        this.onError(error)
        return
      }
      this.startsAt(target)
      this.flushedMs = this.env.clock.now()
      // Rolled again in the meantime.
      if (this.segments.active.baseOffset > target) this.flushInBackground()
    })
  }

  /** Nothing below `offset` matters any more. */
  startsAt(offset: number): void {
    this.flushedOffset = Math.max(this.flushedOffset, offset)
  }

  /**
   * Makes a truncation durable. What a power failure brings back of it would lie between what is written next: a cut that
   * is undone, or a segment that is there again.
   */
  syncTruncation(): void {
    this.segments.active.log.sync()
    this.env.files.syncDirectory(this.directory())
    this.leaderEpochs.sync()
  }

  /** The log was truncated. */
  endsAt(offset: number): void {
    this.truncations++
    this.flushedOffset = Math.min(this.flushedOffset, offset)
  }

  stop(): void {
    this.stopped = true
  }
}
