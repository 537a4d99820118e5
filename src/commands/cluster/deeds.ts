/** `kt cluster kill|stop|pause|resume|restart IDS`: something happens to single nodes, and a person is told what follows. */

import type { CommandContext } from '../../cli/context.ts'
import { formatDocument, formatNamed } from '../../cli/format.ts'
import type { Action } from '../../cli/own-command.ts'
import type { LocalNodes, NodeAction } from '../../cluster/local-nodes.ts'
import type { ClusterStatus, NodeStatus } from '../../cluster/local-status.ts'
import { type Before, controllerLines, fencingLine, handoverLines, leadershipLines } from './consequences.ts'
import { actionFields } from './documents.ts'
import { capitalised, nameFlag, nodeName, parseNodeIds, type VerbFlags } from './flags.ts'
import { leadershipOf, observe } from './observe.ts'

interface Deed {
  /** Of its document: `NodesKilled`. */
  readonly kind: string
  readonly act: (cluster: LocalNodes, nodeIds: readonly number[]) => Promise<NodeAction[]>
  /** `killed broker 2 (pid 4711, SIGKILL)` */
  readonly done: (action: NodeAction) => string
  /** Why nothing was done. */
  readonly undone: (action: NodeAction) => string
  /** What follows for one node, from what was seen before; absent when nothing is asked beforehand. */
  readonly follows?: (before: Before, node: NodeStatus) => string[]
  /** What to look at or do next. */
  readonly next: (ids: string) => readonly string[]
  /** Needs a process: one that is not running is an error, and what is next is to start it. */
  readonly needsProcess?: true
}

const WATCH = 'kt describe --watch'
const STATUS = 'kt cluster status'

/** Brokers and controllers by what they are; a node of both roles loses both. */
function losses(broker: (before: Before) => string[]): (before: Before, node: NodeStatus) => string[] {
  return (before, node) => [
    ...(node.roles === 'controller' ? [] : broker(before)),
    ...(node.roles === 'broker' ? [] : controllerLines(before, [node])),
  ]
}

const KILL: Omit<Deed, 'act'> = {
  kind: 'NodesKilled',
  done: ({ nodeId, roles, before }) =>
    `killed ${nodeName(nodeId, roles)} (pid ${before!.pid}, SIGKILL): nobody was told`,
  undone: ({ nodeId, roles }) => `${nodeName(nodeId, roles)} was not running`,
  follows: losses((before) => [...leadershipLines(before), fencingLine(before)]),
  next: (ids) => [WATCH, `kt cluster restart ${ids}`],
}

const STOP: Omit<Deed, 'act'> = {
  kind: 'NodesStopped',
  done: ({ nodeId, roles, before, forced }) =>
    forced
      ? `${nodeName(nodeId, roles)} (pid ${before!.pid}) did not stop within 30 s and was killed; it recovers its logs at the next start`
      : `stopped ${nodeName(nodeId, roles)} (pid ${before!.pid}): a controlled shutdown`,
  undone: ({ nodeId, roles }) => `${nodeName(nodeId, roles)} was not running`,
  follows: losses((before) => [...leadershipLines(before), ...handoverLines(before)]),
  next: (ids) => [WATCH, `kt cluster restart ${ids}`],
}

const PAUSE: Omit<Deed, 'act'> = {
  kind: 'NodesPaused',
  done: ({ nodeId, roles, before }) =>
    `paused ${nodeName(nodeId, roles)} (pid ${before!.pid}, SIGSTOP): its connections stay open, nothing is answered`,
  undone: ({ nodeId, roles, before }) =>
    `${nodeName(nodeId, roles)} ${before === null ? 'is not running' : 'was paused already'}`,
  follows: losses((before) => [...leadershipLines(before), fencingLine(before)]),
  next: (ids) => [WATCH, `kt cluster resume ${ids}`],
  needsProcess: true,
}

const RESUME: Omit<Deed, 'act'> = {
  kind: 'NodesResumed',
  done: ({ nodeId, roles, before }) =>
    `${nodeName(nodeId, roles)} (pid ${before!.pid}) goes on (SIGCONT): it learns what it missed and catches up`,
  undone: ({ nodeId, roles, before }) =>
    `${nodeName(nodeId, roles)} ${before === null ? 'is not running' : 'was not paused'}`,
  next: () => [WATCH, STATUS],
  needsProcess: true,
}

