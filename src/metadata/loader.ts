/**
 * Replays what the quorum has committed and tells publishers of every new image, in order. Owner of the current image.
 *
 * Records between a BeginTransaction and its EndTransaction take effect together or, when aborted, not at all (KIP-868):
 * until the end, the image stays where it was before the begin.
 */
import type { Logger } from '../base/logger.ts'
import type { MetadataRecord } from '../protocol/metadata/index.ts'
import type { CommittedBatch, LeaderAndEpoch, RaftListener, SnapshotId } from '../raft/types.ts'
import { DeltaBuilder } from './delta.ts'
import { EMPTY_IMAGE } from './image.ts'
import { decodeMetadataRecord } from './record-serde.ts'
import type { MetadataDelta, MetadataImage, MetadataPublisher } from './types.ts'

/** Told of the bytes behind each image, to decide when a snapshot is due. */
export interface LoaderObserver {
  onLoaded(image: MetadataImage, loaded: { readonly sizeInBytes: number; readonly lastTimestamp: number }): void
  /** An image read from a snapshot: the counting starts anew. */
  onSnapshotLoaded(image: MetadataImage): void
}

interface OpenTransaction {
  /** Offset of its begin record. */
  readonly startOffset: number
  readonly records: MetadataRecord[]
}

/** Everything an image holds, as if it were new: how a publisher that comes late is brought up to date. */
function fullDelta(image: MetadataImage): MetadataDelta {
  return {
    records: [],
    changedTopics: new Set(image.topicsById.keys()),
    deletedTopics: new Map(),
    changedConfigs: new Set(image.configs.keys()),
    changedBrokers: new Set(image.brokers.keys()),
  }
}

export class MetadataLoader implements RaftListener {
  private current: MetadataImage = EMPTY_IMAGE
  private transaction: OpenTransaction | null = null
  private readonly publishers: MetadataPublisher[] = []
  private readonly logger: Logger
  private readonly observer: LoaderObserver | null

  constructor(logger: Logger, observer: LoaderObserver | null = null) {
    this.logger = logger
    this.observer = observer
  }

  /** The newest committed image. */
  get image(): MetadataImage {
    return this.current
  }

  /** Offset at which an unfinished metadata transaction began; null when there is none. */
  get transactionStartOffset(): number | null {
    return this.transaction?.startOffset ?? null
  }

  /** Registers a publisher; it is first told everything known so far, before this returns. */
  addPublisher(publisher: MetadataPublisher): void {
    this.publishers.push(publisher)
    if (this.current.offset >= 0) publisher.onMetadataUpdate(fullDelta(this.current), this.current)
  }

  removePublisher(publisher: MetadataPublisher): void {
    const at = this.publishers.indexOf(publisher)
    if (at >= 0) this.publishers.splice(at, 1)
  }

  onSnapshot(id: SnapshotId, batches: Iterable<CommittedBatch>): void {
    const builder = new DeltaBuilder(EMPTY_IMAGE)
    for (const batch of batches) for (const value of batch.values) builder.apply(decodeMetadataRecord(value))
    const before = this.current
    const { image } = builder.build(id.endOffset - 1, id.epoch)
    this.current = image
    this.transaction = null
    const deletedTopics = new Map([...before.topicsById].filter(([topicId]) => !image.topicsById.has(topicId)))
    this.publish({ ...fullDelta(image), deletedTopics })
    this.observer?.onSnapshotLoaded(image)
  }

  onCommit(batches: readonly CommittedBatch[]): void {
    const builder = new DeltaBuilder(this.current)
    let sizeInBytes = 0
    for (const batch of batches) {
      sizeInBytes += batch.sizeInBytes
      this.replayBatch(builder, batch)
    }
    const last = batches.at(-1)!
    const offset = this.transaction === null ? last.lastOffset : this.transaction.startOffset - 1
    const { image, delta } = builder.build(offset, last.epoch)
    this.current = image
    this.publish(delta)
    this.observer?.onLoaded(image, { sizeInBytes, lastTimestamp: last.appendTimestamp })
  }

  onLeaderChange(leader: LeaderAndEpoch): void {
    const { leaderId, epoch } = leader
    this.logger.info(
      leaderId === null ? `no metadata leader in epoch ${epoch}` : `node ${leaderId} leads epoch ${epoch}`,
    )
  }

  private replayBatch(builder: DeltaBuilder, batch: CommittedBatch): void {
    let offset = batch.baseOffset
    for (const value of batch.values) this.replay(builder, decodeMetadataRecord(value), offset++)
  }

  private replay(builder: DeltaBuilder, record: MetadataRecord, offset: number): void {
    switch (record.record) {
      case 'beginTransactionRecord':
        this.transaction = { startOffset: offset, records: [] }
        return
      case 'endTransactionRecord':
        for (const held of this.transaction?.records ?? []) builder.apply(held)
        this.transaction = null
        return
      case 'abortTransactionRecord':
        this.transaction = null
        return
      default:
        if (this.transaction === null) builder.apply(record)
        else this.transaction.records.push(record)
    }
  }

  private publish(delta: MetadataDelta): void {
    for (const publisher of this.publishers) {
      try {
        publisher.onMetadataUpdate(delta, this.current)
      } catch (error) {
        // One subject that cannot follow must not keep the others from the news.
        this.logger.error(`publisher ${publisher.name} failed at offset ${this.current.offset}`, error)
      }
    }
  }
}
