import { describe, expect, it } from 'vitest'
import type { Admin } from '../../../src/client/admin-types.ts'
import { readToTheEnd } from '../../../src/learn/checks/groups.ts'
import { ofRecords } from '../../../src/learn/checks/records.ts'
import { inSync, partitionCount, replicationFactor } from '../../../src/learn/checks/topics.ts'
import { isLearners, madeAnew, wayOutOf } from '../../../src/learn/checks/ways-out.ts'
import type { NodeFact } from '../../../src/learn/facts/facts.ts'
import { type Event, Journal } from '../../../src/learn/journal.ts'
import type { Look } from '../../../src/learn/lesson.ts'
import { fakeLesson, fakeNode, lookAt } from '../../support/learn-fakes.ts'
import { ok, topicOf } from '../../support/memory-admin.ts'

const TOPIC = 'kt-05-orders'
const event = (change: 'made' | 'gone', at: number): Event => ({
  ...{ kind: 'partition', partition: `${TOPIC}-0`, change, at, after: at - 1 },
})
const journalOf = (...changes: ('made' | 'gone')[]): Journal =>
  new Journal({ events: changes.map((change, at) => event(change, at + 1)), last: null })
const LEARNERS = journalOf('made')

const topic = (...partitions: string[]): Partial<Admin> => ({
  describeTopics: async () => new Map([[TOPIC, ok(topicOf(TOPIC, partitions))]]),
  describeCluster: async () => ({ clusterId: 'c', controllerId: 1, brokers: [{ id: 1 }, { id: 3 }] }) as never,
})

describe('who made a topic', () => {
  it.each([
    [[], false],
    [['made'], true],
    [['made', 'gone', 'made'], true],
    [['gone', 'made'], false],
  ] as const)('%j: the learner %s', (changes, is) => {
    expect(isLearners(TOPIC, journalOf(...changes).events)).toBe(is)
  })

  it('says how it becomes another one', () => {
    expect(madeAnew(TOPIC, 'so it is', LEARNERS.events).next).toBe(`kt topics --delete --topic ${TOPIC}`)
    expect(madeAnew(TOPIC, 'so it is', []).next).toBe('kt learn reset 5')
  })
})

describe('a topic of the wrong shape', () => {
  it('with too many partitions has to be made anew', async () => {
    const four = topic('1:1:1', '1:1:1', '1:1:1', '1:1:1')
    const check = partitionCount(TOPIC, 3)
    expect(await check(lookAt(four, { journal: LEARNERS }))).toMatchObject({
      wayOut: {
        why: `${TOPIC} has 4 partitions, and a topic never gets fewer: delete it and make it anew`,
        next: `kt topics --delete --topic ${TOPIC}`,
      },
    })
    expect(await check(lookAt(four))).toMatchObject({ wayOut: { next: 'kt learn reset 5' } })
  })

  it('with too few gets more, unless that is the task', async () => {
    const check = partitionCount(TOPIC, 3)
    expect(await check(lookAt(topic('1:1:1'), { journal: LEARNERS }))).toMatchObject({
      wayOut: { next: `kt topics --alter --topic ${TOPIC} --partitions 3` },
    })
    expect(await check(lookAt(topic('1:1:1')))).not.toHaveProperty('wayOut')
  })

  it('with other replicas has to be made anew, unless moving them is the task', async () => {
    const check = replicationFactor(TOPIC, 3)
    expect(await check(lookAt(topic('1:1:1'), { journal: LEARNERS }))).toMatchObject({
      wayOut: { next: `kt topics --delete --topic ${TOPIC}` },
    })
    expect(await check(lookAt(topic('1:1:1')))).not.toHaveProperty('wayOut')
  })

  it('as it should be, or not there yet, has no way out', async () => {
    const none: Partial<Admin> = { describeTopics: async () => new Map() }
    for (const check of [partitionCount(TOPIC, 1), replicationFactor(TOPIC, 1)]) {
      expect(await check(lookAt(topic('1:1:1'), { journal: LEARNERS }))).not.toHaveProperty('wayOut')
      expect(await check(lookAt(none, { journal: LEARNERS }))).not.toHaveProperty('wayOut')
    }
  })

  it('does not wait for replicas on brokers that are not there', async () => {
    expect(await inSync(TOPIC)(lookAt(topic('1:1,2,3:1,3')))).toMatchObject({ waitingFor: 'broker 2, out of service' })
    expect(await inSync(TOPIC)(lookAt(topic('1:1,3:1')))).toMatchObject({ waitingFor: 'the ISR of 1 partition' })
  })
})

