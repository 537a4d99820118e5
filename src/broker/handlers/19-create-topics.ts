/**
 * API key 19, CreateTopics, versions 2-7. Forwarded to the active controller, whose answer tells the topics' effective
 * configuration (v5, KIP-525) and ids (v7).
 */
import { createTopics } from '../../protocol/messages/19-create-topics.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function createTopicsHandler(broker: Forwarding): Handler<typeof createTopics> {
  return forwardingHandler(broker, createTopics, { min: 2, max: 7 }, (errorCode, errorMessage, request) => ({
    topics: request.topics.map(({ name }) => ({ name, errorCode, errorMessage, configs: [] })),
  }))
}
