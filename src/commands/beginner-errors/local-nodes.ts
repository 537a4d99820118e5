/**
 * What the nodes of the local cluster say beside the protocol: what has become of their processes, and the ends of their
 * logs. Of a cluster elsewhere nothing of it can be seen.
 */
import * as fs from 'node:fs'
import type { ClusterStatus, NodeStatus } from '../../cluster/local-status.ts'
import type { Look } from './look.ts'

/** So much of a log's end is read: some minutes of a busy node. */
const TAIL_BYTES = 262_144
/** A cluster on one machine; more logs than this are not read. */
const MAX_LOGS = 16

/** A line of a node's log. */
export interface LogLine {
  readonly nodeId: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly text: string
}

/** The local cluster, where that is the one in question; null elsewhere. */
export async function localStatus(look: Look): Promise<ClusterStatus | null> {
  const { localClusterStatus } = await import('../../cluster/local-status.ts')
  const status = localClusterStatus({ env: look.env })
  const ports = new Set(status.nodes.map(({ port }) => String(port)))
  const live = await look.live()
  const isLocal = live?.servers.split(',').some((server) => ports.has(server.slice(server.lastIndexOf(':') + 1)))
  return isLocal === true ? status : null
}

/** Nodes of the local cluster by id; empty elsewhere. */
export async function localNodes(look: Look): Promise<ReadonlyMap<number, NodeStatus>> {
  const status = await localStatus(look)
  return new Map(status?.nodes.map((node) => [node.nodeId, node]))
}

/** Lines that match, of all nodes, the oldest first; null where no log can be read. */
export async function logLines(look: Look, pattern: RegExp): Promise<readonly LogLine[] | null> {
  const status = await localStatus(look)
  if (status === null) return null
  const lines = status.nodes.slice(0, MAX_LOGS).flatMap(({ nodeId, log }) =>
    tail(log).flatMap((line) => {
      const match = LINE.exec(line)
      return match === null || !pattern.test(match[2]!) ? [] : [{ nodeId, at: timeOf(match[1]!), text: match[2]! }]
    }),
  )
  return lines.sort((a, b) => a.at - b.at)
}

/** `[2026-11-22 04:13:33,053] INFO text (kt.raft)` */
const LINE = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})\] [A-Z]+ (.*?)(?: \(kt[\w.-]*\))?$/

/** Logs are written in UTC. */
const timeOf = (text: string): number => new Date(`${text.replace(' ', 'T').replace(',', '.')}Z`).getTime()

function tail(file: string): string[] {
  let handle: number | null = null
  try {
    handle = fs.openSync(file, 'r')
    const { size } = fs.fstatSync(handle)
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES))
    const read = fs.readSync(handle, bytes, 0, bytes.length, size - bytes.length)
    return bytes.toString('utf8', 0, read).split('\n')
  } catch {
    return []
  } finally {
    if (handle !== null) fs.closeSync(handle)
  }
}

/** `12:01:03`, in local time. */
export function timeText(at: number): string {
  return new Date(at).toTimeString().slice(0, 8)
}

const STATES: Readonly<Record<string, string>> = {
  killed: 'its process has ended without a shutdown',
  paused: 'its process is paused',
  stopped: 'it was stopped',
  starting: 'its process is starting',
}

/** What has become of a broker: `its process is paused; out of service since 12:01:03`. Empty where all is well or unknown. */
export async function fateOf(brokerId: number, look: Look): Promise<string> {
  const state = (await localNodes(look)).get(brokerId)?.state
  const told = state === undefined ? undefined : STATES[state]
  const lines = (await logLines(look, new RegExp(`\\bbroker ${brokerId}\\b`, 'i'))) ?? []
  const fenced = lines.filter(({ text }) => text.startsWith(`fencing broker ${brokerId} because`)).at(-1)
  const isBack =
    fenced === undefined || lines.some(({ text, at }) => at > fenced.at && /^Successfully registered/.test(text))
  return [...(told === undefined ? [] : [told]), ...(isBack ? [] : [`fenced since ${timeText(fenced.at)}`])].join('; ')
}