describe('records that forbid a goal for ever', () => {
  const look = { facts: { topic: async () => ({}), records: async () => [] }, journal: new Journal() }
  const found = (done: boolean, spoilt?: string) =>
    ofRecords(TOPIC, { expected: 'none' }, () => ({ done, observed: 'some', spoilt }))(look as unknown as Look)

  it('are said, while it is not reached', async () => {
    expect(await found(false, 'one is too many')).toMatchObject({ wayOut: { next: 'kt learn reset 5' } })
    expect(await found(false)).not.toHaveProperty('wayOut')
    expect(await found(true, 'one is too many')).not.toHaveProperty('wayOut')
  })
})

describe('a group that stands beyond the end', () => {
  const at = (ends: number[]): Partial<Admin> => ({
    ...topic('1:1:1'),
    listOffsets: async (asked) =>
      asked.map(({ spec }) =>
        ok({ offset: spec === 'earliest' ? 0 : ends.length > 1 ? ends.shift() : ends[0] } as never),
      ),
    listGroupOffsets: async () => new Map([['shop', ok([{ topic: TOPIC, partition: 0, offset: 12 } as never])]]),
  })

  it('has not read a topic that was made anew', async () => {
    expect(await readToTheEnd('shop', TOPIC)(lookAt(at([3])))).toMatchObject({
      state: 'not-yet',
      wayOut: { next: `kt consumer-groups --reset-offsets --group shop --topic ${TOPIC} --to-earliest --execute` },
    })
  })

  it('is one that reads and writes on when the end has moved meanwhile', async () => {
    const verdict = await readToTheEnd('shop', TOPIC)(lookAt(at([10, 12])))
    expect(verdict).toMatchObject({ state: 'done' })
    expect(verdict).not.toHaveProperty('wayOut')
  })
})

describe('what keeps a whole lesson from being done', () => {
  const of = (
    { nodes = null, journal = new Journal() }: { nodes?: readonly NodeFact[] | null; journal?: Journal },
    more: Parameters<typeof fakeLesson>[0] = {},
  ) => wayOutOf(fakeLesson(more), lookAt({}, { nodes, journal }))

  it('is nothing, as long as all is there', async () => {
    expect(await of({})).toBeNull()
    expect(await of({ nodes: [fakeNode(1), fakeNode(100)] })).toBeNull()
  })

  it('is a topic of the set-up that was deleted, also when somebody made it again', async () => {
    expect(await of({ journal: journalOf('gone') })).toMatchObject({
      why: `${TOPIC} was deleted, and with it what the lesson had put in: begin the lesson anew`,
      next: 'kt learn reset 5',
    })
    expect((await of({ journal: journalOf('gone', 'made') }))?.why).toContain('deleted and made anew')
    expect(await of({ journal: journalOf('made', 'gone') })).toBeNull()
  })

  it('is a cluster that got too small', async () => {
    const needs = [{ kind: 'brokers', atLeast: 3 }] as const
    const nodes = [fakeNode(1), fakeNode(2), fakeNode(100)]
    expect(await of({ nodes }, { needs })).toMatchObject({ next: 'kt cluster add' })
    expect(await of({ nodes: null }, { needs })).toBeNull()
  })

  it('is a broker that does not run or hangs, where the lesson kills nobody', async () => {
    expect(await of({ nodes: [fakeNode(1), fakeNode(2, 'stopped')] })).toEqual({
      why: 'broker 2 does not run',
      next: 'kt cluster start',
    })
    expect(await of({ nodes: [fakeNode(1), fakeNode(2, 'paused')] })).toMatchObject({ next: 'kt cluster resume 2' })
    expect(await of({ nodes: [fakeNode(1), fakeNode(2, 'stopped')] }, { where: 'local' })).toBeNull()
  })
})
