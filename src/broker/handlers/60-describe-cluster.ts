/**
 * API key 60, DescribeCluster, versions 0-2.
 *
 * Behaviour:
 * - Brokers on the listener that was asked, the fenced ones only on demand (v2, KIP-1073); some live broker as the
 *   controller, -1 when it is not among those told.
 * - v1: an endpoint type; controllers are asked at controllers: MISMATCHED_ENDPOINT_TYPE (KIP-919).
 */
import { ErrorCode, KafkaError } from '../../protocol/error-codes.ts'
import { describeCluster } from '../../protocol/messages/60-describe-cluster.ts'
import { CLUSTER_OPERATIONS, OPERATIONS_NOT_ASKED } from '../authorized-operations.ts'
import type { BrokerServices } from '../broker-services.ts'
import { defineHandler, type Handler } from '../handler.ts'
import { endpointOf } from '../metadata-cache.ts'

const ENDPOINT_BROKER = 1
const ENDPOINT_CONTROLLER = 2

function refuseOtherEndpoints(endpointType: number): void {
  if (endpointType === ENDPOINT_BROKER) return
  if (endpointType !== ENDPOINT_CONTROLLER) {
    throw new KafkaError('UNSUPPORTED_ENDPOINT_TYPE', `Unsupported endpoint type ${endpointType}`)
  }
  throw new KafkaError(
    'MISMATCHED_ENDPOINT_TYPE',
    'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER',
  )
}

export function describeClusterHandler(broker: BrokerServices): Handler<typeof describeCluster> {
  return defineHandler(describeCluster, { min: 0, max: 2 }, (request, context) => {
    refuseOtherEndpoints(request.endpointType)
    const brokers = [...broker.metadata.image.brokers.values()].flatMap((registration) => {
      const endpoint = endpointOf(registration, context.listenerName)
      if (endpoint === null || (registration.fenced && !request.includeFencedBrokers)) return []
      const { id, rack, fenced } = registration
      return [{ brokerId: id, host: endpoint.host, port: endpoint.port, rack, isFenced: fenced }]
    })
    const controllerId = broker.metadata.anyAliveBrokerId(broker.nodeId)
    return {
      response: {
        errorCode: ErrorCode.NONE,
        clusterId: broker.clusterId,
        controllerId: brokers.some(({ brokerId }) => brokerId === controllerId) ? controllerId : -1,
        brokers,
        clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
          ? CLUSTER_OPERATIONS
          : OPERATIONS_NOT_ASKED,
      },
    }
  })
}
