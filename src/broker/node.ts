/**
 * A whole node: log directory, sockets, metadata quorum, controller and broker as `process.roles` asks for them, put
 * together in the order in which each needs the one before. Also where broker and controller share a process the broker
 * learns everything from committed metadata records and asks the controller through its channel.
 */
import { systemClock } from '../base/clock.ts'
import { KtError } from '../base/errors.ts'
import { type FileSystem, nodeFileSystem } from '../base/file-system.ts'
import { type Logger, silentLogger } from '../base/logger.ts'
import { systemRandom } from '../base/random.ts'
import { noTimeline } from '../base/timeline.ts'
import { METADATA_TOPIC_ID } from '../base/uuid.ts'
import { type MetadataQuorum, metadataLogConfig, startMetadataQuorum } from '../controller/metadata-quorum.ts'
import { parsePartitionDirectory } from '../log/file-names.ts'
import { LogManager } from '../log/log-manager.ts'
import { type MetaProperties, readMetaProperties } from '../log/meta-properties.ts'
import { effectiveTopicConfig, type NodeConfig, toLogConfig } from '../metadata/config/index.ts'
import { CLUSTER_METADATA_TOPIC } from '../metadata/topic-names.ts'
import type { Endpoint, MetadataImage } from '../metadata/types.ts'
import type { RaftListener } from '../raft/types.ts'
import { advertisedEndpoints, type Listener, nodeListeners } from './listeners.ts'
import { logIntervals } from './log-intervals.ts'
import { NodeBroker } from './node-broker.ts'
import { NodeController } from './node-controller.ts'
import type { NodeSurroundings } from './node-surroundings.ts'
import type { KafkaNode, NodeOptions } from './node-types.ts'
import { ReadyGate } from './ready-gate.ts'
import { socketServerOptions } from './socket-server-options.ts'
import { tcpNetwork } from './tcp-peers.ts'

/** One role's sockets: the port is taken before anything else is done, requests wait until the role is ready. */
interface RoleServer {
  readonly gate: ReadyGate
  readonly endpoints: readonly Endpoint[]
  stop(): Promise<void>
}

interface Roles {
  readonly isBroker: boolean
  readonly isController: boolean
}

function rolesOf(config: NodeConfig): Roles {
  const roles = config.getList('process.roles')
  return { isBroker: roles.includes('broker'), isController: roles.includes('controller') }
}

/** Starts a node and resolves once it is in service. Throws `KtError`: usage, conflict (port, directory), storage, timeout. */
export async function startNode(options: NodeOptions): Promise<KafkaNode> {
  const { config } = options
  const clock = options.clock ?? systemClock
  const files = options.files ?? nodeFileSystem
  const logger = options.logger ?? silentLogger
  const directory = logDirectory(config, files, logger)
  const around: NodeSurroundings = {
    config,
    identity: identify(directory, options, files),
    files,
    clock,
    random: options.random ?? systemRandom,
    logger,
    timeline: options.timeline ?? noTimeline,
    network: options.network ?? tcpNetwork(clock),
  }
  const logManager = await openLogs(directory, around)
  const node = new Node(around, logManager, options.onFatal ?? (() => undefined))
  try {
    await node.start()
    return node
  } catch (error) {
    await node.abandon()
    throw error
  }
}

/** The first of `log.dirs`, which has the metadata log as well. Replicas elsewhere would seem to be lost: refused. */
function logDirectory(config: NodeConfig, files: FileSystem, logger: Logger): string {
  const [directory, ...others] = config.logDirs
  if (directory === undefined) throw new KtError('usage', 'log.dirs names no directory')
  const metadataDirectory = config.getString('metadata.log.dir') ?? directory
  const unused = [...new Set([...others, metadataDirectory])].filter((each) => each !== directory)
  for (const other of unused) {
    const held = files.exists(other) ? files.list(other).filter((name) => parsePartitionDirectory(name) !== null) : []
    if (held.length === 0) continue
    throw new KtError('storage', `${other} holds ${held.length} log(s) (${held[0]}), which this node would not serve`, {
      facts: [`of log.dirs only the first directory is used, for the metadata log as well: ${directory}`],
      next: `move them into ${directory} while no node runs on either, or serve them with Apache Kafka`,
    })
  }
  if (unused.length > 0) logger.warn(`only the first of log.dirs is used, not ${unused.join(', ')}`)
  return directory
}

