/**
 * API key 57, UpdateFeatures, versions 0-2 (KIP-584). Forwarded to the active controller.
 *
 * Version notes: v1 has upgrade types and a dry run (KIP-778), v2 one result for all.
 */
import { updateFeatures } from '../../protocol/messages/57-update-features.ts'
import { type Forwarding, forwardingHandler } from '../forward.ts'
import type { Handler } from '../handler.ts'

export function updateFeaturesHandler(broker: Forwarding): Handler<typeof updateFeatures> {
  return forwardingHandler(broker, updateFeatures, { min: 0, max: 2 })
}
