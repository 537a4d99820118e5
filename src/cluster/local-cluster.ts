/** The local cluster of `kt cluster ...`: nodes as processes of this machine, their data under `$KT_HOME`. */
import * as fs from 'node:fs'
import { KtError } from '../base/errors.ts'
import {
  type ClusterMarker,
  clusterDirectory,
  clusterName,
  clusterNames,
  type Environment,
  formatHostPort,
  markerFile,
  nodeIds,
  nodePaths,
  openClusterDirectory,
  readMarker,
  writeMarker,
} from './cluster-directory.ts'
import {
  CONTROLLER_HOST,
  CONTROLLER_PORT_DISTANCE,
  isBroker,
  isController,
  type NodeRoles,
  type PlannedNode,
} from './cluster-plan.ts'
import { forgetFaults, readFaultFile } from './fault-files.ts'
import {
  addressesOf,
  checkWanted,
  completeEarlyNode,
  configuredNodes,
  isEarlyNode,
  isWritten,
  planCluster,
  type WantedCluster,
  writeCluster,
} from './local-topology.ts'
import {
  type NodeProcess,
  processState,
  recordedProcess,
  runningProcess,
  type StopOutcome,
  spawnNode,
  stopNode,
  waitUntil,
} from './node-process.ts'
import { type ConfiguredNode, structuralProperties, withOverrides } from './server-properties.ts'
import { startLock } from './start-lock.ts'

export interface ClusterReference {
  readonly env: Environment
  /** Several named clusters may stand beside each other; left out: KT_CLUSTER, else `local`. */
  readonly name?: string
}

export interface StartOptions extends ClusterReference, WantedCluster {}

/** What a start did. */
export interface StartResult {
  readonly name: string
  readonly clusterId: string
  readonly directory: string
  readonly bootstrapServers: string
  /** True when the cluster was made just now. */
  readonly created: boolean
  /** Nodes started by this call, and those that ran already. */
  readonly started: readonly NodeProcess[]
  readonly running: readonly NodeProcess[]
  /** What a person should know about how it was done. */
  readonly notes: readonly string[]
}

/** Where clients connect, from the brokers that are in service; '' when there are none. */
export function bootstrapServersOfProcesses(processes: readonly NodeProcess[]): string {
  return processes
    .flatMap(({ host, port, ready }) => (ready && port !== null ? [formatHostPort(host, port)] : []))
    .join(',')
}

/**
 * `host:port` list of the running brokers, null when none runs: a few file reads, for every command without a server.
 * Brokers that are paused or cut off from clients would only keep a command waiting, as long as there are others.
 */
export function findLocalCluster({ env, name = clusterName(env) }: ClusterReference): string | null {
  const directory = clusterDirectory(env, name)
  const processes = runningNodes(directory)
  const answering = processes.filter((node) => {
    const cut = readFaultFile(nodePaths(directory, node.nodeId).faults)
    return processState(node) === 'running' && cut?.blocksClients !== true
  })
  const servers = bootstrapServersOfProcesses(answering) || bootstrapServersOfProcesses(processes)
  return servers === '' ? null : servers
}

/** Processes of the cluster that live, in order of node id. */
export function runningNodes(directory: string): NodeProcess[] {
  return nodeIds(directory).flatMap((nodeId) => runningProcess(nodePaths(directory, nodeId)) ?? [])
}

/** Starts every node that is not running, all at once, and resolves when all of them are in service. */
export async function startLocalCluster(options: StartOptions): Promise<StartResult> {
  const { env, name = clusterName(env) } = options
  const directory = clusterDirectory(env, name)
  openClusterDirectory(directory, name)
  const release = await startLock(directory)
  try {
    // Read under the lock: another command may just have written the nodes.
    const marker = openClusterDirectory(directory, name)
    const existing = configuredNodes(directory)
    const prepared = isWritten(marker, existing)
      ? await reopen(directory, name, existing, options)
      : await create(directory, marker, options)
    const running = await settled(directory)
    const down = configuredNodes(directory).filter(({ nodeId }) => !running.some((each) => each.nodeId === nodeId))
    if (!prepared.created) await requireFreePorts(down)
    await startNodes(directory, down).catch((error) => {
      // Nothing is kept of a cluster that never ran: the next start may be asked for another one.
      if (prepared.created) writeMarker(directory, marker)
      throw error
    })
    const processes = runningNodes(directory)
    const started = processes.filter(({ nodeId }) => down.some((node) => node.nodeId === nodeId))
    const bootstrapServers = bootstrapServersOfProcesses(processes)
    return { name, clusterId: marker.clusterId, directory, bootstrapServers, started, running, ...prepared }
  } finally {
    release()
  }
}

