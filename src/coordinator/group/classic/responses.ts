/** Refusals of JoinGroup and SyncGroup, complete in every field so that no caller meets a hole. */
import { ErrorCode, type ErrorName } from '../../../protocol/error-codes.ts'
import type { JoinGroupResponseInput } from '../../../protocol/messages/11-join-group.ts'
import type { SyncGroupResponseInput } from '../../../protocol/messages/14-sync-group.ts'

export function joinErrorCode(errorCode: number, memberId: string): JoinGroupResponseInput {
  return {
    throttleTimeMs: 0,
    errorCode,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  }
}

export function joinError(name: ErrorName, memberId: string): JoinGroupResponseInput {
  return joinErrorCode(ErrorCode[name], memberId)
}

export function syncErrorCode(errorCode: number): SyncGroupResponseInput {
  return { throttleTimeMs: 0, errorCode, protocolType: null, protocolName: null, assignment: Buffer.alloc(0) }
}

export function syncError(name: ErrorName): SyncGroupResponseInput {
  return syncErrorCode(ErrorCode[name])
}
