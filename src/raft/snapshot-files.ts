/**
 * Snapshots of the metadata log (KIP-630): `<end offset>-<epoch>.checkpoint` beside its segments. A snapshot is written
 * under `.part` and renamed once it is whole and on disk, so a file with the final name is never half a snapshot.
 */
import { ProtocolError } from '../base/errors.ts'
import type { FileSystem } from '../base/file-system.ts'
import { readCheckedBatches } from './batch-reader.ts'
import {
  type ControlRecordInput,
  controlBatch,
  dataBatch,
  kraftVersionRecord,
  snapshotFooter,
  snapshotHeader,
  votersControlRecord,
} from './control-batches.ts'
import type { CommittedBatch, SnapshotId } from './types.ts'
import type { VoterSet } from './voters.ts'

const NAME = /^(\d{20})-(\d{10})\.checkpoint$/
const PART_SUFFIX = '.part'
/** Records in one batch of a snapshot, as Kafka's writer has it. */
const RECORDS_PER_BATCH = 1024

/** Before everything else: what `kafka-storage format` writes to make the first voters known. */
export const BOOTSTRAP_SNAPSHOT: SnapshotId = { endOffset: 0, epoch: 0 }

export function snapshotName({ endOffset, epoch }: SnapshotId): string {
  return `${String(endOffset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}.checkpoint`
}

/** null when the name is not a snapshot's. */
export function parseSnapshotName(name: string): SnapshotId | null {
  const match = NAME.exec(name)
  return match === null ? null : { endOffset: Number(match[1]), epoch: Number(match[2]) }
}

/** Snapshots in `directory`, oldest first. */
export function listSnapshots(files: FileSystem, directory: string): SnapshotId[] {
  const ids = files.list(directory).map(parseSnapshotName)
  return ids.filter((id) => id !== null).sort((a, b) => a.endOffset - b.endOffset || a.epoch - b.epoch)
}

/** Removes what a crash left of snapshots being written. */
export function removePartialSnapshots(files: FileSystem, directory: string): void {
  for (const name of files.list(directory)) {
    if (!name.endsWith(PART_SUFFIX)) continue
    if (parseSnapshotName(name.slice(0, -PART_SUFFIX.length)) !== null) files.remove(`${directory}/${name}`)
  }
}

/** Batches of a snapshot, its control batches included; throws `ProtocolError` when it is damaged. */
export function readSnapshot(files: FileSystem, directory: string, id: SnapshotId): Iterable<CommittedBatch> {
  return readCheckedBatches(files.readFile(`${directory}/${snapshotName(id)}`))
}

/**
 * Checks a snapshot that is still under `.part`: whole batches with good checksums, a footer at the end. Throws
 * `ProtocolError`.
 */
export function checkSnapshotPart(files: FileSystem, directory: string, id: SnapshotId): void {
  const bytes = files.readFile(`${directory}/${snapshotName(id)}${PART_SUFFIX}`)
  let last: CommittedBatch | null = null
  for (const batch of readCheckedBatches(bytes)) last = batch
  const hasFooter = last?.control.some(({ type }) => type === 'snapshot-footer') ?? false
  if (!hasFooter) throw new ProtocolError(`${snapshotName(id)} ends without a footer`)
}

export interface SnapshotContent {
  /** Append time in ms of the last record it stands for, 0 for none. */
  readonly lastContainedLogTimestamp: number
  /** Written only when kraft.version is above 0; then voters are, too. */
  readonly kraftVersion: number
  readonly voters: VoterSet
  readonly values: Iterable<Buffer>
  readonly nowMs: number
}

/** The bytes of a snapshot, batch by batch: header, records, footer. */
export function* snapshotBatches(id: SnapshotId, content: SnapshotContent): Generator<Buffer> {
  let baseOffset = 0
  const at = () => ({ baseOffset, epoch: id.epoch, timestampMs: content.nowMs })
  const head: ControlRecordInput[] = [snapshotHeader(content.lastContainedLogTimestamp)]
  if (content.kraftVersion > 0) {
    head.push(kraftVersionRecord(content.kraftVersion), votersControlRecord(content.voters))
  }
  yield controlBatch(head, at())
  baseOffset += head.length
  let batch: Buffer[] = []
  for (const value of content.values) {
    batch.push(value)
    if (batch.length < RECORDS_PER_BATCH) continue
    yield dataBatch(batch, at())
    baseOffset += batch.length
    batch = []
  }
  if (batch.length > 0) {
    yield dataBatch(batch, at())
    baseOffset += batch.length
  }
  yield controlBatch([snapshotFooter()], at())
}

/**
 * A file in the making: appears under its name only when it is complete and on disk. What a crash leaves is a `.part`
 * that the next start removes.
 */
export class WholeFile {
  private readonly files: FileSystem
  private readonly directory: string
  private readonly path: string
  private readonly fd: number
  private size = 0

  constructor(files: FileSystem, directory: string, name: string) {
    this.files = files
    this.directory = directory
    this.path = `${directory}/${name}`
    this.fd = files.open(this.path + PART_SUFFIX, 'w')
  }

  append(chunk: Buffer): void {
    for (let done = 0; done < chunk.length; ) {
      const written = this.files.write(this.fd, chunk, done, chunk.length - done, this.size)
      done += written
      this.size += written
    }
  }

  /** Returns the size in bytes. */
  finish(): number {
    try {
      this.files.fsync(this.fd)
    } finally {
      this.files.close(this.fd)
    }
    this.files.rename(this.path + PART_SUFFIX, this.path)
    this.files.syncDirectory(this.directory)
    return this.size
  }

  abandon(): void {
    this.files.close(this.fd)
    this.files.remove(this.path + PART_SUFFIX)
  }
}

/** Writes all of `chunks` to `name` in `directory`; returns the size in bytes. */
export function writeWhole(files: FileSystem, directory: string, name: string, chunks: Iterable<Buffer>): number {
  const file = new WholeFile(files, directory, name)
  try {
    for (const chunk of chunks) file.append(chunk)
  } catch (error) {
    file.abandon()
    throw error
  }
  return file.finish()
}

/** Writes a snapshot in one go; returns its size in bytes. */
export function writeSnapshot(files: FileSystem, directory: string, id: SnapshotId, content: SnapshotContent): number {
  return writeWhole(files, directory, snapshotName(id), snapshotBatches(id, content))
}
