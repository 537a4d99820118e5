/** Somebody who creates topics, moves replicas, elects leaders and changes settings while everything else happens. */
import { ErrorCode, errorName } from '../../../src/protocol/error-codes.ts'
import { createTopics } from '../../../src/protocol/messages/19-create-topics.ts'
import { electLeaders } from '../../../src/protocol/messages/43-elect-leaders.ts'
import { incrementalAlterConfigs } from '../../../src/protocol/messages/44-incremental-alter-configs.ts'
import { alterPartitionReassignments } from '../../../src/protocol/messages/45-alter-partition-reassignments.ts'
import type { World } from '../world/world.ts'
import { REQUEST_TIMEOUT_MS, RETRIABLE, SimClient } from './sim-client.ts'

const CREATE_TOPICS_VERSION = 7
const ELECT_LEADERS_VERSION = 2
const ALTER_CONFIGS_VERSION = 1
const REASSIGN_VERSION = 0
const PREFERRED = 0
const TOPIC_RESOURCE = 2
const SET = 0
const TIMEOUT_MS = 2_000

export interface TopicPlan {
  readonly name: string
  readonly partitions: number
  readonly configs: Readonly<Record<string, string>>
}

export interface AdminOptions {
  readonly topics: readonly TopicPlan[]
  readonly brokerIds: readonly number[]
  /** Mean pause between operations. */
  readonly pauseMeanMs: number
  /** A change of min.insync.replicas clears the ELR: of a partition without a leader it would clear the last hope. */
  readonly mayChangeMinIsr: () => boolean
}

/** What an operation may answer when the cluster is in trouble, or when there is nothing to do. */
const TOLERATED: ReadonlySet<number> = new Set([
  ErrorCode.NONE,
  ErrorCode.ELECTION_NOT_NEEDED,
  ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
  ErrorCode.NO_REASSIGNMENT_IN_PROGRESS,
  ErrorCode.INVALID_REPLICA_ASSIGNMENT,
  ErrorCode.INVALID_REPLICATION_FACTOR,
])

export class SimAdmin extends SimClient {
  /** All topics are there. */
  isReady = false
  /** The last reassignment was undone after `stop`: every partition is to have all brokers as replicas. */
  isFinished = false
  /** A change of min.insync.replicas was answered late or not at all: whenever it happens it clears the ELR. */
  mayHaveClearedElr = false
  private readonly options: AdminOptions

  constructor(world: World, name: string, host: string, brokers: readonly string[], options: AdminOptions) {
    super(world, name, host, brokers)
    this.options = options
  }

  start(): void {
    this.run(async () => {
      for (const topic of this.options.topics) await this.until(() => this.createTopic(topic))
      this.isReady = true
      const operations = [() => this.reassign(), () => this.electPreferred(), () => this.changeMinIsr()]
      while (!this.stopped) {
        await this.sleep(this.dice.exponential(this.options.pauseMeanMs))
        if (!this.stopped) await this.dice.pick(operations)()
      }
      await this.undo()
      this.isFinished = true
    })
  }

  private async until(attempt: () => Promise<boolean>): Promise<void> {
    while (!(await attempt())) await this.backoff()
  }

  private async createTopic({ name, partitions, configs }: TopicPlan): Promise<boolean> {
    const response = await this.ask(this.anyBroker(), createTopics, CREATE_TOPICS_VERSION, {
      topics: [
        {
          name,
          numPartitions: partitions,
          replicationFactor: this.options.brokerIds.length,
          configs: Object.entries(configs).map(([config, value]) => ({ name: config, value })),
        },
      ],
      timeoutMs: TIMEOUT_MS,
    })
    const errorCode = response?.topics[0]?.errorCode
    if (errorCode === ErrorCode.INVALID_REPLICATION_FACTOR) return false
    return this.succeeded(errorCode, 'CreateTopics', errorCode === ErrorCode.TOPIC_ALREADY_EXISTS)
  }

