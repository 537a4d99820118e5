import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { KtError } from '../../src/base/errors.ts'
import type { LessonFiles } from '../../src/learn/facts/facts.ts'
import type { StageRecord } from '../../src/learn/facts/records.ts'
import { names } from '../../src/learn/names.ts'
import { Stage, type StageParts, type StagePrograms } from '../../src/learn/stage.ts'
import { fakeCluster, stageOf } from '../support/learn-fakes.ts'
import { ok, refused, topicOf } from '../support/memory-admin.ts'

const TOPIC = 'kt-05-orders'

describe('a topic of a preparation', () => {
  it('is made with its shape and settings', async () => {
    const { access, memory } = fakeCluster({
      createTopics: async () => new Map([[TOPIC, ok({ topicId: 'x' as never })]]),
    })
    const stage = new Stage({ cluster: access, names: names(5), nodes: null, write: async () => undefined })
    expect(await stage.topic(TOPIC, { partitions: 3, replicationFactor: 2, configs: { 'retention.ms': '1' } })).toBe(
      true,
    )
    expect(memory.calls[0]!.args[0]).toEqual([
      { name: TOPIC, partitions: 3, replicationFactor: 2, configs: new Map([['retention.ms', '1']]) },
    ])
  })

  it('that is there already is left as it is', async () => {
    const stage = stageOf({
      createTopics: async () => new Map([[TOPIC, refused('TOPIC_ALREADY_EXISTS', 'it is there')]]),
    })
    expect(await stage.topic(TOPIC)).toBe(false)
  })

  it('that the cluster refuses says why', async () => {
    const stage = stageOf({
      createTopics: async () => new Map([[TOPIC, refused('INVALID_REPLICATION_FACTOR', 'only 1 broker')]]),
    })
    const error = await stage.topic(TOPIC, { replicationFactor: 3 }).catch((each: unknown) => each)
    expect(error).toBeInstanceOf(KtError)
    expect((error as KtError).facts).toEqual(['only 1 broker'])
  })

  it('has the prefix of the lesson, or nothing is done', async () => {
    const stage = stageOf({})
    await expect(stage.topic('orders')).rejects.toThrow('a lesson may touch kt-05-* only, not orders')
    await expect(stage.topic('kt-06-orders')).rejects.toThrow('kt-05-*')
    await expect(stage.write('orders', [])).rejects.toThrow('kt-05-*')
    expect(stage.name('orders')).toBe(TOPIC)
  })
})

describe('records of a preparation', () => {
  const written: StageRecord[][] = []
  const stageWith = (end: number) =>
    stageOf(
      {
        createTopics: async () => new Map([[TOPIC, refused('TOPIC_ALREADY_EXISTS', '')]]),
        describeTopics: async () => new Map([[TOPIC, ok(topicOf(TOPIC, ['1:1:1']))]]),
        listOffsets: async () => [ok({ offset: end } as never)],
      },
      { write: async (_options, _topic, records) => void written.push([...records]) },
    )

  it('are written into an empty topic', async () => {
    written.length = 0
    await stageWith(0).topicWith(TOPIC, {}, [{ value: 'one' }])
    expect(written).toEqual([[{ value: 'one' }]])
  })

  it('are not written again', async () => {
    written.length = 0
    await stageWith(1).topicWith(TOPIC, {}, [{ value: 'one' }])
    expect(written).toEqual([])
  })
})

