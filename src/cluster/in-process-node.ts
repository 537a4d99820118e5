/** One node of `startCluster()`: started, stopped and started again in this process. */
import { nodeFileSystem } from '../base/file-system.ts'
import { lineLogger, silentLogger } from '../base/logger.ts'
import { randomUuid } from '../base/uuid.ts'
import { startNode } from '../broker/node.ts'
import type { KafkaNode } from '../broker/node-types.ts'
import { readMetaProperties } from '../log/meta-properties.ts'
import { NodeConfig } from '../metadata/config/index.ts'
import type { Endpoint } from '../metadata/types.ts'
import { type ClusterMarker, formatHostPort } from './cluster-directory.ts'
import type { NodeRoles } from './cluster-plan.ts'
import { type ClusterIdentity, formatIfNew } from './node-directory.ts'
import type { ClusterNode } from './types.ts'

export interface InProcessNodeOptions {
  readonly properties: ReadonlyMap<string, string>
  /** What its directory is formatted with; null for one node alone, which makes up its own cluster. */
  readonly marker: ClusterMarker | null
  readonly log: ((line: string) => void) | undefined
}

export class InProcessNode implements ClusterNode {
  readonly nodeId: number
  readonly roles: NodeRoles
  readonly dataDirectory: string
  clusterId = ''
  address: string | null = null
  controllerAddress: string | null = null
  private readonly options: InProcessNodeOptions
  private properties: ReadonlyMap<string, string>
  private node: KafkaNode | null = null

  constructor(options: InProcessNodeOptions) {
    const config = new NodeConfig(options.properties)
    this.options = options
    this.properties = options.properties
    this.nodeId = config.nodeId
    this.roles = [...config.getList('process.roles')].sort().join(',') as NodeRoles
    this.dataDirectory = config.logDirs[0]!
  }

  get running(): boolean {
    return this.node !== null
  }

  /** Resolves when it is in service; a running node stays as it is. */
  async start(): Promise<void> {
    if (this.node !== null) return
    const { log } = this.options
    const config = new NodeConfig(this.properties)
    const logger = log === undefined ? silentLogger : lineLogger(log)
    const marker = this.options.marker ?? this.ownCluster()
    formatIfNew(config, marker)
    this.node = await startNode({ config, clusterId: marker.clusterId, logger })
    this.clusterId = this.node.clusterId
    this.address = addressOf(this.node.endpoints)
    this.controllerAddress = addressOf(this.node.controllerEndpoints)
    this.keepPort(this.node.endpoints[0])
  }

  /** The cluster its directory belongs to, or a new one. */
  private ownCluster(): ClusterIdentity {
    const clusterId = readMetaProperties(nodeFileSystem, this.dataDirectory)?.clusterId ?? randomUuid()
    return { clusterId }
  }

  /** A port that was free to be any is the node's from now on. */
  private keepPort(endpoint: Endpoint | undefined): void {
    const listeners = this.properties.get('listeners') ?? ''
    if (endpoint === undefined || !/:0$/.test(listeners)) return
    this.properties = new Map([...this.properties, ['listeners', listeners.replace(/:0$/, `:${endpoint.port}`)]])
  }

  async stop(): Promise<void> {
    await this.take()?.close()
  }

  async kill(): Promise<void> {
    await this.take()?.kill()
  }

  private take(): KafkaNode | null {
    const { node } = this
    this.node = null
    return node
  }
}

function addressOf([endpoint]: readonly Endpoint[]): string | null {
  return endpoint === undefined ? null : formatHostPort(endpoint.host, endpoint.port)
}
