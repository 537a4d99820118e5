/** `kt cluster status`: processes as this machine sees them, and what the cluster says of them. */
import { KtError } from '../../base/errors.ts'
import { formatDocument, STRUCTURED_FORMATS, type Structure, type StructuredFormat } from '../../cli/format.ts'
import type { Action } from '../../cli/own-command.ts'
import { drawTable } from '../../cli/table.ts'
import type { ClusterStatus, LocalSetting, NodeStatus } from '../../cluster/local-status.ts'
import { type NameFlags, nameFlag } from './flags.ts'
import type { Observed } from './observe.ts'

interface StatusFlags extends NameFlags {
  readonly format?: StructuredFormat
}

const NOTHING_OBSERVED: Observed = { registrations: null, quorum: null }

function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** What the cluster says of a node: `unfenced`, `active controller`, ... */
function standing(node: NodeStatus, { registrations, quorum }: Observed): string {
  const parts: string[] = []
  if (node.roles !== 'controller') parts.push(registrations?.get(node.nodeId) ?? 'unknown')
  if (node.roles !== 'broker') parts.push(quorumRole(node.nodeId, quorum))
  if (node.cutOffFrom.length > 0) parts.push(`cut off from ${node.cutOffFrom.join(' and ')}`)
  return parts.join(', ')
}

function quorumRole(nodeId: number, quorum: Observed['quorum']): string {
  if (quorum === null) return 'unknown'
  if (quorum.leaderId === nodeId) return 'active controller'
  return quorum.voters.some(({ id }) => id === nodeId) ? 'voter' : 'observer'
}

function nodeRow(node: NodeStatus, observed: Observed): string[] {
  return [
    String(node.nodeId),
    node.roles,
    node.state,
    standing(node, observed),
    String(node.pid ?? '-'),
    [node.port, node.controllerPort].filter((port) => port !== null).join(', ') || '-',
    node.uptimeMs === null ? '-' : duration(node.uptimeMs),
    node.memoryBytes === null ? '-' : `${(node.memoryBytes / 1e6).toFixed(0)} MB`,
  ]
}

const HEAD = ['NODE', 'ROLES', 'PROCESS', 'CLUSTER SAYS', 'PID', 'PORT', 'UPTIME', 'MEMORY']

function controllerLine({ nodes }: ClusterStatus, { quorum }: Observed): string {
  if (quorum !== null) return `active controller: ${quorum.leaderId} (epoch ${quorum.leaderEpoch})`
  const running = nodes.some(({ roles, state }) => roles !== 'broker' && state === 'running')
  return `active controller: ${running ? 'unknown, the controllers do not answer' : 'none, no controller runs'}`
}

function settingLine({ name, value, why, nodeIds }: LocalSetting, all: number): string {
  const where = nodeIds.length === all ? '' : ` (node ${nodeIds.join(', ')})`
  return `  ${name}=${value}${where}  # ${why ?? 'set by --override or by hand'}\n`
}

/** What a person is best told next. */
function nextLine({ name, nodes, running }: ClusterStatus): string {
  if (!running) return `\n  next: kt cluster start${nameFlag(name)}\n`
  const paused = nodes.filter(({ state }) => state === 'paused')
  const down = nodes.filter((node) => !node.running)
  const cut = nodes.filter(({ cutOffFrom }) => cutOffFrom.length > 0)
  const ids = (list: readonly NodeStatus[]): string => list.map(({ nodeId }) => nodeId).join(' ')
  const lines = [
    ...(down.length > 0 ? [`kt cluster restart ${ids(down)}${nameFlag(name)}`] : []),
    ...(paused.length > 0 ? [`kt cluster resume ${ids(paused)}${nameFlag(name)}`] : []),
    ...(cut.length > 0 ? [`kt cluster heal${nameFlag(name)}`] : []),
  ]
  return lines.length === 0 ? '' : `\n${lines.map((line) => `  next: ${line}\n`).join('')}`
}

/** What `kt cluster status` prints. */
export async function statusText(found: ClusterStatus, observed: Observed = NOTHING_OBSERVED): Promise<string> {
  if (!found.exists) return `There is no cluster '${found.name}'.\n  next: kt cluster start${nameFlag(found.name)}\n`
  const where = found.bootstrapServers === '' ? 'has no broker in service' : `at ${found.bootstrapServers}`
  const settings = found.settings.map((setting) => settingLine(setting, found.nodes.length)).join('')
  return [
    `Cluster '${found.name}' ${found.running ? where : 'is not running'}\n`,
    `  cluster id ${found.clusterId}, data in ${found.directory}\n`,
    found.running ? `  ${controllerLine(found, observed)}\n\n` : '\n',
    await drawTable({ head: HEAD, rows: found.nodes.map((node) => nodeRow(node, observed)) }),
    `\nSettings that differ from Kafka's defaults (server.properties of each node):\n${settings}`,
    nextLine(found),
  ].join('')
}

/** The documented structure of `--format`. */
export function statusDocument(found: ClusterStatus, { registrations, quorum }: Observed): Record<string, Structure> {
  const nodes = found.nodes.map((node) => ({
    ...node,
    registration: registrations?.get(node.nodeId) ?? null,
    isActiveController: quorum === null ? null : quorum.leaderId === node.nodeId,
  }))
  const { leaderId, leaderEpoch } = quorum ?? { leaderId: null, leaderEpoch: null }
  return { ...found, nodes, activeController: leaderId, controllerEpoch: leaderEpoch } as unknown as Record<
    string,
    Structure
  >
}

export const status: Action<StatusFlags> = async (_words, flags, context) => {
  const { env, stdout } = context
  if (flags.format !== undefined && !STRUCTURED_FORMATS.includes(flags.format)) {
    throw new KtError('usage', `--format ${flags.format}: ${STRUCTURED_FORMATS.join(' or ')}`)
  }
  const { localClusterStatus } = await import('../../cluster/local-status.ts')
  const found = localClusterStatus({ env, name: flags.name })
  const observed = found.running ? await (await import('./observe.ts')).observeNodes(found, context) : NOTHING_OBSERVED
  if (flags.format === undefined) stdout.write(await statusText(found, observed))
  else stdout.write(formatDocument(flags.format, 'LocalCluster', statusDocument(found, observed)))
  return 0
}
