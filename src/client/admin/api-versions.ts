/** What each broker says it serves, learned when a connection to it is made. */
import type { ApiVersionRange, BrokerNode, Outcome } from '../admin-types.ts'
import { brokerFailure } from '../by-leader.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'

/** Every live broker of the cluster with the versions it serves; a dead one is its own failure. */
export async function describeApiVersions(
  client: ClusterClient,
): Promise<{ broker: BrokerNode; apis: Outcome<ApiVersionRange[]> }[]> {
  await client.retrying('Metadata', () => client.refreshMetadata([]))
  const brokers = [...client.metadata.brokers].sort((left, right) => left.id - right.id)
  return Promise.all(brokers.map(async (broker) => ({ broker, apis: await versionsOf(client, broker.id) })))
}

async function versionsOf(client: ClusterClient, brokerId: number): Promise<Outcome<ApiVersionRange[]>> {
  try {
    const { versions } = await client.connection(toBroker(brokerId))
    const apis = [...versions].map(([key, { min, max }]) => ({ key, min, max }))
    return { ok: true, value: apis.sort((left, right) => left.key - right.key) }
  } catch (error) {
    const failure = brokerFailure(error)
    if (failure === null) throw error
    return failure
  }
}
