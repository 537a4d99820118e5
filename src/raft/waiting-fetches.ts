/**
 * Fetches of the metadata log that wait for news (KIP-595). Owner of the fetches that wait: each is answered once, at the
 * latest when its time is up.
 */
import type { Clock, Timer } from '../base/clock.ts'

/** Fetches that may wait at once; beyond it they are answered at once. More than any cluster has nodes. */
const MAX_WAITING = 4_096

export interface WaitingFetch<T> {
  /** Who fetches; a second fetch of the same replica answers the first. */
  readonly replica: string
  /** Voters hear of what is appended, observers only of what is committed. */
  readonly isVoter: boolean
  readonly maxWaitMs: number
  /** Ends when the connection is gone: nobody is left to answer. */
  readonly closed: AbortSignal
  /** Makes the answer with what there is by then. */
  readonly complete: () => T
}

interface Held<T> {
  readonly fetch: WaitingFetch<T>
  readonly finish: () => void
  readonly leave: () => void
}

export class WaitingFetches<T> {
  private readonly clock: Clock
  private readonly held = new Map<string, Held<T>>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  get size(): number {
    return this.held.size
  }

  wait(fetch: WaitingFetch<T>): Promise<T> | T {
    this.held.get(fetch.replica)?.finish()
    if (this.held.size >= MAX_WAITING) return fetch.complete()
    return new Promise((resolve, reject) => {
      let timer: Timer | null = null
      const leave = (): void => {
        timer?.cancel()
        fetch.closed.removeEventListener('abort', finish)
        if (this.held.get(fetch.replica) === held) this.held.delete(fetch.replica)
      }
      const finish = (): void => {
        leave()
        try {
          resolve(fetch.complete())
        } catch (error) {
          reject(error)
        }
      }
      const held: Held<T> = { fetch, finish, leave }
      this.held.set(fetch.replica, held)
      timer = this.clock.setTimer(fetch.maxWaitMs, finish, { background: true })
      fetch.closed.addEventListener('abort', finish)
    })
  }

  /** There is something for voters. */
  wakeVoters(): void {
    this.wake(({ isVoter }) => isVoter)
  }

  wakeAll(): void {
    this.wake(() => true)
  }

  /** Forgets them all, unanswered. */
  drop(): void {
    for (const { leave } of [...this.held.values()]) leave()
  }

  private wake(concerns: (fetch: WaitingFetch<T>) => boolean): void {
    for (const { fetch, finish } of [...this.held.values()]) if (concerns(fetch)) finish()
  }
}
