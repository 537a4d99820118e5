/** Who reads each partition of a group, who read it last, and since when nobody does. */
import type { TopicPartition } from '../../../client/admin-types.ts'
import type { MemberName, Move, StopReason } from './step.ts'
import { type GroupView, ownersOf } from './view.ts'

interface Place {
  readonly partition: TopicPartition
  owner: MemberName | null
  /** The last one that read it. */
  last: MemberName | null
  /** When reading stopped; null when it was not seen, or has not. */
  stoppedAt: number | null
}

export interface Stop {
  readonly why: StopReason
  readonly partitions: readonly (TopicPartition & { readonly from: MemberName | null })[]
}

/** `all`: everything stands still; `none`: owners keep what they have; null: the view says who owns what. */
export type Pause = 'all' | 'none' | null

export class Ownership {
  readonly #places = new Map<string, Place>()

  /** Partitions that somebody reads or has read. */
  get total(): number {
    return this.#places.size
  }

  /** As the group stood when watching began. */
  begin(view: GroupView): void {
    for (const [key, { partition, memberId }] of ownersOf(view)) {
      const owner = memberName(view, memberId)
      this.#places.set(key, { partition, owner, last: owner, stoppedAt: null })
    }
  }

  /** What stopped and what went on between two views. */
  advance(before: GroupView, next: GroupView, at: number, pause: Pause): { stopped: Stop[]; moves: Move[] } {
    const owners = pause === null ? ownersOf(next) : new Map<string, { partition: TopicPartition; memberId: string }>()
    const stopped = this.#stop(before, next, at, pause, owners)
    const moves: Move[] = []
    for (const [key, { partition, memberId }] of owners) {
      const to = memberName(next, memberId)!
      const place = this.#placeOf(key, partition)
      if (place.owner?.memberId === memberId) continue
      // From hand to hand between two looks: how long nobody read is not known.
      const stoodStillMs = place.owner !== null || place.stoppedAt === null ? null : at - place.stoppedAt
      moves.push({ ...partition, from: place.last, to, stoodStillMs })
      place.owner = to
      place.last = to
      place.stoppedAt = null
    }
    return { stopped, moves: moves.sort(byPartition) }
  }

  #placeOf(key: string, partition: TopicPartition): Place {
    const known = this.#places.get(key)
    if (known !== undefined) return known
    const place: Place = { partition, owner: null, last: null, stoppedAt: null }
    this.#places.set(key, place)
    return place
  }

  #stop(before: GroupView, next: GroupView, at: number, pause: Pause, owners: ReadonlyMap<string, unknown>): Stop[] {
    const byReason = new Map<StopReason, (TopicPartition & { from: MemberName | null })[]>()
    for (const [key, place] of this.#places) {
      const { owner, partition } = place
      if (owner === null || owners.has(key)) continue
      const isGone = before.members.has(owner.memberId) && !next.members.has(owner.memberId)
      if (pause === 'none' && !isGone) continue
      place.owner = null
      place.stoppedAt = at
      const why: StopReason = pause === 'all' ? 'rebalance' : isGone ? 'left' : 'revoked'
      byReason.set(why, [...(byReason.get(why) ?? []), { ...partition, from: owner }])
    }
    return [...byReason].map(([why, partitions]) => ({ why, partitions: partitions.sort(byPartition) }))
  }

  /** What a member reads, or read until everything stood still. */
  lastOf(memberId: string): TopicPartition[] {
    const places = [...this.#places.values()].filter(({ last }) => last?.memberId === memberId)
    return places.map(({ partition }) => partition).sort(byPartition)
  }

  unread(): TopicPartition[] {
    const places = [...this.#places.values()].filter(({ owner }) => owner === null)
    return places.map(({ partition }) => partition).sort(byPartition)
  }

  /** The time that partitions stand still already, summed up. */
  standingMs(at: number): number {
    let sum = 0
    for (const { owner, stoppedAt } of this.#places.values())
      if (owner === null && stoppedAt !== null) sum += at - stoppedAt
    return sum
  }
}

function memberName(view: GroupView, memberId: string): MemberName | null {
  const member = view.members.get(memberId)
  if (member === undefined) return null
  return { memberId, groupInstanceId: member.groupInstanceId, clientId: member.clientId, host: member.host }
}

/** By topic, then by number. */
export function byPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition
}
