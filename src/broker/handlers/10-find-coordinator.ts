/**
 * API key 10, FindCoordinator, versions 0-6.
 *
 * Behaviour:
 * - A group's coordinator leads partition `abs(javaHash(group)) % partitions` of `__consumer_offsets`.
 * - The first question creates that topic and is answered COORDINATOR_NOT_AVAILABLE, as are all until it has a leader.
 *
 * Version notes:
 * - v1: key type. v4: several keys at once (KIP-699). v6: share coordinators (KIP-932).
 *
 * Not implemented: transactions, answered TRANSACTIONAL_ID_AUTHORIZATION_FAILED, the one code every client takes as final:
 * any "not available" makes them ask for ever. Share coordinators are COORDINATOR_NOT_AVAILABLE.
 */
import { ErrorCode, errorInfo } from '../../protocol/error-codes.ts'
import { type FindCoordinatorResponseInput, findCoordinator } from '../../protocol/messages/10-find-coordinator.ts'
import type { BrokerServices } from '../broker-services.ts'
import { defineHandler, type Handler, type RequestContext } from '../handler.ts'
import type { BrokerNode } from '../metadata-cache.ts'
import { GROUP_METADATA_TOPIC } from '../topic-names.ts'

const KEY_TYPE_GROUP = 0
const KEY_TYPE_TRANSACTION = 1
const KEY_TYPE_SHARE = 2
const FIRST_BATCH_VERSION = 4
const FIRST_SHARE_VERSION = 6

const NOBODY: BrokerNode = { id: -1, host: '', port: -1, rack: null }

const NO_TRANSACTIONS = 'This node does not implement transactions yet.'

interface Coordinator {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly node: BrokerNode
}

function none(errorCode: number, errorMessage: string = errorInfo(errorCode).message): Coordinator {
  return { errorCode, errorMessage, node: NOBODY }
}

function coordinatorOf(broker: BrokerServices, context: RequestContext, keyType: number, key: string): Coordinator {
  if (keyType === KEY_TYPE_TRANSACTION) return none(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, NO_TRANSACTIONS)
  if (keyType === KEY_TYPE_SHARE && context.apiVersion >= FIRST_SHARE_VERSION) {
    return none(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  }
  if (keyType !== KEY_TYPE_GROUP) return none(ErrorCode.INVALID_REQUEST)
  const topic = broker.metadata.topic(GROUP_METADATA_TOPIC)
  if (topic === undefined) {
    broker.autoTopicCreation.create(GROUP_METADATA_TOPIC)
    return none(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  }
  const partition = topic.partitions.get(broker.groupCoordinator.partitionFor(key))
  const node = partition === undefined ? null : broker.metadata.aliveNode(partition.leader, context.listenerName)
  if (node === null) return none(ErrorCode.COORDINATOR_NOT_AVAILABLE)
  return { errorCode: ErrorCode.NONE, errorMessage: null, node }
}

function single({ errorCode, errorMessage, node }: Coordinator): FindCoordinatorResponseInput {
  return { errorCode, errorMessage, nodeId: node.id, host: node.host, port: node.port }
}

export function findCoordinatorHandler(broker: BrokerServices): Handler<typeof findCoordinator> {
  return defineHandler(findCoordinator, { min: 0, max: 6 }, (request, context) => {
    if (context.apiVersion < FIRST_BATCH_VERSION) {
      return { response: single(coordinatorOf(broker, context, request.keyType, request.key)) }
    }
    const coordinators = request.coordinatorKeys.map((key) => {
      const { errorCode, errorMessage, node } = coordinatorOf(broker, context, request.keyType, key)
      return { key, errorCode, errorMessage, nodeId: node.id, host: node.host, port: node.port }
    })
    return { response: { coordinators } }
  })
}
