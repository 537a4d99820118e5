/**
 * Reads partitions without a group. One fetch is in flight per broker while the one before is being consumed, never more,
 * so memory is bounded by the reader's own speed. Batches come out whole and undecoded.
 */
import type { Timer } from '../base/clock.ts'
import { KtError } from '../base/errors.ts'
import { ZERO_UUID } from '../base/uuid.ts'
import { ApiKey } from '../protocol/api-keys.ts'
import { ErrorCode, errorInfo, errorName, KafkaError } from '../protocol/error-codes.ts'
import type { FetchResponse } from '../protocol/messages/01-fetch.ts'
import { loadCodec } from '../protocol/records/compression.ts'
import { COMPRESSION_NAMES, compressionOf } from '../protocol/records/record-batch.ts'
import { listOffsets } from './admin/offsets.ts'
import type { ClientOptions, ListedOffset, OffsetSpec, Outcome, TopicPartition } from './admin-types.ts'
import { ClusterClient, toBroker } from './cluster-client.ts'
import { ConnectionFailure } from './failure.ts'
import { type FetchedBatch, splitBatches } from './fetcher/batches.ts'
import { BrokerFetcher, FETCH_CHANNEL } from './fetcher/broker-fetcher.ts'
import { FetchPartition, type FetchPosition, type FetchStart } from './fetcher/fetch-partition.ts'
import { type Given, HandOver, isPassed, type Passed } from './fetcher/hand-over.ts'
import { type FetcherOptions, type ResolvedFetcherOptions, resolveFetcherOptions } from './fetcher/options.ts'
import type { ClientDependencies } from './options.ts'
import { backoffMs, sleep } from './retry.ts'

export type { FetchedBatch } from './fetcher/batches.ts'
export type { FetchStart } from './fetcher/fetch-partition.ts'
export type { FetcherOptions } from './fetcher/options.ts'

export type FetchTarget = TopicPartition & {
  readonly start: FetchStart
  /** With `stopAtEnd`: where to stop instead of at the end. Whole batches come out: the last may reach beyond it. */
  readonly end?: number
}

const keyOf = (topic: string, partition: number): string => `${topic}-${partition}`

/** How long brokers may stay away once reading has begun, before the reader is told. */
const LOST_PATIENCE_MS = 60_000

export class Fetcher implements AsyncIterable<FetchedBatch> {
  readonly client: ClusterClient
  readonly options: ResolvedFetcherOptions
  /** Told of offsets without records for the reader, when everything before them was taken and more is asked for. */
  onPassed: ((passed: Passed) => void) | null = null
  private readonly ownsClient: boolean
  private readonly partitions = new Map<string, FetchPartition>()
  private readonly loops = new Map<number, Promise<void>>()
  private readonly handOver: HandOver
  private repairing: Promise<void> | null = null
  private refreshing: Promise<void> | null = null
  private failures = 0
  private lostSince: number | null = null
  private refreshTimer: Timer | null = null
  private followedTopics = new Set<string>()
  private closed = false

  /** Over options of its own, or over a client that others use too and that stays open. */
  constructor(
    client: ClientOptions | ClusterClient,
    options: FetcherOptions = {},
    dependencies: ClientDependencies = {},
  ) {
    this.options = resolveFetcherOptions(options)
    this.ownsClient = !(client instanceof ClusterClient)
    this.client = client instanceof ClusterClient ? client : new ClusterClient(client, dependencies)
    this.handOver = new HandOver((passed) => this.onPassed?.(passed))
  }

  /** Starts reading these partitions, beside those already read. Rejects when the cluster cannot be reached. */
  async assign(targets: readonly FetchTarget[]): Promise<void> {
    for (const { topic, partition, start, end } of targets) {
      this.partitions.set(keyOf(topic, partition), new FetchPartition(topic, partition, start, end))
    }
    await this.client.retrying('Metadata', () => this.client.refreshMetadata(this.topicNames()))
    this.warmUp()
    this.repair()
    this.reconcile()
  }

