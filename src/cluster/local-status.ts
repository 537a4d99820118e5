/** What of a local cluster can be seen from outside: files and the process table. */
import { clusterDirectory, clusterName, nodePaths, readMarker } from './cluster-directory.ts'
import type { NodeRoles } from './cluster-plan.ts'
import { readFaultFile } from './fault-files.ts'
import { bootstrapServersOfProcesses, type ClusterReference } from './local-cluster.ts'
import { reasonFor } from './local-defaults.ts'
import { configuredNodes } from './local-topology.ts'
import { type NodeProcess, processState, recordedProcess, residentBytes } from './node-process.ts'
import { type ConfiguredNode, STRUCTURAL_NAMES } from './server-properties.ts'

/** `killed`: its process ended without a shutdown. */
export type NodeState = 'running' | 'starting' | 'paused' | 'stopped' | 'killed'

export interface NodeStatus {
  readonly nodeId: number
  readonly roles: NodeRoles
  readonly state: NodeState
  /** True for a process that lives, paused ones included. */
  readonly running: boolean
  readonly pid: number | null
  /** Ports of the listeners for clients and for nodes, as configured. */
  readonly port: number | null
  readonly controllerPort: number | null
  readonly uptimeMs: number | null
  readonly memoryBytes: number | null
  /** What `kt cluster isolate` has cut it off from. */
  readonly cutOffFrom: readonly ('nodes' | 'clients')[]
  readonly log: string
}

/** A line of server.properties that is there on purpose; `why` is null for what a person set. */
export interface LocalSetting {
  readonly name: string
  readonly value: string
  readonly why: string | null
  /** Nodes whose file has the line. */
  readonly nodeIds: readonly number[]
}

export interface ClusterStatus {
  readonly name: string
  readonly running: boolean
  /** False when there is no such cluster on disk. */
  readonly exists: boolean
  readonly clusterId: string
  /** '' when no broker is in service. */
  readonly bootstrapServers: string
  readonly directory: string
  readonly nodes: readonly NodeStatus[]
  /** Settings that differ from Kafka's defaults on purpose, as the files have them now. */
  readonly settings: readonly LocalSetting[]
}

/** What runs, from a few small files and the process table. */
export function localClusterStatus({ env, name = clusterName(env) }: ClusterReference): ClusterStatus {
  const directory = clusterDirectory(env, name)
  const marker = readMarker(directory)
  const configured = configuredNodes(directory)
  const processes: NodeProcess[] = []
  const nodes = configured.map((node) => {
    const paths = nodePaths(directory, node.nodeId)
    const recorded = recordedProcess(paths)
    const status = nodeStatus(node, recorded, directory)
    if (status.running) processes.push(recorded!)
    return status
  })
  return {
    name,
    running: processes.length > 0,
    // One whose first start failed has a marker and no nodes: for a person it is not there.
    exists: marker !== null && nodes.length > 0,
    clusterId: marker?.clusterId ?? '',
    bootstrapServers: bootstrapServersOfProcesses(processes),
    directory,
    nodes,
    settings: localSettings(configured),
  }
}

function stateOf(recorded: NodeProcess | null): NodeState {
  if (recorded === null) return 'stopped'
  const state = processState(recorded)
  if (state === 'gone') return 'killed'
  if (state === 'paused') return 'paused'
  return recorded.ready ? 'running' : 'starting'
}

function nodeStatus(node: ConfiguredNode, recorded: NodeProcess | null, directory: string): NodeStatus {
  const { nodeId, roles, brokerPort, controllerPort } = node
  const paths = nodePaths(directory, nodeId)
  const state = stateOf(recorded)
  const running = state !== 'stopped' && state !== 'killed'
  const live = running ? recorded : null
  return {
    ...{ nodeId, roles, state, running },
    pid: live?.pid ?? null,
    port: live?.port ?? brokerPort,
    controllerPort: live?.controllerPort ?? controllerPort,
    uptimeMs: live === null ? null : Date.now() - live.startedAtMs,
    memoryBytes: live === null ? null : residentBytes(live.pid),
    cutOffFrom: cutOffFrom(paths.faults),
    log: paths.log,
  }
}

/** Only the node that was isolated has every peer blocked; the others merely cannot reach it. */
function cutOffFrom(faults: string): ('nodes' | 'clients')[] {
  const file = readFaultFile(faults)
  if (file === null) return []
  return [
    ...(file.blockedPeers.includes('*') ? (['nodes'] as const) : []),
    ...(file.blocksClients ? (['clients'] as const) : []),
  ]
}

function localSettings(nodes: readonly ConfiguredNode[]): LocalSetting[] {
  const settings = new Map<string, { name: string; value: string; nodeIds: number[] }>()
  for (const { nodeId, properties } of nodes) {
    for (const [name, value] of properties) {
      if (STRUCTURAL_NAMES.has(name)) continue
      const key = `${name}=${value}`
      const known = settings.get(key)
      if (known === undefined) settings.set(key, { name, value, nodeIds: [nodeId] })
      else known.nodeIds.push(nodeId)
    }
  }
  return [...settings.values()].map((each) => ({ ...each, why: reasonFor(each.name, each.value) }))
}
