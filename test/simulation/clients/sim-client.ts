/** What all clients of the simulated cluster share: a process of their own, connections, and where the leaders are. */
import type { Clock } from '../../../src/base/clock.ts'
import type { Uuid } from '../../../src/base/uuid.ts'
import { ErrorCode, errorName, KafkaError } from '../../../src/protocol/error-codes.ts'
import { metadata } from '../../../src/protocol/messages/03-metadata.ts'
import type { PeerAddress, PeerChannel, PeerNetwork } from '../../../src/protocol/peers.ts'
import type { Api, RequestInput, ResponseOf } from '../../../src/protocol/schema.ts'
import type { Dice } from '../engine/dice.ts'
import { SimClock } from '../engine/sim-clock.ts'
import { SimProcess } from '../engine/sim-process.ts'
import { BROKER_PORT } from '../world/topology.ts'
import type { World } from '../world/world.ts'

/** `request.timeout.ms` of a client that wants to see a failure within the simulation. */
export const REQUEST_TIMEOUT_MS = 3_000
const METADATA_VERSION = 12
const MIN_BACKOFF_MS = 20
const MAX_BACKOFF_MS = 200

export interface KnownLeader {
  readonly address: PeerAddress
  readonly leaderId: number
  readonly leaderEpoch: number
}

/** Errors after which a client looks up the leader and tries again, as Kafka's clients do. */
export const RETRIABLE: ReadonlySet<number> = new Set([
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.LEADER_NOT_AVAILABLE,
  ErrorCode.FENCED_LEADER_EPOCH,
  ErrorCode.UNKNOWN_LEADER_EPOCH,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_TOPIC_ID,
  ErrorCode.INCONSISTENT_TOPIC_ID,
  ErrorCode.NOT_ENOUGH_REPLICAS,
  ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  ErrorCode.REQUEST_TIMED_OUT,
  ErrorCode.NETWORK_EXCEPTION,
  ErrorCode.KAFKA_STORAGE_ERROR,
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
  ErrorCode.NOT_COORDINATOR,
  ErrorCode.OFFSET_NOT_AVAILABLE,
  ErrorCode.REPLICA_NOT_AVAILABLE,
  ErrorCode.BROKER_NOT_AVAILABLE,
  ErrorCode.NOT_CONTROLLER,
])

export class SimClient {
  readonly name: string
  readonly world: World
  readonly dice: Dice
  readonly clock: Clock
  readonly process: SimProcess
  private readonly peers: PeerNetwork
  private readonly brokers: readonly string[]
  private readonly channels = new Map<string, PeerChannel>()
  private readonly leaders = new Map<string, KnownLeader>()
  /** Newest leader epoch heard of, with or without a leader. */
  private readonly seenEpochs = new Map<string, number>()
  private readonly topicIds = new Map<string, Uuid>()
  private stopping = false

  /** `brokers` are the hosts to begin with; `abortive` connections take back what was not served when they close. */
  constructor(world: World, name: string, host: string, brokers: readonly string[], abortive = false) {
    this.world = world
    this.name = name
    this.brokers = brokers
    this.dice = world.dice.child(`client ${name}`)
    this.process = new SimProcess(name)
    this.clock = new SimClock(world.scheduler, this.process, this.dice.child('clock'))
    this.peers = world.network.of(this.process, host, this.clock, { abortive }).peers
  }

  get stopped(): boolean {
    return this.stopping
  }

  /** No new work is begun. */
  stop(): void {
    this.stopping = true
  }

  /** Runs `work` as this client's process; what it throws is a defect of the cluster or of the client. */
  run(work: () => Promise<void>): void {
    this.world.scheduler.after(0, this.process, () => {
      work().catch((error: unknown) => {
        this.world.violated('clients get along', `${this.name}: ${(error as Error).stack ?? error}`)
      })
    })
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.clock.setTimer(delayMs, resolve))
  }

  backoff(): Promise<void> {
    return this.sleep(this.dice.between(MIN_BACKOFF_MS, MAX_BACKOFF_MS))
  }

  anyBroker(): PeerAddress {
    return { host: this.dice.pick(this.brokers), port: BROKER_PORT }
  }

  channel(address: PeerAddress): PeerChannel {
    const key = `${address.host}:${address.port}`
    let channel = this.channels.get(key)
    if (channel === undefined) {
      channel = this.peers.open(address, this.name)
      this.channels.set(key, channel)
    }
    return channel
  }

  /** null when the broker could not be asked, or did not answer in time. */
  async ask<A extends Api>(
    address: PeerAddress,
    api: A,
    version: number,
    request: RequestInput<A>,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<ResponseOf<A> | null> {
    try {
      return await this.channel(address).send(api, version, request, timeoutMs)
    } catch (error) {
      if (error instanceof KafkaError) return null
      throw error
    }
  }

  /** Fills the table of leaders from any broker that answers. False: try again. */
  async refresh(topic: string): Promise<boolean> {
    const response = await this.ask(this.anyBroker(), metadata, METADATA_VERSION, {
      topics: [{ name: topic }],
      allowAutoTopicCreation: false,
    })
    const found = response?.topics[0]
    if (response === null || found === undefined || found.errorCode !== 0) return false
    this.topicIds.set(topic, found.topicId)
    const addresses = new Map(response.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]))
    for (const { partitionIndex, leaderId, leaderEpoch } of found.partitions) {
      const key = `${topic}-${partitionIndex}`
      const address = addresses.get(leaderId)
      // Another broker may know less than what we know already.
      if (leaderEpoch < (this.seenEpochs.get(key) ?? -1)) continue
      this.seenEpochs.set(key, leaderEpoch)
      if (address === undefined) this.leaders.delete(key)
      else this.leaders.set(key, { address, leaderId, leaderEpoch })
    }
    return true
  }

  leader(topic: string, partition: number): KnownLeader | null {
    return this.leaders.get(`${topic}-${partition}`) ?? null
  }

  forgetLeader(topic: string, partition: number): void {
    this.leaders.delete(`${topic}-${partition}`)
  }

  topicId(topic: string): Uuid | null {
    return this.topicIds.get(topic) ?? null
  }

  /** An answer that neither Kafka's clients nor ours expect ends the run. */
  checkRetriable(errorCode: number, what: string): void {
    if (RETRIABLE.has(errorCode)) return
    this.world.violated('clients get along', `${this.name}: ${what} failed with ${errorName(errorCode)}`)
  }
}
