import type { Clock } from '../base/clock.ts'
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'
import type { Random } from '../base/random.ts'
import type { Timeline } from '../base/timeline.ts'
import type { BufferPool } from './buffer-pool.ts'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import type { OpenFiles } from './log-file.ts'
import type { ProducerState } from './producer-state.ts'
import type { SegmentList } from './segment-list.ts'
import type { Log, LogConfig } from './types.ts'

/** What all logs of a process share. */
export interface LogEnvironment {
  readonly files: FileSystem
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Left out: nobody is told. */
  readonly timeline?: Timeline
  readonly buffers: BufferPool
  readonly openFiles: OpenFiles
  readonly producerIdExpirationMs: number
  /** Removes files once readers that may still hold them are done. */
  deleteLater(paths: readonly string[], delayMs: number): void
  /**
   * A log was cut below what the checkpoint files may say of it: they are to be written before it grows again. Left out
   * where nobody keeps such files.
   */
  onShortened?(): void
  /** Called once when a log stops taking appends. */
  onFailure(log: Log, error: unknown): void
}

/** A log as the loader hands it over. */
export interface LogParts {
  readonly topic: string
  readonly partition: number
  readonly topicId: string | null
  readonly directory: string
  readonly config: LogConfig
  readonly segments: SegmentList
  readonly leaderEpochs: LeaderEpochCache
  readonly producers: ProducerState
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly recoveryPoint: number
}
