/**
 * Turns views of a group, one after the other, into the steps between them. Pure but for what it remembers: who read each
 * partition last, since when nobody does, and the rebalance that is under way.
 */
import type { TopicPartition } from '../../../client/admin-types.ts'
import { byPartition, Ownership } from './ownership.ts'
import type { MemberName, PlannedMove, Step } from './step.ts'
import { type GroupView, isRebalancing, keyOf, type MemberView, standsStill } from './view.ts'

interface Rebalance {
  readonly since: number | null
  readonly uncertaintyMs: number
  joined: number
  left: number
  readonly moved: Set<string>
  readonly stoodStill: Map<string, number | null>
}

export class GroupTracker {
  #view: GroupView | null = null
  #rebalance: Rebalance | null = null
  readonly #ownership = new Ownership()
  #totals = { rebalances: 0, joined: 0, left: 0, moved: 0, stoodStillMs: 0 }

  /** The latest; null before the first. */
  get view(): GroupView | null {
    return this.#view
  }

  /** Something has begun that has not ended. */
  get isUnderWay(): boolean {
    return this.#rebalance !== null
  }

  get partitionCount(): number {
    return this.#ownership.total
  }

  /** `at` in ms; `uncertaintyMs`: it may have happened that much earlier, after the look before. */
  update(view: GroupView, at: number, uncertaintyMs = 0): Step[] {
    const before = this.#view
    // Nothing is told of the assignor while a group prepares.
    const next = view.assignor === '' && before?.type === view.type ? { ...view, assignor: before.assignor } : view
    this.#view = next
    if (before === null) {
      this.#ownership.begin(next)
      if (isRebalancing(next)) this.#begin(null, 0)
      return []
    }
    if (this.#rebalance === null && begins(before, next)) {
      // A generation that nobody saw being prepared: when it began is not known.
      this.#begin(isRebalancing(next) || next.type !== 'Classic' ? at : null, uncertaintyMs)
    }
    const steps = [
      ...this.#stateSteps(before, next),
      ...this.#memberSteps(before, next),
      ...epochSteps(before, next),
      ...this.#partitionSteps(before, next, at),
    ]
    if (this.#rebalance !== null && !isRebalancing(next)) steps.push(this.#settled(this.#rebalance, next, at))
    return steps
  }

  /** Adds what was not known of the present moment; nothing has happened. */
  amend(view: GroupView): void {
    this.#view = view
  }

  /** What happened while somebody watched. */
  summary(watchedMs: number, at: number): Step {
    const standing = this.#ownership.standingMs(at)
    const stoodStillMs = this.#totals.stoodStillMs + standing
    return { step: 'summary', watchedMs, ...this.#totals, stoodStillMs, state: this.#view?.state ?? 'Dead' }
  }

  #begin(since: number | null, uncertaintyMs: number): void {
    this.#rebalance = { since, uncertaintyMs, joined: 0, left: 0, moved: new Set(), stoodStill: new Map() }
  }

  #stateSteps(before: GroupView, next: GroupView): Step[] {
    if (before.state !== next.state) {
      const unseen = next.type === 'Classic' && before.state !== 'Dead' && !isNeighbour(before.state, next.state)
      return [{ step: 'state', from: before.state, to: next.state, unseen }]
    }
    const isNew = next.generation !== null && before.generation !== null && before.generation !== next.generation
    return isNew && next.state === 'Stable' ? [{ step: 'state', from: before.state, to: next.state, unseen: true }] : []
  }

