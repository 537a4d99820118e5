/** A machine of a simulated quorum: a disk, a process that comes and goes, and in it a `RaftNode` over a real log. */
import { Reader } from '../../../src/base/bytes.ts'
import type { Logger } from '../../../src/base/logger.ts'
import { METADATA_TOPIC_ID } from '../../../src/base/uuid.ts'
import { BufferPool } from '../../../src/log/buffer-pool.ts'
import { openLog } from '../../../src/log/loader.ts'
import type { UnifiedLog } from '../../../src/log/log.ts'
import { OpenFiles } from '../../../src/log/log-file.ts'
import type { NodeNetwork } from '../../../src/network/node-network.ts'
import type { Answer, ConnectionContext, RequestProcessor } from '../../../src/network/processor.ts'
import { decode } from '../../../src/protocol/codec.ts'
import { decodeRequestHeader, encodeResponse } from '../../../src/protocol/header.ts'
import { apiVersions } from '../../../src/protocol/messages/18-api-versions.ts'
import type { Api } from '../../../src/protocol/schema.ts'
import { RaftNode, type RaftOptions } from '../../../src/raft/raft-node.ts'
import { BOOTSTRAP_SNAPSHOT, writeSnapshot } from '../../../src/raft/snapshot-files.ts'
import type { CommittedBatch, LeaderAndEpoch, RaftListener, SnapshotId } from '../../../src/raft/types.ts'
import type { Voter, VoterSet } from '../../../src/raft/voters.ts'
import type { Dice } from '../engine/dice.ts'
import { SimClock } from '../engine/sim-clock.ts'
import type { SimDisk } from '../engine/sim-disk.ts'
import { SimFiles } from '../engine/sim-files.ts'
import { SimProcess } from '../engine/sim-process.ts'
import { type Chain, EMPTY_CHAIN, type QuorumChecks } from './quorum-checks.ts'
import type { QuorumWorld } from './quorum-world.ts'

const DIRECTORY = '/data/__cluster_metadata-0'
export const PORT = 9093
export const LISTENER = 'CONTROLLER'
/** Small, so that runs roll segments. */
const SEGMENT_BYTES = 4_096

const LOG_CONFIG = {
  segmentBytes: SEGMENT_BYTES,
  segmentMs: 3_600_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 4_096,
  indexIntervalBytes: 512,
  retentionBytes: -1,
  retentionMs: -1,
  maxMessageBytes: 1024 * 1024,
  cleanupDelete: true,
  cleanupCompact: false,
  flushMessages: Number.MAX_SAFE_INTEGER,
  flushMs: Number.MAX_SAFE_INTEGER,
  fileDeleteDelayMs: 1_000,
  preallocate: false,
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  messageTimestampAfterMaxMs: Number.MAX_SAFE_INTEGER,
  compressionType: 'producer',
  compressionGzipLevel: -1,
  compressionLz4Level: 9,
  compressionZstdLevel: 3,
  minCleanableDirtyRatio: 0.5,
  minCompactionLagMs: 0,
  maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
  deleteRetentionMs: 86_400_000,
} as const

/** What a node makes of the log: it knows how far it is and what all of it amounts to. */
class Follower implements RaftListener {
  next = 0
  chain: Chain = EMPTY_CHAIN
  epoch = 0
  lastTimestamp = 0
  private readonly node: QuorumNode
  private readonly checks: QuorumChecks

  constructor(node: QuorumNode, checks: QuorumChecks) {
    this.node = node
    this.checks = checks
  }

  onSnapshot(id: SnapshotId, batches: Iterable<CommittedBatch>): void {
    const values = [...batches].flatMap((batch) => batch.values.map(String))
    const { chain, next } = JSON.parse(values[0]!) as { chain: Chain; next: number }
    if (next !== id.endOffset || id.endOffset < this.next) throw new Error(`snapshot to ${next} at ${id.endOffset}`)
    this.checks.reached(this.node.id, next, chain, id.epoch)
    this.next = next
    this.chain = chain
    this.epoch = id.epoch
    this.node.world.count('snapshot loaded')
  }

