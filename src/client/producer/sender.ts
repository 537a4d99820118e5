/**
 * Takes batches from the partition queues to their leaders: one batch per partition and request, a few requests in
 * flight per broker. It runs when something has changed (a batch filled, an answer came, a timer fired) and then stops;
 * nothing polls.
 */
import type { Timer } from '../../base/clock.ts'
import { KtError } from '../../base/errors.ts'
import { ZERO_UUID } from '../../base/uuid.ts'
import { produce } from '../../protocol/messages/00-produce.ts'
import type { BatchBuilder } from '../../protocol/records/batch-builder.ts'
import type { Codec } from '../../protocol/records/compression.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import type { Connection } from '../connection.ts'
import type { ProducerBatch } from './batch.ts'
import { type Deliveries, mayPassForProducer } from './delivery.ts'
import type { MemoryBudget } from './memory.ts'
import type { ResolvedProducerOptions } from './options.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { ProducerIdentity } from './producer-id.ts'
import { answerProduce, type Shipment } from './shipment.ts'
import { LAST_PRODUCE_OF_FIRST_KIND, type Transaction } from './transaction.ts'

/** A leader we send to. */
interface Broker {
  readonly id: number
  connection: Connection | null
  connecting: boolean
  inFlight: number
}

/** The newest Produce version that names topics; later ones carry their id. */
const LAST_WITH_NAMES = 12
const METADATA_PAUSE_MS = 100
/** `metadata.max.age.ms`: partitions that were added are found within this time. */
const METADATA_MAX_AGE_MS = 300_000

export interface SenderParts {
  readonly client: ClusterClient
  readonly options: ResolvedProducerOptions
  readonly identity: ProducerIdentity | null
  readonly transaction: Transaction | null
  readonly deliveries: Deliveries
  readonly memory: MemoryBudget
  readonly codec: () => Codec
  /** Gets the builder of a sealed batch back. */
  readonly recycle: (builder: BatchBuilder, batch: ProducerBatch) => void
  /** Topics whose metadata may have changed. */
  readonly onMetadata: () => void
}

export class Sender {
  private readonly parts: SenderParts
  private readonly queues = new Set<PartitionQueue>()
  private readonly brokers = new Map<number, Broker>()
  private scheduled = false
  private timer: Timer | null = null
  private refreshing = false
  private refreshedAt: number
  private fatal: Error | null = null
  /** Batches leave now, full or not, while someone flushes. */
  flushing = 0

  constructor(parts: SenderParts) {
    this.parts = parts
    this.refreshedAt = parts.client.options.clock.monotonic()
  }

  /** The producer can send nothing any more (a refused login, a missing right). */
  get fatalError(): Error | null {
    return this.fatal
  }

  /** A queue has something to send, now or when it has lingered. */
  add(queue: PartitionQueue): void {
    this.queues.add(queue)
    this.wake()
  }

  /** Runs soon, once, however often it is called until then. */
  wake(): void {
    if (this.scheduled) return
    this.scheduled = true
    queueMicrotask(() => {
      this.scheduled = false
      this.run()
    })
  }

  private run(): void {
    this.timer?.cancel()
    this.timer = null
    const now = this.parts.client.options.clock.monotonic()
    let nextAt = Number.POSITIVE_INFINITY
    const byBroker = new Map<Broker, PartitionQueue[]>()
    for (const queue of this.queues) {
      if (queue.isIdle) {
        this.queues.delete(queue)
        continue
      }
      this.expire(queue)
      if (!this.sequenceReady(queue)) continue
      const readyAt = this.readyAt(queue, now)
      if (readyAt > now) nextAt = Math.min(nextAt, readyAt)
      else this.assign(queue, byBroker)
    }
    if (this.queues.size > 0 && now - this.refreshedAt > METADATA_MAX_AGE_MS) this.refreshMetadata()
    for (const [broker, queues] of byBroker) nextAt = Math.min(nextAt, this.sendTo(broker, queues, now))
    if (nextAt !== Number.POSITIVE_INFINITY) this.wakeAt(nextAt, now)
  }

  private wakeAt(at: number, now: number): void {
    this.timer = this.parts.client.options.clock.setTimer(Math.max(1, Math.ceil(at - now)), () => this.run())
  }

