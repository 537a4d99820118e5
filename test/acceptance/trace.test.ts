/** `kt trace` as a process in front of a cluster of three: clients of all kinds, 100 MB, and a leader that dies meanwhile. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { Fetcher } from '../../src/client/fetcher.ts'
import { Producer } from '../../src/client/producer.ts'
import { decodeRecords } from '../../src/protocol/records/record.ts'
import { type RunningCluster, runningCluster } from '../support/running-cluster.ts'

const TIMEOUT_MS = 120_000
const BIN = path.resolve(import.meta.dirname, '../../bin/kt')
/** Small enough that a proxy which held what passes by would show. */
const MAX_RSS_BYTES = 220 * 1024 * 1024

class TraceProcess {
  readonly servers: string
  readonly #child: ChildProcess
  readonly #said: { stdout: string; stderr: string }

  private constructor(child: ChildProcess, said: { stdout: string; stderr: string }, servers: string) {
    this.#child = child
    this.#said = said
    this.servers = servers
  }

  /** Resolves when clients may connect. */
  static start(cluster: string, ...args: string[]): Promise<TraceProcess> {
    const words = ['trace', '--bootstrap-server', cluster, '--listen', '127.0.0.1:0', ...args]
    const child = spawn(process.execPath, [BIN, ...words], { env: { ...process.env, NO_COLOR: '1' } })
    const said = { stdout: '', stderr: '' }
    child.stdout!.on('data', (chunk: Buffer) => {
      said.stdout += chunk
    })
    return new Promise((resolve, reject) => {
      child.on('exit', () => reject(new Error(said.stderr)))
      child.stderr!.on('data', (chunk: Buffer) => {
        said.stderr += chunk
        const found = /clients connect to (\S+),/.exec(said.stderr)
        if (found !== null) resolve(new TraceProcess(child, said, found[1]!))
      })
    })
  }

  /** Resident bytes of the process, as Linux tells; 0 elsewhere. */
  get rssBytes(): number {
    const file = `/proc/${this.#child.pid}/status`
    if (!fs.existsSync(file)) return 0
    return Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(file, 'utf8'))?.[1] ?? 0) * 1024
  }

  /** Ctrl-C, and what was told. */
  end(): Promise<{ stdout: string; stderr: string; code: number | null }> {
    return new Promise((resolve) => {
      this.#child.removeAllListeners('exit')
      this.#child.on('close', (code) => resolve({ ...this.#said, code }))
      this.#child.kill('SIGINT')
    })
  }
}

describe('kt trace in front of three brokers', { timeout: TIMEOUT_MS }, () => {
  let cluster: RunningCluster
  beforeAll(async () => {
    cluster = await runningCluster({ brokers: 3 })
    for (const topic of ['large', 'small', 'dying']) {
      await cluster.kt(['topics', '--create', '--topic', topic, '--partitions', '1', '--replication-factor', '3'])
    }
  }, TIMEOUT_MS)
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  async function read(servers: string, topic: string, take: (value: Uint8Array) => void): Promise<void> {
    const fetcher = new Fetcher({ bootstrapServers: [servers] }, { stopAtEnd: true })
    await fetcher.follow(topic, 'earliest')
    for await (const batch of fetcher) for (const { value } of decodeRecords(batch.buffer, batch.at)) take(value!)
    await fetcher.close()
  }

  it('every byte of 100 MB arrives, both ways, in little memory', async () => {
    const trace = await TraceProcess.start(cluster.bootstrapServers)
    const value = Buffer.from(seededRandom(1).bytes(100_000))
    const [sent, received] = [createHash('sha256'), createHash('sha256')]
    const producer = new Producer({ bootstrapServers: [trace.servers] }, { batchSizeBytes: 500_000 })
    for (let at = 0; at < 1000; at++) {
      value.writeUInt32BE(at, 0)
      sent.update(value)
      const sending = producer.send({ topic: 'large', key: null, value: Buffer.from(value) })
      if (at % 50 === 49) await sending
    }
    await producer.flush()
    await producer.close()
    let count = 0
    await read(trace.servers, 'large', (each) => {
      received.update(each)
      count++
    })
    expect([count, received.digest('hex')]).toEqual([1000, sent.digest('hex')])
    expect(trace.rssBytes).toBeLessThan(MAX_RSS_BYTES)
    const { stdout, code } = await trace.end()
    expect(code).toBe(0)
    expect(stdout).toMatch(/\nProduce +\d+ +0 .* (99|1\d\d)(\.\d)? MB +/)
  })

  it('a client that knows nothing of it stays behind it: kafkajs, in a group', async () => {
    const trace = await TraceProcess.start(cluster.bootstrapServers)
    const kafka = new kafkajs.Kafka({ clientId: 'shop', brokers: [trace.servers], logLevel: kafkajs.logLevel.NOTHING })
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({ topic: 'small', messages: [{ key: 'k', value: 'to be hidden' }] })
    await producer.disconnect()
    const consumer = kafka.consumer({ groupId: 'billing' })
    await consumer.connect()
    await consumer.subscribe({ topic: 'small', fromBeginning: true })
    const value = await new Promise<string>((resolve) => {
      void consumer.run({ eachMessage: async ({ message }) => resolve(String(message.value)) })
    })
    expect(value).toBe('to be hidden')
    await consumer.disconnect()
    const { stdout, stderr } = await trace.end()
    for (const id of [1, 2, 3])
      expect(stderr).toMatch(new RegExp(`broker ${id} \\(127\\.0\\.0\\.1:\\d+\\) at 127\\.0\\.0\\.1:\\d+`))
    expect(stdout).toMatch(/shop#\d+ Produce v\d+ to broker \d: 1 record/)
    expect(stdout).toMatch(/shop#\d+ JoinGroup v\d+ to broker \d: group billing, as a new member/)
    expect(stdout).toMatch(/shop#\d+ LeaveGroup/)
    expect(stdout).not.toContain('hidden')
  })

  it('goes on when a leader dies, and tells of it', async () => {
    const described = await cluster.kt(['topics', '--describe', '--topic', 'dying'])
    const leader = Number(/Leader: (\d)/.exec(described.stdout)![1])
    // Where one is that lives on.
    const survivor = cluster.brokerIds.find((id) => id !== leader)!
    const trace = await TraceProcess.start(`127.0.0.1:${cluster.portOf(survivor)}`)
    const producer = new Producer({ bootstrapServers: [trace.servers] })
    const sent: Promise<unknown>[] = []
    for (let at = 0; at < 300; at++) {
      if (at === 100) await cluster.kill(leader)
      sent.push(Promise.resolve(producer.send({ topic: 'dying', key: null, value: Buffer.from(String(at)) })))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await Promise.all(sent)
    await producer.flush()
    await producer.close()
    const values: number[] = []
    await read(trace.servers, 'dying', (value) => values.push(Number(Buffer.from(value).toString())))
    expect(values).toEqual(Array.from({ length: 300 }, (_, at) => at))
    const { stdout } = await trace.end()
    expect(stdout).toMatch(/ ! (the connection to|no connection to the broker: )127\.0\.0\.1:\d+/)
    const producedTo = new Set([...stdout.matchAll(/Produce v\d+ to broker (\d)/g)].map(([, id]) => Number(id)))
    expect(producedTo.size).toBe(2)
    await cluster.kt(['cluster', 'restart', String(leader)])
  })
})
