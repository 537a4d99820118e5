/**
 * A member of a share group (KIP-932): records are acquired from their leaders, and each is accepted, released to others
 * or rejected. What is neither within the group's lock time goes back by itself.
 */
import { KtError } from '../../base/errors.ts'
import { ApiKey } from '../../protocol/api-keys.ts'
import { ErrorCode, errorInfo, errorName, KafkaError } from '../../protocol/error-codes.ts'
import { loadCodecsFor } from '../../protocol/records/record.ts'
import type { ClientOptions } from '../admin-types.ts'
import { ClusterClient } from '../cluster-client.ts'
import { ConnectionFailure } from '../failure.ts'
import type { ClientDependencies } from '../options.ts'
import { backoffMs, sleep, within } from '../retry.ts'
import type { AcknowledgeType } from './acknowledgements.ts'
import { type OffsetRange, type ShareBatch, splitAcquired } from './share-batches.ts'
import { type AcknowledgementResult, type FetchedPartition, ShareBroker } from './share-broker.ts'
import { ShareMembership } from './share-membership.ts'
import type { ShareTarget } from './share-session.ts'

export type { AcknowledgeType } from './acknowledgements.ts'
export type { ShareBatch } from './share-batches.ts'
export type { AcknowledgementResult } from './share-broker.ts'

/** Settings under Kafka's names, units last. Defaults are those of Kafka's consumer. */
export interface ShareConsumerOptions {
  readonly groupId: string
  readonly topics: readonly string[]
  readonly maxWaitMs?: number
  readonly minBytes?: number
  readonly maxBytes?: number
  /** About as many records come at once. */
  readonly maxPollRecords?: number
  readonly checkCrcs?: boolean
  /** Told when the brokers have answered what was acknowledged. */
  readonly onAcknowledged?: (results: readonly AcknowledgementResult[]) => void
}

/** How long leaving may take before connections are cut. */
const CLOSE_TIMEOUT_MS = 2_000

export class ShareConsumer {
  readonly client: ClusterClient
  readonly #options: ShareConsumerOptions
  readonly #membership: ShareMembership
  readonly #brokers = new Map<number, ShareBroker>()
  #assigned: readonly ShareTarget[] = []
  #ready: ShareBatch[][] = []
  #waiting: (() => void)[] = []
  #failure: Error | null = null
  #failures = 0
  #refreshing = false
  #closed = false

