/** Copies the records of a topic into another one, as they are. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { ProgressLine } from '../../cli/progress.ts'
import type { ClientOptions } from '../../client/admin-types.ts'
import { type FetchedBatch, Fetcher } from '../../client/fetcher.ts'
import { Producer, type TopicAppender } from '../../client/producer.ts'
import { openBatch } from '../../protocol/records/record.ts'
import { isLogAppendTime } from '../../protocol/records/record-batch.ts'
import { RecordCursor } from '../../protocol/records/record-cursor.ts'

const BATCH_BYTES = 256 * 1024

/**
 * Everything that was committed in `from` at the start, partition by partition in its order; keys, values, headers, nulls
 * and timestamps stay. Resolves to the number of records. Rejects with the first failure of a batch.
 */
export async function copyRecords(
  from: string,
  to: string,
  connection: ClientOptions,
  context: CommandContext,
): Promise<number> {
  const { signal } = context
  let failure: Error | null = null
  const fetcher = new Fetcher(connection, { stopAtEnd: true, isolation: 'read_committed' })
  const producer = new Producer(connection, {
    batchSizeBytes: BATCH_BYTES,
    onBatch: ({ error }) => {
      failure ??= error
    },
  })
  const cursor = new RecordCursor()
  const progress = new ProgressLine(context)
  let count = 0
  try {
    const appender = await producer.topic(to)
    await fetcher.follow(from, 'earliest')
    for (let batch = await fetcher.next(); batch !== null; batch = await fetcher.next()) {
      count += await copyBatch(batch, cursor, appender, producer)
      progress.update(() => `${count} records copied`)
      if (failure !== null) throw failure
      if (signal.aborted) throw new KtError('interrupted', 'interrupted')
    }
    await producer.flush()
    if (failure !== null) throw failure
    return count
  } finally {
    progress.clear()
    fetcher.close()
    // After a failure or an interruption nobody waits for what is left.
    await producer.close(failure !== null || signal.aborted ? 0 : undefined)
  }
}

async function copyBatch(
  { buffer, at, partition, header, firstOffset }: FetchedBatch,
  cursor: RecordCursor,
  appender: TopicAppender,
  producer: Producer,
): Promise<number> {
  const appendTime = isLogAppendTime(header.attributes)
  let count = 0
  openBatch(cursor, buffer, at)
  while (cursor.next()) {
    if (header.baseOffset + cursor.offsetDelta < firstOffset) continue
    const timestamp = appendTime ? header.maxTimestamp : header.baseTimestamp + cursor.timestampDelta
    while (!appender.append(partition, timestamp, cursor.key(), cursor.value(), cursor.headers()))
      await producer.space()
    count++
  }
  cursor.throwIfFailed()
  return count
}
