/** Server and watcher over a real socket. */
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lineLogger, silentLogger } from '../../src/base/logger.ts'
import type { TimelineEvent, TimelineFact } from '../../src/base/timeline.ts'
import { TimelineServer, timelineSocketPath } from '../../src/cluster/timeline-server.ts'
import {
  clusterListeningAt,
  type TimelineReader,
  type TimelineSource,
  timelineSources,
  watchTimeline,
} from '../../src/cluster/timeline-watch.ts'

let directory: string
let server: TimelineServer
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-tl-'))
  server = new TimelineServer(7)
})
afterEach(() => {
  server.close()
  fs.rmSync(directory, { recursive: true })
})

const socketPath = (): string => path.join(directory, 's.sock')
const sourceOf = (file: string): TimelineSource => ({ nodeId: 7, socketPath: file, process: {} as never })
const fact = (epoch: number): TimelineFact => ({ type: 'quorum', leaderId: 7, epoch })

class Reader implements TimelineReader {
  readonly events: TimelineEvent[] = []
  missed = 0
  ended = false
  onEvent(event: TimelineEvent): void {
    this.events.push(event)
  }
  onMissed(_nodeId: number, count: number): void {
    this.missed += count
  }
  onEnd(): void {
    this.ended = true
  }
}

describe('a timeline', () => {
  it('is not watched until somebody connects, and not when he has gone', async () => {
    expect(await server.listen(socketPath(), silentLogger)).toBe(true)
    expect(server.isWatched).toBe(false)
    server.tell(fact(1))
    const reader = new Reader()
    const connection = await watchTimeline(sourceOf(socketPath()), reader)
    expect(server.isWatched).toBe(true)
    server.tell(fact(2))
    server.tell(fact(3))
    await vi.waitFor(() => expect(reader.events).toHaveLength(2), 20_000)
    expect(reader.events[0]).toMatchObject({ ...fact(2), nodeId: 7 })
    expect(reader.events[1]!.machineMs).toBeGreaterThanOrEqual(reader.events[0]!.machineMs)
    connection!.close()
    await vi.waitFor(() => expect(server.isWatched).toBe(false), 20_000)
  })

  it('is told to everybody', async () => {
    await server.listen(socketPath(), silentLogger)
    const readers = [new Reader(), new Reader()]
    for (const reader of readers) await watchTimeline(sourceOf(socketPath()), reader)
    server.tell(fact(1))
    for (const reader of readers) await vi.waitFor(() => expect(reader.events).toHaveLength(1), 20_000)
    server.close()
    for (const reader of readers) await vi.waitFor(() => expect(reader.ended).toBe(true), 20_000)
  })

  it('is for its owner alone', async () => {
    await server.listen(socketPath(), silentLogger)
    expect(fs.statSync(socketPath()).mode & 0o777).toBe(0o600)
  })

  it('waits for nobody: who does not read loses events and is told how many', async () => {
    await server.listen(socketPath(), silentLogger)
    const socket = net.connect(socketPath())
    await vi.waitFor(() => expect(server.isWatched).toBe(true), 20_000)
    socket.pause()
    const records = ['x'.repeat(100_000)]
    let told = 0
    for (let round = 0; round < 200; round++) {
      server.tell({ type: 'metadata', step: 'written', baseOffset: round, lastOffset: round, records })
      told++
      await new Promise((resolve) => setImmediate(resolve))
    }
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (piece: string) => {
      text += piece
    })
    socket.resume()
    const lines = (): { type: string; count?: number }[] =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as { type: string; count?: number })
    await vi.waitFor(() => {
      server.tell(fact(1))
      expect(lines().some(({ type }) => type === 'missed')).toBe(true)
    }, 20_000)
    const missed = lines().find(({ type }) => type === 'missed')!.count!
    const seen = lines().filter(({ type }) => type === 'metadata').length
    expect(missed).toBeGreaterThan(0)
    expect(seen + missed).toBeGreaterThanOrEqual(told)
    socket.destroy()
  })

  it('takes over from a dead process, and leaves a living one alone', async () => {
    fs.writeFileSync(socketPath(), '')
    expect(await server.listen(socketPath(), silentLogger)).toBe(true)
    const lines: string[] = []
    const other = new TimelineServer(8)
    expect(
      await other.listen(
        socketPath(),
        lineLogger((line) => lines.push(line)),
      ),
    ).toBe(false)
    expect(lines.join()).toContain('another process listens')
    const reader = new Reader()
    await watchTimeline(sourceOf(socketPath()), reader)
    server.tell(fact(1))
    await vi.waitFor(() => expect(reader.events[0]!.nodeId).toBe(7), 20_000)
  })

  it('cannot be reached where nobody listens', async () => {
    expect(await watchTimeline(sourceOf(socketPath()), new Reader())).toBeNull()
  })
})

describe('where timelines are', () => {
  it('is beside the node, or in a private place with a short name', () => {
    expect(timelineSocketPath('/home/a/.kt/clusters/local/node-1')).toBe(
      '/home/a/.kt/clusters/local/node-1/timeline.sock',
    )
    const long = timelineSocketPath(`/home/${'deep/'.repeat(30)}node-1`)
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(103)
    expect(long).not.toBe(timelineSocketPath(`/home/${'deep/'.repeat(30)}node-2`))
  })

  it('works in the private place', async () => {
    const deep = path.join(directory, 'x'.repeat(120))
    const file = timelineSocketPath(deep)
    expect(await server.listen(file, silentLogger)).toBe(true)
    expect(fs.statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
    expect(await watchTimeline(sourceOf(file), new Reader())).not.toBeNull()
  })

  it('is told by the files of a cluster', () => {
    const env = { KT_HOME: directory }
    const cluster = path.join(directory, 'clusters', 'local')
    const node = (id: number, fields: object): void => {
      fs.mkdirSync(path.join(cluster, `node-${id}`), { recursive: true })
      fs.writeFileSync(path.join(cluster, `node-${id}`, 'process.json'), JSON.stringify({ nodeId: id, ...fields }))
    }
    node(1, { host: '127.0.0.1', port: 9092, controllerPort: null, timeline: '/a' })
    node(2, { host: '127.0.0.1', port: 9093, controllerPort: null })
    node(100, { host: '127.0.0.1', port: null, controllerPort: 19090, timeline: '/c' })
    fs.writeFileSync(path.join(cluster, 'cluster.json'), '{}')
    expect(timelineSources(cluster).map(({ socketPath: file }) => file)).toEqual(['/a', '/c'])
    const at = (host: string, port: number): string | null => clusterListeningAt(env, { host, port })
    expect(at('localhost', 9092)).toBe(cluster)
    expect(at('127.0.0.1', 19090)).toBe(cluster)
    expect([at('127.0.0.1', 9099), at('kafka.example.com', 9092)]).toEqual([null, null])
    fs.writeFileSync(path.join(cluster, 'node-1', 'process.json'), '{"nodeId":')
    expect(at('localhost', 9092)).toBeNull()
  })
})
