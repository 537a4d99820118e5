/** Share groups (KIP-932): members and where they begin to read; listing and deleting are as for other groups. */
import { ErrorCode } from '../../protocol/error-codes.ts'
import type { DescribeShareGroupOffsetsResponse } from '../../protocol/messages/90-describe-share-group-offsets.ts'
import type { Outcome, TopicPartition } from '../admin-types.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { askCoordinators } from '../coordinators.ts'
import type { ShareGroupDescription, ShareGroupOffset } from '../group-kind-types.ts'
import { byTopic, failed, outcomeOf } from './outcome.ts'

/** Each group with its members. */
export function describeShareGroups(
  client: ClusterClient,
  groupIds: readonly string[],
): Promise<Map<string, Outcome<ShareGroupDescription>>> {
  return askCoordinators(client, 'ShareGroupDescribe', groupIds, async (brokerId, ids) => {
    const { shareGroupDescribe: api } = await import('../../protocol/messages/77-share-group-describe.ts')
    const answer = await client.send(toBroker(brokerId), api, { groupIds: ids })
    const coordinator = client.metadata.broker(brokerId) ?? { id: brokerId, host: '', port: -1, rack: null }
    return new Map(
      answer.groups.map((group) => [
        group.groupId,
        outcomeOf(group.errorCode, group.errorMessage, () => ({
          groupId: group.groupId,
          state: group.groupState,
          assignor: group.assignorName,
          groupEpoch: group.groupEpoch,
          targetAssignmentEpoch: group.assignmentEpoch,
          coordinator,
          members: group.members.map((member) => ({
            memberId: member.memberId,
            memberEpoch: member.memberEpoch,
            clientId: member.clientId,
            host: member.clientHost,
            subscribedTopics: member.subscribedTopicNames,
            assignment: member.assignment.topicPartitions.flatMap(({ topicName: topic, partitions }) =>
              partitions.map((partition) => ({ topic, partition })),
            ),
          })),
        })),
      ]),
    )
  })
}

/** Every partition that each group has read or is to read; partitions that cannot be told are left out. */
export function listShareGroupOffsets(
  client: ClusterClient,
  groupIds: readonly string[],
): Promise<Map<string, Outcome<ShareGroupOffset[]>>> {
  return askCoordinators(client, 'DescribeShareGroupOffsets', groupIds, async (brokerId, ids) => {
    const { describeShareGroupOffsets: api } = await import(
      '../../protocol/messages/90-describe-share-group-offsets.ts'
    )
    const groups = ids.map((groupId) => ({ groupId, topics: null }))
    const answer = await client.send(toBroker(brokerId), api, { groups })
    return new Map(
      answer.groups.map((group) => [
        group.groupId,
        outcomeOf(group.errorCode, group.errorMessage, () => group.topics.flatMap(offsetsOf)),
      ]),
    )
  })
}

type WireTopic = DescribeShareGroupOffsetsResponse['groups'][number]['topics'][number]

function offsetsOf({ topicName: topic, partitions }: WireTopic): ShareGroupOffset[] {
  const known = (value: bigint | number): number | null => (value < 0 ? null : Number(value))
  return partitions
    .filter(({ errorCode }) => errorCode === ErrorCode.NONE)
    .map(({ partitionIndex: partition, startOffset, leaderEpoch, lag }) => {
      // Without a start the rest says nothing.
      if (startOffset < 0n) return { topic, partition, startOffset: null, leaderEpoch: null, lag: null }
      return { topic, partition, startOffset: known(startOffset), leaderEpoch: known(leaderEpoch), lag: known(lag) }
    })
}

type NewOffset = TopicPartition & { offset: number }
const NOT_MENTIONED = failed(ErrorCode.UNKNOWN_SERVER_ERROR, 'The answer does not mention it')

/** Where a group without members begins to read; outcomes in the order given. */
export async function alterShareGroupOffsets(
  client: ClusterClient,
  groupId: string,
  offsets: readonly NewOffset[],
): Promise<Outcome<Outcome<void>[]>> {
  const results = await askCoordinators(client, 'AlterShareGroupOffsets', [groupId], async (brokerId) => {
    const { alterShareGroupOffsets: api } = await import('../../protocol/messages/91-alter-share-group-offsets.ts')
    const topics = byTopic(offsets, ({ partition, offset }) => ({
      partitionIndex: partition,
      startOffset: BigInt(offset),
    }))
    const answer = await client.send(toBroker(brokerId), api, {
      groupId,
      topics: topics.map(({ name, partitions }) => ({ topicName: name, partitions })),
    })
    const told = new Map<string, Outcome<void>>()
    for (const { topicName, partitions } of answer.responses) {
      for (const { partitionIndex, errorCode, errorMessage } of partitions) {
        told.set(
          `${topicName}-${partitionIndex}`,
          outcomeOf(errorCode, errorMessage, () => undefined),
        )
      }
    }
    const value = () => offsets.map(({ topic, partition }) => told.get(`${topic}-${partition}`) ?? NOT_MENTIONED)
    return new Map([[groupId, outcomeOf(answer.errorCode, answer.errorMessage, value)]])
  })
  return results.get(groupId)!
}

/** Forgets what a group without members has of topics; outcomes in the order given. */
export async function deleteShareGroupOffsets(
  client: ClusterClient,
  groupId: string,
  topics: readonly string[],
): Promise<Outcome<Outcome<void>[]>> {
  const results = await askCoordinators(client, 'DeleteShareGroupOffsets', [groupId], async (brokerId) => {
    const { deleteShareGroupOffsets: api } = await import('../../protocol/messages/92-delete-share-group-offsets.ts')
    const answer = await client.send(toBroker(brokerId), api, {
      groupId,
      topics: topics.map((topicName) => ({ topicName })),
    })
    const told = new Map(
      answer.responses.map(({ topicName, errorCode, errorMessage }) => [
        topicName,
        outcomeOf(errorCode, errorMessage, () => undefined),
      ]),
    )
    const value = (): Outcome<void>[] => topics.map((topic) => told.get(topic) ?? NOT_MENTIONED)
    return new Map([[groupId, outcomeOf(answer.errorCode, answer.errorMessage, value)]])
  })
  return results.get(groupId)!
}
