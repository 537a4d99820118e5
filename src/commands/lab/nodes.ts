/** What laboratories do to brokers, and how the cluster is whole again afterwards, whatever ended them. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { NodeFact } from '../../learn/facts/facts.ts'
import type { StageNodes } from '../../learn/stage.ts'
import type { Place } from '../learn/place.ts'
import { pause } from '../pause.ts'

/** Brokers of the bundled cluster that may be paused and killed. */
export interface LabNodes {
  readonly brokers: readonly number[]
  readonly stage: StageNodes
}

const ENOUGH_BROKERS = 3

/** Throws where brokers are not ours, are too few, or are controllers as well. */
export function labNodes({ localNodes, stageNodes }: Place, what: string): LabNodes {
  if (localNodes === null || stageNodes === null) {
    throw new KtError('usage', `${what} kills brokers, which is done to the bundled cluster alone`, {
      next: 'kt lab acks --local',
    })
  }
  const brokers = localNodes().filter(isMereBroker)
  if (brokers.length < ENOUGH_BROKERS) {
    throw new KtError('usage', `${what} needs ${ENOUGH_BROKERS} brokers that are no controllers`, {
      facts: [`this cluster has ${brokers.length}`],
      next: 'kt cluster reset && kt cluster start',
    })
  }
  return { brokers: brokers.map(({ nodeId }) => nodeId), stage: stageNodes }
}

function isMereBroker({ isBroker, isController }: NodeFact): boolean {
  return isBroker && !isController
}

/** Does the work; then everything runs again and nothing is paused, also after Ctrl-C. */
export async function restoring<T>(nodes: LabNodes, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    // Paused ones first: they are back at once, also when there is little time left.
    await nodes.stage.heal()
    await nodes.stage.startAll()
  }
}

/** Asks again until it is so. Throws when it takes too long, and when the command was interrupted. */
export async function until<T>(
  { clock, signal }: Pick<CommandContext, 'clock' | 'signal'>,
  limitMs: number,
  what: string,
  look: () => Promise<T | null>,
): Promise<T> {
  const began = clock.monotonic()
  for (;;) {
    const found = await look().catch(() => null)
    if (found !== null) return found
    if (clock.monotonic() - began > limitMs) {
      throw new KtError('timeout', `${what}: not within ${limitMs / 1000} s`, { next: 'kt cluster status' })
    }
    await pause(clock, LOOK_MS, signal)
    interrupted(signal)
  }
}

const LOOK_MS = 100

/** Throws once Ctrl-C was pressed. */
export function interrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new KtError('interrupted', 'interrupted; brokers that were paused or killed run again')
}
