/**
 * A whole node: log directory, metadata quorum, broker and sockets, put together in the order in which each needs the
 * one before. Broker and controller are combined; the broker still learns everything from committed metadata records and
 * asks the controller through its channel, as it would across processes.
 */
import { type Clock, systemClock } from '../base/clock.ts'
import { KtError } from '../base/errors.ts'
import { type FileSystem, nodeFileSystem } from '../base/file-system.ts'
import { type Logger, silentLogger } from '../base/logger.ts'
import { type Random, systemRandom } from '../base/random.ts'
import { METADATA_TOPIC_ID, randomUuid } from '../base/uuid.ts'
import { type MetadataQuorum, metadataLogConfig, startMetadataQuorum } from '../controller/metadata-quorum.ts'
import { LogManager } from '../log/log-manager.ts'
import { type MetaProperties, readMetaProperties } from '../log/meta-properties.ts'
import { effectiveTopicConfig, type NodeConfig, toLogConfig } from '../metadata/config/index.ts'
import { SUPPORTED_FEATURES } from '../metadata/features.ts'
import { formatDirectory } from '../metadata/format.ts'
import { CLUSTER_METADATA_TOPIC } from '../metadata/topic-names.ts'
import type { Endpoint } from '../metadata/types.ts'
import { SocketServer } from '../network/socket-server.ts'
import type { SupportedFeature } from './api-versions.ts'
import { Broker } from './broker.ts'
import { BrokerLifecycle } from './broker-lifecycle.ts'
import { advertisedEndpoints, brokerListeners, type Listener } from './listeners.ts'
import { logIntervals } from './log-intervals.ts'
import { ReadyGate } from './ready-gate.ts'
import { socketServerOptions } from './socket-server-options.ts'

export interface CombinedNodeOptions {
  readonly config: NodeConfig
  /** Cluster an unformatted directory is formatted for; a formatted one must belong to it. Left out: whatever is there. */
  readonly clusterId?: string
  readonly files?: FileSystem
  readonly clock?: Clock
  readonly random?: Random
  readonly logger?: Logger
  /** The metadata log failed: the node can only end. */
  readonly onFatal?: (error: unknown) => void
}

const FEATURES: readonly SupportedFeature[] = [...SUPPORTED_FEATURES].map(([name, { min, max }]) => ({
  name,
  min,
  max,
}))

/** A running node. */
export class CombinedNode {
  readonly clusterId: string
  /** What clients are told, ports filled in. */
  readonly endpoints: readonly Endpoint[]
  readonly broker: Broker
  private readonly lifecycle: BrokerLifecycle
  private readonly server: SocketServer
  private readonly quorum: MetadataQuorum
  private readonly logManager: LogManager
  private closing: Promise<void> | null = null

  constructor(parts: {
    clusterId: string
    endpoints: readonly Endpoint[]
    broker: Broker
    lifecycle: BrokerLifecycle
    server: SocketServer
    quorum: MetadataQuorum
    logManager: LogManager
  }) {
    this.clusterId = parts.clusterId
    this.endpoints = parts.endpoints
    this.broker = parts.broker
    this.lifecycle = parts.lifecycle
    this.server = parts.server
    this.quorum = parts.quorum
    this.logManager = parts.logManager
  }

  /** Controlled shutdown: leaders move, requests end, logs are flushed and closed. */
  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private async shutDown(): Promise<void> {
    await this.lifecycle.stop()
    await this.server.stop()
    this.broker.close()
    this.quorum.close()
    this.logManager.close(this.lifecycle.brokerEpoch)
  }
}

