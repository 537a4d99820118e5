/**
 * The evidence journal: what changed on the cluster between two looks, with the time of the look that saw it. What is
 * already over (a leader that died and came back) can so still be checked, and shown.
 */
import type { Facts } from './facts/facts.ts'

/** What a lesson has its journal watch for. */
export interface Watched {
  readonly topics: readonly string[]
  readonly groups: readonly string[]
}

interface PartitionState {
  /** Of the topic: one that is deleted and made anew has another one. */
  readonly topicId?: string
  readonly leader: number
  readonly leaderEpoch: number
  readonly isr: readonly number[]
  readonly replicas: readonly number[]
  readonly end: number | null
}

interface GroupState {
  readonly state: string
  /** Member id -> client id and partitions, `orders-0`. */
  readonly members: Readonly<Record<string, { readonly clientId: string; readonly partitions: readonly string[] }>>
  /** `topic-partition` -> committed offset. */
  readonly committed: Readonly<Record<string, number>>
}

/** All that a journal compares, as plain data: it is kept in a file between two commands. */
export interface Snapshot {
  /** In ms since 1970. */
  readonly at: number
  /** `topic-partition` -> state. */
  readonly partitions: Readonly<Record<string, PartitionState>>
  readonly groups: Readonly<Record<string, GroupState>>
  /** Brokers in service. */
  readonly brokers: readonly number[]
  /** Process state by node id; empty on other clusters than the bundled one. */
  readonly nodes: Readonly<Record<string, string>>
}

export type Happening =
  | {
      readonly kind: 'leader'
      readonly partition: string
      readonly from: number
      readonly to: number
      readonly epoch: number
    }
  | {
      readonly kind: 'isr'
      readonly partition: string
      readonly from: readonly number[]
      readonly to: readonly number[]
    }
  | {
      readonly kind: 'replicas'
      readonly partition: string
      readonly from: readonly number[]
      readonly to: readonly number[]
    }
  | { readonly kind: 'end'; readonly partition: string; readonly from: number; readonly to: number }
  | { readonly kind: 'partition'; readonly partition: string; readonly change: 'made' | 'gone' }
  | { readonly kind: 'group'; readonly group: string; readonly from: string; readonly to: string }
  | { readonly kind: 'member'; readonly group: string; readonly clientId: string; readonly change: 'joined' | 'left' }
  | {
      readonly kind: 'assignment'
      readonly group: string
      readonly clientId: string
      readonly from: readonly string[]
      readonly to: readonly string[]
    }
  | {
      readonly kind: 'committed'
      readonly group: string
      readonly partition: string
      readonly from: number
      readonly to: number
    }
  | { readonly kind: 'broker'; readonly id: number; readonly change: 'registered' | 'gone' }
  | { readonly kind: 'node'; readonly id: number; readonly from: string; readonly to: string }
  /** `kt cluster restore`: the cluster is again what it was at that time, in ms since 1970. */
  | { readonly kind: 'restored'; readonly snapshot: string; readonly takenAt: number }

export type Event = Happening & {
  /** When it was seen, in ms since 1970; it happened after `after`. */
  readonly at: number
  readonly after: number
}

/** Far more than a lesson makes; what is older is forgotten. */
export const MAX_EVENTS = 2_000

/** Owner of the events of one lesson. Changed by `note`, `resume`, `since` and `restored` alone. */
export class Journal {
  #events: Event[]
  #last: Snapshot | null

  constructor(kept: { events: readonly Event[]; last: Snapshot | null } = { events: [], last: null }) {
    this.#events = [...kept.events]
    this.#last = kept.last
  }

  get events(): readonly Event[] {
    return this.#events
  }

  /** The state of the last look; null before the first. */
  get last(): Snapshot | null {
    return this.#last
  }

