/**
 * API key 45, AlterPartitionReassignments, versions 0-1 (KIP-455). Forwarded to the active controller.
 *
 * Version notes: v1 can refuse a change of the replication factor (KIP-860).
 */
import { alterPartitionReassignments } from '../../protocol/messages/45-alter-partition-reassignments.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function alterPartitionReassignmentsHandler(broker: Forwarding): Handler<typeof alterPartitionReassignments> {
  return forwardingHandler(broker, alterPartitionReassignments, { min: 0, max: 1 })
}
