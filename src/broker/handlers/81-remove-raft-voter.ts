/**
 * API key 81, RemoveRaftVoter, version 0 (KIP-853). Forwarded to the active controller.
 */
import { removeRaftVoter } from '../../protocol/messages/81-remove-raft-voter.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function removeRaftVoterHandler(broker: Forwarding): Handler<typeof removeRaftVoter> {
  return forwardingHandler(broker, removeRaftVoter, { min: 0, max: 0 })
}
