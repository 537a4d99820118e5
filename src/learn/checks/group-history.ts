/** A consumer group over time, put together again from the journal: who had what is over as soon as somebody joins. */
import type { Event } from '../journal.ts'

export interface GroupMoment {
  /** When it was seen, in ms since 1970. */
  readonly at: number
  readonly state: string
  /** Partitions of each member, `orders-0`; [] for one that has none. */
  readonly members: readonly (readonly string[])[]
}

const key = (partitions: readonly string[]): string => partitions.join(',')

/** Each state of the group that a look has seen since the lesson began, oldest first. Pure. */
export function groupMoments(events: readonly Event[], group: string): GroupMoment[] {
  const moments: GroupMoment[] = []
  let state = 'absent'
  let members: (readonly string[])[] = []
  const without = (partitions: readonly string[]): (readonly string[])[] => {
    const at = members.findIndex((each) => key(each) === key(partitions))
    return at < 0 ? members : members.toSpliced(at, 1)
  }
  const own = events.filter((event) => 'group' in event && event.group === group)
  for (const [at, event] of own.entries()) {
    if (event.kind === 'group') state = event.to
    else if (event.kind === 'member') members = event.change === 'joined' ? [...members, []] : without([])
    else if (event.kind === 'assignment') members = [...without(event.from), event.to]
    // Events of one look belong to one moment.
    if (own[at + 1]?.at !== event.at) moments.push({ at: event.at, state, members })
  }
  return moments
}

/** Members with and without partitions, at a moment when nobody was on the way. */
export function settledMoment(
  moments: readonly GroupMoment[],
  { busy, idle }: { readonly busy: number; readonly idle: number },
): GroupMoment | undefined {
  return moments.findLast(({ state, members }) => {
    const { length } = members.filter((partitions) => partitions.length > 0)
    return state === 'Stable' && length === busy && members.length - length === idle
  })
}
