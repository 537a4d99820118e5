/**
 * A node's timeline for other processes of this machine: a Unix-domain socket that only its owner may open, newline-delimited
 * JSON to everyone connected. While nobody is, the node makes no event; one who reads too slowly loses some and is told.
 */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import type { Logger } from '../base/logger.ts'
import { machineMs, type Timeline, type TimelineEvent, type TimelineFact } from '../base/timeline.ts'

/** Longest path that a socket may have: 104 bytes with the end mark on BSD and macOS, 108 on Linux. */
const MAX_SOCKET_PATH_BYTES = 103
const SOCKET_NAME = 'timeline.sock'
/** What one watcher may have waiting for it; beyond that events are counted instead of kept. */
const MAX_PENDING_BYTES = 4 * 1024 * 1024
/** More watchers than people have terminals. */
const MAX_WATCHERS = 16

/** What a watcher reads, one a line: that it is connected, what happens, how much it has missed. */
export type TimelineLine =
  | { readonly type: 'connected'; readonly nodeId: number; readonly machineMs: number }
  | { readonly type: 'missed'; readonly nodeId: number; readonly count: number }
  | TimelineEvent

/** In the node's own directory, or in a private one with a short name where that path is too long. */
export function timelineSocketPath(nodeDirectory: string): string {
  const own = path.join(path.resolve(nodeDirectory), SOCKET_NAME)
  if (Buffer.byteLength(own) <= MAX_SOCKET_PATH_BYTES) return own
  const name = createHash('sha256').update(own).digest('hex').slice(0, 16)
  return path.join(os.tmpdir(), `kt-${process.getuid?.() ?? 0}-timelines`, name)
}

interface Watcher {
  readonly socket: net.Socket
  missed: number
}

/** The timeline of one node, for whoever connects to its socket. */
export class TimelineServer implements Timeline {
  isWatched = false
  readonly #nodeId: number
  readonly #watchers = new Set<Watcher>()
  #lines = ''
  #server: net.Server | null = null

  constructor(nodeId: number) {
    this.#nodeId = nodeId
  }

  /** Begins to listen; false when that cannot be, which hurts nobody but who wants to watch. Holds no process alive. */
  async listen(socketPath: string, logger: Logger): Promise<boolean> {
    try {
      await preparePath(socketPath)
      const server = net.createServer((socket) => this.#join(socket))
      await listening(server, socketPath)
      server.on('error', () => undefined)
      server.unref()
      this.#server = server
      return true
    } catch (error) {
      logger.warn(`what happens in this node cannot be watched: ${(error as Error).message}`)
      return false
    }
  }

  close(): void {
    this.#server?.close()
    for (const { socket } of this.#watchers) socket.destroy()
  }

  tell(fact: TimelineFact): void {
    if (!this.isWatched) return
    if (this.#lines === '') setImmediate(() => this.#flush())
    // An event that many watch is made once; those of one turn of the loop are sent together.
    if (this.#lines.length < MAX_PENDING_BYTES) this.#lines += this.#line({ ...fact, ...this.#now() })
    else for (const watcher of this.#watchers) watcher.missed++
  }

  #now(): { nodeId: number; timestamp: number; machineMs: number } {
    return { nodeId: this.#nodeId, timestamp: Date.now(), machineMs: machineMs() }
  }

  #line(line: TimelineLine): string {
    return `${JSON.stringify(line)}\n`
  }

  #flush(): void {
    const lines = this.#lines
    this.#lines = ''
    for (const watcher of this.#watchers) this.#send(watcher, lines)
  }

  /** Never waits: what a watcher cannot take now it does not get. */
  #send(watcher: Watcher, lines: string): void {
    const { socket } = watcher
    if (socket.writableLength > MAX_PENDING_BYTES) {
      watcher.missed += lines.split('\n').length - 1
      return
    }
    const { missed } = watcher
    watcher.missed = 0
    if (missed > 0) socket.write(this.#line({ type: 'missed', nodeId: this.#nodeId, count: missed }))
    socket.write(lines)
  }

  #join(socket: net.Socket): void {
    if (this.#watchers.size >= MAX_WATCHERS) {
      socket.destroy()
      return
    }
    const watcher: Watcher = { socket, missed: 0 }
    socket.unref()
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#watchers.delete(watcher)
      this.isWatched = this.#watchers.size > 0
    })
    // Nobody has anything to say here; reading is how the end is noticed.
    socket.resume()
    this.#watchers.add(watcher)
    this.isWatched = true
    socket.write(this.#line({ type: 'connected', nodeId: this.#nodeId, machineMs: machineMs() }))
  }
}

/** Takes away what a dead process has left; a living one keeps what is its own. */
async function preparePath(socketPath: string): Promise<void> {
  const directory = path.dirname(socketPath)
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (directory.endsWith('-timelines') && fs.statSync(directory).uid !== process.getuid?.()) {
    throw new Error(`${directory} belongs to somebody else`)
  }
  if (await answers(socketPath)) throw new Error(`another process listens at ${socketPath}`)
  fs.rmSync(socketPath, { force: true })
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath)
    const end = (is: boolean): void => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

/** The socket's file is made by `listen` itself, so the mask of that moment decides who may open it. */
function listening(server: net.Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const mask = process.umask(0o177)
    try {
      server.once('error', reject)
      server.listen(socketPath, resolve)
    } finally {
      process.umask(mask)
    }
  })
}
