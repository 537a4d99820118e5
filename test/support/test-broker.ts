/**
 * A broker without a quorum: its controller turns requests into metadata records and publishes them at once. Real logs in
 * a temporary directory, a real socket when asked for. For tests of the broker floor alone.
 */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { systemClock } from '../../src/base/clock.ts'
import { type FileSystem, nodeFileSystem } from '../../src/base/file-system.ts'
import { type Logger, silentLogger } from '../../src/base/logger.ts'
import { systemRandom } from '../../src/base/random.ts'
import { randomUuid } from '../../src/base/uuid.ts'
import { Broker } from '../../src/broker/broker.ts'
import type { Partition } from '../../src/broker/partition.ts'
import { tcpNetwork } from '../../src/broker/tcp-peers.ts'
import type { ControllerChannel } from '../../src/controller/types.ts'
import { LogManager } from '../../src/log/log-manager.ts'
import { effectiveTopicConfig, NodeConfig, toLogConfig } from '../../src/metadata/config/index.ts'
import { DeltaBuilder } from '../../src/metadata/delta.ts'
import { EMPTY_IMAGE } from '../../src/metadata/image.ts'
import { CONFIG_RESOURCE, type MetadataImage } from '../../src/metadata/types.ts'
import { SocketServer, type SocketServerOptions } from '../../src/network/socket-server.ts'
import type { CreateTopicsRequest } from '../../src/protocol/messages/19-create-topics.ts'
import type { DeleteTopicsRequest } from '../../src/protocol/messages/20-delete-topics.ts'
import type { MetadataRecord } from '../../src/protocol/metadata/index.ts'

export const NODE_ID = 1
export const LISTENER = 'PLAINTEXT'

export interface TestBrokerOptions {
  readonly config?: Readonly<Record<string, string>>
  readonly files?: FileSystem
  readonly logger?: Logger
  readonly directory?: string
  /** Topics of one partition the first image already has: what a restart finds. */
  readonly topics?: readonly { readonly name: string; readonly topicId: string }[]
  readonly socket?: Partial<SocketServerOptions>
}

const SOCKET_DEFAULTS: SocketServerOptions = {
  socketRequestMaxBytes: 104_857_600,
  maxConnections: 10_000,
  maxConnectionsPerIp: 10_000,
  connectionsMaxIdleMs: 600_000,
  queuedMaxRequestBytes: -1,
  socketListenBacklogSize: 50,
}

export class TestBroker implements AsyncDisposable {
  readonly broker: Broker
  readonly directory: string
  readonly logManager: LogManager
  readonly server: SocketServer
  readonly nodeConfig: NodeConfig
  port = 0
  private image: MetadataImage = EMPTY_IMAGE
  private nextProducerId = 1000n

  private constructor(options: TestBrokerOptions, directory: string, nodeConfig: NodeConfig, logManager: LogManager) {
    this.directory = directory
    this.nodeConfig = nodeConfig
    this.logManager = logManager
    const logger = options.logger ?? silentLogger
    this.broker = new Broker({
      nodeConfig,
      clusterId: 'test-cluster-0123456789',
      logManager,
      controller: this.controller(),
      peers: tcpNetwork(systemClock).peers,
      brokerEpoch: () => 1,
      features: { supported: [{ name: 'metadata.version', min: 7, max: 30 }], kraftVersion: () => 1 },
      clock: systemClock,
      random: systemRandom,
      logger,
    })
    this.server = new SocketServer(
      { ...SOCKET_DEFAULTS, ...options.socket },
      { processor: this.broker.processor, clock: systemClock, logger },
    )
  }

