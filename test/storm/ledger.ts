/** What the clients of a storm were told: acknowledgements, refusals, records read, offsets committed. Judges nothing. */

/** `topic-partition`. */
export type PartitionKey = string

export const partitionKey = (topic: string, partition: number): PartitionKey => `${topic}-${partition}`

/** Where the cluster said a record is; -1 where the client was only told that it is there. */
export interface Acknowledgement {
  readonly partition: PartitionKey
  readonly value: string
  readonly offset: number
}

export interface Refusal {
  readonly producer: string
  readonly value: string
  readonly error: string
}

/** Something a client saw that no client may ever see, noted when it happened. */
export interface Contradiction {
  readonly who: string
  readonly partition: PartitionKey
  readonly offset: number
  readonly text: string
}

/** Values by offset, of one group in one partition. */
export type ReadValues = Map<number, string>

interface ProducerState {
  readonly acknowledgements: Acknowledgement[]
  lastAt: number
  longestGapMs: number
}

export class Ledger {
  readonly refusals: Refusal[] = []
  readonly contradictions: Contradiction[] = []
  readonly reads = new Map<string, Map<PartitionKey, ReadValues>>()
  /** Highest offset each group was seen to have committed. */
  readonly commits = new Map<string, Map<PartitionKey, number>>()
  private readonly producers = new Map<string, ProducerState>()
  private readonly now: () => number

  /** `now` in milliseconds, monotonic. */
  constructor(now: () => number = () => performance.now()) {
    this.now = now
  }

  get producerNames(): string[] {
    return [...this.producers.keys()]
  }

  get acknowledgedCount(): number {
    return [...this.producers.values()].reduce((sum, { acknowledgements }) => sum + acknowledgements.length, 0)
  }

  acknowledgementsOf(producer: string): readonly Acknowledgement[] {
    return this.producers.get(producer)?.acknowledgements ?? []
  }

  /** Longest time in ms between two acknowledgements of one producer. */
  longestGapMs(producer: string): number {
    return this.producers.get(producer)?.longestGapMs ?? 0
  }

  acknowledged(producer: string, acknowledgement: Acknowledgement): void {
    const now = this.now()
    let state = this.producers.get(producer)
    if (state === undefined) {
      state = { acknowledgements: [], lastAt: now, longestGapMs: 0 }
      this.producers.set(producer, state)
    }
    state.longestGapMs = Math.max(state.longestGapMs, now - state.lastAt)
    state.lastAt = now
    state.acknowledgements.push(acknowledgement)
  }

  refused(refusal: Refusal): void {
    this.refusals.push(refusal)
  }

  /** A record may come twice to a group, but always with the same value: what was readable was committed. */
  read(group: string, partition: PartitionKey, offset: number, value: string): void {
    const partitions = entry(this.reads, group, newMap<PartitionKey, ReadValues>)
    const values = entry(partitions, partition, newMap<number, string>)
    const before = values.get(offset)
    values.set(offset, value)
    if (before === undefined || before === value) return
    this.contradictions.push({ who: group, partition, offset, text: `read ${before} there before, now ${value}` })
  }

  /**
   * Offsets a group has, as a coordinator told them. One that was cut off may tell old ones; what was told once has to be
   * reached in the end.
   */
  committed(group: string, partition: PartitionKey, offset: number): void {
    const offsets = entry(this.commits, group, newMap<PartitionKey, number>)
    offsets.set(partition, Math.max(offset, offsets.get(partition) ?? offset))
  }
}

const newMap = <K, V>(): Map<K, V> => new Map()

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
