/** Who sends and who receives while partitions move, and the throttles that follow from it. */
import type { PartitionReassignment } from '../../client/admin-types.ts'
import { type PartitionReplicas, partitionName } from './assignment.ts'

/** A partition on its way: brokers that hold it and brokers that get it. */
export interface Move {
  readonly topic: string
  readonly partition: number
  readonly sources: readonly number[]
  readonly destinations: readonly number[]
}

/** Moves that are under way and those proposed; a partition that moves already keeps its sources. */
export function proposedMoves(
  current: readonly PartitionReassignment[],
  proposed: readonly PartitionReplicas[],
  present: readonly PartitionReplicas[],
): Move[] {
  const moves = new Map<string, Move>()
  for (const { topic, partition, replicas, addingReplicas } of current) {
    const sources = replicas.filter((broker) => !addingReplicas.includes(broker))
    moves.set(partitionName({ topic, partition }), { topic, partition, sources, destinations: addingReplicas })
  }
  const presentReplicas = new Map(present.map((each) => [partitionName(each), each.replicas]))
  for (const { topic, partition, replicas } of proposed) {
    const name = partitionName({ topic, partition })
    const sources = moves.get(name)?.sources ?? presentReplicas.get(name)!
    const destinations = replicas.filter((broker) => !sources.includes(broker))
    moves.set(name, { topic, partition, sources, destinations })
  }
  return [...moves.values()]
}

/** Brokers that take part. */
export function brokersOf(moves: readonly Move[]): number[] {
  const ids = new Set(moves.flatMap(({ sources, destinations }) => [...sources, ...destinations]))
  return [...ids].sort((a, b) => a - b)
}

export interface ThrottledReplicas {
  /** `leader.replication.throttled.replicas`: `partition:broker,...` */
  readonly leader: string
  /** `follower.replication.throttled.replicas` */
  readonly follower: string
}

/** By topic: the replicas that send are throttled as leaders, those that receive as followers. */
export function throttledReplicas(moves: readonly Move[]): Map<string, ThrottledReplicas> {
  const topics = new Map<string, { leader: Set<string>; follower: Set<string> }>()
  for (const { topic, partition, sources, destinations } of moves) {
    const sets = topics.get(topic) ?? { leader: new Set(), follower: new Set() }
    topics.set(topic, sets)
    for (const broker of sources) sets.leader.add(`${partition}:${broker}`)
    for (const broker of destinations) if (!sources.includes(broker)) sets.follower.add(`${partition}:${broker}`)
  }
  const text = (set: ReadonlySet<string>): string => [...set].sort().join(',')
  return new Map(
    [...topics].map(([topic, { leader, follower }]) => [topic, { leader: text(leader), follower: text(follower) }]),
  )
}
