/** What the handlers of a controller's listener may use. */
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { QuorumController } from '../../controller/quorum-controller.ts'
import type { ControllerChannel, ControllerRequestContext } from '../../controller/types.ts'
import type { NodeConfig } from '../../metadata/config/index.ts'
import type { MetadataImage } from '../../metadata/types.ts'
import { ApiKey } from '../../protocol/api-keys.ts'
import { KafkaError } from '../../protocol/error-codes.ts'
import type { Api, RequestOf, ResponseInput } from '../../protocol/schema.ts'
import type { RaftNode } from '../../raft/raft-node.ts'
import type { NodeFeatures } from '../api-versions.ts'

export interface ControllerServices {
  readonly nodeId: number
  readonly nodeConfig: NodeConfig
  readonly clusterId: string
  readonly raft: RaftNode
  /** The whole controller: what raft answers and what the active controller does. */
  readonly controller: LocalController
  readonly image: () => MetadataImage
  readonly features: NodeFeatures
  readonly config: { readonly requestTimeoutMs: number }
  readonly clock: Clock
  readonly logger: Logger
}

/** What brokers hand on that the quorum itself answers. */
const QUORUM_APIS: ReadonlySet<number> = new Set([ApiKey.describeQuorum, ApiKey.addRaftVoter, ApiKey.removeRaftVoter])
const NEVER = new AbortController().signal

/** This process's controller as one place to ask: DescribeQuorum and changes of voters are raft's, the rest is its own. */
export class LocalController implements ControllerChannel {
  private readonly raft: RaftNode
  private readonly controller: QuorumController

  constructor(raft: RaftNode, controller: QuorumController) {
    this.raft = raft
    this.controller = controller
  }

  get isActive(): boolean {
    return this.controller.isActive
  }

  async send<A extends Api>(
    api: A,
    version: number,
    request: RequestOf<A>,
    context: ControllerRequestContext,
  ): Promise<ResponseInput<A>> {
    if (!QUORUM_APIS.has(api.key)) return this.controller.send(api, version, request, context)
    if (!this.raft.isLeader) throw new KafkaError('NOT_CONTROLLER')
    return this.raft.handle(api, version, request, { closed: NEVER, listenerName: '' })
  }
}