  onCommit(batches: readonly CommittedBatch[]): void {
    for (const batch of batches) {
      if (batch.baseOffset !== this.next)
        throw new Error(`node ${this.node.id} got ${batch.baseOffset} after ${this.next}`)
      this.chain = this.checks.committedBatch(this.node.id, this.chain, batch)
      this.next = batch.lastOffset + 1
      this.epoch = batch.epoch
      this.lastTimestamp = batch.appendTimestamp
    }
  }

  onLeaderChange(leader: LeaderAndEpoch): void {
    this.checks.leader(this.node.id, leader)
    this.node.world.trace.note(`node ${this.node.id} is told: ${leader.leaderId ?? 'nobody'} leads ${leader.epoch}`)
  }
}

export interface QuorumNodePlan {
  readonly id: number
  readonly canVote: boolean
  readonly directoryId: string
  /** Voters it is formatted with; null: none, it finds the others by the bootstrap servers. */
  readonly formattedWith: VoterSet | null
  readonly options: Partial<RaftOptions>
}

export class QuorumNode {
  readonly plan: QuorumNodePlan
  readonly world: QuorumWorld
  readonly disk: SimDisk
  process: SimProcess | null = null
  raft: RaftNode | null = null
  log: UnifiedLog | null = null
  follower: Follower | null = null
  private readonly dice: Dice
  private lives = 0
  private lastHighWatermark = -1

  constructor(world: QuorumWorld, plan: QuorumNodePlan) {
    this.world = world
    this.plan = plan
    this.dice = world.dice.child(`node ${plan.id}`)
    this.disk = world.disk(`node ${plan.id}`)
    this.format()
  }

  get id(): number {
    return this.plan.id
  }
  get host(): string {
    return `n${this.plan.id}`
  }
  get isUp(): boolean {
    return this.raft !== null && this.process?.state === 'running'
  }
  get leads(): boolean {
    return this.isUp && this.raft!.isLeader
  }
  get voter(): Voter {
    const { id, directoryId } = this.plan
    const endpoints = [{ name: LISTENER, host: this.host, port: PORT }]
    return { id, directoryId, endpoints, kraftVersions: { min: 0, max: 1 } }
  }

  private files(process: SimProcess): SimFiles {
    const { scheduler } = this.world
    return new SimFiles({ disk: this.disk, process, scheduler, dice: this.dice.child(`files ${this.lives}`) })
  }

  private format(): void {
    const files = this.files(new SimProcess('format'))
    files.makeDirectory(DIRECTORY)
    const { formattedWith } = this.plan
    if (formattedWith !== null) {
      const content = { lastContainedLogTimestamp: 0, kraftVersion: 1, voters: formattedWith, values: [], nowMs: 1 }
      writeSnapshot(files, DIRECTORY, BOOTSTRAP_SNAPSHOT, content)
    }
    this.disk.syncAll()
  }

  start(): void {
    if (this.process !== null) return
    const process = new SimProcess(`n${this.id}.${++this.lives}`)
    this.process = process
    this.world.network.host(this.host).up = true
    this.world.scheduler.after(0, process, () => this.run(process))
  }

  private run(process: SimProcess): void {
    const { world } = this
    const life = this.dice.child(`life ${this.lives}`)
    const clock = new SimClock(world.scheduler, process, life.child('clock'))
    const logger = world.loggerOf(`n${this.id}`)
    const files = this.files(process)
    const network = world.network.of(process, this.host, clock)
    const environment = {
      ...{ files, clock, logger, random: life.child('log') },
      buffers: new BufferPool(),
      openFiles: new OpenFiles(),
      producerIdExpirationMs: 1_000,
      deleteLater: (paths: readonly string[]) => {
        for (const path of paths) if (files.exists(path)) files.remove(path)
      },
      onFailure: () => undefined,
    }
    const log = openLog(environment, {
      ...{ directory: DIRECTORY, topic: '__cluster_metadata', partition: 0, topicId: METADATA_TOPIC_ID },
      config: LOG_CONFIG,
    })
    const follower = new Follower(this, world.checks)
    const raft = new RaftNode({
      ...{ localId: this.id, localDirectoryId: this.plan.directoryId, log, files, clock, logger },
      random: life.child('raft'),
      clusterId: 'quorum',
      voters: new Map(),
      canVote: this.plan.canVote,
      network: network.peers,
      bootstrapServers: world.bootstrapServers,
      endpoints: this.plan.canVote ? this.voter.endpoints : [],
      onFatal: (error) => world.failed(this, process, error),
      ...this.plan.options,
    })
    this.lastHighWatermark = -1
    this.raft = raft
    this.log = log
    this.follower = follower
    this.serve(network, clock, logger, raft)
    raft.start(follower)
  }

