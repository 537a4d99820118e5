/** One broker of a share consumer: its session, what was acknowledged for it, and one request at a time. */
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import { type ShareFetchResponse, shareFetch } from '../../protocol/messages/78-share-fetch.ts'
import { shareAcknowledge } from '../../protocol/messages/79-share-acknowledge.ts'
import { groupBy } from '../admin/outcome.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { type AcknowledgedPartition, Acknowledgements, acknowledgementBatches } from './acknowledgements.ts'
import { FINAL_EPOCH, ShareSession, type ShareTarget, targetKey } from './share-session.ts'

/** A second connection: a waiting fetch must not hold up heartbeats. */
const SHARE_CHANNEL = 'share'
const SESSION_ERRORS: ReadonlySet<number> = new Set([
  ErrorCode.SHARE_SESSION_NOT_FOUND,
  ErrorCode.INVALID_SHARE_SESSION_EPOCH,
])

export interface ShareFetchSettings {
  readonly groupId: string
  readonly memberId: string
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly maxPollRecords: number
}

/** What became of acknowledgements; null is well. */
export interface AcknowledgementResult {
  readonly acknowledged: AcknowledgedPartition
  readonly error: KafkaError | null
}

export type FetchedPartition = ShareFetchResponse['responses'][number]['partitions'][number] & ShareTarget

export class ShareBroker {
  readonly id: number
  readonly pending = new Acknowledgements()
  readonly #client: ClusterClient
  readonly #settings: ShareFetchSettings
  readonly #onAcknowledged: (results: readonly AcknowledgementResult[]) => void
  readonly #session = new ShareSession()
  #turn: Promise<unknown> = Promise.resolve()
  isFetching = false

  constructor(
    id: number,
    client: ClusterClient,
    settings: ShareFetchSettings,
    onAcknowledged: (results: readonly AcknowledgementResult[]) => void,
  ) {
    this.id = id
    this.#client = client
    this.#settings = settings
    this.#onAcknowledged = onAcknowledged
  }

  /** Requests of a session are answered one after the other: its epoch counts them. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }

  /** Fetches from these partitions, acknowledgements along with it. */
  fetch(wanted: readonly ShareTarget[]): Promise<FetchedPartition[]> {
    return this.#inTurn(async () => {
      const acknowledged = this.#takePending()
      const request = this.#session.next(wanted)
      const { groupId, memberId, maxWaitMs, minBytes, maxBytes, maxPollRecords } = this.#settings
      const input = {
        groupId,
        memberId,
        shareSessionEpoch: request.epoch,
        maxWaitMs,
        minBytes,
        maxBytes,
        maxRecords: maxPollRecords,
        batchSize: maxPollRecords,
        topics: byTopic(request.added, acknowledged),
        forgottenTopicsData: forgotten(request.forgotten),
      }
      const answer = await this.#sending(acknowledged, async () =>
        this.#client.sendOn(await this.#connection(), shareFetch, input, {
          timeoutMs: this.#client.options.requestTimeoutMs + maxWaitMs,
        }),
      )
      if (answer === null) return []
      const partitions = answer.responses.flatMap(({ topicId, partitions }) =>
        partitions.map((each) => ({ ...each, topicId, partition: each.partitionIndex })),
      )
      this.#report(acknowledged, (key) => partitions.find((each) => targetKey(each) === key)?.acknowledgeErrorCode)
      return partitions
    })
  }

  /** Tells the broker what was acknowledged; `final` ends the session too. */
  acknowledge(final = false): Promise<void> {
    return this.#inTurn(async () => {
      const acknowledged = this.#takePending()
      if (!this.#session.isOpen || (acknowledged.length === 0 && !final)) return
      const { groupId, memberId } = this.#settings
      const shareSessionEpoch = final ? FINAL_EPOCH : this.#session.epoch
      const topics = byTopic([], acknowledged)
      const answer = await this.#sending(acknowledged, async () =>
        this.#client.sendOn(await this.#connection(), shareAcknowledge, {
          groupId,
          memberId,
          shareSessionEpoch,
          topics,
        }),
      )
      if (answer === null) return
      const codes = new Map<string, number>()
      for (const { topicId, partitions } of answer.responses) {
        for (const { partitionIndex, errorCode } of partitions) {
          codes.set(targetKey({ topicId, partition: partitionIndex }), errorCode)
        }
      }
      this.#report(acknowledged, (key) => codes.get(key))
    })
  }

  #connection() {
    return this.#client.connection(toBroker(this.id, SHARE_CHANNEL))
  }

  /** Nothing can be acknowledged without a session: the broker has given such records to others, or soon will. */
  #takePending(): AcknowledgedPartition[] {
    const taken = this.pending.take()
    if (this.#session.isOpen || taken.length === 0) return taken
    this.#fail(taken, new KafkaError('SHARE_SESSION_NOT_FOUND'))
    return []
  }

  /** Null when the session has to begin anew. Rejects with what else went wrong. */
  async #sending<A extends { errorCode: number; errorMessage: string | null }>(
    acknowledged: readonly AcknowledgedPartition[],
    send: () => Promise<A>,
  ): Promise<A | null> {
    let answer: A
    try {
      answer = await send()
    } catch (error) {
      this.#session.reset()
      this.#fail(acknowledged, error instanceof KafkaError ? error : new KafkaError('NETWORK_EXCEPTION'))
      throw error
    }
    const { errorCode, errorMessage } = answer
    if (errorCode === ErrorCode.NONE) {
      this.#session.answered()
      return answer
    }
    const error = new KafkaError(errorName(errorCode), errorMessage ?? undefined)
    this.#session.reset()
    this.#fail(acknowledged, error)
    if (SESSION_ERRORS.has(errorCode)) return null
    throw error
  }

  #report(acknowledged: readonly AcknowledgedPartition[], codeOf: (key: string) => number | undefined): void {
    if (acknowledged.length === 0) return
    this.#onAcknowledged(
      acknowledged.map((each) => {
        // What the answer leaves out was not accepted; Kafka's own client says so with the same code.
        const code = codeOf(targetKey(each.target)) ?? ErrorCode.INVALID_RECORD_STATE
        return { acknowledged: each, error: code === ErrorCode.NONE ? null : new KafkaError(errorName(code)) }
      }),
    )
  }

  #fail(acknowledged: readonly AcknowledgedPartition[], error: KafkaError): void {
    if (acknowledged.length > 0) this.#onAcknowledged(acknowledged.map((each) => ({ acknowledged: each, error })))
  }
}

/** Partitions to be added to the session and those with acknowledgements, by topic. */
function byTopic(added: readonly ShareTarget[], acknowledged: readonly AcknowledgedPartition[]) {
  const partitions = new Map(added.map((target) => [targetKey(target), { target, batches: [] as object[] }]))
  for (const each of acknowledged) {
    partitions.set(targetKey(each.target), { target: each.target, batches: acknowledgementBatches(each) })
  }
  const groups = groupBy([...partitions.values()], ({ target }) => target.topicId)
  return [...groups].map(([topicId, group]) => ({
    topicId,
    partitions: group.map(({ target, batches }) => ({
      partitionIndex: target.partition,
      acknowledgementBatches: batches as ReturnType<typeof acknowledgementBatches>,
    })),
  }))
}

function forgotten(targets: readonly ShareTarget[]) {
  const groups = groupBy(targets, ({ topicId }) => topicId)
  return [...groups].map(([topicId, group]) => ({ topicId, partitions: group.map(({ partition }) => partition) }))
}