  #memberSteps(before: GroupView, next: GroupView): Step[] {
    const gone = [...before.members.values()].filter(({ memberId }) => !next.members.has(memberId))
    const come = [...next.members.values()].filter(({ memberId }) => !before.members.has(memberId))
    const replaced = new Set<string>()
    const steps = come.map((member): Step => {
      const old = gone.find(
        ({ groupInstanceId }) => groupInstanceId !== null && groupInstanceId === member.groupInstanceId,
      )
      if (old !== undefined) replaced.add(old.memberId)
      this.#totals.joined++
      if (this.#rebalance !== null) this.#rebalance.joined++
      return { step: 'joined', member: nameOf(member), replaces: old === undefined ? null : nameOf(old) }
    })
    for (const member of gone) {
      if (replaced.has(member.memberId)) continue
      this.#totals.left++
      if (this.#rebalance !== null) this.#rebalance.left++
      steps.push({ step: 'left', member: nameOf(member), partitions: this.#ownership.lastOf(member.memberId) })
    }
    return steps
  }

  #partitionSteps(before: GroupView, next: GroupView, at: number): Step[] {
    const pause = standsStill(next) ? 'all' : isRebalancing(next) && next.type === 'Classic' ? 'none' : null
    const { stopped, moves } = this.#ownership.advance(before, next, at, pause)
    const steps: Step[] = stopped.map((each) => ({ step: 'stopped', ...each, total: this.#ownership.total }))
    if (moves.length === 0) return steps
    for (const { topic, partition, from, to, stoodStillMs } of moves) {
      const key = keyOf({ topic, partition })
      if (from === null) continue
      this.#rebalance?.stoodStill.set(key, stoodStillMs)
      this.#totals.stoodStillMs += stoodStillMs ?? 0
      if (from.memberId === to.memberId) continue
      this.#rebalance?.moved.add(key)
      this.#totals.moved++
    }
    steps.push({ step: 'started', moves })
    return steps
  }

  #settled(rebalance: Rebalance, next: GroupView, at: number): Step {
    this.#rebalance = null
    this.#totals.rebalances++
    const known = [...rebalance.stoodStill.values()].filter((ms) => ms !== null)
    return {
      step: 'settled',
      state: next.state,
      durationMs: rebalance.since === null ? null : at - rebalance.since,
      uncertaintyMs: rebalance.uncertaintyMs,
      joined: rebalance.joined,
      left: rebalance.left,
      partitions: this.#ownership.total,
      moved: rebalance.moved.size,
      stoodStill: rebalance.stoodStill.size,
      longestStandstillMs: known.length === 0 ? null : Math.max(...known),
      unread: this.#ownership.unread(),
      lag: null,
    }
  }
}

/** As much as tells members apart. */
export function nameOf({ memberId, groupInstanceId, clientId, host }: MemberView): MemberName {
  return { memberId, groupInstanceId, clientId, host }
}

function begins(before: GroupView, next: GroupView): boolean {
  if (isRebalancing(next)) return true
  if (before.generation !== null && next.generation !== null && before.generation !== next.generation) return true
  if (before.groupEpoch !== null && next.groupEpoch !== null && before.groupEpoch !== next.groupEpoch) return true
  return before.state !== next.state && next.state === 'Stable'
}

/** Ways of a classic group from state to state. */
const WAYS: Readonly<Record<string, readonly string[]>> = {
  Empty: ['PreparingRebalance', 'Dead'],
  PreparingRebalance: ['CompletingRebalance', 'Empty', 'Dead'],
  CompletingRebalance: ['Stable', 'PreparingRebalance', 'Dead'],
  Stable: ['PreparingRebalance', 'Dead'],
  Dead: [],
}

function isNeighbour(from: string, to: string): boolean {
  return WAYS[from]?.includes(to) ?? true
}

function epochSteps(before: GroupView, next: GroupView): Step[] {
  const steps: Step[] = []
  if (next.generation !== null && next.generation !== before.generation) {
    const { generation, assignor, members } = next
    steps.push({ step: 'generation', generation, assignor, memberCount: members.size })
  }
  const { groupEpoch, targetAssignmentEpoch } = next
  if (groupEpoch !== before.groupEpoch || targetAssignmentEpoch !== before.targetAssignmentEpoch) {
    if (groupEpoch !== null) {
      steps.push({ step: 'epochs', groupEpoch, targetAssignmentEpoch, planned: plannedMoves(before, next) })
    }
  }
  for (const member of next.members.values()) {
    const from = before.members.get(member.memberId)?.memberEpoch ?? null
    if (from !== null && member.memberEpoch !== null && from !== member.memberEpoch) {
      steps.push({ step: 'memberEpoch', member: nameOf(member), from, to: member.memberEpoch })
    }
  }
  return steps
}

function wanted(view: GroupView): Map<string, { readonly partition: TopicPartition; readonly member: MemberView }> {
  const targets = new Map<string, { partition: TopicPartition; member: MemberView }>()
  for (const member of view.members.values()) {
    for (const partition of member.target ?? []) targets.set(keyOf(partition), { partition, member })
  }
  return targets
}

/** Between the target assignments: who shall read what another should have read so far. */
function plannedMoves(before: GroupView, next: GroupView): PlannedMove[] {
  if (before.targetAssignmentEpoch === next.targetAssignmentEpoch) return []
  const old = wanted(before)
  const now = wanted(next)
  const keys = [...new Set([...old.keys(), ...now.keys()])]
  const planned = keys.flatMap((key): PlannedMove[] => {
    const from = old.get(key)?.member
    const to = now.get(key)?.member
    if (from?.memberId === to?.memberId) return []
    const { topic, partition } = (now.get(key) ?? old.get(key))!.partition
    return [{ topic, partition, from: from ? nameOf(from) : null, to: to ? nameOf(to) : null }]
  })
  return planned.sort(byPartition)
}
