/**
 * The picture of a cluster as a lesson shows it: nodes, the replicas of the lesson's topics, the lesson's groups. Plain
 * data, taken from the facts of a look: what its goals asked already costs nothing more.
 */
import type { Facts, NodeFact } from '../facts/facts.ts'

/** `dead`: its process has stopped, or nobody knows it any more. `fenced`: it runs, and the controller does not count on it. */
export type NodeState = 'up' | 'paused' | 'fenced' | 'dead'

export interface PictureNode {
  readonly id: number
  readonly state: NodeState
}

export interface PictureController extends PictureNode {
  /** It leads the metadata quorum. */
  readonly isActive: boolean
}

export interface PictureReplica {
  readonly broker: number
  readonly role: 'leader' | 'in-sync' | 'behind'
  /** Log end offset; null when it was not told. */
  readonly end: number | null
}

export interface PicturePartition {
  readonly partition: number
  /** -1 when there is none. */
  readonly leader: number
  readonly leaderEpoch: number
  /** Up to here consumers read; null when nobody answers for the partition. */
  readonly highWatermark: number | null
  readonly replicas: readonly PictureReplica[]
}

export interface PictureTopic {
  readonly name: string
  readonly partitions: readonly PicturePartition[]
}

export interface PictureShare {
  /** `orders-0` */
  readonly partition: string
  /** null when nothing is committed. */
  readonly committed: number | null
  /** null when nothing is committed, or the end is not known. */
  readonly lag: number | null
}

export interface PictureMember {
  /** `''` for what was committed and belongs to nobody now. */
  readonly name: string
  readonly shares: readonly PictureShare[]
}

export interface PictureGroup {
  readonly id: string
  readonly state: string
  /** Members by name; what nobody has stands last. */
  readonly members: readonly PictureMember[]
}

export interface Picture {
  readonly brokers: readonly PictureNode[]
  readonly controllers: readonly PictureController[]
  readonly topics: readonly PictureTopic[]
  readonly groups: readonly PictureGroup[]
  /** Nobody answered: the rest is what this machine knows of its own processes. */
  readonly isUnanswered: boolean
}

/** What a picture shows. */
export interface Subject {
  readonly topics: readonly string[]
  readonly groups: readonly string[]
  /** Topics and groups whose names begin so are shown too; null for none. */
  readonly prefix: string | null
}

/** Asks what a picture can do without; null when there is no answer soon. `key` names who is asked what. */
export type Ask = <T>(key: string, question: () => Promise<T>) => Promise<T | null>

/** Far more than fits on a screen. */
const MAX_TOPICS = 12
const MAX_GROUPS = 12

/** Takes the picture; a part that nobody tells is left out, nothing is thrown. */
export async function takePicture(facts: Facts, subject: Subject, ask: Ask): Promise<Picture> {
  const [cluster, quorum] = await Promise.all([
    ask('cluster', () => facts.cluster()),
    ask('quorum', () => facts.quorum()),
  ])
  const local = facts.nodes()
  const inService = cluster?.brokers.map(({ id }) => id) ?? null
  if (inService === null) {
    const brokers = (local ?? []).filter(({ isBroker }) => isBroker).map((node) => nodeOf(node, null))
    return { brokers, controllers: controllersOf(local, [], -1), topics: [], groups: [], isUnanswered: true }
  }
  const [topics, groups] = await Promise.all([
    topicsOf(facts, subject, local, inService, ask),
    groupsOf(facts, subject, ask),
  ])
  return {
    brokers: brokersOf(local, inService, topics),
    controllers: controllersOf(local, quorum?.voters.map(({ id }) => id) ?? [], quorum?.leaderId ?? -1),
    topics,
    groups,
    isUnanswered: false,
  }
}

/** The picture with nodes as this machine sees them now: while a look waits for a broker that has just died. */
export function withNodes(picture: Picture, local: readonly NodeFact[]): Picture {
  const known = new Map(local.map((node) => [node.nodeId, node]))
  const seen = <T extends PictureNode>(node: T): T => {
    const fact = known.get(node.id)
    const now = fact === undefined ? node.state : nodeOf(fact, null).state
    // That it runs does not tell that the controller counts on it.
    return now === 'up' && node.state === 'fenced' ? node : { ...node, state: now }
  }
  return { ...picture, brokers: picture.brokers.map(seen), controllers: picture.controllers.map(seen) }
}

function nodeOf({ nodeId, state }: NodeFact, inService: readonly number[] | null): PictureNode {
  if (state !== 'running') return { id: nodeId, state: state === 'paused' ? 'paused' : 'dead' }
  return { id: nodeId, state: inService?.includes(nodeId) === false ? 'fenced' : 'up' }
}

/** Brokers that are in service, and those that ought to be: processes of this machine, and holders of replicas. */
function brokersOf(
  local: readonly NodeFact[] | null,
  inService: readonly number[],
  topics: readonly PictureTopic[],
): PictureNode[] {
  const known = new Map((local ?? []).filter(({ isBroker }) => isBroker).map((node) => [node.nodeId, node]))
  const holders = topics.flatMap(({ partitions }) =>
    partitions.flatMap(({ replicas }) => replicas.map(({ broker }) => broker)),
  )
  return sorted([...inService, ...known.keys(), ...holders]).map((id) => {
    const node = known.get(id)
    if (node !== undefined) return nodeOf(node, inService)
    return { id, state: inService.includes(id) ? 'up' : 'dead' }
  })
}

