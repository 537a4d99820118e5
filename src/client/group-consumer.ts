/**
 * Reads as a member of a group of consumers: a classic one, whose membership travels over kafkajs, or one of KIP-848.
 * Records come from our own fetcher, so that a group reads as fast and as exactly as a reader without one.
 */
import type { Timer } from '../base/clock.ts'
import { KtError } from '../base/errors.ts'
import { ErrorCode, errorInfo, errorName, KafkaError } from '../protocol/error-codes.ts'
import { listGroupOffsets } from './admin/group-offsets.ts'
import { listOffsets } from './admin/offsets.ts'
import type { ClientOptions, CommittedOffset, TopicPartition } from './admin-types.ts'
import { ClusterClient } from './cluster-client.ts'
import { type FetchedBatch, Fetcher, type FetcherOptions, type FetchTarget } from './fetcher.ts'
import type { Membership, OffsetToCommit, SetBack } from './group/membership-types.ts'
import type { ClientDependencies } from './options.ts'
import { backoffMs, sleep, within } from './retry.ts'

export interface GroupConsumerOptions extends FetcherOptions {
  readonly groupId: string
  /** Names, or a pattern over the names of all topics. */
  readonly topics: readonly string[] | RegExp
  readonly sessionTimeoutMs?: number
  /** `max.poll.interval.ms` of Kafka's consumer: how long a rebalance waits for members. */
  readonly rebalanceTimeoutMs?: number
  readonly heartbeatIntervalMs?: number
  /** `consumer` is KIP-848: the coordinator assigns, and sets the times of sessions and heartbeats. Classic when left out. */
  readonly protocol?: 'classic' | 'consumer'
  /** With `consumer`: a name that the member keeps when it comes back. */
  readonly groupInstanceId?: string
  /** With `consumer`: how the coordinator shares partitions out, `uniform` or `range`. */
  readonly remoteAssignor?: string
  /** 0 commits only when `commit` is called and on `close`; -1 never. */
  readonly autoCommitIntervalMs?: number
  readonly onAssigned?: (partitions: readonly TopicPartition[]) => void
  readonly onRevoked?: (partitions: readonly TopicPartition[]) => void
  /** The group went on without this member, which joins again by itself. */
  readonly onSetBack?: (setBack: SetBack) => void
}

