/**
 * Placement of new replicas as Kafka's StripedReplicaPlacer does it: racks take turns, brokers within a rack take turns,
 * leaders are spread, and a fenced broker gets a replica only when nothing else is left and never the first one.
 */
import type { Random } from '../base/random.ts'
import { KafkaError } from '../protocol/error-codes.ts'

export interface UsableBroker {
  readonly id: number
  readonly rack: string | null
  readonly fenced: boolean
}

/** Brokers of one rack; each round starts one further. */
class BrokerRing {
  private readonly ids: number[] = []
  private index = 0
  private offset = 0
  private round = 0

  add(id: number): void {
    this.ids.push(id)
  }

  initialize(random: Random): void {
    this.ids.sort((a, b) => a - b)
    if (this.ids.length > 0) this.offset = Math.floor(random.next() * this.ids.length)
  }

  shuffle(random: Random): void {
    shuffle(this.ids, random)
  }

  /** The next broker of this round; -1 when all had their turn. */
  next(round: number): number {
    if (this.ids.length === 0) return -1
    if (this.round !== round) {
      this.round = round
      this.index = 0
      this.offset = (this.offset + 1) % this.ids.length
    }
    if (this.index >= this.ids.length) return -1
    return this.ids[(this.index++ + this.offset) % this.ids.length]!
  }
}

class Rack {
  readonly fenced = new BrokerRing()
  readonly unfenced = new BrokerRing()

  next(round: number): number {
    const unfenced = this.unfenced.next(round)
    return unfenced >= 0 ? unfenced : this.fenced.next(round)
  }
}

function shuffle<T>(items: T[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1))
    const [a, b] = [items[i]!, items[j]!]
    items[i] = b
    items[j] = a
  }
}

/** Brokers without a rack come first, then racks by name. */
function byName(a: string | null, b: string | null): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  return a < b ? -1 : 1
}

class RackRing {
  private readonly random: Random
  private readonly racks = new Map<string | null, Rack>()
  private readonly names: (string | null)[]
  private readonly total: number
  private unfencedCount = 0
  private round = 0
  private offset: number

  constructor(random: Random, brokers: readonly UsableBroker[]) {
    this.random = random
    this.total = brokers.length
    for (const broker of brokers) this.add(broker)
    for (const rack of this.racks.values()) {
      rack.fenced.initialize(random)
      rack.unfenced.initialize(random)
    }
    this.names = [...this.racks.keys()].sort(byName)
    this.offset = this.names.length === 0 ? 0 : Math.floor(random.next() * this.names.length)
  }

  private add(broker: UsableBroker): void {
    let rack = this.racks.get(broker.rack)
    if (rack === undefined) {
      rack = new Rack()
      this.racks.set(broker.rack, rack)
    }
    if (broker.fenced) rack.fenced.add(broker.id)
    else rack.unfenced.add(broker.id)
    if (!broker.fenced) this.unfencedCount++
  }

  /** Throws `KafkaError` INVALID_REPLICATION_FACTOR with Kafka's text. */
  check(replicationFactor: number): void {
    const refuse = (message: string): never => {
      throw new KafkaError('INVALID_REPLICATION_FACTOR', message)
    }
    if (replicationFactor <= 0) {
      refuse(`Invalid replication factor ${replicationFactor}: the replication factor must be positive.`)
    }
    if (this.unfencedCount === 0) {
      refuse('All brokers are currently fenced, or have all their log directories cordoned.')
    }
    if (replicationFactor > this.total) {
      refuse(
        `The target replication factor of ${replicationFactor} cannot be reached because only ${this.total} broker(s) are registered or some brokers have all their log directories cordoned.`,
      )
    }
  }

  /** Replicas of one partition, the leader first. `check` has passed. */
  place(replicationFactor: number): number[] {
    // All brokers have led once: shuffle, so that the same assignments do not come again.
    if (this.round === this.unfencedCount && this.unfencedCount > 1) {
      shuffle(this.names, this.random)
      for (const rack of this.racks.values()) {
        rack.fenced.shuffle(this.random)
        rack.unfenced.shuffle(this.random)
      }
      this.round = 0
    }
    if (this.offset === this.names.length) this.offset = 0
    const { leader, rackIndex } = this.placeLeader()
    const replicas = [leader, ...this.placeFollowers(replicationFactor - 1, rackIndex)]
    this.round++
    this.offset++
    return replicas
  }

  private rackAt(index: number): Rack {
    return this.racks.get(this.names[index]!)!
  }

  private placeLeader(): { leader: number; rackIndex: number } {
    for (let rackIndex = this.offset; ; rackIndex = (rackIndex + 1) % this.names.length) {
      const leader = this.rackAt(rackIndex).unfenced.next(this.round)
      if (leader >= 0) return { leader, rackIndex }
    }
  }

  /** The leader's rack sits out the first time around. */
  private placeFollowers(count: number, leaderRack: number): number[] {
    const followers: number[] = []
    let skip = leaderRack
    for (let rackIndex = this.offset; followers.length < count; rackIndex = (rackIndex + 1) % this.names.length) {
      if (rackIndex === skip) {
        skip = -1
        continue
      }
      const broker = this.rackAt(rackIndex).next(this.round)
      if (broker >= 0) followers.push(broker)
    }
    return followers
  }
}

/** Replicas for `partitions` new partitions; throws `KafkaError` INVALID_REPLICATION_FACTOR. */
export function placeReplicas(
  brokers: Iterable<UsableBroker>,
  partitions: number,
  replicationFactor: number,
  random: Random,
): number[][] {
  const ring = new RackRing(random, [...brokers])
  ring.check(replicationFactor)
  return Array.from({ length: partitions }, () => ring.place(replicationFactor))
}
