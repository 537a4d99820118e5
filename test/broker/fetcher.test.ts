/** What a follower's fetch tells its leader, and what it does not. Consumers: `handlers/01-fetch.test.ts`. */
import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { fetch } from '../../src/protocol/messages/01-fetch.ts'
import { BrokerCluster } from '../support/broker-cluster.ts'
import { batchOf } from '../support/raw-client.ts'

const append = { origin: 'client', requestVersion: 9 } as const

/** Broker 1 leads `t`, of which 2 is a follower that fetches only as the test says. */
async function led(records = 3): Promise<BrokerCluster> {
  const cluster = await BrokerCluster.start({ brokers: 2 })
  cluster.createTopic('t', [[1, 2]])
  await cluster.settle()
  for (let at = 0; at < records; at++) cluster.partition(1).append(batchOf([`r${at}`]), append, false)
  await cluster.clock.advance(1_000)
  cluster.network.disconnect(1, 2)
  return cluster
}

interface Ask {
  readonly from?: number
  readonly fetchOffset: number
  readonly epoch?: number
  readonly lastFetchedEpoch?: number
  readonly brokerEpoch?: number
  readonly logStartOffset?: number
  readonly maxWaitMs?: number
  readonly minBytes?: number
}

function ask(cluster: BrokerCluster, options: Ask) {
  const { from = 2, fetchOffset, epoch = 0, lastFetchedEpoch = -1, logStartOffset = 0 } = options
  const channel = cluster.network.peers(77).open({ host: 'memory', port: 1 }, 'follower')
  const partition = { partition: 0, fetchOffset: BigInt(fetchOffset), currentLeaderEpoch: epoch }
  const place = { lastFetchedEpoch, logStartOffset: BigInt(logStartOffset), partitionMaxBytes: 1_000 }
  const request = {
    replicaState: { replicaId: from, replicaEpoch: BigInt(options.brokerEpoch ?? -1) },
    ...{ maxWaitMs: options.maxWaitMs ?? 0, minBytes: options.minBytes ?? 1, maxBytes: 1_000 },
    topics: [{ topicId: cluster.partition(1).topicId, partitions: [{ ...partition, ...place }] }],
  }
  return channel.send(fetch, 18, request, 60_000).then(({ responses }) => responses[0]!.partitions[0]!)
}

const follower = (cluster: BrokerCluster) => cluster.partition(1).leaderState!.follower(2)!

describe('a follower’s fetch', () => {
  it('reads to the log end, and tells where it is and where it starts', async () => {
    await using cluster = await led()
    cluster.partition(1).append(batchOf(['d']), append, false)
    const answer = await ask(cluster, { fetchOffset: 3, logStartOffset: 2 })
    expect([answer.errorCode, answer.highWatermark, answer.records!.length > 0]).toEqual([0, 3n, true])
    expect([follower(cluster).logEndOffset, follower(cluster).logStartOffset]).toEqual([3, 2])
    await ask(cluster, { fetchOffset: 4 })
    expect(cluster.partition(1).highWatermark).toBe(4)
  })

  it('from outside of the log is no place it has reached', async () => {
    await using cluster = await led()
    cluster.partition(1).append(batchOf(['d']), append, false)
    const { errorCode } = await ask(cluster, { fetchOffset: 9 })
    expect([errorCode, follower(cluster).logEndOffset, cluster.partition(1).highWatermark]).toEqual([
      ErrorCode.OFFSET_OUT_OF_RANGE,
      3,
      3,
    ])
    cluster.partition(1).deleteRecordsBefore(2)
    expect((await ask(cluster, { fetchOffset: 1 })).errorCode).toBe(ErrorCode.OFFSET_OUT_OF_RANGE)
    expect(follower(cluster).logEndOffset).toBe(3)
  })

  it('of another history is told where it parted, and proves nothing', async () => {
    await using cluster = await led()
    cluster.elect(1)
    cluster.partition(1).append(batchOf(['d', 'e']), append, false)
    const { divergingEpoch, records } = await ask(cluster, { fetchOffset: 5, epoch: 1, lastFetchedEpoch: 0 })
    expect([divergingEpoch, records?.length ?? 0]).toEqual([{ epoch: 0, endOffset: 3n }, 0])
    expect([follower(cluster).hasFetched, cluster.partition(1).highWatermark]).toEqual([false, 3])
    expect((await ask(cluster, { fetchOffset: 5, epoch: 1, lastFetchedEpoch: 1 })).errorCode).toBe(0)
    expect(cluster.partition(1).highWatermark).toBe(5)
  })

  it.each([
    ['of an earlier epoch', { epoch: -5 }, 'FENCED_LEADER_EPOCH'],
    ['of an epoch that is not known yet', { epoch: 9 }, 'UNKNOWN_LEADER_EPOCH'],
    ['of a broker that is no replica', { from: 7 }, 'UNKNOWN_LEADER_EPOCH'],
    ['of a process that was replaced', { brokerEpoch: 1 }, 'NOT_LEADER_OR_FOLLOWER'],
  ] as const)('%s is refused and proves nothing', async (_which, wrong, error) => {
    await using cluster = await led()
    cluster.elect(1)
    const epoch = (wrong as { epoch?: number }).epoch === -5 ? 0 : ((wrong as { epoch?: number }).epoch ?? 1)
    const { errorCode } = await ask(cluster, { fetchOffset: 3, ...wrong, epoch })
    expect([errorCode, follower(cluster).hasFetched]).toEqual([ErrorCode[error], false])
  })

  it('waits for records, and not for the high watermark that its own waiting moves', async () => {
    await using cluster = await led()
    let answered: number | null = null
    const asked = ask(cluster, { fetchOffset: 3, maxWaitMs: 500 }).then(({ records }) => {
      answered = records?.length ?? 0
    })
    await cluster.clock.advance(100)
    expect(answered).toBeNull()
    cluster.partition(1).append(batchOf(['d']), append, false)
    await asked
    expect(answered).toBeGreaterThan(0)
  })

  it('is answered when its time is over, and when another leads', async () => {
    await using cluster = await led()
    const patient = ask(cluster, { fetchOffset: 3, maxWaitMs: 500 })
    await cluster.settle()
    await cluster.clock.advance(500)
    expect((await patient).errorCode).toBe(0)
    const left = ask(cluster, { fetchOffset: 3, maxWaitMs: 500_000 })
    await cluster.settle()
    cluster.elect(2)
    expect((await left).errorCode).toBe(ErrorCode.FENCED_LEADER_EPOCH)
  })
})
