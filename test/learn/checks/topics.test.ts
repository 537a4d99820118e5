import { describe, expect, it } from 'vitest'
import type { Admin } from '../../../src/client/admin-types.ts'
import {
  holdsRecords,
  inSync,
  leaderless,
  partitionCount,
  preferredLeaders,
  replicationFactor,
  topicExists,
  topicSetting,
} from '../../../src/learn/checks/topics.ts'
import { lookAt } from '../../support/learn-fakes.ts'
import { entryOf, ok, refused, topicOf } from '../../support/memory-admin.ts'

const absent: Partial<Admin> = {
  describeTopics: async () => new Map([['orders', refused('UNKNOWN_TOPIC_OR_PARTITION', '')]]),
  describeConfigs: async () => [refused('UNKNOWN_TOPIC_OR_PARTITION', '')],
}
const topic = (...partitions: string[]): Partial<Admin> => ({
  describeTopics: async () => new Map([['orders', ok(topicOf('orders', partitions))]]),
  describeCluster: async () => ({ clusterId: 'c', controllerId: 1, brokers: [{ id: 1 }, { id: 2 }] }) as never,
})

describe.each([
  ['topicExists', topicExists('orders')],
  ['partitionCount', partitionCount('orders', 1)],
  ['replicationFactor', replicationFactor('orders', 1)],
  ['inSync', inSync('orders')],
  ['preferredLeaders', preferredLeaders('orders')],
  ['holdsRecords', holdsRecords('orders', 1)],
  ['topicSetting', topicSetting('orders', 'retention.ms', '1')],
])('%s', (_, check) => {
  it('of a topic that does not exist: not yet, and that is what was observed', async () => {
    expect(await check(lookAt(absent))).toMatchObject({ state: 'not-yet', observed: 'no topic orders' })
  })
})

describe('the number of partitions', () => {
  it('is what it is, in words that count right', async () => {
    expect(await partitionCount('orders', 1)(lookAt(topic('1:1:1')))).toMatchObject({
      state: 'done',
      expected: '1 partition',
    })
    expect(await partitionCount('orders', 3)(lookAt(topic('1:1:1', '1:1:1')))).toEqual({
      state: 'not-yet',
      expected: '3 partitions',
      observed: '2 partitions',
      show: 'kt topics --describe --topic orders',
    })
  })
})

describe('replicas', () => {
  it('are counted of each partition', async () => {
    const look = lookAt(topic('1:1,2:1,2', '2:2:2'))
    expect(await replicationFactor('orders', 2)(look)).toMatchObject({
      state: 'not-yet',
      observed: 'partition 1 has 1',
    })
    expect(await replicationFactor('orders', 2)(lookAt(topic('1:1,2:1,2')))).toMatchObject({ state: 'done' })
  })

  it('in sync come by themselves', async () => {
    expect(await inSync('orders')(lookAt(topic('1:1,2:1', '1:1,2:1,2')))).toMatchObject({
      state: 'not-yet',
      observed: 'partition 0: 1 of 2',
      waitingFor: 'the ISR of 1 partition',
    })
    expect(await inSync('orders')(lookAt(topic('1:1,2:2,1')))).not.toHaveProperty('waitingFor')
  })
})

describe('leaders', () => {
  it('are preferred when each is the first of its replicas', async () => {
    expect(await preferredLeaders('orders')(lookAt(topic('1:1,2:1,2', '2:2,1:1,2')))).toMatchObject({ state: 'done' })
    expect(await preferredLeaders('orders')(lookAt(topic('2:1,2:1,2')))).toMatchObject({
      state: 'not-yet',
      observed: 'partition 0: leader 2, preferred 1',
    })
  })

  it('are missing for exactly those partitions', async () => {
    const check = leaderless('orders', ({ replicas }) => replicas.includes(3), 'those on broker 3')
    expect(await check(lookAt(topic('1:1:1', '-1:3:3')))).toMatchObject({ state: 'done', observed: 'partition 1' })
    expect(await check(lookAt(topic('-1:1:1', '-1:3:3')))).toMatchObject({ state: 'not-yet' })
    expect(await check(lookAt(topic('1:1:1', '3:3:3')))).toMatchObject({ state: 'not-yet', observed: 'no partition' })
  })
})

describe('records', () => {
  it('are counted over the partitions that answer', async () => {
    const listOffsets: Admin['listOffsets'] = async (asked) =>
      asked.map(({ spec }) => ok({ offset: spec === 'earliest' ? 2 : 7 } as never))
    const look = lookAt({ ...topic('1:1:1', '2:2:2', '-1:3:3'), listOffsets })
    expect(await holdsRecords('orders', 10)(look)).toMatchObject({ state: 'done', observed: '10 records' })
    expect(await holdsRecords('orders', 11)(look)).toMatchObject({ state: 'not-yet', expected: '11 records or more' })
  })
})

describe('a setting', () => {
  const with_ = (source: string) =>
    lookAt({ describeConfigs: async () => [ok([entryOf('retention.ms', '1', { source: source as never })])] })

  it('must have been given for the topic itself', async () => {
    const check = topicSetting('orders', 'retention.ms', '1')
    expect(await check(with_('DYNAMIC_TOPIC_CONFIG'))).toMatchObject({ state: 'done' })
    expect(await check(with_('DEFAULT_CONFIG'))).toMatchObject({
      state: 'not-yet',
      observed: 'retention.ms=1 (the default)',
    })
  })
})
