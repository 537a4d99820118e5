/**
 * Membership of a consumer group (KIP-848): one request, the heartbeat, joins, keeps alive and leaves. Its answers say what
 * the coordinator wants this member to read; what is to be given up is committed and given up first, then told.
 */
import { randomUuid, type Uuid } from '../../base/uuid.ts'
import { ErrorCode, errorInfo, errorName, KafkaError } from '../../protocol/error-codes.ts'
import { offsetCommit } from '../../protocol/messages/08-offset-commit.ts'
import {
  type ConsumerGroupHeartbeatResponse,
  consumerGroupHeartbeat,
} from '../../protocol/messages/68-consumer-group-heartbeat.ts'
import { byTopic } from '../admin/outcome.ts'
import type { TopicPartition } from '../admin-types.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { backoffMs, isRetriable, sleep } from '../retry.ts'
import { JOINING_EPOCH, LEAVING_EPOCH, MemberHeartbeat } from './member-heartbeat.ts'
import type { IncrementalEvents, Membership, OffsetToCommit } from './membership-types.ts'

export interface ConsumerMembershipOptions {
  readonly groupId: string
  readonly topics: readonly string[]
  /** How long the coordinator waits for this member to give partitions up. */
  readonly rebalanceTimeoutMs: number
  /** `group.instance.id`: a member that comes back under it gets back what it had. */
  readonly groupInstanceId?: string | undefined
  /** `group.remote.assignor`; the group's first choice when left out. */
  readonly remoteAssignor?: string | undefined
}

/** A static member leaves for a while: its partitions stay with its name. */
const LEAVING_STATIC_EPOCH = -2
/** From version 10 on OffsetCommit names topics by id. */
const LAST_WITH_NAMES = 9
const COMMIT_RETRIES = 8
/** How long the coordinator may be away before the reader is told. */
const LOST_PATIENCE_MS = 60_000

type Assigned = NonNullable<ConsumerGroupHeartbeatResponse['assignment']>['topicPartitions']

export class ConsumerMembership implements Membership {
  readonly #client: ClusterClient
  readonly #options: ConsumerMembershipOptions
  readonly #events: IncrementalEvents
  readonly #heartbeat: MemberHeartbeat<ConsumerGroupHeartbeatResponse>
  #memberId = randomUuid()
  #topics: readonly string[]
  /** What we read, topic by topic. */
  #owned = new Map<Uuid, readonly number[]>()
  /** What we shall read and do not yet; null when there is nothing new. */
  #target: Assigned | null = null
  #isReconciling = false
  /** The coordinator has to hear what we own, or what we subscribe to. */
  #tellsOwned = true
  #tellsTopics = true

