/** Who the cluster is, and which topics are meant by their names: asked before every change that can be undone. */
import { ZERO_UUID } from '../../base/uuid.ts'
import type { ClusterIdentity } from '../admin-types.ts'
import type { ClusterClient } from '../cluster-client.ts'

/** One Metadata request, none where it is known already; controllers know no topics by name. */
export function identify(client: ClusterClient, topics: readonly string[]): Promise<ClusterIdentity> {
  return client.retrying('Metadata', async () => {
    if (client.options.toControllers) {
      const { describeCluster } = await import('./cluster.ts')
      const { clusterId } = await describeCluster(client)
      return { clusterId, topicIds: new Map() }
    }
    if (topics.length > 0 || client.metadata.clusterId === null) await client.refreshMetadata(topics)
    const ids = topics.map((name) => [name, client.metadata.topic(name)?.topicId ?? ZERO_UUID] as const)
    return { clusterId: client.metadata.clusterId ?? '', topicIds: new Map(ids.filter(([, id]) => id !== ZERO_UUID)) }
  })
}
