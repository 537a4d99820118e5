/**
 * Registers this controller with the active one (KIP-919): its listeners and the features it supports, once it is known
 * that the metadata says nothing, or something else, of it. Given to the loader as a publisher.
 */
import type { Clock, Timer } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { MetadataDelta, MetadataImage, MetadataPublisher } from '../metadata/types.ts'
import { ErrorCode, errorName } from '../protocol/error-codes.ts'
import {
  type ControllerRegistrationRequest,
  controllerRegistration,
} from '../protocol/messages/70-controller-registration.ts'
import type { ControllerChannel } from './types.ts'

const VERSION = 0
const REQUEST_TIMEOUT_MS = 30_000
/** Between tries; doubles each time. Kafka's grows to two minutes, which is long for whoever watches. */
const MIN_BACKOFF_MS = 100
const MAX_BACKOFF_MS = 10_000
/** Without it there is no cluster yet to be registered in. */
const METADATA_VERSION = 'metadata.version'

export interface ControllerRegistrationOptions {
  readonly registration: ControllerRegistrationRequest
  /** To the active controller, wherever it is. */
  readonly channel: ControllerChannel
  readonly clock: Clock
  readonly logger: Logger
}

export class ControllerRegistrar implements MetadataPublisher {
  readonly name = 'ControllerRegistrar'
  private readonly options: ControllerRegistrationOptions
  private image: MetadataImage | null = null
  private sending = false
  private failures = 0
  private timer: Timer | null = null
  private closed = false

  constructor(options: ControllerRegistrationOptions) {
    this.options = options
  }

  /** The committed metadata has the registration of this very process. */
  get isRegistered(): boolean {
    const { controllerId, incarnationId } = this.options.registration
    return this.image?.controllers.get(controllerId)?.incarnationId === incarnationId
  }

  onMetadataUpdate(_: MetadataDelta, image: MetadataImage): void {
    this.image = image
    this.trySend()
  }

  close(): void {
    this.closed = true
    this.timer?.cancel()
  }

  private trySend(): void {
    const isKnown = this.image?.features.has(METADATA_VERSION) === true
    if (this.closed || this.sending || this.timer !== null || !isKnown || this.isRegistered) return
    this.sending = true
    void this.send().then((isAccepted) => {
      this.sending = false
      if (isAccepted) this.failures = 0
      // Accepted is not registered: the record comes with the metadata, or is lost with the leader that wrote it.
      this.tryAgainLater(isAccepted ? MAX_BACKOFF_MS : MIN_BACKOFF_MS * 2 ** this.failures++)
    })
  }

  private tryAgainLater(delayMs: number): void {
    if (this.closed || this.isRegistered) return
    const again = (): void => {
      this.timer = null
      this.trySend()
    }
    this.timer = this.options.clock.setTimer(Math.min(delayMs, MAX_BACKOFF_MS), again, { background: true })
  }

  private async send(): Promise<boolean> {
    const { registration, channel, clock, logger } = this.options
    const deadlineMs = clock.monotonic() + REQUEST_TIMEOUT_MS
    const context = { principal: 'User:ANONYMOUS', clientId: null, deadlineMs }
    try {
      const { errorCode = 0 } = await channel.send(controllerRegistration, VERSION, registration, context)
      if (errorCode === ErrorCode.NONE) return true
      logger.info(`the registration of this controller was refused with ${errorName(errorCode)}`)
    } catch (error) {
      logger.info(`this controller could not register: ${error}`)
    }
    return false
  }
}