  static async start(options: TestBrokerOptions = {}): Promise<TestBroker> {
    const directory = options.directory ?? fs.mkdtempSync(path.join(os.tmpdir(), 'kt-broker-'))
    const nodeConfig = new NodeConfig({
      'node.id': String(NODE_ID),
      'process.roles': 'broker,controller',
      'log.dirs': directory,
      'offsets.topic.num.partitions': '5',
      'offsets.topic.replication.factor': '1',
      'group.initial.rebalance.delay.ms': '0',
      ...options.config,
    })
    const logManager = await LogManager.open({
      directory,
      configFor: () => toLogConfig(effectiveTopicConfig(nodeConfig, new Map())),
      files: options.files ?? nodeFileSystem,
    })
    const test = new TestBroker(options, directory, nodeConfig, logManager)
    test.port = await test.server.listen({ name: LISTENER, host: '127.0.0.1', port: 0 })
    test.register(options.topics ?? [])
    return test
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.port}`
  }

  publish(records: readonly MetadataRecord[]): void {
    const builder = new DeltaBuilder(this.image)
    for (const record of records) builder.apply(record)
    const { image, delta } = builder.build(this.image.offset + records.length, 1)
    this.image = image
    this.broker.publisher.onMetadataUpdate(delta, image)
  }

  private register(topics: readonly { readonly name: string; readonly topicId: string }[]): void {
    const body = {
      brokerId: NODE_ID,
      isMigratingZkBroker: false,
      incarnationId: randomUuid(),
      brokerEpoch: 1n,
      endPoints: [{ name: LISTENER, host: '127.0.0.1', port: this.port, securityProtocol: 0 }],
      features: [],
      rack: null,
      fenced: false,
      inControlledShutdown: false,
      logDirs: [],
      cordonedLogDirs: null,
    }
    const records: unknown[] = [{ record: 'registerBrokerRecord', body }]
    for (const { name, topicId } of topics) {
      records.push({ record: 'topicRecord', body: { name, topicId } })
      records.push({ record: 'partitionRecord', body: partitionBody(topicId, 0) })
    }
    this.publish(records as MetadataRecord[])
  }

  createTopic(
    name: string,
    partitions = 1,
    configs: Readonly<Record<string, string>> = {},
    topicId: string = randomUuid(),
  ): string {
    const records: unknown[] = [{ record: 'topicRecord', body: { name, topicId } }]
    for (let partitionId = 0; partitionId < partitions; partitionId++) {
      records.push({ record: 'partitionRecord', body: partitionBody(topicId, partitionId) })
    }
    for (const [key, value] of Object.entries(configs)) {
      const body = { resourceType: CONFIG_RESOURCE.TOPIC, resourceName: name, name: key, value }
      records.push({ record: 'configRecord', body })
    }
    this.publish(records as MetadataRecord[])
    return topicId
  }

  /** A topic whose only replica is another broker's. */
  publishForeignTopic(name: string): void {
    const topicId = randomUuid()
    const partition = { ...partitionBody(topicId, 0), replicas: [2], isr: [2], leader: 2 }
    const records: unknown[] = [
      { record: 'topicRecord', body: { name, topicId } },
      { record: 'partitionRecord', body: partition },
    ]
    this.publish(records as MetadataRecord[])
  }

  /** `value` null removes it. */
  setConfig(resourceType: number, resourceName: string, name: string, value: string | null): void {
    const body = { resourceType, resourceName, name, value }
    this.publish([{ record: 'configRecord', body } as unknown as MetadataRecord])
  }

  deleteTopic(name: string): void {
    const topicId = this.image.topicsByName.get(name)!.id
    this.publish([{ record: 'removeTopicRecord', body: { topicId } } as unknown as MetadataRecord])
  }

  /** Changes what the image says of a partition. */
  changePartition(name: string, partitionId: number, change: Readonly<Record<string, unknown>>): void {
    const topicId = this.image.topicsByName.get(name)!.id
    this.publish([
      { record: 'partitionChangeRecord', body: { topicId, partitionId, ...change } } as unknown as MetadataRecord,
    ])
  }

  private controller(): ControllerChannel {
    const answer = async (api: { name: string }, request: unknown): Promise<unknown> => {
      await new Promise((resolve) => setImmediate(resolve))
      if (api.name === 'CreateTopics') return this.createTopics(request as CreateTopicsRequest)
      if (api.name === 'DeleteTopics') return this.deleteTopics(request as DeleteTopicsRequest)
      if (api.name === 'AllocateProducerIds') {
        this.nextProducerId += 1000n
        return { errorCode: 0, producerIdStart: this.nextProducerId - 1000n, producerIdLen: 1000 }
      }
      throw new Error(`${api.name} is not for this controller`)
    }
    return { send: (api, _version, request) => answer(api, request) as never }
  }

  private createTopics(request: CreateTopicsRequest): unknown {
    const topics = request.topics.map(({ name, numPartitions, configs }) => {
      if (this.image.topicsByName.has(name)) return { name, errorCode: 36 }
      const values = Object.fromEntries(configs.map((config) => [config.name, config.value ?? '']))
      const topicId = this.createTopic(name, Math.max(1, numPartitions), values)
      return {
        name,
        topicId,
        errorCode: 0,
        numPartitions: Math.max(1, numPartitions),
        replicationFactor: 1,
        configs: [],
      }
    })
    return { topics }
  }

  private deleteTopics(request: DeleteTopicsRequest): unknown {
    const names = [...request.topicNames, ...request.topics.flatMap(({ name }) => (name === null ? [] : [name]))]
    for (const name of names) this.deleteTopic(name)
    return { responses: names.map((name) => ({ name, errorCode: 0 })) }
  }

  async close(removeData = true): Promise<void> {
    await this.server.stop()
    this.broker.close()
    this.logManager.close(1)
    if (removeData) fs.rmSync(this.directory, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** As if follower `replicaId` had fetched from `fetchOffset` on. */
export function followerFetches(partition: Partition, replicaId: number, fetchOffset: number, nowMs = 0): void {
  const { logEndOffset: leaderEndOffset } = partition.log
  partition.onFollowerFetch(partition.followerOrThrow(replicaId, -1, -1), {
    fetchOffset,
    logStartOffset: 0,
    nowMs,
    leaderEndOffset,
    brokerEpoch: -1,
    rounds: null,
  })
}

function partitionBody(topicId: string, partitionId: number) {
  return {
    partitionId,
    topicId,
    replicas: [NODE_ID],
    isr: [NODE_ID],
    removingReplicas: [],
    addingReplicas: [],
    leader: NODE_ID,
    leaderRecoveryState: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    directories: [],
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
  }
}
