import type { CommandContext } from '../cli/context.ts'

/** What came instead of the next thing. */
export type NotCome = 'idle' | 'interrupted'

/**
 * Lets what `start` fails with end the waiting for `next` too. Once it has succeeded `next` is given as it is: every race
 * with a promise that never settles would be kept by it, one for each batch of a long run.
 */
export function untilStarted(start: Promise<void>): <T>(next: Promise<T>) => Promise<T> {
  let isStarting = true
  const failed = start.then(() => {
    isStarting = false
    return new Promise<never>(() => undefined)
  })
  // Told by whoever waits for the next; by nobody when the waiting has ended before.
  failed.catch(() => undefined)
  return (next) => (isStarting ? Promise.race([next, failed]) : next)
}

/** What `next` resolves to; `idle` when it takes longer than `limitMs`, `interrupted` at Ctrl-C. Rejects as it does. */
export function awaitNext<T>(
  next: Promise<T>,
  limitMs: number,
  { clock, signal }: Pick<CommandContext, 'clock' | 'signal'>,
): Promise<T | NotCome> {
  // Its failure is looked at below, or by nobody when the waiting has ended before.
  next.catch(() => undefined)
  if (signal.aborted) return Promise.resolve('interrupted')
  return new Promise((resolve, reject) => {
    const settle = (how: () => void): void => {
      timer.cancel()
      signal.removeEventListener('abort', interrupted)
      how()
    }
    const interrupted = (): void => settle(() => resolve('interrupted'))
    const timer = clock.setTimer(limitMs, () => settle(() => resolve('idle')))
    signal.addEventListener('abort', interrupted, { once: true })
    next.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    )
  })
}
