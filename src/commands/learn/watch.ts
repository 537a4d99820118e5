/** A lesson on a terminal without the full screen: looks again and again, and tells what turned. Ends with Ctrl-C alone. */
import type { CommandContext } from '../../cli/context.ts'
import { isQuiet } from '../../learn/event-text.ts'
import type { Verdict } from '../../learn/verdict.ts'
import { eventLine, goalText, type Page } from './render.ts'
import type { Seeing, Sitting } from './sitting.ts'

/** Between two looks at the local cluster, and at others, where each request costs somebody something. */
export const LOOK_INTERVAL_MS = { local: 400, other: 1_500 } as const

export interface WatchParts {
  readonly sitting: Sitting
  readonly page: Page
  readonly intervalMs: number
  /** What has been printed already. */
  readonly seen: Seeing
  /** Tells what happened and why; called once. */
  readonly onPassed: (seeing: Seeing) => void
}

/** Resolves when the signal comes, or the lesson is no longer the current one: then with `moved`. */
export async function watchLesson(parts: WatchParts, context: CommandContext): Promise<'ended' | 'moved'> {
  const { sitting, page, intervalMs } = parts
  const { clock, signal, stdout } = context
  let last = parts.seen
  let isTold = last.after !== null
  for (;;) {
    await pause(context, intervalMs)
    if (signal.aborted) return 'ended'
    if (!sitting.isCurrent()) return 'moved'
    const began = clock.monotonic()
    const now = await sitting.look()
    if (signal.aborted) return 'ended'
    for (const event of now.events.filter((each) => !isQuiet(each))) stdout.write(eventLine(event, page))
    for (const goal of turned(last, now)) stdout.write(goalText(goal, page))
    if (now.after !== null && !isTold) {
      isTold = true
      parts.onPassed(now)
    }
    last = now
    await stdout.drain()
    // A look that took long is followed by a longer pause: watching must not be what keeps a cluster busy.
    if (clock.monotonic() - began > intervalMs) await pause(context, intervalMs)
  }
}

/** Goals that say something else than before, in a way that a person wants to know at once. */
export function turned(before: Seeing, now: Seeing): Seeing['goals'] {
  return now.goals.filter(({ verdict }, at) => keyOf(verdict) !== keyOf(before.goals[at]!.verdict))
}

function keyOf(verdict: Verdict): string {
  if ('why' in verdict) return `${verdict.state} ${verdict.why}`
  return `${verdict.state} ${verdict.state === 'not-yet' ? `${verdict.waitingFor ?? ''} ${verdict.wayOut?.why ?? ''}` : ''}`
}

function pause({ clock, signal }: CommandContext, delayMs: number): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.setTimer(delayMs, end)
    signal.addEventListener('abort', end, { once: true })
  })
}
