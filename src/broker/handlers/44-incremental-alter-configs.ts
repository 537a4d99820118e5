/**
 * API key 44, IncrementalAlterConfigs, versions 0-1. Set, delete, append, subtract (KIP-339).
 * Forwarded to the active controller; values reach brokers as records of the metadata log.
 *
 * Not implemented: log levels (BROKER_LOGGER), which a broker would change in itself.
 */
import { incrementalAlterConfigs } from '../../protocol/messages/44-incremental-alter-configs.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function incrementalAlterConfigsHandler(broker: Forwarding): Handler<typeof incrementalAlterConfigs> {
  return forwardingHandler(broker, incrementalAlterConfigs, { min: 0, max: 1 }, (errorCode, errorMessage, request) => ({
    responses: request.resources.map(({ resourceType, resourceName }) => ({
      errorCode,
      errorMessage,
      resourceType,
      resourceName,
    })),
  }))
}
