/**
 * A broker's standing with the controller (KIP-631): registration, heartbeats, controlled shutdown. Owner of the broker
 * epoch. The broker serves as soon as the controller has unfenced it, which it does once the broker has replayed its own
 * registration.
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

/** The controller's answer to one request is of no use later than this. */
const REQUEST_TIMEOUT_MS = 4_500

/** How long a stopping broker waits for the controller's leave; a single node gets it at once. */
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
  readonly controller: ControllerChannel
  /** Offset of the newest image this broker has acted upon. */
  readonly metadataOffset: () => number
  readonly clock: Clock
  readonly logger: Logger
}

type State = 'starting' | 'running' | 'stopping' | 'stopped'

export class BrokerLifecycle {
  private readonly options: BrokerLifecycleOptions
  private epoch = -1
  private state: State = 'starting'
  private timer: Timer | null = null

  constructor(options: BrokerLifecycleOptions) {
    this.options = options
  }

  /** -1 before the registration. */
  get brokerEpoch(): number {
    return this.epoch
  }

  /** Registers and resolves once the broker is unfenced; throws KtError when that takes too long. */
  async start(): Promise<void> {
    const deadline = this.options.clock.monotonic() + this.options.initialRegistrationTimeoutMs
    while (!(await this.register())) await this.pause(deadline)
    while (!(await this.heartbeat(false))) await this.pause(deadline)
    this.state = 'running'
    this.schedule()
  }

  private async pause(deadlineMs: number): Promise<void> {
    if (this.options.clock.monotonic() > deadlineMs) {
      throw new KtError('timeout', 'The broker could not register with the controller in time.')
    }
    await new Promise<void>((resolve) => this.options.clock.setTimer(RETRY_MS, resolve))
  }

  private send<A extends Api>(api: A, version: number, request: RequestOf<A>): Promise<ResponseInput<A>> {
    const deadlineMs = this.options.clock.monotonic() + REQUEST_TIMEOUT_MS
    return this.options.controller.send(api, version, request, { principal: ANONYMOUS, clientId: null, deadlineMs })
  }

  private async register(): Promise<boolean> {
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
        return true
      }
      logger.debug(`registration of broker ${nodeId}: ${errorName(code)}`)
    } catch (error) {
      logger.debug(`registration of broker ${nodeId} failed: ${error}`)
    }
    return false
  }

  /** True when the broker is in service; with `wantShutDown`, when it may go. */
  private async heartbeat(wantShutDown: boolean): Promise<boolean> {
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
      if (code !== ErrorCode.NONE) {
        logger.debug(`heartbeat of broker ${nodeId}: ${errorName(code)}`)
        return false
      }
      return wantShutDown ? response.shouldShutDown === true : response.isFenced === false
    } catch (error) {
      logger.debug(`heartbeat of broker ${nodeId} failed: ${error}`)
      return false
    }
  }

  private schedule(): void {
    if (this.state !== 'running') return
    const { clock, heartbeatIntervalMs } = this.options
    this.timer = clock.setTimer(heartbeatIntervalMs, () => void this.heartbeat(false).then(() => this.schedule()), {
      background: true,
    })
  }

  /** Controlled shutdown: asks the controller's leave, so that leaders move first. */
  async stop(): Promise<void> {
    if (this.state === 'stopping' || this.state === 'stopped') return
    const wasRunning = this.state === 'running'
    this.state = 'stopping'
    this.timer?.cancel()
    const deadline = this.options.clock.monotonic() + SHUTDOWN_TIMEOUT_MS
    while (wasRunning && !(await this.heartbeat(true)) && this.options.clock.monotonic() < deadline) {
      await new Promise<void>((resolve) => this.options.clock.setTimer(RETRY_MS, resolve))
    }
    this.state = 'stopped'
  }
}
