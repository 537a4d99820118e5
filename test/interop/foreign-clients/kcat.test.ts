/** kcat (librdkafka) against the bundled node. */

import { type ChildProcess, spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalCluster, startCluster } from '../../../src/index.ts'
import { runProcess } from '../../support/apache-kafka.ts'
import { runCommand } from '../../support/run-command.ts'
import { lines, sorted, works } from './tools.ts'

const present = works('kcat', ['-V'])

describe.skipIf(!present)(`kcat${present ? '' : ' is not on this machine: skipped'}`, () => {
  let cluster: LocalCluster

  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster.close())

  const kcat = (args: readonly string[], input = '') =>
    runProcess('kcat', ['-b', cluster.bootstrapServers, ...args], { input, timeoutMs: 30_000 })

  async function createTopic(name: string, partitions: number): Promise<void> {
    const args = ['topics', '--bootstrap-server', cluster.bootstrapServers, '--create', '--topic', name]
    expect(await runCommand([...args, '--partitions', String(partitions)])).toMatchObject({ code: 0 })
  }

  it.concurrent('lists a cluster of one broker', async () => {
    const { stdout, code } = await kcat(['-L'])
    expect(code).toBe(0)
    expect(stdout).toContain(`broker 1 at ${cluster.bootstrapServers} (controller)`)
  })

  it.concurrent('produces to a topic that comes into being, and reads it back with keys and offsets', async () => {
    const produced = await kcat(['-P', '-t', 'fresh', '-K:'], 'k1:v1\nk2:v2\nk3:v3\n')
    expect(produced).toMatchObject({ code: 0 })
    const consumed = await kcat(['-C', '-t', 'fresh', '-e', '-q', '-f', '%p %o %k %s\n'])
    expect(consumed.stdout).toBe('0 0 k1 v1\n0 1 k2 v2\n0 2 k3 v3\n')
  })

  it.concurrent.each(['gzip', 'snappy', 'lz4', 'zstd'])('compresses with %s', async (codec) => {
    const text = lines(2000, `some text that repeats ${codec}`)
    expect((await kcat(['-P', '-t', `z-${codec}`, '-z', codec], text)).code).toBe(0)
    expect((await kcat(['-C', '-t', `z-${codec}`, '-e', '-q'])).stdout).toBe(text)
  })

  it.concurrent('produces idempotently', async () => {
    const text = lines(5000, 'once')
    const produced = await kcat(['-P', '-t', 'idempotent', '-X', 'enable.idempotence=true'], text)
    expect(produced).toMatchObject({ code: 0 })
    expect((await kcat(['-C', '-t', 'idempotent', '-e', '-q'])).stdout).toBe(text)
  })

  it.concurrent.each(['0', '1', 'all'])('produces with acks=%s', async (acks) => {
    expect((await kcat(['-P', '-t', `acks-${acks}`, '-X', `acks=${acks}`], lines(100, 'a'))).code).toBe(0)
    expect((await kcat(['-C', '-t', `acks-${acks}`, '-e', '-q'])).stdout).toBe(lines(100, 'a'))
  })

  it.concurrent('starts where it is told: from an offset, from the end, from a time', async () => {
    await kcat(['-P', '-t', 'places'], lines(10, 'v'))
    expect((await kcat(['-C', '-t', 'places', '-o', '7', '-e', '-q'])).stdout).toBe('v-7\nv-8\nv-9\n')
    expect((await kcat(['-C', '-t', 'places', '-o', '-2', '-e', '-q'])).stdout).toBe('v-8\nv-9\n')
    const { stdout } = await kcat(['-Q', '-t', 'places:0:1'])
    expect(stdout).toContain('places [0] offset 0')
  })

  it.concurrent('consumes in a group and goes on where the group was', async () => {
    await kcat(['-P', '-t', 'grouped'], lines(5, 'first'))
    const group = ['-G', 'kcat-group', '-q', '-e', '-X', 'auto.offset.reset=earliest', 'grouped']
    expect((await kcat(group)).stdout).toBe(lines(5, 'first'))
    await kcat(['-P', '-t', 'grouped'], lines(3, 'second'))
    expect((await kcat(group)).stdout).toBe(lines(3, 'second'))
  })
  it.concurrent('keeps headers, null keys and null values, and tells times', async () => {
    const before = Date.now()
    await kcat(['-P', '-t', 'shapes', '-K:', '-Z', '-H', 'a=1', '-H', 'b=zwei'], 'k:v\n:no key\ngone:\n')
    const { stdout } = await kcat(['-C', '-t', 'shapes', '-e', '-q', '-J'])
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonRecord)
    expect(records.map(({ key, payload, offset, headers }) => ({ key, payload, offset, headers }))).toEqual([
      { key: 'k', payload: 'v', offset: 0, headers: ['a', '1', 'b', 'zwei'] },
      { key: null, payload: 'no key', offset: 1, headers: ['a', '1', 'b', 'zwei'] },
      { key: 'gone', payload: null, offset: 2, headers: ['a', '1', 'b', 'zwei'] },
    ])
    for (const { ts, tstype } of records) {
      expect(tstype).toBe('create')
      expect(ts).toBeGreaterThanOrEqual(before)
      expect(ts).toBeLessThanOrEqual(Date.now())
    }
    // Nothing is as young as that: -1, as a broker answers.
    const after = await kcat(['-Q', '-t', `shapes:0:${Date.now() + 60_000}`])
    expect(after.stdout).toContain('shapes [0] offset -1')
  })

  it.concurrent('shares partitions between two members of a group, and gives them to the one that stays', async ({
    expect,
  }) => {
    await using members = new Members(cluster.bootstrapServers)
    await createTopic('shared', 4)
    const [first, second] = [members.join('pair', 'shared'), members.join('pair', 'shared')]
    await expect.poll(() => [first.assigned, second.assigned].flat().sort(), WAIT).toEqual(['0', '1', '2', '3'])
    await expect.poll(() => [first.assigned.length, second.assigned.length], WAIT).toEqual([2, 2])
    await kcat(['-P', '-t', 'shared', '-X', 'enable.idempotence=true'], lines(400, 'one'))
    await expect.poll(() => first.read.length + second.read.length, WAIT).toBe(400)
    await second.leave()
    await expect.poll(() => first.assigned.length, WAIT).toBe(4)
    await kcat(['-P', '-t', 'shared'], lines(100, 'two'))
    await expect.poll(() => first.read.length + second.read.length, WAIT).toBe(500)
    const all = [...first.read, ...second.read].sort()
    expect(all).toEqual(sorted(lines(400, 'one') + lines(100, 'two')))
  })
})

