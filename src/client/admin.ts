/**
 * The one admin facade. Each call loads its own module and the messages it needs, so that a command which lists topics
 * loads nothing about groups. `README.md` tables which call travels how.
 */
import type { Admin, ClientOptions } from './admin-types.ts'
import { ClusterClient } from './cluster-client.ts'
import type { GroupMemberAdmin, ShareGroupAdmin, StreamsGroupAdmin } from './group-kind-types.ts'
import type { ClientDependencies } from './options.ts'
import type { AclAdmin, TokenAdmin } from './security-types.ts'
import type { TransactionAdmin } from './transaction-types.ts'

const acls = () => import('./admin/acls.ts')
const apiVersions = () => import('./admin/api-versions.ts')
const cluster = () => import('./admin/cluster.ts')
const identity = () => import('./admin/identity.ts')
const features = () => import('./admin/features.ts')
const quorum = () => import('./admin/quorum.ts')
const topics = () => import('./admin/topics.ts')
const describeTopics = () => import('./admin/describe-topics.ts')
const configs = () => import('./admin/configs.ts')
const offsets = () => import('./admin/offsets.ts')
const logDirs = () => import('./admin/log-dirs.ts')
const reassignments = () => import('./admin/reassignments.ts')
const groupMembers = () => import('./admin/group-members.ts')
const groups = () => import('./admin/groups.ts')
const groupOffsets = () => import('./admin/group-offsets.ts')
const shareGroups = () => import('./admin/share-groups.ts')
const streamsGroups = () => import('./admin/streams-groups.ts')
const tokens = () => import('./admin/delegation-tokens.ts')
const transactions = () => import('./admin/transactions.ts')
const quotas = () => import('./admin/quotas.ts')
const scram = () => import('./admin/scram.ts')

/** An admin over its own connections; nothing connects before the first call. Throws a usage `KtError` for bad addresses. */
export function createAdmin(options: ClientOptions, dependencies: ClientDependencies = {}): Admin {
  return adminOver(new ClusterClient(options, dependencies))
}

/** An admin that shares a client with a producer or fetcher; `close` closes the client. */
export function adminOver(client: ClusterClient): Admin {
  return {
    describeCluster: async (options) => (await cluster()).describeCluster(client, options),
    identify: async (topicNames) => (await identity()).identify(client, topicNames),
    describeApiVersions: async () => (await apiVersions()).describeApiVersions(client),
    unregisterBroker: async (brokerId) => (await cluster()).unregisterBroker(client, brokerId),
    describeFeatures: async (options) => (await features()).describeFeatures(client, options),
    updateFeatures: async (updates, options) => (await features()).updateFeatures(client, updates, options),
    describeMetadataQuorum: async () => (await quorum()).describeMetadataQuorum(client),
    addRaftVoter: async (voter) => (await quorum()).addRaftVoter(client, voter),
    removeRaftVoter: async (voter) => (await quorum()).removeRaftVoter(client, voter),

    listTopics: async () => (await topics()).listTopics(client),
    describeTopics: async (names, options) => (await describeTopics()).describeTopics(client, names, options),
    describeTopicsById: async (ids) => (await describeTopics()).describeTopicsById(client, ids),
    createTopics: async (list, options) => (await topics()).createTopics(client, list, options),
    deleteTopics: async (names, options) => (await topics()).deleteTopics(client, names, options),
    createPartitions: async (counts, options) => (await topics()).createPartitions(client, counts, options),

    describeConfigs: async (resources, options) => (await configs()).describeConfigs(client, resources, options),
    incrementalAlterConfigs: async (changes, options) =>
      (await configs()).incrementalAlterConfigs(client, changes, options),
    listConfigResources: async (types) => (await configs()).listConfigResources(client, types),

    listOffsets: async (queries, options) => (await offsets()).listOffsets(client, queries, options),
    listReplicaEnds: async (replicas) => (await offsets()).listReplicaEnds(client, replicas),
    deleteRecords: async (before) => (await offsets()).deleteRecords(client, before),
    describeLogDirs: async (brokerIds) => (await logDirs()).describeLogDirs(client, brokerIds),
    describeReplicaLogDirs: async (replicas) => (await logDirs()).describeReplicaLogDirs(client, replicas),
    alterReplicaLogDirs: async (moves) => (await logDirs()).alterReplicaLogDirs(client, moves),
    listPartitionReassignments: async (list) => (await reassignments()).listPartitionReassignments(client, list),
    alterPartitionReassignments: async (changes, options) =>
      (await reassignments()).alterPartitionReassignments(client, changes, options),
    electLeaders: async (type, list, options) => (await reassignments()).electLeaders(client, type, list, options),

    listGroups: async (filter) => (await groups()).listGroups(client, filter),
    describeGroups: async (groupIds) => (await groups()).describeGroups(client, groupIds),
    deleteGroups: async (groupIds) => (await groups()).deleteGroups(client, groupIds),
    listGroupOffsets: async (groupIds, options) => (await groupOffsets()).listGroupOffsets(client, groupIds, options),
    alterGroupOffsets: async (groupId, list) => (await groupOffsets()).alterGroupOffsets(client, groupId, list),
    deleteGroupOffsets: async (groupId, list) => (await groupOffsets()).deleteGroupOffsets(client, groupId, list),

    describeClientQuotas: async (filter) => (await quotas()).describeClientQuotas(client, filter),
    alterClientQuotas: async (entries, options) => (await quotas()).alterClientQuotas(client, entries, options),
    describeScramCredentials: async (users) => (await scram()).describeScramCredentials(client, users),
    alterScramCredentials: async (changes) => (await scram()).alterScramCredentials(client, changes),

    ...groupKindCalls(client),
    ...securityCalls(client),
    ...transactionCalls(client),

    close: async () => client.close(),
  }
}

