/**
 * Decides when a snapshot of the image is due (KIP-630) and writes it, a batch at a time between other work, so that a
 * large image does not hold up a request. Owner of the count of bytes since the last snapshot.
 */
import type { Clock, Timer } from '../base/clock.ts'
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'
import { snapshotBatches, snapshotName, WholeFile } from '../raft/snapshot-files.ts'
import type { SnapshotId } from '../raft/types.ts'
import type { VoterSet } from '../raft/voters.ts'
import { imageRecords } from './image-records.ts'
import type { LoaderObserver } from './loader.ts'
import { encodeMetadataRecord } from './record-serde.ts'
import type { MetadataImage } from './types.ts'

export interface SnapshotOptions {
  readonly files: FileSystem
  readonly clock: Clock
  readonly logger: Logger
  /** Directory of the metadata log. */
  readonly directory: string
  /** metadata.log.max.record.bytes.between.snapshots */
  readonly maxBytesBetween: number
  /** metadata.log.max.snapshot.interval.ms, 0 for never by time. */
  readonly maxIntervalMs: number
  /** Quorum configuration to put at the head of a snapshot that ends at `endOffset`. */
  readonly quorum: (endOffset: number) => { readonly kraftVersion: number; readonly voters: VoterSet }
  /** Runs after a snapshot is on disk: old ones may go. */
  readonly afterSnapshot: (id: SnapshotId) => void
}

interface Running {
  readonly id: SnapshotId
  readonly file: WholeFile
  readonly batches: Generator<Buffer>
}

export class SnapshotGenerator implements LoaderObserver {
  private readonly options: SnapshotOptions
  private bytesSinceLast = 0
  private lastSnapshotMs: number
  private running: Running | null = null
  private timer: Timer | null = null

  constructor(options: SnapshotOptions) {
    this.options = options
    this.lastSnapshotMs = options.clock.monotonic()
  }

  onSnapshotLoaded(): void {
    // What is being written was overtaken by what came from the leader.
    this.close()
    this.startCounting()
  }

  onLoaded(image: MetadataImage, loaded: { sizeInBytes: number; lastTimestamp: number }): void {
    this.bytesSinceLast += loaded.sizeInBytes
    const reason = this.dueReason()
    if (reason !== null) this.begin(image, loaded.lastTimestamp, reason)
  }

  /** Writes a snapshot of `image` now, whole; used at shutdown and by tests. */
  writeNow(image: MetadataImage, lastTimestamp: number): SnapshotId {
    this.begin(image, lastTimestamp, 'it was asked for')
    const { id } = this.running!
    this.timer?.cancel()
    while (this.running !== null) this.writeSome()
    return id
  }

  close(): void {
    this.timer?.cancel()
    this.running?.file.abandon()
    this.running = null
  }

  private startCounting(): void {
    this.bytesSinceLast = 0
    this.lastSnapshotMs = this.options.clock.monotonic()
  }

  private dueReason(): string | null {
    const { maxBytesBetween, maxIntervalMs, clock } = this.options
    if (this.running !== null || this.bytesSinceLast === 0) return null
    if (this.bytesSinceLast >= maxBytesBetween) return `${this.bytesSinceLast} bytes were replayed since the last one`
    const elapsedMs = clock.monotonic() - this.lastSnapshotMs
    return maxIntervalMs > 0 && elapsedMs >= maxIntervalMs ? `the last one is ${Math.round(elapsedMs)} ms old` : null
  }

  private begin(image: MetadataImage, lastTimestamp: number, reason: string): void {
    const { files, clock, directory, logger, quorum } = this.options
    const id = { endOffset: image.offset + 1, epoch: image.epoch }
    logger.info(`writing metadata snapshot ${snapshotName(id)} because ${reason}`)
    const values = encodeAll(image)
    const content = { lastContainedLogTimestamp: lastTimestamp, ...quorum(id.endOffset), values, nowMs: clock.now() }
    const file = new WholeFile(files, directory, snapshotName(id))
    this.running = { id, file, batches: snapshotBatches(id, content) }
    this.startCounting()
    this.later()
  }

  private later(): void {
    this.timer = this.options.clock.setTimer(0, () => this.writeSome(), { background: true })
  }

  /** One batch, then others get their turn. A disk that refuses costs the snapshot, not the node. */
  private writeSome(): void {
    const { running } = this
    if (running === null) return
    try {
      const next = running.batches.next()
      if (next.done !== true) {
        running.file.append(next.value)
        this.later()
        return
      }
      running.file.finish()
      this.running = null
      this.options.afterSnapshot(running.id)
    } catch (error) {
      this.running = null
      this.options.logger.error(`metadata snapshot ${snapshotName(running.id)} could not be written`, error)
    }
  }
}

function* encodeAll(image: MetadataImage): Generator<Buffer> {
  for (const record of imageRecords(image)) yield encodeMetadataRecord(record)
}
