/** API key 60, DescribeCluster, versions 1-2, as a controller answers it: the controllers of the cluster (KIP-919). */
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import { describeCluster } from '../../protocol/messages/60-describe-cluster.ts'
import { CLUSTER_OPERATIONS, OPERATIONS_NOT_ASKED } from '../authorized-operations.ts'
import { defineHandler, type Handler } from '../handler.ts'
import type { ControllerServices } from './services.ts'

const ENDPOINT_CONTROLLER = 2

export function describeControllersHandler(services: ControllerServices): Handler<typeof describeCluster> {
  return defineHandler(describeCluster, { min: 0, max: 2 }, (request, context) => {
    if (request.endpointType !== ENDPOINT_CONTROLLER) {
      throw new KafkaError(
        'MISMATCHED_ENDPOINT_TYPE',
        'The request was sent to an endpoint of type CONTROLLER, but we wanted an endpoint of type BROKER',
      )
    }
    const brokers = [...services.image().controllers.values()].flatMap(({ id, endpoints }) => {
      const endpoint = endpoints.find(({ name }) => name === context.listenerName)
      return endpoint === undefined ? [] : [{ brokerId: id, host: endpoint.host, port: endpoint.port, rack: null }]
    })
    return {
      response: {
        errorCode: ErrorCode.NONE,
        endpointType: ENDPOINT_CONTROLLER,
        clusterId: services.clusterId,
        controllerId: services.raft.leaderId ?? -1,
        brokers,
        clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
          ? CLUSTER_OPERATIONS
          : OPERATIONS_NOT_ASKED,
      },
    }
  })
}
