/**
 * A broker's standing with the controller (KIP-631): registration, heartbeats, controlled shutdown. Owner of the broker
 * epoch. The controller unfences the broker once it has replayed its own registration, and with it everything before.
 */
import type { Clock, Timer } from '../base/clock.ts'
import { KtError } from '../base/errors.ts'
import type { Logger } from '../base/logger.ts'
import type { Uuid } from '../base/uuid.ts'
import type { ControllerChannel } from '../controller/types.ts'
import type { Endpoint } from '../metadata/types.ts'
import { ErrorCode, errorName } from '../protocol/error-codes.ts'
import { brokerRegistration } from '../protocol/messages/62-broker-registration.ts'
import { brokerHeartbeat } from '../protocol/messages/63-broker-heartbeat.ts'
import type { Api, RequestOf, ResponseInput } from '../protocol/schema.ts'
import type { SupportedFeature } from './api-versions.ts'
import { ANONYMOUS } from './principal.ts'

const REGISTRATION_VERSION = 4
const HEARTBEAT_VERSION = 1

/** Between tries while the broker is not in service: registering and catching up take a few milliseconds each. */
const RETRY_MS = 10
/** An earlier process of this id is still thought to live: the answer changes when its session ends, not before. */
const DUPLICATE_RETRY_MS = 50
/** How long a stopping broker waits for the controller's leave (Kafka: 5 minutes; a person waits for this one). */
const SHUTDOWN_TIMEOUT_MS = 5_000

export interface BrokerLifecycleOptions {
  readonly nodeId: number
  readonly clusterId: string
  readonly incarnationId: Uuid
  readonly endpoints: readonly Endpoint[]
  readonly features: readonly SupportedFeature[]
  readonly rack: string | null
  readonly logDirIds: readonly Uuid[]
  /** Epoch of the last run when that one ended in order, else -1. */
  readonly previousBrokerEpoch: number
  readonly heartbeatIntervalMs: number
  readonly initialRegistrationTimeoutMs: number
  /** The controller's answer to one request is of no use later than this: half the session timeout. */
  readonly requestTimeoutMs: number
  readonly controller: ControllerChannel
  /** Offset of the newest image this broker has acted upon. */
  readonly metadataOffset: () => number
  readonly clock: Clock
  readonly logger: Logger
}

type State = 'starting' | 'running' | 'stopping' | 'stopped'

type HeartbeatResponse = ResponseInput<typeof brokerHeartbeat>

export class BrokerLifecycle {
  private readonly options: BrokerLifecycleOptions
  private epoch = -1
  private state: State = 'starting'
  private timer: Timer | null = null
  private deadlineMs = 0
  private refusalTold = false
  /** An extra heartbeat is on its way; `again` when there is more to tell since. */
  private telling: 'no' | 'once' | 'again' = 'no'

  constructor(options: BrokerLifecycleOptions) {
    this.options = options
  }

  /** -1 before the registration. */
  get brokerEpoch(): number {
    return this.epoch
  }

  /** Resolves with the broker epoch, which is the offset of the registration's record. Throws KtError: timeout. */
  async register(): Promise<number> {
    const { clock, initialRegistrationTimeoutMs } = this.options
    this.deadlineMs = clock.monotonic() + initialRegistrationTimeoutMs
    for (;;) {
      const code = await this.tryRegister()
      if (code === ErrorCode.NONE) return this.epoch
      await this.pause(code === ErrorCode.DUPLICATE_BROKER_REGISTRATION ? DUPLICATE_RETRY_MS : RETRY_MS, code)
    }
  }

  /** Asks to be unfenced and resolves once it is so; from then on heartbeats keep it so. Throws KtError: timeout. */
  async enterService(): Promise<void> {
    while ((await this.heartbeat(false))?.isFenced !== false) await this.pause(RETRY_MS, ErrorCode.NONE)
    this.state = 'running'
    this.schedule()
  }

  private async pause(delayMs: number, code: number): Promise<void> {
    const { clock, nodeId } = this.options
    if (this.state !== 'starting') throw new KtError('interrupted', `Broker ${nodeId} was stopped while it started.`)
    if (clock.monotonic() > this.deadlineMs) {
      throw new KtError('timeout', `Broker ${nodeId} could not register with the controller in time.`, {
        facts: code === ErrorCode.NONE ? [] : [`the last answer was ${errorName(code)}`],
      })
    }
    await new Promise<void>((resolve) => clock.setTimer(delayMs, resolve))
  }

