/**
 * Several brokers in one process, without sockets and without a quorum: their fetchers speak to each other's processors,
 * and what a controller would decide is decided by the test, as metadata records. AlterPartition is answered as a
 * controller does. Time stands still until a test moves it.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import type { FileSystem } from '../../src/base/file-system.ts'
import { type Logger, silentLogger } from '../../src/base/logger.ts'
import { seededRandom } from '../../src/base/random.ts'
import { randomUuid } from '../../src/base/uuid.ts'
import { Broker } from '../../src/broker/broker.ts'
import type { Partition } from '../../src/broker/partition.ts'
import type { ControllerChannel } from '../../src/controller/types.ts'
import { LogManager } from '../../src/log/log-manager.ts'
import { effectiveTopicConfig, NodeConfig, toLogConfig } from '../../src/metadata/config/index.ts'
import { DeltaBuilder } from '../../src/metadata/delta.ts'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'
import { CONFIG_RESOURCE, type MetadataImage, type PartitionRegistration } from '../../src/metadata/types.ts'
import { ErrorCode, KafkaError } from '../../src/protocol/error-codes.ts'
import type { AlterPartitionRequest } from '../../src/protocol/messages/56-alter-partition.ts'
import type { MetadataRecord } from '../../src/protocol/metadata/index.ts'
import { ManualClock, settled } from './manual-clock.ts'
import { MemoryNetwork } from './memory-peers.ts'

const LISTENER = 'PLAINTEXT'

export interface BrokerClusterOptions {
  readonly brokers?: number
  readonly config?: Readonly<Record<string, string>>
  readonly files?: FileSystem
  readonly logger?: Logger
  /** `broker.rack` by broker id. */
  readonly racks?: Readonly<Record<number, string>>
}

export interface ClusterBroker {
  readonly id: number
  readonly directory: string
  readonly broker: Broker
  readonly logManager: LogManager
  readonly epoch: number
}

type Body = Readonly<Record<string, unknown>>

export class BrokerCluster implements AsyncDisposable {
  readonly clock = new ManualClock()
  readonly network = new MemoryNetwork()
  /** What the controller did of its own accord: `topic-0 isr [1,2]`. */
  readonly alterations: string[] = []
  /** Answers AlterPartition per partition with this code instead, while set. */
  refuseAlterPartition: number | null = null
  /** AlterPartition is not answered while set; `holdAlterPartition = null` goes on. */
  private held: { readonly promise: Promise<void>; readonly release: () => void } | null = null
  private readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-brokers-'))
  private readonly options: BrokerClusterOptions
  private readonly running = new Map<number, ClusterBroker>()
  private readonly random = seededRandom(11)
  private nextEpoch = 100
  private image: MetadataImage = EMPTY_IMAGE
  /** Brokers the metadata does not reach at present. */
  private readonly deaf = new Map<number, MetadataImage>()

  private constructor(options: BrokerClusterOptions) {
    this.options = options
  }

  static async start(options: BrokerClusterOptions = {}): Promise<BrokerCluster> {
    const cluster = new BrokerCluster(options)
    for (let id = 1; id <= (options.brokers ?? 3); id++) await cluster.startBroker(id)
    return cluster
  }

  get metadata(): MetadataImage {
    return this.image
  }

  broker(id: number): ClusterBroker {
    return this.running.get(id)!
  }

  partition(id: number, topic = 't', index = 0): Partition {
    return this.broker(id).broker.services.replicaManager.partition(topic, index)!
  }

  registration(topic = 't', index = 0): PartitionRegistration {
    return this.image.topicsByName.get(topic)!.partitions.get(index)!
  }

  /** Registers (unfenced) and starts; its directory is kept from an earlier run. */
  async startBroker(id: number): Promise<ClusterBroker> {
    const directory = path.join(this.root, `broker-${id}`)
    const { files, config, racks, logger = silentLogger } = this.options
    const nodeConfig = new NodeConfig({
      'node.id': String(id),
      'process.roles': 'broker',
      'log.dirs': directory,
      'offsets.topic.num.partitions': '1',
      'group.initial.rebalance.delay.ms': '0',
      ...config,
    })
    const logManager = await LogManager.open({
      directory,
      configFor: () => toLogConfig(effectiveTopicConfig(nodeConfig, new Map())),
      clock: this.clock,
      random: this.random,
      logger: logger.child(`${id}.log`),
      ...(files === undefined ? {} : { files }),
    })
    const epoch = this.nextEpoch++
    const broker = new Broker({
      nodeConfig,
      clusterId: 'memory-cluster',
      logManager,
      controller: this.controller(id),
      peers: this.network.peers(id),
      brokerEpoch: () => epoch,
      features: { supported: [], kraftVersion: () => 1 },
      clock: this.clock,
      random: this.random,
      logger: logger.child(String(id)),
    })
    const started = { id, directory, broker, logManager, epoch }
    this.network.listen(id, broker.processor)
    this.register(id, epoch, racks?.[id] ?? null)
    this.running.set(id, started)
    this.tellAll(broker)
    await settled()
    return started
  }

