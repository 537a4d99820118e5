/**
 * Assembly of a node's part in the metadata quorum: raft, loader, snapshots and controller over one metadata log. The one
 * thing a node starts and closes; the parts are there for those who need them.
 */
import type { Clock } from '../base/clock.ts'
import { KtError } from '../base/errors.ts'
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'
import { type Random, systemRandom } from '../base/random.ts'
import type { Timeline } from '../base/timeline.ts'
import { randomUuid, type Uuid } from '../base/uuid.ts'
import type { LogConfig } from '../log/types.ts'
import type { NodeConfig } from '../metadata/config/node-config.ts'
import { effectiveTopicConfig, toLogConfig } from '../metadata/config/topic-config.ts'
import { SUPPORTED_FEATURES } from '../metadata/features.ts'
import { readBootstrapRecords } from '../metadata/format.ts'
import { MetadataLoader } from '../metadata/loader.ts'
import { SnapshotGenerator } from '../metadata/snapshot-generator.ts'
import type { Endpoint, MetadataImage, MetadataPublisher } from '../metadata/types.ts'
import type { ControllerRegistrationRequest } from '../protocol/messages/70-controller-registration.ts'
import type { PeerAddress, PeerNetwork } from '../protocol/peers.ts'
import { MAX_BATCH_BYTES, RaftNode } from '../raft/raft-node.ts'
import type { RaftListener, RaftLog } from '../raft/types.ts'
import { SUPPORTED_KRAFT_VERSIONS, staticVoters, type VoterSet } from '../raft/voters.ts'
import { QuorumController } from './quorum-controller.ts'

/** Room for the batch's own header in the largest message the metadata log takes. */
const BATCH_OVERHEAD_BYTES = 1024

export interface MetadataQuorumOptions {
  readonly nodeId: number
  readonly clusterId: string
  /** directory.id of meta.properties. */
  readonly directoryId: Uuid
  readonly config: NodeConfig
  /** The open log of `__cluster_metadata-0`, made with `metadataLogConfig`. */
  readonly log: RaftLog
  /** The node's log directory, where bootstrap.checkpoint lies. */
  readonly logDirectory: string
  /** False in a mere broker: it follows the metadata log and never votes. */
  readonly isController: boolean
  /** Listeners of this controller; empty in a combined node that nobody else talks to, and in a mere broker. */
  readonly endpoints: readonly Endpoint[]
  /** True in a combined node. */
  readonly hasBroker: boolean
  readonly files: FileSystem
  readonly clock: Clock
  readonly logger: Logger
  /** Left out: nobody is told. */
  readonly timeline?: Timeline
  readonly random?: Random
  /** The way to other nodes; null in a node that nobody else talks to. */
  readonly peers: PeerNetwork | null
  /** The metadata log failed: the node must stop. */
  readonly onFatal: (error: unknown) => void
}

export interface MetadataQuorum {
  readonly raft: RaftNode
  readonly loader: MetadataLoader
  /** null in a mere broker. */
  readonly controller: QuorumController | null
  /** What this controller tells of itself; null where there is no listener to tell of. */
  readonly registration: ControllerRegistrationRequest | null
  readonly snapshots: SnapshotGenerator
  /** The newest committed image. */
  readonly image: MetadataImage
  /** Tells `publisher` everything known so far, then every new image. */
  addPublisher(publisher: MetadataPublisher): void
  /** Gives up leadership and flushes; the log stays open and belongs to whoever opened it. */
  close(): Promise<void>
  /** Stops as a crash does: nobody is told, nothing is written. */
  abandon(): void
}

/** Settings of `__cluster_metadata-0` (metadata.log.*): never deleted by retention, only below a snapshot. */
export function metadataLogConfig(config: NodeConfig): LogConfig {
  return {
    ...toLogConfig(effectiveTopicConfig(config, new Map())),
    segmentBytes: Number(
      config.value('internal.metadata.log.segment.bytes') ?? config.value('metadata.log.segment.bytes'),
    ),
    segmentMs: config.getLong('metadata.log.segment.ms'),
    segmentJitterMs: 0,
    maxMessageBytes: MAX_BATCH_BYTES + BATCH_OVERHEAD_BYTES,
    retentionBytes: -1,
    retentionMs: -1,
    cleanupDelete: true,
    cleanupCompact: false,
    flushMessages: Number.MAX_SAFE_INTEGER,
    flushMs: Number.MAX_SAFE_INTEGER,
    compressionType: 'producer',
    messageTimestampType: 'CreateTime',
    messageTimestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
    messageTimestampAfterMaxMs: Number.MAX_SAFE_INTEGER,
  }
}

/** `host:port`, an IPv6 address in brackets. */
const BOOTSTRAP_SERVER = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/

function bootstrapServers(config: NodeConfig, voters: VoterSet): PeerAddress[] {
  const named = config.getList('controller.quorum.bootstrap.servers').map((text) => {
    const match = BOOTSTRAP_SERVER.exec(text.trim())
    if (match === null) throw new KtError('usage', `controller.quorum.bootstrap.servers: ${text} is not host:port`)
    return { host: match[1] ?? match[2]!, port: Number(match[3]) }
  })
  if (named.length > 0) return named
  return [...voters.values()].flatMap(({ endpoints }) => endpoints.map(({ host, port }) => ({ host, port })))
}

