/** Groups: list, describe, delete. Offsets are in `group-offsets.ts`. */
import { Reader } from '../../base/bytes.ts'
import { decode } from '../../protocol/codec.ts'
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { DescribeGroupsResponse } from '../../protocol/messages/15-describe-groups.ts'
import type { ConsumerGroupDescribeResponse } from '../../protocol/messages/69-consumer-group-describe.ts'
import { consumerProtocolAssignment, consumerProtocolSubscription } from '../../protocol/messages/consumer-protocol.ts'
import { parseVersions } from '../../protocol/schema.ts'
import type {
  BrokerNode,
  GroupDescription,
  GroupListing,
  GroupMember,
  Outcome,
  TopicPartition,
} from '../admin-types.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { askCoordinators } from '../coordinators.ts'
import { commonVersion } from '../handshake.ts'
import { outcomeOf } from './outcome.ts'

export interface GroupFilter {
  readonly states?: readonly string[]
  readonly types?: readonly string[]
  readonly protocolTypes?: readonly string[]
}

const STATES_FROM = 4
const TYPES_FROM = 5

/** Groups of every broker, sorted by id. One broker that does not answer fails the call: a partial list would lie. */
export async function listGroups(client: ClusterClient, filter: GroupFilter = {}): Promise<GroupListing[]> {
  await client.retrying('Metadata', () => client.refreshMetadata([]))
  const lists = await Promise.all(client.metadata.brokers.map(({ id }) => listOne(client, id, filter)))
  const byId = new Map(lists.flat().map((group) => [group.groupId, group]))
  const wanted = [...byId.values()].filter(({ protocolType }) => filter.protocolTypes?.includes(protocolType) ?? true)
  return wanted.sort((left, right) => (left.groupId < right.groupId ? -1 : 1))
}

function listOne(client: ClusterClient, brokerId: number, filter: GroupFilter): Promise<GroupListing[]> {
  return client.retrying(`ListGroups of broker ${brokerId}`, async () => {
    const { listGroups: api } = await import('../../protocol/messages/16-list-groups.ts')
    const connection = await client.connection(toBroker(brokerId))
    const version = commonVersion(api, connection.versions) ?? 0
    if ((filter.states?.length ?? 0) > 0 && version < STATES_FROM) throw tooOld('state')
    if ((filter.types?.length ?? 0) > 0 && version < TYPES_FROM) throw tooOld('type')
    const answer = await client.sendOn(connection, api, {
      statesFilter: filter.states ?? [],
      typesFilter: filter.types ?? [],
    })
    if (answer.errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(answer.errorCode))
    return answer.groups.map(({ groupId, protocolType, groupState, groupType }) => ({
      groupId,
      protocolType,
      state: groupState,
      type: capitalised(groupType),
    }))
  })
}

function tooOld(by: string): KafkaError {
  return new KafkaError('UNSUPPORTED_VERSION', `The broker is too old to filter groups by ${by}`)
}

/** Brokers before 4.0 wrote group types in lower case. */
function capitalised(type: string): string {
  return type === '' ? '' : type[0]!.toUpperCase() + type.slice(1)
}

type Descriptions = Map<string, Outcome<GroupDescription>>

/** Consumer groups by ConsumerGroupDescribe (KIP-848); what that does not find is asked for as a classic group. */
export function describeGroups(client: ClusterClient, groupIds: readonly string[]): Promise<Descriptions> {
  return askCoordinators(client, 'DescribeGroups', groupIds, async (brokerId, ids) => {
    const found = await describeConsumerGroups(client, brokerId, ids)
    const rest = ids.filter((id) => {
      const outcome = found.get(id)
      return outcome === undefined || (!outcome.ok && NOT_A_CONSUMER_GROUP.has(outcome.error.code))
    })
    if (rest.length === 0) return found
    const classic = await describeClassicGroups(client, brokerId, rest)
    return new Map([...found, ...classic])
  })
}

/** 4.x answers GROUP_ID_NOT_FOUND for a classic group; UNSUPPORTED_VERSION means the new protocol is switched off. */
const NOT_A_CONSUMER_GROUP: ReadonlySet<number> = new Set([ErrorCode.GROUP_ID_NOT_FOUND, ErrorCode.UNSUPPORTED_VERSION])

async function describeConsumerGroups(
  client: ClusterClient,
  brokerId: number,
  ids: readonly string[],
): Promise<Descriptions> {
  const { consumerGroupDescribe: api } = await import('../../protocol/messages/69-consumer-group-describe.ts')
  const connection = await client.connection(toBroker(brokerId))
  if (commonVersion(api, connection.versions) === null) return new Map()
  const answer = await client.sendOn(connection, api, { groupIds: ids, includeAuthorizedOperations: false })
  const coordinator = nodeOf(client, brokerId)
  return new Map(
    answer.groups.map((group) => [
      group.groupId,
      outcomeOf(group.errorCode, group.errorMessage, () => consumerGroup(group, coordinator)),
    ]),
  )
}

