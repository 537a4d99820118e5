/**
 * API key 20, DeleteTopics, versions 1-6. Forwarded to the active controller; logs go when the records arrive here.
 *
 * Version notes:
 * - v6: topic ids (KIP-516); up to v5 names in a list of their own.
 */
import { deleteTopics } from '../../protocol/messages/20-delete-topics.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function deleteTopicsHandler(broker: Forwarding): Handler<typeof deleteTopics> {
  return forwardingHandler(broker, deleteTopics, { min: 1, max: 6 }, (errorCode, errorMessage, request) => ({
    responses:
      request.topics.length > 0
        ? request.topics.map(({ name, topicId }) => ({ name, topicId, errorCode, errorMessage }))
        : request.topicNames.map((name) => ({ name, errorCode, errorMessage })),
  }))
}