interface Surroundings {
  readonly files: FileSystem
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/** Starts a node and resolves once it is in service. Throws `KtError`: usage, conflict (port, directory), storage. */
export async function startCombinedNode(options: CombinedNodeOptions): Promise<CombinedNode> {
  const { config } = options
  const around: Surroundings = {
    files: options.files ?? nodeFileSystem,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    logger: options.logger ?? silentLogger,
  }
  const directory = logDirectory(config, around.logger)
  const identity = identify(directory, options, around)
  const logManager = await openLogs(directory, config, around)
  try {
    return await startOn(logManager, identity, options, around)
  } catch (error) {
    logManager.close()
    throw error
  }
}

function logDirectory(config: NodeConfig, logger: Logger): string {
  const [directory, ...others] = config.logDirs
  if (directory === undefined) throw new KtError('usage', 'log.dirs names no directory')
  if (others.length > 0) logger.warn(`only the first of log.dirs is used, not ${others.join(', ')}`)
  return directory
}

/** Who this directory belongs to; an empty one is formatted when a cluster id was given. */
function identify(directory: string, options: CombinedNodeOptions, around: Surroundings): MetaProperties {
  const { config, clusterId } = options
  const found = readMetaProperties(around.files, directory)
  if (found === null) {
    if (clusterId === undefined) {
      throw new KtError('storage', `${directory} is not formatted`, { next: 'kt cluster start' })
    }
    const directoryId = randomUuid(around.random)
    formatDirectory(around.files, {
      directory,
      clusterId,
      nodeId: config.nodeId,
      directoryId,
      initialVoters: null,
      nowMs: around.clock.now(),
    })
    return { clusterId, nodeId: config.nodeId, directoryId }
  }
  if (clusterId !== undefined && found.clusterId !== clusterId) {
    throw new KtError('conflict', `${directory} belongs to another cluster`, {
      facts: [`its cluster.id is ${found.clusterId}, this cluster's is ${clusterId}`],
    })
  }
  if (found.nodeId !== config.nodeId) {
    throw new KtError('conflict', `${directory} belongs to node ${found.nodeId}, this is node ${config.nodeId}`)
  }
  return found
}

function openLogs(directory: string, config: NodeConfig, around: Surroundings): Promise<LogManager> {
  // Each topic's own settings arrive with the metadata, which lies in this very directory.
  const byDefault = toLogConfig(effectiveTopicConfig(config, new Map()))
  return LogManager.open({
    directory,
    ...around,
    logger: around.logger.child('log'),
    configFor: () => byDefault,
    producerIdExpirationMs: config.getInt('producer.id.expiration.ms'),
    intervals: logIntervals(config),
  })
}

function openQuorum(
  logManager: LogManager,
  identity: MetaProperties,
  options: CombinedNodeOptions,
  around: Surroundings,
): MetadataQuorum {
  const { config, onFatal } = options
  return startMetadataQuorum({
    nodeId: identity.nodeId,
    clusterId: identity.clusterId,
    directoryId: identity.directoryId,
    config,
    log: logManager.getOrCreate(CLUSTER_METADATA_TOPIC, 0, METADATA_TOPIC_ID, metadataLogConfig(config)),
    logDirectory: logManager.directory,
    endpoints: [],
    hasBroker: true,
    ...around,
    onFatal: (error) => onFatal?.(error),
  })
}

async function startOn(
  logManager: LogManager,
  identity: MetaProperties,
  options: CombinedNodeOptions,
  around: Surroundings,
): Promise<CombinedNode> {
  const { config } = options
  const { clusterId, nodeId, directoryId } = identity
  const gate = new ReadyGate()
  const server = new SocketServer(socketServerOptions(config), { processor: gate, ...around })
  try {
    const endpoints = await listen(server, config)
    const quorum = openQuorum(logManager, identity, options, around)
    const lifecycle: BrokerLifecycle = new BrokerLifecycle({
      nodeId,
      clusterId,
      incarnationId: randomUuid(around.random),
      endpoints,
      features: FEATURES,
      rack: config.getString('broker.rack'),
      logDirIds: [directoryId],
      previousBrokerEpoch: logManager.hadCleanShutdown ? (logManager.previousBrokerEpoch ?? -1) : -1,
      heartbeatIntervalMs: config.getInt('broker.heartbeat.interval.ms'),
      initialRegistrationTimeoutMs: config.getInt('initial.broker.registration.timeout.ms'),
      controller: quorum.channel,
      metadataOffset: () => broker.services.metadata.image.offset,
      ...around,
    })
    const broker: Broker = new Broker({
      nodeConfig: config,
      clusterId,
      logManager,
      controller: quorum.channel,
      brokerEpoch: () => lifecycle.brokerEpoch,
      supportedFeatures: FEATURES,
      ...around,
    })
    quorum.addPublisher(broker.publisher)
    await lifecycle.start()
    gate.open(broker.processor)
    return new CombinedNode({ clusterId, endpoints, broker, lifecycle, server, quorum, logManager })
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** Takes the ports first: who is told of them must be able to rely on them. */
async function listen(server: SocketServer, config: NodeConfig): Promise<Endpoint[]> {
  const listeners = brokerListeners(config)
  const ports = new Map<string, number>()
  for (const listener of listeners) ports.set(listener.name, await listenOn(server, listener))
  return advertisedEndpoints(config, listeners, ports)
}

async function listenOn(server: SocketServer, listener: Listener): Promise<number> {
  const { name, host, port } = listener
  try {
    return await server.listen({ name, host: host === '' ? '0.0.0.0' : host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new KtError('conflict', `port ${port} on ${host} is taken`, { cause: error })
    throw new KtError('usage', `cannot listen on ${host}:${port}: ${(error as Error).message}`, { cause: error })
  }
}
