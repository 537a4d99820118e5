/**
 * The metadata image: what a node knows of its cluster, replayed from `__cluster_metadata` and never changed in place.
 * A new image shares everything with the old one that did not change.
 */
import type { Uuid } from '../base/uuid.ts'
import type { MetadataRecord, MetadataRecordName } from '../protocol/metadata/index.ts'

export interface PartitionRegistration {
  readonly replicas: readonly number[]
  readonly directories: readonly Uuid[]
  readonly isr: readonly number[]
  readonly removingReplicas: readonly number[]
  readonly addingReplicas: readonly number[]
  readonly elr: readonly number[]
  readonly lastKnownElr: readonly number[]
  /** -1: none. */
  readonly leader: number
  readonly leaderRecoveryState: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
}

export interface TopicImage {
  readonly name: string
  readonly id: Uuid
  readonly partitions: ReadonlyMap<number, PartitionRegistration>
}

export interface Endpoint {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly securityProtocol: number
}

export interface BrokerRegistration {
  readonly id: number
  readonly epoch: number
  readonly incarnationId: Uuid
  readonly endpoints: readonly Endpoint[]
  readonly features: ReadonlyMap<string, { readonly min: number; readonly max: number }>
  readonly rack: string | null
  readonly fenced: boolean
  readonly inControlledShutdown: boolean
  readonly directories: readonly Uuid[]
  /** Log directories that take no new partitions (KIP-1066); null before the broker has told. */
  readonly cordonedDirectories: readonly Uuid[] | null
}

export interface ControllerRegistration {
  readonly id: number
  readonly incarnationId: Uuid
  readonly endpoints: readonly Endpoint[]
  readonly features: ReadonlyMap<string, { readonly min: number; readonly max: number }>
  readonly zkMigrationReady: boolean
}

/** Body of one kind of metadata record, kept as it was read. */
export type RecordBody<N extends MetadataRecordName> = Extract<MetadataRecord, { record: N }>['body']

/** Quotas of one entity (KIP-546): `user`, `client-id`, `ip` -> name, null for the default. */
export interface ClientQuota {
  readonly entity: ReadonlyMap<string, string | null>
  /** For example `producer_byte_rate` -> 1048576. */
  readonly quotas: ReadonlyMap<string, number>
}

/** `TOPIC`, `BROKER`, `GROUP`, `CLIENT_METRICS` and a name ('' = cluster default for brokers). */
export interface ConfigResourceKey {
  readonly type: number
  readonly name: string
}

export interface MetadataImage {
  /** Offset and epoch of the last record replayed; -1 before the first. */
  readonly offset: number
  readonly epoch: number
  readonly features: ReadonlyMap<string, number>
  readonly brokers: ReadonlyMap<number, BrokerRegistration>
  readonly controllers: ReadonlyMap<number, ControllerRegistration>
  readonly topicsByName: ReadonlyMap<string, TopicImage>
  readonly topicsById: ReadonlyMap<Uuid, TopicImage>
  /** Key `type:name` (see `configKey`). */
  readonly configs: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** First producer id of the next block to hand out. */
  readonly nextProducerId: bigint
  /** Key: the entity's parts, sorted (see `quotaKey`). */
  readonly clientQuotas: ReadonlyMap<string, ClientQuota>
  /** Key `mechanism:user` (KIP-554). */
  readonly scramCredentials: ReadonlyMap<string, RecordBody<'userScramCredentialRecord'>>
  /** By id (KIP-801). */
  readonly acls: ReadonlyMap<Uuid, RecordBody<'accessControlEntryRecord'>>
  /** By token id (KIP-900). */
  readonly delegationTokens: ReadonlyMap<string, RecordBody<'delegationTokenRecord'>>
}

/** Config resource types of Kafka (`ConfigResource.Type`). */
export const CONFIG_RESOURCE = {
  UNKNOWN: 0,
  TOPIC: 2,
  BROKER: 4,
  BROKER_LOGGER: 8,
  CLIENT_METRICS: 16,
  GROUP: 32,
} as const

export function configKey(resource: ConfigResourceKey): string {
  return `${resource.type}:${resource.name}`
}

/** What one batch of committed records changed, for publishers that must not walk the whole image. */
export interface MetadataDelta {
  readonly records: readonly MetadataRecord[]
  readonly changedTopics: ReadonlySet<Uuid>
  readonly deletedTopics: ReadonlyMap<Uuid, TopicImage>
  readonly changedConfigs: ReadonlySet<string>
  readonly changedBrokers: ReadonlySet<number>
}

/** Told of every new image, in order: the broker's way of learning anything. */
export interface MetadataPublisher {
  readonly name: string
  onMetadataUpdate(delta: MetadataDelta, image: MetadataImage): void
}