  constructor(client: ClusterClient, options: ConsumerMembershipOptions, events: IncrementalEvents) {
    this.#client = client
    this.#options = options
    this.#events = events
    this.#topics = options.topics
    this.#heartbeat = new MemberHeartbeat(client, {
      request: 'ConsumerGroupHeartbeat',
      groupId: options.groupId,
      leavingEpoch: options.groupInstanceId === undefined ? LEAVING_EPOCH : LEAVING_STATIC_EPOCH,
      patienceMs: LOST_PATIENCE_MS,
      send: (coordinator, memberEpoch) => this.#send(coordinator, memberEpoch),
      onAnswer: (answer) => this.#hear(answer),
      onLost: (code, silentMs) => {
        events.onSetBack?.({ code: errorName(code), silentMs })
        this.#lose()
      },
      onFailed: (error) => events.onFailed(error, false),
    })
  }

  /** Joins; rejects with what the cluster has against it. */
  start(): Promise<void> {
    return this.#heartbeat.start()
  }

  /** Subscribes to other topics, without leaving. */
  subscribe(topics: readonly string[]): void {
    this.#topics = topics
    this.#tellsTopics = true
    this.#heartbeat.beatNow()
  }

  #hear({ memberId, assignment }: ConsumerGroupHeartbeatResponse): void {
    this.#memberId = memberId ?? this.#memberId
    if (assignment === null) return
    this.#target = assignment.topicPartitions
    void this.#reconcile()
  }

  #lose(): void {
    this.#owned = new Map()
    this.#target = null
    this.#tellsOwned = true
    this.#tellsTopics = true
    this.#events.onLost()
  }

  async #send(coordinator: number, memberEpoch: number): Promise<ConsumerGroupHeartbeatResponse> {
    const isJoining = memberEpoch === JOINING_EPOCH
    const [tellsOwned, tellsTopics] = [this.#tellsOwned, this.#tellsTopics]
    this.#tellsOwned = false
    this.#tellsTopics = false
    let isHeard = false
    try {
      const answer = await this.#client.send(toBroker(coordinator), consumerGroupHeartbeat, {
        groupId: this.#options.groupId,
        memberId: this.#memberId,
        memberEpoch,
        instanceId: this.#options.groupInstanceId ?? null,
        // Told once; afterwards null means that nothing has changed.
        rebalanceTimeoutMs: isJoining ? this.#options.rebalanceTimeoutMs : -1,
        subscribedTopicNames: tellsTopics ? [...this.#topics] : null,
        serverAssignor: isJoining ? (this.#options.remoteAssignor ?? null) : null,
        topicPartitions: tellsOwned
          ? [...this.#owned].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions] }))
          : null,
      })
      isHeard = answer.errorCode === ErrorCode.NONE
      return answer
    } finally {
      // What was refused or lost is told again with the next one.
      this.#tellsOwned ||= tellsOwned && !isHeard
      this.#tellsTopics ||= tellsTopics && !isHeard
    }
  }

  /** Comes to what the coordinator wants: gives up, takes over, tells. */
  async #reconcile(): Promise<void> {
    if (this.#isReconciling) return
    this.#isReconciling = true
    const { era } = this.#heartbeat
    try {
      while (this.#target !== null && !this.#heartbeat.isClosed && era === this.#heartbeat.era) {
        const target = this.#target
        this.#target = null
        const { owned, revoked, added } = await this.#changeTo(target)
        if (revoked.length + added.length > 0) await this.#events.onReconciled({ revoked, added })
        if (era !== this.#heartbeat.era || this.#heartbeat.isClosed) break
        this.#owned = owned
        this.#tellsOwned = true
        this.#heartbeat.beatNow()
      }
    } catch (error) {
      this.#events.onFailed(error instanceof Error ? error : new Error(String(error)), false)
    }
    this.#isReconciling = false
    if (this.#target !== null && !this.#heartbeat.isClosed) void this.#reconcile()
  }

  async #changeTo(target: Assigned): Promise<{
    owned: Map<Uuid, readonly number[]>
    revoked: TopicPartition[]
    added: TopicPartition[]
  }> {
    const { metadata } = this.#client
    if (target.some(({ topicId }) => metadata.topicName(topicId) === undefined)) {
      await this.#client.retrying('Metadata', () => this.#client.refreshMetadata(this.#topics))
    }
    // A topic that is not known yet, or no more, is left out; the coordinator tells again when that changes.
    const known = target.filter(({ topicId }) => metadata.topicName(topicId) !== undefined)
    const owned = new Map(known.map(({ topicId, partitions }) => [topicId, partitions]))
    return { owned, revoked: this.#missingIn(owned, this.#owned), added: this.#missingIn(this.#owned, owned) }
  }

  /** Partitions of `all` that `some` does not have. */
  #missingIn(some: ReadonlyMap<Uuid, readonly number[]>, all: ReadonlyMap<Uuid, readonly number[]>): TopicPartition[] {
    return [...all].flatMap(([topicId, partitions]) => {
      const topic = this.#client.metadata.topicName(topicId)
      const has = new Set(some.get(topicId))
      const missing = partitions.filter((partition) => !has.has(partition))
      return topic === undefined ? [] : missing.map((partition) => ({ topic, partition }))
    })
  }

  async commit(offsets: readonly OffsetToCommit[]): Promise<void> {
    if (offsets.length === 0 || this.#heartbeat.epoch <= JOINING_EPOCH) return
    const { clock, random } = this.#client.options
    const { era } = this.#heartbeat
    for (let tries = 0; ; tries++) {
      const epoch = this.#heartbeat.epoch
      try {
        return await this.#commitAs(epoch, offsets)
      } catch (error) {
        if (tries === COMMIT_RETRIES || !this.#mayCommitLater(error) || era !== this.#heartbeat.era) throw error
        // The epoch moved on while the request was under way: the same offsets are good under the new one.
        if (this.#heartbeat.epoch === epoch) await sleep(clock, backoffMs(tries, random))
      }
    }
  }

  async #commitAs(epoch: number, offsets: readonly OffsetToCommit[]): Promise<void> {
    const coordinator = await this.#heartbeat.locate()
    const input = {
      groupId: this.#options.groupId,
      generationIdOrMemberEpoch: epoch,
      memberId: this.#memberId,
      groupInstanceId: this.#options.groupInstanceId ?? null,
      topics: byTopic(offsets, ({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: -1,
        committedMetadata: '',
      })),
    }
    const answer = await this.#client.send(toBroker(coordinator), offsetCommit, input, { maxVersion: LAST_WITH_NAMES })
    const codes = answer.topics.flatMap(({ partitions }) => partitions.map(({ errorCode }) => errorCode))
    const failed = codes.find((code) => code !== ErrorCode.NONE)
    if (failed === undefined) return
    throw new KafkaError(errorName(failed))
  }

  #mayCommitLater(error: unknown): boolean {
    this.#heartbeat.doubtCoordinator(error)
    if (isRetriable(error)) return true
    if (!(error instanceof KafkaError)) return false
    return error.code === ErrorCode.STALE_MEMBER_EPOCH || errorInfo(error.code).retriable
  }

  close(timeoutMs: number): Promise<void> {
    return this.#heartbeat.close(timeoutMs)
  }
}
