/**
 * The quorum controller (KIP-500): the one writer of cluster metadata. While this node leads the quorum it takes requests,
 * lets the subjects' `*-control` files compute records and an answer, appends the records, replays them on its own newest
 * image, and answers when they are committed.
 *
 * Requests are carried out one at a time because each is one synchronous step. The newest image runs ahead of the
 * committed one; when leadership is lost it is thrown away, and the next leader builds its own from the log.
 */
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Random } from '../base/random.ts'
import type { Timeline } from '../base/timeline.ts'
import type { NodeConfig } from '../metadata/config/node-config.ts'
import { applyRecords } from '../metadata/delta.ts'
import type { MetadataLoader } from '../metadata/loader.ts'
import { decodeMetadataRecord, encodeMetadataRecord } from '../metadata/record-serde.ts'
import type { MetadataImage } from '../metadata/types.ts'
import { KafkaError } from '../protocol/error-codes.ts'
import type { ControllerRegistrationRequest } from '../protocol/messages/70-controller-registration.ts'
import type { MetadataRecord, MetadataRecordInput } from '../protocol/metadata/index.ts'
import type { Api, RequestOf, ResponseInput } from '../protocol/schema.ts'
import type { LeaderAndEpoch, RaftListener } from '../raft/types.ts'
import { BrokerSessions } from './broker-sessions.ts'
import { fenceOneStaleBroker, type HeartbeatResult, registerController } from './cluster-control.ts'
import { enablesUncleanElection } from './configuration-control.ts'
import { balanceLeaders, type ElectionRun, electUncleanLeaders } from './elections.ts'
import { activationRecords } from './feature-control.ts'
import { FencingTimer } from './fencing-timer.ts'
import { type Operation, type OperationContext, operationFor } from './operations.ts'
import { PartitionIndex } from './partition-index.ts'
import { type PeriodicTask, PeriodicTasks } from './periodic-tasks.ts'
import { recordTexts } from './record-text.ts'
import type { ControllerChannel, ControllerRequestContext, ControllerResult } from './types.ts'
import { uncleanElectionText } from './unclean-elections.ts'
import { type ControllerView, MAX_RECORDS_PER_USER_OP } from './view.ts'

const BROKER_HEARTBEAT_KEY = 63
const MS_PER_SECOND = 1_000

/** What the controller needs of the quorum; a `RaftNode` has all of it. */
export interface ControllerRaft {
  readonly localId: number
  readonly logEndOffset: number
  readonly kraftVersion: number
  readonly voters: ReadonlyMap<number, unknown>
  /**
   * Throws `KafkaError` and appends nothing: NOT_CONTROLLER, KAFKA_STORAGE_ERROR. `committed` rejects when leadership is
   * lost before, with NOT_CONTROLLER.
   */
  append(
    values: readonly Buffer[],
    options?: { readonly urgent: boolean },
  ): { readonly firstOffset: number; readonly lastOffset: number; readonly committed: Promise<void> }
  /** Appends the new level of kraft.version (KIP-853), or only checks it. Throws `KafkaError`. */
  upgradeKraftVersion(epoch: number, level: number, validateOnly: boolean): void
}

export interface QuorumControllerOptions {
  readonly clusterId: string
  readonly config: NodeConfig
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Left out: nobody is told. */
  readonly timeline?: Timeline
  readonly raft: ControllerRaft
  /** Registered with raft before this controller, so that its image is complete when leadership comes. */
  readonly loader: MetadataLoader
  /** What the first active controller of a cluster writes. */
  readonly bootstrapRecords: readonly MetadataRecordInput[]
  /** This controller's own registration; null when it has no listener to tell of. */
  readonly registration: ControllerRegistrationRequest | null
  /**
   * Broker in this very process. Where the cluster has no other node it cannot be dead while we run, nor can an earlier
   * incarnation of it be alive.
   */
  readonly colocatedBrokerId: number | null
}

/** Everything that lives only while this node leads. */
interface Active {
  image: MetadataImage
  readonly partitions: PartitionIndex
  readonly epoch: number
  readonly sessions: BrokerSessions
  readonly fencing: FencingTimer
  /** Broker id -> offset of its registration in the log. */
  readonly registrationOffsets: Map<number, number>
  /** Commit of the newest record that changed something. */
  lastCommit: Promise<void>
}

export class QuorumController implements ControllerChannel, RaftListener {
  private readonly options: QuorumControllerOptions
  private active: Active | null = null
  private readonly periodic: PeriodicTasks
  private lastAppendMs = 0

  constructor(options: QuorumControllerOptions) {
    this.options = options
    this.periodic = new PeriodicTasks(this.periodicTasks(), options.clock, options.logger)
  }

  get isActive(): boolean {
    return this.active !== null
  }

