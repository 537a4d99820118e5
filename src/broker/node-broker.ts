/**
 * The broker role of a node: registration, then the metadata up to it, then service (KIP-631). Nothing is published to the
 * broker before it has read its own registration, since a log may be taken for a stray only by complete metadata.
 */
import { randomUuid } from '../base/uuid.ts'
import type { MetadataQuorum } from '../controller/metadata-quorum.ts'
import type { ControllerChannel } from '../controller/types.ts'
import type { LogManager } from '../log/log-manager.ts'
import type { Endpoint, MetadataDelta, MetadataImage, MetadataPublisher } from '../metadata/types.ts'
import type { RequestProcessor } from '../network/processor.ts'
import { Broker } from './broker.ts'
import { BrokerLifecycle } from './broker-lifecycle.ts'
import { RemoteController } from './controller-channel.ts'
import { NODE_FEATURES } from './node-features.ts'
import type { NodeSurroundings } from './node-surroundings.ts'

export class NodeBroker {
  readonly broker: Broker
  private readonly lifecycle: BrokerLifecycle
  private readonly quorum: MetadataQuorum
  private readonly channels: readonly RemoteController[]

  constructor(
    around: NodeSurroundings,
    logManager: LogManager,
    quorum: MetadataQuorum,
    local: ControllerChannel | null,
    endpoints: readonly Endpoint[],
  ) {
    const { config, identity, clock, random, logger, timeline, network } = around
    const { nodeId, clusterId, directoryId } = identity
    this.quorum = quorum
    const { peers } = network
    const channel = (purpose: string): RemoteController => {
      const clientId = `broker-${nodeId}-to-controller-${purpose}-channel-manager`
      return new RemoteController({ nodeId, leader: quorum.raft, local, peers, clock, clientId })
    }
    const heartbeats = channel('heartbeat')
    const requests = channel('forwarding')
    const isrChanges = channel('alter-partition')
    this.channels = [heartbeats, requests, isrChanges]
    this.lifecycle = new BrokerLifecycle({
      nodeId,
      clusterId,
      incarnationId: randomUuid(random),
      endpoints,
      features: NODE_FEATURES,
      rack: config.getString('broker.rack'),
      logDirIds: [directoryId],
      previousBrokerEpoch: logManager.hadCleanShutdown ? (logManager.previousBrokerEpoch ?? -1) : -1,
      heartbeatIntervalMs: config.getInt('broker.heartbeat.interval.ms'),
      initialRegistrationTimeoutMs: config.getInt('initial.broker.registration.timeout.ms'),
      requestTimeoutMs: config.getInt('broker.session.timeout.ms') / 2,
      controller: heartbeats,
      metadataOffset: () => quorum.image.offset,
      clock,
      logger,
    })
    this.broker = new Broker({
      nodeConfig: config,
      clusterId,
      logManager,
      controller: requests,
      alterPartitionController: isrChanges,
      peers,
      brokerEpoch: () => this.lifecycle.brokerEpoch,
      features: { supported: NODE_FEATURES, kraftVersion: () => quorum.raft.kraftVersion },
      clock,
      random,
      logger,
      timeline,
    })
  }

  get processor(): RequestProcessor {
    return this.broker.processor
  }
  get brokerEpoch(): number {
    return this.lifecycle.brokerEpoch
  }

  /** Resolves once the broker is in service. Throws KtError: timeout. */
  async start(): Promise<void> {
    const epoch = await this.lifecycle.register()
    await this.untilRead(epoch)
    this.quorum.addPublisher(this.broker.publisher)
    this.quorum.addPublisher(this.shutdownWatch())
    await this.lifecycle.enterService()
  }

  private untilRead(offset: number): Promise<void> {
    const { loader } = this.quorum
    if (loader.image.offset >= offset) return Promise.resolve()
    return new Promise((resolve) => {
      const waiting: MetadataPublisher = {
        name: 'CatchUp',
        onMetadataUpdate: (_delta: MetadataDelta, image: MetadataImage) => {
          if (image.offset < offset) return
          loader.removePublisher(waiting)
          resolve()
        },
      }
      loader.addPublisher(waiting)
    })
  }

  /** A broker may go once all others have read that its leaderships moved: they say so at once, not in two seconds. */
  private shutdownWatch(): MetadataPublisher {
    const isLeaving = (image: MetadataImage): boolean =>
      [...image.brokers.values()].some((broker) => broker.inControlledShutdown && !broker.fenced)
    return {
      name: 'ShutdownWatch',
      onMetadataUpdate: (_delta: MetadataDelta, image: MetadataImage) => {
        if (isLeaving(image)) this.lifecycle.tellOffset()
      },
    }
  }

  onLeaderChange(): void {
    for (const channel of this.channels) channel.wake()
  }

  /** Controlled shutdown: leaderships move away first. */
  async leave(): Promise<void> {
    this.broker.beginControlledShutdown()
    await this.lifecycle.stop()
  }

  /** As after a crash: the controller finds out by itself. */
  abandon(): void {
    this.lifecycle.abandon()
    this.close()
  }

  close(): void {
    this.broker.close()
    for (const channel of this.channels) channel.close()
  }
}
