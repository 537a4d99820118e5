/**
 * Every API a controller's listener serves, in the order of its keys. Raft's are answered by the quorum, the others by the
 * active controller; what clients may ask of either kind of node shares its handler with the broker.
 */

import { fetch } from '../../protocol/messages/01-fetch.ts'
import { vote } from '../../protocol/messages/52-vote.ts'
import { beginQuorumEpoch } from '../../protocol/messages/53-begin-quorum-epoch.ts'
import { endQuorumEpoch } from '../../protocol/messages/54-end-quorum-epoch.ts'
import { alterPartition } from '../../protocol/messages/56-alter-partition.ts'
import { fetchSnapshot } from '../../protocol/messages/59-fetch-snapshot.ts'
import { brokerRegistration } from '../../protocol/messages/62-broker-registration.ts'
import { brokerHeartbeat } from '../../protocol/messages/63-broker-heartbeat.ts'
import { allocateProducerIds } from '../../protocol/messages/67-allocate-producer-ids.ts'
import { controllerRegistration } from '../../protocol/messages/70-controller-registration.ts'
import { assignReplicasToDirs } from '../../protocol/messages/73-assign-replicas-to-dirs.ts'
import { updateRaftVoter } from '../../protocol/messages/82-update-raft-voter.ts'
import type { Api } from '../../protocol/schema.ts'
import { apiVersionsResponse } from '../api-versions.ts'
import { forwardingHandler } from '../forward.ts'
import { defineHandler, type Handler } from '../handler.ts'
import { apiVersionsHandler } from '../handlers/18-api-versions.ts'
import { createTopicsHandler } from '../handlers/19-create-topics.ts'
import { deleteTopicsHandler } from '../handlers/20-delete-topics.ts'
import { describeConfigsHandler } from '../handlers/32-describe-configs.ts'
import { alterConfigsHandler } from '../handlers/33-alter-configs.ts'
import { createPartitionsHandler } from '../handlers/37-create-partitions.ts'
import { electLeadersHandler } from '../handlers/43-elect-leaders.ts'
import { incrementalAlterConfigsHandler } from '../handlers/44-incremental-alter-configs.ts'
import { alterPartitionReassignmentsHandler } from '../handlers/45-alter-partition-reassignments.ts'
import { listPartitionReassignmentsHandler } from '../handlers/46-list-partition-reassignments.ts'
import { describeQuorumHandler } from '../handlers/55-describe-quorum.ts'
import { updateFeaturesHandler } from '../handlers/57-update-features.ts'
import { unregisterBrokerHandler } from '../handlers/64-unregister-broker.ts'
import { addRaftVoterHandler } from '../handlers/80-add-raft-voter.ts'
import { removeRaftVoterHandler } from '../handlers/81-remove-raft-voter.ts'
import { describeControllersHandler } from './describe-cluster.ts'
import { envelopeHandler } from './envelope.ts'
import type { ControllerServices } from './services.ts'

type Versions = { readonly min: number; readonly max: number }

export function controllerHandlerTable(services: ControllerServices): readonly Handler[] {
  const { raft } = services
  const quorum = <A extends Api>(api: A, versions: Versions): Handler<A> =>
    defineHandler(api, versions, async (request, context) => ({
      response: await raft.handle(api, context.apiVersion, request, context),
    }))
  const own = <A extends Api>(api: A, versions: Versions): Handler<A> => forwardingHandler(services, api, versions)
  const byKey = new Map<number, Handler>()
  const handlers = [
    quorum(fetch, { min: 4, max: 18 }),
    apiVersionsHandler(() => apiVersionsResponse(handlers, services.features, services.image())),
    createTopicsHandler(services),
    deleteTopicsHandler(services),
    alterConfigsHandler(services),
    describeConfigsHandler(services),
    createPartitionsHandler(services),
    electLeadersHandler(services),
    incrementalAlterConfigsHandler(services),
    alterPartitionReassignmentsHandler(services),
    listPartitionReassignmentsHandler(services.image),
    quorum(vote, { min: 0, max: 2 }),
    quorum(beginQuorumEpoch, { min: 0, max: 1 }),
    quorum(endQuorumEpoch, { min: 0, max: 1 }),
    describeQuorumHandler(services),
    own(alterPartition, { min: 2, max: 3 }),
    updateFeaturesHandler(services),
    envelopeHandler(services, () => byKey),
    quorum(fetchSnapshot, { min: 0, max: 1 }),
    describeControllersHandler(services),
    own(brokerRegistration, { min: 0, max: 4 }),
    own(brokerHeartbeat, { min: 0, max: 2 }),
    unregisterBrokerHandler(services),
    own(allocateProducerIds, { min: 0, max: 0 }),
    own(controllerRegistration, { min: 0, max: 0 }),
    own(assignReplicasToDirs, { min: 0, max: 0 }),
    addRaftVoterHandler(services),
    removeRaftVoterHandler(services),
    quorum(updateRaftVoter, { min: 0, max: 0 }),
  ] as unknown as readonly Handler[]
  for (const handler of handlers) byKey.set(handler.api.key, handler)
  return handlers
}
