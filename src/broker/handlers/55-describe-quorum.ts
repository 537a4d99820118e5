/**
 * API key 55, DescribeQuorum, versions 0-2. Forwarded to the active controller, the only one who knows how far each replica
 * of the metadata log has come.
 *
 * Version notes: v1 has fetch times (KIP-836), v2 directory ids and the voters' listeners (KIP-853).
 */
import { describeQuorum } from '../../protocol/messages/55-describe-quorum.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function describeQuorumHandler(broker: Forwarding): Handler<typeof describeQuorum> {
  return forwardingHandler(broker, describeQuorum, { min: 0, max: 2 })
}
