/** `kt cluster isolate IDS [--from nodes|clients]` and `heal [IDS]`: the network between nodes, cut and whole again. */
import { KtError } from '../../base/errors.ts'
import type { CommandContext } from '../../cli/context.ts'
import { formatDocument, formatNamed } from '../../cli/format.ts'
import type { Action } from '../../cli/own-command.ts'
import type { Cut, FaultOutcome } from '../../cluster/local-faults.ts'
import type { ClusterStatus } from '../../cluster/local-status.ts'
import { type Before, controllerLines, fencingLine, leadershipLines } from './consequences.ts'
import { faultFields } from './documents.ts'
import { capitalised, nameFlag, nodeName, parseNodeIds, type VerbFlags } from './flags.ts'
import { leadershipOf, observe } from './observe.ts'

interface IsolateFlags extends VerbFlags {
  readonly from?: string
}

const CUTS: Readonly<Record<string, Cut>> = {
  nodes: { nodes: true, clients: false },
  clients: { nodes: false, clients: true },
  all: { nodes: true, clients: true },
}

const load = async () => {
  const [nodes, faults, status] = await Promise.all([
    import('../../cluster/local-nodes.ts'),
    import('../../cluster/local-faults.ts'),
    import('../../cluster/local-status.ts'),
  ])
  return { ...nodes, ...faults, ...status }
}

export const isolate: Action<IsolateFlags> = async (words, flags, context) => {
  const format = formatNamed(flags.format)
  const nodeIds = parseNodeIds(words)
  const cut = CUTS[flags.from ?? 'all']
  if (cut === undefined) throw new KtError('usage', `--from ${flags.from}: nodes, clients or all`)
  const { localNodes, chosenNodes, isolateNodes, localClusterStatus } = await load()
  const reference = { env: context.env, name: flags.name }
  const cluster = localNodes(reference)
  const chosen = chosenNodes(cluster.nodes, nodeIds)
  const status = localClusterStatus(reference)
  const before = await lookBefore(status, nodeIds, context)
  const outcome = await isolateNodes(cluster, nodeIds, cut)
  if (format !== undefined) {
    const nodes = faultFields(chosen, outcome, before)
    context.stdout.write(formatDocument(format, 'NodesIsolated', { name: flags.name, nodes }))
    return 0
  }
  for (const nodeId of nodeIds) context.stdout.write(isolatedText(nodeId, outcome, before.get(nodeId)!))
  context.stdout.write(silentText(outcome))
  const next = ['kt describe --watch', `kt cluster heal ${nodeIds.join(' ')}${nameFlag(flags.name)}`]
  for (const each of next) context.stdout.write(`  next: ${each}\n`)
  return 0
}

async function lookBefore(
  status: ClusterStatus,
  nodeIds: readonly number[],
  context: CommandContext,
): Promise<Map<number, Before>> {
  return observe(status, context, async (observer) => {
    const [topics, quorum] = await Promise.all([observer.describeTopics(), observer.describeQuorum()])
    return new Map(
      nodeIds.map((nodeId) => {
        const leadership = topics === null ? null : leadershipOf(topics, [nodeId])
        return [nodeId, { status, quorum, leadership }]
      }),
    )
  })
}

function cutText({ nodes, clients }: Cut): string {
  return [...(nodes ? ['the other nodes'] : []), ...(clients ? ['clients'] : [])].join(' and ')
}

/** What `kt cluster isolate` says of one node. */
export function isolatedText(nodeId: number, { cuts, changed }: FaultOutcome, before: Before): string {
  const node = before.status.nodes.find((each) => each.nodeId === nodeId)!
  const cut = cuts.get(nodeId)!
  const already = changed.includes(nodeId) ? 'is' : 'was already'
  const lines = [
    `${capitalised(nodeName(nodeId, node.roles))} ${already} cut off from ${cutText(cut)}: what is sent to and fro is lost, without an error.`,
  ]
  if (!changed.includes(nodeId)) return `${lines[0]}\n`
  if (node.roles !== 'controller') {
    lines.push(...leadershipLines(before))
    if (cut.nodes) lines.push(fencingLine(before))
    if (cut.nodes && !cut.clients) {
      lines.push('clients still reach it, and it thinks it leads: what it takes with acks=1 is lost when it comes back')
    }
    if (cut.clients && !cut.nodes) lines.push('for the cluster it is well: its leaderships stay, clients of them wait')
  }
  if (node.roles !== 'broker' && cut.nodes) lines.push(...controllerLines(before, [node]))
  return `${lines.join('\n  ')}\n`
}

/** Nodes that did not confirm; '' when all did. */
function silentText({ silent }: FaultOutcome): string {
  if (silent.length === 0) return ''
  return `  node ${silent.join(', ')} did not confirm: in force there when it goes on (kt cluster resume)\n`
}

export const heal: Action<VerbFlags> = async (words, flags, context) => {
  const format = formatNamed(flags.format)
  const { localNodes, healNodes } = await load()
  const cluster = localNodes({ env: context.env, name: flags.name })
  const outcome = await healNodes(cluster, parseNodeIds(words))
  if (format !== undefined) {
    const nodes = faultFields(cluster.nodes, outcome)
    context.stdout.write(formatDocument(format, 'NodesHealed', { name: flags.name, nodes }))
    return 0
  }
  context.stdout.write(healedText(outcome, cluster.nodes))
  context.stdout.write(silentText(outcome))
  for (const next of ['kt describe --watch', `kt cluster status${nameFlag(flags.name)}`]) {
    context.stdout.write(`  next: ${next}\n`)
  }
  return 0
}

/** What `kt cluster heal` says. */
export function healedText(
  { changed, cuts }: FaultOutcome,
  nodes: readonly { nodeId: number; roles: string }[],
): string {
  const names = (ids: readonly number[]): string =>
    nodes
      .filter(({ nodeId }) => ids.includes(nodeId))
      .map(({ nodeId, roles }) => nodeName(nodeId, roles))
      .join(', ')
  const healed =
    changed.length === 0
      ? 'Nothing was cut off.\n'
      : `${capitalised(names(changed))}: connected again; it learns what it missed and catches up.\n`
  return cuts.size === 0 ? healed : `${healed}  still cut off: ${names([...cuts.keys()])}\n`
}
