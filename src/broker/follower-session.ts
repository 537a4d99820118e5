/**
 * The follower's side of an incremental fetch session (KIP-227): each request names only what has changed since the last
 * one, so a thousand partitions at rest cost a round nothing.
 */
import type { Uuid } from '../base/uuid.ts'
import { ErrorCode } from '../protocol/error-codes.ts'
import type { FetchRequestInput, FetchResponse } from '../protocol/messages/01-fetch.ts'
import type { FollowerFetchState } from './follower-fetch.ts'

const NO_SESSION = 0
const INITIAL_EPOCH = 0
const FINAL_EPOCH = -1
const MAX_EPOCH = 2 ** 31 - 1

const SESSION_ERRORS: ReadonlySet<number> = new Set([
  ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
  ErrorCode.INVALID_FETCH_SESSION_EPOCH,
  ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR,
])

/** What of a request has to do with its session. */
export type SessionRequest = Pick<FetchRequestInput, 'sessionId' | 'sessionEpoch' | 'topics' | 'forgottenTopicsData'>

/** `accepted`: its partitions count. `renewed`: ask again at once, naming all. `refused`: an error of another kind. */
export type SessionAnswer = 'accepted' | 'renewed' | 'refused'

type Topics = NonNullable<FetchRequestInput['topics']>
type TopicPartitions = NonNullable<Topics[number]['partitions']>

export class FollowerSession {
  private readonly partitionMaxBytes: number
  private id = NO_SESSION
  private epoch = INITIAL_EPOCH
  /** Partitions the leader's session has and we no longer want. */
  private readonly forgotten = new Map<string, { readonly topicId: Uuid; readonly index: number }>()

  constructor(partitionMaxBytes: number) {
    this.partitionMaxBytes = partitionMaxBytes
  }

  /** The next request has to name every partition. */
  get isFull(): boolean {
    return this.epoch === INITIAL_EPOCH
  }

  forget(state: FollowerFetchState): void {
    if (state.sent === null) return
    state.sent = null
    if (!this.isFull) this.forgotten.set(state.key, { topicId: state.topicId, index: state.index })
  }

  /** `states`: all that are wanted when `isFull`, else those that have changed. Marks them as sent. */
  next(states: Iterable<FollowerFetchState>): SessionRequest {
    const topics = topicsOf(states, this.partitionMaxBytes)
    for (const state of states) {
      state.markSent()
      this.forgotten.delete(state.key)
    }
    const forgottenTopicsData = this.isFull ? [] : forgottenTopics(this.forgotten.values())
    this.forgotten.clear()
    return { sessionId: this.id, sessionEpoch: this.epoch, topics, forgottenTopicsData }
  }

  /** What the leader made of the request. */
  onResponse(response: FetchResponse): SessionAnswer {
    const { errorCode, sessionId } = response
    if (errorCode !== ErrorCode.NONE) {
      if (errorCode === ErrorCode.FETCH_SESSION_ID_NOT_FOUND) this.id = NO_SESSION
      this.epoch = INITIAL_EPOCH
      return SESSION_ERRORS.has(errorCode) ? 'renewed' : 'refused'
    }
    this.epoch = sessionId === NO_SESSION ? INITIAL_EPOCH : nextEpoch(this.epoch)
    this.id = sessionId
    return 'accepted'
  }

  /** The answer is lost: what the leader's session knows is not certain, so it is made anew. */
  onError(): void {
    this.epoch = INITIAL_EPOCH
  }
}

function nextEpoch(epoch: number): number {
  return epoch === MAX_EPOCH ? 1 : epoch + 1
}

/** A request outside of any session. */
export function sessionlessRequest(states: Iterable<FollowerFetchState>, partitionMaxBytes: number): SessionRequest {
  const topics = topicsOf(states, partitionMaxBytes)
  return { sessionId: NO_SESSION, sessionEpoch: FINAL_EPOCH, topics, forgottenTopicsData: [] }
}

function topicsOf(states: Iterable<FollowerFetchState>, partitionMaxBytes: number): Topics {
  const topics = new Map<Uuid, TopicPartitions[number][]>()
  for (const { topicId, index, leaderEpoch, fetchOffset, lastFetchedEpoch, partition } of states) {
    let partitions = topics.get(topicId)
    if (partitions === undefined) {
      partitions = []
      topics.set(topicId, partitions)
    }
    partitions.push({
      partition: index,
      currentLeaderEpoch: leaderEpoch,
      fetchOffset: BigInt(fetchOffset),
      lastFetchedEpoch,
      logStartOffset: BigInt(partition.log.logStartOffset),
      partitionMaxBytes,
    })
  }
  return Array.from(topics, ([topicId, partitions]) => ({ topicId, partitions }))
}

function forgottenTopics(
  forgotten: Iterable<{ readonly topicId: Uuid; readonly index: number }>,
): NonNullable<FetchRequestInput['forgottenTopicsData']> {
  const topics = new Map<Uuid, number[]>()
  for (const { topicId, index } of forgotten) {
    const partitions = topics.get(topicId)
    if (partitions === undefined) topics.set(topicId, [index])
    else partitions.push(index)
  }
  return Array.from(topics, ([topicId, partitions]) => ({ topicId, partitions }))
}
