import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { Facts } from '../../../src/learn/facts/facts.ts'
import { factsOf, fakeCluster, fakeNode } from '../../support/learn-fakes.ts'
import { entryOf, ok, refused, topicOf } from '../../support/memory-admin.ts'

const described = (partitions: string[]) => ({
  describeTopics: async () => new Map([['orders', ok(topicOf('orders', partitions))]]),
})

describe('a look', () => {
  it('asks once for what several goals want to know, and through one admin', async () => {
    const { memory } = fakeCluster({ describeCluster: async () => ({ brokers: [] }) as never })
    let admins = 0
    const access = {
      admin: () => {
        admins++
        return memory.createAdmin()
      },
      connection: async () => ({ bootstrapServers: [] }),
    }
    const facts = new Facts({ cluster: access, clock: systemClock, localNodes: null })
    await Promise.all([facts.cluster(), facts.cluster()])
    await facts.cluster()
    expect([memory.calls.length, admins]).toEqual([1, 1])
  })

  it('fails where there is nobody to ask, and only what is asked', async () => {
    const access = {
      admin: () => Promise.reject(new Error('nobody')),
      connection: () => Promise.reject(new Error('nobody')),
    }
    const facts = new Facts({ cluster: access, clock: systemClock, localNodes: () => [fakeNode(1, 'stopped')] })
    await expect(facts.cluster()).rejects.toThrow('nobody')
    expect(facts.nodes()).toMatchObject([{ nodeId: 1, state: 'stopped' }])
  })

  it('knows no processes elsewhere than on the bundled cluster', () => {
    expect(factsOf({}).nodes()).toBeNull()
  })
})

describe('what does not exist', () => {
  it('is an observation: no topic, no group, no offsets, no settings', async () => {
    const facts = factsOf({
      describeTopics: async () => new Map([['orders', refused('UNKNOWN_TOPIC_OR_PARTITION', 'no')]]),
      listGroups: async () => [],
      listGroupOffsets: async () => new Map([['shop', refused('GROUP_ID_NOT_FOUND', 'no')]]),
      describeConfigs: async () => [refused('UNKNOWN_TOPIC_OR_PARTITION', 'no')],
    })
    expect(await facts.topic('orders')).toBeNull()
    expect(await facts.offsets('orders')).toEqual([])
    expect(await facts.recordCount('orders')).toBe(0)
    expect(await facts.records('orders')).toEqual([])
    expect(await facts.group('shop')).toBeNull()
    expect(await facts.committed('shop')).toEqual([])
    expect([...(await facts.topicConfig('orders'))]).toEqual([])
  })

  it('is told from what may not be seen', async () => {
    const facts = factsOf({
      describeTopics: async () => new Map([['orders', refused('TOPIC_AUTHORIZATION_FAILED', 'not for you')]]),
    })
    await expect(facts.topic('orders')).rejects.toThrow('not for you')
  })
})

describe('offsets', () => {
  const withOffsets = (partitions: string[], answer: Admin['listOffsets']) =>
    factsOf({ ...described(partitions), listOffsets: answer })

  it('are of each partition in its order', async () => {
    const facts = withOffsets(['1:1:1', '2:2:2'], async (asked) =>
      asked.map(({ partition, spec }) => ok({ offset: spec === 'earliest' ? partition : 10 + partition } as never)),
    )
    expect(await facts.offsets('orders')).toEqual([
      { partition: 0, start: 0, end: 10 },
      { partition: 1, start: 1, end: 11 },
    ])
    expect(await facts.recordCount('orders')).toBe(20)
  })

  it('of a partition without a leader are not asked for: nobody would answer', async () => {
    const asked: number[] = []
    const facts = withOffsets(['-1:1:1', '2:2:2'], async (partitions) => {
      asked.push(...partitions.map(({ partition }) => partition))
      return partitions.map(() => ok({ offset: 4 } as never))
    })
    expect(await facts.offsets('orders')).toEqual([
      { partition: 0, start: null, end: null },
      { partition: 1, start: 4, end: 4 },
    ])
    expect([...new Set(asked)]).toEqual([1])
  })

  it('that one leader does not tell are unknown, the others are known', async () => {
    const facts = withOffsets(['1:1:1', '2:2:2'], async (asked) =>
      asked.map(({ partition }) =>
        partition === 0 ? refused('NOT_LEADER_OR_FOLLOWER', '') : ok({ offset: 3 } as never),
      ),
    )
    expect((await facts.offsets('orders')).map(({ end }) => end)).toEqual([null, 3])
  })

  it('that are wanted soon do not wait for a leader that is dead', async () => {
    const facts = withOffsets(['1:1:1'], () => new Promise(() => undefined))
    expect(await facts.offsetsSoon('orders')).toEqual([{ partition: 0, start: null, end: null }])
  })

  it('that are wanted soon and come are those', async () => {
    const facts = withOffsets(['1:1:1'], async (asked) => asked.map(() => ok({ offset: 5 } as never)))
    expect(await facts.offsetsSoon('orders')).toEqual([{ partition: 0, start: 5, end: 5 }])
  })
})

describe('settings and directories', () => {
  it('of a broker are by name', async () => {
    const facts = factsOf({ describeConfigs: async () => [ok([entryOf('log.dirs', '/data')])] })
    expect((await facts.brokerConfig(1)).get('log.dirs')?.value).toBe('/data')
  })

  it('of brokers that answer; the others are left out', async () => {
    const facts = factsOf({
      describeCluster: async () => ({ brokers: [{ id: 1 }, { id: 2 }] }) as never,
      describeLogDirs: async () =>
        new Map([
          [1, ok([])],
          [2, refused('TIMEOUT', '')],
        ]) as never,
    })
    expect([...(await facts.logDirs()).keys()]).toEqual([1])
  })

  it('requests are those that every broker serves', async () => {
    const facts = factsOf({
      describeApiVersions: async () =>
        [ok([{ key: 0 }, { key: 1 }]), refused('TIMEOUT', ''), ok([{ key: 1 }])].map((apis) => ({
          broker: {},
          apis,
        })) as never,
    })
    expect([...(await facts.apis())]).toEqual([1])
  })
})

describe('a group', () => {
  it('is described with what it has committed', async () => {
    const facts = factsOf({
      listGroups: async () => [{ groupId: 'shop' }] as never,
      describeGroups: async () => new Map([['shop', ok({ groupId: 'shop', members: [] } as never)]]),
      listGroupOffsets: async () => new Map([['shop', ok([{ topic: 'orders', partition: 0, offset: 7 } as never])]]),
    })
    expect((await facts.group('shop'))?.groupId).toBe('shop')
    expect(await facts.committed('shop')).toMatchObject([{ offset: 7 }])
  })
})