  /**
   * Carries a request out and answers once its records are committed. Failures of single items, and of requests whose
   * answer has an error code of its own, are in the answer; otherwise rejects with `KafkaError`: NOT_CONTROLLER,
   * REQUEST_TIMED_OUT, UNSUPPORTED_VERSION, KAFKA_STORAGE_ERROR.
   */
  async send<A extends Api>(
    api: A,
    version: number,
    request: RequestOf<A>,
    context: ControllerRequestContext,
  ): Promise<ResponseInput<A>> {
    const operation = operationFor(api)
    if (operation === null) throw new KafkaError('UNSUPPORTED_VERSION', `The controller does not serve ${api.name}`)
    if (this.options.clock.monotonic() > context.deadlineMs) throw new KafkaError('REQUEST_TIMED_OUT')
    if (this.active === null) throw new KafkaError('NOT_CONTROLLER')
    try {
      return (await this.perform(operation, version, request)) as ResponseInput<A>
    } catch (error) {
      if (!(error instanceof KafkaError) || operation.failure === undefined) throw error
      return operation.failure(error, request as never, version) as ResponseInput<A>
    }
  }

  onSnapshot(): void {}
  onCommit(): void {}

  onLeaderChange({ leaderId, epoch }: LeaderAndEpoch): void {
    if (leaderId === this.options.raft.localId) this.activate(epoch)
    else this.deactivate()
  }

  close(): void {
    this.deactivate()
  }

  /** Takes over from the committed image: sessions start anew, then what the log still lacks is written. */
  private activate(epoch: number): void {
    const { clock, config, loader, logger } = this.options
    const { image } = loader
    this.deactivate()
    const sessions = new BrokerSessions(config.getInt('broker.session.timeout.ms'), () => clock.monotonic())
    const fencing = new FencingTimer(clock, sessions, () => this.fenceStaleBrokers())
    const partitions = new PartitionIndex(image)
    const registrationOffsets = new Map<number, number>()
    const lastCommit = Promise.resolve()
    this.active = { image, partitions, epoch, sessions, fencing, registrationOffsets, lastCommit }
    for (const broker of image.brokers.values()) {
      sessions.register(broker.id, broker.fenced)
      registrationOffsets.set(broker.id, image.offset)
      if (!broker.fenced && !this.isOnlyNode(broker.id)) sessions.contact(broker.id, broker.epoch)
    }
    logger.info(`becoming the active controller at epoch ${epoch}, metadata offset ${image.offset}`)
    this.writeActivationRecords()
    this.periodic.start()
    fencing.arm()
  }

  /** The broker of this process, in a cluster that has no other node. */
  private isOnlyNode(brokerId: number): boolean {
    const { colocatedBrokerId, raft } = this.options
    if (brokerId !== colocatedBrokerId || raft.voters.size > 1) return false
    return [...this.active!.image.brokers.keys()].every((id) => id === brokerId)
  }

  private writeActivationRecords(): void {
    const { config, loader, bootstrapRecords, registration } = this.options
    const open = loader.transactionStartOffset !== null
    const minIsr = config.getInt('min.insync.replicas')
    this.submit(activationRecords(this.active!.image, open, bootstrapRecords, minIsr), true)
    if (registration === null) return
    const known = this.active!.image.controllers.get(registration.controllerId)
    if (known?.incarnationId !== registration.incarnationId) this.submit(registerController(registration).records, true)
  }

  private deactivate(): void {
    if (this.active === null) return
    this.periodic.stop()
    this.active.fencing.cancel()
    this.options.logger.info(`no longer the active controller of epoch ${this.active.epoch}`)
    this.active = null
  }

  private view(active: Active): ControllerView {
    const { clusterId, config, random, raft } = this.options
    const { image, partitions, sessions } = active
    return {
      image,
      partitions,
      config,
      random,
      sessions,
      clusterId,
      nextWriteOffset: raft.logEndOffset,
      kraftVersion: raft.kraftVersion,
      voterIds: [...raft.voters.keys()],
    }
  }

  private async perform(operation: Operation, version: number, request: unknown): Promise<unknown> {
    const active = this.active!
    if (operation.key === BROKER_HEARTBEAT_KEY) this.noteContact(active, request)
    const context = this.operationContext(active)
    const result: ControllerResult<unknown> = operation.run(this.view(active), version, request as never, context)
    this.submit(result.records, result.atomic === true)
    if (enablesUncleanElection(result.records)) this.runElections(electUncleanLeaders)
    if ((result as HeartbeatResult).inControlledShutdown) {
      const { brokerId } = request as { brokerId: number }
      active.sessions.beginControlledShutdown(brokerId, this.options.raft.logEndOffset - 1)
    }
    // A result without records was read from the newest image: it must not be told before that is committed.
    await active.lastCommit
    return result.response
  }

  private operationContext({ registrationOffsets, epoch }: Active): OperationContext {
    const { raft } = this.options
    return {
      registrationOffsets,
      upgradeKraftVersion: (level, validateOnly) => raft.upgradeKraftVersion(epoch, level, validateOnly),
    }
  }

  private noteContact(active: Active, request: unknown): void {
    const { brokerId, brokerEpoch } = request as { brokerId: number; brokerEpoch: bigint }
    active.sessions.contact(brokerId, Number(brokerEpoch))
    active.fencing.arm()
  }

