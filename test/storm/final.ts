/** What is in the cluster: every record of the storm's topics, and what its groups have committed. */
import { createAdmin } from '../../src/client/admin.ts'
import { Fetcher } from '../../src/client/fetcher.ts'
import { forEachRecord, loadCodecsFor } from '../../src/protocol/records/record.ts'
import { type PartitionKey, partitionKey } from './ledger.ts'
import type { FinalLog } from './verify.ts'
import type { Surroundings } from './writers.ts'

const WATCH_MS = 1_000

/** Every partition from its beginning to its high watermark. */
export async function readFinalLogs({ bootstrapServers, topics }: Surroundings): Promise<Map<PartitionKey, FinalLog>> {
  const logs = new Map<PartitionKey, { offset: number; value: string }[]>()
  const fetcher = new Fetcher({ bootstrapServers: bootstrapServers.split(',') }, { stopAtEnd: true, reset: 'none' })
  const targets = topics.flatMap(({ name: topic, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition, start: { offset: 0 } })),
  )
  for (const { topic, partition } of targets) logs.set(partitionKey(topic, partition), [])
  await fetcher.assign(targets)
  for await (const { topic, partition, buffer, at, header, firstOffset } of fetcher) {
    await loadCodecsFor(buffer.subarray(at, at + header.sizeInBytes))
    const log = logs.get(partitionKey(topic, partition))!
    forEachRecord(buffer, at, (record, offset) => {
      if (offset >= firstOffset) log.push({ offset, value: record.value()?.toString() ?? '' })
    })
  }
  return logs
}

/** What a group has committed, as its coordinator tells it; empty when it cannot be told. */
export async function committedOffsets(
  { bootstrapServers }: Surroundings,
  group: string,
): Promise<Map<PartitionKey, number>> {
  const admin = createAdmin({
    bootstrapServers: bootstrapServers.split(','),
    requestTimeoutMs: 2_000,
    apiTimeoutMs: 3_000,
  })
  try {
    const found = (await admin.listGroupOffsets([group])).get(group)
    if (found?.ok !== true) return new Map()
    return new Map(found.value.map(({ topic, partition, offset }) => [partitionKey(topic, partition), offset]))
  } catch {
    return new Map()
  } finally {
    await admin.close()
  }
}

/** Looks at what the groups have committed now and then, until it is told to stop. */
export function watchCommits(around: Surroundings, groups: readonly string[]): { stop(): Promise<void> } {
  let over = false
  const watch = async (): Promise<void> => {
    while (!over) {
      for (const group of groups) {
        for (const [partition, offset] of await committedOffsets(around, group)) {
          around.ledger.committed(group, partition, offset)
        }
      }
      await new Promise((resolve) => setTimeout(resolve, WATCH_MS))
    }
  }
  const running = watch()
  return {
    stop() {
      over = true
      return running
    },
  }
}
