/** The client's half of a share session (KIP-932): a broker remembers which partitions a member reads. */
import type { Uuid } from '../../base/uuid.ts'

/** A partition as share requests name it. */
export interface ShareTarget {
  readonly topicId: Uuid
  readonly partition: number
}

export interface ShareSessionRequest {
  readonly epoch: number
  readonly added: readonly ShareTarget[]
  readonly forgotten: readonly ShareTarget[]
}

const INITIAL_EPOCH = 0
/** Ends the session; what is still acquired goes back. */
export const FINAL_EPOCH = -1
const MAX_EPOCH = 2 ** 31 - 1

export const targetKey = ({ topicId, partition }: ShareTarget): string => `${topicId}-${partition}`

export class ShareSession {
  #epoch = INITIAL_EPOCH
  #known = new Map<string, ShareTarget>()

  /** The broker knows of this session: only then acknowledgements may be sent. */
  get isOpen(): boolean {
    return this.#epoch !== INITIAL_EPOCH
  }

  get epoch(): number {
    return this.#epoch
  }

  /** What to send so that the broker reads exactly `wanted`. */
  next(wanted: readonly ShareTarget[]): ShareSessionRequest {
    const before = this.isOpen ? this.#known : new Map<string, ShareTarget>()
    this.#known = new Map(wanted.map((target) => [targetKey(target), target]))
    return {
      epoch: this.#epoch,
      added: wanted.filter((target) => !before.has(targetKey(target))),
      forgotten: [...before.values()].filter((target) => !this.#known.has(targetKey(target))),
    }
  }

  /** A request has been answered; epoch 0 is never used again. */
  answered(): void {
    this.#epoch = this.#epoch === MAX_EPOCH ? 1 : this.#epoch + 1
  }

  /** What the broker holds is not certain: the next request begins anew. */
  reset(): void {
    this.#epoch = INITIAL_EPOCH
    this.#known.clear()
  }
}
