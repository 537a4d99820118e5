/** `startCluster()`: a Kafka cluster inside this process, for tests and experiments. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'
import { lineLogger, silentLogger } from '../base/logger.ts'
import { randomUuid } from '../base/uuid.ts'
import type { CombinedNode } from '../broker/combined-node.ts'
import { formatHostPort, LOCAL_DEFAULTS, plaintextListener } from './cluster-directory.ts'
import type { LocalCluster, StartClusterOptions } from './types.ts'

const NODE_ID = 1
const DEFAULT_HOST = '127.0.0.1'

/**
 * Starts a cluster of one combined node in this process and resolves when it serves. It speaks Kafka's protocol on a
 * loopback port; any Kafka client can use it.
 *
 * ```ts
 * await using cluster = await startCluster()
 * const kafka = new Kafka({ brokers: [cluster.bootstrapServers] })
 * ```
 *
 * Defaults are Kafka's but for the few in `LOCAL_DEFAULTS` (`kt cluster status` shows them with their reasons). A data
 * directory that was used before is opened again, with its cluster id. Rejects with `KtError`: usage (a bad
 * configuration value), conflict (port taken, directory in use), storage.
 */
export async function startCluster(options: StartClusterOptions = {}): Promise<LocalCluster> {
  if (options.brokers !== undefined && options.brokers !== 1) {
    throw new KtError('usage', `a cluster of ${options.brokers} brokers cannot be started yet, only of 1`)
  }
  const temporary = options.dataDirectory === undefined
  const dataDirectory = options.dataDirectory ?? fs.mkdtempSync(path.join(os.tmpdir(), 'kt-cluster-'))
  try {
    const node = await startNode(options, dataDirectory)
    return new InProcessCluster(node, dataDirectory, temporary)
  } catch (error) {
    if (temporary) fs.rmSync(dataDirectory, { recursive: true, force: true })
    throw error
  }
}

async function startNode(options: StartClusterOptions, dataDirectory: string): Promise<CombinedNode> {
  // The broker is loaded when a cluster is started, not when the package is imported.
  const [{ startCombinedNode }, { NodeConfig }, { readMetaProperties }, { nodeFileSystem }] = await Promise.all([
    import('../broker/combined-node.ts'),
    import('../metadata/config/index.ts'),
    import('../log/meta-properties.ts'),
    import('../base/file-system.ts'),
  ])
  const { host = DEFAULT_HOST, port = 0, config = {}, log } = options
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': String(NODE_ID),
    listeners: plaintextListener(host, port),
    'controller.listener.names': 'CONTROLLER',
    ...Object.fromEntries(LOCAL_DEFAULTS.map(({ name, value }) => [name, value])),
    ...config,
    'log.dirs': dataDirectory,
  }
  const known = readMetaProperties(nodeFileSystem, dataDirectory)
  return startCombinedNode({
    config: new NodeConfig(properties),
    clusterId: known?.clusterId ?? randomUuid(),
    logger: log === undefined ? silentLogger : lineLogger(log),
  })
}

class InProcessCluster implements LocalCluster {
  readonly bootstrapServers: string
  readonly clusterId: string
  readonly dataDirectory: string
  private readonly node: CombinedNode
  private readonly temporary: boolean

  constructor(node: CombinedNode, dataDirectory: string, temporary: boolean) {
    this.node = node
    this.dataDirectory = dataDirectory
    this.temporary = temporary
    this.clusterId = node.clusterId
    this.bootstrapServers = node.endpoints.map(({ host, port }) => formatHostPort(host, port)).join(',')
  }

  async close(): Promise<void> {
    await this.node.close()
    if (this.temporary) fs.rmSync(this.dataDirectory, { recursive: true, force: true })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