/** Who this directory belongs to. */
function identify(directory: string, { config, clusterId }: NodeOptions, files: FileSystem): MetaProperties {
  const found = readMetaProperties(files, directory)
  if (found === null) {
    throw new KtError('storage', `No \`meta.properties\` found in ${directory} (have you run \`kt storage format\`?)`, {
      facts: [
        'a directory is formatted once, for its cluster and its node, before the first start',
        'a further node takes the id of its cluster: kt cluster cluster-id --bootstrap-server HOST:PORT',
      ],
      next: 'kt storage format --cluster-id ID --config server.properties   (--standalone for a first controller)',
    })
  }
  if (clusterId !== undefined && found.clusterId !== clusterId) {
    throw new KtError(
      'conflict',
      `Invalid cluster.id in: ${directory}/meta.properties. Expected ${clusterId}, but read ${found.clusterId}`,
      { facts: ['the directory belongs to another cluster'] },
    )
  }
  if (found.nodeId !== config.nodeId) {
    throw new KtError(
      'conflict',
      `Stored node id ${found.nodeId} doesn't match previous node id ${config.nodeId} in ${directory}/meta.properties`,
      { facts: [`the directory belongs to node ${found.nodeId}, node.id is ${config.nodeId}`] },
    )
  }
  return found
}

function openLogs(directory: string, around: NodeSurroundings): Promise<LogManager> {
  const { config, files, clock, random, logger, timeline } = around
  // Each topic's own settings arrive with the metadata, which lies in this very directory.
  const byDefault = toLogConfig(effectiveTopicConfig(config, new Map()))
  return LogManager.open({
    directory,
    files,
    clock,
    random,
    logger: logger.child('log'),
    timeline,
    configFor: () => byDefault,
    producerIdExpirationMs: config.getInt('producer.id.expiration.ms'),
    intervals: logIntervals(config),
  })
}

class Node implements KafkaNode {
  endpoints: readonly Endpoint[] = []
  controllerEndpoints: readonly Endpoint[] = []
  private readonly around: NodeSurroundings
  private readonly logManager: LogManager
  private readonly onFatal: (error: unknown) => void
  private readonly servers: RoleServer[] = []
  private quorum: MetadataQuorum | null = null
  private controller: NodeController | null = null
  private broker: NodeBroker | null = null
  private closing: Promise<void> | null = null
  private whenBroken: (error: unknown) => void

  constructor(around: NodeSurroundings, logManager: LogManager, onFatal: (error: unknown) => void) {
    this.around = around
    this.logManager = logManager
    this.onFatal = onFatal
    this.whenBroken = onFatal
  }

  get nodeId(): number {
    return this.around.identity.nodeId
  }
  get clusterId(): string {
    return this.around.identity.clusterId
  }
  get image(): MetadataImage {
    return this.quorum!.image
  }