  private expire(queue: PartitionQueue): void {
    const { deliveries } = this.parts
    for (let head = queue.waiting[0]; head !== undefined && deliveries.isExpired(head); head = queue.waiting[0]) {
      deliveries.expired(queue, head)
    }
  }

  /** False while the idempotent producer has no id, or this partition waits for a new epoch. */
  private sequenceReady(queue: PartitionQueue): boolean {
    const { identity } = this.parts
    if (identity === null) return true
    // After an abort the id is a new one, under which the sequence may start again.
    const isStuck = !identity.mayBump && identity.current !== null && queue.isOf(identity.current)
    if (queue.needsNewEpoch && isStuck) {
      this.failAll(new KtError('kafka', 'A batch of the transaction was not sent: it cannot be committed any more'))
      return false
    }
    if (queue.needsNewEpoch && identity.mayBump) {
      const bumped = identity.bump()
      if (bumped !== null) queue.restart(bumped)
    }
    if (identity.current !== null) {
      if (queue.needsNewEpoch) queue.restart(identity.current)
      return true
    }
    identity.ensure().then(
      () => this.wake(),
      (error: Error) => this.failAll(error),
    )
    return false
  }

  /** Monotonic time at which the next batch of the queue should leave; infinity while it waits for an answer. */
  private readyAt(queue: PartitionQueue, now: number): number {
    const batch = queue.sendable()
    const { options, memory } = this.parts
    if (batch === null) return Number.POSITIVE_INFINITY
    if (batch.retryAt > now) return batch.retryAt
    const urgent = batch.open === null || this.flushing > 0 || memory.exhausted
    return urgent ? now : Math.min(batch.createdAt + options.lingerMs, batch.createdAt + options.deliveryTimeoutMs)
  }

  private assign(queue: PartitionQueue, byBroker: Map<Broker, PartitionQueue[]>): void {
    const leader = this.parts.client.metadata.leader(queue.topic, queue.partition)
    if (leader === -1) {
      this.refreshMetadata()
      return
    }
    const { transaction } = this.parts
    const isAdmitted = transaction?.admits(
      queue,
      () => this.wake(),
      (error) => this.failAll(error),
    )
    if (isAdmitted === false) return
    let broker = this.brokers.get(leader)
    if (broker === undefined) {
      broker = { id: leader, connection: null, connecting: false, inFlight: 0 }
      this.brokers.set(leader, broker)
    }
    const queues = byBroker.get(broker)
    if (queues === undefined) byBroker.set(broker, [queue])
    else queues.push(queue)
  }

  /** Fills the broker's window; returns when to come back for what did not fit, infinity when an answer will tell. */
  private sendTo(broker: Broker, queues: PartitionQueue[], now: number): number {
    const { maxInFlightPerBroker } = this.parts.options
    const { connection } = broker
    if (connection === null || !connection.isOpen || now >= connection.retireAt) {
      this.connect(broker, queues)
      return Number.POSITIVE_INFINITY
    }
    if (connection.throttledUntil > now) return connection.throttledUntil
    let ready = queues
    while (ready.length > 0 && broker.inFlight < maxInFlightPerBroker) {
      const shipment = this.load(ready, now)
      if (shipment.length === 0) break
      this.ship(broker, connection, shipment)
      ready = ready.filter((queue) => this.readyAt(queue, now) <= now)
    }
    return Number.POSITIVE_INFINITY
  }

  /** At most one batch of each partition, as many as a request may hold. */
  private load(queues: readonly PartitionQueue[], now: number): Shipment {
    const { options, identity } = this.parts
    const shipment: Shipment = []
    let bytes = 0
    for (const queue of queues) {
      const batch = queue.sendable()
      if (batch === null || batch.retryAt > now) continue
      if (shipment.length > 0 && bytes + batch.sizeInBytes > options.maxRequestSizeBytes) continue
      if (!queue.take(identity?.current ?? null)) continue
      this.seal(batch)
      batch.attempts += 1
      bytes += batch.sizeInBytes
      shipment.push({ queue, batch })
      // To the back of the line, so that partitions beyond the request's size have their turn next.
      this.queues.delete(queue)
      this.queues.add(queue)
    }
    return shipment
  }

