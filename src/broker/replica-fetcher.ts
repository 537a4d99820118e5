/**
 * Fetches everything this broker follows of one leader (KAFKA `AbstractFetcherThread`, `ReplicaFetcherThread`): one request
 * in flight, its answer appended and the next request sent within the same turn, so that an acknowledged write costs two
 * messages and no waiting. Owner of the fetch states.
 *
 * The main lane lies with the leader for up to `replica.fetch.wait.max.ms`. What is added meanwhile would wait as long, so
 * a second lane asks for that, outside of any session, until the main lane takes it along.
 */
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { ErrorCode, errorName, KafkaError } from '../protocol/error-codes.ts'
import { type FetchResponse, fetch } from '../protocol/messages/01-fetch.ts'
import type { PeerAddress, PeerChannel, PeerNetwork } from '../protocol/peers.ts'
import { FollowerFetchState, fetchKey, truncationOffset } from './follower-fetch.ts'
import { FollowerSession, type SessionRequest, sessionlessRequest } from './follower-session.ts'
import { type LeaderLog, leaderLogs } from './leader-offsets.ts'
import type { Partition } from './partition.ts'
import { Pauses } from './pauses.ts'
import type { ReplicationQuota } from './replication-quota.ts'

/** `replica.fetch.*` and what stands around them. */
export interface ReplicaFetchSettings {
  readonly waitMaxMs: number
  readonly minBytes: number
  /** Per partition. */
  readonly maxBytes: number
  readonly responseMaxBytes: number
  readonly backoffMs: number
  /** `replica.socket.timeout.ms` */
  readonly socketTimeoutMs: number
}

export interface ReplicaFetcherOptions {
  readonly nodeId: number
  readonly leaderId: number
  readonly fetcherId: number
  readonly address: PeerAddress
  readonly peers: PeerNetwork
  readonly settings: ReplicaFetchSettings
  readonly brokerEpoch: () => number
  /** What throttled replicas may fetch; left out: no limit. */
  readonly quota?: ReplicationQuota
  readonly clock: Clock
  readonly logger: Logger
}

const FETCH_VERSION = 18

/** First pause after an error; it doubles up to `replica.fetch.backoff.ms`. A leader learns of its role within this. */
const FIRST_PAUSE_MS = 20

/** How long the second lane waits with the leader: what is added meanwhile waits no longer than this. */
const JOINING_WAIT_MS = 50

/** Log start offsets move without a fetch, too (retention): this often all of them are looked at. */
const SWEEP_INTERVAL_MS = 10_000

type PartitionData = FetchResponse['responses'][number]['partitions'][number]

const NO_RECORDS = Buffer.alloc(0)

/** The leader is not ready yet, or not the leader any more: the metadata or a little patience puts it right. */
const TRANSIENT: ReadonlySet<number> = new Set([
  ErrorCode.UNKNOWN_LEADER_EPOCH,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_TOPIC_ID,
  ErrorCode.INCONSISTENT_TOPIC_ID,
])

export class ReplicaFetcher {
  private readonly options: ReplicaFetcherOptions
  private readonly states = new Map<string, FollowerFetchState>()
  /** Those the session has to be told of. */
  private readonly changed = new Set<FollowerFetchState>()
  /** Those the second lane asks for. */
  private readonly joining = new Set<FollowerFetchState>()
  private readonly session: FollowerSession
  private readonly pauses: Pauses
  private address: PeerAddress
  private channel: PeerChannel
  private joiningChannel: PeerChannel | null = null
  private isMainInFlight = false
  private isJoiningRunning = false
  private wake: (() => void) | null = null
  private failures = 0
  private sweptMs: number
  private closed = false

  constructor(options: ReplicaFetcherOptions) {
    this.options = options
    this.session = new FollowerSession(options.settings.maxBytes)
    this.pauses = new Pauses(options.clock)
    this.sweptMs = options.clock.monotonic()
    this.address = options.address
    this.channel = this.open()
    void this.run()
  }

  private open(): PeerChannel {
    const { peers, nodeId, fetcherId } = this.options
    return peers.open(this.address, `broker-${nodeId}-fetcher-${fetcherId}`)
  }

  get size(): number {
    return this.states.size
  }

  /** Fetches from where the partition's log ends, under the leader epoch it has now. */
  add(partition: Partition): void {
    this.remove(partition)
    const state = new FollowerFetchState(partition)
    this.states.set(state.key, state)
    this.resume(state)
  }

