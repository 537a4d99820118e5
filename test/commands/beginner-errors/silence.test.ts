import { describe, expect, it } from 'vitest'
import type { Admin } from '../../../src/client/admin-types.ts'
import { Found } from '../../../src/commands/beginner-errors/found.ts'
import { Look } from '../../../src/commands/beginner-errors/look.ts'
import { diagnoseSilence, type SilentReader } from '../../../src/commands/beginner-errors/silence.ts'
import { memoryAdmin, ok } from '../../support/memory-admin.ts'

const READER: SilentReader = {
  topic: 't',
  partition: null,
  group: null,
  fromBeginning: false,
  isCommitted: false,
  assigned: null,
}
const partition = (number: number, leader = 1) => ({ partition: number, leader, replicas: [1], isr: [1] })

/** A topic with one partition of `end` records, of which `stable` are decided. */
function cluster(end: number, stable: number = end, more: Partial<Admin> = {}): Partial<Admin> {
  return {
    describeTopics: async () => new Map([['t', ok({ name: 't', partitions: [partition(0)] } as never)]]),
    listTopics: async () => [{ name: 't' }, { name: 'tt' }] as never,
    listOffsets: async (queries, options) =>
      queries.map(({ spec }) =>
        ok({
          offset: spec === 'earliest' ? 0 : options?.isolation === 'read_committed' ? stable : end,
          timestamp: -1,
          leaderEpoch: 0,
        }),
      ),
    ...more,
  }
}

const group = (state: string, assignments: readonly number[]): Partial<Admin> => ({
  describeGroups: async () =>
    new Map([
      ['g', ok({ groupId: 'g', state, members: assignments.map((count) => ({ assignment: Array(count) })) } as never)],
    ]),
  listGroupOffsets: async () => new Map([['g', ok([])]]),
})

async function diagnosed(methods: Partial<Admin>, reader: Partial<SilentReader> = {}): Promise<Found> {
  const { admin } = memoryAdmin(methods)
  const look = new Look({ live: async () => ({ admin, servers: 'a:1' }), env: {}, now: () => 0 })
  const found = new Found()
  await diagnoseSilence({ ...READER, ...reader }, look, found)
  return found
}

describe('a consumer that prints nothing', () => {
  it('reads from the end', async () => {
    const { why, facts, next } = await diagnosed(cluster(7))
    expect(why).toContain('begins at the end')
    expect(facts).toEqual(["topic 't' holds 7 records"])
    expect(next![0]!.run).toBe('kt console-consumer --topic t --from-beginning')
    expect((await diagnosed(cluster(7), { partition: 0 })).next![0]!.run).toContain('--partition 0 --offset earliest')
  })

  it('reads an empty topic, perhaps not the one that was meant', async () => {
    const { why, facts } = await diagnosed(cluster(0))
    expect(why).toContain('is empty: nobody has written')
    expect(facts).toEqual(['names like it: tt'])
  })

  it('waits for an open transaction', async () => {
    const listTransactions: Admin['listTransactions'] = async () => [
      { transactionalId: 'x', state: 'Ongoing', coordinatorId: 1, producerId: 1n },
      { transactionalId: 'done', state: 'CompleteCommit', coordinatorId: 1, producerId: 2n },
    ]
    const { why, facts, next } = await diagnosed(cluster(7, 3, { listTransactions }), { isCommitted: true })
    expect(why).toContain('A transaction is open')
    expect(facts).toContain('t-0: last stable offset 3, end 7')
    expect(facts).toContain("transaction of 'x': Ongoing")
    expect(facts.join()).not.toContain('done')
    expect(next![0]!.run).toBe('kt transactions describe --transactional-id x')
  })

  it('is a member too many', async () => {
    const reader = { group: 'g', assigned: 0 }
    expect((await diagnosed(cluster(7, 7, group('Stable', [1, 0])), reader)).why).toContain('This member')
    expect((await diagnosed(cluster(7, 7, group('Stable', [1, 0])), { group: 'g' })).why).toContain('A member')
    // Its own partition has nothing new: that there are idle ones is not the reason.
    expect((await diagnosed(cluster(7, 7, group('Stable', [1, 0])), { group: 'g', assigned: 1 })).why).not.toContain(
      'reserve',
    )
    expect((await diagnosed(cluster(7, 7, group('PreparingRebalance', [0, 0])), reader)).why).toContain(
      'sharing its partitions out',
    )
  })

  it('belongs to a group that has read everything, or is new', async () => {
    const listGroupOffsets = async () => new Map([['g', ok([{ topic: 't', partition: 0, offset: 7 } as never])]])
    const done = { ...cluster(7, 7, group('Stable', [1])), listGroupOffsets }
    const { why, next } = await diagnosed(done, { group: 'g', assigned: 1, fromBeginning: true })
    expect(why).toContain('has read everything')
    expect(why).toContain('--from-beginning only counts for a group without committed offsets')
    expect(next![1]!.run).toContain('--reset-offsets --group g --topic t --to-earliest')
    expect((await diagnosed(cluster(7, 7, group('Stable', [1])), { group: 'g', assigned: 1 })).why).toContain(
      'A new group begins at the end',
    )
  })

  it('has no leader, no topic, no cluster', async () => {
    const leaderless = {
      ...cluster(7),
      describeTopics: async () => new Map([['t', ok({ name: 't', partitions: [partition(0, -1)] } as never)]]),
    }
    expect((await diagnosed(leaderless)).facts[0]).toBe('no leader, so nothing can be read: t-0')
    const absent = { ok: false, error: { code: 3, name: 'UNKNOWN_TOPIC_OR_PARTITION', message: '' } } as const
    const gone = { ...cluster(7), describeTopics: async () => new Map([['t', absent]]) }
    expect((await diagnosed(gone)).why).toBe("Topic 't' does not exist.")
    expect((await diagnosed({})).facts).toEqual(['no cluster answers'])
  })
})
