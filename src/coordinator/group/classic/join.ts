/**
 * JoinGroup to a classic group. Behaviour:
 * - a member id must be asked for first from version 4 on (KIP-394); static members (KIP-345) are known by their name
 * - a member that comes with something new, and a leader that comes again, start a rebalance; a follower that comes
 *   again with the same metadata is told the current generation
 * - a restarted static member gets its old assignment back without a rebalance when the group is stable and the
 *   selected protocol stays (KIP-814: from version 9 on even the leader may skip the assignment)
 *
 * The answer goes through `answer`, often long after the operation: it is parked in the member.
 */
import type { ErrorName, KafkaError } from '../../../protocol/error-codes.ts'
import { coordinatorErrorCode } from '../../errors.ts'
import type { CoordinatorResult } from '../../types.ts'
import { MAX_PENDING_JOIN_MEMBERS } from '../config.ts'
import { type GroupServices, NOTHING, tellGroup } from '../services.ts'
import { joinSuccess } from './generation-responses.ts'
import { ClassicGroup } from './group.ts'
import { ClassicMember, type JoinAnswer, type MemberProtocol } from './member.ts'
import { randomJavaUuid } from './member-id.ts'
import {
  maybeCompleteJoin,
  prepareRebalance,
  rebalanceOrCompleteJoin,
  rescheduleHeartbeat,
  scheduleHeartbeat,
  scheduleNewMemberTimeout,
} from './rebalance.ts'
import { joinError, joinErrorCode } from './responses.ts'

type Result = CoordinatorResult<undefined>

/** A JoinGroup request with the differences between versions taken out. */
export interface ClassicJoin {
  readonly groupId: string
  /** '' for one that has none yet. */
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocolType: string
  readonly protocols: readonly MemberProtocol[]
  readonly reason: string
  /** Version 4 and later. */
  readonly requiresKnownMemberId: boolean
  /** Version 9 and later. */
  readonly supportsSkippingAssignment: boolean
}

interface Joining {
  readonly services: GroupServices
  readonly group: ClassicGroup
  readonly join: ClassicJoin
  readonly answer: JoinAnswer
}

export function joinClassicGroup(services: GroupServices, join: ClassicJoin, answer: JoinAnswer): Result {
  const existing = services.groups.get(join.groupId)
  if (existing === undefined && join.memberId !== '') {
    answer(joinError('UNKNOWN_MEMBER_ID', join.memberId))
    return NOTHING
  }
  const group = existing ?? new ClassicGroup(join.groupId, services.clock.now())
  if (!(group instanceof ClassicGroup)) {
    answer(joinError('INCONSISTENT_GROUP_PROTOCOL', ''))
    return NOTHING
  }
  const joining = { services, group, join, answer }
  if (existing !== undefined) return joinGroup(joining)
  return createGroup(joining)
}

/** A new group exists from here on; its record makes that last. */
function createGroup(joining: Joining): Result {
  const { services, group, answer } = joining
  services.groups.put(group)
  const result = joinGroup(joining)
  if (result !== NOTHING) return result
  return {
    records: [group.toEmptyRecord()],
    response: undefined,
    replay: false,
    onAppendFailure: (error) => {
      services.logger.warn(`Failed to write empty metadata for group ${group.groupId}`, error)
      if (services.groups.get(group.groupId) === group) services.groups.remove(group.groupId)
      for (const member of group.members) group.answerJoin(member, joinErrorCode(coordinatorErrorCode(error), ''))
      answer(joinErrorCode(coordinatorErrorCode(error), ''))
    },
  }
}

function joinGroup(joining: Joining): Result {
  const { services, group, join } = joining
  if (!acceptsMember(services, group, join.memberId)) {
    group.remove(join.memberId)
    return refuse(joining, 'GROUP_MAX_SIZE_REACHED', '')
  }
  if (group.isIn('Dead')) return refuse(joining, 'COORDINATOR_NOT_AVAILABLE', join.memberId)
  if (!group.supportsProtocols(join.protocolType, join.protocols)) {
    return refuse(joining, 'INCONSISTENT_GROUP_PROTOCOL', join.memberId)
  }
  return join.memberId === '' ? joinNewMember(joining) : joinKnownMember(joining)
}

function refuse({ answer }: Joining, error: ErrorName, memberId: string): Result {
  answer(joinError(error, memberId))
  return NOTHING
}

/**
 * Whether `group.max.size` leaves room. While members rejoin, those that have are counted, so that a group above a
 * limit that was lowered loses its latest; else members are.
 */
function acceptsMember({ config }: GroupServices, group: ClassicGroup, memberId: string): boolean {
  switch (group.state) {
    case 'Empty':
    case 'Dead':
      return true
    case 'PreparingRebalance':
      return group.member(memberId)?.isAwaitingJoin || group.awaitingJoinCount < config.groupMaxSize
    case 'CompletingRebalance':
    case 'Stable':
      return group.has(memberId) || group.size < config.groupMaxSize
  }
}

function joinNewMember(joining: Joining): Result {
  const { services, group, join } = joining
  const memberId = `${join.groupInstanceId ?? join.clientId}-${randomJavaUuid(services.random)}`
  if (join.groupInstanceId !== null) return joinStaticMember(joining, memberId)
  if (!join.requiresKnownMemberId) return addMember(joining, memberId)
  if (group.pendingJoinCount >= MAX_PENDING_JOIN_MEMBERS) return refuse(joining, 'GROUP_MAX_SIZE_REACHED', '')
  group.addPendingMember(memberId)
  scheduleHeartbeat(services, group.groupId, memberId, join.sessionTimeoutMs)
  return refuse(joining, 'MEMBER_ID_REQUIRED', memberId)
}