  private register(id: number, epoch: number, rack: string | null): void {
    const body = {
      brokerId: id,
      isMigratingZkBroker: false,
      incarnationId: randomUuid(this.random),
      brokerEpoch: BigInt(epoch),
      endPoints: [{ name: LISTENER, host: 'memory', port: id, securityProtocol: 0 }],
      features: [],
      rack,
      fenced: false,
      inControlledShutdown: false,
      logDirs: [],
      cordonedLogDirs: null,
    }
    this.publish([{ record: 'registerBrokerRecord', body } as unknown as MetadataRecord])
  }

  /** A broker that has just started replays everything there is. */
  private tellAll(broker: Broker): void {
    const { delta } = new DeltaBuilder(this.image).build(this.image.offset, 1)
    broker.publisher.onMetadataUpdate(delta, this.image)
  }

  publish(records: readonly MetadataRecord[]): void {
    const before = this.image
    const builder = new DeltaBuilder(before)
    for (const record of records) builder.apply(record)
    const { image, delta } = builder.build(before.offset + records.length, 1)
    this.image = image
    for (const { id, broker } of this.running.values()) {
      if (!this.deaf.has(id)) broker.publisher.onMetadataUpdate(delta, image)
    }
  }

  /** The broker hears of no metadata until `hear`. */
  stopHearing(id: number): void {
    this.deaf.set(id, this.image)
  }

  /** It gets everything it has missed as one delta. */
  hear(id: number): void {
    const from = this.deaf.get(id)!
    this.deaf.delete(id)
    const builder = new DeltaBuilder(from)
    for (const topic of this.image.topicsById.values()) {
      for (const [partitionId, registration] of topic.partitions) {
        const known = from.topicsById.get(topic.id)?.partitions.get(partitionId)
        if (known === registration || known === undefined) continue
        const { isr, replicas, leader } = registration
        for (let epoch = known.leaderEpoch; epoch < registration.leaderEpoch; epoch++) {
          builder.apply(change({ topicId: topic.id, partitionId, leader }))
        }
        for (let epoch = known.partitionEpoch; epoch < registration.partitionEpoch; epoch++) {
          builder.apply(change({ topicId: topic.id, partitionId, isr, replicas }))
        }
      }
    }
    const { delta } = builder.build(this.image.offset, 1)
    this.broker(id).broker.publisher.onMetadataUpdate(delta, this.image)
  }

  createTopic(
    name: string,
    assignments: readonly (readonly number[])[],
    configs: Readonly<Record<string, string>> = {},
  ): string {
    const topicId = randomUuid(this.random)
    const records: unknown[] = [{ record: 'topicRecord', body: { name, topicId } }]
    for (const [key, value] of Object.entries(configs)) {
      const body = { resourceType: CONFIG_RESOURCE.TOPIC, resourceName: name, name: key, value }
      records.push({ record: 'configRecord', body })
    }
    assignments.forEach((replicas, partitionId) => {
      records.push({ record: 'partitionRecord', body: partitionBody(topicId, partitionId, replicas) })
    })
    this.publish(records as MetadataRecord[])
    return topicId
  }

  setTopicConfig(topic: string, name: string, value: string): void {
    const body = { resourceType: CONFIG_RESOURCE.TOPIC, resourceName: topic, name, value }
    this.publish([{ record: 'configRecord', body } as unknown as MetadataRecord])
  }

  deleteTopic(name: string): void {
    const topicId = this.image.topicsByName.get(name)!.id
    this.publish([{ record: 'removeTopicRecord', body: { topicId } } as unknown as MetadataRecord])
  }

  changePartition(body: Body, topic = 't', partitionId = 0): void {
    const topicId = this.image.topicsByName.get(topic)!.id
    this.publish([change({ topicId, partitionId, ...body })])
  }

  /** A clean election: `leader` must be in the ISR, which becomes `isr` when given. */
  elect(leader: number, isr?: readonly number[], topic = 't', index = 0): void {
    this.changePartition({ leader, ...(isr === undefined ? {} : { isr }) }, topic, index)
  }