  private serve(network: NodeNetwork, clock: SimClock, logger: Logger, raft: RaftNode): void {
    const server = network.server({} as never, { processor: new Processor(raft), clock, logger } as never)
    void server.listen({ name: LISTENER, host: this.host, port: PORT } as never)
  }

  /** SIGKILL, or the plug: then also what was not synced is gone, in whole or in part. */
  kill(how: 'killed' | 'power-failure'): void {
    const { process, world } = this
    if (process === null) return
    world.trace.note(`node ${this.id} ${how}`)
    process.kill()
    world.network.processEnded(process, how)
    if (how === 'power-failure') this.disk.losePower(this.dice)
    this.gone()
  }

  /** Stops in order. */
  stop(): void {
    const { process, raft, world } = this
    if (process === null || raft === null || process.state !== 'running') return
    world.trace.note(`node ${this.id} stops`)
    const { log } = this
    world.scheduler.after(0, process, () => {
      void raft.close().then(() => {
        if (this.process !== process || !process.alive) return
        log?.close()
        process.kill()
        world.network.processEnded(process, 'killed')
        this.gone()
      })
    })
  }

  private gone(): void {
    this.process = null
    this.raft = null
    this.log = null
    this.follower = null
  }

  /** Runs `action` as this node's process, soon. */
  act(action: (raft: RaftNode) => void): void {
    const { process, raft, world } = this
    if (process === null || raft === null || process.state !== 'running') return
    world.scheduler.after(0, process, () => action(raft))
  }

  /** Writes a snapshot of what the node knows and drops the log below, as a node does now and then. */
  snapshot(): void {
    const { follower, process } = this
    if (follower === null || process === null || follower.next === 0) return
    this.act((raft) => {
      const { next, chain, epoch, lastTimestamp } = follower
      const id = { endOffset: next, epoch }
      const { voters, kraftVersion } = raft.quorumAt(next)
      const values = [Buffer.from(JSON.stringify({ chain, next }))]
      const content = { lastContainedLogTimestamp: lastTimestamp, kraftVersion, voters, values, nowMs: 1 }
      writeSnapshot(this.files(process), DIRECTORY, id, content)
      raft.clean({ retentionBytes: 0, retentionMs: -1 })
      this.world.count('snapshot written')
    })
  }

  /** After every event of this node. */
  check(): void {
    const { raft } = this
    if (raft === null) return
    const { highWatermark } = raft
    if (highWatermark < this.lastHighWatermark) {
      this.world.violated('high watermark monotonic', `node ${this.id}: ${this.lastHighWatermark} -> ${highWatermark}`)
    }
    this.lastHighWatermark = highWatermark
  }
}

/** What a controller's listener does, as far as the quorum needs it. */
class Processor implements RequestProcessor {
  private readonly raft: RaftNode
  private readonly apis: ReadonlyMap<number, Api>

  constructor(raft: RaftNode) {
    this.raft = raft
    this.apis = new Map([...raft.servedApis, apiVersions as unknown as Api].map((api) => [api.key, api]))
  }

  process(frame: Buffer, connection: ConnectionContext): Answer | Promise<Answer> {
    const reader = new Reader(frame)
    const { apiKey, apiVersion, correlationId } = decodeRequestHeader(reader)
    const api = this.apis.get(apiKey)!
    const request = decode(api.request, apiVersion, reader) as never
    const chunks = (body: unknown): Answer => ({
      chunks: encodeResponse(api, apiVersion, correlationId, body as never),
    })
    if (apiKey === apiVersions.key) {
      return chunks({ supportedFeatures: [{ name: 'kraft.version', minVersion: 0, maxVersion: 1 }] })
    }
    const { closed, listenerName } = connection
    const answer = this.raft.handle(api, apiVersion, request, { closed, listenerName }) as unknown
    return answer instanceof Promise ? answer.then(chunks) : chunks(answer)
  }
}
