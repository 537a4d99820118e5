/** The local cluster of `kt cluster ...`: one combined node as its own process, its data under `$KT_HOME`. */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'
import {
  clusterDirectory,
  DEFAULT_CLUSTER_NAME,
  DEFAULT_HOST,
  DEFAULT_PORT,
  type Environment,
  formatHostPort,
  LOCAL_DEFAULTS,
  nodeIds,
  nodePaths,
  openClusterDirectory,
  readMarker,
  serverProperties,
} from './cluster-directory.ts'
import {
  type NodeProcess,
  residentBytes,
  runningProcess,
  type StopOutcome,
  spawnNode,
  stopNode,
} from './node-process.ts'

const NODE_ID = 1

export interface ClusterReference {
  readonly env: Environment
  /** Several named clusters may stand beside each other. */
  readonly name?: string
}

export interface StartOptions extends ClusterReference {
  readonly host?: string
  /** 0 takes a free one. Left out: what the node used before, else 9092. */
  readonly port?: number
  /** Broker properties to write into server.properties. */
  readonly config?: ReadonlyMap<string, string>
}

export interface NodeStatus {
  readonly nodeId: number
  readonly roles: string
  readonly running: boolean
  readonly pid: number | null
  readonly port: number | null
  readonly uptimeMs: number | null
  readonly memoryBytes: number | null
  readonly log: string
}

/** A line of server.properties that is there on purpose; `why` is null for what a person set. */
export interface LocalSetting {
  readonly name: string
  readonly value: string
  readonly why: string | null
}

export interface ClusterStatus {
  readonly name: string
  readonly running: boolean
  /** False when there is no such cluster on disk. */
  readonly exists: boolean
  readonly clusterId: string
  /** '' when nothing runs. */
  readonly bootstrapServers: string
  readonly directory: string
  readonly nodes: readonly NodeStatus[]
  /** Settings of server.properties that differ from Kafka's defaults on purpose, as the file has them now. */
  readonly settings: readonly LocalSetting[]
}

function address(node: NodeProcess): string {
  return formatHostPort(node.host, node.port)
}

/** What runs, from a few small files and the process table. */
export async function localClusterStatus({
  env,
  name = DEFAULT_CLUSTER_NAME,
}: ClusterReference): Promise<ClusterStatus> {
  const directory = clusterDirectory(env, name)
  const marker = readMarker(directory)
  const running: NodeProcess[] = []
  const nodes = nodeIds(directory).map((nodeId) => {
    const paths = nodePaths(directory, nodeId)
    const process = runningProcess(paths)
    if (process !== null) running.push(process)
    return nodeStatus(nodeId, process, paths.log)
  })
  return {
    name,
    running: running.length > 0,
    exists: marker !== null,
    clusterId: marker?.clusterId ?? '',
    bootstrapServers: running.map(address).join(','),
    directory,
    nodes,
    settings: localSettings(nodePaths(directory, NODE_ID).properties),
  }
}

/** What every node's file holds anyway: roles, addresses, directories. */
const STRUCTURAL =
  /^(process\.roles|node\.id|listeners|inter\.broker\.listener\.name|controller\.listener\.names|listener\.security\.protocol\.map|log\.dirs)$/

function localSettings(properties: string): LocalSetting[] {
  if (!fs.existsSync(properties)) return []
  return fs
    .readFileSync(properties, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const equals = line.indexOf('=')
      if (line.startsWith('#') || equals < 0) return []
      const [name, value] = [line.slice(0, equals).trim(), line.slice(equals + 1).trim()]
      if (STRUCTURAL.test(name)) return []
      const known = LOCAL_DEFAULTS.find((each) => each.name === name && each.value === value)
      return [{ name, value, why: known?.why ?? null }]
    })
}

function nodeStatus(nodeId: number, process: NodeProcess | null, log: string): NodeStatus {
  return {
    nodeId,
    roles: 'broker,controller',
    running: process !== null,
    pid: process?.pid ?? null,
    port: process?.port ?? null,
    uptimeMs: process === null ? null : Date.now() - process.startedAtMs,
    memoryBytes: process === null ? null : residentBytes(process.pid),
    log,
  }
}

/** `started` is false when it was running already. */
export async function startLocalCluster(options: StartOptions): Promise<ClusterStatus & { readonly started: boolean }> {
  const { env, name = DEFAULT_CLUSTER_NAME } = options
  const directory = clusterDirectory(env, name)
  const marker = openClusterDirectory(directory, name)
  const release = await startLock(directory)
  try {
    const paths = nodePaths(directory, NODE_ID)
    if (runningProcess(paths) !== null) return { ...(await localClusterStatus(options)), started: false }
    const host = options.host ?? DEFAULT_HOST
    const port = options.port ?? (await lastPort(paths.properties)) ?? DEFAULT_PORT
    if (port !== 0) await requireFreePort(host, port)
    fs.mkdirSync(paths.data, { recursive: true })
    const extra = options.config ?? new Map<string, string>()
    fs.writeFileSync(paths.properties, serverProperties(paths, { nodeId: NODE_ID, host, port, extra }))
    await spawnNode(paths, { nodeId: NODE_ID, host, clusterId: marker.clusterId })
    return { ...(await localClusterStatus(options)), started: true }
  } finally {
    release()
  }
}

/** A restart keeps its port, so that what a person wrote down goes on working. */
async function lastPort(properties: string): Promise<number | null> {
  if (!fs.existsSync(properties)) return null
  const match = /^listeners=PLAINTEXT:\/\/.*:(\d+)$/m.exec(fs.readFileSync(properties, 'utf8'))
  return match === null ? null : Number(match[1])
}

async function requireFreePort(host: string, port: number): Promise<void> {
  const { portHolder, portIsFree } = await import('./port-holder.ts')
  if (await portIsFree(host, port)) return
  const holder = portHolder(port)
  throw new KtError('conflict', `port ${port} on ${host} is taken`, {
    facts: [
      holder === null ? 'its process cannot be seen from here' : `held by ${holder}`,
      `if that is a Kafka you want to use: --bootstrap-server ${host}:${port}`,
    ],
    next: 'kt cluster start --port 0',
  })
}

/** Two commands that start the cluster at once: the second waits and finds it running. */
async function startLock(directory: string): Promise<() => void> {
  const file = path.join(directory, 'starting.lock')
  for (let waitedMs = 0; ; waitedMs += 50) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => fs.rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (!lockHolderLives(file)) fs.rmSync(file, { force: true })
    else if (waitedMs > 30_000)
      throw new KtError('conflict', `another kt has been starting this cluster for 30 s (${file})`)
    else await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function lockHolderLives(file: string): boolean {
  try {
    const pid = Number(fs.readFileSync(file, 'utf8'))
    // Just created and not written yet: give its writer the benefit of the doubt.
    if (pid === 0) return Date.now() - fs.statSync(file).mtimeMs < 1000
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Stops every node; an empty list when nothing ran. */
export async function stopLocalCluster(
  reference: ClusterReference,
): Promise<readonly { readonly nodeId: number; readonly pid: number; readonly outcome: StopOutcome }[]> {
  const directory = clusterDirectory(reference.env, reference.name)
  const stopped = []
  for (const nodeId of nodeIds(directory)) {
    const paths = nodePaths(directory, nodeId)
    const running = runningProcess(paths)
    if (running === null) continue
    stopped.push({ nodeId, pid: running.pid, outcome: await stopNode(running, paths) })
  }
  return stopped
}

/** Stops the cluster and deletes its data; refuses a directory that is not ours. Returns the directory, null when there is none. */
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
