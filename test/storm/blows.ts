/** Strikes the blows of a plan: brokers and controllers side by side, one of each at a time. */
import { setTimeout as pause } from 'node:timers/promises'
import { createAdmin } from '../../src/client/admin.ts'
import { askBroker, mayLose, untilBrokersSay, untilQuorumWhole } from './health.ts'
import type { Fault, StormEvent, StormPlan } from './plan.ts'
import type { ProcessCluster } from './process-cluster.ts'

/** What was done to whom, in milliseconds from the beginning of the storm. */
export interface Blow {
  readonly role: StormEvent['role']
  readonly fault: Fault
  readonly nodeId: number
  readonly atMs: number
  readonly holdMs: number
  /** When it was undone; null while it was not. */
  undoneAtMs: number | null
}

export interface Storm {
  readonly cluster: ProcessCluster
  /** Which partition `leader` means, and which group `coordinator`. */
  readonly topic: string
  readonly group: string
  readonly minInSyncReplicas: number
  readonly blows: Blow[]
  readonly now: () => number
  readonly onBlow: (blow: Blow) => void
}

/** How long the cluster may take to be whole again: a session timeout, an election, catching up, on a busy machine. */
const RECOVERY_TIMEOUT_MS = 60_000
/** A second blow that comes while the node is still on its way up. */
const SECOND_BLOW_MS = 300

/** Resolves when every blow has been struck and undone. Rejects when the cluster does not recover from one. */
export async function strikeAll(storm: Storm, plan: StormPlan): Promise<void> {
  const over = new AbortController()
  const lane = async (events: readonly StormEvent[]): Promise<void> => {
    for (const event of events) {
      if (over.signal.aborted) return
      await strikeNext(storm, event)
      await pause(event.restMs)
    }
  }
  const lanes = [lane(plan.brokers), lane(plan.controllers)].map((each) =>
    each.catch((error: unknown) => {
      over.abort()
      throw error
    }),
  )
  const failed = (await Promise.allSettled(lanes)).find(({ status }) => status === 'rejected')
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason
}

async function strikeNext(storm: Storm, event: StormEvent): Promise<void> {
  const nodeId = event.role === 'broker' ? await nextBroker(storm, event) : await nextController(storm, event)
  const { role, fault, holdMs } = event
  const blow: Blow = { role, fault, nodeId, holdMs, atMs: storm.now(), undoneAtMs: null }
  storm.blows.push(blow)
  storm.onBlow(blow)
  await strike(storm.cluster, fault, nodeId, holdMs)
  blow.undoneAtMs = storm.now()
}

/** The victim, once every partition can do without it. */
async function nextBroker(
  { cluster, topic, group, minInSyncReplicas }: Storm,
  { target }: StormEvent,
): Promise<number> {
  const [first] = cluster.brokerIds
  let nodeId = typeof target === 'number' ? cluster.brokerIds[target]! : null
  if (target === 'coordinator') nodeId = await coordinatorOf(cluster, group)
  if (target === 'leader') nodeId = await leaderOf(cluster, `${topic}-0`)
  const victim = nodeId ?? first!
  await untilBrokersSay(cluster, mayLose(victim, minInSyncReplicas), RECOVERY_TIMEOUT_MS)
  return victim
}

async function leaderOf(cluster: ProcessCluster, partition: string): Promise<number | null> {
  for (const id of cluster.brokerIds) {
    const partitions = await askBroker(cluster.portOf(id))
    const leader = partitions?.find(({ name }) => name === partition)?.leader ?? -1
    if (leader !== -1) return leader
  }
  return null
}

async function coordinatorOf(cluster: ProcessCluster, group: string): Promise<number | null> {
  const bootstrapServers = cluster.bootstrapServers.split(',')
  const admin = createAdmin({ bootstrapServers, requestTimeoutMs: 2_000, apiTimeoutMs: 5_000 })
  try {
    const described = (await admin.describeGroups([group])).get(group)
    return described?.ok === true ? described.value.coordinator.id : null
  } catch {
    return null
  } finally {
    await admin.close()
  }
}

async function nextController({ cluster }: Storm, { target }: StormEvent): Promise<number> {
  const { leaderId } = await untilQuorumWhole(cluster, RECOVERY_TIMEOUT_MS)
  return typeof target === 'number' ? cluster.controllerIds[target]! : leaderId
}

/** One blow, held for `holdMs` and undone. */
async function strike(cluster: ProcessCluster, fault: Fault, nodeId: number, holdMs: number): Promise<void> {
  switch (fault) {
    case 'kill':
    case 'kill-twice':
      await cluster.kill(nodeId)
      await pause(holdMs)
      await cluster.restart(nodeId)
      if (fault === 'kill') return
      await pause(Math.min(holdMs, SECOND_BLOW_MS))
      await cluster.kill(nodeId)
      return cluster.restart(nodeId)
    case 'stop':
      await cluster.stop(nodeId)
      await pause(holdMs)
      return cluster.restart(nodeId)
    case 'restart':
      return cluster.restart(nodeId)
    case 'pause':
      await cluster.pause(nodeId)
      await pause(holdMs)
      return cluster.resume(nodeId)
    case 'isolate':
      await cluster.isolate(nodeId, { nodes: true, clients: false })
      break
    case 'isolate-clients':
      await cluster.isolate(nodeId, { nodes: false, clients: true })
      break
    case 'isolate-brokers':
      await cluster.isolateFromBrokers(nodeId)
      break
  }
  await pause(holdMs)
  return cluster.heal(nodeId)
}
