/** Every API this broker serves, in the order of its keys: the one place to add one. ApiVersions is computed from it. */
import { apiVersionsResponse, type NodeFeatures } from './api-versions.ts'
import type { BrokerServices } from './broker-services.ts'
import type { Handler } from './handler.ts'
import { produceHandler } from './handlers/00-produce.ts'
import { fetchHandler } from './handlers/01-fetch.ts'
import { listOffsetsHandler } from './handlers/02-list-offsets.ts'
import { metadataHandler } from './handlers/03-metadata.ts'
import { offsetCommitHandler } from './handlers/08-offset-commit.ts'
import { offsetFetchHandler } from './handlers/09-offset-fetch.ts'
import { findCoordinatorHandler } from './handlers/10-find-coordinator.ts'
import { joinGroupHandler } from './handlers/11-join-group.ts'
import { heartbeatHandler } from './handlers/12-heartbeat.ts'
import { leaveGroupHandler } from './handlers/13-leave-group.ts'
import { syncGroupHandler } from './handlers/14-sync-group.ts'
import { describeGroupsHandler } from './handlers/15-describe-groups.ts'
import { listGroupsHandler } from './handlers/16-list-groups.ts'
import { apiVersionsHandler } from './handlers/18-api-versions.ts'
import { createTopicsHandler } from './handlers/19-create-topics.ts'
import { deleteTopicsHandler } from './handlers/20-delete-topics.ts'
import { deleteRecordsHandler } from './handlers/21-delete-records.ts'
import { initProducerIdHandler } from './handlers/22-init-producer-id.ts'
import { offsetForLeaderEpochHandler } from './handlers/23-offset-for-leader-epoch.ts'
import { describeConfigsHandler } from './handlers/32-describe-configs.ts'
import { alterConfigsHandler } from './handlers/33-alter-configs.ts'
import { alterReplicaLogDirsHandler } from './handlers/34-alter-replica-log-dirs.ts'
import { describeLogDirsHandler } from './handlers/35-describe-log-dirs.ts'
import { createPartitionsHandler } from './handlers/37-create-partitions.ts'
import { deleteGroupsHandler } from './handlers/42-delete-groups.ts'
import { electLeadersHandler } from './handlers/43-elect-leaders.ts'
import { incrementalAlterConfigsHandler } from './handlers/44-incremental-alter-configs.ts'
import { alterPartitionReassignmentsHandler } from './handlers/45-alter-partition-reassignments.ts'
import { listPartitionReassignmentsHandler } from './handlers/46-list-partition-reassignments.ts'
import { offsetDeleteHandler } from './handlers/47-offset-delete.ts'
import { describeQuorumHandler } from './handlers/55-describe-quorum.ts'
import { updateFeaturesHandler } from './handlers/57-update-features.ts'
import { describeClusterHandler } from './handlers/60-describe-cluster.ts'
import { unregisterBrokerHandler } from './handlers/64-unregister-broker.ts'
import { listConfigResourcesHandler } from './handlers/74-list-config-resources.ts'
import { describeTopicPartitionsHandler } from './handlers/75-describe-topic-partitions.ts'
import { addRaftVoterHandler } from './handlers/80-add-raft-voter.ts'
import { removeRaftVoterHandler } from './handlers/81-remove-raft-voter.ts'

export function handlerTable(broker: BrokerServices, features: NodeFeatures): readonly Handler[] {
  const image = () => broker.metadata.image
  const { nodeId, nodeConfig, logger } = broker
  // Handlers differ in their API's type; the dispatcher hands each exactly what its own declaration decoded.
  const handlers = [
    produceHandler(broker),
    fetchHandler(broker),
    listOffsetsHandler(broker),
    metadataHandler(broker),
    offsetCommitHandler(broker),
    offsetFetchHandler(broker),
    findCoordinatorHandler(broker),
    joinGroupHandler(broker),
    heartbeatHandler(broker),
    leaveGroupHandler(broker),
    syncGroupHandler(broker),
    describeGroupsHandler(broker),
    listGroupsHandler(broker),
    apiVersionsHandler(() => apiVersionsResponse(handlers, features, image())),
    createTopicsHandler(broker),
    deleteTopicsHandler(broker),
    deleteRecordsHandler(broker),
    initProducerIdHandler(broker),
    offsetForLeaderEpochHandler(broker),
    describeConfigsHandler({ nodeId, nodeConfig, image, logger }),
    alterConfigsHandler(broker),
    alterReplicaLogDirsHandler(broker),
    describeLogDirsHandler(broker),
    createPartitionsHandler(broker),
    deleteGroupsHandler(broker),
    electLeadersHandler(broker),
    incrementalAlterConfigsHandler(broker),
    alterPartitionReassignmentsHandler(broker),
    listPartitionReassignmentsHandler(image),
    offsetDeleteHandler(broker),
    describeQuorumHandler(broker),
    updateFeaturesHandler(broker),
    describeClusterHandler(broker),
    unregisterBrokerHandler(broker),
    listConfigResourcesHandler(broker),
    describeTopicPartitionsHandler(broker),
    addRaftVoterHandler(broker),
    removeRaftVoterHandler(broker),
  ] as unknown as readonly Handler[]
  return handlers
}
