/** Where a leader's logs start and end, for followers that have lost their place (ListOffsets by replica id). */
import { ErrorCode } from '../protocol/error-codes.ts'
import { type ListOffsetsRequestInput, listOffsets } from '../protocol/messages/02-list-offsets.ts'
import type { PeerChannel } from '../protocol/peers.ts'
import type { FollowerFetchState } from './follower-fetch.ts'

const LIST_OFFSETS_VERSION = 9
const LATEST = -1n
const EARLIEST = -2n

export interface LeaderLog {
  readonly errorCode: number
  readonly startOffset: number
  readonly endOffset: number
}

type Topics = NonNullable<ListOffsetsRequestInput['topics']>
type TopicPartitions = NonNullable<Topics[number]['partitions']>

interface FoundOffset {
  readonly errorCode: number
  readonly offset: number
}

/** Rejects as the channel does. A partition the leader does not answer for is missing in the result. */
export async function leaderLogs(
  channel: PeerChannel,
  replicaId: number,
  states: readonly FollowerFetchState[],
  timeoutMs: number,
): Promise<Map<FollowerFetchState, LeaderLog>> {
  // The end first: a start that is asked for later can only be further on, never past an end that is asked for later.
  const ends = await offsets(channel, replicaId, states, LATEST, timeoutMs)
  const starts = await offsets(channel, replicaId, states, EARLIEST, timeoutMs)
  const logs = new Map<FollowerFetchState, LeaderLog>()
  for (const state of states) {
    const end = ends.get(state.partition.name)
    const start = starts.get(state.partition.name)
    if (end === undefined || start === undefined) continue
    const errorCode = end.errorCode !== ErrorCode.NONE ? end.errorCode : start.errorCode
    logs.set(state, { errorCode, startOffset: start.offset, endOffset: end.offset })
  }
  return logs
}

async function offsets(
  channel: PeerChannel,
  replicaId: number,
  states: readonly FollowerFetchState[],
  timestamp: bigint,
  timeoutMs: number,
): Promise<Map<string, FoundOffset>> {
  const topics = new Map<string, TopicPartitions[number][]>()
  for (const { partition, leaderEpoch } of states) {
    const partitions = topics.get(partition.topic) ?? []
    topics.set(partition.topic, partitions)
    partitions.push({ partitionIndex: partition.index, currentLeaderEpoch: leaderEpoch, timestamp })
  }
  const request = { replicaId, topics: Array.from(topics, ([name, partitions]) => ({ name, partitions })) }
  const response = await channel.send(listOffsets, LIST_OFFSETS_VERSION, request, timeoutMs)
  const found = new Map<string, FoundOffset>()
  for (const { name, partitions } of response.topics) {
    for (const { partitionIndex, errorCode, offset } of partitions) {
      found.set(`${name}-${partitionIndex}`, { errorCode, offset: Number(offset) })
    }
  }
  return found
}
