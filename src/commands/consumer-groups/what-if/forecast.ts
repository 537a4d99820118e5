/** What an assignor would make of a group, held against what it has now. Pure. */
import type {
  AssignedPartition,
  Assignor,
  AssignorMember,
  AssignorTopic,
  GroupAssignment,
} from '../../../protocol/assignors/index.ts'
import { partitionKey } from '../../../protocol/assignors/types.ts'

/** A member as it would be, with what it has now. */
export interface FutureMember extends AssignorMember {
  /** As people tell it apart. */
  readonly label: string
  /** It is not in the group yet: its id is made up. */
  readonly isNew: boolean
}

/** A group to try assignors on. */
export interface Scenario {
  readonly members: readonly FutureMember[]
  readonly topics: readonly AssignorTopic[]
  /** What is read now, by key, those that leave included. */
  readonly readers: ReadonlyMap<string, string>
}

export interface ForecastMember {
  readonly memberId: string
  readonly label: string
  readonly isNew: boolean
  readonly partitions: readonly AssignedPartition[]
  readonly gained: readonly AssignedPartition[]
  readonly lost: readonly AssignedPartition[]
}

export interface Forecast {
  readonly assignor: Assignor
  readonly members: readonly ForecastMember[]
  /** Partitions of the member with the fewest and of the one with the most. */
  readonly fewest: number
  readonly most: number
  /** Partitions that change their reader. */
  readonly moved: number
  /** Partitions that nobody reads for a while. */
  readonly standStill: number
  /** A cooperative assignor needs one for what is given up and one for what is given out. */
  readonly rebalances: number
}

/** A cooperative group settles in two; more means that something is wrong. */
const MAX_REBALANCES = 10

/** Lets the assignor share out the scenario's topics, rebalance after rebalance until nothing changes. */
export function forecast(assignor: Assignor, { members, topics, readers }: Scenario): Forecast {
  let { assignment, rebalances } = settle(assignor, members, topics)
  const shown = members.map(({ memberId, label, isNew, owned }): ForecastMember => {
    const partitions = sorted(assignment.get(memberId) ?? [])
    const had = new Set(owned.map(partitionKey))
    const has = new Set(partitions.map(partitionKey))
    const gained = partitions.filter((each) => !had.has(partitionKey(each)))
    const lost = sorted(owned.filter((each) => !has.has(partitionKey(each))))
    return { memberId, label, isNew, partitions, gained, lost }
  })
  const moved = [...assignment].flatMap(([memberId, list]) =>
    list.filter((each) => (readers.get(partitionKey(each)) ?? memberId) !== memberId),
  ).length
  const counts = shown.map(({ partitions }) => partitions.length)
  if (moved === 0 && assignor.style !== 'eager') rebalances = Math.min(rebalances, 1)
  return {
    assignor,
    members: shown,
    fewest: Math.min(...counts),
    most: Math.max(...counts),
    moved,
    standStill: assignor.style === 'eager' ? readers.size : moved,
    rebalances,
  }
}

function settle(
  { assign, style }: Assignor,
  members: readonly AssignorMember[],
  topics: readonly AssignorTopic[],
): { assignment: GroupAssignment; rebalances: number } {
  let assignment = assign(members, topics)
  let rebalances = 1
  for (; style === 'cooperative' && rebalances < MAX_REBALANCES; rebalances++) {
    const before = assignment
    assignment = assign(
      members.map((member) => ({ ...member, owned: before.get(member.memberId)! })),
      topics,
    )
    if (textOf(assignment) === textOf(before)) break
  }
  return { assignment, rebalances }
}

function textOf(assignment: GroupAssignment): string {
  return [...assignment].map(([memberId, list]) => `${memberId}=${list.map(partitionKey).sort().join()}`).join(';')
}

function sorted(partitions: readonly AssignedPartition[]): AssignedPartition[] {
  return [...partitions].sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition))
}
