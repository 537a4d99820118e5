import type { Clock, Timer } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { BufferPool } from './buffer-pool.ts'
import type { UnifiedLog } from './log.ts'

/** How often a log directory is looked after; Kafka's settings in milliseconds. */
export interface MaintenanceIntervals {
  /** `log.retention.check.interval.ms` */
  readonly retentionCheckIntervalMs: number
  /** `log.flush.scheduler.interval.ms`; Kafka's default is never, `flush.ms` needs it lower. */
  readonly flushSchedulerIntervalMs: number
  /** `log.flush.offset.checkpoint.interval.ms` */
  readonly recoveryPointCheckpointIntervalMs: number
  /** `log.flush.start.offset.checkpoint.interval.ms` */
  readonly logStartOffsetCheckpointIntervalMs: number
  /** `replica.high.watermark.checkpoint.interval.ms` */
  readonly highWatermarkCheckpointIntervalMs: number
  /** `producer.id.expiration.check.interval.ms` */
  readonly producerExpirationCheckIntervalMs: number
}

export const DEFAULT_INTERVALS: MaintenanceIntervals = {
  retentionCheckIntervalMs: 300_000,
  flushSchedulerIntervalMs: Number.MAX_SAFE_INTEGER,
  recoveryPointCheckpointIntervalMs: 60_000,
  logStartOffsetCheckpointIntervalMs: 60_000,
  highWatermarkCheckpointIntervalMs: 5_000,
  producerExpirationCheckIntervalMs: 600_000,
}

/** Logs handled before the event loop gets its turn again. */
const LOGS_PER_STEP = 16
/** Index files lag behind their mirrors by this much at most, for tools that look at the files of a running node. */
const INDEX_WRITE_INTERVAL_MS = 5_000
/** Kafka waits this long before it starts to look after the logs (`log.initial.task.delay.ms`). */
const INITIAL_DELAY_MS = 30_000

/** What the tasks work on. */
export interface MaintainedLogs {
  logs(): Iterable<UnifiedLog>
  checkpointHighWatermarks(): void
  checkpointRecoveryPoints(): void
  checkpointLogStartOffsets(): void
}

interface Surroundings {
  readonly clock: Clock
  readonly logger: Logger
  readonly buffers: BufferPool
  readonly producerIdExpirationMs: number
}

interface Task {
  readonly name: string
  readonly intervalMs: number
  readonly run: () => void
}

/** The periodic work of a log directory: retention, flushes, checkpoints. Stops with the manager. */
export class Maintenance {
  private readonly target: MaintainedLogs
  private readonly env: Surroundings
  private readonly intervals: MaintenanceIntervals
  private readonly timers = new Map<string, Timer>()
  private stopped = true

  constructor(target: MaintainedLogs, env: Surroundings, intervals: Partial<MaintenanceIntervals>) {
    this.target = target
    this.env = env
    this.intervals = { ...DEFAULT_INTERVALS, ...intervals }
  }

  start(): void {
    this.stopped = false
    for (const task of this.tasks()) this.schedule(task, Math.min(task.intervalMs, INITIAL_DELAY_MS))
  }

  stop(): void {
    this.stopped = true
    for (const timer of this.timers.values()) timer.cancel()
    this.timers.clear()
  }

  private tasks(): Task[] {
    const { intervals, target, env } = this
    const each = (step: (log: UnifiedLog) => void) => () => this.each(step)
    const tasks: Task[] = [
      {
        name: 'kafka-log-retention',
        intervalMs: intervals.retentionCheckIntervalMs,
        run: each((log) => void log.deleteOldSegments()),
      },
      {
        name: 'kafka-log-flusher',
        intervalMs: intervals.flushSchedulerIntervalMs,
        run: each((log) => this.flushWhenDue(log)),
      },
      {
        name: 'kafka-recovery-point-checkpoint',
        intervalMs: intervals.recoveryPointCheckpointIntervalMs,
        run: () => target.checkpointRecoveryPoints(),
      },
      {
        name: 'kafka-log-start-offset-checkpoint',
        intervalMs: intervals.logStartOffsetCheckpointIntervalMs,
        run: () => target.checkpointLogStartOffsets(),
      },
      {
        name: 'highwatermark-checkpoint',
        intervalMs: intervals.highWatermarkCheckpointIntervalMs,
        run: () => target.checkpointHighWatermarks(),
      },
      {
        name: 'producer-expiration',
        intervalMs: intervals.producerExpirationCheckIntervalMs,
        run: each((log) => log.removeExpiredProducers(env.producerIdExpirationMs)),
      },
      { name: 'index-write', intervalMs: INDEX_WRITE_INTERVAL_MS, run: each((log) => log.writeIndexes()) },
    ]
    return tasks.filter((task) => task.intervalMs < Number.MAX_SAFE_INTEGER)
  }

  private flushWhenDue(log: UnifiedLog): void {
    if (!log.failed && this.env.clock.now() - log.lastFlushMs >= log.config.flushMs) log.flush()
  }

  private schedule(task: Task, delayMs: number): void {
    const timer = this.env.clock.setTimer(delayMs, () => this.run(task), { background: true })
    this.timers.set(task.name, timer)
  }

  private run(task: Task): void {
    if (this.stopped) return
    try {
      task.run()
    } catch (error) {
      this.env.logger.error(`The task ${task.name} failed`, error)
    }
    this.schedule(task, task.intervalMs)
  }

  /** A few logs at a time. A log that fails has said so itself; the others still get their turn. */
  private each(step: (log: UnifiedLog) => void): void {
    const waiting = Array.from(this.target.logs())
    const next = (): void => {
      if (this.stopped) return
      for (const log of waiting.splice(0, LOGS_PER_STEP)) {
        try {
          step(log)
        } catch (error) {
          this.env.logger.error(`Maintenance of ${log.topic}-${log.partition} failed`, error)
        }
      }
      if (waiting.length > 0) this.env.clock.setTimer(0, next, { background: true })
    }
    next()
  }
}
