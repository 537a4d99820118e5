/**
 * Fetches the metadata log from the leader or, while none is known or it does not answer, from anybody who may know it
 * (KIP-595, KIP-853). One request at a time. Owner of that request, of the snapshot being loaded, and of whom to try next.
 */
import type { Timer } from '../base/clock.ts'
import { METADATA_TOPIC_ID } from '../base/uuid.ts'
import { ErrorCode, errorName } from '../protocol/error-codes.ts'
import { type FetchResponse, fetch } from '../protocol/messages/01-fetch.ts'
import { type FetchSnapshotResponse, fetchSnapshot } from '../protocol/messages/59-fetch-snapshot.ts'
import type { PeerAddress } from '../protocol/peers.ts'
import { backoffMs, hintOf, METADATA_TOPIC, type RaftCore } from './core.ts'
import { lastEpoch } from './log-positions.ts'
import type { PeerChannels } from './peer-channels.ts'
import { SnapshotDownload, type SnapshotPiece } from './snapshot-download.ts'
import type { FetchContent } from './state.ts'
import { Stranger } from './stranger.ts'
import { addressOf, sameAddress } from './voters.ts'

const FETCH_VERSION = 18
const FETCH_SNAPSHOT_VERSION = 1
/** How long the leader may hold a fetch that finds nothing new. */
const MAX_WAIT_MS = 500

/** What the log's owner does with what was fetched. */
export interface FetchTarget {
  /** Makes durable what the next fetch says we have; false when that failed for good. */
  beforeFetch(): boolean
  /** False when they are not what a leader sends. */
  appendFetched(records: Buffer): boolean
  truncateToDiverging(epoch: number, endOffset: number): void
  restartAtSnapshot(): void
  /** This node can never follow the quorum it was told of. */
  fatal(error: unknown): void
}

/** An answer that the algorithm has still to find good. */
type Fetched =
  | { readonly type: 'records'; readonly records: Buffer; readonly highWatermark: number }
  | { readonly type: 'piece'; readonly piece: SnapshotPiece }
  | { readonly type: 'other'; readonly content: FetchContent }

export class Fetcher {
  private readonly core: RaftCore
  private readonly channels: PeerChannels
  private readonly target: FetchTarget
  private state: 'idle' | 'waiting' | 'backing-off' = 'idle'
  /** Counts what was abandoned: an answer to it is nobody's. */
  private generation = 0
  private asked: PeerAddress | null = null
  private fetched: Fetched | null = null
  private download: SnapshotDownload | null = null
  private failures = 0
  private avoidLeader = false
  private nextCandidate: number
  private timer: Timer | null = null
  private readonly stranger: Stranger

  constructor(core: RaftCore, channels: PeerChannels, target: FetchTarget) {
    this.core = core
    this.stranger = new Stranger(core)
    this.channels = channels
    this.target = target
    this.nextCandidate = Math.floor(core.random.next() * 1_000)
  }

  /** Sends the next request when there is somebody to ask and nothing under way. */
  run(): void {
    if (this.state !== 'idle' || this.core.closed) return
    const { role } = this.core.state
    if (role.kind !== 'follower' && role.kind !== 'unattached') return
    const address = this.nextAddress()
    if (!this.target.beforeFetch()) return
    if (address === null) this.backOff()
    else void this.ask(address)
  }

  /** Ends what is under way and leaves the files as they are. */
  stop(): void {
    this.generation++
    if (this.asked !== null) this.channels.close(this.asked, 'fetch')
    this.asked = null
    this.timer?.cancel()
    this.timer = null
    this.state = 'idle'
  }

  /** Follower or not, what is under way is of no use any more. */
  abandon(): void {
    this.stop()
    this.failures = 0
    this.avoidLeader = false
    this.download?.abandon()
    this.download = null
  }

  /** The algorithm finds the present answer good. */
  take(): void {
    const { fetched, core } = this
    this.fetched = null
    this.avoidLeader = false
    this.stranger.wasServed()
    if (fetched === null) return
    if (fetched.type === 'records') {
      if (fetched.records.length > 0 && !this.target.appendFetched(fetched.records)) {
        this.backOff()
        return
      }
      this.failures = 0
      if (fetched.highWatermark >= 0) core.input({ type: 'leader-high-watermark', offset: fetched.highWatermark })
    } else if (fetched.type === 'piece') this.takePiece(fetched.piece)
    else this.takeOther(fetched.content)
  }

  private takeOther(content: FetchContent): void {
    const { core } = this
    if (content.type === 'diverging') this.target.truncateToDiverging(content.epoch, content.endOffset)
    if (content.type === 'snapshot') {
      if (core.snapshots.has(content.id)) {
        core.logger.warn(`the leader sends us to snapshot ${content.id.endOffset}-${content.id.epoch}, which is here`)
        this.backOff()
        return
      }
      core.logger.info(`loading snapshot ${content.id.endOffset}-${content.id.epoch} from the leader`)
      this.download?.abandon()
      this.download = new SnapshotDownload(core.files, core.log.directory, content.id)
    }
    if (content.type === 'snapshot-gone') this.dropDownload()
  }