/**
 * Throws `KtError` of kind not-found when KT_CLUSTER names a cluster that is not there: a slip of the pen makes no new one,
 * and no other cluster is taken for it.
 */
export function checkNamedCluster(env: Environment): void {
  const name = env.KT_CLUSTER
  if (!name || readMarker(clusterDirectory(env, name)) !== null) return
  throw new KtError('not-found', `there is no local cluster '${name}', which KT_CLUSTER names`, {
    facts: [`those there are: ${clusterNames(env).join(', ') || 'none'}`],
    next: `kt cluster start --name ${name}`,
  })
}

interface Prepared {
  readonly created: boolean
  readonly notes: readonly string[]
}

async function create(directory: string, marker: ClusterMarker, options: StartOptions): Promise<Prepared> {
  const overrides = options.config ?? new Map<string, string>()
  const { nodes, note } = await planCluster(options.env, marker.name, options)
  await Promise.all([checkOverrides(overrides), requireFreePorts(nodes)])
  writeCluster(directory, marker, nodes, overrides)
  return { created: true, notes: note === null ? [] : [note] }
}

/** A value Kafka refuses is refused before anything is written; definitions are loaded only when there is something to check. */
async function checkOverrides(overrides: ReadonlyMap<string, string>): Promise<void> {
  if (overrides.size === 0) return
  const [{ NodeConfig }, { KafkaError }] = await Promise.all([
    import('../metadata/config/index.ts'),
    import('../protocol/error-codes.ts'),
  ])
  try {
    new NodeConfig(overrides)
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    throw new KtError('usage', error.message, { facts: ['nothing was changed'] })
  }
}

/** Brings the files of a cluster that exists up to what was asked for. */
async function reopen(
  directory: string,
  name: string,
  nodes: readonly ConfiguredNode[],
  options: StartOptions,
): Promise<Prepared> {
  checkWanted(name, nodes, options)
  const overrides = options.config ?? new Map<string, string>()
  await checkOverrides(overrides)
  const running = runningNodes(directory)
  const notes: string[] = []
  if (isEarlyNode(nodes[0]!) && running.length === 0) {
    edit(directory, nodes[0]!, await completed(nodes[0]!))
    notes.push('node 1 has got a controller listener of its own: kt cluster add can add brokers')
  }
  if (options.port !== undefined || options.host !== undefined) {
    if (running.length > 0) notes.push('it keeps the addresses it runs on: --port and --host are for a stopped cluster')
    else await moveBrokers(directory, options)
  }
  if (overrides.size > 0) {
    for (const node of nodes) edit(directory, node, overrides)
    if (running.length > 0)
      notes.push(`nodes that run read the new settings when they restart: kt cluster restart ${ids(running)}`)
  }
  return { created: false, notes }
}

function ids(nodes: readonly { readonly nodeId: number }[]): string {
  return nodes.map(({ nodeId }) => nodeId).join(' ')
}

function edit(directory: string, { nodeId }: PlannedNode, changes: ReadonlyMap<string, string>): void {
  const { properties } = nodePaths(directory, nodeId)
  fs.writeFileSync(properties, withOverrides(fs.readFileSync(properties, 'utf8'), changes))
}

async function completed(node: ConfiguredNode): Promise<Map<string, string>> {
  const [{ freePorts }, { portIsFree }] = await Promise.all([import('./free-ports.ts'), import('./port-holder.ts')])
  const [free, spare] = (await freePorts(CONTROLLER_HOST, 2)) as [number, number]
  const brokerPort = node.brokerPort || free
  const near = brokerPort + CONTROLLER_PORT_DISTANCE
  const isUsable = near <= 65_535 && (await portIsFree(CONTROLLER_HOST, near))
  return completeEarlyNode(node, brokerPort, isUsable ? near : spare)
}

/** Brokers take other addresses; controllers keep theirs, which every node's file names. */
async function moveBrokers(directory: string, { port, host }: StartOptions): Promise<void> {
  const brokers = configuredNodes(directory).filter(({ roles }) => isBroker(roles))
  const newHost = host ?? brokers[0]!.host
  const free = port === 0 ? await (await import('./free-ports.ts')).freePorts(newHost, brokers.length) : []
  for (const [index, broker] of brokers.entries()) {
    const brokerPort = port === undefined ? broker.brokerPort : (free[index] ?? port + index)
    const moved = structuralProperties({ ...broker, host: newHost, brokerPort }, '', {
      name: 'controller.quorum.voters',
      value: '',
    })
    const names = ['listeners', 'advertised.listeners']
    edit(directory, broker, new Map(names.map((each) => [each, moved.get(each)!])))
  }
}

/** Nodes of a start that was interrupted may still be on their way: waits until they are in service or gone. */
async function settled(directory: string): Promise<NodeProcess[]> {
  await waitUntil(() => runningNodes(directory).every(({ ready }) => ready), STILL_STARTING_MS)
  return runningNodes(directory)
}