  private send<A extends Api>(api: A, version: number, request: RequestOf<A>): Promise<ResponseInput<A>> {
    const deadlineMs = this.options.clock.monotonic() + this.options.requestTimeoutMs
    return this.options.controller.send(api, version, request, { principal: ANONYMOUS, clientId: null, deadlineMs })
  }

  /** The error code of the answer; the one of a timeout when there was none. */
  private async tryRegister(): Promise<number> {
    const { nodeId, clusterId, incarnationId, endpoints, features, rack, logDirIds, logger } = this.options
    try {
      const response = await this.send(brokerRegistration, REGISTRATION_VERSION, {
        brokerId: nodeId,
        clusterId,
        incarnationId,
        listeners: endpoints.map((endpoint) => ({ ...endpoint })),
        features: features.map(({ name, min, max }) => ({ name, minSupportedVersion: min, maxSupportedVersion: max })),
        rack,
        isMigratingZkBroker: false,
        logDirs: [...logDirIds],
        previousBrokerEpoch: BigInt(this.options.previousBrokerEpoch),
      })
      const code = response.errorCode ?? ErrorCode.NONE
      if (code === ErrorCode.NONE) {
        this.epoch = Number(response.brokerEpoch)
        logger.info(`Successfully registered broker ${nodeId} with broker epoch ${this.epoch}`)
      } else this.tellRefusal(code)
      return code
    } catch (error) {
      logger.debug(`registration of broker ${nodeId} failed: ${error}`)
      return ErrorCode.REQUEST_TIMED_OUT
    }
  }

  private tellRefusal(code: number): void {
    if (this.refusalTold) return
    this.refusalTold = true
    const { nodeId, logger } = this.options
    const why =
      code === ErrorCode.DUPLICATE_BROKER_REGISTRATION
        ? ': the controller still counts an earlier process of this broker as alive, until its session times out (broker.session.timeout.ms), or another process runs with this node id'
        : ''
    logger.warn(`registration of broker ${nodeId} is refused with ${errorName(code)}${why}; trying again`)
  }

  /** null when the controller could not be asked or refused. */
  private async heartbeat(wantShutDown: boolean): Promise<HeartbeatResponse | null> {
    const { nodeId, metadataOffset, logger } = this.options
    try {
      const response = await this.send(brokerHeartbeat, HEARTBEAT_VERSION, {
        brokerId: nodeId,
        brokerEpoch: BigInt(this.epoch),
        currentMetadataOffset: BigInt(metadataOffset()),
        wantFence: false,
        wantShutDown,
        offlineLogDirs: [],
        cordonedLogDirs: null,
      })
      const code = response.errorCode ?? ErrorCode.NONE
      if (code === ErrorCode.NONE) return response
      logger.debug(`heartbeat of broker ${nodeId}: ${errorName(code)}`)
    } catch (error) {
      logger.debug(`heartbeat of broker ${nodeId} failed: ${error}`)
    }
    return null
  }

  private schedule(): void {
    if (this.state !== 'running') return
    const { clock, heartbeatIntervalMs } = this.options
    this.timer = clock.setTimer(heartbeatIntervalMs, () => void this.heartbeat(false).then(() => this.schedule()), {
      background: true,
    })
  }

  /**
   * A heartbeat besides the periodic ones: somebody waits to hear how far this broker has read. One at a time, so that a
   * burst of metadata makes few of them.
   */
  tellOffset(): void {
    if (this.state !== 'running') return
    if (this.telling !== 'no') {
      this.telling = 'again'
      return
    }
    this.telling = 'once'
    void this.heartbeat(false).then(() => {
      const again = this.telling === 'again'
      this.telling = 'no'
      if (again) this.tellOffset()
    })
  }

  /** No more heartbeats, and no goodbye. */
  abandon(): void {
    this.state = 'stopped'
    this.timer?.cancel()
  }

  /** Controlled shutdown: asks the controller's leave, so that leaders move first. */
  async stop(): Promise<void> {
    if (this.state === 'stopping' || this.state === 'stopped') return
    const wasRunning = this.state === 'running'
    this.state = 'stopping'
    this.timer?.cancel()
    const { clock, logger } = this.options
    const deadline = clock.monotonic() + SHUTDOWN_TIMEOUT_MS
    while (wasRunning && (await this.heartbeat(true))?.shouldShutDown !== true) {
      if (clock.monotonic() >= deadline) {
        logger.warn(`the controller gave no leave within ${SHUTDOWN_TIMEOUT_MS} ms: stopping without it`)
        break
      }
      await new Promise<void>((resolve) => clock.setTimer(RETRY_MS, resolve))
    }
    this.state = 'stopped'
  }
}
