/**
 * Assembly of a node's part in the metadata quorum: raft, loader, snapshots and controller over one metadata log. The one
 * thing a node starts and closes; the parts are there for those who need them.
 */
import type { Clock } from '../base/clock.ts'
import type { FileSystem } from '../base/file-system.ts'
import type { Logger } from '../base/logger.ts'
import { type Random, systemRandom } from '../base/random.ts'
import { randomUuid, type Uuid } from '../base/uuid.ts'
import type { LogConfig } from '../log/types.ts'
import type { NodeConfig } from '../metadata/config/node-config.ts'
import { effectiveTopicConfig, toLogConfig } from '../metadata/config/topic-config.ts'
import { SUPPORTED_FEATURES } from '../metadata/features.ts'
import { readBootstrapRecords } from '../metadata/format.ts'
import { MetadataLoader } from '../metadata/loader.ts'
import { SnapshotGenerator } from '../metadata/snapshot-generator.ts'
import type { Endpoint, MetadataImage, MetadataPublisher } from '../metadata/types.ts'
import { MAX_BATCH_BYTES, RaftNode } from '../raft/raft-node.ts'
import type { RaftLog } from '../raft/types.ts'
import { SUPPORTED_KRAFT_VERSIONS, type VoterSet } from '../raft/voters.ts'
import { QuorumController } from './quorum-controller.ts'
import type { ControllerChannel } from './types.ts'

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
  /** Listeners of this controller; empty in a combined node that nobody else talks to. */
  readonly endpoints: readonly Endpoint[]
  /** True in a combined node. */
  readonly hasBroker: boolean
  readonly files: FileSystem
  readonly clock: Clock
  readonly logger: Logger
  readonly random?: Random
  /** Voters when neither snapshot nor log names any; this node alone when left out. */
  readonly voters?: VoterSet
  /** The metadata log failed: the node must stop. */
  readonly onFatal: (error: unknown) => void
}

export interface MetadataQuorum {
  readonly raft: RaftNode
  readonly loader: MetadataLoader
  readonly controller: QuorumController
  readonly snapshots: SnapshotGenerator
  /** Where a broker of this node sends what only the controller may do. */
  readonly channel: ControllerChannel
  /** The newest committed image. */
  readonly image: MetadataImage
  /** Tells `publisher` everything known so far, then every new image. */
  addPublisher(publisher: MetadataPublisher): void
  /** Gives up leadership and flushes; the log stays open and belongs to whoever opened it. */
  close(): void
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

function soleVoter(options: MetadataQuorumOptions): VoterSet {
  const { nodeId: id, directoryId, endpoints } = options
  return new Map([[id, { id, directoryId, endpoints, kraftVersions: SUPPORTED_KRAFT_VERSIONS }]])
}

function makeRaft(options: MetadataQuorumOptions): RaftNode {
  const { log, files, clock, config } = options
  return new RaftNode({
    localId: options.nodeId,
    localDirectoryId: options.directoryId,
    voters: options.voters ?? soleVoter(options),
    log,
    files,
    clock,
    logger: options.logger.child('raft'),
    random: options.random ?? systemRandom,
    electionTimeoutMs: config.getInt('controller.quorum.election.timeout.ms'),
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
    quorum: () => ({ kraftVersion: raft.kraftVersion, voters: raft.voters }),
    afterSnapshot: () => raft.clean(retention),
  })
}

function registrationOf({ nodeId, endpoints, random }: MetadataQuorumOptions) {
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

/**
 * Loads the metadata, wins the election of its one voter and starts the controller. When it returns, the log is replayed
 * and the controller takes requests. Throws what log and files throw.
 */
export function startMetadataQuorum(options: MetadataQuorumOptions): MetadataQuorum {
  const { config, clock, files, clusterId, nodeId, logger } = options
  const raft = makeRaft(options)
  const snapshots = makeSnapshots(options, raft)
  const loader = new MetadataLoader(logger.child('loader'), snapshots)
  const controller = new QuorumController({
    clusterId,
    config,
    clock,
    random: options.random ?? systemRandom,
    logger: logger.child('controller'),
    raft,
    loader,
    bootstrapRecords: readBootstrapRecords(files, options.logDirectory),
    registration: options.endpoints.length === 0 ? null : registrationOf(options),
    colocatedBrokerId: options.hasBroker ? nodeId : null,
  })
  raft.start(loader, controller)
  return {
    raft,
    loader,
    controller,
    snapshots,
    channel: controller,
    get image() {
      return loader.image
    },
    addPublisher: (publisher) => loader.addPublisher(publisher),
    close() {
      controller.close()
      snapshots.close()
      raft.close()
    },
  }
}
