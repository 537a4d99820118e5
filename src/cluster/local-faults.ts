/** `kt cluster isolate` and `heal`: who of the local cluster hears whom. */
import { hostname } from 'node:os'
import { nodePaths } from './cluster-directory.ts'
import { CONTROLLER_HOST } from './cluster-plan.ts'
import { appliedVersion, type FaultFile, readFaultFile, writeFaultFile } from './fault-files.ts'
import { chosenNodes, type LocalNodes } from './local-nodes.ts'
import { processState, runningProcess, waitUntil } from './node-process.ts'
import type { ConfiguredNode } from './server-properties.ts'

/** How a node is cut off. */
export interface Cut {
  readonly nodes: boolean
  readonly clients: boolean
}

const WHOLE: Cut = { nodes: false, clients: false }
const EVERY_PEER = '*'
/** A node that is not busy for seconds takes a few milliseconds. */
const APPLY_TIMEOUT_MS = 3_000

export interface FaultOutcome {
  /** Cuts in force by node id; healed nodes are not in it. */
  readonly cuts: ReadonlyMap<number, Cut>
  /** Nodes whose cut was changed by this call. */
  readonly changed: readonly number[]
  /** Nodes that run and have not said that they obey: paused ones do when they go on. */
  readonly silent: readonly number[]
}

/** Cuts that are in force now. */
export function currentCuts({ directory, nodes }: LocalNodes): Map<number, Cut> {
  const cuts = new Map<number, Cut>()
  for (const { nodeId } of nodes) {
    const file = readFaultFile(nodePaths(directory, nodeId).faults)
    const cut = { nodes: file?.blockedPeers.includes(EVERY_PEER) === true, clients: file?.blocksClients === true }
    if (cut.nodes || cut.clients) cuts.set(nodeId, cut)
  }
  return cuts
}

/** Cuts nodes off, in addition to what is cut already. Resolves when it is in force. */
export function isolateNodes(cluster: LocalNodes, nodeIds: readonly number[], cut: Cut): Promise<FaultOutcome> {
  const chosen = chosenNodes(cluster.nodes, nodeIds).map(({ nodeId }) => nodeId)
  return change(cluster, (nodeId, before) =>
    chosen.includes(nodeId) ? { nodes: before.nodes || cut.nodes, clients: before.clients || cut.clients } : before,
  )
}

/** Connects nodes again; all of them when none is named. */
export function healNodes(cluster: LocalNodes, nodeIds: readonly number[]): Promise<FaultOutcome> {
  const chosen = (nodeIds.length === 0 ? cluster.nodes : chosenNodes(cluster.nodes, nodeIds)).map(
    ({ nodeId }) => nodeId,
  )
  return change(cluster, (nodeId, before) => (chosen.includes(nodeId) ? WHOLE : before))
}

async function change(cluster: LocalNodes, cutOf: (nodeId: number, before: Cut) => Cut): Promise<FaultOutcome> {
  const { directory, nodes } = cluster
  const before = currentCuts(cluster)
  const cuts = new Map<number, Cut>()
  const changed: number[] = []
  for (const { nodeId } of nodes) {
    const old = before.get(nodeId) ?? WHOLE
    const cut = cutOf(nodeId, old)
    if (cut.nodes || cut.clients) cuts.set(nodeId, cut)
    if (cut.nodes !== old.nodes || cut.clients !== old.clients) changed.push(nodeId)
  }
  const versions = new Map(nodes.map((node) => [node.nodeId, write(directory, node, nodes, cuts)]))
  return { cuts, changed, silent: await silentNodes(directory, versions) }
}

/** Returns the version that the node has to confirm. */
function write(
  directory: string,
  { nodeId }: ConfiguredNode,
  nodes: readonly ConfiguredNode[],
  cuts: ReadonlyMap<number, Cut>,
): number {
  const { faults } = nodePaths(directory, nodeId)
  const own = cuts.get(nodeId) ?? WHOLE
  const others = nodes.filter((other) => other.nodeId !== nodeId && cuts.get(other.nodeId)?.nodes === true)
  const content: FaultFile = {
    version: (readFaultFile(faults)?.version ?? 0) + 1,
    blockedPeers: own.nodes ? [EVERY_PEER] : others.flatMap(addressesOf),
    blocksClients: own.clients,
  }
  writeFaultFile(faults, content)
  return content.version
}

/** Every address by which another node may know this one. */
function addressesOf({ host, brokerPort, controllerPort }: ConfiguredNode): string[] {
  return [
    ...(brokerPort === null ? [] : [...new Set([host, hostname()])].map((each) => `${each}:${brokerPort}`)),
    ...(controllerPort === null ? [] : [`${CONTROLLER_HOST}:${controllerPort}`]),
  ]
}

async function silentNodes(directory: string, versions: ReadonlyMap<number, number>): Promise<number[]> {
  const silent = (): number[] =>
    [...versions].flatMap(([nodeId, version]) => {
      const paths = nodePaths(directory, nodeId)
      return runningProcess(paths) === null || appliedVersion(paths.faultsApplied) >= version ? [] : [nodeId]
    })
  const mayAnswer = (nodeId: number): boolean => {
    const process = runningProcess(nodePaths(directory, nodeId))
    return process !== null && processState(process) === 'running'
  }
  await waitUntil(() => !silent().some(mayAnswer), APPLY_TIMEOUT_MS)
  return silent()
}
