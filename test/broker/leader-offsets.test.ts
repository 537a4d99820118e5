import { describe, expect, it } from 'vitest'
import { leaderLogs } from '../../src/broker/leader-offsets.ts'
import { ErrorCode, KafkaError } from '../../src/protocol/error-codes.ts'
import type { ListOffsetsRequestInput } from '../../src/protocol/messages/02-list-offsets.ts'
import type { PeerChannel } from '../../src/protocol/peers.ts'
import { followedPartition } from '../support/followed-partition.ts'

const [EARLIEST, LATEST] = [-2n, -1n] as [bigint, bigint]

type Answer = (topic: string, partition: number, timestamp: bigint) => { errorCode: number; offset: bigint } | null

/** A leader that answers ListOffsets, and what it was asked. */
function leader(answer: Answer) {
  const asked: ListOffsetsRequestInput[] = []
  const send = async (_api: unknown, _version: number, request: ListOffsetsRequestInput) => {
    asked.push(request)
    const topics = request.topics!.map(({ name, partitions }) => ({
      name,
      partitions: partitions!.flatMap(({ partitionIndex, timestamp }) => {
        const found = answer(name!, partitionIndex!, timestamp!)
        return found === null ? [] : [{ partitionIndex, ...found }]
      }),
    }))
    return { topics }
  }
  return { asked, channel: { send } as unknown as PeerChannel }
}

const states = () =>
  [followedPartition('a', 0), followedPartition('a', 1), followedPartition('b', 0)].map((each) => each.state)

describe('the logs of a leader', () => {
  it('are asked for all at once: where they end, then where they start', async () => {
    const { asked, channel } = leader((_topic, partition, timestamp) => ({
      errorCode: 0,
      offset: timestamp === LATEST ? 100n + BigInt(partition) : 10n,
    }))
    const wanted = states()
    const logs = await leaderLogs(channel, 2, wanted, 1_000)
    expect(wanted.map((state) => logs.get(state))).toEqual([
      { errorCode: 0, startOffset: 10, endOffset: 100 },
      { errorCode: 0, startOffset: 10, endOffset: 101 },
      { errorCode: 0, startOffset: 10, endOffset: 100 },
    ])
    expect(asked.map(({ topics }) => topics![0]!.partitions![0]!.timestamp)).toEqual([LATEST, EARLIEST])
    const [{ replicaId, topics }] = asked as [ListOffsetsRequestInput]
    expect([replicaId, topics!.map(({ name, partitions }) => `${name}:${partitions!.length}`)]).toEqual([
      2,
      ['a:2', 'b:1'],
    ])
    // A leader of another epoch is to refuse.
    expect(topics![0]!.partitions![0]!.currentLeaderEpoch).toBe(4)
  })

  it('are told with the error of each', async () => {
    const { channel } = leader((topic, partition, timestamp) => {
      if (topic === 'b') return null
      const failsAt = partition === 0 ? LATEST : EARLIEST
      const errorCode = timestamp === failsAt ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.NONE
      return { errorCode, offset: 5n }
    })
    const wanted = states()
    const logs = await leaderLogs(channel, 2, wanted, 1_000)
    expect(wanted.map((state) => logs.get(state)?.errorCode)).toEqual([
      ErrorCode.FENCED_LEADER_EPOCH,
      ErrorCode.FENCED_LEADER_EPOCH,
      undefined,
    ])
  })

  it('cannot be had of a leader that is away', async () => {
    const send = () => Promise.reject(new KafkaError('NETWORK_EXCEPTION'))
    await expect(leaderLogs({ send } as unknown as PeerChannel, 2, states(), 1_000)).rejects.toThrow(KafkaError)
  })
})