describe('tidying up', () => {
  const cluster = (more = {}) =>
    fakeCluster({
      listTopics: async () =>
        ['orders', TOPIC, 'kt-06-orders', 'kt-05-more'].map((name) => ({ name, isInternal: false })) as never,
      deleteTopics: async (topics) => new Map(topics.map((each) => [each, ok(undefined)])),
      listGroups: async () => ['shop', 'kt-05-shop'].map((groupId) => ({ groupId })) as never,
      describeGroups: async () => groupWith([]),
      deleteGroups: async (groups) => new Map(groups.map((each) => [each, ok(undefined)])),
      ...more,
    })
  const groupWith = (clients: readonly string[]) =>
    new Map([
      [
        'kt-05-shop',
        ok({
          members: clients.map((clientId) => ({
            ...{ clientId, host: '/127.0.0.1', assignment: [{ topic: TOPIC, partition: 1 }] },
          })),
        } as never),
      ],
    ])
  const clear = ({ access }: ReturnType<typeof fakeCluster>, more: Partial<StageParts> = {}) =>
    new Stage({ cluster: access, names: names(5), nodes: null, write: async () => undefined, ...more }).clear()
  const deletedOf = ({ memory }: ReturnType<typeof fakeCluster>) =>
    memory.calls.map(({ method }) => method).filter((method) => method.startsWith('delete'))

  it('deletes what has the prefix, and nothing else', async () => {
    const each = cluster()
    await clear(each)
    const deleted = each.memory.calls.filter(({ method }) => method.startsWith('delete'))
    expect(deleted.map(({ method, args }) => [method, args[0]])).toEqual([
      ['deleteTopics', [TOPIC, 'kt-05-more']],
      ['deleteGroups', ['kt-05-shop']],
    ])
  })

  it('asks for nothing to be deleted where there is nothing', async () => {
    const each = cluster({ listTopics: async () => [], listGroups: async () => [] })
    await clear(each)
    expect(each.memory.calls.map(({ method }) => method)).toEqual(['listGroups', 'listGroups', 'listTopics'])
  })

  it('does not mind what is gone meanwhile', async () => {
    await clear(
      cluster({
        deleteTopics: async () => new Map([[TOPIC, refused('UNKNOWN_TOPIC_OR_PARTITION', '')]]),
        deleteGroups: async () => new Map([['kt-05-shop', refused('GROUP_ID_NOT_FOUND', '')]]),
      }),
    )
  })

  it('deletes nothing while somebody reads, and says who and how they are ended', async () => {
    const busy = cluster({ describeGroups: async () => groupWith(['console-consumer', 'packer-2']) })
    const error = await clear(busy).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      kind: 'conflict',
      message: 'Lesson 5 is not undone: group kt-05-shop still has 2 members',
      next: 'kt learn reset 5',
    })
    expect((error as KtError).facts).toContain(
      'console-consumer on 127.0.0.1, in group kt-05-shop, reads kt-05-orders-1',
    )
    expect((error as KtError).facts.join()).toContain('Ctrl-C')
    expect(deletedOf(busy)).toEqual([])
  })

  it('ends the programs of the lesson first, and waits until they have left', async () => {
    const members = ['kt-05-till-0']
    const ended: string[] = []
    const programs: StagePrograms = {
      start: async () => undefined,
      names: () => ['kt-05-till'],
      end: async (prefix) => {
        ended.push(prefix)
        // It leaves its group a moment later.
        systemClock.setTimer(1, () => members.pop())
      },
    }
    const each = cluster({ describeGroups: async () => groupWith(members) })
    await clear(each, { programs, clock: systemClock })
    expect(ended).toEqual(['kt-05-'])
    expect(deletedOf(each)).toEqual(['deleteTopics', 'deleteGroups'])
  })

  it('deletes nothing when a program had to be killed and is a member still', async () => {
    const programs: StagePrograms = {
      ...{ start: async () => undefined, names: () => ['kt-05-till'], end: async () => undefined },
    }
    const each = cluster({ describeGroups: async () => groupWith(['kt-05-till']) })
    await expect(clear(each, { programs })).rejects.toThrow('still has 1 member')
    expect(deletedOf(each)).toEqual([])
  })

  it('says which group still has members, and what is not allowed', async () => {
    const busy = { deleteGroups: async () => new Map([['kt-05-shop', refused('NON_EMPTY_GROUP', '')]]) }
    await expect(clear(cluster(busy))).rejects.toThrow('Group kt-05-shop still has')
    const denied = { deleteTopics: async () => new Map([[TOPIC, refused('TOPIC_AUTHORIZATION_FAILED', 'not yours')]]) }
    await expect(clear(cluster(denied))).rejects.toThrow('kt-05-orders cannot be deleted')
    const refusedGroup = {
      deleteGroups: async () => new Map([['kt-05-shop', refused('GROUP_AUTHORIZATION_FAILED', 'no')]]),
    }
    await expect(clear(cluster(refusedGroup))).rejects.toThrow('Group kt-05-shop cannot be deleted')
  })
})

describe('files and clusters of a lesson', () => {
  const memoryFiles = () => {
    const kept = new Map<string, string>()
    const files: LessonFiles = {
      directory: '/learn/5',
      read: (name) => kept.get(name) ?? null,
      write: (name, text) => void kept.set(name, text),
      clear: () => kept.clear(),
    }
    return { kept, files }
  }

  it('are made once: what the learner has added stays', () => {
    const { kept, files } = memoryFiles()
    const stage = stageOf({}, { files })
    stage.file('orders.txt', 'a mug\n')
    kept.set('orders.txt', 'a mug\na book\n')
    stage.file('orders.txt', 'a mug\n')
    expect(kept.get('orders.txt')).toBe('a mug\na book\n')
    expect(stage.path('orders.txt')).toBe('/learn/5/orders.txt')
  })

  it('have the prefix of the lesson, where they are clusters', async () => {
    const started: string[] = []
    const clusters = { start: async (name: string) => `${started.push(name)}:9092`, end: async () => undefined }
    const stage = stageOf({}, { clusters })
    await expect(stage.cluster('local', 1)).rejects.toThrow('kt-05-*')
    expect(await stage.cluster('kt-05-b', 1)).toBe('1:9092')
    expect(started).toEqual(['kt-05-b'])
  })

  it('go with the lesson', async () => {
    const { kept, files } = memoryFiles()
    kept.set('orders.txt', 'a mug\n')
    const ended: string[] = []
    const clusters = { start: async () => '', end: async (prefix: string) => void ended.push(prefix) }
    const none = { listTopics: async () => [], listGroups: async () => [] }
    await stageOf(none, { files, clusters }).clear()
    expect([kept.size, ended]).toEqual([0, ['kt-05-']])
  })

  it('are nobody’s where there is nowhere to put them', async () => {
    expect(() => stageOf({}).file('orders.txt', '')).toThrow('nowhere')
    await expect(stageOf({}).cluster('kt-05-b', 1)).rejects.toThrow('nobody')
  })
})