  /**
   * Takes a look's state and returns what changed since the one before; the first look changes nothing. One that began
   * before the last one is old news.
   */
  note(snapshot: Snapshot): readonly Event[] {
    const before = this.#last
    if (before !== null && snapshot.at < before.at) return []
    this.#last = snapshot
    if (before === null) return []
    const found = changes(before, snapshot).map((event) => ({ ...event, at: snapshot.at, after: before.at }))
    this.#events = [...this.#events, ...found].slice(-MAX_EVENTS)
    return found
  }

  /** What changed since the last look happened in another lesson, and is nobody's deed in this one. */
  resume(snapshot: Snapshot): void {
    this.#last = snapshot
  }

  /** Forgets what was before: evidence of an earlier beginning. */
  since(at: number): void {
    this.#events = this.#events.filter((event) => event.at >= at)
  }

  /** The cluster was put back: what was seen after the snapshot is true no more, and the next look has nothing before it. */
  restored(snapshot: string, takenAt: number, at: number): void {
    const kept = this.#events.filter((event) => event.at <= takenAt)
    this.#events = [...kept, { kind: 'restored', snapshot, takenAt, at, after: takenAt }]
    this.#last = null
  }

  /** Events of one kind that fit, oldest first. */
  find<K extends Event['kind']>(
    kind: K,
    fits: (event: Extract<Event, { kind: K }>) => boolean = () => true,
  ): Extract<Event, { kind: K }>[] {
    return this.#events.filter(
      (event): event is Extract<Event, { kind: K }> =>
        event.kind === kind && fits(event as Extract<Event, { kind: K }>),
    )
  }
}

/** The state that a journal compares. A part that cannot be read keeps what was known of it: silence is no event. */
export async function takeSnapshot(
  facts: Facts,
  { topics, groups }: Watched,
  before: Snapshot | null,
): Promise<Snapshot> {
  const kept = <T>(read: Promise<T>, known: T): Promise<T> => read.catch(() => known)
  const [partitions, states, brokers] = await Promise.all([
    Promise.all(topics.map((topic) => kept(partitionsOf(facts, topic), partitionsKnown(before, topic)))),
    Promise.all(groups.map((group) => kept(groupOf(facts, group), groupKnown(before, group)))),
    kept(
      facts.cluster().then(({ brokers }) => brokers.map(({ id }) => id)),
      before?.brokers ?? [],
    ),
  ])
  return {
    at: facts.at,
    partitions: Object.assign({}, ...partitions),
    groups: Object.assign({}, ...states),
    brokers: [...brokers].sort((a, b) => a - b),
    nodes: Object.fromEntries((facts.nodes() ?? []).map(({ nodeId, state }) => [String(nodeId), state])),
  }
}

async function partitionsOf(facts: Facts, topic: string): Promise<Record<string, PartitionState>> {
  const [described, offsets] = await Promise.all([facts.topic(topic), facts.offsetsSoon(topic)])
  return Object.fromEntries(
    (described?.partitions ?? []).map(({ partition, leader, leaderEpoch, isr, replicas }) => {
      const end = offsets.find((range) => range.partition === partition)?.end ?? null
      const topicId = described?.topicId
      return [
        `${topic}-${partition}`,
        { topicId, leader, leaderEpoch, isr: [...isr].sort((a, b) => a - b), replicas, end },
      ]
    }),
  )
}

async function groupOf(facts: Facts, group: string): Promise<Record<string, GroupState>> {
  const described = await facts.group(group)
  if (described === null) return {}
  const members = described.members.map(({ memberId, clientId, assignment }) => {
    const partitions = assignment.map(({ topic, partition }) => `${topic}-${partition}`).sort()
    return [memberId, { clientId, partitions }] as const
  })
  const committed = (await facts.committed(group)).map(
    ({ topic, partition, offset }) => [`${topic}-${partition}`, offset] as const,
  )
  return {
    [group]: { state: described.state, members: Object.fromEntries(members), committed: Object.fromEntries(committed) },
  }
}

