import { join } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { systemClock } from '../base/clock.ts'
import { type FileSystem, nodeFileSystem } from '../base/file-system.ts'
import { type Logger, silentLogger } from '../base/logger.ts'
import { type Random, systemRandom } from '../base/random.ts'
import type { Timeline } from '../base/timeline.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import { BufferPool } from './buffer-pool.ts'
import { offsetCheckpointLines, readOffsetCheckpoint, writeCheckpoint } from './checkpoint-file.ts'
import { CleanShutdownMarker } from './clean-shutdown.ts'
import { DelayedDelete } from './delayed-delete.ts'
import { DirectoryLock, type Processes, systemProcesses } from './directory-lock.ts'
import {
  LOG_START_OFFSET_CHECKPOINT,
  parsePartitionDirectory,
  partitionName,
  RECOVERY_POINT_CHECKPOINT,
  REPLICATION_OFFSET_CHECKPOINT,
  renamedDirectory,
} from './file-names.ts'
import { openLog } from './loader.ts'
import type { UnifiedLog } from './log.ts'
import type { LogEnvironment } from './log-environment.ts'
import { OpenFiles } from './log-file.ts'
import { Maintenance, type MaintenanceIntervals } from './maintenance.ts'
import { DEFAULT_PRODUCER_ID_EXPIRATION_MS } from './producer-state.ts'
import type { Log, LogConfig } from './types.ts'

/** The metadata log has its own owner, who opens it with `getOrCreate`. */
const METADATA_TOPIC = '__cluster_metadata'

export interface LogManagerOptions {
  /** One log directory (`log.dirs`); made when it is not there. */
  readonly directory: string
  /** Settings of a topic's logs, asked for each log found at start. */
  readonly configFor: (topic: string) => LogConfig
  readonly files?: FileSystem
  readonly clock?: Clock
  readonly random?: Random
  readonly logger?: Logger
  readonly timeline?: Timeline
  readonly processes?: Processes
  readonly producerIdExpirationMs?: number
  readonly intervals?: Partial<MaintenanceIntervals>
  /** Called once per log that stops taking appends because of a failed write. */
  readonly onFailure?: (log: Log, error: unknown) => void
}

/** All logs of one log directory (KAFKA `LogManager`), the directory's lock and its checkpoint files. */
export class LogManager {
  readonly directory: string
  /** True when the last run closed this directory in order. */
  readonly hadCleanShutdown: boolean
  /** Broker epoch of that run, for the registration (KIP-966). */
  readonly previousBrokerEpoch: number | null
  private readonly options: LogManagerOptions
  private readonly env: LogEnvironment
  private readonly lock: DirectoryLock
  private readonly marker: CleanShutdownMarker
  private readonly deletes: DelayedDelete
  private readonly maintenance: Maintenance
  private readonly open = new Map<string, UnifiedLog>()
  private readonly startOffsets: ReadonlyMap<string, number>
  private readonly recoveryPoints: ReadonlyMap<string, number>
  private readonly highWatermarks: ReadonlyMap<string, number>
  /** Partitions opened or made in this run: the checkpoints of the last one no longer apply to them. */
  private readonly seen = new Set<string>()
  private readonly writtenCheckpoints = new Map<string, string>()
  private closed = false

