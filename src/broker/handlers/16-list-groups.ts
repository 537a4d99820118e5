/**
 * API key 16, ListGroups, versions 0-5. The groups coordinated here.
 *
 * Version notes:
 * - v4: filter by state (KIP-518). v5: types and their filter (KIP-848).
 *
 * Not implemented: groups of the new protocols; every group is `classic`.
 */
import { listGroups } from '../../protocol/messages/16-list-groups.ts'
import type { BrokerServices } from '../broker-services.ts'
import { groupContext } from '../group-requests.ts'
import { defineHandler, type Handler } from '../handler.ts'

export function listGroupsHandler(broker: BrokerServices): Handler<typeof listGroups> {
  return defineHandler(listGroups, { min: 0, max: 5 }, async (request, context) => {
    return { response: await broker.groupCoordinator.listGroups(request, groupContext(context)) }
  })
}
