/** The producers of a session and the partitions that are watched: steps change them here, and nowhere else. */
import { KtError } from '../../base/errors.ts'
import { listGroupOffsets } from '../../client/admin/group-offsets.ts'
import { listOffsets } from '../../client/admin/offsets.ts'
import { describeTransactions } from '../../client/admin/transactions.ts'
import type { TopicPartition } from '../../client/admin-types.ts'
import type { ClusterClient } from '../../client/cluster-client.ts'
import { fetchIsolated } from '../../client/isolated-fetch.ts'
import { Producer, type RecordMetadata } from '../../client/producer.ts'
import { sleep } from '../../client/retry.ts'
import type { TransactionDescription } from '../../client/transaction-types.ts'
import { loadCodecsFor } from '../../protocol/records/record.ts'
import { type PartitionView, partitionView } from './log-view.ts'
import type { Action, RecordToWrite } from './parse-step.ts'

/** A person waits for each step. */
const MAX_BLOCK_MS = 15_000
/** Markers are written after the coordinator has answered: usually within milliseconds. */
const SETTLE_MS = 5_000
const SETTLE_POLL_MS = 20
/** More partitions than a screen has room for. */
const MAX_WATCHED = 24
/** Names of producers that somebody can keep apart. */
const MAX_PRODUCERS = 20
/** Writes outside of any transaction. */
export const PLAIN = 'plain'

export interface Actor {
  readonly name: string
  /** null: writes without transactions. */
  readonly transactionalId: string | null
  producer: Producer | null
  isOpen: boolean
  /** Id and epoch that it has had, the newest last: records in the log carry them. */
  readonly identities: { readonly producerId: bigint; readonly epoch: number }[]
}

/** Offsets that a group has, and those that wait in a transaction. */
export interface GroupView {
  readonly groupId: string
  readonly offsets: readonly (TopicPartition & { readonly committed: number | null; readonly pending: number | null })[]
}

/** All there is to see after a step. */
export interface StageView {
  readonly actors: readonly Actor[]
  /** As coordinators know them, by transactional id; those they do not know are left out. */
  readonly transactions: ReadonlyMap<string, TransactionDescription>
  readonly partitions: readonly PartitionView[]
  readonly groups: readonly GroupView[]
}

export interface StageOptions {
  readonly transactionTimeoutMs: number
  /** How many offsets are shown of each partition, from its end. */
  readonly last: number
}

export class Stage {
  readonly #client: ClusterClient
  readonly #options: StageOptions
  readonly #actors = new Map<string, Actor>()
  readonly #watched = new Map<string, TopicPartition>()
  /** By group, then `topic:partition`: what waits, and in whose transaction. */
  readonly #pending = new Map<string, Map<string, TopicPartition & { offset: number; actor: string }>>()
  /** Who acts when a line does not say it. */
  current = 'A'

  constructor(client: ClusterClient, options: StageOptions) {
    this.#client = client
    this.#options = options
  }

  /** Looks at all partitions of a topic from now on. Throws `not-found`. */
  async watch(topic: string): Promise<void> {
    const count = await this.#partitionsOf(topic)
    for (let partition = 0; partition < count; partition++) this.#see({ topic, partition })
  }

  /** Does what a step says; resolves to where its records are. Rejects with what Kafka or the client refuses. */
  async act(name: string, action: Action): Promise<readonly RecordMetadata[]> {
    if (action.verb === 'as') {
      this.#actor(name, action.transactionalId)
      this.current = name
      return []
    }
    const actor = this.#actor(name)
    if (action.verb === 'write') return this.#write(actor, action.records)
    if (action.verb === 'init') await this.#init(actor)
    else if (action.verb === 'begin') await this.#begin(actor)
    else if (action.verb === 'commit' || action.verb === 'abort') await this.#end(actor, action.verb === 'commit')
    else if (action.verb === 'offsets') await this.#offsets(actor, action.groupId, action.offsets)
    return []
  }

