/**
 * API key 14, SyncGroup, versions 0-5.
 *
 * Behaviour:
 * - Followers wait until the leader has brought the assignment, which is stored before anybody is answered.
 *
 * Version notes:
 * - v3: static members (KIP-345). v5: protocol type and name are a must (KIP-559).
 */
import { syncGroup } from '../../protocol/messages/14-sync-group.ts'
import type { BrokerServices } from '../broker-services.ts'
import { groupContext } from '../group-requests.ts'
import { defineHandler, type Handler } from '../handler.ts'

export function syncGroupHandler(broker: BrokerServices): Handler<typeof syncGroup> {
  return defineHandler(syncGroup, { min: 0, max: 5 }, async (request, context) => {
    return { response: await broker.groupCoordinator.syncGroup(request, groupContext(context)) }
  })
}
