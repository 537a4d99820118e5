import type { Admin, PartitionReassignment } from '../../client/admin-types.ts'
import { partitionName } from './assignment.ts'

/** How much of a partition a new replica has. */
export interface CopyProgress {
  readonly broker: number
  /** Records still to come; null when nobody could be asked. */
  readonly lag: number | null
  /** 0 to 1; null when unknown. */
  readonly fraction: number | null
}

/** By partition: what the replicas being added have got of their leader's log. */
export async function copyProgress(
  admin: Admin,
  moving: readonly PartitionReassignment[],
): Promise<Map<string, CopyProgress[]>> {
  if (moving.length === 0) return new Map()
  const leaders = await leadersOf(admin, [...new Set(moving.map(({ topic }) => topic))])
  const led = moving.filter((each) => (leaders.get(partitionName(each)) ?? -1) >= 0)
  const replicas = led.flatMap(({ topic, partition, addingReplicas }) =>
    [leaders.get(partitionName({ topic, partition }))!, ...addingReplicas].map((broker) => ({
      topic,
      partition,
      broker,
    })),
  )
  const starts = await admin.listOffsets(led.map(({ topic, partition }) => ({ topic, partition, spec: 'earliest' })))
  const ends = await admin.listReplicaEnds(replicas)
  const progress = new Map<string, CopyProgress[]>()
  let at = 0
  for (const [index, each] of led.entries()) {
    const leaderEnd = ends[at++]!
    const start = starts[index]!
    const copies = each.addingReplicas.map((broker): CopyProgress => {
      const end = ends[at++]!
      if (!leaderEnd.ok || !start.ok) return { broker, lag: null, fraction: null }
      // A replica that is not there yet has nothing.
      return progressOf(broker, start.value.offset, leaderEnd.value, end.ok ? end.value : start.value.offset)
    })
    progress.set(partitionName(each), copies)
  }
  return progress
}

/** Offsets are what can be compared: the sizes of a leader's and a follower's files differ by what was deleted. */
export function progressOf(broker: number, start: number, leaderEnd: number, end: number): CopyProgress {
  const lag = Math.max(0, leaderEnd - Math.max(start, end))
  const all = leaderEnd - start
  return { broker, lag, fraction: all <= 0 ? 1 : 1 - Math.min(lag, all) / all }
}

async function leadersOf(admin: Admin, topics: readonly string[]): Promise<Map<string, number>> {
  const leaders = new Map<string, number>()
  for (const [topic, outcome] of await admin.describeTopics(topics)) {
    if (!outcome.ok) continue
    for (const { partition, leader } of outcome.value.partitions)
      leaders.set(partitionName({ topic, partition }), leader)
  }
  return leaders
}
