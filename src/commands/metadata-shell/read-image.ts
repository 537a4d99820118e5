/** A metadata image from a snapshot or a segment of the metadata log. Reads only: no lock, no byte is changed. */
import { KtError, ProtocolError } from '../../base/errors.ts'
import type { FileSystem } from '../../base/file-system.ts'
import { DeltaBuilder } from '../../metadata/delta.ts'
import { EMPTY_IMAGE } from '../../metadata/image.ts'
import { decodeMetadataRecord } from '../../metadata/record-serde.ts'
import type { MetadataImage } from '../../metadata/types.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import type { MetadataRecord } from '../../protocol/metadata/index.ts'
import { forEachRecord } from '../../protocol/records/record.ts'
import { isControlBatch } from '../../protocol/records/record-batch.ts'
import { loadCodecOf } from '../dump-log/batch-codec.ts'
import { BatchFile, type FileBatch } from '../dump-log/batch-file.ts'
import type { ShellImage } from './image-nodes.ts'

/** An image is made after this many records, so that a long log is not held in memory as a whole. */
const RECORDS_PER_IMAGE = 10_000
/** What is wrong with a file is told of this many records; the rest is counted. */
const MAX_PROBLEMS_TOLD = 10

/** Told of what was left out of the image, in a sentence. */
export type ProblemListener = (problem: string) => void

/**
 * The image after the last record of the file. A record that cannot be read, or that speaks of something whose record
 * stood before the beginning of this file, is left out and told to `onProblem`; a batch that is not whole at the end,
 * which a node may be writing, ends the image. Throws a `not-found` or `storage` KtError.
 */
export async function readShellImage(
  files: FileSystem,
  path: string,
  onProblem: ProblemListener,
  signal?: AbortSignal,
): Promise<ShellImage> {
  const file = openFile(files, path)
  try {
    const replay = new Replay(onProblem)
    for (const batch of file.batches()) {
      if (signal?.aborted === true) throw new KtError('interrupted', 'interrupted')
      if (isControlBatch(batch.header.attributes)) continue
      await loadCodecOf(batch)
      replay.batch(batch)
    }
    return replay.finish(path)
  } finally {
    file.close()
  }
}

function openFile(files: FileSystem, path: string): BatchFile {
  if (files.exists(path) && files.stat(path).isDirectory) {
    throw new KtError('usage', `${path} is a directory`, {
      facts: ['a snapshot (.checkpoint) or a segment (.log) of __cluster_metadata-0 is read'],
    })
  }
  return new BatchFile(files, path)
}

/** Where an image ends. */
interface Position {
  readonly offset: number
  readonly epoch: number
  readonly timestampMs: number
}

interface OpenTransaction {
  readonly records: { readonly record: MetadataRecord; readonly offset: number }[]
  readonly before: Position
}

const NOWHERE: Position = { offset: -1, epoch: -1, timestampMs: -1 }

/** Replays batches one after the other, metadata transactions (KIP-868) as a whole. */
class Replay {
  readonly #onProblem: ProblemListener
  #image: MetadataImage = EMPTY_IMAGE
  #builder = new DeltaBuilder(EMPTY_IMAGE)
  #pendingRecords = 0
  #seenRecords = 0
  #problems = 0
  #transaction: OpenTransaction | null = null
  #at: Position = NOWHERE

  constructor(onProblem: ProblemListener) {
    this.#onProblem = onProblem
  }

  batch(batch: FileBatch): void {
    const { lastOffset, partitionLeaderEpoch: epoch, maxTimestamp: timestampMs } = batch.header
    const wasAt = this.#at
    // A transaction that begins within a batch leaves the image at the record before, which is of this batch.
    const before = (offset: number): Position =>
      offset === batch.header.baseOffset ? wasAt : { offset: offset - 1, epoch, timestampMs }
    try {
      forEachRecord(batch.buffer, batch.at, (record, offset) => this.#record(record.value(), offset, before))
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      this.#problem(`The batch at position ${batch.position} cannot be read: ${error.message}`)
    }
    this.#at = { offset: lastOffset, epoch, timestampMs }
    if (this.#pendingRecords >= RECORDS_PER_IMAGE) this.#cut()
  }

  /** The image; throws a `storage` KtError when there was not a single record. */
  finish(path: string): ShellImage {
    if (this.#seenRecords === 0) {
      throw new KtError('storage', `${path} holds no metadata`, {
        facts: ['snapshots (.checkpoint) and segments (.log) of __cluster_metadata-0 do'],
      })
    }
    const untold = this.#problems - MAX_PROBLEMS_TOLD
    if (untold > 0) this.#onProblem(`${untold} more records were left out`)
    if (this.#transaction !== null) this.#at = this.#transaction.before
    this.#cut()
    return { image: this.#image, lastTimestampMs: this.#at.timestampMs }
  }

  #cut(): void {
    this.#image = this.#builder.build(this.#at.offset, this.#at.epoch).image
    this.#builder = new DeltaBuilder(this.#image)
    this.#pendingRecords = 0
  }

  #record(value: Buffer | null, offset: number, before: (offset: number) => Position): void {
    let record: MetadataRecord
    try {
      if (value === null) throw new ProtocolError('it has no value')
      record = decodeMetadataRecord(value)
    } catch (error) {
      this.#problem(`The record at offset ${offset} cannot be read: ${(error as Error).message}`)
      return
    }
    this.#seenRecords += 1
    switch (record.record) {
      case 'beginTransactionRecord':
        this.#transaction = { records: [], before: before(offset) }
        return
      case 'endTransactionRecord':
        for (const held of this.#transaction?.records ?? []) this.#apply(held.record, held.offset)
        this.#transaction = null
        return
      case 'abortTransactionRecord':
        this.#transaction = null
        return
      default:
        if (this.#transaction === null) this.#apply(record, offset)
        else this.#transaction.records.push({ record, offset })
    }
  }

  #apply(record: MetadataRecord, offset: number): void {
    this.#pendingRecords += 1
    try {
      this.#builder.apply(record)
    } catch (error) {
      const why = (error as Error).message.replace(/^assertion failed: /, '')
      this.#problem(`The record at offset ${offset} is left out: ${why}`)
    }
  }

  #problem(text: string): void {
    this.#problems += 1
    if (this.#problems <= MAX_PROBLEMS_TOLD) this.#onProblem(text)
  }
}
