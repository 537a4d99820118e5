/** What `kt cluster kill|stop|pause|resume|restart|add|remove` does to single nodes of the local cluster. */
import * as fs from 'node:fs'
import { KtError } from '../base/errors.ts'
import { clusterDirectory, clusterName, nodePaths, readMarker } from './cluster-directory.ts'
import { FIRST_CONTROLLER_ID, isBroker, type NodeRoles, type PlannedNode, portsOf } from './cluster-plan.ts'
import { type ClusterReference, runningNodes, startNodes, stopNodes } from './local-cluster.ts'
import { configuredNodes, quorumOf, settingsLike, writeNode } from './local-topology.ts'
import { killNode, type NodeProcess, processState, runningProcess, signalNode } from './node-process.ts'
import type { ConfiguredNode } from './server-properties.ts'
import { startLock } from './start-lock.ts'

/** What was found and what was done to one node. */
export interface NodeAction {
  readonly nodeId: number
  readonly roles: NodeRoles
  /** Its process before; null when it did not run. */
  readonly before: NodeProcess | null
  /** Its process afterwards; null when it does not run. */
  readonly after: NodeProcess | null
  /** False when there was nothing to do. */
  readonly done: boolean
  /** A controlled shutdown that did not end in time. */
  readonly forced: boolean
}

export interface LocalNodes {
  readonly directory: string
  readonly nodes: readonly ConfiguredNode[]
}

/** The cluster's nodes. Throws `KtError` of kind not-found when there is no such cluster. */
export function localNodes({ env, name = clusterName(env) }: ClusterReference): LocalNodes {
  const directory = clusterDirectory(env, name)
  const nodes = configuredNodes(directory)
  if (readMarker(directory) === null || nodes.length === 0) {
    throw new KtError('not-found', `there is no cluster '${name}'`, { next: 'kt cluster start' })
  }
  return { directory, nodes }
}

/** The nodes of these ids, in the order given. Throws `KtError` of kind not-found that names those there are. */
export function chosenNodes(nodes: readonly ConfiguredNode[], nodeIds: readonly number[]): ConfiguredNode[] {
  return [...new Set(nodeIds)].map((nodeId) => {
    const found = nodes.find((node) => node.nodeId === nodeId)
    if (found !== undefined) return found
    const known = nodes.map((node) => `${node.nodeId} (${node.roles})`).join(', ')
    throw new KtError('not-found', `this cluster has no node ${nodeId}`, {
      facts: [`its nodes are ${known}`],
      next: 'kt cluster status',
    })
  })
}

type Deed = (process: NodeProcess) => Promise<void> | void

/** Does something to those that run; the rest is reported as not done. */
async function forEachRunning(cluster: LocalNodes, nodeIds: readonly number[], deed: Deed): Promise<NodeAction[]> {
  const chosen = chosenNodes(cluster.nodes, nodeIds)
  return Promise.all(
    chosen.map(async ({ nodeId, roles }) => {
      const paths = nodePaths(cluster.directory, nodeId)
      const before = runningProcess(paths)
      if (before !== null) await deed(before)
      return { nodeId, roles, before, after: runningProcess(paths), done: before !== null, forced: false }
    }),
  )
}

/** SIGKILL: the process is gone, its files stay as they are. */
export function killNodes(cluster: LocalNodes, nodeIds: readonly number[]): Promise<NodeAction[]> {
  return forEachRunning(cluster, nodeIds, killNode)
}

/** SIGSTOP; `done` is false for a node that was paused already. */
export function pauseNodes(cluster: LocalNodes, nodeIds: readonly number[]): Promise<NodeAction[]> {
  return signalInState(cluster, nodeIds, 'running', 'SIGSTOP')
}

/** SIGCONT; `done` is false for a node that was not paused. */
export function resumeNodes(cluster: LocalNodes, nodeIds: readonly number[]): Promise<NodeAction[]> {
  return signalInState(cluster, nodeIds, 'paused', 'SIGCONT')
}

async function signalInState(
  cluster: LocalNodes,
  nodeIds: readonly number[],
  state: 'running' | 'paused',
  signal: 'SIGSTOP' | 'SIGCONT',
): Promise<NodeAction[]> {
  const reached = new Set<number>()
  const actions = await forEachRunning(cluster, nodeIds, (process) => {
    if (processState(process) === state) reached.add(process.nodeId)
    signalNode(process, signal)
  })
  return actions.map((action) => ({ ...action, done: reached.has(action.nodeId) }))
}

