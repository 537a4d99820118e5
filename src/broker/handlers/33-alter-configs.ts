/**
 * API key 33, AlterConfigs, versions 0-2. Replaces everything a resource had set; IncrementalAlterConfigs (44) is what one wants (KIP-339).
 * Forwarded to the active controller; values reach brokers as records of the metadata log.
 *
 * Not implemented: log levels (BROKER_LOGGER), which a broker would change in itself.
 */
import { alterConfigs } from '../../protocol/messages/33-alter-configs.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function alterConfigsHandler(broker: Forwarding): Handler<typeof alterConfigs> {
  return forwardingHandler(broker, alterConfigs, { min: 0, max: 2 }, (errorCode, errorMessage, request) => ({
    responses: request.resources.map(({ resourceType, resourceName }) => ({
      errorCode,
      errorMessage,
      resourceType,
      resourceName,
    })),
  }))
}
