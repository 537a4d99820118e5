/** What a controller tells of the quorum's controllers (KIP-919). */
import { ErrorCode, errorName, KafkaError } from '../protocol/error-codes.ts'
import type { DescribeClusterResponse } from '../protocol/messages/60-describe-cluster.ts'
import type { BrokerNode } from './admin-types.ts'

/** `endpointType` of DescribeCluster. */
export const ENDPOINT_CONTROLLER = 2

export interface ControllersDescription {
  readonly clusterId: string
  /** The active controller; -1 while there is none. */
  readonly controllerId: number
  readonly controllers: readonly BrokerNode[]
}

/** Throws `KafkaError`: MISMATCHED_ENDPOINT_TYPE at a broker. */
export function controllersOf(answer: DescribeClusterResponse): ControllersDescription {
  if (answer.errorCode !== ErrorCode.NONE) {
    throw new KafkaError(errorName(answer.errorCode), answer.errorMessage ?? undefined)
  }
  const controllers = answer.brokers.map(({ brokerId, host, port, rack }) => ({ id: brokerId, host, port, rack }))
  return { clusterId: answer.clusterId, controllerId: answer.controllerId, controllers }
}
