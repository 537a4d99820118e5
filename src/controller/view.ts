/** What controller operations look at, and small questions several of them ask. Operations read it and change nothing. */
import type { Random } from '../base/random.ts'
import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import type { NodeConfig } from '../metadata/config/node-config.ts'
import { configOf } from '../metadata/image.ts'
import {
  type BrokerRegistration,
  CONFIG_RESOURCE,
  type MetadataImage,
  type PartitionRegistration,
  type TopicImage,
} from '../metadata/types.ts'
import { errorInfo, KafkaError } from '../protocol/error-codes.ts'
import type { MetadataRecordInput } from '../protocol/metadata/index.ts'
import type { BrokerSessions } from './broker-sessions.ts'
import type { PartitionIndex } from './partition-index.ts'

/** Most records and most partitions one request may cause; Kafka's QuorumController has the same limits. */
export const MAX_RECORDS_PER_USER_OP = 10_000
export const MAX_PARTITIONS_PER_BATCH = 10_000

/** A replica without a known directory (KIP-858). */
export const UNASSIGNED_DIRECTORY: Uuid = ZERO_UUID
/** A replica whose directory failed and that was not given another. */
export const LOST_DIRECTORY: Uuid = 'AAAAAAAAAAAAAAAAAAAAAQ'
/** A replica from before directories were told. */
export const MIGRATING_DIRECTORY: Uuid = 'AAAAAAAAAAAAAAAAAAAAAg'
const RESERVED_DIRECTORIES = 100n

export interface ControllerView {
  /** Newest image, with records that are appended but not committed yet. */
  readonly image: MetadataImage
  /** The image's partitions by what happens to them. */
  readonly partitions: PartitionIndex
  /** Configuration of the active controller's node. */
  readonly config: NodeConfig
  readonly random: Random
  readonly sessions: BrokerSessions
  readonly clusterId: string
  /** Offset the next record will get. */
  readonly nextWriteOffset: number
  /** Finalized kraft.version, which is kept by the quorum and not in the image. */
  readonly kraftVersion: number
  readonly voterIds: readonly number[]
}

/** The records of one request, when they are not more than a request may cause; else throws POLICY_VIOLATION. */
export function bounded<T extends MetadataRecordInput>(records: readonly T[]): readonly T[] {
  if (records.length <= MAX_RECORDS_PER_USER_OP) return records
  throw new KafkaError('POLICY_VIOLATION', 'Unable to perform excessively large batch operation.')
}

/** Fields of an answer that tell of one item's failure. */
export interface Failure {
  readonly errorCode: number
  readonly errorMessage: string | null
}

/** Texts that only repeat the code's own are left out (Kafka's ApiError); what is no KafkaError is a defect. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof KafkaError)) throw error
  const generic = error.message === errorInfo(error.code).message
  return { errorCode: error.code, errorMessage: generic ? null : error.message }
}

/** Registered, not fenced and not on its way out: may lead and be in an ISR. */
export function isActive(image: MetadataImage, brokerId: number): boolean {
  const broker = image.brokers.get(brokerId)
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown
}

/** Throws STALE_BROKER_EPOCH unless the broker is registered with this epoch. */
export function checkBrokerEpoch(view: ControllerView, brokerId: number, brokerEpoch: bigint): BrokerRegistration {
  const broker = view.image.brokers.get(brokerId)
  if (broker === undefined) {
    throw new KafkaError('STALE_BROKER_EPOCH', `No broker registration found for broker id ${brokerId}`)
  }
  if (broker.epoch === Number(brokerEpoch)) return broker
  const message = `Expected broker epoch ${broker.epoch}, but got broker epoch ${brokerEpoch}`
  throw new KafkaError('STALE_BROKER_EPOCH', message)
}

/** Where a replica on this broker will live: known when the broker has one directory only. */
export function defaultDirectory(image: MetadataImage, brokerId: number): Uuid {
  const directories = image.brokers.get(brokerId)?.directories
  if (directories === undefined) return UNASSIGNED_DIRECTORY
  if (directories.length === 0) return MIGRATING_DIRECTORY
  return directories.length === 1 ? directories[0]! : UNASSIGNED_DIRECTORY
}

/** Where the replica of a partition lives on a broker. */
export function replicaDirectory({ replicas, directories }: PartitionRegistration, brokerId: number): Uuid {
  return directories[replicas.indexOf(brokerId)] ?? MIGRATING_DIRECTORY
}

/** False for a broker that is not registered. A directory nobody has told of yet counts as online. */
export function hasOnlineDirectory(image: MetadataImage, brokerId: number, directory: Uuid): boolean {
  const broker = image.brokers.get(brokerId)
  if (broker === undefined || directory === LOST_DIRECTORY) return false
  if (directory === UNASSIGNED_DIRECTORY || directory === MIGRATING_DIRECTORY) return true
  return broker.directories.length === 0 || broker.directories.includes(directory)
}

/** At least one directory may be given new replicas (KIP-1066). */
export function hasUncordonedDirectory({ directories, cordonedDirectories }: BrokerRegistration): boolean {
  if (directories.length === 0 || cordonedDirectories === null) return true
  return directories.some((directory) => !cordonedDirectories.includes(directory))
}

export function isReservedDirectory(id: Uuid): boolean {
  const bytes = Buffer.from(id, 'base64url')
  return bytes.readBigUInt64BE(0) === 0n && bytes.readBigUInt64BE(8) < RESERVED_DIRECTORIES
}

export function elrEnabled(image: MetadataImage): boolean {
  return (image.features.get('eligible.leader.replicas.version') ?? 0) > 0
}

/** A topic's own setting, else the dynamic one of the controller's node, else the cluster's dynamic default. */
function settingOf({ image, config }: ControllerView, name: string): (topic: string) => string | undefined {
  const { TOPIC, BROKER } = CONFIG_RESOURCE
  const setting = (type: number, resource: string) => configOf(image, { type, name: resource }).get(name)
  const shared = setting(BROKER, String(config.nodeId)) ?? setting(BROKER, '')
  return (topic) => setting(TOPIC, topic) ?? shared
}

/** min.insync.replicas of topics, never more than a topic has replicas. What topics share is looked up once. */
export function effectiveMinIsrs(view: ControllerView): (topic: TopicImage) => number {
  const setting = settingOf(view, 'min.insync.replicas')
  const ofNode = view.config.getInt('min.insync.replicas')
  return ({ name, partitions }) => {
    const text = setting(name)
    const minIsr = text === undefined ? ofNode : Number(text)
    return Math.min(minIsr, partitions.values().next().value?.replicas.length ?? minIsr)
  }
}

/** unclean.leader.election.enable of topics. What topics share is looked up once. */
export function uncleanElections(view: ControllerView): (topic: TopicImage) => boolean {
  const setting = settingOf(view, 'unclean.leader.election.enable')
  const ofNode = view.config.getBoolean('unclean.leader.election.enable')
  return ({ name }) => {
    const text = setting(name)
    return text === undefined ? ofNode : text.toLowerCase() === 'true'
  }
}

export function uncleanElectionEnabled(view: ControllerView, topic: TopicImage): boolean {
  return uncleanElections(view)(topic)
}