const RESTART: Omit<Deed, 'act'> = {
  kind: 'NodesRestarted',
  done: ({ nodeId, roles, before, after }) =>
    before === null
      ? `started ${nodeName(nodeId, roles)} (pid ${after?.pid})`
      : `restarted ${nodeName(nodeId, roles)} (pid ${before.pid} before, ${after?.pid} now)`,
  undone: ({ nodeId, roles }) => `${nodeName(nodeId, roles)} was not restarted`,
  next: () => [WATCH, STATUS],
}

const load = () => import('../../cluster/local-nodes.ts')

export const kill = deed({ ...KILL, act: async (cluster, ids) => (await load()).killNodes(cluster, ids) })
export const stopSome = deed({ ...STOP, act: async (cluster, ids) => (await load()).stopChosenNodes(cluster, ids) })
export const pause = deed({ ...PAUSE, act: async (cluster, ids) => (await load()).pauseNodes(cluster, ids) })
export const resume = deed({ ...RESUME, act: async (cluster, ids) => (await load()).resumeNodes(cluster, ids) })
export const restart = deed({ ...RESTART, act: async (cluster, ids) => (await load()).restartNodes(cluster, ids) })

function deed({ kind, act, follows, needsProcess, ...said }: Deed): Action<VerbFlags> {
  return async (words, flags, context) => {
    const format = formatNamed(flags.format)
    const nodeIds = parseNodeIds(words)
    const [{ localNodes, chosenNodes }, { localClusterStatus }] = await Promise.all([
      load(),
      import('../../cluster/local-status.ts'),
    ])
    const reference = { env: context.env, name: flags.name }
    const cluster = localNodes(reference)
    chosenNodes(cluster.nodes, nodeIds)
    const status = localClusterStatus(reference)
    const before = follows === undefined ? null : await lookBefore(status, nodeIds, context)
    const actions = await act(cluster, nodeIds)
    const missed = needsProcess ? actions.filter(({ before }) => before === null) : []
    if (format === undefined) {
      for (const line of deedLines(actions, before, { ...said, follows }, status)) context.stdout.write(`${line}\n`)
      const steps = missed.length > 0 ? [`kt cluster restart ${idsOf(missed)}`] : said.next(idsOf(actions))
      for (const each of steps) context.stdout.write(`  next: ${each}${named(each, flags.name)}\n`)
    } else {
      const nodes = actions.map((action) => actionFields(action, before?.get(action.nodeId)))
      context.stdout.write(formatDocument(format, kind, { name: flags.name, nodes }))
    }
    return missed.length > 0 ? 1 : 0
  }
}

/** What happened to each node, and what follows for the cluster. */
function deedLines(
  actions: readonly NodeAction[],
  before: ReadonlyMap<number, Before> | null,
  { done, undone, follows }: Pick<Deed, 'done' | 'undone'> & { readonly follows: Deed['follows'] | undefined },
  { nodes }: ClusterStatus,
): string[] {
  return actions.flatMap((action) => {
    const node = nodes.find(({ nodeId }) => nodeId === action.nodeId)!
    const lines = action.done && before !== null ? follows!(before.get(action.nodeId)!, node) : []
    return [`${capitalised(action.done ? done(action) : undone(action))}.`, ...lines.map((line) => `  ${line}`)]
  })
}

function idsOf(actions: readonly NodeAction[]): string {
  return actions.map(({ nodeId }) => nodeId).join(' ')
}

/** `kt describe` knows no cluster's name. */
function named(command: string, name: string): string {
  return command.startsWith('kt cluster') ? nameFlag(name) : ''
}

/** The cluster as it is before the deed, per node: what that node leads. */
function lookBefore(
  status: ClusterStatus,
  nodeIds: readonly number[],
  context: CommandContext,
): Promise<Map<number, Before>> {
  return observe(status, context, async (observer) => {
    const hasBroker = status.nodes.some(({ nodeId, roles }) => nodeIds.includes(nodeId) && roles !== 'controller')
    const hasController = status.nodes.some(({ nodeId, roles }) => nodeIds.includes(nodeId) && roles !== 'broker')
    const [topics, quorum] = await Promise.all([
      hasBroker ? observer.describeTopics() : null,
      hasController ? observer.describeQuorum() : null,
    ])
    return new Map(
      nodeIds.map((nodeId) => [
        nodeId,
        { status, quorum, leadership: topics === null ? null : leadershipOf(topics, [nodeId]) },
      ]),
    )
  })
}