  remove(partition: Partition): void {
    const key = fetchKey(partition.topicId, partition.index)
    const state = this.states.get(key)
    if (state === undefined) return
    this.states.delete(key)
    this.changed.delete(state)
    this.joining.delete(state)
    this.session.forget(state)
  }

  /** The leader listens elsewhere now. */
  moveTo(address: PeerAddress): void {
    if (address.host === this.address.host && address.port === this.address.port) return
    this.address = address
    this.channel.close()
    this.joiningChannel?.close()
    this.joiningChannel = null
    this.channel = this.open()
  }

  close(): void {
    this.closed = true
    this.states.clear()
    this.changed.clear()
    this.joining.clear()
    this.pauses.close()
    this.channel.close()
    this.joiningChannel?.close()
    this.wake?.()
  }

  private resume(state: FollowerFetchState): void {
    state.isPaused = false
    this.changed.add(state)
    if (this.isMainInFlight) {
      this.joining.add(state)
      if (!this.isJoiningRunning) void this.runJoining()
    }
    this.wake?.()
  }

  // Lanes

  private async run(): Promise<void> {
    // Everything that is added in one go belongs into the first request.
    await null
    while (!this.closed) {
      const request = this.nextRequest()
      if (request === null) await this.untilWoken()
      else await this.round(request)
    }
  }