  private takePiece(piece: SnapshotPiece): void {
    const { download, core } = this
    if (download === null) return
    const objection = download.objection(piece)
    if (objection !== null) {
      core.logger.warn(`the leader sent ${objection}; the snapshot is asked for anew`)
      this.dropDownload()
      this.backOff()
      return
    }
    if (!download.append(piece)) return
    this.download = null
    try {
      download.finish()
    } catch (error) {
      core.logger.warn('the snapshot from the leader is damaged; it is asked for anew', error)
      this.backOff()
      return
    }
    this.target.restartAtSnapshot()
  }

  private dropDownload(): void {
    this.download?.abandon()
    this.download = null
  }

  /** The next request waits; the leader's turn and the others' alternate while nobody helps. */
  backOff(): void {
    this.fetched = null
    this.failures++
    this.state = 'backing-off'
    this.timer?.cancel()
    const delayMs = backoffMs(this.failures, this.core.state.timeouts.retryBackoffMs)
    this.timer = this.core.clock.setTimer(
      delayMs,
      () => {
        this.timer = null
        this.state = 'idle'
        this.run()
      },
      { background: true },
    )
  }

  private nextAddress(): PeerAddress | null {
    const { state, listenerName } = this.core
    const leader = state.role.kind === 'follower' ? addressOf(state.leaderEndpoints, listenerName) : null
    if (leader !== null && !this.avoidLeader) return leader
    this.avoidLeader = false
    const others = this.candidates().filter((address) => leader === null || !sameAddress(address, leader))
    return others.length === 0 ? leader : others[this.nextCandidate++ % others.length]!
  }

  /** Whoever may know the leader: bootstrap servers and voters, but not ourselves. */
  private candidates(): PeerAddress[] {
    const { bootstrapServers, state, listenerName } = this.core
    const found: PeerAddress[] = []
    const own = state.local.endpoints
    const voters = [...state.quorum.voters.values()].filter(({ id }) => id !== state.local.id)
    for (const address of [...bootstrapServers, ...voters.map(({ endpoints }) => addressOf(endpoints, listenerName))]) {
      if (address === null || found.some((known) => sameAddress(known, address))) continue
      if (!own.some((endpoint) => sameAddress(endpoint, address))) found.push(address)
    }
    return found
  }

  private async ask(address: PeerAddress): Promise<void> {
    const { generation } = this
    this.state = 'waiting'
    this.asked = address
    try {
      const answer = await (this.download === null
        ? this.sendFetch(address)
        : this.sendFetchSnapshot(address, this.download))
      if (generation === this.generation && !this.core.closed) this.answered(address, answer)
    } catch (error) {
      if (generation === this.generation && !this.core.closed) this.failed(address, error)
    }
  }

  private failed(address: PeerAddress, error: unknown): void {
    const { core } = this
    this.asked = null
    const leader = core.state.role.kind === 'follower' ? addressOf(core.state.leaderEndpoints, core.listenerName) : null
    this.avoidLeader = leader !== null && sameAddress(leader, address)
    const reason = error instanceof Error ? error.message : String(error)
    this.complain(`metadata fetch from ${address.host}:${address.port} failed: ${reason}`)
  }

  /** Once at the level of news, then for whoever looks closely. */
  private complain(message: string): void {
    this.core.logger[this.failures === 0 ? 'info' : 'debug'](message)
    this.backOff()
  }

  private answered(address: PeerAddress, { error, hint, fetched }: Answer): void {
    const { core } = this
    this.asked = null
    this.state = 'idle'
    const objection = this.stranger.objection(address, error, hint)
    if (objection !== null) {
      const { why, final } = objection
      if (final) this.target.fatal(why)
      else this.complain(why.message)
      return
    }
    this.fetched = fetched
    core.input({ type: 'fetch-answer', error, hint, content: contentOf(fetched) })
    this.fetched = null
    this.run()
  }

  private async sendFetch(address: PeerAddress): Promise<Answer> {
    const { core } = this
    const { state, log } = core
    const partition = {
      partition: 0,
      currentLeaderEpoch: state.epoch,
      fetchOffset: BigInt(log.logEndOffset),
      lastFetchedEpoch: lastEpoch(core.logView),
      partitionMaxBytes: state.timeouts.fetchMaxBytes,
      replicaDirectoryId: state.local.directoryId,
      highWatermark: BigInt(state.highWatermark),
    }
    const request = {
      clusterId: core.clusterId,
      replicaState: { replicaId: state.local.id },
      maxWaitMs: MAX_WAIT_MS,
      minBytes: 0,
      maxBytes: state.timeouts.fetchMaxBytes,
      topics: [{ topicId: METADATA_TOPIC_ID, partitions: [partition] }],
    }
    const channel = this.channels.to(address, 'fetch')
    return readFetch(core, await channel.send(fetch, FETCH_VERSION, request, state.timeouts.requestTimeoutMs))
  }

