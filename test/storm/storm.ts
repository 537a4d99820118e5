/**
 * A storm: a cluster of real processes, idempotent acks=all writers and group readers, ours and foreign ones, and blows at
 * brokers and controllers all the while. At the end everything acknowledged is there, once, in order, read and committed,
 * with the same bytes on every replica.
 */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { seededRandom } from '../../src/base/random.ts'
import { type Blow, strikeAll } from './blows.ts'
import { readFinalLogs, watchCommits } from './final.ts'
import { allInSync, untilBrokersSay, untilQuorumWhole } from './health.ts'
import { Ledger, type PartitionKey } from './ledger.ts'
import { planStorm } from './plan.ts'
import { ProcessCluster } from './process-cluster.ts'
import { type GroupReader, OwnReader, pythonReader } from './readers.ts'
import { compareReplicas, whereIs } from './replicas.ts'
import { createTopics, TopicMaker } from './topics.ts'
import { type FinalLog, type Violation, verifyCommitted, verifyRecords } from './verify.ts'
import { javaWriter, OwnWriter, pythonWriter, type StormTopic, type Surroundings, type Writer } from './writers.ts'

export interface StormOptions {
  readonly seed: number
  readonly events: number
  /** Records per second of each writer. */
  readonly recordsPerSecond?: number
  /** Foreign clients to take part where they are present. */
  readonly foreign?: { readonly python?: boolean; readonly java?: boolean }
  readonly onProgress?: (line: string) => void
  /** Looks at what the stopped cluster left on disk. */
  readonly examine?: (cluster: ProcessCluster) => Promise<void>
}

export interface StormReport {
  readonly seed: number
  readonly blows: readonly Blow[]
  readonly durationMs: number
  readonly writers: readonly { readonly name: string; readonly acknowledged: number; readonly longestGapMs: number }[]
  readonly records: number
  readonly groups: readonly string[]
  readonly replicasCompared: number
  /** Topics created and deleted meanwhile. */
  readonly topicsMade: number
  readonly violations: readonly Violation[]
  /** Where everything was kept; null when all was well and nothing was. */
  readonly directory: string | null
  /** Where each broker has the records that the first violations are about. */
  readonly evidence: readonly string[]
}

const MIN_IN_SYNC_REPLICAS = 2
const OWN_GROUP = 'storm-own'
const FOREIGN_GROUP = 'storm-foreign'
/** The first is Java's alone, too; the second rolls its segments often. */
const TOPICS: readonly (StormTopic & { configs?: Readonly<Record<string, string>> })[] = [
  { name: 'storm', partitions: 4 },
  { name: 'rolled', partitions: 2, configs: { 'segment.bytes': '1048576', 'index.interval.bytes': '256' } },
]
const CONFIG: Readonly<Record<string, string>> = {
  'min.insync.replicas': String(MIN_IN_SYNC_REPLICAS),
  'offsets.topic.num.partitions': '4',
  // A follower that cannot fetch, and can talk to the controller, leaves the ISR by its leader's word.
  'replica.lag.time.max.ms': '2000',
  'unclean.leader.election.enable': 'false',
  'log.cleaner.enable': 'false',
  // Small enough for a storm to roll the metadata log and load snapshots.
  'metadata.log.max.record.bytes.between.snapshots': '20000',
}
const WHOLE_TIMEOUT_MS = 60_000
const DRAIN_TIMEOUT_MS = 120_000
const POLL_MS = 200
/** Violations looked up in the logs of the brokers: one defect often makes hundreds. */
const MAX_EVIDENCE = 5

/** Runs one storm. Never rejects for what the cluster did wrong: that is in the report. */
export async function runStorm(options: StormOptions): Promise<StormReport> {
  await using cluster = await ProcessCluster.start({ brokers: 3, controllers: 3, config: CONFIG })
  const run = new StormRun(options, cluster)
  const report = await run.run()
  cluster.keep = report.violations.length > 0
  await options.examine?.(cluster)
  return report
}

