/**
 * The admin facade's types: what every command asks and gets. Offsets and timestamps are numbers (exact up to 2^53).
 * A per-item failure is a value (`error`), a failure of the whole call throws `KtError`.
 */
import type { Uuid } from '../base/uuid.ts'
import type { GroupMemberAdmin, ShareGroupAdmin, StreamsGroupAdmin } from './group-kind-types.ts'
import type { BrokerNode, KafkaFailure, Outcome, TopicPartition } from './outcome-types.ts'
import type { AclAdmin, DenialKeeper, TokenAdmin } from './security-types.ts'
import type { TransactionAdmin } from './transaction-types.ts'

export type { BrokerNode, KafkaFailure, Outcome, TopicPartition } from './outcome-types.ts'

export interface ClusterDescription {
  readonly clusterId: string
  readonly controllerId: number
  readonly brokers: readonly BrokerNode[]
}

export interface ClusterIdentity {
  readonly clusterId: string
  readonly topicIds: ReadonlyMap<string, Uuid>
}

export interface PartitionDescription {
  readonly partition: number
  /** -1 when there is none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly offlineReplicas: readonly number[]
  /** Eligible leader replicas (KIP-966); null when the cluster does not tell. */
  readonly elr: readonly number[] | null
  readonly lastKnownElr: readonly number[] | null
  readonly error: KafkaFailure | null
}

export interface TopicDescription {
  readonly name: string
  readonly topicId: Uuid
  readonly isInternal: boolean
  readonly partitions: readonly PartitionDescription[]
}

export interface TopicListing {
  readonly name: string
  readonly topicId: Uuid
  readonly isInternal: boolean
}

export interface NewTopic {
  readonly name: string
  /** -1: the broker's default. */
  readonly partitions: number
  readonly replicationFactor: number
  /** Partition -> broker ids; replaces the two counts. */
  readonly assignments?: ReadonlyMap<number, readonly number[]>
  readonly configs?: ReadonlyMap<string, string>
}

export type ConfigResourceType = 'TOPIC' | 'BROKER' | 'BROKER_LOGGER' | 'CLIENT_METRICS' | 'GROUP'
export interface ConfigResource {
  readonly type: ConfigResourceType
  /** '' for the cluster-wide broker default. */
  readonly name: string
}
export type ConfigSource =
  | 'UNKNOWN'
  | 'DYNAMIC_TOPIC_CONFIG'
  | 'DYNAMIC_BROKER_CONFIG'
  | 'DYNAMIC_DEFAULT_BROKER_CONFIG'
  | 'STATIC_BROKER_CONFIG'
  | 'DEFAULT_CONFIG'
  | 'DYNAMIC_BROKER_LOGGER_CONFIG'
  | 'DYNAMIC_CLIENT_METRICS_CONFIG'
  | 'DYNAMIC_GROUP_CONFIG'
export interface ConfigEntry {
  readonly name: string
  /** null when sensitive. */
  readonly value: string | null
  readonly source: ConfigSource
  readonly isSensitive: boolean
  readonly isReadOnly: boolean
  readonly type: string
  readonly documentation: string | null
  readonly synonyms: readonly { readonly name: string; readonly value: string | null; readonly source: ConfigSource }[]
}
export interface ConfigChange {
  readonly name: string
  readonly operation: 'SET' | 'DELETE' | 'APPEND' | 'SUBTRACT'
  readonly value: string | null
}

/** What ListOffsets looks for: a special point or a timestamp in milliseconds. */
export type OffsetSpec =
  | 'earliest'
  | 'latest'
  | 'max-timestamp'
  | 'earliest-local'
  | 'latest-tiered'
  | 'earliest-pending-upload'
  | number
export interface ListedOffset {
  /** -1: no record at or after the timestamp. */
  readonly offset: number
  readonly timestamp: number
  readonly leaderEpoch: number
}

export interface GroupListing {
  readonly groupId: string
  readonly protocolType: string
  /** As Kafka names them: `Stable`, `Empty`, ...; '' when the broker is too old to tell. */
  readonly state: string
  /** `Classic`, `Consumer`, `Share`, `Streams`. */
  readonly type: string
}

export interface GroupMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly host: string
  readonly assignment: readonly TopicPartition[]
  readonly targetAssignment?: readonly TopicPartition[]
  readonly memberEpoch?: number
  readonly upgraded?: boolean
  /** Names it subscribes to; left out where that is not told, as of a classic group that rebalances. */
  readonly subscribedTopics?: readonly string[]
  /** An expression that it subscribes to (KIP-848). */
  readonly subscribedRegex?: string
  readonly rackId?: string
}

