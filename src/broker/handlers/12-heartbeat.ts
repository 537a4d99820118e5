/**
 * API key 12, Heartbeat, versions 0-4. Answered by the group coordinator: REBALANCE_IN_PROGRESS tells to join again.
 *
 * Version notes:
 * - v3: static members (KIP-345).
 */
import { heartbeat } from '../../protocol/messages/12-heartbeat.ts'
import type { BrokerServices } from '../broker-services.ts'
import { groupContext } from '../group-requests.ts'
import { defineHandler, type Handler } from '../handler.ts'

export function heartbeatHandler(broker: BrokerServices): Handler<typeof heartbeat> {
  return defineHandler(heartbeat, { min: 0, max: 4 }, async (request, context) => {
    return { response: await broker.groupCoordinator.heartbeat(request, groupContext(context)) }
  })
}
