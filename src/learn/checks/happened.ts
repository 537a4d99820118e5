/** Predicates over the journal: what has happened since the lesson began, also when it is already over. */

import type { Event } from '../journal.ts'
import type { Check } from '../lesson.ts'
import { seen } from '../verdict.ts'
import { describe } from './topics.ts'

/** Something of this kind that fits was seen. `observed` tells how the latest one looked. */
export function happened<K extends Event['kind']>(
  kind: K,
  fits: (event: Extract<Event, { kind: K }>) => boolean,
  told: { expected: string; notYet: string; show: string; observed: (event: Extract<Event, { kind: K }>) => string },
): Check {
  return async ({ journal }) => {
    const latest = journal.find(kind, fits).at(-1)
    const { expected, show, notYet } = told
    if (latest === undefined) return seen(false, { expected, observed: notYet, show })
    return seen(true, { expected, observed: `${told.observed(latest)} at ${clockTime(latest.at)}`, show })
  }
}

/** A partition of the topic got another leader than it had. */
export function leaderChanged(topic: string, partition = 0): Check {
  const key = `${topic}-${partition}`
  return happened('leader', (event) => event.partition === key && event.from !== event.to && event.to !== -1, {
    expected: `another leader of partition ${partition}`,
    notYet: 'still the same leader',
    show: describe(topic),
    observed: ({ from, to, epoch }) => `leader ${from === -1 ? 'none' : from} -> ${to}, leader epoch ${epoch}`,
  })
}

/** The ISR of a partition of the topic lost a replica. */
export function isrShrank(topic: string, partition = 0): Check {
  const key = `${topic}-${partition}`
  return happened('isr', (event) => event.partition === key && event.to.length < event.from.length, {
    expected: `a smaller ISR of partition ${partition}`,
    notYet: 'the ISR has lost nobody',
    show: describe(topic),
    observed: ({ from, to }) => `ISR ${from.join(',')} -> ${to.join(',')}`,
  })
}

/** `12:01:03`, as clocks show it here. */
export function clockTime(at: number): string {
  return new Date(at).toTimeString().slice(0, 8)
}
