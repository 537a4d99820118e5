/** Members of groups that must go: the coordinator is told that they leave (KIP-345, KIP-571). */
import { ErrorCode } from '../../protocol/error-codes.ts'
import type { Outcome } from '../admin-types.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { askCoordinators } from '../coordinators.ts'
import type { GroupMemberAdmin } from '../group-kind-types.ts'
import { failed, outcomeOf } from './outcome.ts'

type Members = Parameters<GroupMemberAdmin['removeGroupMembers']>[1]

/** A static member is named by its instance alone. */
const UNKNOWN_MEMBER_ID = ''
const REASON = 'member was removed by an admin'
const MANY_FROM = 3
const REASON_FROM = 5

/** The first member that could not be removed is the failure. */
export async function removeGroupMembers(
  client: ClusterClient,
  groupId: string,
  members: Members,
): Promise<Outcome<void>> {
  const results = await askCoordinators(client, 'LeaveGroup', [groupId], async (brokerId) => {
    const { leaveGroup: api } = await import('../../protocol/messages/13-leave-group.ts')
    const answer = await client.send(toBroker(brokerId), api, (version) => {
      if (version < MANY_FROM) return { groupId, memberId: members[0]?.memberId ?? UNKNOWN_MEMBER_ID }
      return {
        groupId,
        members: members.map(({ memberId, groupInstanceId }) => ({
          memberId: groupInstanceId === null ? memberId : UNKNOWN_MEMBER_ID,
          groupInstanceId,
          ...(version < REASON_FROM ? {} : { reason: REASON }),
        })),
      }
    })
    const bad = answer.members.find(({ errorCode }) => errorCode !== ErrorCode.NONE)
    const outcome =
      bad === undefined || answer.errorCode !== ErrorCode.NONE
        ? outcomeOf(answer.errorCode, null, () => undefined)
        : failed(bad.errorCode)
    return new Map([[groupId, outcome]])
  })
  return results.get(groupId)!
}
