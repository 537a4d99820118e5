/** The controllers of a quorum, asked at one of them (KIP-919). */
import { ErrorCode, errorName, KafkaError } from '../protocol/error-codes.ts'
import { describeCluster } from '../protocol/messages/60-describe-cluster.ts'
import type { BrokerNode } from './admin-types.ts'
import type { ClusterClient } from './cluster-client.ts'
import type { Connection } from './connection.ts'

/** `endpointType` of DescribeCluster. */
export const ENDPOINT_CONTROLLER = 2

export interface ControllersDescription {
  readonly clusterId: string
  /** The active controller; -1 while there is none. */
  readonly controllerId: number
  readonly controllers: readonly BrokerNode[]
}

/** Throws `KafkaError` MISMATCHED_ENDPOINT_TYPE at a broker. */
export async function describeControllers(
  client: ClusterClient,
  connection: Connection,
): Promise<ControllersDescription> {
  const answer = await client.sendOn(connection, describeCluster, { endpointType: ENDPOINT_CONTROLLER })
  if (answer.errorCode !== ErrorCode.NONE) {
    throw new KafkaError(errorName(answer.errorCode), answer.errorMessage ?? undefined)
  }
  const controllers = answer.brokers.map(({ brokerId, host, port, rack }) => ({ id: brokerId, host, port, rack }))
  return { clusterId: answer.clusterId, controllerId: answer.controllerId, controllers }
}
