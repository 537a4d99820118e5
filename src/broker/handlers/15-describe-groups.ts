/**
 * API key 15, DescribeGroups, versions 0-6.
 *
 * Version notes:
 * - v3: authorized operations (KIP-430). v4: static members. v6: GROUP_ID_NOT_FOUND with a message; up to v5 a group
 *   that is not there is `Dead` (KIP-1043).
 *
 * Not implemented: authorization; every operation is shown as allowed.
 */
import { ErrorCode } from '../../protocol/error-codes.ts'
import { describeGroups } from '../../protocol/messages/15-describe-groups.ts'
import { GROUP_OPERATIONS } from '../authorized-operations.ts'
import type { BrokerServices } from '../broker-services.ts'
import { groupContext } from '../group-requests.ts'
import { defineHandler, type Handler } from '../handler.ts'

const FIRST_OPERATIONS_VERSION = 3

export function describeGroupsHandler(broker: BrokerServices): Handler<typeof describeGroups> {
  return defineHandler(describeGroups, { min: 0, max: 6 }, async (request, context) => {
    const response = await broker.groupCoordinator.describeGroups(request, groupContext(context))
    if (!request.includeAuthorizedOperations || context.apiVersion < FIRST_OPERATIONS_VERSION) return { response }
    const groups = response.groups?.map((group) =>
      (group.errorCode ?? ErrorCode.NONE) === ErrorCode.NONE
        ? { ...group, authorizedOperations: GROUP_OPERATIONS }
        : group,
    )
    return { response: { ...response, groups } }
  })
}
