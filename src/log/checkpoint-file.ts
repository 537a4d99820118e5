/**
 * Kafka's text checkpoints: a version line, a count line, then that many entry lines
 * (KAFKA `CheckpointFile`). Replaced as a whole, so a reader sees the old text or the new one.
 */
import { dirname } from 'node:path'
import { KtError } from '../base/errors.ts'
import { type FileSystem, writeAtomically } from '../base/file-system.ts'

const VERSION = 0

export function formatCheckpoint(lines: readonly string[]): string {
  return `${VERSION}\n${lines.length}\n${lines.map((line) => `${line}\n`).join('')}`
}

/** Entry lines of a checkpoint's text; throws `KtError` of kind storage when it does not hold together. */
export function parseCheckpoint(text: string, path: string): string[] {
  const lines = text.split('\n')
  // Every line ends in a newline: a power failure that cuts the last one short may leave another number.
  const end = lines.pop()
  const [version, count, ...entries] = lines
  if (version !== String(VERSION)) throw malformed(path, `its version is ${JSON.stringify(version ?? '')}, not 0`)
  if (count === undefined || !/^\d+$/.test(count)) throw malformed(path, 'its second line is not a count')
  if (entries.length !== Number(count)) {
    throw malformed(path, `it promises ${count} entries and holds ${entries.length}`)
  }
  if (end !== '') throw malformed(path, 'its last line is cut off')
  return entries
}

function malformed(path: string, why: string): KtError {
  return new KtError('storage', `the checkpoint ${path} is malformed: ${why}`)
}

/** Entry lines of the file, none when it does not exist. */
export function readCheckpoint(files: FileSystem, path: string): string[] {
  return files.exists(path) ? parseCheckpoint(files.readFile(path).toString('utf8'), path) : []
}

/** Replaces the file durably. */
export function writeCheckpoint(files: FileSystem, path: string, lines: readonly string[]): void {
  writeAtomically(files, dirname(path), path, formatCheckpoint(lines))
}

/** Offset of one partition, as kept in the checkpoints of a log directory. */
export interface PartitionOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

const OFFSET_LINE = /^(\S+) (\d+) (-?\d+)$/

/** Reads `topic partition offset` lines into a map keyed `topic-partition`. */
export function readOffsetCheckpoint(files: FileSystem, path: string): Map<string, number> {
  const offsets = new Map<string, number>()
  for (const line of readCheckpoint(files, path)) {
    const match = OFFSET_LINE.exec(line)
    if (match === null) throw malformed(path, `the line ${JSON.stringify(line)} is not "topic partition offset"`)
    offsets.set(`${match[1]}-${match[2]}`, Number(match[3]))
  }
  return offsets
}

export function offsetCheckpointLines(entries: Iterable<PartitionOffset>): string[] {
  return Array.from(entries, ({ topic, partition, offset }) => `${topic} ${partition} ${offset}`)
}
