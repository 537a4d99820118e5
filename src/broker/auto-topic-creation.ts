/**
 * Topics that come into being because somebody asked for them. The asker is told UNKNOWN_TOPIC_OR_PARTITION at once, as
 * Kafka tells it, and finds the topic when it asks again: creation runs behind its back, once per topic at a time.
 */
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { ControllerChannel } from '../controller/types.ts'
import { ErrorCode, errorName } from '../protocol/error-codes.ts'
import { type CreateTopicsRequest, createTopics } from '../protocol/messages/19-create-topics.ts'
import type { BrokerSettings } from './broker-settings.ts'
import { ANONYMOUS } from './principal.ts'
import { GROUP_METADATA_TOPIC, isValidTopicName } from './topic-names.ts'

/** Not more topics than this are being created for askers at once; the others ask again anyway. */
const MAX_IN_FLIGHT = 1000

/** "The controller's default" in CreateTopics. */
const BROKER_DEFAULT = -1

const CREATE_TOPICS_VERSION = 7

type CreatableTopic = CreateTopicsRequest['topics'][number]

export interface AutoTopicCreationOptions {
  readonly settings: BrokerSettings
  readonly controller: ControllerChannel
  readonly clock: Clock
  readonly logger: Logger
}

export class AutoTopicCreation {
  private readonly options: AutoTopicCreationOptions
  private readonly inFlight = new Set<string>()

  constructor(options: AutoTopicCreationOptions) {
    this.options = options
  }

  /** Starts creating `name` unless that is under way; returns what the asker is told now. */
  create(name: string): number {
    if (!isValidTopicName(name)) return ErrorCode.INVALID_TOPIC_EXCEPTION
    if (!this.inFlight.has(name) && this.inFlight.size < MAX_IN_FLIGHT) {
      this.inFlight.add(name)
      void this.send(name).finally(() => this.inFlight.delete(name))
    }
    return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  }

  private async send(name: string): Promise<void> {
    const { settings, controller, clock, logger } = this.options
    const timeoutMs = settings.requestTimeoutMs
    const request: CreateTopicsRequest = { topics: [this.topic(name)], timeoutMs, validateOnly: false }
    logger.info(`Sent auto-creation request for ${name} to the active controller.`)
    try {
      const response = await controller.send(createTopics, CREATE_TOPICS_VERSION, request, {
        principal: ANONYMOUS,
        clientId: null,
        deadlineMs: clock.monotonic() + timeoutMs,
      })
      for (const { errorCode = 0, errorMessage } of response.topics ?? []) {
        if (errorCode === ErrorCode.NONE || errorCode === ErrorCode.TOPIC_ALREADY_EXISTS) continue
        logger.warn(`Auto topic creation failed for ${name} with error '${errorName(errorCode)}': ${errorMessage}.`)
      }
    } catch (error) {
      logger.warn(`Auto topic creation failed for ${name}`, error)
    }
  }

  private topic(name: string): CreatableTopic {
    const { settings } = this.options
    if (name === GROUP_METADATA_TOPIC) {
      return {
        name,
        numPartitions: settings.offsetsTopicPartitions,
        replicationFactor: settings.offsetsTopicReplicationFactor,
        assignments: [],
        configs: [
          { name: 'cleanup.policy', value: 'compact' },
          { name: 'compression.type', value: 'producer' },
          { name: 'segment.bytes', value: String(settings.offsetsTopicSegmentBytes) },
        ],
      }
    }
    return {
      name,
      numPartitions: settings.numPartitions ?? BROKER_DEFAULT,
      replicationFactor: settings.defaultReplicationFactor ?? BROKER_DEFAULT,
      assignments: [],
      configs: [],
    }
  }
}
