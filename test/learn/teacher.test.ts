import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { KtError } from '../../src/base/errors.ts'
import type { KafkaHome } from '../../src/learn/facts/facts.ts'
import { Journal } from '../../src/learn/journal.ts'
import { isFailure, nextHint, Teacher } from '../../src/learn/teacher.ts'
import { seen } from '../../src/learn/verdict.ts'
import { fakeCluster, fakeLesson, fakeNode, stageOf, teacherOf } from '../support/learn-fakes.ts'
import { ok, topicOf } from '../support/memory-admin.ts'

const TOPIC = 'kt-05-orders'

/** A cluster with this topic or without it. */
function clusterWith(topics: { has: boolean; leader?: number }) {
  return {
    listTopics: async () => (topics.has ? [{ name: TOPIC, isInternal: false }] : []) as never,
    describeTopics: async () =>
      new Map(topics.has ? [[TOPIC, ok(topicOf(TOPIC, [`${topics.leader ?? 1}:1,2:1,2`]))]] : []) as never,
    listOffsets: async (asked: readonly unknown[]) => asked.map(() => ok({ offset: 0 } as never)),
    describeCluster: async () => ({ clusterId: 'c', controllerId: 1, brokers: [{ id: 1 }, { id: 2 }] }) as never,
  }
}

describe('a lesson begins', () => {
  it('with its preparation, once what it needs is there', async () => {
    let setUps = 0
    const lesson = fakeLesson({ needs: [{ kind: 'brokers', atLeast: 2 }], setUp: async () => void setUps++ })
    const { teacher, journal } = teacherOf(lesson, clusterWith({ has: false }))
    expect(await teacher.begin()).toBeNull()
    expect(setUps).toBe(1)
    expect(journal.last?.brokers).toEqual([1, 2])
  })

  it('not on a cluster that lacks something, and says what', async () => {
    const lesson = fakeLesson({
      needs: [{ kind: 'brokers', atLeast: 3 }],
      setUp: async () => Promise.reject(new Error('no')),
    })
    const { teacher } = teacherOf(lesson, clusterWith({ has: false }))
    expect(await teacher.begin()).toMatchObject({ state: 'cannot', why: 'it needs 3 brokers, and this cluster has 2' })
  })

  it('on a whole cluster: what is dead is started, what is cut off is healed', async () => {
    const nodes = [fakeNode(1), fakeNode(2, 'stopped'), fakeNode(3), fakeNode(100)]
    const { teacher, done } = teacherOf(
      fakeLesson({ needs: [{ kind: 'brokers', atLeast: 3 }] }),
      clusterWith({ has: false }),
      () => nodes,
    )
    expect(await teacher.begin()).toBeNull()
    expect(done).toEqual(['start', 'heal'])
  })

  it('starts nothing when it is the one that begins with nothing', async () => {
    const { teacher, done, memory } = teacherOf(
      fakeLesson({ withoutCluster: true, where: 'local', watch: {} }),
      {},
      () => [],
    )
    expect(await teacher.begin()).toBeNull()
    expect(done).toEqual([])
    expect(memory.calls.map(({ method }) => method)).not.toContain('createTopics')
  })
})