  constructor(client: ClientOptions, options: ShareConsumerOptions, dependencies: ClientDependencies = {}) {
    this.client = new ClusterClient(client, dependencies)
    this.#options = options
    this.#membership = new ShareMembership(this.client, options.groupId, options.topics, {
      onAssigned: (partitions) => {
        this.#assigned = partitions
        this.#wake()
      },
      onFailed: (error) => this.#fail(error),
    })
  }

  /** Joins the group. Rejects when the cluster cannot be reached, or has no share groups. */
  async start(): Promise<void> {
    const { topics } = this.#options
    await this.client.retrying('Metadata', () => this.client.refreshMetadata(topics, { allowAutoTopicCreation: true }))
    await this.#membership.start()
  }

  /** Records that were acquired together, batch by batch; null after `close`. Rejects with what ended the membership. */
  async next(): Promise<readonly ShareBatch[] | null> {
    while (!this.#closed) {
      if (this.#failure !== null) throw this.#failure
      const ready = this.#ready.shift()
      if (ready !== undefined) return ready
      this.#fetch()
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    return null
  }

  /** Decides about records of a batch, all of them unless a range is given. The broker is told with the next fetch. */
  acknowledge(batch: ShareBatch, type: AcknowledgeType, range?: OffsetRange): void {
    const topicId = this.client.metadata.topic(batch.topic)?.topicId
    if (topicId === undefined) return
    const { firstOffset, endOffset, partition, brokerId } = batch
    this.#broker(brokerId).pending.add(
      { topicId, partition },
      range ?? { firstOffset, lastOffset: endOffset - 1 },
      type,
    )
  }

  /** Tells the brokers at once what was acknowledged; resolves when they have answered. */
  async commit(): Promise<void> {
    await Promise.all([...this.#brokers.values()].map((broker) => broker.acknowledge()))
  }

  /** Tells what was acknowledged, gives back the rest, leaves the group. Safe to call twice. */
  async close(timeoutMs: number = CLOSE_TIMEOUT_MS): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#wake()
    const { clock } = this.client.options
    const last = [...this.#brokers.values()].map((broker) => broker.acknowledge(true))
    await within(clock, timeoutMs, Promise.allSettled(last))
    await this.#membership.close(timeoutMs)
    this.client.close()
  }

  #broker(id: number): ShareBroker {
    const known = this.#brokers.get(id)
    if (known !== undefined) return known
    const { groupId, maxWaitMs = 500, minBytes = 1, maxBytes = 52_428_800, maxPollRecords = 500 } = this.#options
    const settings = { groupId, memberId: this.#membership.memberId, maxWaitMs, minBytes, maxBytes, maxPollRecords }
    const broker = new ShareBroker(id, this.client, settings, (results) => this.#options.onAcknowledged?.(results))
    this.#brokers.set(id, broker)
    return broker
  }

  /** Asks every leader that is not being asked already. */
  #fetch(): void {
    const { metadata } = this.client
    const byLeader = new Map<number, ShareTarget[]>()
    for (const target of this.#assigned) {
      const topic = metadata.topicName(target.topicId)
      const leader = topic === undefined ? -1 : metadata.leader(topic, target.partition)
      if (leader === -1) this.#refresh()
      else byLeader.set(leader, [...(byLeader.get(leader) ?? []), target])
    }
    for (const [leader, targets] of byLeader) {
      const broker = this.#broker(leader)
      if (!broker.isFetching) void this.#fetchFrom(broker, targets)
    }
  }

  async #fetchFrom(broker: ShareBroker, targets: readonly ShareTarget[]): Promise<void> {
    broker.isFetching = true
    try {
      const partitions = await broker.fetch(targets)
      await this.#accept(broker, partitions)
      this.#failures = 0
    } catch (error) {
      if (mayPass(error)) await this.#refresh()
      else this.#fail(error as Error)
    } finally {
      broker.isFetching = false
      this.#wake()
    }
  }

  async #accept(broker: ShareBroker, partitions: readonly FetchedPartition[]): Promise<void> {
    const batches: ShareBatch[] = []
    for (const each of partitions) {
      if (each.errorCode !== ErrorCode.NONE) {
        const error = new KafkaError(errorName(each.errorCode), each.errorMessage ?? undefined)
        if (!mayPass(error)) {
          this.client.noteDenied(ApiKey.shareFetch, each.errorCode, this.client.metadata.topicName(each.topicId) ?? '')
          throw error
        }
        void this.#refresh()
        continue
      }
      const topic = this.client.metadata.topicName(each.topicId)
      if (topic === undefined || each.acquiredRecords.length === 0) continue
      const records = each.records ?? Buffer.alloc(0)
      await loadCodecsFor(records)
      const acquired = each.acquiredRecords.map(({ firstOffset, lastOffset, deliveryCount }) => ({
        firstOffset: Number(firstOffset),
        lastOffset: Number(lastOffset),
        deliveryCount,
      }))
      const { partition } = each
      const checkCrcs = this.#options.checkCrcs ?? true
      const split = splitAcquired(records, acquired, { topic, partition, brokerId: broker.id, checkCrcs })
      for (const gap of split.gaps) broker.pending.add(each, gap, 'gap')
      batches.push(...split.batches)
    }
    if (batches.length > 0) this.#ready.push(batches)
  }

  /** Looks for leaders again after a pause, once for all who want it. */
  async #refresh(): Promise<void> {
    if (this.#refreshing || this.#closed) return
    this.#refreshing = true
    const { clock, random } = this.client.options
    try {
      await sleep(clock, backoffMs(this.#failures++, random))
      if (!this.#closed) await this.client.refreshMetadata(this.#options.topics)
    } catch (error) {
      if (!mayPass(error)) this.#fail(error as Error)
    } finally {
      this.#refreshing = false
      this.#wake()
    }
  }

  #fail(error: Error): void {
    if (this.#closed) return
    this.#failure ??= error
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof ConnectionFailure) return error.reason !== 'released'
  if (error instanceof KafkaError)
    return error.code === ErrorCode.BROKER_NOT_AVAILABLE || errorInfo(error.code).retriable
  return error instanceof KtError && (error.kind === 'unreachable' || error.kind === 'timeout')
}
