/** A group at one moment, as far as its rebalances are concerned. */
import type { GroupDescription, GroupMember, TopicPartition } from '../../../client/admin-types.ts'

export interface MemberView {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly host: string
  /** What it owns: nothing is told while a classic group rebalances. */
  readonly assignment: readonly TopicPartition[]
  /** KIP-848: what the coordinator wants it to own; null in a classic group. */
  readonly target: readonly TopicPartition[] | null
  /** KIP-848; null in a classic group. */
  readonly memberEpoch: number | null
}

export interface GroupView {
  /** `Classic` or `Consumer`. */
  readonly type: string
  readonly state: string
  readonly assignor: string
  /** Of a classic group, once one of its records has been seen. */
  readonly generation: number | null
  readonly groupEpoch: number | null
  readonly targetAssignmentEpoch: number | null
  readonly members: ReadonlyMap<string, MemberView>
}

/** A group that the cluster does not know. */
export const NO_GROUP: GroupView = {
  type: '',
  state: 'Dead',
  assignor: '',
  generation: null,
  groupEpoch: null,
  targetAssignmentEpoch: null,
  members: new Map(),
}

/** What DescribeGroups or ConsumerGroupDescribe tell. */
export function viewOf(description: GroupDescription): GroupView {
  const { type, state, assignor, groupEpoch = null, targetAssignmentEpoch = null } = description
  const members = new Map(description.members.map((member) => [member.memberId, memberOf(member)]))
  return { type, state, assignor, generation: null, groupEpoch, targetAssignmentEpoch, members }
}

function memberOf(member: GroupMember): MemberView {
  const { memberId, groupInstanceId, clientId, host, assignment, targetAssignment, memberEpoch } = member
  return {
    memberId,
    groupInstanceId,
    clientId,
    host,
    assignment,
    target: targetAssignment ?? null,
    memberEpoch: memberEpoch ?? null,
  }
}

const REBALANCING = new Set(['PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling'])

/** The group is on its way to another assignment. */
export function isRebalancing({ state }: GroupView): boolean {
  return REBALANCING.has(state)
}

/** Assignors whose members go on reading while the group rebalances (KIP-429); Kafka Streams' is `stream`. */
const COOPERATIVE = new Set(['cooperative-sticky', 'stream'])

/** Everything stands still while a classic group rebalances, unless its assignor is a cooperative one. */
export function standsStill(view: GroupView): boolean {
  return view.type === 'Classic' && isRebalancing(view) && !COOPERATIVE.has(view.assignor)
}

/** `topic-partition`, a key of maps. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

/** Partition -> member that owns it. */
export function ownersOf(
  view: GroupView,
): Map<string, { readonly partition: TopicPartition; readonly memberId: string }> {
  const owners = new Map<string, { partition: TopicPartition; memberId: string }>()
  for (const { memberId, assignment } of view.members.values()) {
    for (const { topic, partition } of assignment) {
      owners.set(keyOf({ topic, partition }), { partition: { topic, partition }, memberId })
    }
  }
  return owners
}
