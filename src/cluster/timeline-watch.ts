/** The other end of the nodes' timelines: connects to those of a local cluster and hands on what they tell. */
import * as fs from 'node:fs'
import * as net from 'node:net'
import type { TimelineEvent } from '../base/timeline.ts'
import { clusterDirectory, clusterNames, type Environment, nodeIds, nodePaths } from './cluster-directory.ts'
import type { NodeProcess } from './node-process.ts'
import type { TimelineLine } from './timeline-server.ts'

/** A line that is longer than this is none of ours. */
const MAX_LINE_BYTES = 1024 * 1024
/** A node answers at once; one that is paused does not. */
const CONNECT_TIMEOUT_MS = 300

/** Told everything in the order in which it comes; events of different nodes may come a little out of order. */
export interface TimelineReader {
  onEvent(event: TimelineEvent): void
  onMissed(nodeId: number, count: number): void
  /** The node has gone, or told us to go. */
  onEnd?(nodeId: number): void
}

/** Where a node's timeline can be read. */
export interface TimelineSource {
  readonly nodeId: number
  readonly socketPath: string
  readonly process: NodeProcess
}

/** Nodes of a local cluster whose timelines can be read, as their own files tell it. */
export function timelineSources(directory: string): TimelineSource[] {
  return nodeIds(directory).flatMap((nodeId) => {
    const process = processOf(nodePaths(directory, nodeId).process)
    if (process?.timeline === undefined || process.timeline === null) return []
    return [{ nodeId, socketPath: process.timeline, process }]
  })
}

function processOf(file: string): NodeProcess | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as NodeProcess
  } catch {
    // It is being written, or the node has just been stopped.
    return null
  }
}

/** Directory of the local cluster that has a node listening at this address; null for any other cluster. */
export function clusterListeningAt(env: Environment, address: { host: string; port: number }): string | null {
  const loopback = new Set(['localhost', '127.0.0.1', '::1', '[::1]'])
  const listens = ({ process }: TimelineSource): boolean =>
    (process.port === address.port || process.controllerPort === address.port) &&
    (process.host === address.host || loopback.has(address.host))
  const directories = clusterNames(env).map((name) => clusterDirectory(env, name))
  return directories.find((directory) => timelineSources(directory).some(listens)) ?? null
}

/** A connection to one node's timeline. */
export interface TimelineConnection {
  readonly nodeId: number
  close(): void
}

/** Connects; null when the node does not answer. What happens from now on comes to `reader`. Holds no process alive. */
export function watchTimeline(source: TimelineSource, reader: TimelineReader): Promise<TimelineConnection | null> {
  return new Promise((resolve) => {
    const socket = net.connect(source.socketPath)
    const giveUp = setTimeout(() => socket.destroy(), CONNECT_TIMEOUT_MS)
    const { nodeId } = source
    let isConnected = false
    let rest = ''
    socket.setEncoding('utf8')
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(giveUp)
      if (isConnected) reader.onEnd?.(nodeId)
      resolve(null)
    })
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      if (rest.length > MAX_LINE_BYTES) socket.destroy()
      for (const line of lines) {
        if (!take(line, reader)) continue
        isConnected = true
        clearTimeout(giveUp)
        socket.unref()
        resolve({ nodeId, close: () => socket.destroy() })
      }
    })
  })
}

/** Whether the line says that we are connected; the others are handed on. */
function take(line: string, reader: TimelineReader): boolean {
  const parsed = JSON.parse(line) as TimelineLine
  if (parsed.type === 'connected') return true
  if (parsed.type === 'missed') reader.onMissed(parsed.nodeId, parsed.count)
  else reader.onEvent(parsed)
  return false
}