class StormRun {
  private readonly options: StormOptions
  private readonly cluster: ProcessCluster
  private readonly ledger = new Ledger()
  private readonly blows: Blow[] = []
  private violations: Violation[] = []
  private readonly startedAt = performance.now()
  private readonly around: Surroundings
  private readonly writers: Writer[] = []
  private readonly readers: GroupReader[] = []
  private logs: Map<PartitionKey, FinalLog> = new Map()
  private replicasCompared = 0
  private topicsMade = 0
  private maker: TopicMaker | null = null

  constructor(options: StormOptions, cluster: ProcessCluster) {
    this.options = options
    this.cluster = cluster
    const { bootstrapServers, directory } = cluster
    this.around = { bootstrapServers, topics: TOPICS, ledger: this.ledger, directory }
  }

  async run(): Promise<StormReport> {
    try {
      await this.prepare()
      const commits = watchCommits(this.around, this.groups)
      try {
        await this.blow()
        await this.calm()
      } finally {
        await commits.stop()
      }
    } catch (error) {
      this.violations.push({ kind: 'failed', text: (error as Error).stack ?? String(error) })
    }
    await this.endClients()
    await this.cluster.stopAll().catch((error: unknown) => this.failed(error))
    this.judge()
    return this.report()
  }

  private get groups(): string[] {
    return [...new Set(this.readers.map(({ group }) => group))]
  }

  private say(line: string): void {
    this.options.onProgress?.(`${((performance.now() - this.startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}`)
  }

  private failed(error: unknown): void {
    this.violations.push({ kind: 'failed', text: String(error) })
  }

  private async prepare(): Promise<void> {
    const { cluster, around, options } = this
    await createTopics(cluster.bootstrapServers, TOPICS)
    this.maker = new TopicMaker(cluster.bootstrapServers)
    await untilBrokersSay(cluster, allInSync, WHOLE_TIMEOUT_MS)
    const { recordsPerSecond = 200, foreign = {} } = options
    const random = seededRandom(options.seed)
    this.writers.push(new OwnWriter('1', around, { random, recordsPerSecond }))
    // Two members: every blow at one of them, or at their coordinator, moves partitions.
    this.readers.push(new OwnReader(OWN_GROUP, around), new OwnReader(OWN_GROUP, around))
    if (foreign.python === true) {
      this.writers.push(pythonWriter('2', around, recordsPerSecond))
      this.readers.push(pythonReader(FOREIGN_GROUP, around))
    }
    const java = foreign.java === true ? await javaWriter('3', around, recordsPerSecond) : null
    if (java !== null) this.writers.push(java)
    await this.until('every writer is at work', () =>
      this.writers.every(({ name }) => this.ledger.acknowledgementsOf(name).length > 0),
    )
    await untilBrokersSay(cluster, allInSync, WHOLE_TIMEOUT_MS)
  }

  private async blow(): Promise<void> {
    this.say(`${this.writers.length} writers and ${this.readers.length} readers are at work`)
    const storm = {
      cluster: this.cluster,
      topic: TOPICS[0]!.name,
      group: OWN_GROUP,
      minInSyncReplicas: MIN_IN_SYNC_REPLICAS,
      blows: this.blows,
      now: () => performance.now() - this.startedAt,
      onBlow: (blow: Blow) =>
        this.say(
          `${blow.fault} ${blow.role} ${blow.nodeId} for ${blow.holdMs} ms (${this.ledger.acknowledgedCount} acknowledged)`,
        ),
    }
    await strikeAll(storm, planStorm(this.options.seed, this.options.events))
  }

  /** Everything mended, everything acknowledged, everything read. */
  private async calm(): Promise<void> {
    const { cluster } = this
    await cluster.mend()
    await untilQuorumWhole(cluster, WHOLE_TIMEOUT_MS)
    this.topicsMade = this.maker!.count
    this.violations.push(...(await this.maker!.finish()))
    await untilBrokersSay(cluster, allInSync, WHOLE_TIMEOUT_MS)
    this.say('everything is whole again')
    await Promise.all(this.writers.splice(0).map((writer) => writer.finish()))
    await untilBrokersSay(cluster, allInSync, WHOLE_TIMEOUT_MS)
    this.logs = await readFinalLogs(this.around)
    this.say(`${this.ledger.acknowledgedCount} records acknowledged; the groups read what is left`)
    await this.untilRead()
    await this.checkCommits()
  }

