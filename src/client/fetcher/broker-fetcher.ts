/** Fetches from one broker, one request after the other, for as long as it leads partitions that are read. */
import { ZERO_UUID } from '../../base/uuid.ts'
import { ErrorCode, errorName, KafkaError } from '../../protocol/error-codes.ts'
import { type FetchResponse, fetch } from '../../protocol/messages/01-fetch.ts'
import { groupBy } from '../admin/outcome.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import type { FetchPosition } from './fetch-partition.ts'
import { FetchSession } from './fetch-session.ts'
import type { ResolvedFetcherOptions } from './options.ts'

/** The newest Fetch version that names topics; later ones carry their id. */
const LAST_WITH_NAMES = 12
/** First version with sessions (KIP-227); before it `forgottenTopicsData` does not exist. */
const SESSIONS_FROM = 7
/** A second connection: a waiting fetch must not hold up metadata. */
export const FETCH_CHANNEL = 'fetch'

export class BrokerFetcher {
  readonly brokerId: number
  private readonly client: ClusterClient
  private readonly options: ResolvedFetcherOptions
  private readonly session = new FetchSession()

  constructor(brokerId: number, client: ClusterClient, options: ResolvedFetcherOptions) {
    this.brokerId = brokerId
    this.client = client
    this.options = options
  }

  /** One fetch. The answer's partitions carry topic names; null when the session had to start again. */
  async fetch(wanted: readonly FetchPosition[]): Promise<FetchResponse | null> {
    const connection = await this.client.connection(toBroker(this.brokerId, FETCH_CHANNEL))
    const haveIds = wanted.every(({ topicId }) => topicId !== ZERO_UUID)
    const request = this.session.next(wanted)
    const { maxWaitMs, minBytes, maxBytes, isolation, rackId } = this.options
    let answer: FetchResponse
    try {
      answer = await this.client.sendOn(
        connection,
        fetch,
        (version) => ({
          maxWaitMs,
          minBytes,
          maxBytes,
          isolationLevel: isolation === 'read_committed' ? 1 : 0,
          sessionId: version >= SESSIONS_FROM ? request.sessionId : 0,
          sessionEpoch: version >= SESSIONS_FROM ? request.sessionEpoch : -1,
          topics: topicsOf(request.changed, partitionFields),
          forgottenTopicsData: topicsOf(request.forgotten, ({ partition }) => partition),
          rackId,
        }),
        {
          maxVersion: haveIds ? undefined : LAST_WITH_NAMES,
          timeoutMs: this.client.options.requestTimeoutMs + maxWaitMs,
        },
      )
    } catch (error) {
      this.session.reset()
      throw error
    }
    if (this.session.answered(answer.errorCode, answer.sessionId)) return null
    if (answer.errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(answer.errorCode))
    return answer
  }
}

function partitionFields({ partition, currentLeaderEpoch, fetchOffset, partitionMaxBytes }: FetchPosition) {
  return { partition, currentLeaderEpoch, fetchOffset: BigInt(fetchOffset), partitionMaxBytes }
}

function topicsOf<P>(positions: readonly FetchPosition[], partition: (position: FetchPosition) => P) {
  const byTopic = groupBy(positions, ({ topic, topicId }) => `${topic} ${topicId}`)
  return [...byTopic.values()].map((group) => {
    const { topic, topicId } = group[0]!
    return { topic, topicId, partitions: group.map(partition) }
  })
}