  private constructor(options: LogManagerOptions) {
    const { directory, files = nodeFileSystem, clock = systemClock, logger = silentLogger } = options
    files.makeDirectory(directory)
    this.options = options
    this.directory = directory
    this.lock = DirectoryLock.acquire(files, directory, options.processes ?? systemProcesses)
    this.marker = new CleanShutdownMarker(files, directory)
    this.hadCleanShutdown = this.marker.exists()
    this.previousBrokerEpoch = this.marker.brokerEpoch()
    this.deletes = new DelayedDelete(files, clock, logger)
    this.env = {
      files,
      clock,
      logger,
      timeline: options.timeline,
      random: options.random ?? systemRandom,
      buffers: new BufferPool(),
      openFiles: new OpenFiles(),
      producerIdExpirationMs: options.producerIdExpirationMs ?? DEFAULT_PRODUCER_ID_EXPIRATION_MS,
      deleteLater: (paths, delayMs) => this.deletes.add(paths, delayMs),
      onShortened: () => {
        this.checkpointRecoveryPoints()
        this.checkpointHighWatermarks()
      },
      onFailure: (log, error) => options.onFailure?.(log, error),
    }
    this.startOffsets = this.readOffsets(LOG_START_OFFSET_CHECKPOINT)
    this.recoveryPoints = this.readOffsets(RECOVERY_POINT_CHECKPOINT)
    this.highWatermarks = this.readOffsets(REPLICATION_OFFSET_CHECKPOINT)
    this.maintenance = new Maintenance(this, this.env, options.intervals ?? {})
    // From here on a killed process has to be recovered from.
    this.marker.remove()
  }

  /**
   * Locks the directory and loads every log in it. Throws `KtError` of kind conflict when another process uses it.
   * Logs of `__cluster_metadata` are left to `getOrCreate`.
   */
  static async open(options: LogManagerOptions): Promise<LogManager> {
    const manager = new LogManager(options)
    try {
      await manager.loadAll()
    } catch (error) {
      manager.lock.release()
      throw error
    }
    manager.maintenance.start()
    return manager
  }

