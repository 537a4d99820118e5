/** Records of a lesson's topics: written for a preparation, read back by a check. */
import type { Clock } from '../../base/clock.ts'
import { KtError } from '../../base/errors.ts'
import type { ClientOptions } from '../../client/admin-types.ts'
import { isControlBatch } from '../../protocol/records/record-batch.ts'

/** A record as a check sees it. */
export interface RecordFact {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  /** Decoded as UTF-8; null where there is none. */
  readonly key: string | null
  readonly value: string | null
  /** Of the batch that it was written in. */
  readonly batch?: BatchFact
}

/** A batch: what a producer sends and a leader appends as one piece. */
export interface BatchFact {
  readonly baseOffset: number
  /** Of the leader that took it. */
  readonly leaderEpoch: number
}

/** Whether what transactions aborted, or have not committed yet, is read, too. */
export type Isolation = 'read_uncommitted' | 'read_committed'

/** A record of a preparation. */
export interface StageRecord {
  readonly key?: string
  readonly value: string
  readonly partition?: number
}

/** A lesson's topic holds a few dozen records; more than this is somebody's own experiment, and its beginning is enough. */
export const MAX_RECORDS = 10_000

/** How long reading may take before the check says that it failed: a leader may just have died. */
const READ_PATIENCE_MS = 5_000

/** The records of these partitions in their order, at most `MAX_RECORDS`. Rejects when they cannot be read in time. */
export async function readRecords(
  connection: ClientOptions,
  topic: string,
  partitions: readonly number[],
  clock: Clock,
  isolation: Isolation = 'read_uncommitted',
): Promise<RecordFact[]> {
  if (partitions.length === 0) return []
  const { Fetcher } = await import('../../client/fetcher.ts')
  const { decodeRecords } = await import('../../protocol/records/record.ts')
  const fetcher = new Fetcher(connection, { stopAtEnd: true, isolation })
  let late = false
  const timer = clock.setTimer(READ_PATIENCE_MS, () => {
    late = true
    fetcher.close()
  })
  const records: RecordFact[] = []
  try {
    await fetcher.assign(partitions.map((partition) => ({ topic, partition, start: 'earliest' })))
    for await (const { partition, buffer, at, firstOffset, header } of fetcher) {
      if (isControlBatch(header.attributes)) continue
      const batch = { baseOffset: header.baseOffset, leaderEpoch: header.partitionLeaderEpoch }
      for (const { offset, timestamp, key, value } of decodeRecords(buffer, at)) {
        if (offset < firstOffset) continue
        records.push({ partition, offset, timestamp, key: text(key), value: text(value), batch })
      }
      if (records.length >= MAX_RECORDS) break
    }
  } finally {
    timer.cancel()
    fetcher.close()
  }
  if (late)
    throw new KtError('timeout', `The records of ${topic} could not be read within ${READ_PATIENCE_MS / 1000} s`)
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('utf8')
}

/** Appends records with acks=all; rejects when one of them was not taken. */
export async function writeRecords(
  connection: ClientOptions,
  topic: string,
  records: readonly StageRecord[],
): Promise<void> {
  const { Producer } = await import('../../client/producer.ts')
  const producer = new Producer(connection, { acks: 'all', lingerMs: 0 })
  try {
    const sent = records.map(({ key, value, partition }) =>
      producer.send({
        topic,
        key: key === undefined ? null : Buffer.from(key),
        value: Buffer.from(value),
        ...(partition === undefined ? {} : { partition }),
      }),
    )
    await Promise.all(sent)
  } finally {
    await producer.close()
  }
}
