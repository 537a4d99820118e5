/** What lessons may do to a cluster to prepare and to tidy up: only under their own names. */
import type { Clock } from '../base/clock.ts'
import { KtError } from '../base/errors.ts'
import type { Admin, ClientOptions } from '../client/admin-types.ts'
import type { ClusterAccess, KafkaHome, LessonFiles } from './facts/facts.ts'
import type { StageRecord } from './facts/records.ts'
import type { LessonNames } from './names.ts'
import { cameBack, isProgram, membersOf, stillMembers } from './obstacles.ts'

export interface StageTopic {
  readonly partitions?: number
  readonly replicationFactor?: number
  readonly assignments?: ReadonlyMap<number, readonly number[]>
  readonly configs?: Readonly<Record<string, string>>
}

/** Nodes of the bundled cluster as a preparation may use them; null elsewhere. */
export interface StageNodes {
  /** Starts those that do not run. */
  startAll(): Promise<void>
  /** Undoes pauses and cuts. */
  heal(): Promise<void>
  /** SIGKILL; nothing for those that do not run. */
  kill(nodeIds: readonly number[]): Promise<void>
  /** SIGSTOP: the process hangs, its connections stay open. */
  pause(nodeIds: readonly number[]): Promise<void>
  /** A controlled shutdown. */
  stop(nodeIds: readonly number[]): Promise<void>
  /** Takes a broker out of the cluster for good; nothing for one that is not there. Throws while it holds replicas. */
  remove(nodeId: number): Promise<void>
  /**
   * Has a broker tell clients this port of its own host in `advertised.listeners`, or the one it listens on; it is
   * restarted when that changes its file.
   */
  advertise(nodeId: number, port: number | 'own'): Promise<void>
}

/** Programs of others in the shop: processes of `kt` beside the learner's own commands. */
export interface StagePrograms {
  /** Starts `kt WORDS`, unless it runs under this name. */
  start(name: string, words: readonly string[]): Promise<void>
  /** Names of those that begin so, running or not. */
  names(prefix: string): readonly string[]
  /** Ends those whose names begin so, and forgets them. */
  end(prefix: string): Promise<void>
}

/** Clusters of a lesson beside the learner's own one, of this machine. */
export interface StageClusters {
  /** Makes and starts it unless it runs; resolves to where clients connect. */
  start(name: string, brokers: number): Promise<string>
  /** Stops and deletes those whose names begin so. */
  end(prefix: string): Promise<void>
}

/** How records get in: handed in, as lessons make nothing themselves. */
export type WriteRecords = (options: ClientOptions, topic: string, records: readonly StageRecord[]) => Promise<void>

export interface StageParts {
  readonly cluster: ClusterAccess
  readonly names: LessonNames
  readonly nodes: StageNodes | null
  readonly write: WriteRecords
  /** Left out where none can be started. */
  readonly programs?: StagePrograms
  /** Words that a program needs to reach this cluster, `--bootstrap-server host:9092`. */
  readonly flags?: string
  readonly files?: LessonFiles
  /** null or left out where KAFKA_HOME names none. */
  readonly kafka?: KafkaHome | null
  readonly clusters?: StageClusters
  /** To wait with; without one nothing is waited for. */
  readonly clock?: Clock
}

/** A broker that was just started needs a few hundred milliseconds to be in sync. */
const IN_SYNC_LIMIT_MS = 15_000
const IN_SYNC_LOOK_MS = 100
/** Until a program that was ended has left its group. */
const LEAVE_LIMIT_MS = 5_000

/** Preparations of one lesson. Every name is checked against the lesson's prefix before anything is touched. */
export class Stage {
  readonly nodes: StageNodes | null
  readonly #parts: StageParts

  constructor(parts: StageParts) {
    this.#parts = parts
    this.nodes = parts.nodes
  }

  /** For what the methods below do not do. What a lesson changes with it, its `restore` takes back. */
  admin(): Promise<Admin> {
    return this.#parts.cluster.admin()
  }