const STILL_STARTING_MS = 10_000

async function requireFreePorts(nodes: readonly PlannedNode[]): Promise<void> {
  const { portIsFree } = await import('./port-holder.ts')
  const wanted = addressesOf(nodes)
  const free = await Promise.all(wanted.map(({ host, port }) => portIsFree(host, port)))
  const taken = wanted.find((_, index) => !free[index])
  if (taken !== undefined) throw await portTaken(taken)
}

async function portTaken({
  host,
  port,
  forClients,
}: {
  host: string
  port: number
  forClients: boolean
}): Promise<KtError> {
  const { portHolder } = await import('./port-holder.ts')
  const holder = portHolder(port)
  return new KtError('conflict', `port ${port} on ${host} is taken`, {
    facts: [
      holder === null ? 'its process cannot be seen from here' : `held by ${holder}`,
      ...(forClients ? [`if that is a Kafka you want to use: --bootstrap-server ${host}:${port}`] : []),
    ],
    next: 'kt cluster start --port 0',
  })
}

/**
 * Starts nodes at once, controllers first: brokers find them by the time they ask. When one of them cannot start, those
 * started with it are ended again.
 */
export async function startNodes(directory: string, nodes: readonly ConfiguredNode[]): Promise<void> {
  const byRole = [...nodes].sort((a, b) => Number(isBroker(a.roles)) - Number(isBroker(b.roles)))
  const marker = markerFile(directory)
  const starting = byRole.map(({ nodeId }) => ({ nodeId, ...spawnNode(nodePaths(directory, nodeId), marker) }))
  try {
    await Promise.all(
      starting.map(({ nodeId, ready }) => ready.catch((error) => Promise.reject(ofNode(nodeId, error)))),
    )
  } catch (error) {
    for (const node of starting) node.kill()
    await Promise.allSettled(starting.map(({ ready }) => ready))
    for (const { nodeId } of starting) fs.rmSync(nodePaths(directory, nodeId).process, { force: true })
    throw error
  }
}

/** Among several nodes it matters which of them it was. */
function ofNode(nodeId: number, error: unknown): unknown {
  if (!(error instanceof KtError)) return error
  const { kind, message, facts, cause } = error
  return new KtError(kind, `node ${nodeId}: ${message}`, { facts, cause, next: `kt cluster logs ${nodeId}` })
}

export interface StoppedNode {
  readonly nodeId: number
  readonly roles: NodeRoles
  readonly pid: number
  readonly outcome: StopOutcome
}

/** Stops every node, brokers first: they ask the controllers for leave; what was cut is whole again. An empty list when nothing ran. */
export async function stopLocalCluster(reference: ClusterReference): Promise<readonly StoppedNode[]> {
  const directory = clusterDirectory(reference.env, reference.name)
  const stopped = await stopNodes(directory, runningNodes(directory))
  for (const nodeId of nodeIds(directory)) forgetFaults(nodePaths(directory, nodeId))
  return stopped
}

/** Controlled shutdown of some nodes: brokers side by side, then what is a controller, too. */
export async function stopNodes(directory: string, nodes: readonly NodeProcess[]): Promise<readonly StoppedNode[]> {
  const stopped: StoppedNode[] = []
  for (const withController of [false, true]) {
    const group = nodes.filter(({ roles }) => isController(roles) === withController)
    const outcomes = await Promise.all(group.map((node) => stopNode(node, nodePaths(directory, node.nodeId))))
    stopped.push(...group.map(({ nodeId, roles, pid }, index) => ({ nodeId, roles, pid, outcome: outcomes[index]! })))
  }
  return stopped
}

/** Ends the cluster and deletes its data; refuses a directory that is not ours. Returns the directory, null when there is none. */
export async function resetLocalCluster(reference: ClusterReference): Promise<string | null> {
  const directory = clusterDirectory(reference.env, reference.name)
  if (!fs.existsSync(directory)) return null
  if (readMarker(directory) === null) {
    throw new KtError('conflict', `${directory} is not a cluster of kt: nothing was deleted`)
  }
  await stopLocalCluster(reference)
  fs.rmSync(directory, { recursive: true, force: true })
  return directory
}

/** Log file of each node. */
export function localClusterLogs(reference: ClusterReference): { readonly nodeId: number; readonly file: string }[] {
  const directory = clusterDirectory(reference.env, reference.name)
  return nodeIds(directory).map((nodeId) => ({ nodeId, file: nodePaths(directory, nodeId).log }))
}

/** The record a killed node left behind. */
export function lastProcess(directory: string, nodeId: number): NodeProcess | null {
  return recordedProcess(nodePaths(directory, nodeId))
}
