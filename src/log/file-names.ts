/** Names of the files and directories of a log directory, as Kafka spells them (KAFKA `LogFileUtils`). */
import { join } from 'node:path'
import type { Random } from '../base/random.ts'

export const LOG_SUFFIX = '.log'
export const OFFSET_INDEX_SUFFIX = '.index'
export const TIME_INDEX_SUFFIX = '.timeindex'
export const TRANSACTION_INDEX_SUFFIX = '.txnindex'
export const SNAPSHOT_SUFFIX = '.snapshot'
/** Renamed to this first, removed after `file.delete.delay.ms`. */
export const DELETED_SUFFIX = '.deleted'
/** Half-written output of a compaction: worthless after a crash. */
export const CLEANED_SUFFIX = '.cleaned'
/** Complete output of a compaction that waits to replace its sources. */
export const SWAP_SUFFIX = '.swap'

export const LEADER_EPOCH_CHECKPOINT = 'leader-epoch-checkpoint'
export const PARTITION_METADATA = 'partition.metadata'
export const RECOVERY_POINT_CHECKPOINT = 'recovery-point-offset-checkpoint'
export const REPLICATION_OFFSET_CHECKPOINT = 'replication-offset-checkpoint'
export const LOG_START_OFFSET_CHECKPOINT = 'log-start-offset-checkpoint'
export const CLEAN_SHUTDOWN_FILE = '.kafka_cleanshutdown'
export const LOCK_FILE = '.lock'
export const META_PROPERTIES = 'meta.properties'

const OFFSET_DIGITS = 20
/** Longest file name that common file systems take. */
const MAX_NAME_LENGTH = 255

/** `00000000000000000042`: a file is named after the first offset it covers. */
export function offsetName(offset: number): string {
  return offset.toString().padStart(OFFSET_DIGITS, '0')
}

export function segmentPath(directory: string, baseOffset: number, suffix: string): string {
  return join(directory, offsetName(baseOffset) + suffix)
}

/** The offset in a file's name; null for names that carry none. */
export function offsetOf(name: string): number | null {
  const match = /^(\d{1,20})\./.exec(name)
  return match === null ? null : Number(match[1])
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** Key of a partition in maps; the same text names its directory. */
export function partitionName(topic: string, partition: number): string {
  return `${topic}-${partition}`
}

export type DirectoryKind = 'log' | 'deleted' | 'future' | 'stray'

const SUFFIXED = /^(.+)-(\d+)\.(\S{32})-(delete|future|stray)$/
const PLAIN = /^(.+)-(\d+)$/
const KINDS = { delete: 'deleted', future: 'future', stray: 'stray' } as const

/** What a directory's name says it is; null when it is not a partition's. */
export function parsePartitionDirectory(name: string): (TopicPartition & { readonly kind: DirectoryKind }) | null {
  const suffixed = SUFFIXED.exec(name)
  if (suffixed !== null) {
    const kind = KINDS[suffixed[4] as keyof typeof KINDS]
    return { topic: suffixed[1]!, partition: Number(suffixed[2]), kind }
  }
  const plain = PLAIN.exec(name)
  return plain === null ? null : { topic: plain[1]!, partition: Number(plain[2]), kind: 'log' }
}

/** `<topic>-<partition>.<32 hex digits>-delete` (or `-stray`), the topic cut where the name would get too long. */
export function renamedDirectory(topic: string, partition: number, kind: 'delete' | 'stray', random: Random): string {
  const suffix = `-${partition}.${random.bytes(16).toString('hex')}-${kind}`
  return topic.slice(0, MAX_NAME_LENGTH - suffix.length) + suffix
}
