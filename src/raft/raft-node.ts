/**
 * Drives the quorum's algorithm (`step.ts`) with a real log, files, timers and network. Owner of the raft state, of the
 * timers, and of the order in which effects are done: one input and all that comes of it before the next.
 *
 * A batch counts as replicated here once it has been flushed: nothing is acknowledged that a power failure could take
 * back. Appends made in one turn of the event loop share one flush.
 */
import type { Timer } from '../base/clock.ts'
import { KtError } from '../base/errors.ts'
import { type ErrorName, KafkaError } from '../protocol/error-codes.ts'
import type { PeerAddress } from '../protocol/peers.ts'
import type { Api, RequestOf, ResponseInput } from '../protocol/schema.ts'
import {
  type ControlRecord,
  type ControlRecordInput,
  controlBatch,
  dataBatch,
  leaderChangeRecord,
  quorumRecords,
  votersControlRecord,
} from './control-batches.ts'
import type { RaftCore } from './core.ts'
import { FetchRequests, type RequestContext } from './fetch-requests.ts'
import { Fetcher } from './fetcher.ts'
import { FlushTimer } from './flush-timer.ts'
import { planKraftUpgrade } from './kraft-upgrade.ts'
import { LocalLog } from './local-log.ts'
import { PeerChannels } from './peer-channels.ts'
import { PeerRequests } from './peer-requests.ts'
import { PendingAppends } from './pending-appends.ts'
import { writeQuorumState } from './quorum-state-file.ts'
import type { Appended, RaftOptions } from './raft-options.ts'
import { firstState, makeCore } from './raft-setup.ts'
import type { MetadataRetention } from './retention.ts'
import { answerRequest, SERVED_APIS } from './served-requests.ts'
import {
  type QuorumConfiguration,
  type RaftEffect,
  type RaftInput,
  type RaftState,
  type TimerName,
  visibleLeader,
} from './state.ts'
import { step } from './step.ts'
import type { RaftListener } from './types.ts'
import { VoterRequests } from './voter-requests.ts'
import { addressOf, type VoterSet } from './voters.ts'

export type { RequestContext } from './fetch-requests.ts'
export type { Appended, RaftOptions } from './raft-options.ts'

/** Largest batch of the metadata log; Kafka's internal.metadata.max.batch.size.in.bytes. */
export const MAX_BATCH_BYTES = 8 * 1024 * 1024
/** A leader that stops waits so long for another to be elected: most elections take a few milliseconds. */
const FAREWELL_MS = 100

type Effect<T extends RaftEffect['type']> = Extract<RaftEffect, { type: T }>

export class RaftNode {
  /** What `handle` answers. */
  readonly servedApis: readonly Api[] = SERVED_APIS
  private readonly options: RaftOptions
  private readonly local: LocalLog
  private readonly core: RaftCore
  private readonly channels: PeerChannels | null
  private readonly peers: PeerRequests | null
  private readonly fetcher: Fetcher | null
  private readonly fetches: FetchRequests
  private readonly voterRequests: VoterRequests
  private readonly pending = new PendingAppends()
  private readonly flushTimer: FlushTimer
  private readonly timers = new Map<TimerName, Timer>()
  private state: RaftState
  /** Steps under way: an effect may bring the next input. */
  private depth = 0
  private reply: { error: ErrorName; granted: boolean } | null = null
  /** End of what somebody waits for; the rest is told to followers when they ask anyway. */
  private urgentEnd = 0
  private toldHighWatermark = -1
  private wakesVoters = false
  private closing: Promise<void> | null = null
  private farewell: (() => void) | null = null
  private closed = false

  /** Reads quorum state, snapshot and log; nothing is sent before `start`. */
  constructor(options: RaftOptions) {
    this.options = options
    const { log, files, logger, voters, clock } = options
    this.local = new LocalLog({ log, files, logger, voters, onFailure: (error) => this.fatal(error) })
    this.state = firstState(options, this.local)
    this.core = makeCore(options, this.local, {
      state: () => this.state,
      closed: () => this.closed,
      input: (input) => this.input(input),
      ask: (input) => this.ask(input),
    })
    this.flushTimer = new FlushTimer(clock, () => this.flush())
    const network = options.network ?? null
    this.channels = network === null ? null : new PeerChannels(network, `raft-client-${options.localId}`)
    this.peers = this.channels === null ? null : new PeerRequests(this.core, this.channels)
    this.fetcher = this.channels === null ? null : new Fetcher(this.core, this.channels, this)
    this.fetches = new FetchRequests(this.core)
    this.voterRequests = new VoterRequests(this.core, this.channels)
  }

