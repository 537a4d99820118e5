/** The cluster's nodes. */
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { DescribeClusterResponse } from '../../protocol/messages/60-describe-cluster.ts'
import type { ClusterDescription } from '../admin-types.ts'
import { ANY, type ClusterClient, CONTROLLER } from '../cluster-client.ts'
import { ENDPOINT_CONTROLLER } from '../controllers.ts'
import { commonVersion } from '../handshake.ts'

/** DescribeCluster (KIP-700), or Metadata from brokers before 2.8. */
export function describeCluster(
  client: ClusterClient,
  options: { includeFenced?: boolean } = {},
): Promise<ClusterDescription> {
  return client.retrying('DescribeCluster', async () => {
    const { describeCluster: api } = await import('../../protocol/messages/60-describe-cluster.ts')
    const connection = await client.connection(ANY)
    if (commonVersion(api, connection.versions) === null) return fromMetadata(client)
    const { toControllers } = client.options
    const answer = await client.sendOn(connection, api, (version) => ({
      includeFencedBrokers: version >= 2 && options.includeFenced === true,
      ...(toControllers ? { endpointType: ENDPOINT_CONTROLLER } : {}),
    }))
    if (answer.errorCode !== ErrorCode.NONE) {
      throw new KafkaError(errorName(answer.errorCode), answer.errorMessage ?? undefined)
    }
    return fromDescribeCluster(answer)
  })
}

function fromDescribeCluster(answer: DescribeClusterResponse): ClusterDescription {
  const brokers = answer.brokers.map(({ brokerId, host, port, rack, isFenced }) => ({
    id: brokerId,
    host,
    port,
    rack,
    isFenced,
  }))
  brokers.sort((left, right) => left.id - right.id)
  return { clusterId: answer.clusterId, controllerId: answer.controllerId, brokers }
}

async function fromMetadata(client: ClusterClient): Promise<ClusterDescription> {
  await client.refreshMetadata([])
  const { clusterId, controllerId, brokers } = client.metadata
  return { clusterId: clusterId ?? '', controllerId, brokers: [...brokers].sort((left, right) => left.id - right.id) }
}

/** Takes a broker out of the cluster's metadata. */
export function unregisterBroker(client: ClusterClient, brokerId: number): Promise<void> {
  return client.retrying('UnregisterBroker', async () => {
    const { unregisterBroker: api } = await import('../../protocol/messages/64-unregister-broker.ts')
    const answer = await client.send(CONTROLLER, api, { brokerId })
    if (answer.errorCode !== ErrorCode.NONE) {
      throw new KafkaError(errorName(answer.errorCode), answer.errorMessage ?? undefined)
    }
  })
}
