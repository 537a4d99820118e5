import { join } from 'node:path'
import type { FileSystem } from '../base/file-system.ts'
import { replaceFile, syncFile } from './durability.ts'
import { PARTITION_METADATA } from './file-names.ts'

const TEXT = /^version: ?0\r?\ntopic_id: ?(\S{22})\s*$/

/** `partition.metadata`: which topic a directory belongs to, whatever the topic is called. Null when there is none. */
export function readPartitionMetadata(files: FileSystem, directory: string): string | null {
  const path = join(directory, PARTITION_METADATA)
  if (!files.exists(path)) return null
  return TEXT.exec(files.readFile(path).toString('utf8'))?.[1] ?? null
}

export function writePartitionMetadata(files: FileSystem, directory: string, topicId: string): string {
  const path = join(directory, PARTITION_METADATA)
  replaceFile(files, path, `version: 0\ntopic_id: ${topicId}`)
  return path
}

/**
 * Forces `partition.metadata` to the disk. A log without it counts as a stray and is moved aside whole, so it must be there
 * before the first record is.
 */
export function syncPartitionMetadata(files: FileSystem, directory: string): void {
  const path = join(directory, PARTITION_METADATA)
  if (!files.exists(path)) return
  syncFile(files, path)
  files.syncDirectory(directory)
}