describe('what a cluster lacks', () => {
  const missing = (
    lesson: Parameters<typeof fakeLesson>[0],
    methods = {},
    nodes: Parameters<typeof teacherOf>[2] = null,
  ) => teacherOf(fakeLesson(lesson), methods, nodes).teacher.missing()

  it('is the bundled cluster, for lessons that kill', async () => {
    expect(await missing({ where: 'local' })).toMatchObject({ next: 'kt learn --local' })
    expect(await missing({ where: 'local' }, {}, () => [])).toBeNull()
  })

  it('counts brokers that are dead on the bundled cluster: the lesson may have killed them', async () => {
    const nodes = () => [fakeNode(1), fakeNode(2, 'stopped'), fakeNode(100)]
    expect(await missing({ needs: [{ kind: 'brokers', atLeast: 2 }] }, {}, nodes)).toBeNull()
    expect(await missing({ needs: [{ kind: 'brokers', atLeast: 3 }] }, {}, nodes)).toMatchObject({
      next: 'kt cluster add',
    })
  })

  it('is controllers, requests, or what only Apache Kafka has', async () => {
    const quorum = { describeMetadataQuorum: async () => ({ voters: [{ id: 100 }] }) as never }
    expect(await missing({ needs: [{ kind: 'controllers', atLeast: 3 }] }, quorum)).toMatchObject({
      why: 'it needs 3 controllers, and the quorum has 1',
    })
    const apis = {
      describeApiVersions: async () =>
        [[1, 3], [1]].map((keys) => ({ broker: {}, apis: ok(keys.map((key) => ({ key }))) })) as never,
    }
    expect(await missing({ needs: [{ kind: 'api', key: 1, what: 'fetching' }] }, apis)).toBeNull()
    expect(await missing({ needs: [{ kind: 'api', key: 3, what: 'metadata' }] }, apis)).toMatchObject({
      why: 'this cluster does not serve metadata',
    })
    expect(await missing({ needs: [{ kind: 'apache', what: 'compaction' }] }, {}, () => [])).toMatchObject({
      state: 'cannot',
    })
    expect(await missing({ needs: [{ kind: 'apache', what: 'compaction' }] })).toBeNull()
  })

  it('has what runs on Java alone where KAFKA_HOME names an Apache Kafka with that script', async () => {
    const lesson = fakeLesson({
      needs: [{ kind: 'kafka-home', script: 'connect-standalone.sh', what: 'Kafka Connect' }],
    })
    const missingWith = async (kafka: KafkaHome | null) => {
      const facts = { cluster: fakeCluster({}).access, clock: systemClock, localNodes: null, kafka }
      return new Teacher({ lesson, facts, stage: stageOf({}), journal: new Journal() }).missing()
    }
    const home = { directory: '/kafka', jar: () => null, script: () => null as string | null }
    expect(await missingWith({ ...home, script: (name) => `/kafka/bin/${name}` })).toBeNull()
    expect(await missingWith(home)).toMatchObject({
      why: expect.stringContaining('/kafka has no bin/connect-standalone.sh'),
    })
    expect(await missingWith(null)).toMatchObject({
      state: 'cannot',
      why: 'it needs Kafka Connect, which runs on Java, and KAFKA_HOME names no Apache Kafka',
      next: expect.stringContaining('KAFKA_HOME='),
    })
  })
})

describe('a look', () => {
  it('passes when every goal is reached, and tells what changed since the one before', async () => {
    const topics = { has: false }
    const { teacher } = teacherOf(fakeLesson(), clusterWith(topics))
    await teacher.begin()
    const before = await teacher.look()
    expect([before.isPassed, before.events]).toEqual([false, []])
    topics.has = true
    const after = await teacher.look()
    expect(after.isPassed).toBe(true)
    expect(after.events).toMatchObject([{ kind: 'partition', partition: `${TOPIC}-0`, change: 'made' }])
  })

  it('says of a check that throws that it failed, and does not lose the others', async () => {
    const broken = {
      ...fakeLesson().goals[0]!,
      name: 'broken',
      check: async () => Promise.reject(new Error('no answer')),
    }
    const { teacher } = teacherOf(fakeLesson({ goals: [broken, fakeLesson().goals[0]!] }), clusterWith({ has: true }))
    const { goals, isPassed } = await teacher.look()
    expect(goals.map(({ verdict }) => verdict.state)).toEqual(['failed', 'done'])
    expect(isPassed).toBe(false)
  })

  it('goes on noting what happens while a check takes its time', async () => {
    const topics = { has: true, leader: 1 }
    const slow = {
      ...fakeLesson().goals[0]!,
      check: async () => {
        await new Promise((resolve) => setTimeout(resolve, 150))
        topics.leader = 2
        await new Promise((resolve) => setTimeout(resolve, 600))
        topics.leader = 1
        return seen(true, { expected: '', observed: '', show: '' })
      },
    }
    const { teacher } = teacherOf(fakeLesson({ goals: [slow] }), clusterWith(topics))
    await teacher.begin()
    const { events } = await teacher.look()
    expect(events).toMatchObject([{ kind: 'leader', from: 1, to: 2 }])
  })
})

describe('reset', () => {
  it('takes back what the lesson did beyond its names, then its topics', async () => {
    const order: string[] = []
    const lesson = fakeLesson({ restore: async () => void order.push('restore') })
    const { teacher } = teacherOf(lesson, {
      listTopics: async () => {
        order.push('clear')
        return []
      },
      listGroups: async () => [],
    })
    await teacher.reset()
    expect(order).toEqual(['restore', 'clear'])
  })

  it('knows what the journal has seen, and what came since', async () => {
    const topics = { has: true, leader: 1 }
    const seenBy: string[] = []
    const lesson = fakeLesson({
      watch: { topics: [TOPIC] },
      restore: async (_stage, journal) => void seenBy.push(...journal.events.map(({ kind }) => kind)),
    })
    const { teacher } = teacherOf(lesson, {
      ...clusterWith(topics),
      deleteTopics: async () => new Map(),
      listGroups: async () => [],
    })
    await teacher.begin()
    topics.leader = 2
    await teacher.reset()
    expect(seenBy).toEqual(['leader'])
  })
})

