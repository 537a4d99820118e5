/** Where local clusters live on disk, and what their files say. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'
import { randomUuid } from '../base/uuid.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export const DEFAULT_CLUSTER_NAME = 'local'
const MARKER = 'cluster.json'

/** `$KT_HOME`, else `~/.kt`. */
export function ktHome(env: Environment): string {
  return env.KT_HOME || path.join(env.HOME || os.homedir(), '.kt')
}

/** The local cluster that is meant where none is named: KT_CLUSTER, else the one that everybody has. */
export function clusterName(env: Environment): string {
  return env.KT_CLUSTER || DEFAULT_CLUSTER_NAME
}

/** Directory of a named cluster: `cluster.json` and one `node-N` folder per node. */
export function clusterDirectory(env: Environment, name: string = clusterName(env)): string {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name) || name.startsWith('.')) {
    throw new KtError('usage', `'${name}' cannot name a cluster`, {
      facts: ['letters, digits, dot, dash and underscore, at most 64'],
    })
  }
  return path.join(ktHome(env), 'clusters', name)
}

/** What makes a directory ours: nothing without it is ever deleted. */
export interface ClusterMarker {
  readonly name: string
  readonly clusterId: string
  /**
   * First voters, `id@host:port:directory-id` separated by commas (KIP-853): a controller that is not formatted yet is
   * formatted with them. Absent for a cluster whose nodes have not all been written yet, and for one of the days when
   * there was one node only: its quorum is static.
   */
  readonly voters?: string
}

export function readMarker(directory: string): ClusterMarker | null {
  const file = path.join(directory, MARKER)
  if (!fs.existsSync(file)) return null
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as ClusterMarker
  } catch (error) {
    throw new KtError('storage', `${file} cannot be read`, { cause: error, next: 'kt cluster reset' })
  }
}

/** The marker of an existing cluster, or a new cluster with a fresh id. A directory of somebody else is refused. */
export function openClusterDirectory(directory: string, name: string): ClusterMarker {
  const found = readMarker(directory)
  if (found !== null) return found
  if (fs.existsSync(directory) && fs.readdirSync(directory).length > 0) {
    throw new KtError('conflict', `${directory} exists and is not a cluster of kt`, {
      facts: [`it has no ${MARKER}, so nothing in it is touched`],
      next: 'KT_HOME=/another/directory kt cluster start',
    })
  }
  const marker: ClusterMarker = { name, clusterId: randomUuid() }
  fs.mkdirSync(directory, { recursive: true })
  writeMarker(directory, marker)
  return marker
}

export function markerFile(directory: string): string {
  return path.join(directory, MARKER)
}

export function writeMarker(directory: string, marker: ClusterMarker): void {
  fs.writeFileSync(markerFile(directory), `${JSON.stringify(marker, null, 2)}\n`)
}

/** Names of all local clusters on disk. */
export function clusterNames(env: Environment): string[] {
  const directory = path.join(ktHome(env), 'clusters')
  if (!fs.existsSync(directory)) return []
  return fs.readdirSync(directory).filter((name) => fs.existsSync(markerFile(path.join(directory, name))))
}

export interface NodePaths {
  readonly directory: string
  readonly properties: string
  readonly data: string
  readonly log: string
  /** Pid, port and start time of the running process; written by the process itself. */
  readonly process: string
  /** Which connections of this node are cut, and what it says is in force. */
  readonly faults: string
  readonly faultsApplied: string
}

export function nodePaths(directory: string, nodeId: number): NodePaths {
  const node = path.join(directory, `node-${nodeId}`)
  return {
    directory: node,
    properties: path.join(node, 'server.properties'),
    data: path.join(node, 'data'),
    log: path.join(node, 'server.log'),
    process: path.join(node, 'process.json'),
    faults: path.join(node, 'faults.json'),
    faultsApplied: path.join(node, 'faults.applied'),
  }
}

/** Node ids that have a folder, in order. */
export function nodeIds(directory: string): number[] {
  if (!fs.existsSync(directory)) return []
  return fs
    .readdirSync(directory)
    .flatMap((entry) => /^node-(\d+)$/.exec(entry)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

/** `host:port`, an IPv6 address in brackets. */
export function formatHostPort(host: string, port: number): string {
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`
}
