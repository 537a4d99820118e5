/** One group that is watched: what polls and records say of it, brought together. */
import type { GroupDescription } from '../../../client/admin-types.ts'
import type { GroupRecord } from './group-records.ts'
import { replay, type TopicNames, type Unsettled } from './replay.ts'
import type { Step } from './step.ts'
import { GroupTracker } from './tracker.ts'
import { type GroupView, isRebalancing, keyOf, type MemberView, NO_GROUP, viewOf } from './view.ts'

/** How long a poll's word waits for the record that says it more exactly. */
const RECORD_PATIENCE_MS = 2_000

export class WatchedGroup {
  readonly groupId: string
  readonly tracker = new GroupTracker()
  /** Its records are being read. */
  hasRecords = false
  /** Counts records: what was asked for before one came is old. */
  recordCount = 0
  readonly #unsettled: Unsettled = new Set()
  #heldSince: number | null = null

  constructor(groupId: string) {
    this.groupId = groupId
  }

  get view(): GroupView {
    return this.tracker.view ?? NO_GROUP
  }

  /** `description`: null where there is no such group. */
  polled(description: GroupDescription | null, at: number, uncertaintyMs: number): Step[] {
    const next = description === null || description.state === 'Dead' ? NO_GROUP : viewOf(description)
    const { view } = this
    if (!this.hasRecords || this.tracker.view === null) return this.tracker.update(next, at, uncertaintyMs)
    if (this.#isToldByRecords(next, at)) return []
    if (next.type !== 'Classic') return this.tracker.update(next, at, uncertaintyMs)
    const members = isRebalancing(next) ? keptAssignments(view, next) : next.members
    return this.tracker.update({ ...next, generation: view.generation, members }, at, uncertaintyMs)
  }

  /** A settled group has a record for it, which says more; only where none comes the poll is believed. */
  #isToldByRecords(next: GroupView, at: number): boolean {
    const { view } = this
    const waits = next.type === 'Consumer' || view.type === 'Consumer' || !isRebalancing(next)
    if (!waits || isSame(view, next)) {
      this.#heldSince = null
      return waits
    }
    this.#heldSince ??= at
    return at - this.#heldSince < RECORD_PATIENCE_MS
  }

  /** Records that were written together. */
  recorded(records: readonly GroupRecord[], names: TopicNames, at: number): Step[] {
    this.recordCount += records.length
    this.#heldSince = null
    let view = this.view
    for (const record of records) view = replay(view, record, names, this.#unsettled)
    return view === this.view ? [] : this.tracker.update(view, at)
  }

  /** The newest record from before watching began tells the generation, which a description does not have. */
  remember(record: GroupRecord): void {
    const { view } = this
    if (record.type !== 'generation' || record.value === null || view.type !== 'Classic') return
    this.tracker.amend({ ...view, generation: record.value.generation })
  }
}

/** While a classic group rebalances nothing is told of who owns what: what is known stays. */
function keptAssignments(view: GroupView, next: GroupView): Map<string, MemberView> {
  return new Map(
    [...next.members.values()].map((member) => [
      member.memberId,
      { ...member, assignment: view.members.get(member.memberId)?.assignment ?? [] },
    ]),
  )
}

function isSame(view: GroupView, next: GroupView): boolean {
  if (view.state !== next.state || view.type !== next.type || view.members.size !== next.members.size) return false
  const owned = (member: MemberView): string => member.assignment.map(keyOf).sort().join()
  return [...next.members.values()].every((member) => {
    const known = view.members.get(member.memberId)
    return known !== undefined && owned(known) === owned(member)
  })
}
