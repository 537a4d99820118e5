/** What a member has decided about records it acquired, until the broker is told. */
import type { OffsetRange } from './share-batches.ts'
import { type ShareTarget, targetKey } from './share-session.ts'

/** A gap is an offset that has no record. */
export type AcknowledgeType = 'gap' | 'accept' | 'release' | 'reject'
const CODES: Readonly<Record<AcknowledgeType, number>> = { gap: 0, accept: 1, release: 2, reject: 3 }

export interface AcknowledgedPartition {
  readonly target: ShareTarget
  readonly ranges: readonly (OffsetRange & { readonly type: AcknowledgeType })[]
}

export class Acknowledgements {
  readonly #partitions = new Map<string, { target: ShareTarget; ranges: (OffsetRange & { type: AcknowledgeType })[] }>()

  get isEmpty(): boolean {
    return this.#partitions.size === 0
  }

  add(target: ShareTarget, range: OffsetRange, type: AcknowledgeType): void {
    const key = targetKey(target)
    const known = this.#partitions.get(key) ?? { target, ranges: [] }
    this.#partitions.set(key, known)
    const last = known.ranges.at(-1)
    // Neighbours of one kind become one range: records are mostly acknowledged in order.
    if (last !== undefined && last.type === type && last.lastOffset + 1 === range.firstOffset) {
      known.ranges[known.ranges.length - 1] = { ...last, lastOffset: range.lastOffset }
    } else {
      known.ranges.push({ firstOffset: range.firstOffset, lastOffset: range.lastOffset, type })
    }
  }

  /** Everything so far, in the order of offsets; nothing is left. */
  take(): AcknowledgedPartition[] {
    const taken = [...this.#partitions.values()]
    this.#partitions.clear()
    for (const { ranges } of taken) ranges.sort((a, b) => a.firstOffset - b.firstOffset)
    return taken
  }
}

/** As requests carry them. */
export function acknowledgementBatches({ ranges }: AcknowledgedPartition) {
  return ranges.map(({ firstOffset, lastOffset, type }) => ({
    firstOffset: BigInt(firstOffset),
    lastOffset: BigInt(lastOffset),
    acknowledgeTypes: [CODES[type]],
  }))
}

/** How many records they are about; gaps are none. */
export function acknowledgedCount({ ranges }: AcknowledgedPartition): number {
  const records = ranges.filter(({ type }) => type !== 'gap')
  return records.reduce((sum, { firstOffset, lastOffset }) => sum + lastOffset - firstOffset + 1, 0)
}
