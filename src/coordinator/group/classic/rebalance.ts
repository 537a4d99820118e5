/**
 * The rebalance of a classic group: from the first JoinGroup until everybody has its answer, and the timers that move
 * it on when somebody stays away.
 *
 * Timers, by key: `heartbeat` (one per member: session timeout), `join` (one per group: initial delay, then rebalance
 * timeout), `sync` (one per group: members that joined but never synced, KIP-537).
 */
import { ErrorCode } from '../../../protocol/error-codes.ts'
import type { CoordinatorResult } from '../../types.ts'
import { NEW_MEMBER_JOIN_TIMEOUT_MS } from '../config.ts'
import { type GroupServices, NOTHING, tellGroup } from '../services.ts'
import { joinSuccess, syncSuccess } from './generation-responses.ts'
import type { ClassicGroup } from './group.ts'
import type { ClassicMember } from './member.ts'
import { EMPTY_ASSIGNMENT } from './member.ts'
import { syncErrorCode } from './responses.ts'

type Result = CoordinatorResult<undefined>

export const heartbeatKey = (groupId: string, memberId: string): string => `heartbeat/${groupId}\n${memberId}`
export const joinKey = (groupId: string): string => `join/${groupId}`
export const syncKey = (groupId: string): string => `sync/${groupId}`

/** Timers speak of groups by id: the group may have gone, or be another one, when they end. */
function withGroup(services: GroupServices, groupId: string, operation: (group: ClassicGroup) => Result): Result {
  const group = services.groups.classic(groupId)
  return group === null ? NOTHING : operation(group)
}

// Sessions

export function rescheduleHeartbeat(
  services: GroupServices,
  group: ClassicGroup,
  member: ClassicMember,
  timeoutMs: number = member.sessionTimeoutMs,
): void {
  scheduleHeartbeat(services, group.groupId, member.memberId, timeoutMs)
}

export function scheduleHeartbeat(services: GroupServices, groupId: string, memberId: string, timeoutMs: number): void {
  services.timer.schedule(heartbeatKey(groupId, memberId), timeoutMs, () =>
    withGroup(services, groupId, (group) => expireHeartbeat(services, group, memberId)),
  )
}

/** A new member waits for its first answer and cannot heartbeat; if its client has gone, this is the end of it. */
export function scheduleNewMemberTimeout(services: GroupServices, group: ClassicGroup, member: ClassicMember): void {
  rescheduleHeartbeat(services, group, member, NEW_MEMBER_JOIN_TIMEOUT_MS)
}

function expireHeartbeat(services: GroupServices, group: ClassicGroup, memberId: string): Result {
  const member = group.member(memberId)
  if (group.isPendingMember(memberId)) {
    tellGroup(services, group, `pending member ${memberId} removed: session timeout`)
    services.logger.info(`Pending member ${memberId} in group ${group.groupId} has been removed after session timeout.`)
    group.remove(memberId)
    return completeJoinIfReady(services, group)
  }
  if (member === undefined || member.hasSatisfiedHeartbeat) return NOTHING
  tellGroup(services, group, `member ${memberId} has failed: no heartbeat within its session timeout`)
  services.logger.info(`Member ${memberId} in group ${group.groupId} has failed, removing it from the group.`)
  group.remove(memberId)
  if (group.isIn('Stable', 'CompletingRebalance')) {
    return prepareRebalance(services, group, `removing member ${memberId} on heartbeat expiration.`)
  }
  return completeJoinIfReady(services, group)
}

function completeJoinIfReady(services: GroupServices, group: ClassicGroup): Result {
  const ready = group.isIn('PreparingRebalance') && group.hasAllMembersJoined()
  return ready ? completeJoin(services, group) : NOTHING
}

export function removeMember(services: GroupServices, group: ClassicGroup, memberId: string): void {
  services.timer.cancel(heartbeatKey(group.groupId, memberId))
  group.remove(memberId)
}

// Join phase

/** Starts a rebalance where the state allows it, else sees whether the one under way can go on. */
export function rebalanceOrCompleteJoin(services: GroupServices, group: ClassicGroup, reason: string): Result {
  return group.canRebalance() ? prepareRebalance(services, group, reason) : maybeCompleteJoin(services, group)
}

export function prepareRebalance(services: GroupServices, group: ClassicGroup, reason: string): Result {
  if (group.isIn('CompletingRebalance')) failAssignment(services, group, ErrorCode.REBALANCE_IN_PROGRESS)
  group.clearPendingSync()
  services.timer.cancel(syncKey(group.groupId))
  const isInitial = group.isEmpty()
  if (isInitial) scheduleInitialDelay(services, group)
  group.transitionTo('PreparingRebalance', services.clock.now())
  tellGroup(services, group, `preparing to rebalance: ${reason}`)
  services.logger.info(
    `Preparing to rebalance group ${group.groupId} in state ${group.state} with old generation ${group.generationId} (reason: ${reason}).`,
  )
  if (isInitial) return NOTHING
  if (group.hasAllMembersJoined()) return completeJoin(services, group)
  scheduleJoinTimeout(services, group)
  return NOTHING
}

function scheduleJoinTimeout(services: GroupServices, group: ClassicGroup): void {
  const { groupId } = group
  services.timer.schedule(joinKey(groupId), group.rebalanceTimeoutMs, () =>
    withGroup(services, groupId, (current) => completeJoin(services, current)),
  )
}

