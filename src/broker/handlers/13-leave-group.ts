/**
 * API key 13, LeaveGroup, versions 0-5.
 *
 * Version notes:
 * - v3: several members at once, with an error each (KIP-345). v5: reasons (KIP-800).
 */
import { leaveGroup } from '../../protocol/messages/13-leave-group.ts'
import type { BrokerServices } from '../broker-services.ts'
import { groupContext } from '../group-requests.ts'
import { defineHandler, type Handler } from '../handler.ts'

export function leaveGroupHandler(broker: BrokerServices): Handler<typeof leaveGroup> {
  return defineHandler(leaveGroup, { min: 0, max: 5 }, async (request, context) => {
    return { response: await broker.groupCoordinator.leaveGroup(request, groupContext(context)) }
  })
}
