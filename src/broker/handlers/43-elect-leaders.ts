/**
 * API key 43, ElectLeaders, versions 0-2: preferred, and since v1 unclean elections (KIP-460). Forwarded to the active
 * controller.
 */
import { electLeaders } from '../../protocol/messages/43-elect-leaders.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function electLeadersHandler(broker: Forwarding): Handler<typeof electLeaders> {
  return forwardingHandler(broker, electLeaders, { min: 0, max: 2 })
}