function groupKindCalls(client: ClusterClient): ShareGroupAdmin & StreamsGroupAdmin & GroupMemberAdmin {
  return {
    removeGroupMembers: async (groupId, members) => (await groupMembers()).removeGroupMembers(client, groupId, members),
    describeShareGroups: async (groupIds) => (await shareGroups()).describeShareGroups(client, groupIds),
    listShareGroupOffsets: async (groupIds) => (await shareGroups()).listShareGroupOffsets(client, groupIds),
    alterShareGroupOffsets: async (groupId, list) =>
      (await shareGroups()).alterShareGroupOffsets(client, groupId, list),
    deleteShareGroupOffsets: async (groupId, topics) =>
      (await shareGroups()).deleteShareGroupOffsets(client, groupId, topics),
    describeStreamsGroups: async (groupIds) => (await streamsGroups()).describeStreamsGroups(client, groupIds),
  }
}

function securityCalls(client: ClusterClient): AclAdmin & TokenAdmin {
  return {
    describeAcls: async (filter) => (await acls()).describeAcls(client, filter),
    createAcls: async (bindings) => (await acls()).createAcls(client, bindings),
    deleteAcls: async (filters) => (await acls()).deleteAcls(client, filters),
    createDelegationToken: async (token) => (await tokens()).createDelegationToken(client, token),
    renewDelegationToken: async (hmac, periodMs) => (await tokens()).renewDelegationToken(client, hmac, periodMs),
    expireDelegationToken: async (hmac, periodMs) => (await tokens()).expireDelegationToken(client, hmac, periodMs),
    describeDelegationTokens: async (owners) => (await tokens()).describeDelegationTokens(client, owners),
  }
}

function transactionCalls(client: ClusterClient): TransactionAdmin {
  return {
    describeProducers: async (list, options) => (await transactions()).describeProducers(client, list, options),
    listTransactions: async (filter) => (await transactions()).listTransactions(client, filter),
    describeTransactions: async (ids) => (await transactions()).describeTransactions(client, ids),
    abortTransaction: async (transaction) => (await transactions()).abortTransaction(client, transaction),
    terminateTransaction: async (id) => (await transactions()).terminateTransaction(client, id),
  }
}
