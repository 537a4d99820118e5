/** What the verbs of the local cluster print with `--format`, from what they did and what was seen before. */
import type { Structure } from '../../cli/format.ts'
import type { StartResult, StoppedNode } from '../../cluster/local-cluster.ts'
import type { Cut, FaultOutcome } from '../../cluster/local-faults.ts'
import type { NodeAction } from '../../cluster/local-nodes.ts'
import type { NodeProcess } from '../../cluster/node-process.ts'
import type { Before } from './consequences.ts'

/** A process, with what is of use outside of this program. */
function processFields({ nodeId, roles, pid, host, port, controllerPort }: NodeProcess): Record<string, Structure> {
  return { nodeId, roles, pid, host, port, controllerPort }
}

/** `LocalClusterStarted` */
export function startFields(result: StartResult, durationMs: number): Record<string, Structure> {
  const { name, clusterId, directory, bootstrapServers, created, started, running, notes } = result
  return {
    ...{ name, clusterId, bootstrapServers, directory, isNew: created, durationMs: Math.round(durationMs) },
    started: started.map(processFields),
    running: running.map(processFields),
    notes,
  }
}

/** What a node led before it was struck; null when it was not asked or nobody could tell. */
function leadershipFields(before: Before | undefined): Structure {
  if (before === undefined || before.leadership === null) return null
  const { led, alone, total } = before.leadership
  return { led: [...led], onlyInSync: [...alone], partitionCount: total }
}

/** Null when it was not asked, or nobody could tell. */
function wasActiveController(nodeId: number, before: Before | undefined): boolean | null {
  return before === undefined || before.quorum === null ? null : before.quorum.leaderId === nodeId
}

/** One node of `NodesKilled`, `NodesStopped`, `NodesPaused`, `NodesResumed`, `NodesRestarted`. */
export function actionFields(action: NodeAction, before: Before | undefined): Record<string, Structure> {
  const { nodeId, roles, done, forced } = action
  return {
    ...{ nodeId, roles, isDone: done, isForced: forced },
    ...{ pidBefore: action.before?.pid ?? null, pidAfter: action.after?.pid ?? null },
    ...{ leadershipBefore: leadershipFields(before), wasActiveController: wasActiveController(nodeId, before) },
  }
}

/** The same for a node that was stopped with all the others: nobody is asked what it led. */
export function stoppedFields({ nodeId, roles, pid, outcome }: StoppedNode): Record<string, Structure> {
  return {
    ...{ nodeId, roles, isDone: true, isForced: outcome !== 'stopped', pidBefore: pid, pidAfter: null },
    ...{ leadershipBefore: null, wasActiveController: null },
  }
}

function cutFields(cut: Cut | undefined): string[] {
  return [...(cut?.nodes ? ['nodes'] : []), ...(cut?.clients ? ['clients'] : [])]
}

/** `NodesIsolated`, `NodesHealed`: who of these nodes hears whom now. */
export function faultFields(
  nodes: readonly { nodeId: number; roles: string }[],
  { cuts, changed, silent }: FaultOutcome,
  before?: ReadonlyMap<number, Before>,
): Structure[] {
  return nodes.map(({ nodeId, roles }) => ({
    ...{ nodeId, roles, isChanged: changed.includes(nodeId), cutOffFrom: cutFields(cuts.get(nodeId)) },
    isConfirmed: !silent.includes(nodeId),
    ...(before === undefined
      ? {}
      : {
          leadershipBefore: leadershipFields(before.get(nodeId)),
          wasActiveController: wasActiveController(nodeId, before.get(nodeId)),
        }),
  }))
}