  private seal(batch: ProducerBatch): void {
    if (batch.isSealed) return
    const { codec, options, recycle } = this.parts
    recycle(batch.seal(codec(), options.compressionLevel), batch)
  }

  private connect(broker: Broker, queues: readonly PartitionQueue[]): void {
    if (broker.connecting) return
    broker.connecting = true
    this.parts.client.connection(toBroker(broker.id)).then(
      (connection) => {
        broker.connecting = false
        broker.connection = connection
        this.wake()
      },
      (error: Error) => {
        broker.connecting = false
        this.cannotConnect(queues, error)
      },
    )
  }

  /** Each waiting head counts the failure as an attempt; what may not pass ends the producer. */
  private cannotConnect(queues: readonly PartitionQueue[], error: Error): void {
    const { deliveries } = this.parts
    if (!mayPassForProducer(error)) {
      this.failAll(error)
      return
    }
    for (const queue of queues) {
      const head = queue.sendable()
      if (head === null || !queue.take(null)) continue
      this.seal(head)
      head.attempts += 1
      deliveries.unanswered(queue, head, error)
    }
    this.refreshMetadata()
    this.wake()
  }

  private ship(broker: Broker, connection: Connection, shipment: Shipment): void {
    broker.inFlight += 1
    this.request(connection, shipment)
      .then(
        (answer) => {
          const stale = answerProduce(this.parts.deliveries, this.parts.client.metadata, shipment, answer)
          if (stale) this.refreshMetadata()
        },
        (error: unknown) => {
          for (const { queue, batch } of shipment) this.parts.deliveries.unanswered(queue, batch, error)
          this.refreshMetadata()
        },
      )
      .finally(() => {
        broker.inFlight -= 1
        this.wake()
      })
  }

  private request(connection: Connection, shipment: Shipment) {
    const { client, options } = this.parts
    const topics = new Map<string, ProducerBatch[]>()
    for (const { batch } of shipment) {
      const batches = topics.get(batch.topic)
      if (batches === undefined) topics.set(batch.topic, [batch])
      else batches.push(batch)
    }
    const topicData = [...topics].map(([name, batches]) => ({
      name,
      topicId: client.metadata.topic(name)?.topicId ?? ZERO_UUID,
      partitionData: batches.map((batch) => ({ index: batch.partition, records: batch.sealedBytes })),
    }))
    const haveIds = topicData.every(({ topicId }) => topicId !== ZERO_UUID)
    const acks = options.acks === 'all' ? -1 : options.acks
    return client.sendOn(
      connection,
      produce,
      { transactionalId: options.transactionalId ?? null, acks, timeoutMs: options.requestTimeoutMs, topicData },
      {
        timeoutMs: options.requestTimeoutMs,
        expectResponse: acks !== 0,
        maxVersion: this.lastVersion(haveIds),
      },
    )
  }

  private lastVersion(haveIds: boolean): number | undefined {
    if (this.parts.transaction !== null) return LAST_PRODUCE_OF_FIRST_KIND
    return haveIds ? undefined : LAST_WITH_NAMES
  }

  /** One refresh at a time, then a pause, so that a partition without a leader does not make us ask without end. */
  private refreshMetadata(): void {
    if (this.refreshing) return
    this.refreshing = true
    const { client, onMetadata } = this.parts
    const topics = [...new Set([...this.queues].map(({ topic }) => topic))]
    const again = (): void => {
      client.options.clock.setTimer(METADATA_PAUSE_MS, () => {
        this.refreshing = false
        this.wake()
      })
    }
    this.refreshedAt = client.options.clock.monotonic()
    client.refreshMetadata(topics).then(onMetadata).then(again, again)
  }

  /** Nothing can be sent any more: every batch fails with the same error. */
  failAll(error: Error): void {
    this.fatal ??= error
    for (const queue of this.queues) {
      for (const batch of [...queue.waiting, ...queue.onWire]) this.parts.deliveries.gaveUp(queue, batch, error, true)
    }
    this.queues.clear()
    this.stop()
  }

  /** What failed belonged to a transaction that is aborted: the next one may do better. */
  recovered(): void {
    this.fatal = null
  }

  /** Cancels the timer. */
  stop(): void {
    this.timer?.cancel()
    this.timer = null
  }
}
