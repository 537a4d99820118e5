/** Streams groups (KIP-1071): topology and tasks; their offsets are those of any group. */
import type { StreamsGroupDescribeResponse } from '../../protocol/messages/89-streams-group-describe.ts'
import type { BrokerNode, Outcome } from '../admin-types.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { askCoordinators } from '../coordinators.ts'
import type { StreamsAssignment, StreamsGroupDescription, StreamsGroupMember } from '../group-kind-types.ts'
import { outcomeOf } from './outcome.ts'

/** Each group with its topology and members. */
export function describeStreamsGroups(
  client: ClusterClient,
  groupIds: readonly string[],
): Promise<Map<string, Outcome<StreamsGroupDescription>>> {
  return askCoordinators(client, 'StreamsGroupDescribe', groupIds, async (brokerId, ids) => {
    const { streamsGroupDescribe: api } = await import('../../protocol/messages/89-streams-group-describe.ts')
    const answer = await client.send(toBroker(brokerId), api, { groupIds: ids })
    const coordinator = client.metadata.broker(brokerId) ?? { id: brokerId, host: '', port: -1, rack: null }
    return new Map(
      answer.groups.map((group) => [
        group.groupId,
        outcomeOf(group.errorCode, group.errorMessage, () => groupOf(group, coordinator)),
      ]),
    )
  })
}

type WireGroup = StreamsGroupDescribeResponse['groups'][number]
type WireMember = WireGroup['members'][number]

function groupOf(group: WireGroup, coordinator: BrokerNode): StreamsGroupDescription {
  return {
    groupId: group.groupId,
    state: group.groupState,
    groupEpoch: group.groupEpoch,
    targetAssignmentEpoch: group.assignmentEpoch,
    topologyEpoch: group.topology?.epoch ?? -1,
    coordinator,
    subtopologies: (group.topology?.subtopologies ?? []).map((each) => ({
      subtopologyId: each.subtopologyId,
      sourceTopics: each.sourceTopics,
      repartitionSourceTopics: each.repartitionSourceTopics.map(({ name }) => name),
      changelogTopics: each.stateChangelogTopics.map(({ name }) => name),
    })),
    members: group.members.map(memberOf),
  }
}

function memberOf(member: WireMember): StreamsGroupMember {
  return {
    memberId: member.memberId,
    memberEpoch: member.memberEpoch,
    clientId: member.clientId,
    host: member.clientHost,
    processId: member.processId,
    isClassic: member.isClassic,
    assignment: assignmentOf(member.assignment),
    targetAssignment: assignmentOf(member.targetAssignment),
  }
}

function assignmentOf({ activeTasks, standbyTasks, warmupTasks }: WireMember['assignment']): StreamsAssignment {
  return { active: activeTasks, standby: standbyTasks, warmup: warmupTasks }
}
