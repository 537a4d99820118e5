import type { Clock } from '../base/clock.ts'
import type { CoordinatorLog, CoordinatorRecord } from '../coordinator/types.ts'
import type { Log } from '../log/types.ts'
import { decodeRecords, encodeBatch, loadCodecsFor } from '../protocol/records/record.ts'
import { AT, batchSizeAt, isControlBatch } from '../protocol/records/record-batch.ts'
import { NO_EPOCH } from './partition.ts'
import type { ReplicaManager } from './replica-manager.ts'

/** Bytes read at a time while a coordinator loads (`offsets.load.buffer.size`): Kafka's default. */
const LOAD_BUFFER_BYTES = 5 * 1024 * 1024

/** The log behind a coordinator: one topic's partitions led here. */
export class PartitionCoordinatorLog implements CoordinatorLog {
  private readonly topic: string
  private readonly replicaManager: ReplicaManager
  private readonly clock: Clock

  constructor(topic: string, replicaManager: ReplicaManager, clock: Clock) {
    this.topic = topic
    this.replicaManager = replicaManager
    this.clock = clock
  }

  append(
    index: number,
    records: readonly CoordinatorRecord[],
  ): { readonly lastOffset: number; readonly committed: Promise<void> } {
    const partition = this.replicaManager.partitionOrThrow(this.topic, index)
    const timestamp = this.clock.now()
    const batch = encodeBatch(records.map(({ key, value }) => ({ timestamp, key, value })))
    const { lastOffset } = partition.append(batch, { origin: 'coordinator' }, true)
    return { lastOffset, committed: this.replicaManager.waitUntilCommitted(partition, lastOffset + 1) }
  }

  /**
   * Ends when the last record is committed: what a new leader has above its high watermark may still be lost with it, and
   * must not be told to anybody. Throws NOT_LEADER_OR_FOLLOWER when leadership goes meanwhile.
   */
  async *read(index: number): AsyncIterable<CoordinatorRecord> {
    const partition = this.replicaManager.partitionOrThrow(this.topic, index)
    partition.checkLeader(NO_EPOCH)
    const { log } = partition
    const end = log.logEndOffset
    for (let offset = log.logStartOffset; offset < end; ) {
      const records = copyRecords(log, offset)
      if (records.length === 0) break
      await loadCodecsFor(records)
      offset = yield* recordsOf(records, offset)
      // Loading a large group must not stop everybody else.
      await new Promise<void>((resolve) => this.clock.setTimer(0, resolve))
      partition.checkLeader(NO_EPOCH)
    }
    await this.replicaManager.waitUntilCommitted(partition, end)
  }
}

/** The bytes as our own: the log takes its buffer back at once. */
function copyRecords(log: Log, offset: number): Buffer {
  const data = log.read(offset, LOAD_BUFFER_BYTES, 'log-end', true)
  try {
    return Buffer.from(data.records)
  } finally {
    data.release()
  }
}

/** Records at or after `from`; returns the offset after the last batch. */
function* recordsOf(batches: Buffer, from: number): Generator<CoordinatorRecord, number> {
  let next = from
  for (let at = 0; at < batches.length; at += batchSizeAt(batches, at)) {
    next = Number(batches.readBigInt64BE(at)) + batches.readInt32BE(at + AT.lastOffsetDelta) + 1
    if (isControlBatch(batches.readInt16BE(at + AT.attributes))) continue
    for (const { offset, key, value } of decodeRecords(batches, at)) {
      // Copies: what a group keeps of a record must not keep the whole chunk alive.
      if (offset >= from && key !== null)
        yield { key: Buffer.from(key), value: value === null ? null : Buffer.from(value) }
    }
  }
  return next
}
