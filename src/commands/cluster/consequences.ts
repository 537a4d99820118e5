/** What a deed to some nodes leads to, from what was observed before it: lines for a person. */
import type { QuorumDescription } from '../../client/admin-types.ts'
import type { ClusterStatus, NodeStatus } from '../../cluster/local-status.ts'
import type { Leadership } from './observe.ts'

/** Partitions that are named; the rest is counted. */
const NAMED = 4
const DEFAULT_SESSION_TIMEOUT_MS = '9000'
const DEFAULT_FETCH_TIMEOUT_MS = '2000'

export interface Before {
  readonly status: ClusterStatus
  /** null when the cluster could not be asked. */
  readonly leadership: Leadership | null
  readonly quorum: QuorumDescription | null
}

/** `orders-0, orders-1 and 3 more`. */
export function someOf(names: readonly string[]): string {
  const left = names.length - NAMED
  return left > 1 ? `${names.slice(0, NAMED).join(', ')} and ${left} more` : names.join(', ')
}

/** A setting of the local cluster, or Kafka's default. */
export function settingOf({ settings }: ClusterStatus, name: string, byDefault: string): string {
  return settings.find((setting) => setting.name === name)?.value ?? byDefault
}

/** The leaderships a broker had, and what it holds alone. */
export function leadershipLines({ leadership }: Before): string[] {
  if (leadership === null) return ['what it led is not known: no broker answered']
  const { led, total, alone } = leadership
  if (total === 0) return ['there is no partition yet that it could lead: kt topics --create makes some']
  const lines = [
    led.length === 0
      ? `it led none of ${total} partitions`
      : `it led ${led.length} of ${total} partitions: ${someOf(led)}`,
  ]
  if (alone.length > 0) {
    lines.push(`nobody else is in sync for ${someOf(alone)}: no leader until it is back`)
  }
  return lines
}

/** What a controlled shutdown spares clients: leaderships that another replica can take move first. */
export function handoverLines({ leadership }: Before): string[] {
  if (leadership === null) return []
  const moved = leadership.led.filter((name) => !leadership.alone.includes(name)).length
  if (moved === 0) return []
  const which = moved === leadership.led.length ? 'its leaderships' : `${moved} of its leaderships`
  return [`${which} moved before it went: clients find the new leaders at once`]
}

/** When the controller notices that a broker is silent. */
export function fencingLine({ status }: Before): string {
  const timeout = settingOf(status, 'broker.session.timeout.ms', DEFAULT_SESSION_TIMEOUT_MS)
  return `the controller fences it after ${timeout} ms without a heartbeat (broker.session.timeout.ms); then others in sync lead`
}

/** What a controller less means: the quorum needs a majority of its voters. */
export function controllerLines(before: Before, lost: readonly NodeStatus[]): string[] {
  const { status, quorum } = before
  const controllers = status.nodes.filter(({ roles }) => roles !== 'broker')
  const voters = quorum?.voters.map(({ id }) => id) ?? controllers.map(({ nodeId }) => nodeId)
  const isLeft = (id: number): boolean =>
    controllers.some(({ nodeId, state }) => nodeId === id && state === 'running') &&
    !lost.some(({ nodeId }) => nodeId === id)
  const left = voters.filter(isLeft).length
  const needed = Math.floor(voters.length / 2) + 1
  const active = lost.some(({ nodeId }) => nodeId === quorum?.leaderId)
  const lines =
    quorum === null ? [] : [active ? 'it was the active controller' : `the active controller is ${quorum.leaderId}`]
  if (left < needed) {
    lines.push(
      `${left} of ${voters.length} controllers left, ${needed} needed: brokers serve on, but nobody elects leaders or makes topics`,
    )
  } else if (active) {
    const timeout = settingOf(status, 'controller.quorum.fetch.timeout.ms', DEFAULT_FETCH_TIMEOUT_MS)
    lines.push(
      `the other controllers elect a new one when it has been silent for ${timeout} ms (controller.quorum.fetch.timeout.ms)`,
    )
  } else lines.push(`${left} of ${voters.length} controllers left, a majority`)
  return lines
}