  /** However long it takes; who does not get on any more is judged by what was missed. */
  private async untilRead(): Promise<void> {
    let left = this.unread()
    while (left > 0) {
      const before = left
      await this.until('the groups read on', () => this.unread() < before).catch(() => undefined)
      left = this.unread()
      if (left < before) continue
      this.say(
        `${left} records that somebody does not read: ${this.groups.map((each) => this.lagText(each)).join('; ')}`,
      )
      return
    }
  }

  private unread(): number {
    return this.groups.reduce(
      (sum, group) => sum + [...this.lags(group).values()].reduce((all, lag) => all + lag, 0),
      0,
    )
  }

  /** What each partition has that nobody of the group has read. */
  private lags(group: string): Map<PartitionKey, number> {
    const seen = this.ledger.reads.get(group)
    return new Map([...this.logs].map(([key, log]) => [key, Math.max(0, log.length - (seen?.get(key)?.size ?? 0))]))
  }

  private lagText(group: string): string {
    return `${group}: ${[...this.lags(group)].map(([partition, lag]) => `${partition} ${lag}`).join(', ')}`
  }

  /** Members commit all the while: in the end all that was read. */
  private async checkCommits(): Promise<void> {
    const { committedOffsets } = await import('./final.ts')
    for (const group of this.groups) {
      let wrong: Violation[] = []
      await this.until(`${group} has committed everything`, async () => {
        wrong = verifyCommitted(this.ledger, group, await committedOffsets(this.around, group), this.logs)
        return wrong.length === 0
      }).catch(() => this.violations.push(...wrong))
    }
  }

  private async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = performance.now() + DRAIN_TIMEOUT_MS
    while (!(await isSo())) {
      if (performance.now() > deadline) throw new Error(`not within ${DRAIN_TIMEOUT_MS / 1_000} s: ${what}`)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  private async endClients(): Promise<void> {
    const clients = [...this.writers.splice(0), ...this.readers.splice(0)]
    const late = new Promise((resolve) => setTimeout(resolve, DRAIN_TIMEOUT_MS).unref())
    await Promise.race([Promise.all(clients.map((client) => client.finish())), late])
  }

  private judge(): void {
    // A storm that did not get to its end has no final logs to hold anything against.
    if (this.logs.size > 0) this.violations = this.violations.concat(verifyRecords(this.ledger, this.logs))
    const { compared, violations } = compareReplicas(this.cluster.dataDirectories)
    this.replicasCompared = compared
    this.violations.push(...violations)
  }

  private async report(): Promise<StormReport> {
    const { ledger, violations, blows } = this
    const report: StormReport = {
      seed: this.options.seed,
      blows,
      durationMs: performance.now() - this.startedAt,
      writers: ledger.producerNames.map((name) => ({
        name,
        acknowledged: ledger.acknowledgementsOf(name).length,
        longestGapMs: ledger.longestGapMs(name),
      })),
      records: ledger.acknowledgedCount,
      groups: [...ledger.reads.keys()],
      replicasCompared: this.replicasCompared,
      topicsMade: this.topicsMade,
      violations,
      directory: violations.length > 0 ? this.cluster.directory : null,
      evidence: await this.evidence(),
    }
    if (violations.length > 0) {
      fs.writeFileSync(path.join(this.cluster.directory, 'storm.json'), JSON.stringify(report, null, 1))
    }
    return report
  }

  private async evidence(): Promise<string[]> {
    const lines: string[] = []
    for (const { partition, value } of this.violations
      .filter((each) => each.value !== undefined)
      .slice(0, MAX_EVIDENCE)) {
      if (partition === undefined) continue
      const places = await whereIs(this.cluster.dataDirectories, partition, value!)
      lines.push(`${value} of ${partition}:`, ...places.map((line) => `  ${line}`))
    }
    return lines
  }
}