  /** `fine`: the answer means that it is done. */
  private succeeded(errorCode: number | undefined, what: string, fine = false): boolean {
    if (errorCode === undefined) return false
    if (errorCode === ErrorCode.NONE || fine) {
      this.world.count(`admin ${what}`)
      return true
    }
    this.world.count(`admin ${what} answered ${errorName(errorCode)}`)
    if (!TOLERATED.has(errorCode) && !RETRIABLE.has(errorCode)) this.checkRetriable(errorCode, what)
    return false
  }

  /** Another order of replicas, or one replica less. */
  private async reassign(): Promise<void> {
    const { topics, brokerIds } = this.options
    const topic = this.dice.pick(topics)
    const index = this.dice.int(topic.partitions)
    const replicas = this.dice.sample(brokerIds, brokerIds.length - this.dice.int(2))
    if (await this.cancel(topic.name, index)) await this.assign(topic.name, index, replicas)
  }

  private async assign(name: string, index: number, replicas: readonly number[]): Promise<boolean> {
    return this.succeeded(await this.alterAssignment(name, index, [...replicas]), 'AlterPartitionReassignments')
  }

  /** A reassignment that takes back another which is under way would never end (KIP-455): that one is cancelled first. */
  private async cancel(name: string, index: number): Promise<boolean> {
    const errorCode = await this.alterAssignment(name, index, null)
    return this.succeeded(errorCode, 'cancellation', errorCode === ErrorCode.NO_REASSIGNMENT_IN_PROGRESS)
  }

  /** Error code of the answer; undefined when there is none. */
  private async alterAssignment(name: string, index: number, replicas: number[] | null): Promise<number | undefined> {
    const response = await this.ask(this.anyBroker(), alterPartitionReassignments, REASSIGN_VERSION, {
      timeoutMs: TIMEOUT_MS,
      topics: [{ name, partitions: [{ partitionIndex: index, replicas }] }],
    })
    return response?.errorCode || response?.responses[0]?.partitions[0]?.errorCode
  }

  /** Every partition is led by its first replica, where that is in sync. */
  async electPreferred(): Promise<void> {
    const response = await this.ask(this.anyBroker(), electLeaders, ELECT_LEADERS_VERSION, {
      electionType: PREFERRED,
      topicPartitions: null,
      timeoutMs: TIMEOUT_MS,
    })
    this.succeeded(response?.errorCode, 'ElectLeaders')
  }

  private async changeMinIsr(): Promise<void> {
    if (!this.options.mayChangeMinIsr()) return
    const value = this.dice.chance(0.3) ? this.options.brokerIds.length : this.options.brokerIds.length - 1
    await this.setMinIsr(this.dice.pick(this.options.topics).name, value)
  }

  private async setMinIsr(resourceName: string, value: number): Promise<boolean> {
    const configs = [{ name: 'min.insync.replicas', configOperation: SET, value: String(value) }]
    const response = await this.ask(this.anyBroker(), incrementalAlterConfigs, ALTER_CONFIGS_VERSION, {
      resources: [{ resourceType: TOPIC_RESOURCE, resourceName, configs }],
      validateOnly: false,
    })
    const isDone = response?.responses[0]?.errorCode === ErrorCode.NONE
    // On its way it may have been overtaken by the end of a partition's last leader.
    if (!isDone || !this.options.mayChangeMinIsr()) this.mayHaveClearedElr = true
    return this.succeeded(response?.responses[0]?.errorCode, 'IncrementalAlterConfigs')
  }

  /** Every partition gets all brokers as replicas again, every topic its usual minimum. */
  private async undo(): Promise<void> {
    const { topics, brokerIds } = this.options
    // What was given up on may still arrive.
    await this.sleep(REQUEST_TIMEOUT_MS)
    for (const { name, partitions } of topics) {
      await this.until(async () => this.options.mayChangeMinIsr() && this.setMinIsr(name, brokerIds.length - 1))
      for (let index = 0; index < partitions; index++) {
        await this.until(() => this.cancel(name, index))
        await this.until(() => this.assign(name, index, brokerIds))
      }
    }
  }
}
