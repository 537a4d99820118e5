/** Settings of a share consumer from Java properties. */
import { fetcherOptionsFromProperties, maxPollRecordsOf } from '../fetcher/options.ts'
import type { ShareConsumerOptions } from './share-consumer.ts'

type FromProperties = Pick<ShareConsumerOptions, 'maxWaitMs' | 'minBytes' | 'maxBytes' | 'checkCrcs' | 'maxPollRecords'>

/** Translates Kafka's consumer properties. Throws a usage `KtError` for a value that cannot be. */
export function shareOptionsFromProperties(properties: ReadonlyMap<string, string>): FromProperties {
  const { maxWaitMs, minBytes, maxBytes, checkCrcs } = fetcherOptionsFromProperties(properties)
  return { maxWaitMs, minBytes, maxBytes, checkCrcs, maxPollRecords: maxPollRecordsOf(properties) }
}