  /** Rejects as well when the metadata log fails before the node is in service. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.whenBroken = reject
      const started = (): void => {
        this.whenBroken = this.onFatal
        resolve()
      }
      this.open().then(started, reject)
    })
  }

  private async open(): Promise<void> {
    const { config, logger } = this.around
    const roles = rolesOf(config)
    const listeners = nodeListeners(config)
    if (roles.isBroker && listeners.broker.length === 0) {
      throw new KtError('usage', 'listeners names no listener of the broker')
    }
    const controllerServer = roles.isController ? await this.listen(listeners.controller) : null
    const brokerServer = roles.isBroker ? await this.listen(listeners.broker) : null
    this.controllerEndpoints = controllerServer?.endpoints ?? []
    this.endpoints = brokerServer?.endpoints ?? []
    const quorum = this.startQuorum(roles)
    this.quorum = quorum
    if (quorum.controller !== null) {
      this.controller = new NodeController(this.around, quorum, quorum.controller)
      controllerServer?.gate.open(this.controller.processor)
      this.controller.start()
    }
    if (brokerServer !== null) {
      const local = this.controller?.channel ?? null
      this.broker = new NodeBroker(this.around, this.logManager, quorum, local, this.endpoints)
      await this.broker.start()
      brokerServer.gate.open(this.broker.processor)
    }
    logger.info(`Kafka Server started: node ${this.nodeId}, ${config.getList('process.roles').join(' and ')}`)
  }

  private startQuorum(roles: Roles): MetadataQuorum {
    const { config, identity, network } = this.around
    const { nodeId, clusterId, directoryId } = identity
    const onLeader: RaftListener = {
      onSnapshot: () => undefined,
      onCommit: () => undefined,
      onLeaderChange: ({ leaderId, epoch }) => {
        const { timeline } = this.around
        if (timeline.isWatched) timeline.tell({ type: 'quorum', leaderId, epoch })
        this.controller?.onLeaderChange()
        this.broker?.onLeaderChange()
      },
    }
    return startMetadataQuorum(
      {
        ...this.around,
        nodeId,
        clusterId,
        directoryId,
        log: this.logManager.getOrCreate(CLUSTER_METADATA_TOPIC, 0, METADATA_TOPIC_ID, metadataLogConfig(config)),
        logDirectory: this.logManager.directory,
        isController: roles.isController,
        hasBroker: roles.isBroker,
        endpoints: this.controllerEndpoints,
        peers: network.peers,
        onFatal: (error) => this.whenBroken(error),
      },
      onLeader,
    )
  }

  private async listen(listeners: readonly Listener[]): Promise<RoleServer> {
    const { config, network, clock, logger } = this.around
    const gate = new ReadyGate()
    const server = network.server(socketServerOptions(config), { processor: gate, clock, logger })
    const ports = new Map<string, number>()
    const role: { gate: ReadyGate; endpoints: readonly Endpoint[]; stop(): Promise<void> } = {
      gate,
      endpoints: [],
      stop: () => server.stop(),
    }
    this.servers.push(role)
    for (const listener of listeners) ports.set(listener.name, await listenOn(server, listener))
    role.endpoints = advertisedEndpoints(config, listeners, ports)
    return role
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private async shutDown(): Promise<void> {
    await this.broker?.leave()
    await this.stopServing()
    this.logManager.close(this.broker?.brokerEpoch)
    this.around.logger.info(`node ${this.nodeId} has stopped`)
  }

  /** The start failed: nothing was promised to anybody, so nobody is asked. */
  async abandon(): Promise<void> {
    this.broker?.abandon()
    await this.stopServing()
    this.logManager.close()
  }

  kill(): Promise<void> {
    this.closing ??= this.crash()
    return this.closing
  }

  private async crash(): Promise<void> {
    // The logs go first: whatever is still under way finds nothing to write to.
    this.logManager.abandon()
    this.quorum?.abandon()
    this.broker?.abandon()
    this.controller?.close()
    await Promise.all(this.servers.map((server) => server.stop()))
  }

  private async stopServing(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()))
    this.broker?.close()
    this.controller?.close()
    await this.quorum?.close()
  }
}

async function listenOn(server: { listen(listener: Listener): Promise<number> }, listener: Listener): Promise<number> {
  const { name, host, port } = listener
  try {
    return await server.listen({ name, host: host === '' ? '0.0.0.0' : host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new KtError('conflict', `port ${port} on ${host} is taken`, { cause: error })
    throw new KtError('usage', `cannot listen on ${host}:${port}: ${(error as Error).message}`, { cause: error })
  }
}
