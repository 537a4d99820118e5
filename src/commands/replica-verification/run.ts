import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { exitCodeForReason, SCRIPT_FAILURE } from '../../cli/exit-codes.ts'
import type { Structure } from '../../cli/format.ts'
import { type Presentation, presentationOf } from '../../cli/script-command.ts'
import { adminOver } from '../../client/admin.ts'
import type { Admin, OffsetSpec, TopicDescription, TopicPartition } from '../../client/admin-types.ts'
import { brokerFailure } from '../../client/by-leader.ts'
import { ClusterClient } from '../../client/cluster-client.ts'
import { fetchFromReplica, type ReplicaRecords } from '../../client/replica-fetch.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import { partitionsInHashOrder } from '../java-order.ts'
import { unwrap, unwrapAll } from '../outcome.ts'
import { topicFilter } from '../topic-filter.ts'
import type { VerificationGiven } from './options.ts'
import { ReplicaVerifier } from './replica-verifier.ts'
import { differenceFields, differenceText, lagFields, lagText, reportText, startText } from './reports.ts'

/** A round in which nothing could be compared is not followed by the next at once. */
const IDLE_PAUSE_MS = 100

/** Runs until it is interrupted, or until two replicas cannot be compared any further. */
export async function verifyReplicas(given: VerificationGiven, context: CommandContext): Promise<number> {
  const filter = topicFilter(given.value('topics-include')!)
  const options = await context.connection({ bootstrapServer: given.value('broker-list') })
  const client = new ClusterClient(options)
  try {
    const admin = adminOver(client)
    const topics = await matchingTopics(admin, (name) => filter.allows(name))
    const verification = new Verification(client, await startingAt(admin, topics, given.value('time')!), topics, {
      presentation: presentationOf(given, context),
      fetch: { maxWaitMs: given.value('max-wait-ms')!, partitionMaxBytes: given.value('fetch-size')! },
      reportIntervalMs: given.value('report-interval-ms')!,
      context,
    })
    return await verification.run()
  } finally {
    client.close()
  }
}

async function matchingTopics(admin: Admin, allows: (name: string) => boolean): Promise<TopicDescription[]> {
  const names = (await admin.listTopics()).map(({ name }) => name).filter(allows)
  if (names.length === 0) {
    throw new KtError(
      'not-found',
      'No topics found. [topics-include] if specified, is either filtering out all topics or there is no topic.',
      { next: 'kt topics --list' },
    )
  }
  return [...unwrapAll(await admin.describeTopics(names)).values()]
}

const SPECIAL_TIMES: Readonly<Record<number, OffsetSpec>> = { [-1]: 'latest', [-2]: 'earliest' }

/** Where each partition begins; one without a record that new begins at its end. */
async function startingAt(
  admin: Admin,
  topics: readonly TopicDescription[],
  time: number,
): Promise<(TopicPartition & { offset: number })[]> {
  const listed = topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partition }) => ({ topic: name, partition })),
  )
  // The script keeps them in one hash map after the other.
  const partitions = partitionsInHashOrder(partitionsInHashOrder(listed))
  const offsetsAt = async (of: readonly TopicPartition[], spec: OffsetSpec): Promise<number[]> =>
    (await admin.listOffsets(of.map((each) => ({ ...each, spec })))).map((outcome) => unwrap(outcome).offset)
  const offsets = await offsetsAt(partitions, SPECIAL_TIMES[time] ?? time)
  const without = partitions.filter((_, at) => offsets[at]! < 0)
  const ends = new Map((await offsetsAt(without, 'latest')).map((offset, at) => [without[at]!, offset]))
  return partitions.map((each, at) => ({ ...each, offset: ends.get(each) ?? offsets[at]! }))
}

interface VerificationOptions {
  readonly presentation: Presentation
  readonly fetch: { readonly maxWaitMs: number; readonly partitionMaxBytes: number }
  readonly reportIntervalMs: number
  readonly context: CommandContext
}

class Verification {
  readonly #client: ClusterClient
  readonly #verifier: ReplicaVerifier
  /** Broker id -> the partitions it has replicas of. */
  readonly #replicas = new Map<number, (TopicPartition & { topicId: string })[]>()
  readonly #options: VerificationOptions
  #lastReportMs: number

  constructor(
    client: ClusterClient,
    start: readonly (TopicPartition & { offset: number })[],
    topics: readonly TopicDescription[],
    options: VerificationOptions,
  ) {
    this.#client = client
    this.#verifier = new ReplicaVerifier(start)
    this.#options = options
    this.#lastReportMs = options.context.clock.now()
    for (const { name: topic, topicId, partitions } of topics) {
      for (const { partition, replicas } of partitions) {
        for (const id of replicas) {
          this.#replicas.set(id, [...(this.#replicas.get(id) ?? []), { topic, topicId, partition }])
        }
      }
    }
  }

  async run(): Promise<number> {
    const { signal } = this.#options.context
    this.#print('VerificationStarted', startText(), { partitions: this.#verifier.size })
    const aborted = new Promise<null>((resolve) => {
      if (signal.aborted) resolve(null)
      else signal.addEventListener('abort', () => resolve(null), { once: true })
    })
    for (;;) {
      const answers = await Promise.race([this.#fetchAll(), aborted])
      if (answers === null) return exitCodeForReason(signal.reason)
      const { differences, worst, advanced } = this.#verifier.verify(answers)
      for (const difference of differences) {
        this.#print('ReplicaDifference', differenceText(difference), differenceFields(difference))
      }
      if (differences.at(-1)?.kind === 'offset') return SCRIPT_FAILURE
      if (this.#reportIsDue()) {
        this.#print('ReplicaLag', lagText(worst, this.#verifier.size), lagFields(worst, this.#verifier.size))
      }
      if (!advanced) await Promise.race([this.#pause(), aborted])
    }
  }

  async #fetchAll(): Promise<Map<number, ReplicaRecords[]>> {
    const entries = await Promise.all(
      [...this.#replicas].map(async ([id, partitions]) => [id, await this.#fetchFrom(id, partitions)] as const),
    )
    return new Map(entries)
  }

  /** A broker that is away has nothing to compare: its partitions wait until it is back. */
  async #fetchFrom(id: number, partitions: readonly (TopicPartition & { topicId: string })[]) {
    const positions = partitions.map((each) => ({ ...each, offset: this.#verifier.offsetOf(each) }))
    try {
      return await fetchFromReplica(this.#client, id, positions, this.#options.fetch)
    } catch (error) {
      if (brokerFailure(error) === null && !(error instanceof KafkaError)) throw error
      return partitions.map(({ topic, partition }) => ({
        topic,
        partition,
        errorCode: 0,
        highWatermark: -1,
        records: Buffer.alloc(0),
      }))
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.context.clock.setTimer(IDLE_PAUSE_MS, resolve, { background: true })
    })
  }

  #reportIsDue(): boolean {
    const nowMs = this.#options.context.clock.now()
    if (nowMs - this.#lastReportMs <= this.#options.reportIntervalMs) return false
    this.#lastReportMs = nowMs
    return true
  }

  #print(kind: string, line: string, fields: Record<string, Structure>): void {
    const { presentation, context } = this.#options
    context.stdout.write(reportText(presentation, { kind, line, fields }, context.clock.now()))
  }
}
