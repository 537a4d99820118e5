/** Exchanges and events in order, against sockets that stand for nodes. */
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import { machineMs } from '../../src/base/timeline.ts'
import { type Exchange, InnerTimeline } from '../../src/cli/inner-timeline.ts'
import { hookBeforeConnecting } from '../../src/client/trace.ts'
import { TimelineServer } from '../../src/cluster/timeline-server.ts'
import { KeptOutput } from '../support/run-command.ts'

let home: string
let node: TimelineServer
beforeEach(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kt-in-'))
  const directory = path.join(home, 'clusters', 'local', 'node-2')
  fs.mkdirSync(directory, { recursive: true })
  fs.writeFileSync(path.join(home, 'clusters', 'local', 'cluster.json'), '{}')
  const timeline = path.join(directory, 't.sock')
  const process = { nodeId: 2, roles: 'broker', host: '127.0.0.1', port: 9092, controllerPort: null, timeline }
  fs.writeFileSync(path.join(directory, 'process.json'), JSON.stringify(process))
  node = new TimelineServer(2)
  await node.listen(timeline, silentLogger)
})
afterEach(() => {
  node.close()
  fs.rmSync(home, { recursive: true })
})

const setup = (words: readonly string[] = []) => {
  const stderr = new KeptOutput()
  return { stderr, inner: new InnerTimeline({ env: { KT_HOME: home }, stderr, words }) }
}
const exchange = (more: Partial<Exchange> = {}): Exchange => {
  const now = machineMs()
  return { startMs: now, endMs: now, asked: 'asked\n', answer: 'answer\n', names: [], ...more }
}
const append = (partition: string): void =>
  node.tell({
    ...{ type: 'append', partition, role: 'leader', leaderEpoch: 0, baseOffset: 1, lastOffset: 1 },
    ...{ sizeInBytes: 70, isDuplicate: false },
  } as const)
const connect = (port: number): Promise<void> | undefined => hookBeforeConnecting()?.({ host: 'localhost', port })

describe('the inner timeline', () => {
  it('stands between what was asked and what was answered', async () => {
    const before = hookBeforeConnecting()
    const { stderr, inner } = setup()
    await connect(9092)
    const startMs = machineMs()
    append('orders-0')
    inner.exchange(exchange({ startMs, endMs: machineMs() + 1, names: ['orders'] }))
    await new Promise((resolve) => setTimeout(resolve, 5))
    append('orders-1')
    await inner.finish()
    expect(stderr.text).toMatch(
      /^asked\n {6}inside broker 2: orders-0: appended offset 1 [^\n]+\nanswer\n {6}inside broker 2: orders-1: [^\n]+\n$/,
    )
    expect(hookBeforeConnecting()).toBe(before)
    await vi.waitFor(() => expect(node.isWatched).toBe(false))
  })

  it('leaves out what the command does not speak of', async () => {
    const { stderr, inner } = setup(['--topic', 'named', '--include', 'one,two'])
    await connect(9092)
    for (const topic of ['named', 'two', 'other', '__consumer_offsets', 'asked']) append(`${topic}-0`)
    inner.exchange(exchange({ endMs: machineMs() + 5, names: ['asked'] }))
    await inner.finish()
    const told = [...stderr.text.matchAll(/inside broker 2: (\S+)-0:/g)].map((match) => match[1])
    expect(told).toEqual(['named', 'two', '__consumer_offsets', 'asked'])
  })

  it('is not there on other clusters: exchanges are told at once', async () => {
    const { stderr, inner } = setup()
    await connect(9999)
    inner.exchange(exchange())
    expect(stderr.text).toBe('asked\nanswer\n')
    expect(node.isWatched).toBe(false)
    await inner.finish()
  })

  it('keeps nobody waiting where a node does not answer', async () => {
    node.close()
    const file = path.join(home, 'clusters', 'local', 'node-2', 't.sock')
    fs.rmSync(file, { force: true })
    const deaf = net.createServer(() => undefined).listen(file)
    const { stderr, inner } = setup()
    await connect(9092)
    inner.exchange(exchange())
    expect(stderr.text).toBe('asked\nanswer\n')
    await inner.finish()
    deaf.close()
  })

  it('stops somewhere', async () => {
    const { stderr, inner } = setup(['orders'])
    await connect(9092)
    for (let at = 0; at < 600; at++) append('orders-0')
    await new Promise((resolve) => setTimeout(resolve, 50))
    await inner.finish()
    expect(stderr.text.match(/appended/g)).toHaveLength(500)
    expect(stderr.text).toContain('inside: 100 more events, not told\n')
  })
})