/** KIP-134: an empty group gives the other members of a starting application time to join the first generation. */
function scheduleInitialDelay(services: GroupServices, group: ClassicGroup): void {
  const delayMs = services.config.groupInitialRebalanceDelayMs
  scheduleInitialJoin(services, group.groupId, delayMs, Math.max(group.rebalanceTimeoutMs - delayMs, 0))
}

function scheduleInitialJoin(services: GroupServices, groupId: string, delayMs: number, remainingMs: number): void {
  services.timer.schedule(joinKey(groupId), delayMs, () =>
    withGroup(services, groupId, (group) => completeOrProlongInitialJoin(services, group, delayMs, remainingMs)),
  )
}

function completeOrProlongInitialJoin(
  services: GroupServices,
  group: ClassicGroup,
  delayMs: number,
  remainingMs: number,
): Result {
  if (!group.newMemberAdded || remainingMs === 0) return completeJoin(services, group)
  group.newMemberAdded = false
  const nextDelayMs = Math.min(services.config.groupInitialRebalanceDelayMs, remainingMs)
  scheduleInitialJoin(services, group.groupId, nextDelayMs, Math.max(remainingMs - delayMs, 0))
  return NOTHING
}

/** The initial rebalance ends by its timer alone. */
export function maybeCompleteJoin(services: GroupServices, group: ClassicGroup): Result {
  return group.previousState === 'Empty' ? NOTHING : completeJoinIfReady(services, group)
}

/**
 * Ends the join phase: dynamic members that stayed away are removed (static ones only by their session timeout), and
 * the next generation begins, empty or with an answer to everybody.
 */
function completeJoin(services: GroupServices, group: ClassicGroup): Result {
  services.timer.cancel(joinKey(group.groupId))
  if (!group.isIn('PreparingRebalance')) return NOTHING
  removeAbsentDynamicMembers(services, group)
  if (!group.electNewJoinedLeader() && group.size > 0) {
    // Static members only, and none has come back: wait for them, or for their session timeouts.
    services.logger.error(`Group ${group.groupId} could not complete rebalance because no members rejoined.`)
    scheduleJoinTimeout(services, group)
    return NOTHING
  }
  group.initNextGeneration(services.clock.now())
  if (group.isEmpty()) return recordEmptyGeneration(services, group)
  tellGroup(
    services,
    group,
    `all ${group.size} members have joined: generation ${group.generationId}, the leader assigns`,
  )
  services.logger.info(`Stabilized group ${group.groupId} generation ${group.generationId} with ${group.size} members.`)
  answerJoins(services, group)
  schedulePendingSync(services, group)
  return NOTHING
}

function removeAbsentDynamicMembers(services: GroupServices, group: ClassicGroup): void {
  const absent = group.notYetRejoined().filter((member) => !member.isStatic)
  for (const { memberId } of absent) removeMember(services, group, memberId)
  if (absent.length === 0) return
  const names = absent.map(({ memberId }) => memberId).join(', ')
  tellGroup(services, group, `removed members that did not join again: ${names}`)
  services.logger.info(`Group ${group.groupId} removed dynamic members who haven't joined: [${names}]`)
}

function recordEmptyGeneration(services: GroupServices, group: ClassicGroup): Result {
  tellGroup(services, group, 'now empty')
  services.logger.info(`Group ${group.groupId} with generation ${group.generationId} is now empty.`)
  return {
    records: [group.toRecord(new Map())],
    response: undefined,
    replay: false,
    // An older generation would come back after a restart, and time out again: harmless, it has no members any more.
    onAppendFailure: (error) =>
      services.logger.warn(`Failed to write empty metadata for group ${group.groupId}`, error),
  }
}

function answerJoins(services: GroupServices, group: ClassicGroup): void {
  for (const member of group.members) {
    group.answerJoin(member, joinSuccess(group, member.memberId))
    rescheduleHeartbeat(services, group, member)
    member.isNew = false
    group.addPendingSync(member.memberId)
  }
}

// Sync phase

function schedulePendingSync(services: GroupServices, group: ClassicGroup): void {
  const { groupId, generationId } = group
  services.timer.schedule(syncKey(groupId), group.rebalanceTimeoutMs, () =>
    withGroup(services, groupId, (current) =>
      current.generationId === generationId ? expirePendingSync(services, current) : NOTHING,
    ),
  )
}

function expirePendingSync(services: GroupServices, group: ClassicGroup): Result {
  const late = group.pendingSyncMembers
  if (!group.isIn('CompletingRebalance', 'Stable') || late.length === 0) return NOTHING
  for (const memberId of late) removeMember(services, group, memberId)
  return prepareRebalance(services, group, `Removing [${late.join(', ')}] on pending sync request expiration`)
}

/** The generation ends before it was assigned: whoever waits for an assignment is told why. */
export function failAssignment(services: GroupServices, group: ClassicGroup, errorCode: number): void {
  for (const member of group.members) {
    member.assignment = EMPTY_ASSIGNMENT
    if (group.answerSync(member, syncErrorCode(errorCode))) rescheduleHeartbeat(services, group, member)
  }
}

/** The leader's assignment is committed: everybody gets its part. */
export function assign(services: GroupServices, group: ClassicGroup, assignments: ReadonlyMap<string, Buffer>): void {
  for (const member of group.members) {
    member.assignment = assignments.get(member.memberId) ?? EMPTY_ASSIGNMENT
    // Sessions start anew: they were not enforced while the member waited.
    if (group.answerSync(member, syncSuccess(group, member))) rescheduleHeartbeat(services, group, member)
  }
  group.transitionTo('Stable', services.clock.now())
  tellGroup(services, group, 'assignment stored, members get their partitions')
}
