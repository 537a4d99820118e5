/** One life of an operating-system process: what ends with kill -9 and stands still with SIGSTOP. */

/** An event that a paused process has not seen yet. */
interface MissedEvent {
  readonly cancelled: boolean
  run(): void
}

export class SimProcess {
  readonly name: string
  state: 'running' | 'paused' | 'dead' = 'running'
  readonly backlog: MissedEvent[] = []

  constructor(name: string) {
    this.name = name
  }

  get alive(): boolean {
    return this.state !== 'dead'
  }

  pause(): void {
    if (this.state === 'running') this.state = 'paused'
  }

  /** For good: nothing of it runs again, though its promises may still be held by somebody. */
  kill(): void {
    this.state = 'dead'
    this.backlog.length = 0
  }
}

/** Thrown at code of a process that is dead: it must not be able to do anything any more. */
export class ProcessDeadError extends Error {
  override readonly name = 'ProcessDeadError'

  constructor(process: SimProcess, operation: string) {
    super(`${process.name} is dead and cannot ${operation}`)
  }
}