function partitionsKnown(before: Snapshot | null, topic: string): Record<string, PartitionState> {
  const own = (key: string): boolean => key.slice(0, key.lastIndexOf('-')) === topic
  return Object.fromEntries(Object.entries(before?.partitions ?? {}).filter(([key]) => own(key)))
}

function groupKnown(before: Snapshot | null, group: string): Record<string, GroupState> {
  const known = before?.groups[group]
  return known === undefined ? {} : { [group]: known }
}

/** What happened between two states. Pure. */
export function changes(before: Snapshot, now: Snapshot): Happening[] {
  return [
    ...nodeChanges(before, now),
    ...union(before.partitions, now.partitions).flatMap((key) =>
      partitionChanges(key, before.partitions[key], now.partitions[key]),
    ),
    ...union(before.groups, now.groups).flatMap((key) => groupChanges(key, before.groups[key], now.groups[key])),
  ]
}

function nodeChanges(before: Snapshot, now: Snapshot): Happening[] {
  const processes = union(before.nodes, now.nodes).flatMap((id): Happening[] => {
    const [from = 'stopped', to = 'stopped'] = [before.nodes[id], now.nodes[id]]
    return from === to ? [] : [{ kind: 'node', id: Number(id), from, to }]
  })
  const gone = before.brokers.filter((id) => !now.brokers.includes(id))
  const registered = now.brokers.filter((id) => !before.brokers.includes(id))
  return [
    ...processes,
    ...gone.map((id): Happening => ({ kind: 'broker', id, change: 'gone' })),
    ...registered.map((id): Happening => ({ kind: 'broker', id, change: 'registered' })),
  ]
}

function partitionChanges(
  partition: string,
  from: PartitionState | undefined,
  to: PartitionState | undefined,
): Happening[] {
  if (from === undefined || to === undefined) {
    return [{ kind: 'partition', partition, change: from === undefined ? 'made' : 'gone' }]
  }
  // Between two looks it was deleted and made anew. Journals of older versions do not tell.
  if (from.topicId !== undefined && to.topicId !== undefined && from.topicId !== to.topicId) {
    return (['gone', 'made'] as const).map((change) => ({ kind: 'partition', partition, change }))
  }
  const found: Happening[] = []
  if (from.leader !== to.leader || from.leaderEpoch !== to.leaderEpoch) {
    found.push({ kind: 'leader', partition, from: from.leader, to: to.leader, epoch: to.leaderEpoch })
  }
  if (!same(from.replicas, to.replicas))
    found.push({ kind: 'replicas', partition, from: from.replicas, to: to.replicas })
  if (!same(from.isr, to.isr)) found.push({ kind: 'isr', partition, from: from.isr, to: to.isr })
  if (from.end !== null && to.end !== null && from.end !== to.end) {
    found.push({ kind: 'end', partition, from: from.end, to: to.end })
  }
  return found
}

const NO_GROUP: GroupState = { state: 'absent', members: {}, committed: {} }

function groupChanges(group: string, from: GroupState = NO_GROUP, to: GroupState = NO_GROUP): Happening[] {
  const found: Happening[] = []
  if (from.state !== to.state) found.push({ kind: 'group', group, from: from.state, to: to.state })
  for (const id of union(from.members, to.members)) {
    const [old, now] = [from.members[id], to.members[id]]
    const { clientId } = (now ?? old)!
    if (old === undefined) found.push({ kind: 'member', group, clientId, change: 'joined' })
    if (!same(old?.partitions ?? [], now?.partitions ?? [])) {
      found.push({ kind: 'assignment', group, clientId, from: old?.partitions ?? [], to: now?.partitions ?? [] })
    }
    if (now === undefined) found.push({ kind: 'member', group, clientId, change: 'left' })
  }
  for (const [partition, offset] of Object.entries(to.committed)) {
    const was = from.committed[partition] ?? -1
    if (was !== offset) found.push({ kind: 'committed', group, partition, from: was, to: offset })
  }
  return found
}

function union(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
}

function same(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at])
}
