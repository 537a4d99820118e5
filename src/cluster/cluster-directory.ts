/** Where local clusters live on disk, and what their files say. */
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { KtError } from '../base/errors.ts'
import { randomUuid } from '../base/uuid.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export const DEFAULT_CLUSTER_NAME = 'local'
export const DEFAULT_PORT = 9092
export const DEFAULT_HOST = '127.0.0.1'
const MARKER = 'cluster.json'

/** `$KT_HOME`, else `~/.kt`. */
export function ktHome(env: Environment): string {
  return env.KT_HOME || path.join(env.HOME || os.homedir(), '.kt')
}

/** Directory of a named cluster: `cluster.json` and one `node-N` folder per node. */
export function clusterDirectory(env: Environment, name: string = DEFAULT_CLUSTER_NAME): string {
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
  fs.writeFileSync(path.join(directory, MARKER), `${JSON.stringify(marker, null, 2)}\n`)
  return marker
}

export interface NodePaths {
  readonly directory: string
  readonly properties: string
  readonly data: string
  readonly log: string
  /** Pid, port and start time of the running process. */
  readonly process: string
}

export function nodePaths(directory: string, nodeId: number): NodePaths {
  const node = path.join(directory, `node-${nodeId}`)
  return {
    directory: node,
    properties: path.join(node, 'server.properties'),
    data: path.join(node, 'data'),
    log: path.join(node, 'server.log'),
    process: path.join(node, 'process.json'),
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

export interface NodeSettings {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly extra: ReadonlyMap<string, string>
}

/** Values that differ from Kafka's defaults on purpose, each with its reason: shown in the file and by `kt cluster status`. */
export const LOCAL_DEFAULTS: readonly { readonly name: string; readonly value: string; readonly why: string }[] = [
  {
    name: 'group.initial.rebalance.delay.ms',
    value: '0',
    why: "Kafka's 3000 ms waits for more members before a group's first assignment; here the first member starts at once.",
  },
  {
    name: 'offsets.topic.replication.factor',
    value: '1',
    why: "Kafka's 3 needs three brokers.",
  },
  {
    name: 'transaction.state.log.replication.factor',
    value: '1',
    why: "Kafka's 3 needs three brokers.",
  },
  {
    name: 'transaction.state.log.min.isr',
    value: '1',
    why: "Kafka's 2 needs two in-sync replicas.",
  },
]

/** `host:port`, an IPv6 address in brackets. */
export function formatHostPort(host: string, port: number): string {
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`
}

/** The listener every node has: `PLAINTEXT://127.0.0.1:9092`. */
export function plaintextListener(host: string, port: number): string {
  return `PLAINTEXT://${formatHostPort(host, port)}`
}

/** The text of a node's server.properties. */
export function serverProperties(paths: NodePaths, settings: NodeSettings): string {
  const { nodeId, host, port, extra } = settings
  const lines = [
    '# A node of a local kt cluster: Kafka property names, read at every start.',
    'process.roles=broker,controller',
    `node.id=${nodeId}`,
    `listeners=${plaintextListener(host, port)}`,
    'inter.broker.listener.name=PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    `log.dirs=${paths.data}`,
    '',
    "# Where this cluster differs from Kafka's defaults, and why:",
    ...LOCAL_DEFAULTS.flatMap(({ name, value, why }) => (extra.has(name) ? [] : [`# ${why}`, `${name}=${value}`])),
    '',
    ...[...extra].map(([name, value]) => `${name}=${value}`),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}
