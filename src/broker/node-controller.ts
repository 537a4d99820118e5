/** The controller role of a node: its listener's handlers, and its own registration with the active controller. */
import { ControllerRegistrar } from '../controller/controller-registration.ts'
import type { MetadataQuorum } from '../controller/metadata-quorum.ts'
import type { QuorumController } from '../controller/quorum-controller.ts'
import type { NodeConfig } from '../metadata/config/index.ts'
import type { RequestProcessor } from '../network/processor.ts'
import { RemoteController } from './controller-channel.ts'
import { controllerHandlerTable } from './controller-listener/handler-table.ts'
import { LocalController } from './controller-listener/services.ts'
import { DynamicConfigPublisher } from './dynamic-node-config.ts'
import { NODE_FEATURES } from './node-features.ts'
import type { NodeSurroundings } from './node-surroundings.ts'
import { RequestDispatcher } from './request-dispatcher.ts'

export class NodeController {
  /** Where the broker of the same process asks. */
  readonly channel: LocalController
  readonly processor: RequestProcessor
  private readonly quorum: MetadataQuorum
  private readonly nodeConfig: NodeConfig
  private readonly toActive: RemoteController
  private readonly registrar: ControllerRegistrar | null

  constructor(around: NodeSurroundings, quorum: MetadataQuorum, controller: QuorumController) {
    const { config, identity, clock, logger, network } = around
    const { nodeId, clusterId } = identity
    this.quorum = quorum
    this.nodeConfig = config
    this.channel = new LocalController(quorum.raft, controller)
    const handlers = controllerHandlerTable({
      nodeId,
      nodeConfig: config,
      clusterId,
      raft: quorum.raft,
      controller: this.channel,
      image: () => quorum.image,
      features: { supported: NODE_FEATURES, kraftVersion: () => quorum.raft.kraftVersion },
      config: {
        get requestTimeoutMs() {
          return config.getInt('request.timeout.ms')
        },
      },
      clock,
      logger,
    })
    this.processor = new RequestDispatcher(handlers, logger)
    this.toActive = new RemoteController({
      nodeId,
      leader: quorum.raft,
      local: this.channel,
      peers: network.peers,
      clock,
      clientId: `controller-${nodeId}-to-controller-registration-channel-manager`,
    })
    const { registration } = quorum
    this.registrar =
      registration === null ? null : new ControllerRegistrar({ registration, channel: this.toActive, clock, logger })
  }

  start(): void {
    this.quorum.addPublisher(new DynamicConfigPublisher(this.nodeConfig))
    if (this.registrar !== null) this.quorum.addPublisher(this.registrar)
  }

  onLeaderChange(): void {
    this.toActive.wake()
  }

  close(): void {
    this.registrar?.close()
    this.toActive.close()
  }
}
