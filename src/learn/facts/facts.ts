/**
 * One look at the cluster: what checks ask is read when it is first asked, once, through the admin client alone. So every
 * goal of a look sees the same state, and a look costs no more requests than its goals need.
 */
import type { Clock, Timer } from '../../base/clock.ts'
import type {
  Admin,
  ClientOptions,
  ClusterDescription,
  CommittedOffset,
  ConfigEntry,
  GroupDescription,
  GroupListing,
  LogDirDescription,
  Outcome,
  PartitionReassignment,
  QuorumDescription,
  TopicDescription,
  TopicPartition,
} from '../../client/admin-types.ts'
import { type Isolation, type RecordFact, readRecords } from './records.ts'

/** A node of the bundled cluster as the operating system sees it. */
export interface NodeFact {
  readonly nodeId: number
  readonly isBroker: boolean
  readonly isController: boolean
  readonly state: 'running' | 'paused' | 'stopped'
  readonly pid: number | null
  /** Where its files are. */
  readonly directory: string
}

/** Nodes of the bundled cluster; read anew at each call. */
export type LocalNodes = () => readonly NodeFact[]

/** An Apache Kafka on this machine, for what runs on Java alone. */
export interface KafkaHome {
  readonly directory: string
  /** Path of `bin/NAME`; null where there is none. */
  script(name: string): string | null
  /** Path of the jar of this name, whatever its version; null where there is none. */
  jar(name: string): string | null
}

/** Files of a lesson on the learner's machine, in a directory of its own. */
export interface LessonFiles {
  readonly directory: string
  /** null for one that is not there. */
  read(name: string): string | null
  /** Replaces it as a whole. */
  write(name: string, text: string): void
  /** Deletes the directory. */
  clear(): void
}

/** Other clusters of this machine, made for a lesson; by their names. */
export type ClustersBeside = (name: string) => ClusterAccess | null

/** A leader that lives answers within a few milliseconds. */
const SOON_MS = 400

/** First and next offset of a partition; null where nobody answers for it. */
export interface OffsetRange {
  readonly partition: number
  readonly start: number | null
  readonly end: number | null
}

/**
 * How the cluster is asked. Asked for anew with each look: a local cluster may not run yet, or run on other ports than
 * before. Both reject with a `KtError` where there is nobody to ask.
 */
export interface ClusterAccess {
  admin(): Promise<Admin>
  connection(): Promise<ClientOptions>
}

export interface FactParts {
  readonly cluster: ClusterAccess
  readonly clock: Clock
  /** null on every other cluster than the bundled one. */
  readonly localNodes: LocalNodes | null
  /** null or left out where KAFKA_HOME names none. */
  readonly kafka?: KafkaHome | null
  readonly files?: LessonFiles
  readonly beside?: ClustersBeside
}

export class Facts {
  /** When this look began, in ms since 1970. */
  readonly at: number
  readonly #parts: FactParts
  #admin: Promise<Admin> | undefined
  readonly #known = new Map<string, Promise<unknown>>()
  readonly #beside = new Map<string, Facts | null>()

  constructor(parts: FactParts) {
    this.#parts = parts
    this.at = parts.clock.now()
  }

  cluster(): Promise<ClusterDescription> {
    return this.#once('cluster', async () => (await this.#ask()).describeCluster())
  }

  topicNames(): Promise<readonly string[]> {
    return this.#once('topics', async () => (await (await this.#ask()).listTopics()).map(({ name }) => name).sort())
  }

  /** null for a topic that does not exist. */
  topic(name: string): Promise<TopicDescription | null> {
    return this.#once(`topic ${name}`, async () => {
      const found = (await (await this.#ask()).describeTopics([name])).get(name)
      return valueOr(found, ['UNKNOWN_TOPIC_OR_PARTITION'], null)
    })
  }

