/** The controller role of a node: its listener's handlers, and its own registration with the active controller. */
import type { MetadataQuorum } from '../controller/metadata-quorum.ts'
import type { QuorumController } from '../controller/quorum-controller.ts'
import type { Endpoint } from '../metadata/types.ts'
import type { RequestProcessor } from '../network/processor.ts'
import { controllerHandlerTable } from './controller-listener/handler-table.ts'
import { LocalController } from './controller-listener/services.ts'
import type { NodeSurroundings } from './node.ts'
import { NODE_FEATURES } from './node-features.ts'
import { RequestDispatcher } from './request-dispatcher.ts'

export class NodeController {
  /** Where the broker of the same process asks. */
  readonly channel: LocalController
  readonly processor: RequestProcessor

  constructor(
    around: NodeSurroundings,
    quorum: MetadataQuorum,
    controller: QuorumController,
    _endpoints: readonly Endpoint[],
  ) {
    const { config, identity, clock, logger } = around
    this.channel = new LocalController(quorum.raft, controller)
    const handlers = controllerHandlerTable({
      nodeId: identity.nodeId,
      clusterId: identity.clusterId,
      raft: quorum.raft,
      controller: this.channel,
      image: () => quorum.image,
      supportedFeatures: NODE_FEATURES,
      config: {
        get requestTimeoutMs() {
          return config.getInt('request.timeout.ms')
        },
      },
      clock,
      logger,
    })
    this.processor = new RequestDispatcher(handlers, logger)
  }

  start(): void {}

  onLeaderChange(): void {}

  close(): void {}
}
