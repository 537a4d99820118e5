/** One run of the acknowledgement laboratory: real brokers are paused and killed while a real producer sends. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import type { ClientOptions, TopicDescription } from '../../client/admin-types.ts'
import { Producer } from '../../client/producer.ts'
import { readRecords } from '../../learn/facts/records.ts'
import { type Acks, type AcksRun, acksTopic, type Delivery, orderValue, tallyAcks } from '../../learn/lab/acks.ts'
import type { Place } from '../learn/place.ts'
import { pause } from '../pause.ts'
import { interrupted, type LabNodes, until } from './nodes.ts'

export interface AcksParts {
  readonly place: Place
  readonly nodes: LabNodes
  readonly context: Pick<CommandContext, 'clock' | 'signal'>
  /** How many records; the leader dies when half of them are sent. */
  readonly count: number
  readonly say: (line: string) => void
}

/** The followers may be silent for less than the session of a broker (2 s here), or they would leave the ISR. */
const SILENCE_MS = 700
const CHUNKS = 20
const LEADER_LIMIT_MS = 15_000
const WHOLE_LIMIT_MS = 40_000
/** A machine that is too busy lets the followers' sessions end before the leader is killed. */
const TRIES = 3

/** Throws `KtError` when the experiment could not be brought about. */
export async function acksExperiment(acks: Acks, parts: AcksParts): Promise<AcksRun> {
  for (let left = TRIES; ; left--) {
    try {
      return await once(acks, parts)
    } catch (error) {
      const isTooSlow = error instanceof KtError && error.kind === 'timeout'
      if (!isTooSlow || left === 1) throw error
      parts.say(`acks=${acks}: ${error.message}; once more`)
      await parts.nodes.stage.heal()
      await parts.nodes.stage.startAll()
    }
  }
}

async function once(acks: Acks, parts: AcksParts): Promise<AcksRun> {
  const { place, nodes, say } = parts
  await nodes.stage.heal()
  await nodes.stage.startAll()
  const topic = acksTopic(acks)
  const { leader, followers } = await freshTopic(topic, parts)
  const delivery = await deliver({ acks, topic, leader, followers }, await place.connection(), parts)
  await nodes.stage.startAll()
  say(`acks=${acks}: broker ${leader} is started again; it throws away what the new leader has not got`)
  await whole(topic, parts)
  const records = await readRecords(await place.connection(), topic, [0], parts.context.clock)
  return tallyAcks(
    delivery,
    records.map(({ value }) => value),
  )
}

/** One partition, three replicas, all of them in sync and nothing in it. */
async function freshTopic(topic: string, parts: AcksParts): Promise<{ leader: number; followers: number[] }> {
  const { place, context } = parts
  await until(context, LEADER_LIMIT_MS, `the topic ${topic} of an earlier run is deleted`, async () => {
    const admin = await place.admin()
    await admin.deleteTopics([topic])
    return (await admin.listTopics()).some(({ name }) => name === topic) ? null : true
  })
  await until(context, LEADER_LIMIT_MS, `a topic ${topic} is made`, async () => {
    const admin = await place.admin()
    const made = (await admin.createTopics([{ name: topic, partitions: 1, replicationFactor: 3 }])).get(topic)
    return made?.ok || made?.error.name === 'TOPIC_ALREADY_EXISTS' ? true : null
  })
  return whole(topic, parts)
}

async function whole(topic: string, { place, context }: AcksParts): Promise<{ leader: number; followers: number[] }> {
  const { leader, replicas } = await until(context, WHOLE_LIMIT_MS, `${topic} has three in-sync replicas`, async () => {
    const partition = (await describe(place, topic))?.partitions[0]
    return partition !== undefined && partition.leader !== -1 && partition.isr.length === 3 ? partition : null
  })
  return { leader, followers: replicas.filter((id) => id !== leader) }
}

async function describe(place: Place, topic: string): Promise<TopicDescription | null> {
  const found = (await (await place.admin()).describeTopics([topic])).get(topic)
  return found?.ok ? found.value : null
}

interface Scene {
  readonly acks: Acks
  readonly topic: string
  readonly leader: number
  readonly followers: readonly number[]
}

/** Sends half of the records while the followers hang, kills the leader, lets the followers go on, and sends the rest. */
async function deliver(scene: Scene, connection: ClientOptions, parts: AcksParts): Promise<Delivery> {
  const { acks, topic, leader, followers } = scene
  const { count, say, nodes, context } = parts
  const outbox = new Outbox(topic, new Producer(connection, { acks: acks === 'all' ? 'all' : acks === '0' ? 0 : 1 }))
  try {
    await outbox.warmUp()
    interrupted(context.signal)
    say(`acks=${acks}: broker ${leader} leads ${topic}; its followers ${followers.join(' and ')} are paused`)
    await nodes.stage.pause(followers)
    const half = Math.floor(count / 2)
    await outbox.send(1, half, parts)
    await nodes.stage.kill([leader])
    const killedAt = context.clock.monotonic()
    await nodes.stage.heal()
    say(`acks=${acks}: ${half} of ${count} orders sent, broker ${leader} killed, the followers go on`)
    await outbox.send(half + 1, count, parts)
    const newLeader = await until(
      context,
      LEADER_LIMIT_MS,
      `another broker than ${leader} leads ${topic}`,
      async () => {
        const id = (await describe(parts.place, topic))?.partitions[0]?.leader ?? -1
        return id === -1 || id === leader ? null : id
      },
    )
    const leaderlessMs = Math.round(context.clock.monotonic() - killedAt)
    return { acks, topic, leader, newLeader, leaderlessMs, sent: count, ...(await outbox.outcome(context.signal)) }
  } finally {
    await outbox.close()
  }
}

/** What a producer was given, and what it said of it. */
class Outbox {
  readonly #topic: string
  readonly #producer: Producer
  readonly #reported: number[] = []
  readonly #sending: Promise<void>[] = []
  #failed = 0

  constructor(topic: string, producer: Producer) {
    this.#topic = topic
    this.#producer = producer
  }

  /** Knows the leader before anybody hangs. */
  async warmUp(): Promise<void> {
    await this.#producer.topic(this.#topic)
  }

  /** In small portions, so that many requests travel. */
  async send(from: number, to: number, { context, count }: AcksParts): Promise<void> {
    const portion = Math.max(1, Math.ceil(count / CHUNKS))
    for (let number = from; number <= to; number++) {
      const sent = this.#producer.send({ topic: this.#topic, key: null, value: Buffer.from(orderValue(number)) })
      const done = (): void => void this.#reported.push(number)
      const refused = (): void => void this.#failed++
      this.#sending.push(sent.then(done, refused))
      if (number % portion === 0) await pause(context.clock, (2 * SILENCE_MS) / CHUNKS, context.signal)
      interrupted(context.signal)
    }
  }

  async outcome(signal: AbortSignal): Promise<{ reported: readonly number[]; failed: number }> {
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    await Promise.race([Promise.all(this.#sending), ended])
    interrupted(signal)
    return { reported: this.#reported, failed: this.#failed }
  }

  close(): Promise<void> {
    return this.#producer.close(0)
  }
}
