/**
 * The heartbeat that is a member's whole life in groups whose coordinator assigns (KIP-848, KIP-932): it joins, keeps
 * alive, is told to begin anew, and leaves. One owner of the member's epoch and of where the coordinator is.
 */
import type { Timer } from '../../base/clock.ts'
import { ErrorCode, errorInfo, errorName, KafkaError } from '../../protocol/error-codes.ts'
import type { ClusterClient } from '../cluster-client.ts'
import { findCoordinators, RETRY_COORDINATOR } from '../coordinators.ts'
import { ConnectionFailure } from '../failure.ts'
import { backoffMs, isRetriable, within } from '../retry.ts'

/** Of a member that is not in the group yet. */
export const JOINING_EPOCH = 0
export const LEAVING_EPOCH = -1
/** The coordinator does not know us any more: we join anew. */
const REJOIN: ReadonlySet<number> = new Set([ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.FENCED_MEMBER_EPOCH])

/** What the answers of all such groups have. */
export interface HeartbeatAnswer {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly memberEpoch: number
  readonly heartbeatIntervalMs: number
}

export interface HeartbeatParts<Answer extends HeartbeatAnswer> {
  /** For failures: `ConsumerGroupHeartbeat`. */
  readonly request: string
  readonly groupId: string
  /** The epoch that says good-bye. */
  readonly leavingEpoch: number
  /** How long the coordinator may be away before the membership has failed. */
  readonly patienceMs: number
  readonly send: (coordinator: number, memberEpoch: number) => Promise<Answer>
  readonly onAnswer: (answer: Answer) => void
  /**
   * What was ours is another's by now, or will be; the next heartbeat joins anew. `code` is what the coordinator answered;
   * `silentMs` since it last took us for alive, null where it never did.
   */
  readonly onLost: (code: number, silentMs: number | null) => void
  /** Membership has ended for good. */
  readonly onFailed: (error: Error) => void
}

export class MemberHeartbeat<Answer extends HeartbeatAnswer> {
  readonly #client: ClusterClient
  readonly #parts: HeartbeatParts<Answer>
  #epoch = JOINING_EPOCH
  /** Counts the times that we joined: what was begun before is dropped. */
  #era = 0
  #coordinator: number | null = null
  #timer: Timer | null = null
  /** The heartbeat that is on its way, or the last one. */
  #beating: Promise<void> = Promise.resolve()
  #isBeating = false
  #beatsAgain = false
  #failures = 0
  /** In ms since 1970: a machine that sleeps has no monotonic time. */
  #aliveAt: number | null = null
  #failingSince: number | null = null
  #closed = false

  constructor(client: ClusterClient, parts: HeartbeatParts<Answer>) {
    this.#client = client
    this.#parts = parts
  }

  get epoch(): number {
    return this.#epoch
  }

  get era(): number {
    return this.#era
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** Joins; rejects with what the cluster has against it. */
  async start(): Promise<void> {
    await this.#client.retrying(this.#parts.request, () => this.#beat())
  }

  /** There is something to tell: the next heartbeat goes now. */
  beatNow(): void {
    this.#schedule(0)
  }

  /** The broker that coordinates the group. Rejects with KafkaError when there is none at the moment. */
  async locate(): Promise<number> {
    if (this.#coordinator !== null) return this.#coordinator
    const { groupId } = this.#parts
    const found = (await findCoordinators(this.#client, [groupId])).get(groupId)!
    if (!found.ok) throw new KafkaError(errorName(found.error.code), found.error.message)
    this.#coordinator = found.value
    return found.value
  }

  /** After a failure that may mean that the coordinator is another broker now. */
  doubtCoordinator(failure: unknown): void {
    const hasMoved = failure instanceof KafkaError && RETRY_COORDINATOR.has(failure.code)
    if (hasMoved || failure instanceof ConnectionFailure) this.#coordinator = null
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
    await within(clock, timeoutMs, this.#parts.send(this.#coordinator, this.#parts.leavingEpoch))
  }

  #beat(): Promise<void> {
    const beating = this.#heartbeat()
    this.#beating = beating.catch(() => undefined)
    return beating
  }

  async #heartbeat(): Promise<void> {
    const answer = await this.#ask()
    const { errorCode } = answer
    if (this.#closed) {
      // A member all the same, which `close` takes out of the group.
      if (errorCode === ErrorCode.NONE) this.#epoch = answer.memberEpoch
      return
    }
    if (REJOIN.has(errorCode)) return this.#joinAnew(errorCode)
    if (errorCode !== ErrorCode.NONE) {
      const refused = new KafkaError(errorName(errorCode), answer.errorMessage ?? undefined)
      this.doubtCoordinator(refused)
      throw refused
    }
    this.#failures = 0
    this.#failingSince = null
    this.#aliveAt = this.#client.options.clock.now()
    this.#epoch = answer.memberEpoch
    this.#parts.onAnswer(answer)
    this.#schedule(answer.heartbeatIntervalMs)
  }

  async #ask(): Promise<Answer> {
    const coordinator = await this.locate()
    try {
      return await this.#parts.send(coordinator, this.#epoch)
    } catch (error) {
      this.doubtCoordinator(error)
      throw error
    }
  }

  #joinAnew(code: number): void {
    const { clock } = this.#client.options
    this.#era++
    this.#epoch = JOINING_EPOCH
    this.#parts.onLost(code, this.#aliveAt === null ? null : Math.max(0, clock.now() - this.#aliveAt))
    this.#schedule(0)
  }

  #schedule(delayMs: number): void {
    if (this.#closed) return
    if (this.#isBeating && delayMs === 0) this.#beatsAgain = true
    this.#timer?.cancel()
    this.#timer = this.#client.options.clock.setTimer(delayMs, () => void this.#beatInTurn(), { background: true })
  }

  async #beatInTurn(): Promise<void> {
    if (this.#isBeating || this.#closed) return
    this.#isBeating = true
    try {
      await this.#beat()
    } catch (error) {
      this.#missed(error)
    }
    this.#isBeating = false
    if (this.#beatsAgain) this.#schedule(0)
    this.#beatsAgain = false
  }

  /** A coordinator that is away or has moved is asked again; anything else ends the membership. */
  #missed(error: unknown): void {
    if (this.#closed) return
    const { clock, random } = this.#client.options
    this.#failingSince ??= clock.monotonic()
    const mayPass = isRetriable(error) || (error instanceof KafkaError && errorInfo(error.code).retriable)
    const isPatient = clock.monotonic() - this.#failingSince < this.#parts.patienceMs
    if (mayPass && isPatient) this.#schedule(backoffMs(this.#failures++, random))
    else this.#parts.onFailed(error instanceof Error ? error : new Error(String(error)))
  }
}