  private async loadAll(): Promise<void> {
    for (const name of this.env.files.list(this.directory).sort()) {
      const found = parsePartitionDirectory(name)
      const path = join(this.directory, name)
      if (found === null || !this.env.files.stat(path).isDirectory) continue
      if (found.kind === 'deleted') this.deletes.add([path], 0)
      else if (found.kind === 'log' && found.topic !== METADATA_TOPIC) {
        this.load(found.topic, found.partition, null, this.options.configFor(found.topic))
        // A long recovery leaves room for others between two logs.
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }

  private load(topic: string, partition: number, topicId: string | null, config: LogConfig): UnifiedLog {
    const name = partitionName(topic, partition)
    const known = !this.seen.has(name)
    this.seen.add(name)
    const log = openLog(this.env, {
      directory: join(this.directory, name),
      ...{ topic, partition, topicId, config },
      logStartOffset: (known ? this.startOffsets.get(name) : undefined) ?? 0,
      recoveryPoint: (known ? this.recoveryPoints.get(name) : undefined) ?? 0,
      cleanShutdown: known && this.hadCleanShutdown,
    })
    if (known) log.updateHighWatermark(this.highWatermarks.get(name) ?? 0)
    this.open.set(name, log)
    return log
  }

  get(topic: string, partition: number): UnifiedLog | null {
    return this.open.get(partitionName(topic, partition)) ?? null
  }

  /**
   * The log of a partition, made when there is none. Throws INCONSISTENT_TOPIC_ID when the directory belongs to a
   * topic of the same name that was deleted and made anew.
   */
  getOrCreate(topic: string, partition: number, topicId: string | null, config: LogConfig): UnifiedLog {
    const log = this.get(topic, partition) ?? this.storing(() => this.load(topic, partition, topicId, config))
    if (topicId !== null && log.topicId === null) this.storing(() => log.assignTopicId(topicId))
    if (topicId !== null && log.topicId !== topicId) {
      throw new KafkaError(
        'INCONSISTENT_TOPIC_ID',
        `Tried to assign topic ID ${topicId} to log for topic partition ${partitionName(topic, partition)}, ` +
          `but log already contained topic ID ${log.topicId}`,
      )
    }
    return log
  }

  private storing<T>(step: () => T): T {
    try {
      return step()
    } catch (error) {
      if (error instanceof KafkaError) throw error
      this.env.logger.error(`The log directory ${this.directory} failed`, error)
      throw new KafkaError('KAFKA_STORAGE_ERROR', error instanceof Error ? error.message : String(error))
    }
  }

  /** Takes a partition's log out of use: its directory is renamed at once and deleted after `file.delete.delay.ms`. */
  remove(topic: string, partition: number): boolean {
    return this.takeOut(topic, partition, 'delete')
  }

  /** The metadata knows no such replica: the directory gets a name that nobody opens, and is left for people to look at. */
  moveAside(topic: string, partition: number): boolean {
    return this.takeOut(topic, partition, 'stray')
  }

  private takeOut(topic: string, partition: number, kind: 'delete' | 'stray'): boolean {
    const name = partitionName(topic, partition)
    const log = this.open.get(name)
    if (log === undefined) return false
    this.open.delete(name)
    this.storing(() => {
      log.abandon()
      const renamed = join(this.directory, renamedDirectory(topic, partition, kind, this.env.random))
      this.env.files.rename(log.directory, renamed)
      log.moveTo(renamed)
      if (kind === 'delete') this.deletes.add([renamed], log.config.fileDeleteDelayMs)
    })
    return true
  }

  /** Every open log, in no order. */
  logs(): IterableIterator<UnifiedLog> {
    return this.open.values()
  }

  /** Shared read buffers, for who wants to know what they hold. */
  get buffers(): BufferPool {
    return this.env.buffers
  }

  /** Writes `replication-offset-checkpoint`; the broker may also call it when a leader changes. */
  checkpointHighWatermarks(): void {
    this.checkpoint(REPLICATION_OFFSET_CHECKPOINT, (log) => log.highWatermark)
  }

  checkpointRecoveryPoints(): void {
    this.checkpoint(RECOVERY_POINT_CHECKPOINT, (log) => log.recoveryPoint)
  }

  /** Only logs whose first segment does not already say where they start. */
  checkpointLogStartOffsets(): void {
    this.checkpoint(LOG_START_OFFSET_CHECKPOINT, (log) =>
      log.logStartOffset > (log.segmentBaseOffsets[0] ?? 0) ? log.logStartOffset : null,
    )
  }

  private checkpoint(name: string, offsetOf: (log: UnifiedLog) => number | null): void {
    const entries = []
    for (const log of this.open.values()) {
      const offset = offsetOf(log)
      if (offset !== null) entries.push({ topic: log.topic, partition: log.partition, offset })
    }
    const lines = offsetCheckpointLines(entries)
    const text = lines.join('\n')
    // An idle node writes nothing.
    if (this.writtenCheckpoints.get(name) === text) return
    this.storing(() => writeCheckpoint(this.env.files, join(this.directory, name), lines))
    this.writtenCheckpoints.set(name, text)
  }

  private readOffsets(name: string): Map<string, number> {
    try {
      return readOffsetCheckpoint(this.env.files, join(this.directory, name))
    } catch (error) {
      this.env.logger.warn(
        `Error occurred while reading ${name} of directory ${this.directory}, starting without`,
        error,
      )
      return new Map()
    }
  }

  /** Closes all logs, writes the checkpoints and, when nothing failed, the clean shutdown marker. */
  close(brokerEpoch = -1): void {
    if (this.closed) return
    this.closed = true
    this.maintenance.stop()
    let clean = true
    for (const log of this.open.values()) clean = this.closeLog(log) && clean
    this.deletes.close()
    try {
      this.checkpointRecoveryPoints()
      this.checkpointHighWatermarks()
      this.checkpointLogStartOffsets()
      if (clean) this.marker.write(brokerEpoch)
    } catch (error) {
      this.env.logger.error(`The checkpoints of ${this.directory} could not be written`, error)
    }
    this.lock.release()
  }

  /** Ends as a crash does: files are closed as they are, nothing more is written. The next start recovers them. */
  abandon(): void {
    if (this.closed) return
    this.closed = true
    this.maintenance.stop()
    for (const log of this.open.values()) log.abandon()
    this.deletes.close()
    this.lock.release()
  }

  private closeLog(log: UnifiedLog): boolean {
    if (log.failed) {
      log.abandon()
      return false
    }
    try {
      log.close()
      return true
    } catch (error) {
      this.env.logger.error(`The log of ${log.topic}-${log.partition} could not be closed`, error)
      return false
    }
  }
}
