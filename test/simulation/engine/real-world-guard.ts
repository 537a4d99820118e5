/**
 * Keeps the real world out of a simulation: `setImmediate` becomes an event, and real timers, clocks and randomness that
 * the project's code reaches for are reported, since the run could not be repeated with them.
 */
import type { Scheduler } from './scheduler.ts'

/** What node and the test runner do in the background is not ours to judge. */
const OUR_CODE =
  /[/\\]main[/\\]src[/\\]|[/\\]src[/\\](base|protocol|network|log|raft|metadata|controller|coordinator|broker)[/\\]/

type Restore = () => void

function replace<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): Restore {
  const original = target[key]
  target[key] = value
  return () => {
    target[key] = original
  }
}

/** The call passes through, unless the project's own code makes it. */
function guarded<F extends (...parameters: never[]) => unknown>(
  name: string,
  real: F,
  leak: (text: string) => void,
): F {
  const call = function (this: unknown, ...parameters: Parameters<F>): unknown {
    const stack = new Error().stack ?? ''
    const caller = stack.split('\n').slice(2, 5).join('\n')
    if (OUR_CODE.test(caller)) leak(`${name} of the real world was called\n${caller}`)
    return real.apply(this, parameters)
  }
  return call as unknown as F
}

/** Returns what puts the real world back. `leak` is told where the code reached past its clock or dice. */
export function guardRealWorld(scheduler: Scheduler, leak: (text: string) => void): Restore {
  const immediate = ((callback: (...given: unknown[]) => void, ...given: unknown[]) => {
    const event = scheduler.after(0, scheduler.current, () => callback(...given))
    return event as unknown as NodeJS.Immediate
  }) as typeof setImmediate
  const restores = [
    replace(globalThis, 'setImmediate', immediate),
    replace(globalThis, 'setTimeout', guarded('setTimeout', setTimeout, leak) as typeof setTimeout),
    replace(globalThis, 'setInterval', guarded('setInterval', setInterval, leak) as typeof setInterval),
    replace(Date, 'now', guarded('Date.now', Date.now, leak)),
    replace(performance, 'now', guarded('performance.now', performance.now, leak)),
    replace(Math, 'random', guarded('Math.random', Math.random, leak)),
    replace(crypto, 'getRandomValues', guarded('crypto.getRandomValues', crypto.getRandomValues, leak)),
  ]
  return () => {
    for (const restore of restores.reverse()) restore()
  }
}