function joinStaticMember(joining: Joining, newMemberId: string): Result {
  const oldMemberId = joining.group.staticMemberId(joining.join.groupInstanceId!)
  return oldMemberId === undefined
    ? addMember(joining, newMemberId)
    : replaceStaticMember(joining, oldMemberId, newMemberId)
}

function addMember({ services, group, join, answer }: Joining, memberId: string): Result {
  const member = new ClassicMember({ ...join, memberId })
  member.isNew = true
  if (group.isIn('PreparingRebalance') && group.previousState === 'Empty') group.newMemberAdded = true
  group.add(member, answer)
  tellGroup(services, group, `new member ${memberId}`)
  scheduleNewMemberTimeout(services, group, member)
  const reason = `Adding new member ${memberId} with group instance id ${join.groupInstanceId}; client reason: ${join.reason}`
  return rebalanceOrCompleteJoin(services, group, reason)
}

function joinKnownMember(joining: Joining): Result {
  const { group, join } = joining
  if (group.isPendingMember(join.memberId)) {
    // Kafka fails such a request too: static members never get a pending id.
    return join.groupInstanceId === null
      ? addMember(joining, join.memberId)
      : refuse(joining, 'UNKNOWN_SERVER_ERROR', join.memberId)
  }
  try {
    group.validateMember(join.memberId, join.groupInstanceId)
  } catch (error) {
    return refuse(joining, (error as KafkaError).errorName, join.memberId)
  }
  return rejoin(joining, group.member(join.memberId)!)
}

function rejoin(joining: Joining, member: ClassicMember): Result {
  const { group, join } = joining
  const { memberId } = member
  switch (group.state) {
    case 'PreparingRebalance':
      return updateMember(joining, member, `Member ${memberId} is joining group during ${group.state}`)
    case 'CompletingRebalance':
      // The same metadata: its first answer may have got lost.
      if (member.matches(join.protocols)) return answerCurrentGeneration(joining)
      return updateMember(joining, member, `Updating metadata for member ${memberId} during ${group.state}`)
    case 'Stable':
      if (group.isLeader(memberId)) {
        // A leader comes again when what it assigns has changed, for example the partitions of a topic.
        return updateMember(joining, member, `Leader ${memberId} re-joining group during ${group.state}`)
      }
      if (member.matches(join.protocols)) return answerCurrentGeneration(joining)
      return updateMember(joining, member, `Updating metadata for member ${memberId} during ${group.state}`)
    default:
      return refuse(joining, 'UNKNOWN_MEMBER_ID', memberId)
  }
}

function answerCurrentGeneration({ group, join, answer }: Joining): Result {
  answer(joinSuccess(group, join.memberId))
  return NOTHING
}

function updateMember({ services, group, join, answer }: Joining, member: ClassicMember, reason: string): Result {
  group.update(member, join, answer)
  tellGroup(services, group, `member ${member.memberId} joins again`)
  return rebalanceOrCompleteJoin(services, group, `${reason}; client reason: ${join.reason}`)
}

// A static member comes back under a new member id

function replaceStaticMember(joining: Joining, oldMemberId: string, newMemberId: string): Result {
  const { services, group, join, answer } = joining
  const { protocols, rebalanceTimeoutMs, sessionTimeoutMs } = group.member(oldMemberId)!
  const formerLeader = group.leader
  const member = group.replaceStaticMember(join.groupInstanceId!, oldMemberId, newMemberId)
  rescheduleHeartbeat(services, group, member)
  group.update(member, join, answer)
  const named = `static member ${newMemberId} with instance id ${join.groupInstanceId}`
  switch (group.state) {
    case 'Stable':
      if (group.selectProtocol() === group.protocolName) {
        const takeBack = (): void => {
          group.update(member, { protocols, rebalanceTimeoutMs, sessionTimeoutMs }, null)
          const old = group.replaceStaticMember(join.groupInstanceId!, newMemberId, oldMemberId)
          rescheduleHeartbeat(services, group, old)
        }
        return recordReplacement(joining, member, formerLeader, takeBack)
      }
      return rebalanceOrCompleteJoin(
        services,
        group,
        `Group's selectedProtocol will change because ${named} joined with change of protocol; client reason: ${join.reason}`,
      )
    case 'CompletingRebalance':
      // The leader may be assigning to the old member id already.
      return prepareRebalance(services, group, `Updating metadata for ${named}; client reason: ${join.reason}`)
    default:
      return maybeCompleteJoin(services, group)
  }
}

/** No rebalance: the new member id is recorded and the member goes on with the assignment of its former self. */
function recordReplacement(
  { services, group, join, answer }: Joining,
  member: ClassicMember,
  formerLeader: string | null,
  takeBack: () => void,
): Result {
  const { memberId } = member
  return {
    records: [group.toRecord(group.currentAssignments())],
    response: undefined,
    replay: false,
    onAppendFailure: (error) => {
      services.logger.warn(`Failed to persist static member ${memberId} of group ${group.groupId}`, error)
      member.joinAnswer = null
      if (group.member(memberId) === member) takeBack()
      answer(joinErrorCode(coordinatorErrorCode(error), ''))
    },
    onCommitted: () => {
      const isLeader = group.isLeader(memberId)
      // Before version 9 a returning leader is named a follower, or it would assign anew behind the group's back.
      const response = join.supportsSkippingAssignment
        ? { ...joinSuccess(group, memberId), skipAssignment: isLeader }
        : { ...joinSuccess(group, memberId), leader: formerLeader ?? '', members: [] }
      group.answerJoin(member, response)
    },
  }
}
