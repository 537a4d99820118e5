/**
 * API key 37, CreatePartitions, versions 0-3. Forwarded to the active controller.
 */
import { createPartitions } from '../../protocol/messages/37-create-partitions.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function createPartitionsHandler(broker: Forwarding): Handler<typeof createPartitions> {
  return forwardingHandler(broker, createPartitions, { min: 0, max: 3 }, (errorCode, errorMessage, request) => ({
    results: request.topics.map(({ name }) => ({ name, errorCode, errorMessage })),
  }))
}
