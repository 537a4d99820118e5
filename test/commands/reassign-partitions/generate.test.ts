import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/base/random.ts'
import { propose, usableBrokers } from '../../../src/commands/reassign-partitions/generate.ts'

const node = (id: number, rack: string | null = null) => ({ id, host: 'h', port: 1, rack })

describe('brokers for a proposal', () => {
  it('are those asked for that are alive', () => {
    expect(usableBrokers([node(1), node(2)], [2, 9], true)).toEqual([{ id: 2, rack: null, fenced: false }])
  })

  it('all have a rack, or none counts', () => {
    const live = [node(1, 'r1'), node(2), node(3, 'r2')]
    expect(() => usableBrokers(live, [1, 2, 3], true)).toThrow('Not all brokers have rack information.')
    expect(usableBrokers(live, [1, 3], true).map(({ rack }) => rack)).toEqual(['r1', 'r2'])
    expect(usableBrokers(live, [1, 2, 3], false).map(({ rack }) => rack)).toEqual([null, null, null])
  })
})

describe('a proposal', () => {
  it('has every partition with as many replicas as before, on brokers that were asked for', () => {
    const brokers = fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 3, maxLength: 7 })
    fc.assert(
      fc.property(
        fc.nat(),
        brokers,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 9 }),
        (seed, ids, factor, count) => {
          const present = ['b', 'a'].flatMap((topic) =>
            Array.from({ length: count }, (_, at) => ({
              topic,
              partition: count - 1 - at,
              replicas: Array(factor).fill(99),
            })),
          )
          const usable = ids.map((id) => ({ id, rack: null, fenced: false }))
          const proposed = propose(present, usable, seededRandom(seed))
          const names = (list: readonly { topic: string; partition: number }[]) =>
            list.map(({ topic, partition }) => `${topic}-${partition}`).sort()
          expect(names(proposed)).toEqual(names(present))
          for (const { replicas } of proposed) {
            expect(new Set(replicas).size).toBe(factor)
            expect(replicas.every((id) => ids.includes(id))).toBe(true)
          }
        },
      ),
    )
  })

  it('needs enough brokers', () => {
    const present = [{ topic: 'a', partition: 0, replicas: [1, 2] }]
    expect(() => propose(present, [{ id: 1, rack: null, fenced: false }])).toThrow(
      'The target replication factor of 2 cannot be reached because only 1 broker(s) are registered',
    )
  })
})
