import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Assign,
  type Assignment,
  assigner,
  assignRange,
  assignRoundRobin,
  type ProtocolCodecs,
  type Subscription,
} from '../../../src/client/group/assignors.ts'

const member = (memberId: string, ...topics: string[]): Subscription => ({ memberId, topics })

const plain = (assignment: Assignment): Record<string, Record<string, number[]>> =>
  Object.fromEntries([...assignment].map(([id, topics]) => [id, Object.fromEntries(topics)]))

describe('the range assignor', () => {
  it('gives consecutive ranges per topic, the first members one more', () => {
    const assignment = assignRange([member('b', 't', 'u'), member('a', 't', 'u')], () => 3)
    expect(plain(assignment)).toEqual({ a: { t: [0, 1], u: [0, 1] }, b: { t: [2], u: [2] } })
  })

  it('gives a topic to its own subscribers only', () => {
    const assignment = assignRange([member('a', 't'), member('b', 't', 'u')], (topic) => (topic === 't' ? 2 : 4))
    expect(plain(assignment)).toEqual({ a: { t: [0] }, b: { t: [1], u: [0, 1, 2, 3] } })
  })

  it('leaves members without partitions when there are too few', () => {
    expect(plain(assignRange([member('a', 't'), member('b', 't')], () => 1))).toEqual({ a: { t: [0] }, b: {} })
  })
})

describe('the round-robin assignor', () => {
  it('deals out all partitions in turn', () => {
    const assignment = assignRoundRobin([member('b', 't', 'u'), member('a', 't', 'u')], () => 3)
    expect(plain(assignment)).toEqual({ a: { t: [0, 2], u: [1] }, b: { t: [1], u: [0, 2] } })
  })

  it('skips members that do not read the topic', () => {
    const assignment = assignRoundRobin([member('a', 't'), member('b', 't', 'u')], (topic) => (topic === 't' ? 2 : 2))
    expect(plain(assignment)).toEqual({ a: { t: [0] }, b: { t: [1], u: [0, 1] } })
  })
})

describe.each<[string, Assign]>([
  ['range', assignRange],
  ['round robin', assignRoundRobin],
])('%s, whatever the group', (_, assign) => {
  const names = fc.uniqueArray(fc.constantFrom('t', 'u', 'v', 'w'), { minLength: 1 })
  const groups = fc.uniqueArray(fc.record({ memberId: fc.string({ minLength: 1 }), topics: names }), {
    selector: ({ memberId }) => memberId,
    minLength: 1,
    maxLength: 6,
  })

  it('gives each partition to exactly one member that wants it', () => {
    fc.assert(
      fc.property(groups, fc.array(fc.nat(7), { minLength: 4, maxLength: 4 }), (members, counts) => {
        const countOf = (topic: string): number => counts['tuvw'.indexOf(topic)]!
        const assignment = assign(members, countOf)
        const given = [...assignment].flatMap(([id, topics]) =>
          [...topics].flatMap(([topic, partitions]) => partitions.map((partition) => `${topic}-${partition}/${id}`)),
        )
        const wanted = new Set(members.flatMap(({ topics }) => topics))
        const expected = [...wanted].flatMap((topic) =>
          Array.from({ length: countOf(topic) }, (_, at) => `${topic}-${at}`),
        )
        expect(given.map((one) => one.slice(0, one.indexOf('/'))).sort()).toEqual(expected.sort())
        for (const { memberId, topics } of members) {
          for (const topic of assignment.get(memberId)!.keys()) expect(topics).toContain(topic)
        }
      }),
    )
  })

  it('comes to the same result in whatever order members are listed', () => {
    fc.assert(
      fc.property(groups, (members) => {
        const there = plain(assign(members, () => 5))
        expect(plain(assign([...members].reverse(), () => 5))).toEqual(there)
      }),
    )
  })
})

it('speaks to kafkajs in its own codecs, under the name Java members know', async () => {
  const codecs = (await import('kafkajs')).default.AssignerProtocol as unknown as ProtocolCodecs
  const cluster = { findTopicPartitionMetadata: () => [{}, {}, {}] } as never
  const range = assigner('range', assignRange, codecs)({ cluster })
  expect(range.name).toBe('range')
  const { name, metadata } = range.protocol({ topics: ['t'] })
  expect(name).toBe('range')
  const members = ['a', 'b'].map((memberId) => ({ memberId, memberMetadata: metadata }))
  const assigned = await range.assign({ members, topics: ['t'] })
  const { MemberAssignment } = (await import('kafkajs')).default.AssignerProtocol
  expect(
    assigned.map(({ memberId, memberAssignment }) => [memberId, MemberAssignment.decode(memberAssignment)!.assignment]),
  ).toEqual([
    ['a', { t: [0, 1] }],
    ['b', { t: [2] }],
  ])
})
