/** Where logs begin and end, broker by broker: one that does not answer costs its own partitions only. */
import type { Admin, OffsetSpec, ReplicaId } from '../../client/admin-types.ts'
import { type FollowerStatus, partitionName } from './model.ts'
import type { Questions } from './questions.ts'

/** A partition and the brokers that hold it. */
export interface Place {
  readonly topic: string
  readonly partition: number
  /** -1 when there is none. */
  readonly leader: number
  readonly replicas: readonly number[]
}

interface Look {
  readonly admin: Admin
  readonly questions: Questions
}

export interface Range {
  readonly earliest: number | null
  readonly latest: number | null
}

/** By name of partition, of those that have a leader. */
export async function rangesOf(look: Look, places: readonly Place[]): Promise<Map<string, Range>> {
  const leaders = [...new Set(places.map(({ leader }) => leader))].filter((id) => id >= 0)
  const ranges = new Map<string, Range>()
  const ask = async (id: number): Promise<void> => {
    const led = places.filter(({ leader }) => leader === id)
    const answer = await look.questions.ask(`offsets on ${id}`, () => rangesOn(look.admin, led))
    led.forEach((place, at) => {
      if (answer !== null) ranges.set(partitionName(place.topic, place.partition), answer[at]!)
    })
  }
  await Promise.all(leaders.map(ask))
  return ranges
}

async function rangesOn(admin: Admin, led: readonly Place[]): Promise<Range[]> {
  const ask = (spec: OffsetSpec) => admin.listOffsets(led.map(({ topic, partition }) => ({ topic, partition, spec })))
  const [earliest, latest] = await Promise.all([ask('earliest'), ask('latest')])
  const offset = (outcome: (typeof latest)[number]): number | null => (outcome.ok ? outcome.value.offset : null)
  return led.map((_, at) => ({ earliest: offset(earliest[at]!), latest: offset(latest[at]!) }))
}

/**
 * By name of partition: how far its followers are behind the leader's log end, asked of the replicas themselves. Offsets
 * of DescribeLogDirs would not do: a follower measures against the high watermark it knows, which is never beyond its own
 * end.
 */
export async function followersOf(look: Look, places: readonly Place[]): Promise<Map<string, FollowerStatus[]>> {
  const followed = places.filter(({ replicas }) => replicas.length > 1)
  const ends = await endsOf(
    look,
    followed.flatMap(({ topic, partition, replicas }) => replicas.map((broker) => ({ topic, partition, broker }))),
  )
  const followers = new Map<string, FollowerStatus[]>()
  for (const { topic, partition, leader, replicas } of followed) {
    const name = partitionName(topic, partition)
    const leaderEnd = ends.get(`${leader}/${name}`) ?? null
    const others = replicas.filter((id) => id !== leader)
    followers.set(
      name,
      others.map((broker) => ({ broker, lag: lagOf(leaderEnd, ends.get(`${broker}/${name}`) ?? null) })),
    )
  }
  return followers
}

/** A follower that is asked a moment after its leader may seem to be ahead of it. */
function lagOf(leaderEnd: number | null, end: number | null): number | null {
  return leaderEnd === null || end === null ? null : Math.max(0, leaderEnd - end)
}

/** `broker/topic-partition` -> log end offset. */
async function endsOf({ admin, questions }: Look, replicas: readonly ReplicaId[]): Promise<Map<string, number>> {
  const ends = new Map<string, number>()
  const ask = async (id: number): Promise<void> => {
    const held = replicas.filter(({ broker }) => broker === id)
    const answer = await questions.ask(`ends on ${id}`, () => admin.listReplicaEnds(held))
    held.forEach(({ topic, partition }, at) => {
      const outcome = answer?.[at]
      if (outcome?.ok) ends.set(`${id}/${partitionName(topic, partition)}`, outcome.value)
    })
  }
  await Promise.all([...new Set(replicas.map(({ broker }) => broker))].map(ask))
  return ends
}
