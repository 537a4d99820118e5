/**
 * Runs one node for the rest of this process's life: starts it, serves until SIGTERM or SIGINT, shuts it down in order,
 * ends the process. Shared by the local cluster's processes and `kt server-start`.
 */
import { readFileSync, rmSync } from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'
import { type Logger, lineLogger } from '../base/logger.ts'
import { startNode } from '../broker/node.ts'
import type { KafkaNode } from '../broker/node-types.ts'
import { parseProperties } from '../client/java-properties.ts'
import { checkNodeConfig, NodeConfig } from '../metadata/config/index.ts'
import type { NodeNetwork } from '../network/node-network.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { ClusterMarker, NodePaths } from './cluster-directory.ts'
import type { NodeRoles } from './cluster-plan.ts'
import { type NodeProcess, recordProcess, startTicks } from './node-process.ts'
import type { TimelineServer } from './timeline-server.ts'

/** Exit codes of a process that a signal ended, as a shell reports them; the JVM uses the same. */
const EXIT_CODES = { SIGTERM: 143, SIGINT: 130 } as const

export interface RunNodeOptions {
  readonly propertiesFile: string
  /** `--override`: wins over the file. */
  readonly overrides: ReadonlyMap<string, string>
  /** Path of a local cluster's `cluster.json`; null for a node that a person started. */
  readonly markerFile: string | null
  /** Where to write who runs, and delete it after a shutdown. */
  readonly processFile: string | null
  /** Told when the node is in service; a node that cannot start rejects instead. */
  readonly onReady: (process: NodeProcess) => void
}

/** Resolves when the node serves; from then on the process belongs to it. Rejects with `KtError`. */
export async function runNode(options: RunNodeOptions): Promise<KafkaNode> {
  const logger = lineLogger((line) => process.stdout.write(line))
  const config = readConfig(options)
  checkNodeConfig(config, (message) => logger.warn(message))
  const timeline = await openTimeline(config.nodeId, options, logger)
  const record = recorder(config, options, timeline?.socketPath ?? null)
  let network: NodeNetwork | undefined
  let clusterId: string | undefined
  record(null)
  if (options.markerFile !== null) {
    const marker = JSON.parse(readFileSync(options.markerFile, 'utf8')) as ClusterMarker
    ;({ clusterId } = marker)
    const [{ formatIfNew }, { faultyNodeNetwork }] = await Promise.all([
      import('./node-directory.ts'),
      import('./node-faults.ts'),
    ])
    formatIfNew(config, marker)
    network = faultyNodeNetwork(path.dirname(options.propertiesFile), logger)
  }
  const running: RunningNode = { node: null, logger, processFile: options.processFile }
  takeSignals(running)
  const node = await startNode({
    ...{ config, clusterId, logger, network, timeline: timeline?.server },
    onFatal: (error) => halt(error, logger),
  })
  running.node = node
  options.onReady(record(node))
  return node
}

/** Values as Kafka's own messages judge them, at a person. */
function readConfig({ propertiesFile, overrides }: RunNodeOptions): NodeConfig {
  const properties = parseProperties(readFileSync(propertiesFile, 'utf8'))
  try {
    return new NodeConfig(new Map([...properties, ...overrides]))
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    throw new KtError('usage', error.message, { facts: [`in ${propertiesFile}`] })
  }
}

interface OpenTimeline {
  readonly server: TimelineServer
  readonly socketPath: string
}

/** Nodes of a local cluster can be watched from inside: their files tell where. Null for others, and where it cannot be. */
async function openTimeline(nodeId: number, options: RunNodeOptions, logger: Logger): Promise<OpenTimeline | null> {
  if (options.markerFile === null || process.platform === 'win32') return null
  const { TimelineServer, timelineSocketPath } = await import('./timeline-server.ts')
  const server = new TimelineServer(nodeId)
  const socketPath = timelineSocketPath(path.dirname(options.propertiesFile))
  return (await server.listen(socketPath, logger)) ? { server, socketPath } : null
}

/** Writes `process.json`: first that there is a process, then what it serves. */
function recorder(
  config: NodeConfig,
  { processFile }: RunNodeOptions,
  timeline: string | null,
): (node: KafkaNode | null) => NodeProcess {
  const roles = [...config.getList('process.roles')].sort().join(',') as NodeRoles
  const started = {
    ...{ nodeId: config.nodeId, roles, pid: process.pid },
    ...{ startTicks: startTicks(process.pid), startedAtMs: Date.now() },
  }
  return (node) => {
    const [endpoint, controllerEndpoint] = [node?.endpoints[0], node?.controllerEndpoints[0]]
    const host = endpoint?.host ?? controllerEndpoint?.host ?? ''
    const ports = { port: endpoint?.port ?? null, controllerPort: controllerEndpoint?.port ?? null }
    const record: NodeProcess = { ...started, host, ...ports, ready: node !== null, timeline }
    if (processFile !== null) recordProcess({ process: processFile }, record)
    return record
  }
}

/** Without a metadata log there is nothing a node could still do right: what is on disk stays as it is. */
function halt(error: unknown, logger: Logger): void {
  logger.error('Encountered a fatal fault, halting', error)
  process.exit(1)
}

interface RunningNode {
  /** null while it starts. */
  node: KafkaNode | null
  readonly logger: Logger
  readonly processFile: string | null
}

function takeSignals(running: RunningNode): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void shutDown(running, signal))
}

/** A node that has not finished its start has promised nothing to anybody: it just ends. */
async function shutDown({ node, logger, processFile }: RunningNode, signal: keyof typeof EXIT_CODES): Promise<void> {
  logger.info(`${signal}: ${node === null ? 'ending before the start is complete' : 'controlled shutdown'}`)
  try {
    await node?.close()
    if (processFile !== null) rmSync(processFile, { force: true })
    logger.info('shut down')
    process.exit(EXIT_CODES[signal])
  } catch (error) {
    logger.error('the shutdown failed', error)
    process.exit(1)
  }
}

/** Where the record of a local cluster's node lies: beside its server.properties. */
export function processFileBeside(propertiesFile: string): NodePaths['process'] {
  return path.join(path.dirname(propertiesFile), 'process.json')
}