  /**
   * Reads every partition of a topic, and those that are added later from their beginning. Rejects with a `not-found`
   * `KtError` for an unknown topic.
   */
  async follow(topic: string, start: FetchStart): Promise<void> {
    const errors = await this.client.retrying('Metadata', () => this.client.refreshMetadata([topic]))
    const code = errors.get(topic) ?? ErrorCode.NONE
    const known = this.client.metadata.topic(topic)
    if (known === undefined) {
      if (code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION || code === ErrorCode.NONE) throw unknownTopic(topic)
      throw new KafkaError(errorName(code))
    }
    for (let partition = 0; partition < known.partitions.length; partition++) {
      this.partitions.set(keyOf(topic, partition), new FetchPartition(topic, partition, start))
    }
    this.followedTopics.add(topic)
    this.scheduleRefresh()
    this.warmUp()
    this.repair()
    this.reconcile()
  }

  /** Stops reading these partitions; batches already handed over stay. */
  unassign(targets: readonly TopicPartition[]): void {
    for (const { topic, partition } of targets) this.partitions.delete(keyOf(topic, partition))
    this.finishAtEnd()
  }

  /** The next offset to fetch and the newest end seen; undefined for a partition that is not read. */
  position(topic: string, partition: number): { fetchOffset: number; highWatermark: number } | undefined {
    const found = this.partitions.get(keyOf(topic, partition))
    return found === undefined ? undefined : { fetchOffset: found.fetchOffset, highWatermark: found.highWatermark }
  }