  /** Appends records and replays them; throws `KafkaError` and changes nothing when they cannot be appended. */
  private submit(records: readonly MetadataRecordInput[], atomic: boolean): void {
    if (records.length === 0) return
    if (atomic && records.length > MAX_RECORDS_PER_USER_OP) {
      throw new KafkaError('POLICY_VIOLATION', 'Unable to perform excessively large batch operation.')
    }
    for (let from = 0; from < records.length; from += MAX_RECORDS_PER_USER_OP) {
      this.appendBatch(records.slice(from, from + MAX_RECORDS_PER_USER_OP))
    }
  }

  private appendBatch(records: readonly MetadataRecordInput[]): void {
    const active = this.active!
    const { raft, clock, logger } = this.options
    const values = records.map(encodeMetadataRecord)
    const { firstOffset, lastOffset, committed } = raft.append(values)
    this.lastAppendMs = clock.monotonic()
    // Whoever answers waits for it; with nobody waiting a failure must not become an unhandled rejection.
    committed.catch(() => undefined)
    active.lastCommit = committed
    const decoded = values.map(decodeMetadataRecord)
    for (const record of decoded) {
      const text = uncleanElectionText(active.image, record)
      if (text !== null) logger.info(text)
    }
    const { image, delta } = applyRecords(active.image, decoded, { offset: lastOffset, epoch: active.epoch })
    active.image = image
    active.partitions.update(image, delta)
    if (this.options.timeline?.isWatched) this.tellRecords(decoded, firstOffset, committed)
    decoded.forEach((record, index) => {
      if (record.record !== 'registerBrokerRecord') return
      active.registrationOffsets.set(record.body.brokerId, firstOffset + index)
    })
  }

  private tellRecords(records: readonly MetadataRecord[], baseOffset: number, committed: Promise<void>): void {
    const timeline = this.options.timeline!
    const { image } = this.active!
    const written = { baseOffset, lastOffset: baseOffset + records.length - 1, records: recordTexts(records, image) }
    timeline.tell({ type: 'metadata', step: 'written', ...written })
    const tellCommitted = (): void => timeline.tell({ type: 'metadata', step: 'committed', ...written })
    committed.then(tellCommitted, () => undefined)
  }

  private periodicTasks(): PeriodicTask[] {
    const { config } = this.options
    const tasks: PeriodicTask[] = []
    const noOpMs = config.getInt('metadata.max.idle.interval.ms')
    if (noOpMs > 0) tasks.push({ name: 'writeNoOpRecord', intervalMs: noOpMs, run: () => this.writeNoOp(noOpMs) })
    if (config.getBoolean('auto.leader.rebalance.enable')) {
      const intervalMs = config.getLong('leader.imbalance.check.interval.seconds') * MS_PER_SECOND
      tasks.push({ name: 'electPreferred', intervalMs, run: () => this.runElections(balanceLeaders) })
    }
    const uncleanMs = config.getLong('unclean.leader.election.interval.ms')
    tasks.push({ name: 'electUnclean', intervalMs: uncleanMs, run: () => this.runElections(electUncleanLeaders) })
    return tasks
  }

  /** An idle log still grows, so that followers and observers see that it lives (KIP-835). */
  private writeNoOp(intervalMs: number): boolean {
    const { raft, clock } = this.options
    if (clock.monotonic() - this.lastAppendMs < intervalMs) return false
    // Nobody waits for it, so it waits for the next flush that somebody does wait for.
    this.whileLeading(() => raft.append([NO_OP], { urgent: false }).committed.catch(() => undefined))
    this.lastAppendMs = clock.monotonic()
    return false
  }

  private runElections(elect: (view: ControllerView) => ElectionRun): boolean {
    const { records, more } = elect(this.view(this.active!))
    this.whileLeading(() => this.submit(records, false))
    return more
  }

  /** Does what nobody waits for; that leadership was lost meanwhile is no failure. */
  private whileLeading(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      this.options.logger.info(`the active controller could not write: ${error.message}`)
    }
  }

  private fenceStaleBrokers(): void {
    const active = this.active!
    const { colocatedBrokerId, logger, timeline } = this.options
    const own = colocatedBrokerId === null ? undefined : active.image.brokers.get(colocatedBrokerId)
    // A laptop that slept must not find its only broker fenced.
    if (own !== undefined && !own.fenced && this.isOnlyNode(own.id)) active.sessions.contact(own.id, own.epoch)
    // Each sees what the fencing of the one before it did, and the loop ends when leadership is found lost.
    while (this.active === active) {
      const stale = fenceOneStaleBroker(this.view(active))
      if (stale === null) return
      logger.info(`fencing broker ${stale.brokerId} because its session has timed out`)
      const reason = 'its session has timed out'
      if (timeline?.isWatched) timeline.tell({ type: 'broker-fenced', brokerId: stale.brokerId, reason })
      this.whileLeading(() => this.submit(stale.records, false))
    }
  }
}

const NO_OP = encodeMetadataRecord({ record: 'noOpRecord', body: {} })
