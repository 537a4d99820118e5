/**
 * Every API by key, loaded when asked for: for tools that meet any message (wire trace, hex viewer, tests). Whoever knows
 * which message it wants imports that message.
 */
import type { Api } from './schema.ts'

type Load = () => Promise<Api>

const LOADERS: ReadonlyMap<number, Load> = new Map<number, Load>([
  [0, async () => (await import('./messages/00-produce.ts')).produce],
  [1, async () => (await import('./messages/01-fetch.ts')).fetch],
  [2, async () => (await import('./messages/02-list-offsets.ts')).listOffsets],
  [3, async () => (await import('./messages/03-metadata.ts')).metadata],
  [8, async () => (await import('./messages/08-offset-commit.ts')).offsetCommit],
  [9, async () => (await import('./messages/09-offset-fetch.ts')).offsetFetch],
  [10, async () => (await import('./messages/10-find-coordinator.ts')).findCoordinator],
  [11, async () => (await import('./messages/11-join-group.ts')).joinGroup],
  [12, async () => (await import('./messages/12-heartbeat.ts')).heartbeat],
  [13, async () => (await import('./messages/13-leave-group.ts')).leaveGroup],
  [14, async () => (await import('./messages/14-sync-group.ts')).syncGroup],
  [15, async () => (await import('./messages/15-describe-groups.ts')).describeGroups],
  [16, async () => (await import('./messages/16-list-groups.ts')).listGroups],
  [17, async () => (await import('./messages/17-sasl-handshake.ts')).saslHandshake],
  [18, async () => (await import('./messages/18-api-versions.ts')).apiVersions],
  [19, async () => (await import('./messages/19-create-topics.ts')).createTopics],
  [20, async () => (await import('./messages/20-delete-topics.ts')).deleteTopics],
  [21, async () => (await import('./messages/21-delete-records.ts')).deleteRecords],
  [22, async () => (await import('./messages/22-init-producer-id.ts')).initProducerId],
  [23, async () => (await import('./messages/23-offset-for-leader-epoch.ts')).offsetForLeaderEpoch],
  [24, async () => (await import('./messages/24-add-partitions-to-txn.ts')).addPartitionsToTxn],
  [25, async () => (await import('./messages/25-add-offsets-to-txn.ts')).addOffsetsToTxn],
  [26, async () => (await import('./messages/26-end-txn.ts')).endTxn],
  [27, async () => (await import('./messages/27-write-txn-markers.ts')).writeTxnMarkers],
  [28, async () => (await import('./messages/28-txn-offset-commit.ts')).txnOffsetCommit],
  [29, async () => (await import('./messages/29-describe-acls.ts')).describeAcls],
  [30, async () => (await import('./messages/30-create-acls.ts')).createAcls],
  [31, async () => (await import('./messages/31-delete-acls.ts')).deleteAcls],
  [32, async () => (await import('./messages/32-describe-configs.ts')).describeConfigs],
  [33, async () => (await import('./messages/33-alter-configs.ts')).alterConfigs],
  [34, async () => (await import('./messages/34-alter-replica-log-dirs.ts')).alterReplicaLogDirs],
  [35, async () => (await import('./messages/35-describe-log-dirs.ts')).describeLogDirs],
  [36, async () => (await import('./messages/36-sasl-authenticate.ts')).saslAuthenticate],
  [37, async () => (await import('./messages/37-create-partitions.ts')).createPartitions],
  [38, async () => (await import('./messages/38-create-delegation-token.ts')).createDelegationToken],
  [39, async () => (await import('./messages/39-renew-delegation-token.ts')).renewDelegationToken],
  [40, async () => (await import('./messages/40-expire-delegation-token.ts')).expireDelegationToken],
  [41, async () => (await import('./messages/41-describe-delegation-token.ts')).describeDelegationToken],
  [42, async () => (await import('./messages/42-delete-groups.ts')).deleteGroups],
  [43, async () => (await import('./messages/43-elect-leaders.ts')).electLeaders],
  [44, async () => (await import('./messages/44-incremental-alter-configs.ts')).incrementalAlterConfigs],
  [45, async () => (await import('./messages/45-alter-partition-reassignments.ts')).alterPartitionReassignments],
  [46, async () => (await import('./messages/46-list-partition-reassignments.ts')).listPartitionReassignments],
  [47, async () => (await import('./messages/47-offset-delete.ts')).offsetDelete],
  [48, async () => (await import('./messages/48-describe-client-quotas.ts')).describeClientQuotas],
  [49, async () => (await import('./messages/49-alter-client-quotas.ts')).alterClientQuotas],
  [50, async () => (await import('./messages/50-describe-user-scram-credentials.ts')).describeUserScramCredentials],
  [51, async () => (await import('./messages/51-alter-user-scram-credentials.ts')).alterUserScramCredentials],
  [52, async () => (await import('./messages/52-vote.ts')).vote],
  [53, async () => (await import('./messages/53-begin-quorum-epoch.ts')).beginQuorumEpoch],
  [54, async () => (await import('./messages/54-end-quorum-epoch.ts')).endQuorumEpoch],
  [55, async () => (await import('./messages/55-describe-quorum.ts')).describeQuorum],
  [56, async () => (await import('./messages/56-alter-partition.ts')).alterPartition],
  [57, async () => (await import('./messages/57-update-features.ts')).updateFeatures],
  [58, async () => (await import('./messages/58-envelope.ts')).envelope],
  [59, async () => (await import('./messages/59-fetch-snapshot.ts')).fetchSnapshot],
  [60, async () => (await import('./messages/60-describe-cluster.ts')).describeCluster],
  [61, async () => (await import('./messages/61-describe-producers.ts')).describeProducers],
  [62, async () => (await import('./messages/62-broker-registration.ts')).brokerRegistration],
  [63, async () => (await import('./messages/63-broker-heartbeat.ts')).brokerHeartbeat],
  [64, async () => (await import('./messages/64-unregister-broker.ts')).unregisterBroker],
  [65, async () => (await import('./messages/65-describe-transactions.ts')).describeTransactions],
  [66, async () => (await import('./messages/66-list-transactions.ts')).listTransactions],
  [67, async () => (await import('./messages/67-allocate-producer-ids.ts')).allocateProducerIds],
  [68, async () => (await import('./messages/68-consumer-group-heartbeat.ts')).consumerGroupHeartbeat],
  [69, async () => (await import('./messages/69-consumer-group-describe.ts')).consumerGroupDescribe],
  [70, async () => (await import('./messages/70-controller-registration.ts')).controllerRegistration],
  [71, async () => (await import('./messages/71-get-telemetry-subscriptions.ts')).getTelemetrySubscriptions],
  [72, async () => (await import('./messages/72-push-telemetry.ts')).pushTelemetry],
  [73, async () => (await import('./messages/73-assign-replicas-to-dirs.ts')).assignReplicasToDirs],
  [74, async () => (await import('./messages/74-list-config-resources.ts')).listConfigResources],
  [75, async () => (await import('./messages/75-describe-topic-partitions.ts')).describeTopicPartitions],
  [76, async () => (await import('./messages/76-share-group-heartbeat.ts')).shareGroupHeartbeat],
  [77, async () => (await import('./messages/77-share-group-describe.ts')).shareGroupDescribe],
  [78, async () => (await import('./messages/78-share-fetch.ts')).shareFetch],
  [79, async () => (await import('./messages/79-share-acknowledge.ts')).shareAcknowledge],
  [80, async () => (await import('./messages/80-add-raft-voter.ts')).addRaftVoter],
  [81, async () => (await import('./messages/81-remove-raft-voter.ts')).removeRaftVoter],
  [82, async () => (await import('./messages/82-update-raft-voter.ts')).updateRaftVoter],
  [83, async () => (await import('./messages/83-initialize-share-group-state.ts')).initializeShareGroupState],
  [84, async () => (await import('./messages/84-read-share-group-state.ts')).readShareGroupState],
  [85, async () => (await import('./messages/85-write-share-group-state.ts')).writeShareGroupState],
  [86, async () => (await import('./messages/86-delete-share-group-state.ts')).deleteShareGroupState],
  [87, async () => (await import('./messages/87-read-share-group-state-summary.ts')).readShareGroupStateSummary],
  [88, async () => (await import('./messages/88-streams-group-heartbeat.ts')).streamsGroupHeartbeat],
  [89, async () => (await import('./messages/89-streams-group-describe.ts')).streamsGroupDescribe],
  [90, async () => (await import('./messages/90-describe-share-group-offsets.ts')).describeShareGroupOffsets],
  [91, async () => (await import('./messages/91-alter-share-group-offsets.ts')).alterShareGroupOffsets],
  [92, async () => (await import('./messages/92-delete-share-group-offsets.ts')).deleteShareGroupOffsets],
])

/** Every declared key, ascending. */
export const DECLARED_API_KEYS: readonly number[] = [...LOADERS.keys()]

/** The declaration of a key, or undefined when we have none. */
export async function loadApi(key: number): Promise<Api | undefined> {
  return LOADERS.get(key)?.()
}

/** All declarations, ascending by key. */
export async function loadAllApis(): Promise<Api[]> {
  return Promise.all([...LOADERS.values()].map((load) => load()))
}
