import { describe, expect, it } from 'vitest'
import type { Facts, NodeFact } from '../../../src/learn/facts/facts.ts'
import { type Ask, takePicture, withNodes } from '../../../src/learn/picture/picture.ts'

const ask: Ask = (_, question) => question().catch(() => null)

const node = (nodeId: number, state: NodeFact['state'], isController = false): NodeFact => ({
  ...{ nodeId, state, isController },
  isBroker: !isController,
  pid: null,
  directory: '',
})

const PARTITION = { partition: 0, leader: 1, leaderEpoch: 4, replicas: [1, 2, 3], isr: [1, 3] }
const MEMBER = { memberId: 'm', groupInstanceId: null, clientId: 'one', host: '/here' }

/** Facts of a cluster of three brokers; `more` answers differently. */
function factsOf(more: Record<string, unknown> = {}): Facts {
  const answers = {
    cluster: async () => ({ clusterId: 'c', controllerId: 100, brokers: [{ id: 1 }, { id: 3 }] }),
    quorum: async () => ({ leaderId: 100, voters: [{ id: 100 }, { id: 101 }] }),
    nodes: () => null,
    topicNames: async () => ['kt-15-more', 'kt-15-orders', 'theirs'],
    topic: async (name: string) => (name === 'gone' ? null : { name, partitions: [PARTITION] }),
    offsets: async () => [{ partition: 0, start: 0, end: 30 }],
    replicaEnds: async (_: string, broker: number) => new Map([[`${broker}/0`, 30 + broker]]),
    groups: async () => [{ groupId: 'kt-15-shop' }, { groupId: 'theirs' }],
    group: async (id: string) => ({
      groupId: id,
      state: 'Stable',
      members: [{ ...MEMBER, assignment: [{ topic: 'kt-15-orders', partition: 0 }] }],
    }),
    committed: async () => [
      { topic: 'kt-15-orders', partition: 0, offset: 12 },
      { topic: 'kt-15-orders', partition: 1, offset: 3 },
    ],
    ...more,
  }
  return answers as unknown as Facts
}

const take = (facts: Facts, local: readonly NodeFact[] | null = null, topics = ['kt-15-orders']) =>
  takePicture(Object.assign(facts, { nodes: () => local }), { topics, groups: [], prefix: 'kt-15-' }, ask)

describe('a picture', () => {
  it('has the lesson’s topics and those under its prefix, and nobody else’s', async () => {
    const { topics, groups } = await take(factsOf())
    expect(topics.map(({ name }) => name)).toEqual(['kt-15-orders', 'kt-15-more'])
    expect(groups.map(({ id }) => id)).toEqual(['kt-15-shop'])
  })

  it('tells of each replica what it is and how far it reaches', async () => {
    const { topics } = await take(factsOf())
    expect(topics[0]!.partitions).toEqual([
      {
        partition: 0,
        leader: 1,
        leaderEpoch: 4,
        highWatermark: 30,
        replicas: [
          { broker: 1, role: 'leader', end: 31 },
          { broker: 2, role: 'behind', end: null },
          { broker: 3, role: 'in-sync', end: 33 },
        ],
      },
    ])
  })

  it('has brokers that hold replicas and are gone, and says who leads the quorum', async () => {
    const { brokers, controllers } = await take(factsOf())
    expect(brokers).toEqual([
      { id: 1, state: 'up' },
      { id: 2, state: 'dead' },
      { id: 3, state: 'up' },
    ])
    expect(controllers.map(({ id, isActive }) => [id, isActive])).toEqual([
      [100, true],
      [101, false],
    ])
  })

  it('knows of processes of this machine whether they are paused, dead or fenced', async () => {
    const local = [
      node(1, 'running'),
      node(2, 'running'),
      node(3, 'paused'),
      node(4, 'stopped'),
      node(100, 'stopped', true),
    ]
    const { brokers, controllers } = await take(factsOf(), local)
    expect(brokers.map(({ state }) => state)).toEqual(['up', 'fenced', 'paused', 'dead'])
    expect(controllers[0]).toEqual({ id: 100, state: 'dead', isActive: false })
  })

  it('asks no process that is paused how far it has come: it would not answer', async () => {
    const asked: number[] = []
    const replicaEnds = async (_: string, broker: number) => {
      asked.push(broker)
      return new Map()
    }
    await take(factsOf({ replicaEnds }), [node(1, 'running'), node(3, 'paused')], [])
    expect([...new Set(asked)]).toEqual([1])
  })

  it('is of this machine’s processes alone when nobody answers', async () => {
    const cluster = async () => Promise.reject(new Error('nobody'))
    const picture = await take(factsOf({ cluster }), [node(1, 'stopped'), node(100, 'running', true)])
    expect(picture).toMatchObject({ isUnanswered: true, topics: [], groups: [], brokers: [{ id: 1, state: 'dead' }] })
  })

  it('leaves out what nobody tells and goes on with the rest', async () => {
    const never = async () => Promise.reject(new Error('not allowed'))
    const { topics, controllers } = await take(factsOf({ quorum: never, offsets: never, groups: never }))
    expect(controllers).toEqual([])
    expect(topics[0]!.partitions[0]!.highWatermark).toBeNull()
  })

  it('gives members what they read with the lag, and nobody what is committed and not read', async () => {
    const { groups } = await take(factsOf())
    expect(groups[0]!.members).toEqual([
      { name: 'one', shares: [{ partition: 'kt-15-orders-0', committed: 12, lag: 18 }] },
      { name: '', shares: [{ partition: 'kt-15-orders-1', committed: 3, lag: null }] },
    ])
  })
})

describe('a picture while a look is waiting', () => {
  it('takes over that a process has died or is paused, and not that a fenced one runs', async () => {
    const before = await take(factsOf(), [node(1, 'running'), node(2, 'running'), node(3, 'running')])
    expect(before.brokers.map(({ state }) => state)).toEqual(['up', 'fenced', 'up'])
    const now = withNodes(before, [node(1, 'stopped'), node(2, 'running'), node(3, 'paused')])
    expect(now.brokers.map(({ state }) => state)).toEqual(['dead', 'fenced', 'paused'])
    expect(now.topics).toBe(before.topics)
  })
})
