import { ErrorCode, KafkaError } from '../../../protocol/error-codes.ts'
import type { HeartbeatRequest } from '../../../protocol/messages/12-heartbeat.ts'
import type { GroupServices } from '../services.ts'
import { rescheduleHeartbeat } from './rebalance.ts'

/**
 * Heartbeat to a classic group: starts the member's session anew and tells it of a rebalance. Returns the error code to
 * answer; throws `KafkaError` for members that are not (any more) of this generation.
 */
export function heartbeatClassicGroup(services: GroupServices, request: HeartbeatRequest): number {
  const group = services.groups.classic(request.groupId)
  if (group === null) throw new KafkaError('UNKNOWN_MEMBER_ID', `Group ${request.groupId} not found.`)
  if (group.isIn('Dead')) throw new KafkaError('COORDINATOR_NOT_AVAILABLE')
  group.validateMember(request.memberId, request.groupInstanceId)
  if (request.generationId !== group.generationId) throw new KafkaError('ILLEGAL_GENERATION')
  if (group.isEmpty()) return ErrorCode.UNKNOWN_MEMBER_ID
  rescheduleHeartbeat(services, group, group.member(request.memberId)!)
  return group.isIn('PreparingRebalance') ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE
}
