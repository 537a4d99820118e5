/** Three brokers, their fetchers and their leaders at work together. */
import { describe, expect, it } from 'vitest'
import type { Partition } from '../../src/broker/partition.ts'
import { BrokerCluster } from '../support/broker-cluster.ts'
import { batchOf } from '../support/raw-client.ts'

const append = { origin: 'client', requestVersion: 9 } as const

function ends(cluster: BrokerCluster, ids: readonly number[] = [1, 2, 3], topic = 't'): number[] {
  return ids.map((id) => cluster.partition(id, topic).log.logEndOffset)
}

function bytesOf({ log }: Partition, upTo = log.logEndOffset): Buffer {
  const parts: Buffer[] = []
  for (let offset = log.logStartOffset; offset < upTo; ) {
    const data = log.read(offset, 1 << 20, 'log-end', true)
    parts.push(Buffer.from(data.records))
    data.release()
    const last = parts.at(-1)!
    if (last.length === 0) break
    offset = upTo
  }
  return Buffer.concat(parts)
}

describe('replication', () => {
  it('brings what the leader has to its followers, and the high watermark with the next fetch', async () => {
    await using cluster = await BrokerCluster.start()
    cluster.createTopic('t', [[1, 2, 3]])
    await cluster.settle()
    cluster.partition(1).append(batchOf(['a', 'b']), append, true)
    expect(cluster.partition(1).highWatermark).toBe(0)
    await cluster.settle()
    expect(ends(cluster)).toEqual([2, 2, 2])
    expect(cluster.partition(1).highWatermark).toBe(2)
    // The followers hear of it with the answer to their next fetch.
    await cluster.clock.advance(500)
    expect([2, 3].map((id) => cluster.partition(id).highWatermark)).toEqual([2, 2])
    expect(bytesOf(cluster.partition(2))).toEqual(bytesOf(cluster.partition(1)))
  })
})
