/** Several `RaftNode`s on one clock, talking in Kafka's bytes over a network that a test can cut. */
import { Reader, Writer } from '../../src/base/bytes.ts'
import { nodeFileSystem } from '../../src/base/file-system.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { seededRandom } from '../../src/base/random.ts'
import { decode, encode } from '../../src/protocol/codec.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { apiVersions } from '../../src/protocol/messages/18-api-versions.ts'
import type { PeerAddress, PeerChannel, PeerNetwork } from '../../src/protocol/peers.ts'
import type { Api, RequestInput, ResponseInput, ResponseOf } from '../../src/protocol/schema.ts'
import { RaftNode, type RaftOptions } from '../../src/raft/raft-node.ts'
import { BOOTSTRAP_SNAPSHOT, writeSnapshot } from '../../src/raft/snapshot-files.ts'
import { staticVoters, type VoterSet } from '../../src/raft/voters.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'
import { DIRECTORY_ID, MemoryLog, Recorder, scratchDirectory, voter } from './support.ts'

export const CLUSTER_ID = 'cluster'
const NEVER = new AbortController().signal

export const directoryOf = (id: number): string => `${DIRECTORY_ID.slice(0, 20)}${String.fromCharCode(65 + id)}A`

export function voterOf(id: number) {
  return voter(id, directoryOf(id))
}

export function votersOf(...ids: readonly number[]): VoterSet {
  return new Map(ids.map((id) => [id, voterOf(id)]))
}

/** Through the bytes and back: what is not encoded is not there. */
function overTheWire<T>(schema: Api['request'], version: number, value: unknown): T {
  const writer = new Writer()
  encode(schema, version, value as never, writer)
  return decode(schema, version, new Reader(writer.toBuffer())) as T
}

export interface SentRequest {
  readonly from: number
  readonly to: number
  readonly api: string
}

export class TestNode {
  readonly id: number
  log: MemoryLog
  listener = new Recorder()
  raft: RaftNode
  fatal: unknown[] = []
  /** Ends with the process: connections to it are lost then. */
  life = new AbortController()
  private readonly cluster: TestCluster
  private readonly options: Partial<RaftOptions>

  constructor(cluster: TestCluster, id: number, directory: string, options: Partial<RaftOptions>) {
    this.cluster = cluster
    this.id = id
    this.options = options
    this.log = new MemoryLog(directory)
    this.raft = this.make()
  }

  private make(): RaftNode {
    const isController = this.options.canVote !== false
    return new RaftNode({
      localId: this.id,
      localDirectoryId: directoryOf(this.id),
      voters: new Map(),
      log: this.log,
      files: nodeFileSystem,
      clock: this.cluster.clock,
      logger: silentLogger,
      random: seededRandom(this.id),
      clusterId: CLUSTER_ID,
      network: this.cluster.networkOf(this.id),
      bootstrapServers: this.cluster.bootstrapServers,
      endpoints: isController ? voterOf(this.id).endpoints : [],
      onFatal: (error) => this.fatal.push(error),
      ...this.options,
    })
  }

  start(): void {
    this.raft.start(this.listener)
  }

  /** The power goes; what was flushed is there at the next start. */
  crash(): void {
    this.raft.abandon()
    this.cluster.down.add(this.id)
    this.life.abort()
    this.life = new AbortController()
  }

  restart(): void {
    this.log = this.log.crash()
    this.listener = new Recorder()
    this.raft = this.make()
    this.cluster.down.delete(this.id)
    this.start()
  }
}

export class TestCluster {
  readonly clock = new ManualClock()
  readonly nodes = new Map<number, TestNode>()
  readonly down = new Set<number>()
  readonly sent: SentRequest[] = []
  /** Ids that reach nobody and are reached by nobody. */
  readonly isolated = new Set<number>()
  readonly bootstrapServers: PeerAddress[]
  /** kraft.version range each node tells when it is asked; 0 to 1 where nothing is said. */
  readonly kraftVersions = new Map<number, { readonly min: number; readonly max: number }>()

  /** Configured voters of kraft.version 0, whose logs know nothing of voters. */
  static ofStaticVoters(ids: readonly number[], others: Readonly<Record<number, Partial<RaftOptions>>> = {}) {
    const entries = ids.map((id) => `${id}@localhost:${9090 + id}`)
    const voters = staticVoters(entries, 'CONTROLLER')
    const configured = Object.fromEntries(ids.map((id) => [id, { voters }]))
    return new TestCluster([], { ...configured, ...others })
  }

  /** `voters` are formatted as the voters of kraft.version 1; `others` are what each id says. */
  constructor(voters: readonly number[], others: Readonly<Record<number, Partial<RaftOptions>>> = {}) {
    this.bootstrapServers = (voters.length > 0 ? voters : Object.keys(others)).map((id) => addressOf(Number(id)))
    for (const id of voters) {
      const directory = scratchDirectory()
      const content = {
        lastContainedLogTimestamp: 0,
        kraftVersion: 1,
        voters: votersOf(...voters),
        values: [],
        nowMs: 1,
      }
      writeSnapshot(nodeFileSystem, directory, BOOTSTRAP_SNAPSHOT, content)
      this.nodes.set(id, new TestNode(this, id, directory, {}))
    }
    for (const [id, options] of Object.entries(others)) {
      this.nodes.set(Number(id), new TestNode(this, Number(id), scratchDirectory(), options))
    }
  }