  private async sendFetchSnapshot(address: PeerAddress, { id, position }: SnapshotDownload): Promise<Answer> {
    const { core } = this
    const { state } = core
    const partition = {
      partition: 0,
      currentLeaderEpoch: state.epoch,
      snapshotId: { endOffset: BigInt(id.endOffset), epoch: id.epoch },
      position: BigInt(position),
      replicaDirectoryId: state.local.directoryId,
    }
    const request = {
      clusterId: core.clusterId,
      replicaId: state.local.id,
      maxBytes: state.timeouts.fetchSnapshotMaxBytes,
      topics: [{ name: METADATA_TOPIC, partitions: [partition] }],
    }
    const channel = this.channels.to(address, 'fetch')
    const { requestTimeoutMs } = state.timeouts
    return readFetchSnapshot(core, await channel.send(fetchSnapshot, FETCH_SNAPSHOT_VERSION, request, requestTimeoutMs))
  }
}

interface Answer {
  readonly error: ReturnType<typeof errorName>
  readonly hint: ReturnType<typeof hintOf>
  readonly fetched: Fetched
}

const NOTHING: Fetched = { type: 'other', content: { type: 'none' } }
/** An answer without the partition says nothing about a leader. */
const NO_HINT = { leaderId: -1, leaderEpoch: -1 }

function contentOf(fetched: Fetched): FetchContent {
  if (fetched.type === 'other') return fetched.content
  return fetched.type === 'records' ? { type: 'records' } : { type: 'snapshot-part' }
}

function useless(core: RaftCore, errorCode: number): Answer {
  const error = errorCode === ErrorCode.NONE ? 'INVALID_REQUEST' : errorName(errorCode)
  // The present epoch, so that the answer counts as one that is of no use, not as one from the past.
  return { error, hint: hintOf(core, { ...NO_HINT, leaderEpoch: core.state.epoch }, []), fetched: NOTHING }
}

function readFetch(core: RaftCore, answer: FetchResponse): Answer {
  const [topic] = answer.responses
  const partition = topic?.topicId === METADATA_TOPIC_ID ? topic.partitions[0] : undefined
  if (answer.errorCode !== ErrorCode.NONE || partition?.partitionIndex !== 0) return useless(core, answer.errorCode)
  const { divergingEpoch, snapshotId, highWatermark, records } = partition
  const hint = hintOf(core, partition.currentLeader, answer.nodeEndpoints)
  const error = errorName(partition.errorCode)
  if (error !== 'NONE') return { error, hint, fetched: NOTHING }
  if (divergingEpoch.epoch >= 0) {
    const { epoch, endOffset } = divergingEpoch
    return {
      error,
      hint,
      fetched: { type: 'other', content: { type: 'diverging', epoch, endOffset: Number(endOffset) } },
    }
  }
  if (snapshotId.epoch >= 0 || snapshotId.endOffset >= 0n) {
    const id = { endOffset: Number(snapshotId.endOffset), epoch: snapshotId.epoch }
    const isWhole = id.epoch >= 0 && id.endOffset >= 0
    return { error, hint, fetched: isWhole ? { type: 'other', content: { type: 'snapshot', id } } : NOTHING }
  }
  const fetched: Fetched = {
    type: 'records',
    records: records ?? Buffer.alloc(0),
    highWatermark: Number(highWatermark),
  }
  return { error, hint, fetched }
}

function readFetchSnapshot(core: RaftCore, answer: FetchSnapshotResponse): Answer {
  const [topic] = answer.topics
  const partition = topic?.name === METADATA_TOPIC ? topic.partitions[0] : undefined
  if (answer.errorCode !== ErrorCode.NONE || partition?.index !== 0) return useless(core, answer.errorCode)
  const hint = hintOf(core, partition.currentLeader, answer.nodeEndpoints)
  const error = errorName(partition.errorCode)
  const { snapshotId, size, position, unalignedRecords } = partition
  const id = { endOffset: Number(snapshotId.endOffset), epoch: snapshotId.epoch }
  // The leader may delete a snapshot while it is being loaded: then it is asked anew where to begin.
  const isGone = error === 'SNAPSHOT_NOT_FOUND' || (error === 'NONE' && (id.endOffset < 0 || id.epoch < 0))
  if (isGone) return { error: 'NONE', hint, fetched: { type: 'other', content: { type: 'snapshot-gone' } } }
  if (error !== 'NONE') return { error, hint, fetched: NOTHING }
  const piece = { id, sizeInBytes: Number(size), position: Number(position), bytes: unalignedRecords }
  return { error, hint, fetched: { type: 'piece', piece } }
}