  /** Of each partition, in their order; empty for a topic that does not exist. */
  offsets(name: string): Promise<readonly OffsetRange[]> {
    return this.#once(`offsets ${name}`, async () => {
      const partitions = (await this.topic(name))?.partitions ?? []
      // Nobody answers for a partition without a leader, and asking would take until the request is given up.
      const led = partitions.filter(({ leader }) => leader !== -1).map(({ partition }) => partition)
      const admin = await this.#ask()
      const ask = async (spec: 'earliest' | 'latest'): Promise<Map<number, Outcome<{ offset: number }>>> => {
        const asked = led.map((partition) => ({ topic: name, partition, spec }))
        const answers = asked.length === 0 ? [] : await admin.listOffsets(asked)
        return new Map(led.map((partition, at) => [partition, answers[at]!]))
      }
      const [starts, ends] = await Promise.all([ask('earliest'), ask('latest')])
      const offsetOf = (outcome: Outcome<{ offset: number }> | undefined): number | null =>
        outcome?.ok ? outcome.value.offset : null
      return partitions.map(({ partition }) => ({
        partition,
        start: offsetOf(starts.get(partition)),
        end: offsetOf(ends.get(partition)),
      }))
    })
  }

  /** The same, but null for what is not answered at once: a leader that has just died is asked until another one leads. */
  async offsetsSoon(name: string): Promise<readonly OffsetRange[]> {
    const partitions = (await this.topic(name))?.partitions ?? []
    const unknown = partitions.map(({ partition }) => ({ partition, start: null, end: null }))
    let timer: Timer | undefined
    const late = new Promise<readonly OffsetRange[]>((resolve) => {
      timer = this.#parts.clock.setTimer(SOON_MS, () => resolve(unknown))
    })
    return Promise.race([this.offsets(name), late]).finally(() => timer?.cancel())
  }

  /** How many offsets the partitions hold, those without an answer left out. */
  async recordCount(name: string): Promise<number> {
    return (await this.offsets(name)).reduce((sum, { start, end }) => sum + (end ?? 0) - (start ?? 0), 0)
  }

  /** Its records, of the partitions that have a leader. */
  records(name: string, isolation: Isolation = 'read_uncommitted'): Promise<readonly RecordFact[]> {
    return this.#once(`records ${name} ${isolation}`, async () => {
      const led = ((await this.topic(name))?.partitions ?? []).filter(({ leader }) => leader !== -1)
      const { cluster, clock } = this.#parts
      return readRecords(
        await cluster.connection(),
        name,
        led.map(({ partition }) => partition),
        clock,
        isolation,
      )
    })
  }

  /** How far the replicas of a broker reach, `broker/partition` -> log end offset; those that do not tell are left out. */
  replicaEnds(name: string, broker: number): Promise<ReadonlyMap<string, number>> {
    return this.#once(`ends ${name} ${broker}`, async () => {
      const held = ((await this.topic(name))?.partitions ?? []).filter(({ replicas }) => replicas.includes(broker))
      const ends = await (await this.#ask()).listReplicaEnds(
        held.map(({ partition }) => ({ topic: name, partition, broker })),
      )
      return new Map(
        held.flatMap(({ partition }, at) => {
          const end = ends[at]
          return end?.ok ? [[`${broker}/${partition}`, end.value] as const] : []
        }),
      )
    })
  }

  groups(): Promise<readonly GroupListing[]> {
    return this.#once('groups', async () => (await this.#ask()).listGroups())
  }

  /** null for a group that does not exist. */
  group(id: string): Promise<GroupDescription | null> {
    return this.#once(`group ${id}`, async () => {
      if (!(await this.groups()).some(({ groupId }) => groupId === id)) return null
      const found = (await (await this.#ask()).describeGroups([id])).get(id)
      return valueOr(found, ['GROUP_ID_NOT_FOUND'], null)
    })
  }

  /** What a group has committed; empty for a group that does not exist. */
  committed(id: string): Promise<readonly (TopicPartition & CommittedOffset)[]> {
    return this.#once(`committed ${id}`, async () => {
      const found = (await (await this.#ask()).listGroupOffsets([id])).get(id)
      return valueOr(found, ['GROUP_ID_NOT_FOUND'], [])
    })
  }

  /** Settings of a topic by name; empty for one that does not exist. */
  topicConfig(name: string): Promise<ReadonlyMap<string, ConfigEntry>> {
    return this.#config('TOPIC', name)
  }

  /** Settings of a broker by name. */
  brokerConfig(id: number): Promise<ReadonlyMap<string, ConfigEntry>> {
    return this.#config('BROKER', String(id))
  }

  /** Quotas of a client id alone, by name. */
  clientQuotas(clientId: string): Promise<ReadonlyMap<string, number>> {
    return this.#once(`quotas ${clientId}`, async () => {
      const components = [{ entityType: 'client-id', match: { name: clientId } }]
      const [found] = await (await this.#ask()).describeClientQuotas({ components, strict: true })
      return found?.quotas ?? new Map()
    })
  }

  quorum(): Promise<QuorumDescription> {
    return this.#once('quorum', async () => (await this.#ask()).describeMetadataQuorum())
  }

  reassignments(): Promise<readonly PartitionReassignment[]> {
    return this.#once('reassignments', async () => (await this.#ask()).listPartitionReassignments())
  }

  /** Log directories by broker; a broker that does not answer is left out. */
  logDirs(): Promise<ReadonlyMap<number, readonly LogDirDescription[]>> {
    return this.#once('log dirs', async () => {
      const ids = (await this.cluster()).brokers.map(({ id }) => id)
      const answers = await (await this.#ask()).describeLogDirs(ids)
      return new Map([...answers].flatMap(([id, outcome]) => (outcome.ok ? [[id, outcome.value] as const] : [])))
    })
  }

  /** Keys of the requests that every broker serves. */
  apis(): Promise<ReadonlySet<number>> {
    return this.#once('apis', async () => {
      const answers = (await (await this.#ask()).describeApiVersions()).flatMap(({ apis }) =>
        apis.ok ? [apis.value] : [],
      )
      const [first = [], ...others] = answers.map((apis) => apis.map(({ key }) => key))
      return new Set(first.filter((key) => others.every((keys) => keys.includes(key))))
    })
  }

  /** Processes of the bundled cluster; null where another cluster is looked at. */
  nodes(): readonly NodeFact[] | null {
    return this.#parts.localNodes?.() ?? null
  }

  /** Apache Kafka on this machine; null where none is named. */
  get kafka(): KafkaHome | null {
    return this.#parts.kafka ?? null
  }

  /** Path of a file of the lesson. */
  path(name: string): string {
    return `${this.#parts.files?.directory ?? '.'}/${name}`
  }

  /** What is in a file of the lesson, as it is now; null for one that is not there. */
  file(name: string): string | null {
    return this.#parts.files?.read(name) ?? null
  }

  /** The same look at another cluster of this machine; null where it does not run. */
  beside(name: string): Facts | null {
    const { clock, beside } = this.#parts
    const known = this.#beside.get(name)
    if (known !== undefined) return known
    const cluster = beside?.(name) ?? null
    const facts = cluster === null ? null : new Facts({ cluster, clock, localNodes: null })
    this.#beside.set(name, facts)
    return facts
  }

  /** A later look at the same: for what moves while it is looked at. */
  again(): Facts {
    return new Facts(this.#parts)
  }

  /** One admin for the whole look. */
  #ask(): Promise<Admin> {
    this.#admin ??= this.#parts.cluster.admin()
    return this.#admin
  }

  #config(type: 'TOPIC' | 'BROKER', name: string): Promise<ReadonlyMap<string, ConfigEntry>> {
    return this.#once(`config ${type} ${name}`, async () => {
      const [found] = await (await this.#ask()).describeConfigs([{ type, name }])
      return new Map(valueOr(found, ['UNKNOWN_TOPIC_OR_PARTITION'], []).map((entry) => [entry.name, entry]))
    })
  }

  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key)
    if (known !== undefined) return known as Promise<T>
    const reading = read()
    this.#known.set(key, reading)
    return reading
  }
}

/** A failure that is itself an observation becomes `absent`; any other one is thrown: the check has failed. */
function valueOr<T>(outcome: Outcome<T> | undefined, observations: readonly string[], absent: T): T {
  if (outcome?.ok) return outcome.value
  if (outcome === undefined || observations.includes(outcome.error.name)) return absent
  throw new Error(outcome.error.message)
}
