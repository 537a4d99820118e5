/** `startCluster()`: a Kafka cluster inside this process, for tests and experiments. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'
import { openClusterDirectory } from './cluster-directory.ts'
import { checkCounts, DEFAULT_HOST, FIRST_BROKER_ID, isCombined } from './cluster-plan.ts'
import type { InProcessNode } from './in-process-node.ts'
import { localDefaults } from './local-defaults.ts'
import { configuredNodes, isWritten, planCluster, writeCluster } from './local-topology.ts'
import { plaintextListener } from './server-properties.ts'
import type { ClusterNode, LocalCluster, StartClusterOptions } from './types.ts'

const CLUSTER_NAME = 'in-process'

/** Kafka's own again: a program may write records with times of long ago, and nobody watches them go. */
const FOR_PROGRAMS = { 'log.retention.check.interval.ms': '300000' }

/**
 * Starts a cluster in this process and resolves when every node of it serves: one combined node, or as many brokers and
 * controllers as are asked for. It speaks Kafka's protocol on loopback ports; any Kafka client can use it.
 *
 * ```ts
 * await using cluster = await startCluster({ brokers: 3 })
 * const kafka = new Kafka({ brokers: cluster.bootstrapServers.split(',') })
 * ```
 *
 * Defaults are Kafka's but for the few in `local-defaults.ts` (`kt cluster status` shows them with their reasons). A data
 * directory that was used before is opened again, with its cluster id. Rejects with `KtError`: usage (a bad
 * configuration value), conflict (port taken, directory in use), storage.
 */
export async function startCluster(given: StartClusterOptions = {}): Promise<LocalCluster> {
  const options = { ...given, config: { ...FOR_PROGRAMS, ...given.config } }
  const { brokers = 1, controllers = 1 } = options
  checkCounts(brokers, controllers)
  const temporary = options.dataDirectory === undefined
  const dataDirectory = options.dataDirectory ?? fs.mkdtempSync(path.join(os.tmpdir(), 'kt-cluster-'))
  try {
    const nodes = await (isCombined(brokers, controllers)
      ? combinedNode(options, dataDirectory)
      : severalNodes({ ...options, brokers, controllers }, dataDirectory))
    await startAll(nodes)
    return new InProcessCluster(nodes, dataDirectory, temporary)
  } catch (error) {
    if (temporary) fs.rmSync(dataDirectory, { recursive: true, force: true })
    throw error
  }
}

/** One node of both roles needs nobody to find it but its clients: it has no controller listener. */
async function combinedNode(options: StartClusterOptions, dataDirectory: string): Promise<InProcessNode[]> {
  // The broker is loaded when a cluster is started, not when the package is imported.
  const { InProcessNode } = await import('./in-process-node.ts')
  const { host = DEFAULT_HOST, port = 0, config = {}, log } = options
  const roles = 'broker,controller'
  const properties = new Map([
    ['process.roles', roles],
    ['node.id', String(FIRST_BROKER_ID)],
    ['listeners', plaintextListener(host, port)],
    ['controller.listener.names', 'CONTROLLER'],
    ...localDefaults(roles, 1, 1).map(({ name, value }) => [name, value] as const),
    ...Object.entries(config),
    ['log.dirs', dataDirectory],
  ])
  return [new InProcessNode({ properties, marker: null, log })]
}

/** The layout of a local cluster: `cluster.json`, and per node its server.properties and its data. */
async function severalNodes(options: StartClusterOptions, dataDirectory: string): Promise<InProcessNode[]> {
  const [{ InProcessNode }, { NodeConfig }] = await Promise.all([
    import('./in-process-node.ts'),
    import('../metadata/config/index.ts'),
  ])
  const overrides = new Map(Object.entries(options.config ?? {}))
  new NodeConfig(overrides)
  const opened = openClusterDirectory(dataDirectory, CLUSTER_NAME)
  if (!isWritten(opened, configuredNodes(dataDirectory))) {
    const { nodes } = await planCluster({ KT_HOME: dataDirectory }, CLUSTER_NAME, {
      ...options,
      port: options.port ?? 0,
      config: overrides,
    })
    writeCluster(dataDirectory, opened, nodes, overrides)
  }
  const marker = openClusterDirectory(dataDirectory, CLUSTER_NAME)
  const configured = configuredNodes(dataDirectory)
  checkShape(configured.length, options, dataDirectory)
  return configured.map(
    ({ properties }) =>
      new InProcessNode({ properties: new Map([...properties, ...overrides]), marker, log: options.log }),
  )
}

function checkShape(nodes: number, { brokers = 1, controllers = 1 }: StartClusterOptions, dataDirectory: string): void {
  if (nodes === brokers + controllers) return
  throw new KtError('conflict', `${dataDirectory} holds a cluster of ${nodes} nodes, not ${brokers + controllers}`)
}

/** All at once: a broker is in service only when the controllers are. When one cannot start, none is left running. */
async function startAll(nodes: readonly InProcessNode[]): Promise<void> {
  const outcomes = await Promise.allSettled(nodes.map((node) => node.start()))
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failure === undefined) return
  await Promise.allSettled(nodes.map((node) => node.kill()))
  throw failure.reason
}

class InProcessCluster implements LocalCluster {
  readonly bootstrapServers: string
  readonly clusterId: string
  readonly dataDirectory: string
  private readonly all: readonly InProcessNode[]
  private readonly temporary: boolean

  constructor(nodes: readonly InProcessNode[], dataDirectory: string, temporary: boolean) {
    this.all = nodes
    this.dataDirectory = dataDirectory
    this.temporary = temporary
    this.clusterId = nodes[0]!.clusterId
    this.bootstrapServers = nodes.flatMap(({ address }) => address ?? []).join(',')
  }

  get nodes(): readonly ClusterNode[] {
    return this.all
  }

  private node(nodeId: number): InProcessNode {
    const node = this.all.find((each) => each.nodeId === nodeId)
    if (node !== undefined) return node
    throw new KtError('not-found', `this cluster has no node ${nodeId}`, {
      facts: [`its nodes are ${this.all.map((each) => each.nodeId).join(', ')}`],
    })
  }

  async stop(nodeId: number): Promise<void> {
    await this.node(nodeId).stop()
  }

  async kill(nodeId: number): Promise<void> {
    await this.node(nodeId).kill()
  }

  async restart(nodeId: number): Promise<void> {
    const node = this.node(nodeId)
    await node.stop()
    await node.start()
  }

  /** Brokers first: they ask the controllers for leave. */
  async close(): Promise<void> {
    const isMereController = ({ roles }: ClusterNode): boolean => roles === 'controller'
    await Promise.all(this.all.filter((node) => !isMereController(node)).map((node) => node.stop()))
    await Promise.all(this.all.map((node) => node.stop()))
    if (this.temporary) fs.rmSync(this.dataDirectory, { recursive: true, force: true })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
