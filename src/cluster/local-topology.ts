/** The nodes of a local cluster on disk: made, found again, changed. */
import * as fs from 'node:fs'
import { KtError } from '../base/errors.ts'
import { randomUuid } from '../base/uuid.ts'
import {
  type ClusterMarker,
  clusterDirectory,
  clusterNames,
  type Environment,
  nodeIds,
  nodePaths,
  writeMarker,
} from './cluster-directory.ts'
import {
  CLUSTER_PORT_DISTANCE,
  CONTROLLER_HOST,
  checkCounts,
  DEFAULT_BROKERS,
  DEFAULT_CONTROLLERS,
  DEFAULT_HOST,
  DEFAULT_PORT,
  isController,
  type PlannedNode,
  planNodes,
  portsFrom,
  portsOf,
} from './cluster-plan.ts'
import { type LocalDefault, localDefaults, reasonFor } from './local-defaults.ts'
import {
  bootstrapServersOf,
  type ConfiguredNode,
  type QuorumSetting,
  readServerProperties,
  STRUCTURAL_NAMES,
  serverProperties,
  structuralProperties,
} from './server-properties.ts'

/** What a person asked for; left out is what is there, else the defaults. */
export interface WantedCluster {
  readonly brokers?: number
  readonly controllers?: number
  readonly host?: string
  /** First broker's port; 0 takes free ones. */
  readonly port?: number
  /** Broker properties of Kafka's, written into every node's server.properties. */
  readonly config?: ReadonlyMap<string, string>
}

/** Nodes that have a server.properties, in order of id. */
export function configuredNodes(directory: string): ConfiguredNode[] {
  return nodeIds(directory).flatMap((nodeId) => {
    const node = readServerProperties(nodePaths(directory, nodeId).properties, nodeId)
    return node === null ? [] : [node]
  })
}

/** A cluster of the days when there was one node: broker and controller without a listener of its own. */
export function isEarlyNode(node: ConfiguredNode): boolean {
  return isController(node.roles) && node.controllerPort === null
}

/** A cluster whose first start was interrupted before all of its nodes were written is made anew. */
export function isWritten(marker: ClusterMarker, nodes: readonly ConfiguredNode[]): boolean {
  return nodes.length > 0 && (marker.voters !== undefined || isEarlyNode(nodes[0]!) || hasStaticQuorum(nodes[0]!))
}

function hasStaticQuorum(node: ConfiguredNode): boolean {
  return node.properties.has('controller.quorum.voters')
}

export interface ChosenPorts {
  readonly nodes: readonly PlannedNode[]
  /** Why the ports are not the usual ones; null when they are. */
  readonly note: string | null
}

/**
 * Ids, roles and ports of a new cluster. Without a port that was asked for, these are the usual ones or, where those belong to
 * another cluster or are taken by anybody, the next that are free. Throws `KtError` of kind usage.
 */
export async function planCluster(
  env: Environment,
  name: string,
  wanted: WantedCluster,
  isFree: PortProbe = probe,
): Promise<ChosenPorts> {
  const { brokers = DEFAULT_BROKERS, host = DEFAULT_HOST } = wanted
  const controllers = wanted.controllers ?? DEFAULT_CONTROLLERS
  checkCounts(brokers, controllers)
  const planFrom = (base: number): PlannedNode[] =>
    planNodes({ brokers, controllers, host, ...portsFrom(base, brokers, controllers) })
  const planAnywhere = async (): Promise<PlannedNode[]> => {
    const { freePorts } = await import('./free-ports.ts')
    const ports = await freePorts(host, brokers + controllers)
    ports.sort((a, b) => a - b)
    const shape = { brokerPorts: ports.slice(0, brokers), controllerPorts: ports.slice(brokers) }
    return planNodes({ brokers, controllers, host, ...shape })
  }
  if (wanted.port === 0) return { nodes: await planAnywhere(), note: null }
  if (wanted.port !== undefined) return { nodes: planFrom(wanted.port), note: null }
  const owners = portOwners(env, name)
  const hindrances = new Set<string>()
  for (
    let base = DEFAULT_PORT;
    base < DEFAULT_PORT + MAX_RANGES * CLUSTER_PORT_DISTANCE;
    base += CLUSTER_PORT_DISTANCE
  ) {
    const nodes = planFrom(base)
    const hindrance = ownedBy(nodes, owners) ?? (await takenBy(nodes, isFree))
    if (hindrance === null) return { nodes, note: noteOf(hindrances, `this one begins at ${base}`) }
    hindrances.add(hindrance)
  }
  return { nodes: await planAnywhere(), note: noteOf(hindrances, 'this one takes ports that are free') }
}