  /** The next batch; null after `close`, or at the end with `stopAtEnd`. Rejects with what ended the reading. */
  next(): Promise<FetchedBatch | null> | FetchedBatch | null {
    return this.handOver.take()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FetchedBatch> {
    try {
      for (let batch = await this.next(); batch !== null; batch = await this.next()) yield batch
    } finally {
      this.close()
    }
  }

  /** Ends reading at once. Safe to call twice. */
  close(): void {
    if (this.closed) return
    this.closed = true
    this.refreshTimer?.cancel()
    this.handOver.end()
    if (this.ownsClient) this.client.close()
  }

  private topicNames(): string[] {
    return [...new Set([...this.partitions.values()].map(({ topic }) => topic))]
  }

  /** Connects for fetching while offsets are being looked up: the first record is waiting. */
  private warmUp(): void {
    const leaders = new Set([...this.partitions.values()].map((one) => this.leaderOf(one)))
    for (const id of leaders) {
      if (id !== -1) this.client.connection(toBroker(id, FETCH_CHANNEL)).catch(() => undefined)
    }
  }

  private leaderOf({ topic, partition }: FetchPartition): number {
    return this.client.metadata.leader(topic, partition)
  }

  private now(): number {
    return this.client.options.clock.monotonic()
  }

  /** Starts a loop for each broker that leads something and has none yet. */
  private reconcile(): void {
    if (this.closed) return
    for (const one of this.partitions.values()) {
      const leader = this.leaderOf(one)
      if (leader === -1 || one.pending !== null || one.suspended || this.loops.has(leader)) continue
      const loop = this.fetchFrom(leader)
        .catch((error: unknown) => this.fail(error))
        .finally(() => {
          this.loops.delete(leader)
          if (this.wantedFrom(leader).length > 0) this.reconcile()
        })
      this.loops.set(leader, loop)
    }
  }

  private fail(error: unknown): void {
    if (!this.closed) this.handOver.fail(error instanceof Error ? error : new Error(String(error)))
  }

  private wantedFrom(brokerId: number): FetchPosition[] {
    const { metadata } = this.client
    const wanted: FetchPosition[] = []
    for (const one of this.partitions.values()) {
      if (one.pending !== null || one.suspended || this.leaderOf(one) !== brokerId) continue
      if (this.options.stopAtEnd && one.reachedEnd) continue
      const known = metadata.topic(one.topic)
      wanted.push({
        topic: one.topic,
        topicId: known?.topicId ?? ZERO_UUID,
        partition: one.partition,
        fetchOffset: one.fetchOffset,
        currentLeaderEpoch: known?.partitions[one.partition]?.leaderEpoch ?? -1,
        partitionMaxBytes: this.options.maxPartitionBytes,
      })
    }
    return wanted
  }

  private async fetchFrom(brokerId: number): Promise<void> {
    const fetcher = new BrokerFetcher(brokerId, this.client, this.options)
    while (!this.closed) {
      const wanted = this.wantedFrom(brokerId)
      if (wanted.length === 0) return
      await this.handOver.room(brokerId)
      if (this.closed) return
      const answer = await this.tryFetch(fetcher, wanted)
      if (answer !== null) await this.accept(brokerId, wanted, answer)
    }
  }

  /** Null when the fetch did not come to pass and may be tried again. */
  private async tryFetch(fetcher: BrokerFetcher, wanted: readonly FetchPosition[]): Promise<FetchResponse | null> {
    try {
      const answer = await fetcher.fetch(wanted)
      this.lostSince = null
      return answer
    } catch (error) {
      await this.recover(error)
      return null
    }
  }

  /** A broker that went away is waited for; anything else ends the reading. */
  private async recover(error: unknown): Promise<void> {
    if (this.closed) return
    this.bear(error)
    await this.refreshSoon()
  }

  /** Throws what will not pass, and what has not passed for too long. */
  private bear(error: unknown): void {
    const now = this.now()
    this.lostSince ??= now
    if (!mayPass(error) || now - this.lostSince > LOST_PATIENCE_MS) throw error
  }

  private async pause(): Promise<void> {
    const { clock, random } = this.client.options
    this.failures += 1
    await sleep(clock, backoffMs(this.failures - 1, random))
  }

  /** Asks for metadata after a pause, once for all who want it, and lets suspended partitions try again. */
  private refreshSoon(): Promise<void> {
    this.refreshing ??= this.pause()
      .then(() => this.refresh())
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.refreshing = null
      })
    return this.refreshing
  }

  private async refresh(): Promise<void> {
    try {
      await this.client.refreshMetadata(this.topicNames())
    } catch (error) {
      if (!mayPass(error)) throw error
    }
    for (const one of this.partitions.values()) one.suspended = false
    this.repair()
    this.reconcile()
  }

  private async accept(brokerId: number, wanted: readonly FetchPosition[], answer: FetchResponse): Promise<void> {
    const { metadata } = this.client
    for (const { nodeId, host, port, rack } of answer.nodeEndpoints)
      metadata.learnBroker({ id: nodeId, host, port, rack })
    const names = new Map(wanted.map(({ topicId, topic }) => [topicId, topic]))
    const given: Given[] = []
    let stale = false
    for (const { topic, topicId, partitions } of answer.responses) {
      const name = topicId === ZERO_UUID ? topic : (names.get(topicId) ?? topic)
      for (const partition of partitions) {
        const one = this.partitions.get(keyOf(name, partition.partitionIndex))
        if (one !== undefined) stale = this.acceptPartition(one, partition, given) || stale
      }
    }
    await loadCodecs(given.filter((each): each is FetchedBatch => !isPassed(each)))
    this.handOver.give(brokerId, given)
    this.finishAtEnd()
    if (stale) void this.refreshSoon()
    else this.failures = 0
  }

  /** True when the leader has to be looked up again. */
  private acceptPartition(one: FetchPartition, answer: PartitionAnswer, given: Given[]): boolean {
    if (answer.errorCode !== ErrorCode.NONE) return this.refused(one, answer)
    one.highWatermark = Number(answer.highWatermark)
    one.lastStableOffset = Number(answer.lastStableOffset)
    one.logStartOffset = Number(answer.logStartOffset)
    const committed = this.options.isolation === 'read_committed'
    if (one.endOffset === -1) one.endOffset = committed ? one.lastStableOffset : one.highWatermark
    if (answer.records === null || answer.records.length === 0) return false
    const split = splitBatches(answer.records, {
      topic: one.topic,
      partition: one.partition,
      fetchOffset: one.fetchOffset,
      highWatermark: one.highWatermark,
      checkCrcs: this.options.checkCrcs,
      aborted: committed ? (answer.abortedTransactions ?? []) : null,
    })
    for (const batch of split.batches) given.push(batch)
    const { topic, partition } = one
    const { nextOffset } = split
    const end = split.batches.at(-1)?.header.lastOffset ?? one.fetchOffset - 1
    if (nextOffset > end + 1) given.push({ topic, partition, nextOffset })
    one.fetchOffset = nextOffset
    return false
  }

  private refused(one: FetchPartition, answer: PartitionAnswer): boolean {
    const { errorCode } = answer
    if (errorCode === ErrorCode.OFFSET_OUT_OF_RANGE) {
      if (this.options.reset === 'none') throw outOfRange(one)
      one.pending = this.options.reset
      this.repair()
      return false
    }
    if (!errorInfo(errorCode).retriable) {
      this.client.noteDenied(ApiKey.fetch, errorCode, one.topic)
      throw new KafkaError(errorName(errorCode))
    }
    const { leaderId, leaderEpoch } = answer.currentLeader
    if (leaderId >= 0 && this.client.metadata.learnLeader(one.topic, one.partition, leaderId, leaderEpoch)) {
      this.reconcile()
      return false
    }
    one.suspended = true
    return true
  }

  /** Looks up offsets that are not known yet; one lookup at a time, repeated until none is left. */
  private repair(): void {
    this.repairing ??= this.lookUpOffsets()
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.repairing = null
        this.reconcile()
      })
  }

  private async lookUpOffsets(): Promise<void> {
    for (;;) {
      const pending = [...this.partitions.values()].filter((one) => one.pending !== null)
      if (pending.length === 0 || this.closed) return
      const complete = await this.lookUp(pending)
      this.reconcile()
      if (!complete) await this.pause()
    }
  }

  /** False when some partition has to be asked about again: its broker is away or has just lost the leadership. */
  private async lookUp(pending: readonly FetchPartition[]): Promise<boolean> {
    const queries = pending.map(({ topic, partition, pending }) => ({ topic, partition, spec: specOf(pending!) }))
    try {
      const found = await listOffsets(this.client, queries, { isolation: this.options.isolation })
      return found.map((outcome, at) => this.lookedUp(pending[at]!, outcome)).every((known) => known)
    } catch (error) {
      this.bear(error)
      return false
    }
  }

  private lookedUp(one: FetchPartition, outcome: Outcome<ListedOffset>): boolean {
    if (!outcome.ok) {
      this.bear(new KafkaError(errorName(outcome.error.code), outcome.error.message))
      return false
    }
    this.lostSince = null
    if (outcome.value.offset >= 0) one.seek(outcome.value.offset)
    // No record is that young: begin at the end.
    else one.pending = 'latest'
    return true
  }

  /** Looks for new partitions of followed topics now and then. */
  private scheduleRefresh(): void {
    if (this.refreshTimer !== null) return
    const { clock } = this.client.options
    this.refreshTimer = clock.setTimer(
      this.options.metadataMaxAgeMs,
      () => {
        this.refreshTimer = null
        if (this.closed) return
        this.scheduleRefresh()
        this.refresh()
          .then(() => this.adoptNewPartitions())
          .catch((error: unknown) => this.fail(error))
      },
      { background: true },
    )
  }

  private adoptNewPartitions(): void {
    for (const topic of this.followedTopics) {
      const count = this.client.metadata.topic(topic)?.partitions.length ?? 0
      for (let partition = 0; partition < count; partition++) {
        const key = keyOf(topic, partition)
        // Whatever is in a partition that is younger than the reader was written since it began.
        if (!this.partitions.has(key)) this.partitions.set(key, new FetchPartition(topic, partition, 'earliest'))
      }
    }
    this.repair()
    this.reconcile()
  }

  private finishAtEnd(): void {
    if (!this.options.stopAtEnd) return
    if ([...this.partitions.values()].every((one) => one.reachedEnd)) this.handOver.end()
  }
}

