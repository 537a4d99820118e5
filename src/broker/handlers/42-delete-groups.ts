/**
 * API key 42, DeleteGroups, versions 0-2. Only groups without members: NON_EMPTY_GROUP otherwise.
 */
import { deleteGroups } from '../../protocol/messages/42-delete-groups.ts'
import type { BrokerServices } from '../broker-services.ts'
import { groupContext } from '../group-requests.ts'
import { defineHandler, type Handler } from '../handler.ts'

export function deleteGroupsHandler(broker: BrokerServices): Handler<typeof deleteGroups> {
  return defineHandler(deleteGroups, { min: 0, max: 2 }, async (request, context) => {
    const groupsNames = [...new Set(request.groupsNames)]
    return { response: await broker.groupCoordinator.deleteGroups({ ...request, groupsNames }, groupContext(context)) }
  })
}