const DEFAULTS = {
  sessionTimeoutMs: 45_000,
  rebalanceTimeoutMs: 300_000,
  heartbeatIntervalMs: 3_000,
  autoCommitIntervalMs: 5_000,
} as const

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`
/** How long leaving may take before connections are cut. */
const CLOSE_TIMEOUT_MS = 2_000
const TOPIC_WAIT_MS = 1_000
/** How long the group may be without us before the reader is told. */
const LOST_PATIENCE_MS = 60_000

/** Whether it was the coordinator that could not be found or reached. */
function lacksCoordinator(error: Error): boolean {
  return (
    error instanceof KtError && (error.kind === 'unreachable' || /coordinator/i.test(`${error.message} ${error.facts}`))
  )
}

export class GroupConsumer implements AsyncIterable<FetchedBatch> {
  readonly client: ClusterClient
  private readonly options: GroupConsumerOptions
  private membership: Membership | null = null
  private fetcher: Fetcher | null = null
  private assigned: readonly TopicPartition[] = []
  private assignedKeys: ReadonlySet<string> = new Set()
  /** Next offsets of what the caller has consumed and not committed yet. */
  private readonly consumedOffsets = new Map<string, OffsetToCommit>()
  private current: FetchedBatch | null = null
  /** Settles when every commit so far has ended: one after the other, or an older one could overtake a newer. */
  private committing: Promise<void> = Promise.resolve()
  /** Bumped by each assignment and revocation: work begun under an older one is dropped. */
  private era = 0
  /** When membership was lost; null while it holds. */
  private lostSince: number | null = null
  private rejoins = 0
  private topics: readonly string[] = []
  private changed: (() => void)[] = []
  private failure: Error | null = null
  private closed = false
  private commitTimer: Timer | null = null
  private topicTimer: Timer | null = null

  constructor(client: ClientOptions, options: GroupConsumerOptions, dependencies: ClientDependencies = {}) {
    this.client = new ClusterClient(client, dependencies)
    this.options = options
  }

  /** Joins the group in the background. Rejects when the cluster cannot be reached or a topic must not be read. */
  async start(): Promise<void> {
    this.topics = await this.resolveTopics()
    if (this.options.topics instanceof RegExp) this.watchTopics()
    await this.join()
    this.scheduleCommit()
  }

  /** The topics to subscribe to; one that does not exist is created by the cluster, if it does so. */
  private async resolveTopics(): Promise<readonly string[]> {
    const { topics } = this.options
    if (topics instanceof RegExp) {
      const { listTopics } = await import('./admin/topics.ts')
      const all = await listTopics(this.client)
      // Kafka's consumer leaves internal topics out of a pattern (`exclude.internal.topics`).
      return all.filter(({ name, isInternal }) => !isInternal && topics.test(name)).map(({ name }) => name)
    }
    for (let tries = 0; ; tries++) {
      const errors = await this.client.retrying('Metadata', () =>
        this.client.refreshMetadata(topics, { allowAutoTopicCreation: true }),
      )
      const bad = [...errors.values()].find((code) => !errorInfo(code).retriable)
      if (bad !== undefined) throw new KafkaError(errorName(bad))
      if (errors.size === 0 || this.closed) return topics
      await sleep(this.client.options.clock, Math.max(TOPIC_WAIT_MS / 10, backoffMs(tries, this.client.options.random)))
    }
  }

  private async join(): Promise<void> {
    if (this.topics.length === 0 || this.closed) return
    const membership = this.options.protocol === 'consumer' ? await this.newMember() : await this.newClassicMember()
    this.membership = membership
    await membership.start()
  }

  private async newClassicMember(): Promise<Membership> {
    const { KafkaJsMembership } = await import('./group/kafkajs-membership.ts')
    const options = {
      groupId: this.options.groupId,
      topics: this.topics,
      sessionTimeoutMs: this.options.sessionTimeoutMs ?? DEFAULTS.sessionTimeoutMs,
      rebalanceTimeoutMs: this.options.rebalanceTimeoutMs ?? DEFAULTS.rebalanceTimeoutMs,
      heartbeatIntervalMs: this.options.heartbeatIntervalMs ?? DEFAULTS.heartbeatIntervalMs,
    }
    return new KafkaJsMembership(this.client.options, options, {
      onAssigned: (partitions) => this.adopt(partitions),
      onRevoked: () => this.revoke(),
      onSetBack: (setBack) => this.options.onSetBack?.(setBack),
      onFailed: (error, mayPass) => this.membershipLost(error, mayPass),
    })
  }

  private async newMember(): Promise<Membership> {
    const { ConsumerMembership } = await import('./group/consumer-membership.ts')
    const { groupId, groupInstanceId, remoteAssignor } = this.options
    const rebalanceTimeoutMs = this.options.rebalanceTimeoutMs ?? DEFAULTS.rebalanceTimeoutMs
    const options = { groupId, topics: this.topics, rebalanceTimeoutMs, groupInstanceId, remoteAssignor }
    return new ConsumerMembership(this.client, options, {
      onReconciled: ({ revoked, added }) => this.reconcile(revoked, added),
      onLost: () => this.revoke({ isLost: true }),
      onSetBack: (setBack) => this.options.onSetBack?.(setBack),
      onFailed: (error, mayPass) => this.membershipLost(error, mayPass),
    })
  }

  /** A coordinator that is loading, moving or away comes back: we join again, for a while. */
  private membershipLost(error: Error, mayPass: boolean): void {
    const now = this.client.options.clock.monotonic()
    this.lostSince ??= now
    if (this.closed) return
    if (mayPass && lacksCoordinator(error))
      this.options.onSetBack?.({ code: 'COORDINATOR_NOT_AVAILABLE', silentMs: null })
    if (!mayPass || now - this.lostSince > LOST_PATIENCE_MS) this.fail(error)
    else this.rejoin().catch((failure: Error) => this.fail(failure))
  }

  private async rejoin(): Promise<void> {
    const { clock, random } = this.client.options
    this.revoke()
    await this.committing
    await this.membership?.close(CLOSE_TIMEOUT_MS)
    this.membership = null
    await sleep(clock, backoffMs(this.rejoins++, random))
    if (!this.closed) await this.join()
  }

  /** New topics that match the pattern mean joining again with them. */
  private watchTopics(): void {
    const { clock } = this.client.options
    const everyMs = this.topics.length === 0 ? TOPIC_WAIT_MS : (this.options.metadataMaxAgeMs ?? 300_000)
    this.topicTimer = clock.setTimer(
      everyMs,
      () => {
        this.resubscribe()
          .catch((error: Error) => this.fail(error))
          .finally(() => {
            if (!this.closed) this.watchTopics()
          })
      },
      { background: this.topics.length > 0 },
    )
  }

  private async resubscribe(): Promise<void> {
    const topics = await this.resolveTopics()
    if (topics.join() === this.topics.join() || this.closed) return
    this.topics = topics
    if (this.membership?.subscribe !== undefined) {
      this.membership.subscribe(topics)
      return
    }
    this.revoke()
    await this.committing
    await this.membership?.close(CLOSE_TIMEOUT_MS)
    await this.join()
  }

  private adopt(partitions: readonly TopicPartition[]): void {
    // A rebalance without a warning: what we had was another member's meanwhile, who may have committed more.
    if (this.fetcher !== null || this.assigned.length > 0) this.revoke({ isLost: true })
    this.era += 1
    this.lostSince = null
    this.rejoins = 0
    this.setAssigned(partitions)
    this.options.onAssigned?.(partitions)
    this.beginFetching(partitions, this.era).catch((error: Error) => this.fail(error))
  }

  /** KIP-848: some partitions are given up, others come, and the rest is read on. */
  private async reconcile(revoked: readonly TopicPartition[], added: readonly TopicPartition[]): Promise<void> {
    if (revoked.length > 0) await this.giveUp(revoked)
    if (added.length === 0 || this.closed) return
    this.lostSince = null
    this.setAssigned([...this.assigned, ...added])
    this.options.onAssigned?.(added)
    this.beginFetching(added, this.era).catch((error: Error) => this.fail(error))
  }

  /** Resolves when what was consumed of them is committed, or could not be. */
  private async giveUp(partitions: readonly TopicPartition[]): Promise<void> {
    const keys = new Set(partitions.map(keyOf))
    this.setAssigned(this.assigned.filter((one) => !keys.has(keyOf(one))))
    this.fetcher?.unassign(partitions)
    if (this.current !== null && keys.has(keyOf(this.current))) this.current = null
    const offsets = [...this.consumedOffsets.values()].filter((one) => keys.has(keyOf(one)))
    for (const key of keys) this.consumedOffsets.delete(key)
    this.options.onRevoked?.(partitions)
    if (this.autoCommits) await this.inTurn(async () => this.membership?.commit(offsets)).catch(() => undefined)
  }

  private setAssigned(partitions: readonly TopicPartition[]): void {
    this.assigned = partitions
    this.assignedKeys = new Set(partitions.map(keyOf))
  }

  private isAssigned(partition: TopicPartition): boolean {
    return this.assignedKeys.has(keyOf(partition))
  }

  private async beginFetching(partitions: readonly TopicPartition[], era: number): Promise<void> {
    await this.committing
    const targets = (await this.startPositions(partitions, era)).filter((target) => this.isAssigned(target))
    if (this.era !== era || this.closed) return
    if (this.fetcher !== null) {
      await this.fetcher.assign(targets)
      return
    }
    const fetcher = new Fetcher(this.client, this.options)
    // Markers of transactions are passed over like records: a group that has read everything has no lag.
    fetcher.onPassed = ({ topic, partition, nextOffset }) => {
      if (fetcher !== this.fetcher || !this.isAssigned({ topic, partition })) return
      this.consumedOffsets.set(keyOf({ topic, partition }), { topic, partition, offset: nextOffset })
    }
    this.fetcher = fetcher
    await fetcher.assign(targets)
    this.wakeReaders()
  }

  /** Committed offsets, and for partitions without one what `reset` says. */
  private async startPositions(partitions: readonly TopicPartition[], era: number): Promise<FetchTarget[]> {
    const committed = await this.committedOffsets()
    const { reset = 'latest' } = this.options
    const missing = partitions.filter((one) => !committed.has(keyOf(one)))
    if (missing.length > 0 && reset === 'none') {
      const names = missing.map(keyOf).join(', ')
      throw new KtError('kafka', `Undefined offset with no reset policy for partitions: [${names}]`)
    }
    const found = await this.lookUp(missing, reset, era)
    return partitions.map(({ topic, partition }) => {
      const offset = committed.get(keyOf({ topic, partition })) ?? found.get(keyOf({ topic, partition }))
      return { topic, partition, start: offset === undefined ? (reset as 'earliest' | 'latest') : { offset } }
    })
  }

  /**
   * Where partitions without a committed offset begin. As in Kafka that position is committed too, before anything was
   * read there: a group that comes back goes on from it instead of skipping what was written meanwhile.
   */
  private async lookUp(
    partitions: readonly TopicPartition[],
    reset: string,
    era: number,
  ): Promise<Map<string, number>> {
    const found = new Map<string, number>()
    if (partitions.length === 0) return found
    const queries = partitions.map((one) => ({ ...one, spec: reset as 'earliest' | 'latest' }))
    const outcomes = await listOffsets(this.client, queries, { isolation: this.options.isolation })
    // Revoked meanwhile: these partitions are another member's now.
    if (this.era !== era || this.closed) return found
    for (const [at, outcome] of outcomes.entries()) {
      // Without a leader for now: the fetcher looks again.
      if (!outcome.ok || outcome.value.offset < 0) continue
      const { topic, partition } = partitions[at]!
      found.set(keyOf({ topic, partition }), outcome.value.offset)
      if (!this.isAssigned({ topic, partition })) continue
      this.consumedOffsets.set(keyOf({ topic, partition }), { topic, partition, offset: outcome.value.offset })
    }
    return found
  }

  private async committedOffsets(): Promise<Map<string, number>> {
    const { groupId } = this.options
    for (let tries = 0; ; tries++) {
      const outcome = (await listGroupOffsets(this.client, [groupId], { requireStable: true })).get(groupId)!
      if (outcome.ok) {
        return new Map(outcome.value.map((entry: TopicPartition & CommittedOffset) => [keyOf(entry), entry.offset]))
      }
      // A transaction on the offsets is still open: it ends soon, one way or the other.
      if (outcome.error.code !== ErrorCode.UNSTABLE_OFFSET_COMMIT) {
        throw new KafkaError(errorName(outcome.error.code), outcome.error.message)
      }
      await sleep(this.client.options.clock, backoffMs(tries, this.client.options.random))
    }
  }

  private revoke({ isLost } = { isLost: false }): void {
    this.era += 1
    const revoked = this.assigned
    this.setAssigned([])
    this.fetcher?.close()
    this.fetcher = null
    this.current = null
    const { membership } = this
    const offsets = this.takeConsumed()
    // What has been consumed so far goes in before the group moves on; too late is not fatal, records come twice then.
    if (this.autoCommits && !isLost) this.inTurn(async () => membership?.commit(offsets)).catch(() => undefined)
    this.options.onRevoked?.(revoked)
  }

  private get autoCommits(): boolean {
    return (this.options.autoCommitIntervalMs ?? DEFAULTS.autoCommitIntervalMs) >= 0
  }

  private scheduleCommit(): void {
    const everyMs = this.options.autoCommitIntervalMs ?? DEFAULTS.autoCommitIntervalMs
    if (everyMs <= 0 || this.closed) return
    this.commitTimer = this.client.options.clock.setTimer(
      everyMs,
      () => {
        void this.commit()
          .catch(() => undefined)
          .then(() => this.scheduleCommit())
      },
      { background: true },
    )
  }

  /** The next batch of whatever is assigned; null after `close`. Asking for it counts the batch before as consumed. */
  async next(): Promise<FetchedBatch | null> {
    if (this.current !== null) this.consumed(this.current, this.current.header.lastOffset + 1)
    this.current = null
    while (!this.closed) {
      if (this.failure !== null) throw this.failure
      const { fetcher } = this
      const batch = fetcher === null ? null : await fetcher.next()
      // Batches of a revoked assignment are not ours any more: another member reads them.
      if (batch !== null && fetcher === this.fetcher && this.isAssigned(batch)) {
        this.current = batch
        return batch
      }
      const isAtEnd = batch === null && fetcher !== null && fetcher === this.fetcher
      if (isAtEnd && this.options.stopAtEnd === true) break
      if (this.fetcher === null) await new Promise<void>((resolve) => this.changed.push(resolve))
    }
    if (this.failure !== null) throw this.failure
    return null
  }

  /** Says how far a batch was consumed when the caller stops inside it; `nextOffset` is the first one left. */
  consumed({ topic, partition }: TopicPartition, nextOffset: number): void {
    this.current = null
    // Given up meanwhile, it is another member's, who may have gone on from before this.
    if (!this.isAssigned({ topic, partition })) return
    this.consumedOffsets.set(keyOf({ topic, partition }), { topic, partition, offset: nextOffset })
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FetchedBatch> {
    try {
      for (let batch = await this.next(); batch !== null; batch = await this.next()) yield batch
    } finally {
      await this.close()
    }
  }

  /** Commits what has been consumed. Rejects with a `KtError`. */
  commit(): Promise<void> {
    return this.inTurn(async () => {
      const { era, membership } = this
      if (membership === null) return
      const offsets = this.takeConsumed()
      try {
        await membership.commit(offsets)
      } catch (error) {
        // Given up meanwhile, they are another member's, who may have committed more and would be set back.
        if (this.era === era) this.putBack(offsets)
        throw error
      }
    })
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.committing.then(work)
    this.committing = done.catch(() => undefined)
    return done
  }

  private takeConsumed(): OffsetToCommit[] {
    const offsets = [...this.consumedOffsets.values()]
    this.consumedOffsets.clear()
    return offsets
  }

  private putBack(offsets: readonly OffsetToCommit[]): void {
    for (const entry of offsets) {
      if (!this.consumedOffsets.has(keyOf(entry)) && this.isAssigned(entry))
        this.consumedOffsets.set(keyOf(entry), entry)
    }
  }

  private wakeReaders(): void {
    for (const wake of this.changed.splice(0)) wake()
  }

  private fail(error: Error): void {
    if (this.closed) return
    this.failure ??= error
    this.fetcher?.close()
    this.fetcher = null
    this.wakeReaders()
  }

  /** Commits, leaves the group and ends, within about `timeoutMs`. Safe to call twice. */
  async close(timeoutMs: number = CLOSE_TIMEOUT_MS): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.commitTimer?.cancel()
    this.topicTimer?.cancel()
    this.fetcher?.close()
    this.wakeReaders()
    if (this.autoCommits && this.failure === null) await within(this.client.options.clock, timeoutMs, this.commit())
    await this.membership?.close(timeoutMs)
    this.client.close()
  }
}