const WAIT = { timeout: 20_000 }

interface JsonRecord {
  readonly key: string | null
  readonly payload: string | null
  readonly offset: number
  readonly headers: readonly string[]
  readonly ts: number
  readonly tstype: string
}

/** `kcat -G`: what it prints is what it read, what it says on stderr is what it was assigned. */
class Member {
  readonly #child: ChildProcess
  #stdout = ''
  #stderr = ''

  constructor(args: readonly string[]) {
    this.#child = spawn('kcat', args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child.stdout!.on('data', (chunk: Buffer) => {
      this.#stdout += chunk
    })
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr += chunk
    })
  }

  get read(): string[] {
    return this.#stdout.split('\n').slice(0, -1)
  }

  /** Partitions of the last rebalance. */
  get assigned(): string[] {
    const last = this.#stderr
      .split('\n')
      .filter((line) => line.includes('rebalanced'))
      .at(-1)
    if (last === undefined || !last.includes('assigned:')) return []
    return [...last.matchAll(/\[(\d+)\]/g)].map((match) => match[1]!)
  }

  async leave(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGTERM')
    await gone
  }
}

class Members implements AsyncDisposable {
  readonly #bootstrapServers: string
  readonly #members: Member[] = []

  constructor(bootstrapServers: string) {
    this.#bootstrapServers = bootstrapServers
  }

  join(group: string, topic: string): Member {
    const settings = ['auto.offset.reset=earliest', 'heartbeat.interval.ms=300'].flatMap((setting) => ['-X', setting])
    const member = new Member(['-b', this.#bootstrapServers, '-G', group, '-u', ...settings, topic])
    this.#members.push(member)
    return member
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map((member) => member.leave()))
  }
}