/** So many ranges of the usual kind are looked at. */
const MAX_RANGES = 20
/** Reasons in one line, and how much of a command line in it. */
const MAX_TOLD = 2
const HOLDER_CHARACTERS = 40

/** Whether nothing listens there. */
export type PortProbe = (host: string, port: number) => Promise<boolean>

const probe: PortProbe = async (host, port) => (await import('./port-holder.ts')).portIsFree(host, port)

function noteOf(hindrances: ReadonlySet<string>, instead: string): string | null {
  return hindrances.size === 0 ? null : `${[...hindrances].slice(0, MAX_TOLD).join(', ')}: ${instead}`
}

function ownedBy(nodes: readonly PlannedNode[], owners: ReadonlyMap<number, string>): string | null {
  if (!nodes.flatMap(portsOf).some((port) => owners.has(port))) return null
  const names = [...new Set(owners.values())].map((each) => `'${each}'`).join(' and ')
  return `ports ${DEFAULT_PORT} and up belong to cluster ${names}`
}

async function takenBy(nodes: readonly PlannedNode[], isFree: PortProbe): Promise<string | null> {
  const wanted = addressesOf(nodes)
  const free = await Promise.all(wanted.map(({ host, port }) => isFree(host, port)))
  const taken = wanted.find((_, index) => !free[index])
  if (taken === undefined) return null
  if (!(await isFree(taken.host, 0))) {
    throw new KtError('usage', `${taken.host} is not an address of this machine`, {
      facts: ['nothing can listen on it'],
      next: 'kt cluster start, without --host for 127.0.0.1',
    })
  }
  const holder = (await import('./port-holder.ts')).portHolder(taken.port, HOLDER_CHARACTERS)
  return `port ${taken.port} is taken${holder === null ? '' : ` by ${holder}`}`
}

/** Where the nodes will listen. */
export function addressesOf(
  nodes: readonly PlannedNode[],
): { readonly host: string; readonly port: number; readonly forClients: boolean }[] {
  return nodes.flatMap(({ host, brokerPort, controllerPort }) => [
    ...(brokerPort ? [{ host, port: brokerPort, forClients: true }] : []),
    ...(controllerPort ? [{ host: CONTROLLER_HOST, port: controllerPort, forClients: false }] : []),
  ])
}

/** Ports of the other local clusters, running or not, and whose they are. */
function portOwners(env: Environment, name: string): Map<number, string> {
  const owners = new Map<number, string>()
  for (const other of clusterNames(env)) {
    if (other === name) continue
    for (const node of configuredNodes(clusterDirectory(env, other))) {
      for (const port of portsOf(node)) owners.set(port, other)
    }
  }
  return owners
}

/** Writes every node of a new cluster, and last of all its voters: from then on the cluster is whole. */
export function writeCluster(
  directory: string,
  marker: ClusterMarker,
  nodes: readonly PlannedNode[],
  overrides: ReadonlyMap<string, string>,
): void {
  for (const nodeId of nodeIds(directory)) {
    fs.rmSync(nodePaths(directory, nodeId).directory, { recursive: true, force: true })
  }
  const controllers = nodes.filter(({ roles }) => isController(roles))
  const brokers = nodes.filter(({ brokerPort }) => brokerPort !== null).length
  const quorum = bootstrapServersOf(nodes)
  for (const node of nodes) {
    const defaults = localDefaults(node.roles, brokers, controllers.length)
    writeNode(directory, node, { quorum, defaults, overrides })
  }
  const voters = controllers.map(
    ({ nodeId, controllerPort }) => `${nodeId}@${CONTROLLER_HOST}:${controllerPort}:${randomUuid()}`,
  )
  writeMarker(directory, { ...marker, voters: voters.join(',') })
}

