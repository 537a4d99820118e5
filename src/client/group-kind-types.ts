/** Share groups (KIP-932), streams groups (KIP-1071), and members of any group, as commands ask and get them. */
import type { BrokerNode, Outcome, TopicPartition } from './outcome-types.ts'

export interface ShareGroupMember {
  readonly memberId: string
  readonly memberEpoch: number
  readonly clientId: string
  readonly host: string
  readonly subscribedTopics: readonly string[]
  readonly assignment: readonly TopicPartition[]
}

export interface ShareGroupDescription {
  readonly groupId: string
  readonly state: string
  readonly assignor: string
  readonly groupEpoch: number
  readonly targetAssignmentEpoch: number
  readonly coordinator: BrokerNode
  readonly members: readonly ShareGroupMember[]
}

/** Where a share group begins to read a partition; null: not known. */
export interface ShareGroupOffset extends TopicPartition {
  readonly startOffset: number | null
  readonly leaderEpoch: number | null
  readonly lag: number | null
}

export interface ShareGroupAdmin {
  describeShareGroups(groupIds: readonly string[]): Promise<Map<string, Outcome<ShareGroupDescription>>>
  listShareGroupOffsets(groupIds: readonly string[]): Promise<Map<string, Outcome<ShareGroupOffset[]>>>
  /** Of a group without members; outcomes in the order given. */
  alterShareGroupOffsets(
    groupId: string,
    offsets: readonly (TopicPartition & { offset: number })[],
  ): Promise<Outcome<Outcome<void>[]>>
  /** Of whole topics; outcomes in the order given. */
  deleteShareGroupOffsets(groupId: string, topics: readonly string[]): Promise<Outcome<Outcome<void>[]>>
}

/** Partitions of a subtopology that are one member's work. */
export interface StreamsTasks {
  readonly subtopologyId: string
  readonly partitions: readonly number[]
}

export interface StreamsAssignment {
  readonly active: readonly StreamsTasks[]
  readonly standby: readonly StreamsTasks[]
  readonly warmup: readonly StreamsTasks[]
}

export interface StreamsGroupMember {
  readonly memberId: string
  readonly memberEpoch: number
  readonly clientId: string
  readonly host: string
  readonly processId: string
  readonly isClassic: boolean
  readonly assignment: StreamsAssignment
  readonly targetAssignment: StreamsAssignment
}

export interface StreamsSubtopology {
  readonly subtopologyId: string
  readonly sourceTopics: readonly string[]
  readonly repartitionSourceTopics: readonly string[]
  readonly changelogTopics: readonly string[]
}

export interface StreamsGroupDescription {
  readonly groupId: string
  readonly state: string
  readonly groupEpoch: number
  readonly targetAssignmentEpoch: number
  readonly topologyEpoch: number
  readonly coordinator: BrokerNode
  readonly subtopologies: readonly StreamsSubtopology[]
  readonly members: readonly StreamsGroupMember[]
}

export interface StreamsGroupAdmin {
  describeStreamsGroups(groupIds: readonly string[]): Promise<Map<string, Outcome<StreamsGroupDescription>>>
}

export interface GroupMemberAdmin {
  /** Makes members leave a classic or consumer group (KIP-571); static ones are named by their instance. */
  removeGroupMembers(
    groupId: string,
    members: readonly { memberId: string; groupInstanceId: string | null }[],
  ): Promise<Outcome<void>>
}