  /** The lesson's own name of `word`. */
  name(word: string): string {
    return this.#parts.names.name(word)
  }

  /** Makes the topic unless it is there; true when it was made now. */
  async topic(
    name: string,
    { partitions = -1, replicationFactor = -1, assignments, configs }: StageTopic = {},
  ): Promise<boolean> {
    this.#own(name)
    const topic = {
      name,
      partitions,
      replicationFactor,
      ...(assignments === undefined ? {} : { assignments }),
      ...(configs === undefined ? {} : { configs: new Map(Object.entries(configs)) }),
    }
    const admin = await this.admin()
    const outcome = (await admin.createTopics([topic])).get(name)
    if (outcome === undefined || outcome.ok) return true
    if (outcome.error.name === 'TOPIC_ALREADY_EXISTS') return false
    throw new KtError('kafka', `The lesson's topic ${name} cannot be made`, { facts: [outcome.error.message] })
  }

  /** The topic with these records in it; a topic that has records is left as it is. */
  async topicWith(name: string, shape: StageTopic, records: readonly StageRecord[]): Promise<void> {
    await this.topic(name, shape)
    if (await this.#isEmpty(name)) await this.write(name, records)
  }

  /** Appends records, acknowledged by all. */
  async write(name: string, records: readonly StageRecord[]): Promise<void> {
    this.#own(name)
    await this.#parts.write(await this.#parts.cluster.connection(), name, records)
  }

  /** A program of the lesson that reads with a group, or writes: `options` are those of `kt learn act`. */
  async program(name: string, options: Readonly<Record<string, string>>): Promise<void> {
    this.#own(name)
    const { programs, flags = '' } = this.#parts
    if (programs === undefined) throw new Error('there is nobody to start a program')
    const words = Object.entries({ name, ...options }).flatMap(([option, value]) => [`--${option}`, value])
    await programs.start(name, ['learn', 'act', ...words, ...flags.split(' ').filter((word) => word !== '')])
  }

  /** Apache Kafka on this machine, for lessons that need it. */
  get kafka(): KafkaHome | null {
    return this.#parts.kafka ?? null
  }

  /** The directory of the lesson's files, and one of them made unless it is there. */
  file(name: string, text: string): void {
    const { files } = this.#parts
    if (files === undefined) throw new Error('there is nowhere to put files')
    if (files.read(name) === null) files.write(name, text)
  }

  /** Path of a file of the lesson. */
  path(name: string): string {
    return `${this.#parts.files?.directory ?? '.'}/${name}`
  }

  /** Where clients connect to the cluster that the lesson is done on, `host:9092,host:9093`. */
  async servers(): Promise<string> {
    return (await this.#parts.cluster.connection()).bootstrapServers.join(',')
  }

  /** Makes and starts another cluster on this machine, unless it runs; where clients connect to it. */
  async cluster(name: string, brokers: number): Promise<string> {
    this.#own(name)
    const { clusters } = this.#parts
    if (clusters === undefined) throw new Error('there is nobody to start a cluster')
    return clusters.start(name, brokers)
  }

  /** Waits until it is so, for a while. */
  async until(isSo: (admin: Admin) => Promise<boolean>, limitMs = IN_SYNC_LIMIT_MS): Promise<void> {
    const { clock } = this.#parts
    for (let left = limitMs / IN_SYNC_LOOK_MS; left > 0; left--) {
      if (clock === undefined || (await isSo(await this.admin()))) return
      await new Promise<void>((resolve) => clock.setTimer(IN_SYNC_LOOK_MS, resolve))
    }
  }

  /** Waits until every replica of the topic is in sync, for a while: a broker may just have been started. */
  async inSync(name: string): Promise<void> {
    const { clock } = this.#parts
    for (let left = IN_SYNC_LIMIT_MS / IN_SYNC_LOOK_MS; left > 0; left--) {
      const described = (await (await this.admin()).describeTopics([name])).get(name)
      const isWhole =
        described?.ok && described.value.partitions.every(({ isr, replicas }) => isr.length === replicas.length)
      if (isWhole === true || clock === undefined) return
      await new Promise<void>((resolve) => clock.setTimer(IN_SYNC_LOOK_MS, resolve))
    }
  }

  /** Throws a conflict while somebody reads in a group of the lesson whom `clear` could not end. Changes nothing. */
  async checkClear(): Promise<void> {
    const { names, programs } = this.#parts
    const admin = await this.admin()
    const own = programs?.names(names.prefix) ?? []
    const members = (await membersOf(admin, await this.#groups(admin))).filter((member) => !isProgram(member, own))
    if (members.length > 0) throw stillMembers(names.number, members)
  }

  /**
   * Deletes the topics, groups, files, programs and clusters of the lesson, and nothing else. What stands in the way is
   * found before the first of them is deleted.
   */
  async clear(): Promise<void> {
    await this.checkClear()
    const { names, programs, clusters, files } = this.#parts
    await programs?.end(names.prefix)
    const admin = await this.admin()
    const groups = await this.#groups(admin)
    await this.#left(admin, groups)
    await clusters?.end(names.prefix)
    await this.#deleteTopics(admin)
    files?.clear()
    await this.#deleteGroups(admin, groups)
  }

  async #groups(admin: Admin): Promise<string[]> {
    const { prefix } = this.#parts.names
    return (await admin.listGroups()).map(({ groupId }) => groupId).filter((id) => id.startsWith(prefix))
  }

  /** Programs that were just ended leave their groups; one that had to be killed is a member for a while. */
  async #left(admin: Admin, groups: readonly string[]): Promise<void> {
    let members = await membersOf(admin, groups)
    for (let left = LEAVE_LIMIT_MS / IN_SYNC_LOOK_MS; members.length > 0 && left > 0; left--) {
      const { clock } = this.#parts
      if (clock === undefined) break
      await new Promise<void>((resolve) => clock.setTimer(IN_SYNC_LOOK_MS, resolve))
      members = await membersOf(admin, groups)
    }
    if (members.length > 0) throw stillMembers(this.#parts.names.number, members)
  }

  async #deleteTopics(admin: Admin): Promise<void> {
    const { prefix } = this.#parts.names
    const topics = (await admin.listTopics()).map(({ name }) => name).filter((name) => name.startsWith(prefix))
    const gone = topics.length === 0 ? [] : [...(await admin.deleteTopics(topics))]
    for (const [topic, outcome] of gone) {
      if (outcome.ok || outcome.error.name === 'UNKNOWN_TOPIC_OR_PARTITION') continue
      throw new KtError('kafka', `The lesson's topic ${topic} cannot be deleted`, { facts: [outcome.error.message] })
    }
  }

  async #deleteGroups(admin: Admin, groups: readonly string[]): Promise<void> {
    if (groups.length === 0) return
    const outcomes = await admin.deleteGroups(groups)
    for (const group of groups) {
      const outcome = outcomes.get(group)
      if (outcome === undefined || outcome.ok || outcome.error.name === 'GROUP_ID_NOT_FOUND') continue
      if (outcome.error.name === 'NON_EMPTY_GROUP') throw cameBack(this.#parts.names.number, group)
      throw new KtError('kafka', `Group ${group} cannot be deleted`, { facts: [outcome.error.message] })
    }
  }

  async #isEmpty(topic: string): Promise<boolean> {
    const admin = await this.admin()
    const described = (await admin.describeTopics([topic])).get(topic)
    if (described === undefined || !described.ok) return true
    const queries = described.value.partitions.map(({ partition }) => ({ topic, partition, spec: 'latest' as const }))
    const ends = await admin.listOffsets(queries)
    return ends.every((end) => end.ok && end.value.offset === 0)
  }

  /** A lesson that reached beyond its names would be a defect, and would not go through. */
  #own(name: string): void {
    const { prefix } = this.#parts.names
    if (!name.startsWith(prefix)) throw new Error(`a lesson may touch ${prefix}* only, not ${name}`)
  }
}