describe('what stands in the way of a whole lesson', () => {
  const nodes = () => [fakeNode(1), fakeNode(2, 'stopped')]

  it('is said at the first goal that is open', async () => {
    const { teacher } = teacherOf(fakeLesson(), clusterWith({ has: false }), nodes)
    expect((await teacher.look()).goals[0]?.verdict).toMatchObject({ wayOut: { next: 'kt cluster start' } })
  })

  it('is said where a check has failed, and not where all is reached', async () => {
    const [goal] = fakeLesson().goals
    const failing = [{ ...goal!, check: async () => Promise.reject(new Error('no answer')) }]
    const { teacher } = teacherOf(fakeLesson({ goals: failing }), clusterWith({ has: false }), nodes)
    expect((await teacher.look()).goals[0]?.verdict).toEqual({
      ...{ state: 'failed', why: 'no answer; broker 2 does not run', next: 'kt cluster start' },
    })
    const passed = teacherOf(fakeLesson(), clusterWith({ has: true }), nodes)
    expect((await passed.teacher.look()).goals[0]?.verdict).not.toHaveProperty('wayOut')
  })

  it('is said with the next command that the error itself knows', async () => {
    const [goal] = fakeLesson().goals
    const check = async () => Promise.reject(new KtError('unreachable', 'nobody', { next: 'kt cluster start' }))
    const { teacher } = teacherOf(fakeLesson({ goals: [{ ...goal!, check }] }), clusterWith({ has: true }))
    expect((await teacher.look()).goals[0]?.verdict).toMatchObject({ state: 'failed', next: 'kt cluster start' })
  })
})

describe('a lesson that cannot be undone', () => {
  const members = [{ clientId: 'packer', host: '/h', assignment: [] }]
  const busy = {
    ...clusterWith({ has: true }),
    listGroups: async () => [{ groupId: 'kt-05-shop' }] as never,
    describeGroups: async () => new Map([['kt-05-shop', ok({ members } as never)]]),
  }

  it('is left as it is: nothing is restored either', async () => {
    let restored = 0
    const lesson = fakeLesson({ restore: async () => void restored++ })
    const { teacher, memory } = teacherOf(lesson, busy)
    await expect(teacher.reset()).rejects.toThrow('still has 1 member')
    expect(restored).toBe(0)
    expect(memory.calls.map(({ method }) => method)).not.toContain('deleteTopics')
  })

  it('is not one whose cluster does not answer before it is restored', async () => {
    let isBroken = true
    const lesson = fakeLesson({
      restore: async () => {
        isBroken = false
      },
    })
    const { teacher, memory } = teacherOf(lesson, {
      ...clusterWith({ has: true }),
      listGroups: async () => (isBroken ? Promise.reject(new Error('no answer')) : []),
      deleteTopics: async (topics) => new Map(topics.map((each) => [each, ok(undefined)])),
    })
    await teacher.reset()
    expect(memory.calls.map(({ method }) => method)).toContain('deleteTopics')
  })
})

describe('a hint', () => {
  const lesson = fakeLesson()
  const goal = (done: boolean) => ({
    goals: [{ name: 'there is a topic', verdict: seen(done, { expected: '', observed: '', show: '' }) }],
  })

  it('is the next of three for the first goal that is open, the third again after that', () => {
    const texts = [0, 1, 2, 3].map((shown) => nextHint(lesson, goal(false), () => shown, null)?.text)
    expect(texts).toEqual([...lesson.goals[0]!.hints, lesson.goals[0]!.hints[2]])
  })

  it('is the way out first, where going on never gets there', () => {
    const wayOut = { why: 'it has 5 partitions', next: 'kt topics --delete --topic t' }
    const verdict = seen(false, { expected: '', observed: '', show: '', wayOut })
    expect(nextHint(lesson, { goals: [{ name: 'there is a topic', verdict }] }, () => 0, null)).toMatchObject({
      wayOut,
    })
    expect(nextHint(lesson, goal(false), () => 0, null)?.wayOut).toBeNull()
  })

  it('is none when all is reached', () => {
    expect(nextHint(lesson, goal(true), () => 0, null)).toBeNull()
  })

  it('knows the last command, when it failed', () => {
    const attempt = {
      at: 1,
      lesson: 5,
      line: 'kt topics --creat',
      exitCode: 1,
      error: 'creat is not a recognized option',
    }
    expect(nextHint(lesson, goal(false), () => 0, attempt)?.lastError).toBe(
      'kt topics --creat: creat is not a recognized option',
    )
    expect(nextHint(lesson, goal(false), () => 0, { ...attempt, error: '' })?.lastError).toBe(
      'kt topics --creat: exit code 1',
    )
    expect(nextHint(lesson, goal(false), () => 0, { ...attempt, exitCode: 0 })?.lastError).toBeNull()
  })

  it('takes Ctrl-C for no failure', () => {
    expect([0, 1, 2, 130, 143].map((exitCode) => isFailure({ exitCode }))).toEqual([false, true, true, false, false])
  })
})
