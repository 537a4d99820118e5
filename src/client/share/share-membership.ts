/** Membership of a share group (KIP-932): heartbeats to the coordinator, which assigns partitions. */
import type { Timer } from '../../base/clock.ts'
import { randomUuid } from '../../base/uuid.ts'
import { ErrorCode, errorInfo, errorName, KafkaError } from '../../protocol/error-codes.ts'
import {
  type ShareGroupHeartbeatResponse,
  shareGroupHeartbeat,
} from '../../protocol/messages/76-share-group-heartbeat.ts'
import { type ClusterClient, toBroker } from '../cluster-client.ts'
import { findCoordinators } from '../coordinators.ts'
import { ConnectionFailure } from '../failure.ts'
import { backoffMs, isRetriable, within } from '../retry.ts'
import type { ShareTarget } from './share-session.ts'

const JOINING_EPOCH = 0
const LEAVING_EPOCH = -1
/** The coordinator does not know us any more: we join anew. */
const REJOIN: ReadonlySet<number> = new Set([ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.FENCED_MEMBER_EPOCH])

export interface ShareMembershipEvents {
  readonly onAssigned: (partitions: readonly ShareTarget[]) => void
  /** Membership has ended for good. */
  readonly onFailed: (error: Error) => void
}

export class ShareMembership {
  readonly memberId = randomUuid()
  readonly #client: ClusterClient
  readonly #groupId: string
  readonly #topics: readonly string[]
  readonly #events: ShareMembershipEvents
  #epoch = JOINING_EPOCH
  #coordinator: number | null = null
  #timer: Timer | null = null
  #failures = 0
  #closed = false
  /** The heartbeat that is on its way, or the last one. */
  #beating: Promise<void> = Promise.resolve()

  constructor(client: ClusterClient, groupId: string, topics: readonly string[], events: ShareMembershipEvents) {
    this.#client = client
    this.#groupId = groupId
    this.#topics = topics
    this.#events = events
  }

  /** Joins; rejects with what the cluster has against it. */
  async start(): Promise<void> {
    await this.#client.retrying('ShareGroupHeartbeat', () => this.#beat())
  }

  #beat(): Promise<void> {
    const beating = this.#heartbeat()
    this.#beating = beating.catch(() => undefined)
    return beating
  }

  async #heartbeat(): Promise<void> {
    const answer = await this.#send(this.#epoch)
    if (this.#closed) {
      // A member all the same, which `close` takes out of the group.
      if (answer.errorCode === ErrorCode.NONE) this.#epoch = answer.memberEpoch
      return
    }
    if (REJOIN.has(answer.errorCode)) {
      this.#epoch = JOINING_EPOCH
      this.#events.onAssigned([])
      return this.#schedule(0)
    }
    if (answer.errorCode !== ErrorCode.NONE) {
      this.#coordinator = null
      throw new KafkaError(errorName(answer.errorCode), answer.errorMessage ?? undefined)
    }
    this.#failures = 0
    this.#epoch = answer.memberEpoch
    if (answer.assignment !== null) this.#events.onAssigned(targetsOf(answer.assignment))
    this.#schedule(answer.heartbeatIntervalMs)
  }

  async #send(memberEpoch: number): Promise<ShareGroupHeartbeatResponse> {
    const coordinator = await this.#locate()
    try {
      return await this.#client.send(toBroker(coordinator), shareGroupHeartbeat, {
        groupId: this.#groupId,
        memberId: this.memberId,
        memberEpoch,
        rackId: null,
        // Told once; afterwards null means that nothing has changed.
        subscribedTopicNames: memberEpoch === JOINING_EPOCH ? [...this.#topics] : null,
      })
    } catch (error) {
      if (error instanceof ConnectionFailure) this.#coordinator = null
      throw error
    }
  }

  async #locate(): Promise<number> {
    if (this.#coordinator !== null) return this.#coordinator
    const found = (await findCoordinators(this.#client, [this.#groupId])).get(this.#groupId)!
    if (!found.ok) throw new KafkaError(errorName(found.error.code), found.error.message)
    this.#coordinator = found.value
    return found.value
  }

  #schedule(delayMs: number): void {
    if (this.#closed) return
    this.#timer = this.#client.options.clock.setTimer(
      delayMs,
      () => {
        this.#beat().catch((error: unknown) => this.#missed(error))
      },
      { background: true },
    )
  }

  /** A coordinator that is away or has moved is asked again; anything else ends the membership. */
  #missed(error: unknown): void {
    if (this.#closed) return
    const mayPass = isRetriable(error) || (error instanceof KafkaError && errorInfo(error.code).retriable)
    if (mayPass) this.#schedule(backoffMs(this.#failures++, this.#client.options.random))
    else this.#events.onFailed(error instanceof Error ? error : new Error(String(error)))
  }

  /** Leaves the group, within about `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#timer?.cancel()
    const { clock } = this.#client.options
    // Interrupted while joining: the group would wait for a member that has gone until its session ends.
    if (this.#epoch === JOINING_EPOCH) await within(clock, timeoutMs, this.#beating)
    if (this.#epoch === JOINING_EPOCH || this.#coordinator === null) return
    await within(clock, timeoutMs, this.#send(LEAVING_EPOCH))
  }
}

function targetsOf({ topicPartitions }: NonNullable<ShareGroupHeartbeatResponse['assignment']>): ShareTarget[] {
  return topicPartitions.flatMap(({ topicId, partitions }) => partitions.map((partition) => ({ topicId, partition })))
}