/** Controlled shutdown. */
export async function stopChosenNodes(cluster: LocalNodes, nodeIds: readonly number[]): Promise<NodeAction[]> {
  const chosen = chosenNodes(cluster.nodes, nodeIds)
  const running = new Map(runningNodes(cluster.directory).map((process) => [process.nodeId, process]))
  const stopped = await stopNodes(
    cluster.directory,
    chosen.flatMap(({ nodeId }) => running.get(nodeId) ?? []),
  )
  return chosen.map(({ nodeId, roles }) => {
    const forced = stopped.some((each) => each.nodeId === nodeId && each.outcome === 'killed')
    const before = running.get(nodeId) ?? null
    return { nodeId, roles, before, after: null, done: before !== null, forced }
  })
}

/** Stops those that run, in order, and starts all of them at once. */
export async function restartNodes(cluster: LocalNodes, nodeIds: readonly number[]): Promise<NodeAction[]> {
  const release = await startLock(cluster.directory)
  try {
    const stopped = await stopChosenNodes(cluster, nodeIds)
    await startNodes(cluster.directory, chosenNodes(cluster.nodes, nodeIds))
    return stopped.map((action) => ({
      ...action,
      after: runningProcess(nodePaths(cluster.directory, action.nodeId)),
      done: true,
    }))
  } finally {
    release()
  }
}

/** Makes and starts one more broker: the next id, the next port. */
export async function addBroker(cluster: LocalNodes, overrides: ReadonlyMap<string, string>): Promise<NodeProcess> {
  const release = await startLock(cluster.directory)
  try {
    const nodes = configuredNodes(cluster.directory)
    const node = await nextBroker(nodes)
    const like = settingsLike(nodes.find(({ roles }) => isBroker(roles))!)
    const settings = { ...like, overrides: new Map([...like.overrides, ...overrides]) }
    writeNode(cluster.directory, node, { quorum: quorumOf(nodes), ...settings })
    const [configured] = chosenNodes(configuredNodes(cluster.directory), [node.nodeId])
    try {
      await startNodes(cluster.directory, [configured!])
    } catch (error) {
      // It never was part of the cluster.
      deleteNode(cluster.directory, node.nodeId)
      throw error
    }
    return runningProcess(nodePaths(cluster.directory, node.nodeId))!
  } finally {
    release()
  }
}

async function nextBroker(nodes: readonly ConfiguredNode[]): Promise<PlannedNode> {
  const brokers = nodes.filter(({ roles }) => isBroker(roles))
  const last = brokers.at(-1)
  if (last === undefined) throw new KtError('conflict', 'this cluster has no broker to put another one beside')
  const isUsed = (id: number): boolean => nodes.some(({ nodeId }) => nodeId === id)
  let nodeId = last.nodeId + 1
  while (isUsed(nodeId)) nodeId++
  if (last.nodeId < FIRST_CONTROLLER_ID && nodeId >= FIRST_CONTROLLER_ID) {
    throw new KtError('conflict', `broker ids below ${FIRST_CONTROLLER_ID} are all used`)
  }
  const { host } = last
  return { nodeId, roles: 'broker', host, brokerPort: await nextPort(nodes, last), controllerPort: null }
}

/** The port above the last broker's when nobody has it, else any. */
async function nextPort(nodes: readonly ConfiguredNode[], { host, brokerPort }: ConfiguredNode): Promise<number> {
  const { portIsFree } = await import('./port-holder.ts')
  const taken = new Set(nodes.flatMap(portsOf))
  const next = Math.max(...nodes.flatMap(({ brokerPort: port }) => port ?? []), brokerPort ?? 0) + 1
  if (!taken.has(next) && next <= 65_535 && (await portIsFree(host, next))) return next
  const { freePorts } = await import('./free-ports.ts')
  return (await freePorts(host, 1))[0]!
}

/** Deletes a node's directory, its data included. Its process must be gone. */
export function deleteNode(directory: string, nodeId: number): void {
  fs.rmSync(nodePaths(directory, nodeId).directory, { recursive: true, force: true })
}