  /** The producer of a name, made at its first mention; its transactional id cannot change. */
  #actor(name: string, transactionalId?: string): Actor {
    const known = this.#actors.get(name)
    if (known !== undefined) {
      if (transactionalId === undefined || transactionalId === known.transactionalId) return known
      throw new KtError('usage', `${name} has the transactional id ${known.transactionalId ?? '(none)'} already`)
    }
    if (this.#actors.size >= MAX_PRODUCERS) throw new KtError('usage', `${MAX_PRODUCERS} producers are enough`)
    const id = name === PLAIN ? null : (transactionalId ?? `kt-transact-${name}`)
    const actor: Actor = { name, transactionalId: id, producer: null, isOpen: false, identities: [] }
    this.#actors.set(name, actor)
    return actor
  }

  /** A new producer: what an earlier one of this id has open is aborted by the coordinator, and that one is fenced. */
  async #init(actor: Actor): Promise<Producer> {
    const { transactionalId } = actor
    if (transactionalId === null) throw new KtError('usage', `${PLAIN} writes without transactions`)
    await actor.producer?.close(0)
    actor.producer = null
    actor.isOpen = false
    const { transactionTimeoutMs } = this.#options
    const options = { transactionalId, transactionTimeoutMs, lingerMs: 0, maxBlockMs: MAX_BLOCK_MS }
    const producer = new Producer(this.#client, options)
    await producer.initTransactions()
    actor.producer = producer
    const { producerId, epoch } = producer.producerState!
    actor.identities.push({ producerId, epoch })
    this.#forgetPending(actor)
    return producer
  }

  async #begin(actor: Actor): Promise<void> {
    if (actor.isOpen)
      throw new KtError('usage', `${actor.name} has begun a transaction already`, { next: 'commit or abort' })
    const producer = actor.producer ?? (await this.#init(actor))
    producer.beginTransaction()
    actor.isOpen = true
  }

