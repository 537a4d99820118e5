/**
 * What the active controller does from time to time. A task that has more to do than one run may is run again soon; one
 * that fails waits long, so that a defect does not keep the controller busy (Kafka's PeriodicTaskControlManager).
 */
import type { Clock, Timer } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'

/** Before the next run when there is more to do: what waits in between gets its turn. */
const SOON_MS = 10
const AFTER_FAILURE_MS = 5 * 60_000

export interface PeriodicTask {
  readonly name: string
  readonly intervalMs: number
  /** True when there is more to do. */
  run(): boolean
}

export class PeriodicTasks {
  private readonly clock: Clock
  private readonly logger: Logger
  private readonly tasks: readonly PeriodicTask[]
  private readonly timers = new Map<string, Timer>()

  constructor(tasks: readonly PeriodicTask[], clock: Clock, logger: Logger) {
    this.tasks = tasks
    this.clock = clock
    this.logger = logger
  }

  start(): void {
    this.stop()
    for (const task of this.tasks) this.schedule(task, task.intervalMs)
  }

  stop(): void {
    for (const timer of this.timers.values()) timer.cancel()
    this.timers.clear()
  }

  private schedule(task: PeriodicTask, delayMs: number): void {
    const run = (): void => {
      const nextMs = this.nextDelayMs(task)
      // The run itself may have found that leadership is lost, and stopped everything.
      if (this.timers.get(task.name) === timer) this.schedule(task, nextMs)
    }
    const timer = this.clock.setTimer(delayMs, run, { background: true })
    this.timers.set(task.name, timer)
  }

  private nextDelayMs(task: PeriodicTask): number {
    try {
      return task.run() ? SOON_MS : task.intervalMs
    } catch (error) {
      this.logger.error(`periodic task ${task.name} failed`, error)
      return AFTER_FAILURE_MS
    }
  }
}