  node(id: number): TestNode {
    return this.nodes.get(id)!
  }

  startAll(): this {
    for (const node of this.nodes.values()) node.start()
    return this
  }

  async run(ms: number): Promise<this> {
    await settled()
    await this.clock.advance(ms)
    return this
  }

  /** Runs until somebody leads and all others that are up follow. */
  async elected(): Promise<TestNode> {
    for (let i = 0; i < 200; i++) {
      await this.clock.advance(50)
      const up = [...this.nodes.values()].filter(({ id }) => !this.down.has(id) && !this.isolated.has(id))
      const leader = up.find(({ raft }) => raft.isLeader && raft.highWatermark === raft.logEndOffset)
      if (leader !== undefined && up.every(({ raft }) => raft.leaderId === leader.id)) return leader
    }
    throw new Error('nobody was elected')
  }

  networkOf(from: number): PeerNetwork {
    return { open: (address) => this.channel(from, address) }
  }

  private channel(from: number, address: PeerAddress): PeerChannel {
    const controller = new AbortController()
    return {
      address,
      send: (api, version, request, timeoutMs) => {
        if (controller.signal.aborted) return Promise.reject(new KafkaError('NETWORK_EXCEPTION', 'closed'))
        return this.carry(from, address, { api, version, request, timeoutMs }, controller.signal)
      },
      close: () => controller.abort(),
    }
  }

  private reaches(from: number, to: number): boolean {
    return !this.isolated.has(from) && !this.isolated.has(to) && !this.down.has(to) && this.nodes.has(to)
  }

  private carry<A extends Api>(
    from: number,
    address: PeerAddress,
    sent: { api: A; version: number; request: RequestInput<A>; timeoutMs: number },
    closed: AbortSignal,
  ): Promise<ResponseOf<A>> {
    const to = address.port - 9090
    const { api, version, timeoutMs } = sent
    this.sent.push({ from, to, api: api.name })
    if (!this.reaches(from, to)) return Promise.reject(new KafkaError('NETWORK_EXCEPTION', `${to} is away`))
    const request = overTheWire(api.request, version, sent.request)
    const { signal } = this.node(to).life
    let lose: (error: KafkaError) => void = () => undefined
    const late = new Promise<never>((_, reject) => {
      lose = reject
    })
    const lost = (): void => lose(new KafkaError('NETWORK_EXCEPTION', 'the connection is lost'))
    const timer = this.clock.setTimer(timeoutMs, () => lose(new KafkaError('REQUEST_TIMED_OUT')))
    for (const end of [closed, signal]) end.addEventListener('abort', lost)
    const over = (): void => {
      timer.cancel()
      for (const end of [closed, signal]) end.removeEventListener('abort', lost)
    }
    const answer = (async () => {
      const body = await this.answer(to, api, version, request, closed)
      // An answer that leaves a cut-off node is lost; whoever waits for it runs into the time limit.
      if (!this.reaches(from, to)) await late
      return overTheWire<ResponseOf<A>>(api.response, version, body)
    })()
    late.catch(() => undefined)
    return Promise.race([answer, late]).finally(over)
  }

  private answer(to: number, api: Api, version: number, request: unknown, closed: AbortSignal): unknown {
    if (api.key === apiVersions.key) {
      const { min: minVersion, max: maxVersion } = this.kraftVersions.get(to) ?? { min: 0, max: 1 }
      return { supportedFeatures: [{ name: 'kraft.version', minVersion, maxVersion }] }
    }
    return this.node(to).raft.handle(api, version, request as never, { closed, listenerName: 'CONTROLLER' })
  }

  /** A request of somebody outside. */
  ask<A extends Api>(to: number, api: A, version: number, request: RequestInput<A>): Promise<ResponseOf<A>> {
    const body = overTheWire(api.request, version, request)
    const answer = this.node(to).raft.handle(api, version, body as never, { closed: NEVER, listenerName: 'CONTROLLER' })
    return Promise.resolve(answer as ResponseInput<A>).then((ready) => overTheWire(api.response, version, ready))
  }

  /** As `ask`, while the clock goes on. */
  async askAndRun<A extends Api>(
    to: number,
    api: A,
    version: number,
    request: RequestInput<A>,
  ): Promise<ResponseOf<A>> {
    const [answer] = await Promise.all([this.ask(to, api, version, request), this.run(3_000)])
    return answer
  }

  closeAll(): void {
    for (const { raft } of this.nodes.values()) raft.abandon()
  }
}

export function addressOf(id: number): PeerAddress {
  return { host: 'localhost', port: 9090 + id }
}
