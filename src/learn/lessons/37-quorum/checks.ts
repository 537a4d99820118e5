/** How many controllers ran at a time, from the journal; and what was seen while they did. */
import type { NodeFact } from '../../facts/facts.ts'
import type { Event } from '../../journal.ts'

/** Controllers that ran at that time; all of them when the lesson began. Pure. */
export function runningAt(events: readonly Event[], controllers: readonly number[], at: number): number {
  const down = new Set<number>()
  for (const event of events) {
    if (event.kind !== 'node' || event.at > at || !controllers.includes(event.id)) continue
    if (event.to === 'running') down.delete(event.id)
    else down.add(event.id)
  }
  return controllers.length - down.size
}

export function controllersOf(nodes: readonly NodeFact[] | null): number[] {
  return (nodes ?? []).filter(({ isController }) => isController).map(({ nodeId }) => nodeId)
}
