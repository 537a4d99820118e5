import { ErrorCode } from '../../../protocol/error-codes.ts'
import type { DescribeGroupsResponseInput } from '../../../protocol/messages/15-describe-groups.ts'
import type { ClassicGroup } from './group.ts'
import type { ClassicMember } from './member.ts'

export type DescribedGroup = NonNullable<DescribeGroupsResponseInput['groups']>[number]

const NO_METADATA = Buffer.alloc(0)

/** DescribeGroups: protocol and member metadata are told of stable groups only, they mean nothing in between. */
export function describeClassicGroup(group: ClassicGroup): DescribedGroup {
  const protocol = group.isIn('Stable') ? group.protocolName : null
  return {
    errorCode: ErrorCode.NONE,
    errorMessage: null,
    groupId: group.groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: protocol ?? '',
    members: group.members.map((member) => describeMember(member, protocol)),
  }
}

function describeMember(member: ClassicMember, protocol: string | null) {
  return {
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    memberMetadata: protocol === null ? NO_METADATA : member.metadata(protocol),
    memberAssignment: member.assignment,
  }
}

/** What is said of a group that is not there: dead, and from version 6 on why. */
export function describeMissingGroup(groupId: string, errorCode: number, errorMessage: string | null): DescribedGroup {
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState: 'Dead',
    protocolType: '',
    protocolData: '',
    members: [],
  }
}