/** The listener by which the voters reach each other. */
function controllerListenerName(config: NodeConfig): string {
  return config.getList('controller.listener.names')[0] ?? 'CONTROLLER'
}

/**
 * Voters before any snapshot or log names them: those of a static quorum; this node alone where nothing is said of a
 * quorum at all; else nobody, and the bootstrap servers are asked.
 */
function initialVoters(options: MetadataQuorumOptions): VoterSet {
  const { config, nodeId: id, directoryId, endpoints, isController } = options
  const listed = config.getList('controller.quorum.voters')
  if (listed.length > 0) return staticVoters(listed, controllerListenerName(config))
  const alone = isController && config.getList('controller.quorum.bootstrap.servers').length === 0
  return new Map(alone ? [[id, { id, directoryId, endpoints, kraftVersions: SUPPORTED_KRAFT_VERSIONS }]] : [])
}

function makeRaft(options: MetadataQuorumOptions): RaftNode {
  const { log, files, clock, config, peers, endpoints } = options
  const voters = initialVoters(options)
  const milliseconds = (name: string): number => config.getInt(`controller.quorum.${name}.ms`)
  return new RaftNode({
    localId: options.nodeId,
    localDirectoryId: options.directoryId,
    clusterId: options.clusterId,
    canVote: options.isController,
    voters,
    log,
    files,
    clock,
    logger: options.logger.child('raft'),
    random: options.random ?? systemRandom,
    network: peers,
    bootstrapServers: bootstrapServers(config, voters),
    endpoints,
    listenerName: controllerListenerName(config),
    autoJoin: config.getBoolean('controller.quorum.auto.join.enable'),
    timeouts: {
      electionTimeoutMs: milliseconds('election.timeout'),
      electionBackoffMaxMs: milliseconds('election.backoff.max'),
      fetchTimeoutMs: milliseconds('fetch.timeout'),
      requestTimeoutMs: milliseconds('request.timeout'),
      retryBackoffMs: milliseconds('retry.backoff'),
      fetchMaxBytes: config.getInt('controller.quorum.fetch.max.bytes'),
      fetchSnapshotMaxBytes: config.getInt('controller.quorum.fetch.snapshot.max.bytes'),
    },
    onFatal: options.onFatal,
  })
}

function makeSnapshots(options: MetadataQuorumOptions, raft: RaftNode): SnapshotGenerator {
  const { files, clock, config, log } = options
  const retention = {
    retentionBytes: config.getLong('metadata.max.retention.bytes'),
    retentionMs: config.getLong('metadata.max.retention.ms'),
  }
  return new SnapshotGenerator({
    files,
    clock,
    logger: options.logger.child('snapshot'),
    directory: log.directory,
    maxBytesBetween: config.getLong('metadata.log.max.record.bytes.between.snapshots'),
    maxIntervalMs: config.getLong('metadata.log.max.snapshot.interval.ms'),
    quorum: (endOffset) => raft.quorumAt(endOffset),
    afterSnapshot: () => raft.clean(retention),
  })
}

function registrationOf({ nodeId, endpoints, random }: MetadataQuorumOptions): ControllerRegistrationRequest | null {
  if (endpoints.length === 0) return null
  return {
    controllerId: nodeId,
    incarnationId: randomUuid(random ?? systemRandom),
    zkMigrationReady: false,
    listeners: endpoints.map((endpoint) => ({ ...endpoint })),
    features: [...SUPPORTED_FEATURES].map(([name, { min, max }]) => ({
      name,
      minSupportedVersion: min,
      maxSupportedVersion: max,
    })),
  }
}

function makeController(
  options: MetadataQuorumOptions,
  raft: RaftNode,
  loader: MetadataLoader,
  registration: ControllerRegistrationRequest | null,
): QuorumController {
  const { config, clock, files, clusterId, nodeId, logger } = options
  return new QuorumController({
    clusterId,
    config,
    clock,
    random: options.random ?? systemRandom,
    logger: logger.child('controller'),
    timeline: options.timeline,
    raft,
    loader,
    bootstrapRecords: readBootstrapRecords(files, options.logDirectory),
    registration,
    colocatedBrokerId: options.hasBroker ? nodeId : null,
  })
}

/**
 * Loads the metadata and takes part in the quorum. Where this node is the only voter, the log is replayed and its
 * controller takes requests when this returns. Throws what log and files throw.
 */
export function startMetadataQuorum(
  options: MetadataQuorumOptions,
  ...listeners: readonly RaftListener[]
): MetadataQuorum {
  const raft = makeRaft(options)
  const snapshots = makeSnapshots(options, raft)
  const loader = new MetadataLoader(options.logger.child('loader'), snapshots)
  const registration = registrationOf(options)
  const controller = options.isController ? makeController(options, raft, loader, registration) : null
  raft.start(loader, ...(controller === null ? [] : [controller]), ...listeners)
  return {
    raft,
    loader,
    controller,
    registration,
    snapshots,
    get image() {
      return loader.image
    },
    addPublisher: (publisher) => loader.addPublisher(publisher),
    async close() {
      controller?.close()
      snapshots.close()
      await raft.close()
    },
    abandon() {
      controller?.close()
      snapshots.close()
      raft.abandon()
    },
  }
}