  get localId(): number {
    return this.state.local.id
  }
  get epoch(): number {
    return this.state.epoch
  }
  get leaderId(): number | null {
    return visibleLeader(this.state)
  }
  get isLeader(): boolean {
    return this.state.role.kind === 'leader'
  }
  /** -1 while it is not known. */
  get highWatermark(): number {
    return this.state.highWatermark
  }
  /** Offset the next record will get. */
  get logEndOffset(): number {
    return this.state.logEndOffset
  }
  /** The newest voters in the log, committed or not. */
  get voters(): VoterSet {
    return this.state.quorum.voters
  }
  /** Finalized kraft.version. */
  get kraftVersion(): number {
    return this.state.quorum.kraftVersion
  }

  /** Voters and kraft.version as the records below `endOffset` have them: what a snapshot there has to say. */
  quorumAt(endOffset: number): QuorumConfiguration {
    return this.local.history.at(endOffset)
  }

  /** Where the leader is reached; null while nobody leads or it is not known where. */
  leaderAddress(): PeerAddress | null {
    return visibleLeader(this.state) === null ? null : addressOf(this.state.leaderEndpoints, this.core.listenerName)
  }

  /** Serves `listeners` from the newest snapshot on, in this order, and takes part in elections. */
  start(...listeners: readonly RaftListener[]): void {
    this.local.start(listeners)
    this.input({ type: 'start' })
  }

  /**
   * Appends one batch and returns at once. Without `urgent` it is flushed with the next batch that is, or some seconds
   * later. Throws `KafkaError`: NOT_CONTROLLER when we do not lead, KAFKA_STORAGE_ERROR when the disk refuses,
   * RECORD_LIST_TOO_LARGE beyond `MAX_BATCH_BYTES`.
   */
  append(values: readonly Buffer[], options: { urgent?: boolean } = {}): Appended {
    if (this.closing !== null || !this.isLeader) throw new KafkaError('NOT_CONTROLLER')
    this.pending.checkRoom()
    const timestampMs = this.options.clock.now()
    const batch = dataBatch(values, { baseOffset: 0, epoch: this.state.epoch, timestampMs })
    if (batch.length > MAX_BATCH_BYTES) throw new KafkaError('RECORD_LIST_TOO_LARGE')
    const { firstOffset, lastOffset } = this.appendBatch(batch, { values, control: [] }, timestampMs)
    const committed = this.pending.add(lastOffset)
    this.announce(lastOffset, options.urgent ?? true)
    return { firstOffset, lastOffset, committed }
  }

  /**
   * Appends the new level of kraft.version and, with it, the voters; or only checks that it could. Throws `KafkaError`:
   * NOT_CONTROLLER, INVALID_UPDATE_VERSION, KAFKA_STORAGE_ERROR.
   */
  upgradeKraftVersion(epoch: number, level: number, validateOnly: boolean): void {
    if (this.closing !== null) throw new KafkaError('NOT_CONTROLLER')
    const upgrade = planKraftUpgrade(this.state, epoch, level)
    if (upgrade === null || validateOnly) return
    const { records, control } = quorumRecords(upgrade.kraftVersion, upgrade.voters)
    this.announce(this.appendControl(records, control).lastOffset, true)
  }

  /**
   * Deletes snapshots beyond the retention limits and the segments only they needed. Called after a snapshot was written.
   */
  clean(retention: MetadataRetention): void {
    this.local.clean(retention, this.options.clock.now())
  }

  /** Answers a request of `servedApis`; `request` is valid in `version`. Throws UNSUPPORTED_VERSION for any other. */
  handle<A extends Api>(
    api: A,
    version: number,
    request: RequestOf<A>,
    context: RequestContext,
  ): ResponseInput<A> | Promise<ResponseInput<A>> {
    const { core, fetches, voterRequests } = this
    const parts = { core, fetches, voterRequests }
    return answerRequest(parts, api.key, version, request, context) as ResponseInput<A> | Promise<ResponseInput<A>>
  }

  /**
   * Gives up leadership and flushes; waiting appends fail, though their records may prove committed after a restart. All
   * of it is done when this returns, but that a leader waits up to 100 ms for the election of another, so that it can vote.
   */
  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private async shutDown(): Promise<void> {
    if (!this.options.log.failed) this.flush()
    this.flushTimer.cancel()
    this.closing = Promise.resolve()
    this.input({ type: 'stop' })
    this.pending.fail(new KafkaError('NOT_CONTROLLER'))
    const { role } = this.state
    if (role.kind === 'resigned' && role.unacknowledged.size > 0 && this.peers !== null) await this.sayFarewell()
    if (this.closed) return
    this.end()
    this.fetcher?.abandon()
    this.fetches.changed()
  }

