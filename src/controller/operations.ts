/** Which API is served by which control file, and how a failure of the whole request is told. */
import { KafkaError } from '../protocol/error-codes.ts'
import { createTopics as createTopicsApi } from '../protocol/messages/19-create-topics.ts'
import { deleteTopics as deleteTopicsApi } from '../protocol/messages/20-delete-topics.ts'
import { alterConfigs as alterConfigsApi } from '../protocol/messages/33-alter-configs.ts'
import { createPartitions as createPartitionsApi } from '../protocol/messages/37-create-partitions.ts'
import { electLeaders as electLeadersApi } from '../protocol/messages/43-elect-leaders.ts'
import { incrementalAlterConfigs as incrementalAlterConfigsApi } from '../protocol/messages/44-incremental-alter-configs.ts'
import { alterPartitionReassignments as alterPartitionReassignmentsApi } from '../protocol/messages/45-alter-partition-reassignments.ts'
import { listPartitionReassignments as listPartitionReassignmentsApi } from '../protocol/messages/46-list-partition-reassignments.ts'
import { alterPartition as alterPartitionApi } from '../protocol/messages/56-alter-partition.ts'
import { updateFeatures as updateFeaturesApi } from '../protocol/messages/57-update-features.ts'
import { brokerRegistration as brokerRegistrationApi } from '../protocol/messages/62-broker-registration.ts'
import { brokerHeartbeat as brokerHeartbeatApi } from '../protocol/messages/63-broker-heartbeat.ts'
import { unregisterBroker as unregisterBrokerApi } from '../protocol/messages/64-unregister-broker.ts'
import { allocateProducerIds as allocateProducerIdsApi } from '../protocol/messages/67-allocate-producer-ids.ts'
import { controllerRegistration as controllerRegistrationApi } from '../protocol/messages/70-controller-registration.ts'
import { assignReplicasToDirs as assignReplicasToDirsApi } from '../protocol/messages/73-assign-replicas-to-dirs.ts'
import type { Api, RequestOf, ResponseInput } from '../protocol/schema.ts'
import { alterPartition, alterPartitionFailure } from './alter-partition.ts'
import { processHeartbeat, registerBroker, registerController, unregisterBroker } from './cluster-control.ts'
import { alterConfigs, incrementalAlterConfigs } from './configuration-control.ts'
import { assignReplicasToDirs } from './directory-control.ts'
import { electLeaders, electLeadersFailure } from './elections.ts'
import { updateFeatures } from './feature-control.ts'
import { allocateProducerIds } from './producer-id-control.ts'
import { alterPartitionReassignments, listPartitionReassignments } from './reassignment-control.ts'
import { createPartitions } from './replication-control.ts'
import { createTopics } from './topic-control.ts'
import { deleteTopics } from './topic-deletion.ts'
import type { ControllerResult } from './types.ts'
import { type ControllerView, failureOf } from './view.ts'

/** What an operation may need beyond the view. */
export interface OperationContext {
  /** Broker id -> offset of its registration in the log. */
  readonly registrationOffsets: ReadonlyMap<number, number>
  /** kraft.version is the quorum's own; throws `KafkaError` when it may not become `level`. */
  readonly upgradeKraftVersion: (level: number, validateOnly: boolean) => void
}

export interface Operation {
  readonly key: number
  run(view: ControllerView, version: number, request: never, context: OperationContext): ControllerResult<unknown>
  /** The answer when the whole request fails; left out where the answer has no error code of its own. */
  failure?(error: KafkaError, request: never, version: number): unknown
}

type Failure = NonNullable<Operation['failure']>

function operation<A extends Api>(
  api: A,
  run: (
    view: ControllerView,
    version: number,
    request: RequestOf<A>,
    context: OperationContext,
  ) => ControllerResult<ResponseInput<A>>,
  failure?: (error: KafkaError, request: RequestOf<A>, version: number) => ResponseInput<A>,
): Operation {
  const { key } = api
  return { key, run: run as Operation['run'], ...(failure === undefined ? {} : { failure: failure as Failure }) }
}

const codeOnly = (error: KafkaError) => ({ errorCode: error.code })

function heartbeatOf(context: OperationContext, brokerId: number): number {
  const offset = context.registrationOffsets.get(brokerId)
  if (offset !== undefined) return offset
  const message = `Receive a heartbeat from broker ${brokerId} before registration`
  throw new KafkaError('STALE_BROKER_EPOCH', message)
}

const OPERATIONS: readonly Operation[] = [
  operation(createTopicsApi, (view, _, request) => createTopics(view, request)),
  operation(deleteTopicsApi, deleteTopics),
  operation(createPartitionsApi, (view, _, request) => createPartitions(view, request)),
  operation(alterConfigsApi, (view, _, request) => alterConfigs(view, request)),
  operation(incrementalAlterConfigsApi, (view, _, request) => incrementalAlterConfigs(view, request)),
  operation(electLeadersApi, (view, _, request) => electLeaders(view, request), electLeadersFailure),
  operation(
    alterPartitionReassignmentsApi,
    (view, _, request) => alterPartitionReassignments(view, request),
    failureOf,
  ),
  operation(listPartitionReassignmentsApi, (view, _, request) => listPartitionReassignments(view, request), failureOf),
  operation(alterPartitionApi, alterPartition, alterPartitionFailure),
  operation(
    updateFeaturesApi,
    (view, version, request, { upgradeKraftVersion }) => updateFeatures(view, version, request, upgradeKraftVersion),
    (error) => ({ ...failureOf(error), results: [] }),
  ),
  operation(brokerRegistrationApi, registerBroker, codeOnly),
  operation(
    brokerHeartbeatApi,
    (view, _, request, context) => processHeartbeat(view, request, heartbeatOf(context, request.brokerId)),
    codeOnly,
  ),
  operation(unregisterBrokerApi, (view, _, request) => unregisterBroker(view, request), failureOf),
  operation(allocateProducerIdsApi, (view, _, request) => allocateProducerIds(view, request), codeOnly),
  operation(assignReplicasToDirsApi, (view, _, request) => assignReplicasToDirs(view, request), codeOnly),
  operation(controllerRegistrationApi, (_, __, request) => registerController(request), failureOf),
]
const BY_KEY = new Map(OPERATIONS.map((served) => [served.key, served]))

/** API keys the active controller serves. */
export const CONTROLLER_API_KEYS: ReadonlySet<number> = new Set(BY_KEY.keys())

/** null for an API the controller does not serve. */
export function operationFor(api: Api): Operation | null {
  return BY_KEY.get(api.key) ?? null
}
