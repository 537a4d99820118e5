/**
 * API key 80, AddRaftVoter, versions 0-1 (KIP-853). Forwarded to the active controller.
 *
 * Version notes: v1 can be answered before the change is committed (KIP-1186).
 */
import { addRaftVoter } from '../../protocol/messages/80-add-raft-voter.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function addRaftVoterHandler(broker: Forwarding): Handler<typeof addRaftVoter> {
  return forwardingHandler(broker, addRaftVoter, { min: 0, max: 1 })
}