/** What a node's server.properties says beside its id, roles and ports. */
export interface NodeSettings {
  readonly quorum: QuorumSetting
  readonly defaults: readonly LocalDefault[]
  readonly overrides: ReadonlyMap<string, string>
}

/** One node's directory with its server.properties. */
export function writeNode(directory: string, node: PlannedNode, settings: NodeSettings): void {
  const paths = nodePaths(directory, node.nodeId)
  fs.mkdirSync(paths.data, { recursive: true })
  const { quorum, defaults, overrides } = settings
  const content = {
    structural: structuralProperties(node, paths.data, quorum),
    defaults: defaults.filter(({ name }) => !overrides.has(name)),
    overrides,
  }
  fs.writeFileSync(paths.properties, serverProperties(content))
}

/** What a node that joins is given: the settings of one that is there, and why they are there. */
export function settingsLike(node: ConfiguredNode): Pick<NodeSettings, 'defaults' | 'overrides'> {
  const defaults: LocalDefault[] = []
  const overrides = new Map<string, string>()
  for (const [name, value] of node.properties) {
    if (STRUCTURAL_NAMES.has(name)) continue
    const why = reasonFor(name, value)
    if (why === null) overrides.set(name, value)
    else defaults.push({ name, value, why })
  }
  return { defaults, overrides }
}

/** How the nodes of an existing cluster find the controllers. */
export function quorumOf(nodes: readonly ConfiguredNode[]): QuorumSetting {
  for (const name of ['controller.quorum.voters', 'controller.quorum.bootstrap.servers'] as const) {
    const value = nodes.map(({ properties }) => properties.get(name)).find((each) => each !== undefined)
    if (value !== undefined) return { name, value }
  }
  return bootstrapServersOf(nodes)
}

/**
 * What the one node of an early cluster lacks: a listener of its controller, and the port it had if it was free to take
 * any. Its quorum stays static.
 */
export function completeEarlyNode(
  node: ConfiguredNode,
  brokerPort: number,
  controllerPort: number,
): Map<string, string> {
  const { nodeId, host, roles } = node
  const planned: PlannedNode = { nodeId, roles, host, brokerPort, controllerPort }
  const quorum: QuorumSetting = {
    name: 'controller.quorum.voters',
    value: `${nodeId}@${CONTROLLER_HOST}:${controllerPort}`,
  }
  const changed = structuralProperties(planned, '', quorum)
  changed.delete('log.dirs')
  return changed
}

/** Refuses counts that an existing cluster does not have. */
export function checkWanted(
  name: string,
  nodes: readonly ConfiguredNode[],
  { brokers, controllers }: WantedCluster,
): void {
  const has = {
    brokers: nodes.filter(({ roles }) => roles !== 'controller').length,
    controllers: nodes.filter(({ roles }) => roles !== 'broker').length,
  }
  const refuse = (what: string, next: string): never => {
    throw new KtError('conflict', `cluster '${name}' exists with ${what}`, {
      facts: ['its nodes and their data are kept from start to start'],
      next,
    })
  }
  if (brokers !== undefined && brokers !== has.brokers) {
    refuse(
      `${has.brokers} broker${has.brokers === 1 ? '' : 's'}`,
      brokers > has.brokers ? 'kt cluster add' : 'kt cluster remove ID',
    )
  }
  if (controllers !== undefined && controllers !== has.controllers) {
    refuse(`${has.controllers} controller${has.controllers === 1 ? '' : 's'}`, 'kt cluster reset')
  }
}
