/**
 * SyncGroup to a classic group: followers wait, the leader brings everybody's assignment. It is handed out when its
 * record is committed, never before: a member must not work on partitions that a failover would give to another.
 */
import { ErrorCode, type KafkaError } from '../../../protocol/error-codes.ts'
import type { SyncGroupRequest } from '../../../protocol/messages/14-sync-group.ts'
import { coordinatorErrorCode } from '../../errors.ts'
import type { CoordinatorResult } from '../../types.ts'
import { type GroupServices, NOTHING, tellGroup } from '../services.ts'
import { syncSuccess } from './generation-responses.ts'
import type { ClassicGroup } from './group.ts'
import type { SyncAnswer } from './member.ts'
import { assign, failAssignment, rebalanceOrCompleteJoin, syncKey } from './rebalance.ts'
import { syncErrorCode } from './responses.ts'

type Result = CoordinatorResult<undefined>

export function syncClassicGroup(services: GroupServices, request: SyncGroupRequest, answer: SyncAnswer): Result {
  const group = services.groups.classic(request.groupId)
  const error = group === null || group.isEmpty() ? ErrorCode.UNKNOWN_MEMBER_ID : syncProblem(group, request)
  if (error !== ErrorCode.NONE) {
    answer(syncErrorCode(error))
    return NOTHING
  }
  return sync(services, group!, request, answer)
}

function syncProblem(group: ClassicGroup, request: SyncGroupRequest): number {
  if (group.isIn('Dead')) return ErrorCode.COORDINATOR_NOT_AVAILABLE
  try {
    group.validateMember(request.memberId, request.groupInstanceId)
  } catch (error) {
    return (error as KafkaError).code
  }
  if (request.generationId !== group.generationId) return ErrorCode.ILLEGAL_GENERATION
  const consistent =
    agrees(request.protocolType, group.protocolType) && agrees(request.protocolName, group.protocolName)
  if (!consistent) return ErrorCode.INCONSISTENT_GROUP_PROTOCOL
  return group.isIn('PreparingRebalance') ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE
}

/** Null on either side says nothing (before version 5 the request cannot). */
function agrees(asked: string | null, own: string | null): boolean {
  return asked === null || own === null || asked === own
}

function sync(services: GroupServices, group: ClassicGroup, request: SyncGroupRequest, answer: SyncAnswer): Result {
  const member = group.member(request.memberId)!
  group.removePendingSync(member.memberId)
  if (group.pendingSyncMembers.length === 0) services.timer.cancel(syncKey(group.groupId))
  if (group.isIn('Stable')) {
    answer(syncSuccess(group, member))
    return NOTHING
  }
  group.awaitSync(member, answer)
  return group.isLeader(member.memberId) ? recordAssignment(services, group, request) : NOTHING
}

function recordAssignment(services: GroupServices, group: ClassicGroup, request: SyncGroupRequest): Result {
  const { generationId } = group
  // Slices of the request's frame: copied, they outlive it.
  const assignments = new Map(
    request.assignments.map(({ memberId, assignment }) => [memberId, Buffer.from(assignment)]),
  )
  tellGroup(services, group, `assignment received from leader ${request.memberId} for ${group.size} members`)
  services.logger.info(
    `Assignment received from leader ${request.memberId} for group ${group.groupId} for generation ${generationId}. The group has ${group.size} members.`,
  )
  // While the record was on its way the group may have moved on: then it is too late for this assignment.
  const isCurrent = (): boolean => group.isIn('CompletingRebalance') && group.generationId === generationId
  return {
    records: [group.toRecord(assignments)],
    response: undefined,
    replay: false,
    onCommitted: () => {
      if (isCurrent()) assign(services, group, assignments)
    },
    onAppendFailure: (error) => {
      if (!isCurrent()) return
      failAssignment(services, group, coordinatorErrorCode(error))
      rebalanceOrCompleteJoin(
        services,
        group,
        `Error when storing group assignment during SyncGroup (member: ${request.memberId}).`,
      )
    },
  }
}
