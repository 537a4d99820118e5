/**
 * API key 11, JoinGroup, versions 0-9.
 *
 * Behaviour:
 * - Waits in the group coordinator until the rebalance completes; the connection serves nothing else meanwhile.
 *
 * Version notes:
 * - v0-1 are served though 4.0 dropped them: librdkafka before 2.11 lost its groups without them (KAFKA-19444).
 * - v4: MEMBER_ID_REQUIRED (KIP-394). v5: static members (KIP-345). v7: protocol type. v8: reason. v9: skip assignment.
 */
import { joinGroup } from '../../protocol/messages/11-join-group.ts'
import type { BrokerServices } from '../broker-services.ts'
import { groupContext } from '../group-requests.ts'
import { defineHandler, type Handler } from '../handler.ts'

export function joinGroupHandler(broker: BrokerServices): Handler<typeof joinGroup> {
  return defineHandler(joinGroup, { min: 0, max: 9 }, async (request, context) => {
    return { response: await broker.groupCoordinator.joinGroup(request, groupContext(context)) }
  })
}
