/** The metadata quorum: who leads, who follows how far behind, and who votes (KIP-595, KIP-853). */
import type { Uuid } from '../../base/uuid.ts'
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { DescribeQuorumResponse } from '../../protocol/messages/55-describe-quorum.ts'
import type { NamedEndpoint, QuorumDescription, QuorumReplica } from '../admin-types.ts'
import { ANY, type ClusterClient, CONTROLLER } from '../cluster-client.ts'

const METADATA_TOPIC = '__cluster_metadata'

type PartitionState = DescribeQuorumResponse['topics'][number]['partitions'][number]

function refuse({ errorCode, errorMessage }: { errorCode: number; errorMessage: string | null }): void {
  if (errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(errorCode), errorMessage ?? undefined)
}

/** DescribeQuorum, answered by the leader; brokers forward it. */
export function describeMetadataQuorum(client: ClusterClient): Promise<QuorumDescription> {
  return client.retrying('DescribeQuorum', async () => {
    const { describeQuorum: api } = await import('../../protocol/messages/55-describe-quorum.ts')
    const input = { topics: [{ topicName: METADATA_TOPIC, partitions: [{ partitionIndex: 0 }] }] }
    const answer = await client.send(ANY, api, input)
    refuse(answer)
    const state = answer.topics[0]?.partitions[0]
    if (state === undefined) throw new KafkaError('UNKNOWN_SERVER_ERROR', 'The answer has no metadata partition')
    refuse(state)
    return descriptionOf(state, answer.nodes)
  })
}

function descriptionOf(state: PartitionState, nodes: DescribeQuorumResponse['nodes']): QuorumDescription {
  return {
    leaderId: state.leaderId,
    leaderEpoch: state.leaderEpoch,
    highWatermark: Number(state.highWatermark),
    voters: state.currentVoters.map(replicaOf),
    observers: state.observers.map(replicaOf),
    endpoints: new Map(
      nodes.map(({ nodeId, listeners }) => [
        nodeId,
        listeners.map(({ name, host, port }): NamedEndpoint => ({ name, host, port })),
      ]),
    ),
  }
}

function replicaOf(state: PartitionState['currentVoters'][number]): QuorumReplica {
  const timestamp = (value: bigint): number | null => (value < 0n ? null : Number(value))
  return {
    id: state.replicaId,
    directoryId: state.replicaDirectoryId,
    logEndOffset: Number(state.logEndOffset),
    lastFetchTimestampMs: timestamp(state.lastFetchTimestamp),
    lastCaughtUpTimestampMs: timestamp(state.lastCaughtUpTimestamp),
  }
}

/** Makes a controller that already follows a voter. */
export function addRaftVoter(
  client: ClusterClient,
  voter: { id: number; directoryId: Uuid; endpoints: readonly NamedEndpoint[] },
): Promise<void> {
  return client.retrying('AddRaftVoter', async () => {
    const { addRaftVoter: api } = await import('../../protocol/messages/80-add-raft-voter.ts')
    const answer = await client.send(CONTROLLER, api, {
      clusterId: null,
      timeoutMs: client.options.requestTimeoutMs,
      voterId: voter.id,
      voterDirectoryId: voter.directoryId,
      listeners: voter.endpoints.map(({ name, host, port }) => ({ name, host, port })),
    })
    refuse(answer)
  })
}

/** Takes a voter's vote away. */
export function removeRaftVoter(client: ClusterClient, voter: { id: number; directoryId: Uuid }): Promise<void> {
  return client.retrying('RemoveRaftVoter', async () => {
    const { removeRaftVoter: api } = await import('../../protocol/messages/81-remove-raft-voter.ts')
    refuse(
      await client.send(CONTROLLER, api, { clusterId: null, voterId: voter.id, voterDirectoryId: voter.directoryId }),
    )
  })
}
