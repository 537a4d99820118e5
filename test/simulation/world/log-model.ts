/** What the logs on one node's disk hold, followed write by write: the truth against which the node's words are checked. */
import { AT, BATCH_HEADER_BYTES, batchSizeAt, MAGIC_V2 } from '../../../src/protocol/records/record-batch.ts'
import type { DiskFile } from '../engine/disk-node.ts'
import type { DiskWatcher, SimDisk } from '../engine/sim-disk.ts'

export interface LoggedBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly epoch: number
  /** Checksum of everything but offset and epoch: the batch's identity. */
  readonly crc: number
  readonly position: number
  readonly size: number
}

export interface LogListener {
  /** `bytes` are the batch on the disk, valid during the call. `previous`: the batch before it in this log. */
  onAppend(nodeId: number, partition: string, batch: LoggedBatch, previous: LoggedBatch | null, bytes: Buffer): void
}

const SEGMENT = /^\/data\/([^/]+)\/(\d{20})\.log$/
const REMOVED_DIRECTORY = /^\/data\/([^/]+)$/

class SegmentModel {
  readonly baseOffset: number
  readonly batches: LoggedBatch[] = []
  parsedTo = 0

  constructor(baseOffset: number) {
    this.baseOffset = baseOffset
  }

  cutAt(size: number): void {
    while (this.batches.length > 0 && this.batches.at(-1)!.position + this.batches.at(-1)!.size > size)
      this.batches.pop()
    const last = this.batches.at(-1)
    this.parsedTo = last === undefined ? 0 : last.position + last.size
  }
}

/** One partition's log. */
export class LogModel {
  /** By base offset, in order. */
  private segments: SegmentModel[] = []

  segment(baseOffset: number): SegmentModel {
    const found = this.segments.find((segment) => segment.baseOffset === baseOffset)
    if (found !== undefined) return found
    const made = new SegmentModel(baseOffset)
    this.segments.push(made)
    this.segments.sort((a, b) => a.baseOffset - b.baseOffset)
    return made
  }

  drop(baseOffset: number): void {
    this.segments = this.segments.filter((segment) => segment.baseOffset !== baseOffset)
  }

  get startOffset(): number {
    return this.segments[0]?.baseOffset ?? 0
  }

  /** Offset after the last batch. */
  get endOffset(): number {
    for (let i = this.segments.length - 1; i >= 0; i--) {
      const { batches, baseOffset } = this.segments[i]!
      if (batches.length > 0) return batches.at(-1)!.lastOffset + 1
      if (i === 0) return baseOffset
    }
    return 0
  }

  /** The batch that holds `offset`; null when it is not there. */
  at(offset: number): LoggedBatch | null {
    for (let i = this.segments.length - 1; i >= 0; i--) {
      const segment = this.segments[i]!
      if (segment.baseOffset > offset) continue
      return find(segment.batches, offset)
    }
    return null
  }

  /** The last batch that begins before `segment`. */
  lastBefore(segment: SegmentModel): LoggedBatch | null {
    const index = this.segments.indexOf(segment)
    for (let i = index - 1; i >= 0; i--) {
      const last = this.segments[i]!.batches.at(-1)
      if (last !== undefined) return last
    }
    return null
  }

  *batches(): Generator<LoggedBatch> {
    for (const segment of this.segments) yield* segment.batches
  }
}

function find(batches: readonly LoggedBatch[], offset: number): LoggedBatch | null {
  let low = 0
  let high = batches.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const batch = batches[middle]!
    if (batch.lastOffset < offset) low = middle + 1
    else if (batch.baseOffset > offset) high = middle - 1
    else return batch
  }
  return null
}

/** All logs of one node. */
export class NodeLogs implements DiskWatcher {
  readonly nodeId: number
  private readonly disk: SimDisk
  private readonly listener: LogListener
  private readonly logs = new Map<string, LogModel>()
  /** Looking again is not an append. */
  private rereading = false

  constructor(nodeId: number, disk: SimDisk, listener: LogListener) {
    this.nodeId = nodeId
    this.disk = disk
    this.listener = listener
  }

  /** `orders-0`; null when there is no such log. */
  get(partition: string): LogModel | null {
    return this.logs.get(partition) ?? null
  }

  get partitions(): string[] {
    return [...this.logs.keys()].sort()
  }

  onCreate(path: string): void {
    const match = SEGMENT.exec(path)
    if (match !== null) this.log(match[1]!).segment(Number(match[2]))
  }

  onWrite(path: string, file: DiskFile, position: number): void {
    const match = SEGMENT.exec(path)
    if (match === null) return
    const segment = this.log(match[1]!).segment(Number(match[2]))
    if (position < segment.parsedTo) segment.cutAt(position)
    this.parse(match[1]!, segment, file)
  }

  onTruncate(path: string, _file: DiskFile, size: number): void {
    const match = SEGMENT.exec(path)
    if (match !== null) this.log(match[1]!).segment(Number(match[2])).cutAt(size)
  }

  onRemove(path: string): void {
    const match = SEGMENT.exec(path)
    if (match !== null) this.logs.get(match[1]!)?.drop(Number(match[2]))
    const directory = REMOVED_DIRECTORY.exec(path)
    if (directory !== null) this.logs.delete(directory[1]!)
  }

  /** A segment or a whole partition goes out of use; or one comes into use, by a name it did not have. */
  onRename(from: string, to: string): void {
    this.onRemove(from)
    const match = SEGMENT.exec(to)
    if (match === null) return
    this.log(match[1]!).drop(Number(match[2]))
    this.parse(match[1]!, this.log(match[1]!).segment(Number(match[2])), this.disk.file(to, 'look'))
  }

  /** What is left is read anew. */
  onPowerFailure(): void {
    this.logs.clear()
    this.rereading = true
    for (const { path, file } of this.disk.files()) {
      const match = SEGMENT.exec(path)
      if (match !== null) this.parse(match[1]!, this.log(match[1]!).segment(Number(match[2])), file)
    }
    this.rereading = false
  }

  private log(partition: string): LogModel {
    let log = this.logs.get(partition)
    if (log === undefined) {
      log = new LogModel()
      this.logs.set(partition, log)
    }
    return log
  }

  /** Whole batches behind what is known already; half of one is waited for. */
  private parse(partition: string, segment: SegmentModel, file: DiskFile): void {
    const content = file.view()
    while (segment.parsedTo + BATCH_HEADER_BYTES <= content.length) {
      const at = segment.parsedTo
      const size = batchSizeAt(content, at)
      if (content[at + AT.magic] !== MAGIC_V2 || size < BATCH_HEADER_BYTES || at + size > content.length) return
      const baseOffset = Number(content.readBigInt64BE(at))
      const batch: LoggedBatch = {
        baseOffset,
        lastOffset: baseOffset + content.readInt32BE(at + AT.lastOffsetDelta),
        epoch: content.readInt32BE(at + AT.partitionLeaderEpoch),
        crc: content.readUInt32BE(at + AT.crc),
        position: at,
        size,
      }
      const previous = segment.batches.at(-1) ?? this.log(partition).lastBefore(segment)
      segment.batches.push(batch)
      segment.parsedTo = at + size
      if (this.rereading) continue
      this.listener.onAppend(this.nodeId, partition, batch, previous, content.subarray(at, at + size))
    }
  }
}
