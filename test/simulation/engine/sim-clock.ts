/** A process's own view of time: its wall clock may be wrong and its timers fire late, as real ones do. */
import type { Clock, Timer } from '../../../src/base/clock.ts'
import type { Dice } from './dice.ts'
import { type Scheduler, START_OF_TIME_MS } from './scheduler.ts'
import type { SimProcess } from './sim-process.ts'

/** Node rounds shorter delays up to this. */
const MIN_TIMER_MS = 1

/** A real timer fires up to about this much late on a machine that is not busy. */
const MAX_LATENESS_MS = 1

export class SimClock implements Clock {
  private readonly scheduler: Scheduler
  private readonly process: SimProcess
  private readonly dice: Dice
  /** How far the wall clock is off. */
  skewMs: number

  constructor(scheduler: Scheduler, process: SimProcess, dice: Dice, skewMs = 0) {
    this.scheduler = scheduler
    this.process = process
    this.dice = dice
    this.skewMs = skewMs
  }

  now(): number {
    return Math.floor(START_OF_TIME_MS + this.scheduler.now + this.skewMs)
  }

  monotonic(): number {
    return this.scheduler.now
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const late = this.dice.next() * MAX_LATENESS_MS
    const delay = Math.max(MIN_TIMER_MS, Number.isFinite(delayMs) ? delayMs : MIN_TIMER_MS) + late
    return this.scheduler.after(delay, this.process, callback)
  }
}
