/**
 * The way of ISR changes to the controller (KIP-497): one request in flight, everything that waits goes with the next.
 * A change is repeated until the controller has answered for it; the partition decides what the answer means to it.
 */
import type { Clock, Timer } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Uuid } from '../base/uuid.ts'
import type { ControllerChannel } from '../controller/types.ts'
import { ErrorCode, errorName } from '../protocol/error-codes.ts'
import { type AlterPartitionRequest, alterPartition } from '../protocol/messages/56-alter-partition.ts'
import type { ResponseInput } from '../protocol/schema.ts'
import type { ProposedIsr } from './isr-state.ts'
import { ANONYMOUS } from './principal.ts'

const ALTER_PARTITION_VERSION = 3

/** Kafka's pause after an answer that concerns the request as a whole. */
const RETRY_BACKOFF_MS = 50

/** When the controller has not answered for so long the request is made anew, with what has come since. */
const REQUEST_TIMEOUT_MS = 30_000

/** What the controller made of a proposal. */
export interface AlteredPartition {
  readonly leaderEpoch: number
  readonly isr: readonly number[]
  readonly leaderRecoveryState: number
  readonly partitionEpoch: number
}

export interface PartitionProposal {
  readonly topicId: Uuid
  readonly partition: number
  readonly proposed: ProposedIsr
  /** Called once: with what is committed now, or with the error code of this partition. May submit again. */
  readonly onAnswer: (answer: AlteredPartition | { readonly errorCode: number }) => void
}

/** Where a partition sends its proposals. */
export interface AlterPartitions {
  /** False when a proposal of this partition is on its way already. */
  submit(proposal: PartitionProposal): boolean
}

export interface AlterPartitionManagerOptions {
  readonly nodeId: number
  readonly brokerEpoch: () => number
  readonly controller: ControllerChannel
  readonly clock: Clock
  readonly logger: Logger
}

type Response = ResponseInput<typeof alterPartition>

function keyOf(topicId: Uuid, partition: number): string {
  return `${topicId}:${partition}`
}

export class AlterPartitionManager implements AlterPartitions {
  private readonly options: AlterPartitionManagerOptions
  /** At most one per hosted partition; those in flight stay until they are answered. */
  private readonly unanswered = new Map<string, PartitionProposal>()
  private inFlight = false
  private retry: Timer | null = null
  private closed = false

  constructor(options: AlterPartitionManagerOptions) {
    this.options = options
  }

  /** Proposals that have no answer yet. */
  get size(): number {
    return this.unanswered.size
  }

  submit(proposal: PartitionProposal): boolean {
    const key = keyOf(proposal.topicId, proposal.partition)
    if (this.closed || this.unanswered.has(key)) return false
    this.unanswered.set(key, proposal)
    this.sendWaiting()
    return true
  }

  private sendWaiting(): void {
    if (this.closed || this.inFlight || this.unanswered.size === 0) return
    this.inFlight = true
    this.retry?.cancel()
    this.retry = null
    void this.send([...this.unanswered.values()])
  }

  private async send(batch: readonly PartitionProposal[]): Promise<void> {
    const { controller, clock, logger } = this.options
    const context = { principal: ANONYMOUS, clientId: null, deadlineMs: clock.monotonic() + REQUEST_TIMEOUT_MS }
    let answered = false
    try {
      const response = await controller.send(alterPartition, ALTER_PARTITION_VERSION, this.request(batch), context)
      // The partitions are gone, and their logs with them.
      if (this.closed) return
      answered = this.onResponse(response, batch)
    } catch (error) {
      logger.debug(`AlterPartition failed: ${error}`)
    }
    this.inFlight = false
    if (answered) this.sendWaiting()
    else this.retryLater()
  }

  private retryLater(): void {
    if (this.closed) return
    this.retry = this.options.clock.setTimer(RETRY_BACKOFF_MS, () => this.sendWaiting(), { background: true })
  }

  private request(batch: readonly PartitionProposal[]): AlterPartitionRequest {
    const topics = new Map<Uuid, AlterPartitionRequest['topics'][number]['partitions']>()
    for (const { topicId, partition, proposed } of batch) {
      const partitions = topics.get(topicId) ?? []
      topics.set(topicId, partitions)
      partitions.push({
        partitionIndex: partition,
        leaderEpoch: proposed.leaderEpoch,
        newIsr: [],
        newIsrWithEpochs: proposed.members.map(({ brokerId, brokerEpoch }) => ({
          brokerId,
          brokerEpoch: BigInt(brokerEpoch),
        })),
        leaderRecoveryState: proposed.leaderRecoveryState,
        partitionEpoch: proposed.partitionEpoch,
      })
    }
    return {
      brokerId: this.options.nodeId,
      brokerEpoch: BigInt(this.options.brokerEpoch()),
      topics: Array.from(topics, ([topicId, partitions]) => ({ topicId, partitions })),
    }
  }

  /** False when the request, or a part of it, is to be repeated. */
  private onResponse(response: Response, batch: readonly PartitionProposal[]): boolean {
    const errorCode = response.errorCode ?? ErrorCode.NONE
    if (errorCode !== ErrorCode.NONE) {
      this.options.logger.warn(`AlterPartition was answered ${errorName(errorCode)}, retrying`)
      return false
    }
    const answers = answersOf(response)
    let complete = true
    for (const proposal of batch) {
      const key = keyOf(proposal.topicId, proposal.partition)
      const answer = answers.get(key)
      if (answer === undefined) {
        complete = false
        continue
      }
      // Before the partition is told: it may submit again.
      this.unanswered.delete(key)
      proposal.onAnswer(answer)
    }
    return complete
  }

  close(): void {
    this.closed = true
    this.retry?.cancel()
    this.unanswered.clear()
  }
}

type Answer = Parameters<PartitionProposal['onAnswer']>[0]

function answersOf(response: Response): Map<string, Answer> {
  const answers = new Map<string, Answer>()
  for (const { topicId, partitions } of response.topics ?? []) {
    for (const partition of partitions ?? []) {
      const errorCode = partition.errorCode ?? ErrorCode.NONE
      answers.set(
        keyOf(topicId!, partition.partitionIndex!),
        errorCode !== ErrorCode.NONE
          ? { errorCode }
          : {
              leaderEpoch: partition.leaderEpoch!,
              isr: partition.isr ?? [],
              leaderRecoveryState: partition.leaderRecoveryState ?? 0,
              partitionEpoch: partition.partitionEpoch!,
            },
      )
    }
  }
  return answers
}