  changeBroker(id: number, body: Body): void {
    const brokerEpoch = BigInt(this.image.brokers.get(id)!.epoch)
    const defaults = { fenced: 0, inControlledShutdown: 0, logDirs: [], cordonedLogDirs: null }
    const record = {
      record: 'brokerRegistrationChangeRecord',
      body: { brokerId: id, brokerEpoch, ...defaults, ...body },
    }
    this.publish([record as unknown as MetadataRecord])
  }

  fence(id: number): void {
    this.changeBroker(id, { fenced: 1 })
  }

  unfence(id: number): void {
    this.changeBroker(id, { fenced: -1 })
  }

  /** `clean`: its logs are closed as in a shutdown; else it is just gone, as after kill -9. */
  stopBroker(id: number, clean = true): void {
    const { broker, logManager, epoch } = this.broker(id)
    this.running.delete(id)
    this.network.stop(id)
    broker.close()
    if (clean) logManager.close(epoch)
    else abandon(logManager)
  }

  /** AlterPartition waits from now on until the returned function is called. */
  holdAlterPartition(): () => void {
    let release = (): void => undefined
    const promise = new Promise<void>((resolve) => {
      release = resolve
    })
    this.held = { promise, release }
    return () => {
      this.held = null
      release()
    }
  }

  private controller(from: number): ControllerChannel {
    const answer = async (api: { name: string }, request: unknown): Promise<unknown> => {
      await this.held?.promise
      if (!this.running.has(from)) throw new KafkaError('NETWORK_EXCEPTION')
      if (api.name === 'AlterPartition') return this.alterPartition(request as AlterPartitionRequest)
      throw new Error(`${api.name} is not for this controller`)
    }
    return { send: (api, _version, request) => answer(api, request) as never }
  }

  private alterPartition({ brokerId, topics }: AlterPartitionRequest): unknown {
    return {
      errorCode: 0,
      topics: topics.map(({ topicId, partitions }) => ({
        topicId,
        partitions: partitions.map((asked) => this.alterOne(brokerId, topicId, asked)),
      })),
    }
  }

  private alterOne(
    brokerId: number,
    topicId: string,
    asked: AlterPartitionRequest['topics'][number]['partitions'][number],
  ) {
    const { partitionIndex } = asked
    const failed = (errorCode: number) => ({ partitionIndex, errorCode })
    if (this.refuseAlterPartition !== null) return failed(this.refuseAlterPartition)
    const topic = this.image.topicsById.get(topicId)
    const current = topic?.partitions.get(partitionIndex)
    if (topic === undefined || current === undefined) return failed(ErrorCode.UNKNOWN_TOPIC_ID)
    if (current.leader !== brokerId || asked.leaderEpoch !== current.leaderEpoch) {
      return failed(ErrorCode.FENCED_LEADER_EPOCH)
    }
    if (asked.partitionEpoch !== current.partitionEpoch) return failed(ErrorCode.INVALID_UPDATE_VERSION)
    const isIneligible = asked.newIsrWithEpochs.some(({ brokerId: id, brokerEpoch }) => {
      const broker = this.image.brokers.get(id)
      return broker === undefined || broker.fenced || (brokerEpoch !== -1n && Number(brokerEpoch) !== broker.epoch)
    })
    if (isIneligible) return failed(ErrorCode.INELIGIBLE_REPLICA)
    const isr = asked.newIsrWithEpochs.map(({ brokerId: id }) => id)
    this.alterations.push(`${topic.name}-${partitionIndex} isr [${isr}]`)
    this.publish([change({ topicId, partitionId: partitionIndex, isr })])
    const { leaderEpoch, partitionEpoch } = this.registration(topic.name, partitionIndex)
    return {
      partitionIndex,
      errorCode: 0,
      leaderId: brokerId,
      leaderEpoch,
      isr,
      leaderRecoveryState: 0,
      partitionEpoch,
    }
  }

  /** Lets everything that is under way come to rest. */
  async settle(turns = 20): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await settled()
  }

  async close(): Promise<void> {
    for (const id of [...this.running.keys()]) this.stopBroker(id)
    await this.settle(2)
    fs.rmSync(this.root, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** Leaves the files as they are; only the lock goes, as it does with a process. */
function abandon(logManager: LogManager): void {
  for (const log of logManager.logs()) log.abandon()
  const { maintenance, lock } = logManager as unknown as { maintenance: { stop(): void }; lock: { release(): void } }
  maintenance.stop()
  lock.release()
}

function change(body: Body): MetadataRecord {
  return { record: 'partitionChangeRecord', body } as unknown as MetadataRecord
}

function partitionBody(topicId: string, partitionId: number, replicas: readonly number[]) {
  return {
    partitionId,
    topicId,
    replicas,
    isr: replicas,
    removingReplicas: [],
    addingReplicas: [],
    leader: replicas[0],
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    directories: [],
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  }
}
