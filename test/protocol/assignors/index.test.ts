/** What every assignor keeps to, and Kafka's own answers (`test/interop/assignors-java.test.ts` writes and widens them). */
import * as fs from 'node:fs'
import * as path from 'node:path'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { BROKER_ASSIGNORS, CLIENT_ASSIGNORS } from '../../../src/protocol/assignors/index.ts'
import { assignmentLine, parseCase, randomCase, sharedPartitions } from '../../support/assignor-cases.ts'

const ALL = [
  ...CLIENT_ASSIGNORS.map((assignor) => ({ ...assignor, key: assignor.name })),
  ...BROKER_ASSIGNORS.map((assignor) => ({ ...assignor, key: `broker-${assignor.name}` })),
]
const GOLDEN = fs
  .readFileSync(path.join(import.meta.dirname, '../../golden/assignors.txt'), 'utf8')
  .trimEnd()
  .split('\n')

describe.each(ALL)('$key', ({ key, name, style, assign }) => {
  it('shares partitions out as Kafka does', () => {
    const cases = GOLDEN.flatMap((line, at) => (line.startsWith(`${key} `) ? [[line, GOLDEN[at + 1]!] as const] : []))
    expect(cases.length).toBeGreaterThan(10)
    for (const [line, theirs] of cases) {
      const group = parseCase(line)
      expect(assignmentLine(group, assign(group.members, group.topics)), line).toBe(theirs)
    }
  })

  it.each([true, false])('gives each partition to one member that reads it; different topics: %s', (mixed) => {
    const random = seededRandom(7)
    for (let round = 0; round < 200; round++) {
      const group = randomCase(random, { mixed })
      const assignment = assign(group.members, group.topics)
      expect([...assignment.keys()].sort()).toEqual(group.members.map(({ memberId }) => memberId).sort())
      expect(sharedPartitions(assignment)).toEqual([])
      const read = group.topics.filter((topic) => group.members.some(({ topics }) => topics.includes(topic.name)))
      const total = read.reduce((sum, { partitionCount }) => sum + partitionCount, 0)
      const given = [...assignment.values()].reduce((sum, list) => sum + list.length, 0)
      // A cooperative assignor leaves out what has to be given up first.
      if (style === 'cooperative') expect(given).toBeLessThanOrEqual(total)
      else expect(given).toBe(total)
      const counts = [...assignment.values()].map((list) => list.length)
      const isEven = name === 'sticky' || name === 'uniform' || name === 'roundrobin'
      if (isEven && !mixed) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    }
  })

  it('has nothing to share out without members', () => {
    expect(assign([], [{ name: 't', topicId: 'AAAAAAAAAAAAAAAAAAAAEQ', partitionCount: 3 }]).size).toBe(0)
  })
})

describe('stickiness', () => {
  const topic = { name: 't', topicId: 'AAAAAAAAAAAAAAAAAAAAEQ', partitionCount: 6 }
  const owned = (numbers: readonly number[]) => numbers.map((partition) => ({ topic: 't', partition }))
  const member = (memberId: string, numbers: readonly number[]) => ({
    memberId,
    instanceId: null,
    topics: ['t'],
    owned: owned(numbers),
  })
  const assignorOf = (key: string) => ALL.find((assignor) => assignor.key === key)!.assign

  it.each(['sticky', 'broker-uniform'])('%s moves as few as it can when a member joins', (key) => {
    const before = [member('a', [0, 1, 2]), member('b', [3, 4, 5]), member('c', [])]
    const after = assignorOf(key)(before, [topic])
    for (const { memberId, owned: had } of before.slice(0, 2)) {
      expect(had).toEqual(expect.arrayContaining(after.get(memberId)!))
      expect(after.get(memberId)).toHaveLength(2)
    }
  })

  it('cooperative-sticky gives out what is free, and what moves only when it has been given up', () => {
    const assign = assignorOf('cooperative-sticky')
    const first = assign([member('a', [0, 1, 2, 3, 4, 5]), member('b', [])], [topic])
    expect(first.get('b')).toEqual([])
    const second = assign(
      [...first].map(([memberId, list]) => ({ memberId, instanceId: null, topics: ['t'], owned: list })),
      [topic],
    )
    expect(second.get('b')).toHaveLength(3)
    expect(second.get('a')).toEqual(first.get('a'))
  })
})
