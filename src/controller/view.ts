/** What controller operations look at, and small questions several of them ask. Operations read it and change nothing. */
import type { Random } from '../base/random.ts'
import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import type { NodeConfig } from '../metadata/config/node-config.ts'
import { configOf } from '../metadata/image.ts'
import { CONFIG_RESOURCE, type MetadataImage, type TopicImage } from '../metadata/types.ts'
import { errorInfo, KafkaError } from '../protocol/error-codes.ts'
import type { BrokerSessions } from './broker-sessions.ts'

/** Most records and most partitions one request may cause; Kafka's QuorumController has the same limits. */
export const MAX_RECORDS_PER_USER_OP = 10_000
export const MAX_PARTITIONS_PER_BATCH = 10_000

/** A replica without a known directory (KIP-858). */
export const UNASSIGNED_DIRECTORY: Uuid = ZERO_UUID
export const MIGRATING_DIRECTORY: Uuid = 'AAAAAAAAAAAAAAAAAAAAAg'
const RESERVED_DIRECTORIES = 100n

export interface ControllerView {
  /** Newest image, with records that are appended but not committed yet. */
  readonly image: MetadataImage
  /** Configuration of the active controller's node. */
  readonly config: NodeConfig
  readonly random: Random
  readonly sessions: BrokerSessions
  readonly clusterId: string
  /** Offset the next record will get. */
  readonly nextWriteOffset: number
  /** Finalized kraft.version, which is kept by the quorum and not in the image. */
  readonly kraftVersion: number
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

/** Where a replica on this broker will live: known when the broker has one directory only. */
export function defaultDirectory(image: MetadataImage, brokerId: number): Uuid {
  const directories = image.brokers.get(brokerId)?.directories
  if (directories === undefined) return UNASSIGNED_DIRECTORY
  if (directories.length === 0) return MIGRATING_DIRECTORY
  return directories.length === 1 ? directories[0]! : UNASSIGNED_DIRECTORY
}

export function isReservedDirectory(id: Uuid): boolean {
  const bytes = Buffer.from(id, 'base64url')
  return bytes.readBigUInt64BE(0) === 0n && bytes.readBigUInt64BE(8) < RESERVED_DIRECTORIES
}

export function elrEnabled(image: MetadataImage): boolean {
  return (image.features.get('eligible.leader.replicas.version') ?? 0) > 0
}

/** A topic's own setting, the cluster's dynamic default, or what the controller's node says. */
function topicSetting(view: ControllerView, topic: string, name: string): string | undefined {
  const own = configOf(view.image, { type: CONFIG_RESOURCE.TOPIC, name: topic }).get(name)
  return own ?? configOf(view.image, { type: CONFIG_RESOURCE.BROKER, name: '' }).get(name)
}

/** min.insync.replicas, never more than the topic has replicas. */
export function effectiveMinIsr(view: ControllerView, topic: TopicImage): number {
  const setting = topicSetting(view, topic.name, 'min.insync.replicas')
  const minIsr = setting === undefined ? view.config.getInt('min.insync.replicas') : Number(setting)
  const replicas = topic.partitions.values().next().value?.replicas.length ?? minIsr
  return Math.min(minIsr, replicas)
}

export function uncleanElectionEnabled(view: ControllerView, topic: TopicImage): boolean {
  const setting = topicSetting(view, topic.name, 'unclean.leader.election.enable')
  return setting === undefined
    ? view.config.getBoolean('unclean.leader.election.enable')
    : setting.toLowerCase() === 'true'
}
