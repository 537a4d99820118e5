/** `kt cluster add` and `kt cluster remove IDS`: brokers come and go for good. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument, formatNamed, type StructuredFormat } from '../../cli/format.ts'
import type { Action } from '../../cli/own-command.ts'
import type { TopicDescription } from '../../client/admin-types.ts'
import type { ClusterReference } from '../../cluster/local-cluster.ts'
import type { LocalNodes } from '../../cluster/local-nodes.ts'
import type { ClusterStatus, NodeStatus } from '../../cluster/local-status.ts'
import { someOf } from './consequences.ts'
import { nameFlag, parseNodeIds, parseOverrides, type VerbFlags } from './flags.ts'
import { type Observer, observe } from './observe.ts'

interface AddFlags extends VerbFlags {
  readonly override?: readonly string[]
}

const load = async () => {
  const [nodes, cluster, status] = await Promise.all([
    import('../../cluster/local-nodes.ts'),
    import('../../cluster/local-cluster.ts'),
    import('../../cluster/local-status.ts'),
  ])
  return { ...nodes, ...cluster, ...status }
}

export const add: Action<AddFlags> = async (_words, flags, { env, stdout }) => {
  const format = formatNamed(flags.format)
  const { localNodes, addBroker } = await load()
  const cluster = localNodes({ env, name: flags.name })
  const { nodeId, pid, host, port } = await addBroker(cluster, parseOverrides(flags.override))
  if (format !== undefined) {
    stdout.write(formatDocument(format, 'BrokerAdded', { name: flags.name, nodeId, pid, host, port }))
    return 0
  }
  const brokers = [...cluster.nodes.filter(({ roles }) => roles !== 'controller').map((node) => node.nodeId), nodeId]
  stdout.write(
    `Started broker ${nodeId} on ${host}:${port} (pid ${pid}): registered, and empty.\n` +
      '  topics made from now on may be placed on it; those that exist stay where they are until they are moved\n' +
      `  next: kt cluster status${nameFlag(flags.name)}\n` +
      `  next: kt reassign-partitions --topics-to-move-json-file topics.json --broker-list ${brokers.join(',')} --generate\n`,
  )
  return 0
}

export const remove: Action<VerbFlags> = async (words, flags, context) => {
  const format = formatNamed(flags.format)
  const nodeIds = parseNodeIds(words)
  const { localNodes, chosenNodes } = await load()
  const reference = { env: context.env, name: flags.name }
  const cluster = localNodes(reference)
  for (const { nodeId, roles } of chosenNodes(cluster.nodes, nodeIds)) {
    if (roles === 'broker') continue
    throw new KtError('conflict', `node ${nodeId} is a controller: only brokers can be removed`, {
      facts: ['the quorum would go on counting on its vote'],
      next: 'kt metadata-quorum describe --status',
    })
  }
  if (format !== undefined) return removeWithDocument(nodeIds, format, { cluster, reference }, context)
  for (const nodeId of nodeIds) {
    await removeBroker(nodeId, { cluster, reference }, context)
    context.stdout.write(
      `Removed broker ${nodeId}: stopped, taken out of the cluster's metadata, its directory deleted.\n`,
    )
  }
  context.stdout.write(`  next: kt cluster status${nameFlag(flags.name)}\n`)
  return 0
}

/** What is removed from where. */
export interface Removal {
  readonly cluster: LocalNodes
  readonly reference: ClusterReference
}

/** Stops it, takes it out of the cluster, deletes its directory. Refused before anything is done where data would be lost. */
export async function removeBroker(
  nodeId: number,
  { cluster, reference }: Removal,
  context: Pick<CommandContext, 'clock'>,
): Promise<void> {
  const { localClusterStatus, deleteNode } = await load()
  const status = localClusterStatus(reference)
  requireOthers(nodeId, status)
  await observe(status, context, (observer) => requireEmpty(nodeId, status, observer))
  await removeOne(nodeId, cluster)
  await unregister(nodeId, localClusterStatus(reference))
  deleteNode(cluster.directory, nodeId)
}