  private untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = null
        // Others may follow within this turn.
        queueMicrotask(resolve)
      }
    })
  }

  /** Null while there is nobody to fetch for. */
  private nextRequest(): SessionRequest | null {
    this.sweep()
    const { session } = this
    const wanted = [...(session.isFull ? this.states.values() : this.changed)].filter((state) => !state.isPaused)
    if (wanted.length === 0 && !this.hasReady()) return null
    this.changed.clear()
    this.joining.clear()
    return session.next(wanted)
  }

  private hasReady(): boolean {
    for (const { isPaused } of this.states.values()) if (!isPaused) return true
    return false
  }

  private sweep(): void {
    const nowMs = this.options.clock.monotonic()
    if (nowMs - this.sweptMs < SWEEP_INTERVAL_MS) return
    this.sweptMs = nowMs
    for (const state of this.states.values()) if (!state.isPaused && state.hasChanged) this.changed.add(state)
  }

  private async round(request: SessionRequest): Promise<void> {
    const { channel } = this
    this.isMainInFlight = true
    try {
      const response = await this.send(channel, request, this.options.settings.waitMaxMs)
      this.isMainInFlight = false
      if (this.closed) return
      const answer = this.session.onResponse(response)
      if (answer === 'refused') throw new KafkaError(errorName(response.errorCode))
      this.failures = 0
      if (answer === 'accepted') await this.onResponse(channel, response, (state) => state.sent?.version)
    } catch (error) {
      this.isMainInFlight = false
      this.session.onError()
      await this.onRoundFailed(error)
    }
  }

  private send(channel: PeerChannel, request: SessionRequest, maxWaitMs: number): Promise<FetchResponse> {
    const { settings, nodeId, brokerEpoch } = this.options
    const body = {
      ...request,
      replicaState: { replicaId: nodeId, replicaEpoch: BigInt(brokerEpoch()) },
      maxWaitMs,
      minBytes: settings.minBytes,
      maxBytes: settings.responseMaxBytes,
      isolationLevel: 0,
    }
    return channel.send(fetch, FETCH_VERSION, body, settings.socketTimeoutMs)
  }

  private async onRoundFailed(error: unknown): Promise<void> {
    if (this.closed) return
    const { logger, leaderId } = this.options
    if (this.failures === 0) logger.warn(`Error in fetch from leader ${leaderId}: ${error}`)
    else logger.debug(`Error in fetch from leader ${leaderId}: ${error}`)
    await this.pauses.sleep(this.pauseMs(this.failures++))
  }

  private pauseMs(failures: number): number {
    return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 16), this.options.settings.backoffMs)
  }

  private async runJoining(): Promise<void> {
    this.isJoiningRunning = true
    await null
    while (!this.closed) {
      const states = [...this.joining].filter((state) => !state.isPaused)
      if (states.length === 0) break
      await this.joiningRound(states)
    }
    this.isJoiningRunning = false
  }

  private async joiningRound(states: readonly FollowerFetchState[]): Promise<void> {
    this.joiningChannel ??= this.open()
    const channel = this.joiningChannel
    const asked = new Map(states.map((state) => [state, state.version]))
    try {
      const request = sessionlessRequest(states, this.options.settings.maxBytes)
      const response = await this.send(channel, request, JOINING_WAIT_MS)
      if (response.errorCode !== ErrorCode.NONE) throw new KafkaError(errorName(response.errorCode))
      if (!this.closed) await this.onResponse(channel, response, (state) => asked.get(state))
    } catch (error) {
      // The main lane will meet the same trouble and deal with it.
      this.options.logger.debug(`Error in fetch from leader ${this.options.leaderId}: ${error}`)
      for (const state of states) this.joining.delete(state)
    }
  }

  // Answers

  /** `askedVersion`: what the log was like when the request this answers was made. */
  private async onResponse(
    channel: PeerChannel,
    response: FetchResponse,
    askedVersion: (state: FollowerFetchState) => number | undefined,
  ): Promise<void> {
    const outOfRange: FollowerFetchState[] = []
    const refused: FollowerFetchState[] = []
    const heldBack: FollowerFetchState[] = []
    for (const { topicId, partitions } of response.responses) {
      for (const data of partitions) {
        const state = this.states.get(fetchKey(topicId, data.partitionIndex))
        // Removed, added anew, cut or served by the other lane while this was under way.
        if (state === undefined || state.isPaused || askedVersion(state) !== state.version) continue
        if (data.errorCode === ErrorCode.OFFSET_OUT_OF_RANGE) outOfRange.push(state)
        else if (!this.onPartition(state, data)) refused.push(state)
        else if (this.isHeldBack(state)) heldBack.push(state)
        this.noteChange(state)
      }
    }
    if (refused.length > 0) this.pause(refused)
    if (heldBack.length > 0) this.hold(heldBack)
    if (outOfRange.length > 0) await this.onOutOfRange(channel, outOfRange)
  }

  /** Only what catches up: a replica in sync that waited would leave the ISR. */
  private isHeldBack({ partition, isBehind }: FollowerFetchState): boolean {
    const { quota } = this.options
    return isBehind && quota !== undefined && partition.isThrottled('follower') && quota.isExceeded
  }

  /** The rate of throttled replicas is used up: they are asked for again when it is not. */
  private hold(states: readonly FollowerFetchState[]): void {
    this.setAside(states, this.options.settings.backoffMs, (left) => {
      const held = left.filter((state) => this.isHeldBack(state))
      if (held.length > 0) this.hold(held)
      for (const state of left) if (!held.includes(state)) this.resume(state)
    })
  }

  private noteChange(state: FollowerFetchState): void {
    if (state.hasChanged && this.states.get(state.key) === state) this.changed.add(state)
  }

  /** False when it is to be tried again later. */
  private onPartition(state: FollowerFetchState, data: PartitionData): boolean {
    const { errorCode } = data
    if (errorCode === ErrorCode.NONE) return this.onData(state, data)
    const { logger, leaderId } = this.options
    const what = `Leader ${leaderId} answered ${errorName(errorCode)} for partition ${state.partition.name}`
    if (errorCode === ErrorCode.FENCED_LEADER_EPOCH) {
      logger.info(`${what}: its epoch is newer than ${state.leaderEpoch}, awaiting the metadata`)
      this.remove(state.partition)
      return true
    }
    if (TRANSIENT.has(errorCode)) logger.debug(what)
    else logger.error(`${what} at offset ${state.fetchOffset}`)
    return false
  }

  private onData(state: FollowerFetchState, data: PartitionData): boolean {
    try {
      if (data.divergingEpoch.epoch >= 0) this.truncate(state, data.divergingEpoch)
      else this.append(state, data)
      state.failures = 0
      return true
    } catch (error) {
      return this.onBroken(state, error)
    }
  }

  private append(state: FollowerFetchState, data: PartitionData): void {
    const { partition, leaderEpoch } = state
    const { highWatermark, logStartOffset } = data
    const records = data.records ?? NO_RECORDS
    const leader = { highWatermark: Number(highWatermark), logStartOffset: Number(logStartOffset) }
    partition.appendAsFollower(records, leaderEpoch, leader)
    if (records.length > 0) state.followLog()
    state.isBehind = leader.highWatermark > state.fetchOffset
    const { quota } = this.options
    if (quota !== undefined && partition.isThrottled('follower')) quota.record(records.length)
  }

  private truncate(state: FollowerFetchState, diverging: { readonly epoch: number; readonly endOffset: bigint }): void {
    const { partition } = state
    const leader = { leaderEpoch: diverging.epoch, endOffset: Number(diverging.endOffset) }
    const offset = truncationOffset(partition.log, leader)
    this.options.logger.info(
      `Truncating partition ${partition.name} to ${offset} due to leader epoch ${leader.leaderEpoch} ` +
        `and offset ${leader.endOffset} of leader ${this.options.leaderId}${lossText(offset, partition.log.logEndOffset)}`,
    )
    partition.truncateTo(offset)
    state.followLog()
  }

  /** Corrupt bytes may come right when they are sent again; everything else ends the following of this epoch. */
  private onBroken(state: FollowerFetchState, error: unknown): boolean {
    const { name } = state.partition
    const code = error instanceof KafkaError ? error.code : ErrorCode.UNKNOWN_SERVER_ERROR
    if (code === ErrorCode.CORRUPT_MESSAGE || code === ErrorCode.INVALID_RECORD) {
      this.options.logger.error(`Found invalid messages for partition ${name} at offset ${state.fetchOffset}`, error)
      return false
    }
    this.options.logger.error(`Partition ${name} marked as failed at offset ${state.fetchOffset}`, error)
    this.remove(state.partition)
    return true
  }

  private pause(states: readonly FollowerFetchState[]): void {
    let failures = 0
    for (const state of states) failures = Math.max(failures, state.failures++)
    this.setAside(states, this.pauseMs(failures), (left) => {
      for (const state of left) this.resume(state)
    })
  }

  /** Nobody fetches them for a while; `then` gets those that are still followed. */
  private setAside(
    states: readonly FollowerFetchState[],
    delayMs: number,
    then: (left: readonly FollowerFetchState[]) => void,
  ): void {
    for (const state of states) {
      state.isPaused = true
      this.changed.delete(state)
      this.joining.delete(state)
      this.session.forget(state)
    }
    this.pauses.start(delayMs, () => then(states.filter((state) => this.states.get(state.key) === state)))
  }

  /**
   * The log is older than the leader's, or (after an unclean election) longer: starts anew where the leader's starts, or
   * cuts what the leader does not have.
   */
  private async onOutOfRange(channel: PeerChannel, states: readonly FollowerFetchState[]): Promise<void> {
    const { nodeId, settings } = this.options
    let logs: ReadonlyMap<FollowerFetchState, LeaderLog>
    try {
      logs = await leaderLogs(channel, nodeId, states, settings.socketTimeoutMs)
    } catch (error) {
      this.options.logger.debug(`The offsets of leader ${this.options.leaderId} cannot be asked for: ${error}`)
      this.pause(states)
      return
    }
    const refused: FollowerFetchState[] = []
    for (const state of states) {
      if (this.states.get(state.key) !== state) continue
      const log = logs.get(state)
      if (log === undefined || log.errorCode !== ErrorCode.NONE || !this.resetTo(state, log)) refused.push(state)
      else this.noteChange(state)
    }
    if (refused.length > 0) this.pause(refused)
  }

  /** False when there is nothing to be done but to ask again later. */
  private resetTo(state: FollowerFetchState, leader: LeaderLog): boolean {
    const { partition, fetchOffset } = state
    const { logEndOffset } = partition.log
    const loss = lossText(leader.endOffset, logEndOffset)
    try {
      if (leader.endOffset < logEndOffset) partition.truncateTo(leader.endOffset)
      else if (leader.startOffset > logEndOffset) partition.truncateFullyAndStartAt(leader.startOffset)
      // Our place is there after all: asked at once, it would be refused again.
      else return false
      state.followLog()
      this.options.logger.info(
        `Current offset ${fetchOffset} for partition ${partition.name} is out of range, which typically implies a ` +
          `leader change. Reset fetch offset to ${state.fetchOffset}${loss}`,
      )
      state.failures++
      return true
    } catch (error) {
      return this.onBroken(state, error)
    }
  }
}

/** What a person asks of a truncation: how many records, from where. */
function lossText(offset: number, logEndOffset: number): string {
  const lost = logEndOffset - offset
  return lost <= 0
    ? ''
    : `: ${lost} record(s) from offset ${offset} on are not in the leader's log and are removed here`
}
