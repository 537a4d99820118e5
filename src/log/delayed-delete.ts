import type { Clock, Timer } from '../base/clock.ts'
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'

/** Paths removed in one go, so that deleting a big topic does not hold up everything else. */
const MAX_PATHS_PER_STEP = 64

interface Doomed {
  readonly path: string
  readonly dueMs: number
}

/**
 * Files and directories that are out of use and go after `file.delete.delay.ms`. What is still waiting at close is
 * removed then: nobody reads any more.
 */
export class DelayedDelete {
  private readonly files: FileSystem
  private readonly clock: Clock
  private readonly logger: Logger
  private waiting: Doomed[] = []
  private timer: Timer | null = null

  constructor(files: FileSystem, clock: Clock, logger: Logger) {
    this.files = files
    this.clock = clock
    this.logger = logger
  }

  get pending(): number {
    return this.waiting.length
  }

  add(paths: readonly string[], delayMs: number): void {
    const dueMs = this.clock.monotonic() + delayMs
    for (const path of paths) this.waiting.push({ path, dueMs })
    this.arm()
  }

  close(): void {
    this.timer?.cancel()
    this.timer = null
    for (const { path } of this.waiting.splice(0)) this.remove(path)
  }

  private arm(): void {
    if (this.timer !== null || this.waiting.length === 0) return
    let nextMs = Number.POSITIVE_INFINITY
    for (const { dueMs } of this.waiting) nextMs = Math.min(nextMs, dueMs)
    const delayMs = Math.max(0, nextMs - this.clock.monotonic())
    this.timer = this.clock.setTimer(delayMs, () => this.step(), { background: true })
  }

  private step(): void {
    this.timer = null
    const now = this.clock.monotonic()
    const due: Doomed[] = []
    const later: Doomed[] = []
    for (const doomed of this.waiting) {
      const goes = doomed.dueMs <= now && due.length < MAX_PATHS_PER_STEP
      ;(goes ? due : later).push(doomed)
    }
    this.waiting = later
    for (const { path } of due) this.remove(path)
    this.arm()
  }

  private remove(path: string): void {
    try {
      if (this.files.exists(path)) this.files.removeTree(path)
    } catch (error) {
      this.logger.warn(`Could not delete ${path}; the next start will`, error)
    }
  }
}