/** A refusal ends it: the brokers behind it stay, and the document tells which are gone. */
async function removeWithDocument(
  nodeIds: readonly number[],
  format: StructuredFormat,
  removal: Removal,
  context: CommandContext,
): Promise<number> {
  const brokers = nodeIds.map((nodeId) => ({ nodeId, isRemoved: false, error: null as string | null }))
  try {
    for (const broker of brokers) {
      await removeBroker(broker.nodeId, removal, context).catch((error: unknown) => {
        broker.error = error instanceof Error ? error.message : String(error)
        throw error
      })
      broker.isRemoved = true
    }
    return 0
  } finally {
    context.stdout.write(formatDocument(format, 'BrokersRemoved', { name: removal.reference.name ?? null, brokers }))
  }
}

/** Somebody has to be told that the broker is gone. */
function requireOthers(nodeId: number, { nodes, name }: ClusterStatus): void {
  const isOther = (node: NodeStatus): boolean => node.nodeId !== nodeId && node.roles !== 'controller'
  if (nodes.some((node) => isOther(node) && node.state === 'running')) return
  throw new KtError('conflict', `broker ${nodeId} is the last broker that runs`, {
    facts: ['another one has to take its removal to the controller'],
    next: `kt cluster reset${nameFlag(name)}   deletes the whole cluster`,
  })
}

/** Topics of which a broker holds replicas, with how many. */
export function hostedTopics(
  topics: readonly TopicDescription[],
  nodeId: number,
): { name: string; replicas: number }[] {
  return topics
    .map(({ name, partitions }) => ({
      name,
      replicas: partitions.filter(({ replicas }) => replicas.includes(nodeId)).length,
    }))
    .filter(({ replicas }) => replicas > 0)
}

async function requireEmpty(nodeId: number, status: ClusterStatus, observer: Observer): Promise<void> {
  const topics = await observer.describeTopics()
  if (topics === null) {
    throw new KtError('unreachable', `broker ${nodeId} stays: whether it holds replicas could not be asked`, {
      facts: ['no broker answered'],
      next: `kt cluster status${nameFlag(status.name)}`,
    })
  }
  const hosted = hostedTopics(topics, nodeId)
  if (hosted.length === 0) return
  const replicas = hosted.reduce((sum, each) => sum + each.replicas, 0)
  const rest = status.nodes.filter((node) => node.nodeId !== nodeId && node.roles !== 'controller')
  const names = hosted.map(({ name, replicas: count }) => `${name} (${count})`)
  throw new KtError(
    'conflict',
    `broker ${nodeId} holds ${counted(replicas, 'replica')} of ${counted(hosted.length, 'topic')}: ${someOf(names)}`,
    {
      facts: [
        'its data would be lost; move the replicas to the other brokers first:',
        `echo '${topicsJson(hosted)}' > topics.json`,
        `kt reassign-partitions --topics-to-move-json-file topics.json --broker-list ${rest.map((node) => node.nodeId).join(',')} --generate`,
        'kt reassign-partitions --reassignment-json-file plan.json --execute   (plan.json: the proposed one)',
        'kt reassign-partitions --reassignment-json-file plan.json --verify',
      ],
      next: `kt cluster remove ${nodeId}${nameFlag(status.name)}   when all of it has moved`,
    },
  )
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** The file `kt reassign-partitions --generate` reads. */
function topicsJson(topics: readonly { name: string }[]): string {
  return JSON.stringify({ version: 1, topics: topics.map(({ name }) => ({ topic: name })) })
}

async function removeOne(nodeId: number, cluster: LocalNodes): Promise<void> {
  const { stopChosenNodes } = await load()
  await stopChosenNodes(cluster, [nodeId])
}

/** Without its registration the cluster stops counting on it. */
async function unregister(nodeId: number, status: ClusterStatus): Promise<void> {
  const { createAdmin } = await import('../../client/admin.ts')
  const admin = await createAdmin({ bootstrapServers: status.bootstrapServers.split(',') })
  try {
    await admin.unregisterBroker(nodeId)
  } finally {
    await admin.close()
  }
}
