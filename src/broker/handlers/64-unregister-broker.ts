/**
 * API key 64, UnregisterBroker, version 0 (KIP-500). Forwarded to the active controller.
 */
import { unregisterBroker } from '../../protocol/messages/64-unregister-broker.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function unregisterBrokerHandler(broker: Forwarding): Handler<typeof unregisterBroker> {
  return forwardingHandler(broker, unregisterBroker, { min: 0, max: 0 })
}
