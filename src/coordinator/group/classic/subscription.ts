import { Reader } from '../../../base/bytes.ts'
import { decode } from '../../../protocol/codec.ts'
import { consumerProtocolSubscription } from '../../../protocol/messages/consumer-protocol.ts'

/** Protocol type of consumers; other types (`connect`, a registry's own) have metadata we do not look into. */
export const CONSUMER_PROTOCOL_TYPE = 'consumer'

/**
 * Topics in a consumer's subscription. Read as version 0, the prefix of all versions, so that versions of the embedded
 * protocol that we have never seen still work. Null: these bytes are no subscription.
 */
export function subscribedTopics(metadata: Buffer): readonly string[] | null {
  try {
    const reader = new Reader(metadata)
    if (reader.int16() < 0) return null
    return decode(consumerProtocolSubscription, 0, reader).topics
  } catch {
    return null
  }
}