  /** Stops as a crash does: nobody is told, nothing is written, what waits stays unanswered. */
  abandon(): void {
    this.closing ??= Promise.resolve()
    this.end()
    this.farewell?.()
    this.flushTimer.cancel()
    this.fetches.drop()
    this.fetcher?.stop()
    this.pending.fail(new KafkaError('NOT_CONTROLLER'))
  }

  private end(): void {
    this.closed = true
    for (const timer of this.timers.values()) timer.cancel()
    this.timers.clear()
    this.channels?.closeAll()
  }

  private sayFarewell(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.options.clock.setTimer(FAREWELL_MS, resolve)
      this.farewell = () => {
        timer.cancel()
        resolve()
      }
    })
  }

  private appendBatch(
    batch: Buffer,
    content: { readonly values: readonly Buffer[]; readonly control: readonly ControlRecord[] },
    timestampMs: number,
  ): { firstOffset: number; lastOffset: number } {
    const appended = this.local.append(batch, content, { epoch: this.state.epoch, timestampMs })
    this.input(this.local.change)
    return appended
  }

  /** Sees to it that a batch gets to the disk and to the others. */
  private announce(lastOffset: number, urgent: boolean): void {
    this.flushTimer.schedule(urgent)
    if (!urgent) return
    this.urgentEnd = lastOffset + 1
    if (this.wakesVoters || this.state.quorum.voters.size === 1) return
    this.wakesVoters = true
    // Once for all appends of this turn, and before our own disk has them: the others write at the same time.
    queueMicrotask(() => {
      this.wakesVoters = false
      this.fetches.appended()
    })
  }

  /** One fsync for everything appended so far, then the commits it makes possible. */
  private flush(): void {
    if (this.closed) return
    const endOffset = this.state.logEndOffset
    if (this.flushLog()) this.input({ type: 'flushed', endOffset })
  }

  private flushLog(): boolean {
    try {
      this.options.log.flush()
      return true
    } catch (error) {
      this.pending.fail(new KafkaError('KAFKA_STORAGE_ERROR'))
      this.fatal(error)
      return false
    }
  }

  private input(input: RaftInput): void {
    if (this.closed) return
    const result = step(this.state, input)
    this.state = result.state
    this.depth++
    try {
      for (const effect of result.effects) {
        // The log failed over an effect before: nothing that was to follow it may be done.
        if (this.closed) break
        this.perform(effect)
      }
    } catch (error) {
      this.fatal(error)
    } finally {
      this.depth--
    }
    if (this.depth > 0) return
    if (this.farewell !== null && this.state.role.kind === 'follower') this.farewell()
    if (this.closing === null) this.fetcher?.run()
  }

  private ask(input: RaftInput): { error: ErrorName; granted: boolean } {
    this.reply = null
    this.input(input)
    return this.reply ?? { error: 'UNKNOWN_SERVER_ERROR', granted: false }
  }

  private perform(effect: RaftEffect): void {
    switch (effect.type) {
      case 'write-quorum-state':
        writeQuorumState(this.options.files, this.options.log.directory, effect.state, this.state.quorum)
        break
      case 'send':
        this.peers?.send(effect.to, effect.message)
        break
      case 'reply':
        this.reply = { error: effect.error, granted: effect.granted }
        break
      case 'set-timer':
        this.setTimer(effect)
        break
      case 'cancel-timer':
        this.cancelTimer(effect.timer)
        break
      case 'append-leader-change':
        this.appendLeaderChange(effect)
        break
      case 'append-voters':
        this.appendVoters(effect)
        break
      case 'advance-high-watermark':
        this.advance(effect.offset)
        break
      case 'leader-changed':
        this.leaderChanged(effect)
        break
      case 'leadership-lost':
        this.leadershipLost()
        break
      case 'abandon-fetch':
        this.fetcher?.abandon()
        break
      case 'take-fetched':
        this.fetcher?.take()
        break
      case 'back-off-fetch':
        this.fetcher?.backOff()
        break
      case 'probe-voter':
        this.voterRequests.probe(effect.requestId, effect.voter)
        break
      case 'answer-voter-change':
        this.voterRequests.answer(effect.requestId, effect)
        break
      case 'update-membership':
        this.voterRequests.updateMembership(effect.action)
        break
      case 'warn':
        this.options.logger.warn(effect.message)
    }
  }

  private setTimer({ timer, delayMs, jitterMs }: Effect<'set-timer'>): void {
    this.cancelTimer(timer)
    const { clock } = this.options
    const run = (): void => {
      this.timers.delete(timer)
      this.input({ type: 'timeout', timer, nowMs: clock.now() })
    }
    const delay = delayMs + Math.floor(this.core.random.next() * jitterMs)
    this.timers.set(timer, clock.setTimer(delay, run, { background: true }))
  }

  private cancelTimer(timer: TimerName): void {
    this.timers.get(timer)?.cancel()
    this.timers.delete(timer)
  }

  /** The first batch of an epoch; with the first one of all, the voters move from the bootstrap snapshot to the log. */
  private appendLeaderChange({ granting, voters }: Effect<'append-leader-change'>): void {
    const { local, quorum } = this.state
    const records: ControlRecordInput[] = [leaderChangeRecord(local.id, quorum.voters, granting)]
    const control: ControlRecord[] = [{ type: 'leader-change', leaderId: local.id }]
    if (voters !== null) {
      const more = quorumRecords(quorum.kraftVersion, voters)
      records.push(...more.records)
      control.push(...more.control)
    }
    this.urgentEnd = this.appendControl(records, control).lastOffset + 1
    this.flush()
  }

  private appendVoters({ requestId, voters }: Effect<'append-voters'>): void {
    const { lastOffset } = this.appendControl([votersControlRecord(voters)], [{ type: 'voters', voters }])
    this.input({ type: 'voters-appended', requestId, offset: lastOffset })
    this.announce(lastOffset, true)
  }

  private appendControl(records: readonly ControlRecordInput[], control: readonly ControlRecord[]) {
    const timestampMs = this.options.clock.now()
    const batch = controlBatch(records, { baseOffset: 0, epoch: this.state.epoch, timestampMs })
    return this.appendBatch(batch, { values: [], control }, timestampMs)
  }

  private advance(highWatermark: number): void {
    this.options.log.updateHighWatermark(highWatermark)
    this.local.delivery.deliver(highWatermark)
    this.pending.committed(highWatermark)
    if (!this.isLeader || this.urgentEnd <= this.toldHighWatermark) return
    this.toldHighWatermark = highWatermark
    this.fetches.changed()
  }

  private leaderChanged({ leaderId, epoch }: Effect<'leader-changed'>): void {
    const { role } = this.state
    this.local.delivery.leaderChanged({ leaderId, epoch }, role.kind === 'leader' ? role.epochStartOffset : -1)
  }

  private leadershipLost(): void {
    this.flushTimer.cancel()
    this.local.delivery.forgetOwn()
    this.pending.fail(new KafkaError('NOT_CONTROLLER'))
    this.fetches.changed()
  }

  /** A fetch tells the leader that everything before it is on our disk; of an observer nobody counts on that. */
  beforeFetch(): boolean {
    return !this.state.local.canVote || this.flushLog()
  }

  /** Records of the leader; false when they are of no use. */
  appendFetched(records: Buffer): boolean {
    try {
      if (!this.local.appendFetched(records, this.state.epoch)) return false
    } catch (error) {
      this.fatal(error)
      return false
    }
    this.input(this.local.change)
    return true
  }

  /** The leader's log parts from ours. */
  truncateToDiverging(epoch: number, endOffset: number): void {
    const offset = this.local.truncationOffset(epoch, endOffset)
    if (offset < this.state.highWatermark) {
      const { leaderId, highWatermark } = this.state
      this.fatal(new Error(`leader ${leaderId} asks to truncate to ${offset}, but ${highWatermark} is committed`))
      return
    }
    this.options.logger.info(`truncating the metadata log to ${offset}, as leader ${this.state.leaderId} has it`)
    this.local.truncateTo(offset)
    this.input(this.local.change)
  }

  /** A snapshot of the leader is on disk. */
  restartAtSnapshot(): void {
    const { highWatermark } = this.state
    this.local.restartAtSnapshot()
    const { logEndOffset } = this.options.log
    if (logEndOffset < highWatermark) {
      this.fatal(new Error(`the leader's snapshot ends at ${logEndOffset}, but ${highWatermark} is committed`))
      return
    }
    this.input(this.local.change)
    this.input({ type: 'leader-high-watermark', offset: logEndOffset })
  }

  /** What is in memory may be more than the disk has: this replica votes, leads and acknowledges no more. */
  fatal(error: unknown): void {
    if (this.closed) return
    // What a person may see is said by whoever ends the node.
    if (!(error instanceof KtError)) this.options.logger.error('the metadata log of this node has failed', error)
    this.abandon()
    this.options.onFatal(error)
  }
}