export interface GroupDescription {
  readonly groupId: string
  readonly type: string
  readonly protocolType: string
  readonly state: string
  readonly assignor: string
  readonly coordinator: BrokerNode
  readonly members: readonly GroupMember[]
  readonly groupEpoch?: number
  readonly targetAssignmentEpoch?: number
}

export interface CommittedOffset {
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string
}

export interface LogDirReplica extends TopicPartition {
  readonly sizeBytes: number
  readonly offsetLag: number
  readonly isFuture: boolean
}
export interface LogDirDescription {
  readonly path: string
  readonly error: KafkaFailure | null
  readonly totalBytes: number
  readonly usableBytes: number
  readonly replicas: readonly LogDirReplica[]
}

/** One replica of a partition: the one on `broker`. */
export interface ReplicaId extends TopicPartition {
  readonly broker: number
}
/** Directories of one replica: where it is, and where it is being copied to; null for neither. */
export interface ReplicaLogDirs {
  readonly current: { readonly path: string; readonly offsetLag: number } | null
  readonly future: { readonly path: string; readonly offsetLag: number } | null
}

/** A partition on the move: `replicas` are all that hold it meanwhile, those being added and removed included. */
export interface PartitionReassignment extends TopicPartition {
  readonly replicas: readonly number[]
  readonly addingReplicas: readonly number[]
  readonly removingReplicas: readonly number[]
}
/** Where a partition shall be, in the order of preference; null cancels what is under way. */
export interface NewReassignment extends TopicPartition {
  readonly replicas: readonly number[] | null
}
/** `PREFERRED`: the first of the replicas. `UNCLEAN`: any replica that is alive, records may be lost. */
export type ElectionType = 'PREFERRED' | 'UNCLEAN'

/** A voter or observer of the metadata quorum, as its leader sees it. */
export interface QuorumReplica {
  readonly id: number
  /** All zeros where the cluster does not know directories (kraft.version 0). */
  readonly directoryId: Uuid
  readonly logEndOffset: number
  /** Milliseconds since 1970; null when it has not fetched from this leader. */
  readonly lastFetchTimestampMs: number | null
  readonly lastCaughtUpTimestampMs: number | null
}
export interface NamedEndpoint {
  /** Of the listener. */
  readonly name: string
  readonly host: string
  readonly port: number
}
export interface QuorumDescription {
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly highWatermark: number
  readonly voters: readonly QuorumReplica[]
  readonly observers: readonly QuorumReplica[]
  /** Node id -> where it listens; empty before version 2 of the request. */
  readonly endpoints: ReadonlyMap<number, readonly NamedEndpoint[]>
}

/** Versions of one API that a broker serves. */
export interface ApiVersionRange {
  readonly key: number
  readonly min: number
  readonly max: number
}

export interface FeatureRange {
  readonly min: number
  readonly max: number
}
export interface FeatureDescription {
  readonly supported: ReadonlyMap<string, FeatureRange>
  readonly finalized: ReadonlyMap<string, FeatureRange>
  /** Null when the node has no finalized features yet. */
  readonly epoch: number | null
}
export type FeatureUpgradeType = 'UPGRADE' | 'SAFE_DOWNGRADE' | 'UNSAFE_DOWNGRADE'
export interface FeatureUpdate {
  readonly feature: string
  /** 0 takes the feature away. */
  readonly level: number
  readonly upgradeType: FeatureUpgradeType
}

export interface QuotaEntity {
  /** `user`, `client-id`, `ip` -> name, null for the default. */
  readonly entries: ReadonlyMap<string, string | null>
}
export interface QuotaOp {
  readonly key: string
  /** null removes the quota. */
  readonly value: number | null
}
export interface ScramCredentialInfo {
  readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly iterations: number
}

export interface MutationOptions {
  readonly validateOnly?: boolean
  readonly timeoutMs?: number
}

export interface ReassignmentOptions {
  readonly timeoutMs?: number
  /** False: a move that would change how many replicas there are is refused (KIP-860). */
  readonly allowReplicationFactorChange?: boolean
}