function nodeOf(client: ClusterClient, brokerId: number): BrokerNode {
  return client.metadata.broker(brokerId) ?? { id: brokerId, host: '', port: -1, rack: null }
}

function consumerGroup(
  group: ConsumerGroupDescribeResponse['groups'][number],
  coordinator: BrokerNode,
): GroupDescription {
  return {
    groupId: group.groupId,
    type: 'Consumer',
    protocolType: 'consumer',
    state: group.groupState,
    assignor: group.assignorName,
    coordinator,
    members: group.members.map(consumerMember),
    groupEpoch: group.groupEpoch,
    targetAssignmentEpoch: group.assignmentEpoch,
  }
}

type ConsumerMember = ConsumerGroupDescribeResponse['groups'][number]['members'][number]

function consumerMember(member: ConsumerMember): GroupMember {
  return {
    memberId: member.memberId,
    groupInstanceId: member.instanceId,
    clientId: member.clientId,
    host: member.clientHost,
    assignment: partitionsOf(member.assignment),
    targetAssignment: partitionsOf(member.targetAssignment),
    memberEpoch: member.memberEpoch,
    // Version 1 (KIP-1099) tells whether a member still speaks the classic protocol.
    ...(member.memberType === -1 ? {} : { upgraded: member.memberType === 1 }),
    subscribedTopics: member.subscribedTopicNames,
    ...(member.subscribedTopicRegex ? { subscribedRegex: member.subscribedTopicRegex } : {}),
    ...(member.rackId ? { rackId: member.rackId } : {}),
  }
}

function partitionsOf(assignment: ConsumerMember['assignment']): TopicPartition[] {
  return assignment.topicPartitions.flatMap(({ topicName: topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  )
}

async function describeClassicGroups(
  client: ClusterClient,
  brokerId: number,
  ids: readonly string[],
): Promise<Descriptions> {
  const { describeGroups: api } = await import('../../protocol/messages/15-describe-groups.ts')
  const answer = await client.send(toBroker(brokerId), api, { groups: ids })
  const coordinator = nodeOf(client, brokerId)
  return new Map(
    answer.groups.map((group) => [
      group.groupId,
      outcomeOf(group.errorCode, group.errorMessage, () => classicGroup(group, coordinator)),
    ]),
  )
}

function classicGroup(group: DescribeGroupsResponse['groups'][number], coordinator: BrokerNode): GroupDescription {
  const isConsumer = group.protocolType === 'consumer'
  return {
    groupId: group.groupId,
    type: 'Classic',
    protocolType: group.protocolType,
    state: group.groupState,
    assignor: group.protocolData,
    coordinator,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      host: member.clientHost,
      assignment: isConsumer ? classicAssignment(member.memberAssignment) : [],
      ...(isConsumer ? classicSubscription(member.memberMetadata) : {}),
    })),
  }
}

function classicSubscription(bytes: Buffer): Pick<GroupMember, 'subscribedTopics' | 'rackId'> {
  if (bytes.length === 0) return {}
  const reader = new Reader(bytes)
  const version = Math.min(reader.int16(), parseVersions(consumerProtocolSubscription.validVersions).max)
  const { topics, rackId } = decode(consumerProtocolSubscription, version, reader)
  return { subscribedTopics: topics, ...(rackId ? { rackId } : {}) }
}

/** The embedded consumer protocol: a version, then the assignment; newer versions only append. */
export function classicAssignment(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return []
  const reader = new Reader(bytes)
  const version = Math.min(reader.int16(), parseVersions(consumerProtocolAssignment.validVersions).max)
  const { assignedPartitions } = decode(consumerProtocolAssignment, version, reader)
  return assignedPartitions.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
}

/** Deletes empty groups with their offsets. */
export function deleteGroups(client: ClusterClient, groupIds: readonly string[]): Promise<Map<string, Outcome<void>>> {
  return askCoordinators(client, 'DeleteGroups', groupIds, async (brokerId, ids) => {
    const { deleteGroups: api } = await import('../../protocol/messages/42-delete-groups.ts')
    const answer = await client.send(toBroker(brokerId), api, { groupsNames: ids })
    return new Map(
      answer.results.map(({ groupId, errorCode }) => [groupId, outcomeOf(errorCode, null, () => undefined)]),
    )
  })
}
