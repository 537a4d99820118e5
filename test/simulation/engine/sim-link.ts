/** What the way from one host to another is like at the moment. */
import type { Dice } from './dice.ts'

export interface LinkQuality {
  /** Least and mean additional delay of a message, one way. */
  readonly baseMs: number
  readonly meanMs: number
  /** Share of messages whose loss ends the connection that carried them. */
  readonly lossRate: number
  /** Share of requests that arrive a second time, over another connection, as from a sender that did not see the answer. */
  readonly duplicateRate: number
}

/** A rack's network. */
export const GOOD_LINK: LinkQuality = { baseMs: 0.1, meanMs: 0.3, lossRate: 0, duplicateRate: 0 }

export class SimLink {
  readonly from: string
  readonly to: string
  quality: LinkQuality = GOOD_LINK
  blocked = false
  /** Streams with something to deliver, told when the link heals. */
  private readonly waiting = new Set<() => void>()

  constructor(from: string, to: string) {
    this.from = from
    this.to = to
  }

  delayMs(dice: Dice): number {
    return this.quality.baseMs + dice.exponential(this.quality.meanMs)
  }

  onHeal(tell: () => void): void {
    this.waiting.add(tell)
  }

  heal(): void {
    this.blocked = false
    const waiting = [...this.waiting]
    this.waiting.clear()
    for (const tell of waiting) tell()
  }
}