/** The one admin facade. `src/client/README.md` tables which call travels over kafkajs and which over our raw client. */
export interface Admin
  extends AclAdmin,
    TokenAdmin,
    TransactionAdmin,
    ShareGroupAdmin,
    StreamsGroupAdmin,
    GroupMemberAdmin {
  /** Brokers; where the client talks to controllers, those (KIP-919). */
  describeCluster(options?: { includeFenced?: boolean }): Promise<ClusterDescription>
  /** The cluster's id, and the ids of the topics that exist; an id is left out where the cluster has none. One request. */
  identify(topics: readonly string[]): Promise<ClusterIdentity>
  /** Which versions of which requests each broker serves; a broker that does not answer is its own failure. */
  describeApiVersions(): Promise<{ broker: BrokerNode; apis: Outcome<ApiVersionRange[]> }[]>
  /** Of some node, or of the one that is named. */
  describeFeatures(options?: { nodeId?: number }): Promise<FeatureDescription>
  /** All or nothing, as the controllers do it: a refusal is each feature's. */
  updateFeatures(updates: readonly FeatureUpdate[], options?: MutationOptions): Promise<Map<string, Outcome<void>>>
  describeMetadataQuorum(): Promise<QuorumDescription>
  /** Throws for a broker that is not registered. */
  unregisterBroker(brokerId: number): Promise<void>
  addRaftVoter(voter: { id: number; directoryId: Uuid; endpoints: readonly NamedEndpoint[] }): Promise<void>
  removeRaftVoter(voter: { id: number; directoryId: Uuid }): Promise<void>
  listTopics(): Promise<TopicListing[]>
  /** In the order asked; `'all'` describes every topic. */
  describeTopics(
    names: readonly string[] | 'all',
    options?: { partitionsPerResponse?: number },
  ): Promise<Map<string, Outcome<TopicDescription>>>
  describeTopicsById(ids: readonly Uuid[]): Promise<Map<Uuid, Outcome<TopicDescription>>>
  createTopics(topics: readonly NewTopic[], options?: MutationOptions): Promise<Map<string, Outcome<{ topicId: Uuid }>>>
  deleteTopics(names: readonly string[], options?: MutationOptions): Promise<Map<string, Outcome<void>>>
  createPartitions(
    counts: ReadonlyMap<string, { total: number; assignments?: readonly (readonly number[])[] }>,
    options?: MutationOptions,
  ): Promise<Map<string, Outcome<void>>>
  /** With `names` those settings alone. */
  describeConfigs(
    resources: readonly ConfigResource[],
    options?: { synonyms?: boolean; documentation?: boolean; names?: readonly string[] },
  ): Promise<Outcome<ConfigEntry[]>[]>
  incrementalAlterConfigs(
    changes: readonly { resource: ConfigResource; changes: readonly ConfigChange[] }[],
    options?: MutationOptions,
  ): Promise<Outcome<void>[]>
  listConfigResources(types: readonly ConfigResourceType[]): Promise<ConfigResource[]>
  /** Results in the order asked. */
  listOffsets(
    queries: readonly (TopicPartition & { spec: OffsetSpec })[],
    options?: { isolation?: 'read_uncommitted' | 'read_committed'; timeoutMs?: number },
  ): Promise<Outcome<ListedOffset>[]>
  deleteRecords(before: readonly (TopicPartition & { offset: number })[]): Promise<Outcome<{ lowWatermark: number }>[]>
  /** Log end offset of each replica, followers included, in the order asked. */
  listReplicaEnds(replicas: readonly ReplicaId[]): Promise<Outcome<number>[]>
  describeLogDirs(brokerIds: readonly number[]): Promise<Map<number, Outcome<LogDirDescription[]>>>
  /** In the order asked. */
  describeReplicaLogDirs(replicas: readonly ReplicaId[]): Promise<Outcome<ReplicaLogDirs>[]>
  /** In the order asked; REPLICA_NOT_AVAILABLE until the broker holds the replica. */
  alterReplicaLogDirs(moves: readonly (ReplicaId & { readonly path: string })[]): Promise<Outcome<void>[]>
  /** Of these partitions; of all when left out. Partitions that do not move are not in the answer. */
  listPartitionReassignments(partitions?: readonly TopicPartition[]): Promise<PartitionReassignment[]>
  /** Starts or cancels moves; in the order asked. */
  alterPartitionReassignments(
    changes: readonly NewReassignment[],
    options?: ReassignmentOptions,
  ): Promise<Outcome<void>[]>
  /** With `'all'` the answer leaves out partitions that need no election. */
  electLeaders(
    type: ElectionType,
    partitions: readonly TopicPartition[] | 'all',
    options?: MutationOptions,
  ): Promise<(TopicPartition & { result: Outcome<void> })[]>

  listGroups(filter?: {
    states?: readonly string[]
    types?: readonly string[]
    protocolTypes?: readonly string[]
  }): Promise<GroupListing[]>
  describeGroups(groupIds: readonly string[]): Promise<Map<string, Outcome<GroupDescription>>>
  /** Committed offsets; keys are `topic-partition`-free: one entry per partition in the answer. */
  listGroupOffsets(
    groupIds: readonly string[],
    options?: { requireStable?: boolean },
  ): Promise<Map<string, Outcome<(TopicPartition & CommittedOffset)[]>>>
  alterGroupOffsets(
    groupId: string,
    offsets: readonly (TopicPartition & { offset: number; leaderEpoch?: number; metadata?: string })[],
  ): Promise<Outcome<void>[]>
  deleteGroupOffsets(groupId: string, partitions: readonly TopicPartition[]): Promise<Outcome<Outcome<void>[]>>
  deleteGroups(groupIds: readonly string[]): Promise<Map<string, Outcome<void>>>

  describeClientQuotas(filter: {
    components: readonly { entityType: string; match: { name: string } | 'default' | 'any' }[]
    strict: boolean
  }): Promise<{ entity: QuotaEntity; quotas: ReadonlyMap<string, number> }[]>
  alterClientQuotas(
    entries: readonly { entity: QuotaEntity; ops: readonly QuotaOp[] }[],
    options?: MutationOptions,
  ): Promise<Outcome<void>[]>
  describeScramCredentials(users: readonly string[] | 'all'): Promise<Map<string, Outcome<ScramCredentialInfo[]>>>
  alterScramCredentials(
    changes: readonly (
      | { user: string; mechanism: ScramCredentialInfo['mechanism']; iterations: number; password: string }
      | { user: string; mechanism: ScramCredentialInfo['mechanism']; delete: true }
    )[],
  ): Promise<Map<string, Outcome<void>>>

  close(): Promise<void>
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'

/** TLS as node's stack takes it; all of it may be left out. */
export interface TlsOptions {
  /** Certificates to trust instead of the well-known authorities. */
  readonly caPem?: string
  readonly certPem?: string
  readonly keyPem?: string
  readonly keyPassword?: string
  /** A PKCS#12 key store, instead of `certPem` and `keyPem`; `keyPassword` opens it. */
  readonly pfx?: Buffer
  readonly verifyHostname?: boolean
  readonly minVersion?: TlsVersion
  readonly maxVersion?: TlsVersion
  /** OpenSSL's names, separated by colons. */
  readonly ciphers?: string
}

export interface PasswordLogin {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly username: string
  readonly password: string
  /** SCRAM with a delegation token: its id and HMAC (KIP-48). */
  readonly tokenAuth?: boolean
}

export interface BearerToken {
  readonly value: string
  /** Milliseconds since the epoch; null when the token does not tell. */
  readonly expiresAtMs: number | null
  readonly principal: string | null
  /** SASL extensions (KIP-342). */
  readonly extensions: ReadonlyMap<string, string>
}

export interface BearerLogin {
  readonly mechanism: 'OAUTHBEARER'
  /** A token that is good now. Rejects with a `KtError`. */
  token(): Promise<BearerToken>
}

export interface AwsLogin {
  readonly mechanism: 'AWS_MSK_IAM'
  /** The signed message for a broker's host name. Rejects with a `KtError`. */
  payload(host: string): Promise<Buffer>
}

export type SaslOptions = PasswordLogin | BearerLogin | AwsLogin

/** How to reach a cluster. Java property names are translated into this by `client/properties.ts`. */
export interface ClientOptions {
  /** `host:port`, IPv6 in brackets. */
  readonly bootstrapServers: readonly string[]
  /** The addresses are controllers', and requests go to the active one (KIP-919). */
  readonly toControllers?: boolean
  readonly clientId?: string
  readonly requestTimeoutMs?: number
  readonly connectTimeoutMs?: number
  /** Longest time the whole call may take, retries included. */
  readonly apiTimeoutMs?: number
  readonly tls?: TlsOptions
  readonly sasl?: SaslOptions
  /** What the Java properties file said and we did not use: shown once, never silently lost. */
  readonly ignoredProperties?: readonly string[]
  /** Where it is kept what the cluster denies, for who reports the failure. */
  readonly denials?: DenialKeeper
}