  async #write(actor: Actor, records: readonly RecordToWrite[]): Promise<readonly RecordMetadata[]> {
    const producer = actor.transactionalId === null ? this.#plainProducer(actor) : this.#open(actor)
    for (const topic of new Set(records.map((record) => record.topic))) {
      const count = await this.#partitionsOf(topic)
      const wrong = records.find((record) => record.topic === topic && (record.partition ?? 0) >= count)
      if (wrong === undefined) continue
      throw new KtError('usage', `${topic} has no partition ${wrong.partition}`, {
        facts: [`it has 0 to ${count - 1}`],
      })
    }
    const sent = records.map(({ topic, partition, key, value }) =>
      producer.send({
        ...{ topic, key: key === null ? null : Buffer.from(key), value: Buffer.from(value) },
        ...(partition === undefined ? {} : { partition }),
      }),
    )
    const outcomes = await Promise.allSettled(sent)
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    const delivered = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    for (const { topic, partition } of delivered) this.#see({ topic, partition })
    return delivered
  }

  #plainProducer(actor: Actor): Producer {
    actor.producer ??= new Producer(this.#client, { lingerMs: 0, maxBlockMs: MAX_BLOCK_MS })
    return actor.producer
  }

  #open({ name, producer, isOpen }: Actor): Producer {
    if (producer !== null && isOpen) return producer
    const facts = [`without a transaction: ${PLAIN}> write ...`]
    throw new KtError('usage', `${name} has no transaction open`, { facts, next: 'begin' })
  }

  async #offsets(
    actor: Actor,
    groupId: string,
    offsets: readonly (TopicPartition & { readonly offset: number })[],
  ): Promise<void> {
    await this.#open(actor).sendOffsetsToTransaction(groupId, offsets)
    const waiting = this.#pending.get(groupId) ?? new Map()
    this.#pending.set(groupId, waiting)
    for (const each of offsets) waiting.set(`${each.topic}:${each.partition}`, { ...each, actor: actor.name })
  }

  async #end(actor: Actor, committed: boolean): Promise<void> {
    const producer = this.#open(actor)
    await (committed ? producer.commitTransaction() : producer.abortTransaction())
    actor.isOpen = false
    this.#forgetPending(actor)
  }

  #forgetPending({ name }: Actor): void {
    for (const waiting of this.#pending.values()) {
      for (const [key, { actor }] of waiting) if (actor === name) waiting.delete(key)
    }
  }

  /** Aborts what is open and closes everything; resolves to the names of those whose transaction was aborted. */
  async close(): Promise<string[]> {
    const aborted: string[] = []
    for (const actor of this.#actors.values()) {
      if (actor.producer !== null && actor.isOpen) {
        const isDone = await actor.producer.abortTransaction().then(
          () => true,
          () => false,
        )
        if (isDone) aborted.push(actor.name)
      }
      await actor.producer?.close(0)
    }
    return aborted
  }

  /** What coordinators, partitions and groups say now. Waits for the markers of what has just ended. */
  async look(): Promise<StageView> {
    const transactions = await this.#settled()
    const watched = [...this.#watched.values()].sort(
      (left, right) => left.topic.localeCompare(right.topic) || left.partition - right.partition,
    )
    const partitions = await Promise.all(watched.map((each) => this.#lookAt(each)))
    const groups = await this.#lookAtGroups()
    return { actors: [...this.#actors.values()], transactions, partitions, groups }
  }

  async #settled(): Promise<Map<string, TransactionDescription>> {
    const ids = [...this.#actors.values()].flatMap(({ transactionalId }) => transactionalId ?? [])
    const { clock } = this.#client.options
    const until = clock.monotonic() + SETTLE_MS
    for (;;) {
      const answers = ids.length === 0 ? new Map() : await describeTransactions(this.#client, [...new Set(ids)])
      const known = new Map<string, TransactionDescription>()
      for (const [id, outcome] of answers) if (outcome.ok) known.set(id, outcome.value)
      const isEnding = [...known.values()].some(({ state }) => state.startsWith('Prepare'))
      if (!isEnding || clock.monotonic() >= until) return known
      await sleep(clock, SETTLE_POLL_MS)
    }
  }

  async #lookAt(partition: TopicPartition): Promise<PartitionView> {
    // The bounds first: what is shown begins where they say.
    const specs = (['earliest', 'latest'] as const).map((spec) => ({ ...partition, spec }))
    const found = await listOffsets(this.#client, specs)
    const [start = 0, end = 0] = found.map((outcome) => (outcome.ok ? outcome.value.offset : 0))
    const from = Math.max(start, end - this.#options.last)
    const uncommitted = await fetchIsolated(this.#client, partition, from, 'read_uncommitted')
    const committed = await fetchIsolated(this.#client, partition, from, 'read_committed')
    await loadCodecsFor(uncommitted.records)
    await loadCodecsFor(committed.records)
    return partitionView(partition, from, uncommitted, committed)
  }

  async #lookAtGroups(): Promise<GroupView[]> {
    const views: GroupView[] = []
    for (const [groupId, waiting] of this.#pending) {
      const found = await listGroupOffsets(this.#client, [groupId])
      const outcome = found.get(groupId)
      const committed = outcome?.ok ? outcome.value : []
      const offsets = new Map(
        committed.map((each) => [`${each.topic}:${each.partition}`, { ...each, committed: each.offset }]),
      )
      const keys = [...new Set([...offsets.keys(), ...waiting.keys()])].sort()
      views.push({
        groupId,
        offsets: keys.map((key) => {
          const { topic, partition } = waiting.get(key) ?? offsets.get(key)!
          return {
            topic,
            partition,
            committed: offsets.get(key)?.committed ?? null,
            pending: waiting.get(key)?.offset ?? null,
          }
        }),
      })
    }
    return views
  }

  #see(partition: TopicPartition): void {
    const key = `${partition.topic}:${partition.partition}`
    if (this.#watched.size < MAX_WATCHED) this.#watched.set(key, partition)
  }

  async #partitionsOf(topic: string): Promise<number> {
    const known = this.#client.metadata.topic(topic)
    if (known !== undefined) return known.partitions.length
    const codes = await this.#client.retrying('Metadata', () => this.#client.refreshMetadata([topic]))
    const found = this.#client.metadata.topic(topic)
    if (found !== undefined && !codes.has(topic)) return found.partitions.length
    throw new KtError('not-found', `There is no topic ${topic}`, { next: `kt topics --create --topic ${topic}` })
  }
}
