import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import { placeReplicas, type UsableBroker } from '../../src/metadata/replica-placer.ts'

const broker = (id: number, rack: string | null = null, fenced = false): UsableBroker => ({ id, rack, fenced })
const place = (brokers: UsableBroker[], partitions: number, factor: number, seed = 1) =>
  placeReplicas(brokers, partitions, factor, seededRandom(seed))

describe('placement', () => {
  it('puts replicas of a partition on different brokers and spreads leaders, always', () => {
    const brokers = fc
      .uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 })
      .chain((ids) =>
        fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), rack: fc.constantFrom(null, 'a', 'b', 'c') }))),
      )
    fc.assert(
      fc.property(brokers, fc.integer({ min: 1, max: 30 }), fc.nat(), fc.nat(7), (all, partitions, seed, extra) => {
        const factor = 1 + (extra % all.length)
        const placed = placeReplicas(
          all.map((b) => ({ ...b, fenced: false })),
          partitions,
          factor,
          seededRandom(seed),
        )
        expect(placed).toHaveLength(partitions)
        for (const replicas of placed) {
          expect(new Set(replicas).size).toBe(factor)
          expect(replicas.every((id) => all.some((b) => b.id === id))).toBe(true)
        }
      }),
    )
  })

  it('gives every broker its share of leaders', () => {
    const leaders = place([broker(1), broker(2), broker(3)], 300, 2).map(([leader]) => leader)
    for (const id of [1, 2, 3]) expect(leaders.filter((leader) => leader === id)).toHaveLength(100)
  })

  it('spreads a partition over racks', () => {
    const racks = new Map([
      [1, 'a'],
      [2, 'a'],
      [3, 'b'],
      [4, 'b'],
      [5, 'c'],
      [6, 'c'],
    ])
    const brokers = [...racks].map(([id, rack]) => broker(id, rack))
    for (const replicas of place(brokers, 60, 3)) {
      expect(new Set(replicas.map((id) => racks.get(id))).size).toBe(3)
    }
  })

  it('gives a fenced broker a replica only when nothing else is left, and never the first', () => {
    const brokers = [broker(1), broker(2), broker(3, null, true)]
    for (const replicas of place(brokers, 20, 2)) expect(replicas).not.toContain(3)
    for (const replicas of place(brokers, 20, 3)) expect(replicas.indexOf(3)).toBe(2)
  })

  it('works with one broker for many partitions', () => {
    expect(place([broker(4)], 5, 1)).toEqual([[4], [4], [4], [4], [4]])
  })

  it('depends on the seed alone', () => {
    const brokers = [1, 2, 3, 4, 5].map((id) => broker(id, id % 2 === 0 ? 'a' : 'b'))
    expect(place(brokers, 9, 3, 42)).toEqual(place(brokers, 9, 3, 42))
  })

  it.each([
    [[broker(1)], 0, 'Invalid replication factor 0: the replication factor must be positive.'],
    [[broker(1, null, true)], 1, 'All brokers are currently fenced, or have all their log directories cordoned.'],
    [[], 1, 'All brokers are currently fenced'],
    [[broker(1)], 2, 'The target replication factor of 2 cannot be reached because only 1 broker(s) are registered'],
  ])('refuses %j for %d replicas', (brokers, factor, message) => {
    expect(() => place(brokers as UsableBroker[], 1, factor as number)).toThrow(message as string)
  })
})
