/** What a word is on the cluster at this moment: one example, read with a request or two. */
import type { Admin } from '../../../client/admin-types.ts'
import type { LiveCluster } from '../live.ts'
import type { ExampleKind } from './read-words.ts'

/** Two columns; empty where the cluster has nothing of the kind. Throws what the admin throws. */
export async function exampleOf(
  kind: ExampleKind,
  { admin, clusterId, brokers }: LiveCluster,
): Promise<[string, string][]> {
  switch (kind) {
    case 'partition':
      return partitionExample(admin)
    case 'offsets':
      return offsetsExample(admin)
    case 'lag':
      return lagExample(admin)
    case 'group':
      return groupExample(admin)
    case 'quorum':
      return quorumExample(admin)
    default:
      return [
        ['cluster', clusterId],
        ['brokers', brokers.join(', ')],
      ]
  }
}

/** A topic of somebody's, else any. */
async function someTopic(admin: Admin): Promise<string | null> {
  const topics = (await admin.listTopics()).sort((a, b) => (a.name < b.name ? -1 : 1))
  return (topics.find(({ isInternal }) => !isInternal) ?? topics[0])?.name ?? null
}

const list = (ids: readonly number[]): string => ids.join(',') || 'none'

async function partitionExample(admin: Admin): Promise<[string, string][]> {
  const topic = await someTopic(admin)
  if (topic === null) return []
  const outcome = (await admin.describeTopics([topic])).get(topic)
  const partition = outcome?.ok === true ? outcome.value.partitions[0] : undefined
  if (partition === undefined) return []
  const { leader, leaderEpoch, replicas, isr, elr, lastKnownElr } = partition
  return [
    [`${topic}-${partition.partition}`, `leader ${leader < 0 ? 'none' : leader}, leader epoch ${leaderEpoch}`],
    ['replicas', `${list(replicas)}; the preferred leader is ${replicas[0]}`],
    ['ISR', list(isr)],
    ['ELR', elr === null ? 'not told by this cluster' : `${list(elr)}, last known ${list(lastKnownElr ?? [])}`],
  ]
}

async function offsetsExample(admin: Admin): Promise<[string, string][]> {
  const topic = await someTopic(admin)
  if (topic === null) return []
  const query = { topic, partition: 0 }
  const ends = await admin.listOffsets([
    { ...query, spec: 'earliest' },
    { ...query, spec: 'latest' },
  ])
  const [first, last] = ends.map((end) => (end.ok ? end.value.offset : null))
  if (first === null || last === null || first === undefined || last === undefined) return []
  return [
    [`${topic}-0`, `begins with ${first}, the next record gets ${last}`],
    ['consumers', first === last ? 'find no record there' : `can read ${first} to ${last - 1}`],
  ]
}

async function someGroup(admin: Admin): Promise<string | null> {
  const groups = (await admin.listGroups()).filter(({ type }) => /^(Classic|Consumer)$/i.test(type))
  return (groups.find(({ state }) => state === 'Stable') ?? groups[0])?.groupId ?? null
}

async function lagExample(admin: Admin): Promise<[string, string][]> {
  const group = await someGroup(admin)
  if (group === null) return []
  const outcome = (await admin.listGroupOffsets([group])).get(group)
  const committed = outcome?.ok === true ? outcome.value.slice(0, MAX_ROWS) : []
  const ends = await admin.listOffsets(committed.map(({ topic, partition }) => ({ topic, partition, spec: 'latest' })))
  const rows = committed.flatMap(({ topic, partition, offset }, at): [string, string][] => {
    const end = ends[at]!
    if (!end.ok) return []
    const lag = end.value.offset - offset
    return [[`${topic}-${partition}`, `committed ${offset}, the log ends at ${end.value.offset}: lag ${lag}`]]
  })
  return [['group', group], ...rows]
}

const MAX_ROWS = 3

async function groupExample(admin: Admin): Promise<[string, string][]> {
  const group = await someGroup(admin)
  if (group === null) return []
  const outcome = (await admin.describeGroups([group])).get(group)
  if (outcome?.ok !== true) return []
  const { state, assignor, coordinator, members } = outcome.value
  return [
    ['group', `${group}: ${state}${assignor === '' ? '' : `, ${assignor}`}`],
    ['coordinator', `broker ${coordinator.id}, ${coordinator.host}:${coordinator.port}`],
    ...members
      .slice(0, MAX_ROWS)
      .map(({ memberId, host }): [string, string] => ['member', `${memberId}, from ${host}`]),
  ]
}

async function quorumExample(admin: Admin): Promise<[string, string][]> {
  const { leaderId, leaderEpoch, highWatermark, voters, observers } = await admin.describeMetadataQuorum()
  const ids = (nodes: readonly { id: number }[]): string => list(nodes.map(({ id }) => id))
  return [
    ['quorum', `node ${leaderId} leads in epoch ${leaderEpoch}, high watermark ${highWatermark}`],
    ['voters', ids(voters)],
    ['observers', ids(observers)],
  ]
}
