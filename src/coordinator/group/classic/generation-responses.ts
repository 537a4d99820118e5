/** What JoinGroup and SyncGroup answer to members of the current generation, complete in every field. */
import { ErrorCode } from '../../../protocol/error-codes.ts'
import type { JoinGroupResponseInput } from '../../../protocol/messages/11-join-group.ts'
import type { SyncGroupResponseInput } from '../../../protocol/messages/14-sync-group.ts'
import type { ClassicGroup } from './group.ts'
import type { ClassicMember } from './member.ts'

/** The current generation, for one member; the leader also gets all members, to assign to. */
export function joinSuccess(group: ClassicGroup, memberId: string): JoinGroupResponseInput {
  return {
    throttleTimeMs: 0,
    errorCode: ErrorCode.NONE,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leader ?? '',
    skipAssignment: false,
    memberId,
    members: group.isLeader(memberId) ? joinMembers(group) : [],
  }
}

function joinMembers(group: ClassicGroup): NonNullable<JoinGroupResponseInput['members']> {
  return group.members.map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    metadata: member.metadata(group.protocolName!),
  }))
}

export function syncSuccess(group: ClassicGroup, member: ClassicMember): SyncGroupResponseInput {
  return {
    throttleTimeMs: 0,
    errorCode: ErrorCode.NONE,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    assignment: member.assignment,
  }
}