type PartitionAnswer = FetchResponse['responses'][number]['partitions'][number]

function specOf(start: FetchStart): OffsetSpec {
  if (typeof start === 'string') return start
  return 'timestamp' in start ? start.timestamp : start.offset
}

function mayPass(error: unknown): boolean {
  if (error instanceof ConnectionFailure) return error.reason !== 'released'
  if (error instanceof KafkaError) {
    // A broker that cannot be reached is a failure of its item, not one that Kafka calls retriable: it may come back.
    return error.code === ErrorCode.BROKER_NOT_AVAILABLE || errorInfo(error.code).retriable
  }
  return error instanceof KtError && (error.kind === 'unreachable' || error.kind === 'timeout')
}

async function loadCodecs(batches: readonly FetchedBatch[]): Promise<void> {
  const ids = new Set(batches.map(({ header }) => compressionOf(header.attributes)))
  for (const id of ids) {
    const name = COMPRESSION_NAMES[id]
    if (id !== 0 && name !== undefined) await loadCodec(name)
  }
}

function unknownTopic(topic: string): KtError {
  return new KtError('not-found', `Topic '${topic}' does not exist`, { next: 'list the topics: kt topics --list' })
}

function outOfRange({ topic, partition, fetchOffset }: FetchPartition): KafkaError {
  return new KafkaError(
    'OFFSET_OUT_OF_RANGE',
    `Fetch position ${fetchOffset} is out of range for partition ${topic}-${partition}, and no reset policy is set`,
  )
}
