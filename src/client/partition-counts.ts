/** How many partitions topics have that are known to exist: asked until the broker that answers has heard of them. */
import { errorName, KafkaError } from '../protocol/error-codes.ts'
import type { ClusterClient } from './cluster-client.ts'

/** How long a broker may lag behind the one that listed or created a topic. */
const LAG_PATIENCE_MS = 10_000

/**
 * Partitions of each topic. A broker learns of a new topic after the controller has confirmed it (KIP-500), so that one
 * which does not know it is asked again; throws a `KtError` when that stays, or for what waiting does not cure.
 */
export function partitionCounts(client: ClusterClient, names: readonly string[]): Promise<Map<string, number>> {
  const ask = async (): Promise<Map<string, number>> => {
    const errors = await client.refreshMetadata(names, { allowAutoTopicCreation: false })
    for (const [name, code] of errors) throw new KafkaError(errorName(code), `Topic '${name}': ${errorName(code)}`)
    return new Map(names.map((name) => [name, client.metadata.topic(name)?.partitions.length ?? 0]))
  }
  return client.retrying('Metadata', ask, LAG_PATIENCE_MS)
}
