/**
 * The client's half of an incremental fetch session (KIP-227): the broker remembers what we ask for, so that each request
 * carries only what has changed.
 */
import { ErrorCode } from '../../protocol/error-codes.ts'
import type { FetchPosition } from './fetch-partition.ts'

const NO_SESSION = 0
const INITIAL_EPOCH = 0
const MAX_EPOCH = 2 ** 31 - 1

export interface SessionRequest {
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly changed: readonly FetchPosition[]
  readonly forgotten: readonly FetchPosition[]
}

const keyOf = ({ topic, partition }: FetchPosition): string => `${topic}-${partition}`

const SESSION_ERRORS: ReadonlySet<number> = new Set([
  ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
  ErrorCode.INVALID_FETCH_SESSION_EPOCH,
  ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR,
  ErrorCode.INCONSISTENT_TOPIC_ID,
])

export class FetchSession {
  private id = NO_SESSION
  private epoch = INITIAL_EPOCH
  /** What the broker holds for this session. */
  private known = new Map<string, FetchPosition>()

  /** What to send so that the broker fetches exactly `wanted`. */
  next(wanted: readonly FetchPosition[]): SessionRequest {
    const before = this.known
    this.known = new Map(wanted.map((position) => [keyOf(position), position]))
    const { id: sessionId, epoch: sessionEpoch } = this
    if (sessionEpoch === INITIAL_EPOCH) return { sessionId, sessionEpoch, changed: wanted, forgotten: [] }
    const changed = wanted.filter((position) => !same(before.get(keyOf(position)), position))
    const forgotten = [...before.values()].filter((position) => {
      const now = this.known.get(keyOf(position))
      return now === undefined || now.topicId !== position.topicId
    })
    return { sessionId, sessionEpoch, changed, forgotten }
  }

  /** Takes the session's part of an answer. True when it has to be asked again from the start. */
  answered(errorCode: number, sessionId: number): boolean {
    if (SESSION_ERRORS.has(errorCode)) {
      // An unknown id must not be named again; a known one is closed by asking with epoch 0.
      if (errorCode === ErrorCode.FETCH_SESSION_ID_NOT_FOUND) this.id = NO_SESSION
      this.epoch = INITIAL_EPOCH
      return true
    }
    if (errorCode !== ErrorCode.NONE) return false
    this.id = sessionId
    // A broker whose cache is full answers 0: every request is a full one then.
    if (sessionId === NO_SESSION) this.epoch = INITIAL_EPOCH
    else this.epoch = this.epoch === MAX_EPOCH ? 1 : this.epoch + 1
    return false
  }

  /** The connection is gone and what the broker holds is not certain. */
  reset(): void {
    this.epoch = INITIAL_EPOCH
  }
}

function same(left: FetchPosition | undefined, right: FetchPosition): boolean {
  return (
    left !== undefined &&
    left.fetchOffset === right.fetchOffset &&
    left.currentLeaderEpoch === right.currentLeaderEpoch &&
    left.topicId === right.topicId &&
    left.partitionMaxBytes === right.partitionMaxBytes
  )
}
