import { type ManualClock, settled } from './manual-clock.ts'

/** Moves time on in small steps until `work` has settled, for at most `limitMs` of the clock's time. */
export async function drive<T>(clock: ManualClock, work: Promise<T>, limitMs = 60_000, stepMs = 10): Promise<T> {
  let done = false
  const finished = work.finally(() => {
    done = true
  })
  finished.catch(() => undefined)
  for (let passed = 0; !done && passed < limitMs; passed += stepMs) {
    await settled()
    if (!done) await clock.advance(stepMs)
    // Sockets live in real time: on a busy machine the clock must not run away from them.
    if (!done) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  if (!done) throw new Error(`not settled after ${limitMs} ms`)
  return finished
}
