/**
 * A look at the cluster and at this machine, for somebody who has just failed: nothing is changed, nothing is started,
 * and what does not answer is null.
 */
import { connect } from 'node:net'
import { nearest } from '../../cli/nearest.ts'
import type {
  Admin,
  ClientOptions,
  ClusterDescription,
  CommittedOffset,
  ConfigResourceType,
  GroupDescription,
  TopicDescription,
  TopicPartition,
} from '../../client/admin-types.ts'

/** A cluster that can be asked. */
export interface Live {
  readonly admin: Admin
  /** Where it was found, `localhost:9092`. */
  readonly servers: string
  /** How it is connected to, for who reads records. */
  readonly connection?: ClientOptions
}

export interface LookParts {
  /** Called with the first question; null when none answers. */
  readonly live: () => Promise<Live | null>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** First and next offset of a partition; null where nobody answers. */
export interface Range {
  readonly partition: number
  readonly start: number | null
  readonly end: number | null
}

export type PortState = 'open' | 'closed' | 'silent' | 'unknown host'

/** A port of this machine answers at once; one behind a firewall never. */
const PROBE_MS = 500

export class Look {
  readonly #parts: LookParts
  readonly #known = new Map<string, Promise<unknown>>()

  constructor(parts: LookParts) {
    this.#parts = parts
  }

  get env(): LookParts['env'] {
    return this.#parts.env
  }

  now(): number {
    return this.#parts.now()
  }

  live(): Promise<Live | null> {
    return this.#once('live', this.#parts.live)
  }

  cluster(): Promise<ClusterDescription | null> {
    return this.ask('cluster', (admin) => admin.describeCluster())
  }

  async topicNames(): Promise<readonly string[] | null> {
    const topics = await this.ask('topics', (admin) => admin.listTopics())
    return topics?.map(({ name }) => name).sort() ?? null
  }

  /** Topics that are spelled nearly so. */
  async nearTopics(name: string): Promise<readonly string[]> {
    const names = (await this.topicNames()) ?? []
    return nearest(name, new Set(names.filter((each) => each !== name && !each.startsWith('__'))))
  }

  /** 'absent' when the cluster knows no such topic. */
  async topic(name: string): Promise<TopicDescription | 'absent' | null> {
    const found = (await this.ask(`topic ${name}`, (admin) => admin.describeTopics([name])))?.get(name)
    if (found === undefined) return null
    if (found.ok) return found.value
    return found.error.name === 'UNKNOWN_TOPIC_OR_PARTITION' ? 'absent' : null
  }

  /** Values by name; empty when it is not told. */
  async configs(
    type: ConfigResourceType,
    name: string,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, string | null>> {
    const key = `configs ${type} ${name} ${names.join()}`
    const [outcome] = (await this.ask(key, (admin) => admin.describeConfigs([{ type, name }], { names }))) ?? []
    return new Map(outcome?.ok ? outcome.value.map((entry) => [entry.name, entry.value]) : [])
  }

  /** A setting of the first broker that is in service. */
  async brokerSetting(name: string): Promise<string | null> {
    const broker = (await this.cluster())?.brokers[0]
    if (broker === undefined) return null
    return (await this.configs('BROKER', String(broker.id), [name])).get(name) ?? null
  }

  /** Of the partitions that have a leader; the others are null. */
  async ranges(topic: string, isolation?: 'read_committed'): Promise<readonly Range[]> {
    const description = await this.topic(topic)
    if (description === null || description === 'absent') return []
    const led = description.partitions.filter(({ leader }) => leader >= 0).map(({ partition }) => partition)
    const of = async (spec: 'earliest' | 'latest'): Promise<Map<number, number>> => {
      const asked = led.map((partition) => ({ topic, partition, spec }))
      const key = `${spec} ${topic} ${isolation}`
      const options = isolation === undefined ? {} : { isolation }
      const answers = led.length === 0 ? [] : await this.ask(key, (admin) => admin.listOffsets(asked, options))
      return new Map((answers ?? []).flatMap((each, at) => (each.ok ? [[led[at]!, each.value.offset]] : [])))
    }
    const [starts, ends] = await Promise.all([of('earliest'), of('latest')])
    return description.partitions.map(({ partition }) => ({
      partition,
      start: starts.get(partition) ?? null,
      end: ends.get(partition) ?? null,
    }))
  }

  /** 'absent' when there is no such group. */
  async group(groupId: string): Promise<GroupDescription | 'absent' | null> {
    const found = (await this.ask(`group ${groupId}`, (admin) => admin.describeGroups([groupId])))?.get(groupId)
    if (found === undefined) return null
    if (!found.ok) return found.error.name === 'GROUP_ID_NOT_FOUND' ? 'absent' : null
    return found.value.state === 'Dead' ? 'absent' : found.value
  }

  async groupNames(): Promise<readonly string[] | null> {
    const groups = await this.ask('groups', (admin) => admin.listGroups())
    return groups?.map(({ groupId }) => groupId).sort() ?? null
  }

  async committed(groupId: string): Promise<readonly (TopicPartition & CommittedOffset)[]> {
    const found = await this.ask(`offsets ${groupId}`, (admin) => admin.listGroupOffsets([groupId]))
    const outcome = found?.get(groupId)
    return outcome?.ok ? outcome.value.filter(({ offset }) => offset >= 0) : []
  }

  /** Any other question; null when nobody answers it. `key` names it, so that it is asked once. */
  ask<T>(key: string, question: (admin: Admin) => Promise<T>): Promise<T | null> {
    return this.#once(key, async () => {
      const live = await this.live()
      return live === null ? null : await question(live.admin)
    })
  }

  /** Tries to connect, and hangs up. */
  port(host: string, port: number): Promise<PortState> {
    return this.#once(`port ${host} ${port}`, () => probe(host, port)).then((state) => state ?? 'silent')
  }

  /** `pid 4711 (java ...)`; null when it is not to be told. */
  async holder(port: number): Promise<string | null> {
    const { portHolder } = await import('../../cluster/port-holder.ts')
    return portHolder(port)
  }

  #once<T>(key: string, work: () => Promise<T>): Promise<T | null> {
    let known = this.#known.get(key) as Promise<T | null> | undefined
    known ??= work().catch(() => null)
    this.#known.set(key, known)
    return known
  }
}

function probe(host: string, port: number): Promise<PortState> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (state: PortState): void => {
      socket.destroy()
      resolve(state)
    }
    socket.setTimeout(PROBE_MS, () => end('silent'))
    socket.once('connect', () => end('open'))
    socket.once('error', ({ code }: Error & { code?: string }) => {
      if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') end('unknown host')
      else end(code === 'ECONNREFUSED' ? 'closed' : 'silent')
    })
  })
}