function controllersOf(
  local: readonly NodeFact[] | null,
  voters: readonly number[],
  active: number,
): PictureController[] {
  const known = new Map((local ?? []).filter(({ isController }) => isController).map((node) => [node.nodeId, node]))
  return sorted([...voters, ...known.keys()]).map((id) => {
    const node = known.get(id)
    const state = node === undefined ? 'up' : nodeOf(node, null).state
    return { id, state, isActive: id === active && state !== 'dead' }
  })
}

async function topicsOf(
  facts: Facts,
  { topics, prefix }: Subject,
  local: readonly NodeFact[] | null,
  inService: readonly number[],
  ask: Ask,
): Promise<PictureTopic[]> {
  const own = prefix === null ? [] : ((await ask('topics', () => facts.topicNames())) ?? [])
  const names = new Set([...topics, ...own.filter((name) => name.startsWith(prefix!))])
  // A process that is paused would hold the answer up.
  const silent = new Set((local ?? []).filter(({ state }) => state !== 'running').map(({ nodeId }) => nodeId))
  const asked = inService.filter((id) => !silent.has(id))
  const found = await Promise.all([...names].slice(0, MAX_TOPICS).map((name) => topicOf(facts, name, asked, ask)))
  return found.filter((topic) => topic !== null)
}

async function topicOf(facts: Facts, name: string, asked: readonly number[], ask: Ask): Promise<PictureTopic | null> {
  const topic = await ask(`topic ${name}`, () => facts.topic(name))
  if (topic === null) return null
  const [ranges, ends] = await Promise.all([
    ask(`offsets ${name}`, () => facts.offsets(name)),
    Promise.all(asked.map((id) => ask(`ends ${name} ${id}`, () => facts.replicaEnds(name, id)))),
  ])
  const endOf = new Map(ends.flatMap((known) => [...(known ?? [])]))
  const partitions = topic.partitions.map(({ partition, leader, leaderEpoch, replicas, isr }): PicturePartition => {
    const highWatermark = ranges?.find((range) => range.partition === partition)?.end ?? null
    return {
      ...{ partition, leader, leaderEpoch, highWatermark },
      replicas: replicas.map((broker) => ({
        broker,
        role: broker === leader ? 'leader' : isr.includes(broker) ? 'in-sync' : 'behind',
        end: endOf.get(`${broker}/${partition}`) ?? null,
      })),
    }
  })
  return { name, partitions }
}

async function groupsOf(facts: Facts, { groups, prefix }: Subject, ask: Ask): Promise<PictureGroup[]> {
  const own = prefix === null ? [] : ((await ask('groups', () => facts.groups())) ?? [])
  const ids = new Set([
    ...groups,
    ...own.map(({ groupId }) => groupId).filter((groupId) => groupId.startsWith(prefix!)),
  ])
  const found = await Promise.all([...ids].slice(0, MAX_GROUPS).map((id) => groupOf(facts, id, ask)))
  return found.filter((group) => group !== null)
}

async function groupOf(facts: Facts, id: string, ask: Ask): Promise<PictureGroup | null> {
  const [group, committed] = await Promise.all([
    ask(`group ${id}`, () => facts.group(id)),
    ask(`committed ${id}`, () => facts.committed(id)),
  ])
  if (group === null) return null
  const offsets = new Map(
    (committed ?? []).map(({ topic, partition, offset }) => [`${topic}-${partition}`, { topic, partition, offset }]),
  )
  const ends = await endsOf(facts, id, [...offsets.values()], ask)
  const share = (partition: string): PictureShare => {
    const at = offsets.get(partition)?.offset ?? null
    const end = ends.get(partition) ?? null
    return { partition, committed: at, lag: at === null || end === null ? null : Math.max(0, end - at) }
  }
  const members = group.members
    .map(({ clientId, memberId, groupInstanceId, assignment }) => {
      const partitions = assignment.map(({ topic, partition }) => `${topic}-${partition}`).sort()
      return { name: groupInstanceId ?? (clientId || memberId), shares: partitions.map(share) }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const taken = new Set(members.flatMap(({ shares }) => shares.map(({ partition }) => partition)))
  const left = [...offsets.keys()].filter((partition) => !taken.has(partition)).sort()
  const nobody = left.length === 0 ? [] : [{ name: '', shares: left.map(share) }]
  return { id, state: group.state, members: [...members, ...nobody] }
}

async function endsOf(
  facts: Facts,
  group: string,
  committed: readonly { readonly topic: string; readonly partition: number }[],
  ask: Ask,
): Promise<Map<string, number>> {
  const topics = [...new Set(committed.map(({ topic }) => topic))]
  const ranges = await Promise.all(topics.map((topic) => ask(`offsets ${topic} ${group}`, () => facts.offsets(topic))))
  return new Map(
    topics.flatMap((topic, at) =>
      (ranges[at] ?? []).flatMap(({ partition, end }) =>
        end === null ? [] : [[`${topic}-${partition}`, end] as const],
      ),
    ),
  )
}

function sorted(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b)
}
