/**
 * LeaveGroup to a classic group, several members at once (KIP-345). An administrator names static members by their
 * group.instance.id alone, with an empty member id.
 */
import { ErrorCode, KafkaError } from '../../../protocol/error-codes.ts'
import type { LeaveGroupResponseInput } from '../../../protocol/messages/13-leave-group.ts'
import type { CoordinatorResult } from '../../types.ts'
import { type GroupServices, tellGroup } from '../services.ts'
import type { ClassicGroup } from './group.ts'
import { rebalanceOrCompleteJoin, removeMember } from './rebalance.ts'

export interface LeavingMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly reason: string | null
}

/** Throws UNKNOWN_MEMBER_ID when there is no such group. */
export function leaveClassicGroup(
  services: GroupServices,
  groupId: string,
  members: readonly LeavingMember[],
): CoordinatorResult<LeaveGroupResponseInput> {
  const group = services.groups.classic(groupId)
  if (group === null) throw new KafkaError('UNKNOWN_MEMBER_ID', `Group ${groupId} not found.`)
  if (group.isIn('Dead')) throw new KafkaError('COORDINATOR_NOT_AVAILABLE')
  const answers = members.map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    errorCode: leave(services, group, member),
  }))
  const response = { throttleTimeMs: 0, errorCode: ErrorCode.NONE, members: answers }
  const left = answers.filter(({ errorCode }) => errorCode === ErrorCode.NONE).map(({ memberId }) => memberId)
  if (left.length === 0 || group.isIn('Empty')) return { records: [], response }
  const reason = `explicit \`LeaveGroup\` request for (${left.join(', ')}) members.`
  return { ...rebalanceOrCompleteJoin(services, group, reason), response }
}

function leave(services: GroupServices, group: ClassicGroup, member: LeavingMember): number {
  const memberId = leavingMemberId(group, member)
  if (memberId === null) return ErrorCode.UNKNOWN_MEMBER_ID
  if (!group.isPendingMember(memberId)) {
    try {
      group.validateMember(memberId, member.groupInstanceId)
    } catch (error) {
      return (error as KafkaError).code
    }
  }
  tellGroup(services, group, `member ${memberId} has left: ${member.reason ?? 'no reason given'}`)
  services.logger.info(
    `[Group ${group.groupId}] Member ${memberId} has left group through explicit \`LeaveGroup\` request; client reason: ${member.reason ?? 'not provided'}`,
  )
  removeMember(services, group, memberId)
  return ErrorCode.NONE
}

function leavingMemberId(group: ClassicGroup, { memberId, groupInstanceId }: LeavingMember): string | null {
  if (memberId !== '') return memberId
  return groupInstanceId === null ? null : (group.staticMemberId(groupInstanceId) ?? null)
}
