import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { Facts } from '../../../src/learn/facts/facts.ts'
import { Journal } from '../../../src/learn/journal.ts'
import { mirrorText } from '../../../src/learn/lessons/36-mirror/files.ts'
import { lesson } from '../../../src/learn/lessons/36-mirror/index.ts'
import { fakeCluster } from '../../support/learn-fakes.ts'
import { ok, topicOf } from '../../support/memory-admin.ts'

/** A cluster with one topic that ends at an offset, and a group that has committed. */
function clusterWith(topic: string, end: number, committed: number | null): Partial<Admin> {
  const offsets = committed === null ? [] : [{ topic, partition: 0, offset: committed }]
  return {
    describeTopics: async () => new Map([[topic, ok(topicOf(topic, ['1:1:1']))]]) as never,
    listOffsets: async (asked) => asked.map(() => ok({ offset: end } as never)),
    listGroupOffsets: async () => new Map([['kt-36-packing', ok(offsets as never)]]),
  }
}

const translated = lesson.goals.find(({ name }) => name.startsWith('packing'))!

function look(here: Partial<Admin>, there: Partial<Admin> | null) {
  const beside = () => (there === null ? null : fakeCluster(there).access)
  const facts = new Facts({ cluster: fakeCluster(here).access, clock: systemClock, localNodes: null, beside })
  return translated.check({ facts, journal: new Journal(), answers: new Map() })
}

describe('where packing could go on', () => {
  const ORDERS = 'kt-36-orders'
  const MIRRORED = 'a.kt-36-orders'

  it('is at the end on both clusters, whose offsets differ', async () => {
    expect(await look(clusterWith(ORDERS, 13, 13), clusterWith(MIRRORED, 8, 8))).toMatchObject({ state: 'done' })
  })

  it('is waited for when it has read all here', async () => {
    expect(await look(clusterWith(ORDERS, 13, 13), clusterWith(MIRRORED, 8, null))).toMatchObject({
      state: 'not-yet',
      observed: 'offset 13 of 13 on a, none of 8 on b',
      waitingFor: 'MirrorMaker to translate it',
    })
  })

  it('is nobody’s to wait for before that', async () => {
    const verdict = await look(clusterWith(ORDERS, 13, 5), clusterWith(MIRRORED, 8, 0))
    expect(verdict).toMatchObject({ state: 'not-yet', observed: 'offset 5 of 13 on a, 0 of 8 on b' })
    expect(verdict).not.toHaveProperty('waitingFor')
  })

  it('is told of a second cluster that does not run', async () => {
    expect(await look(clusterWith(ORDERS, 13, 13), null)).toMatchObject({
      state: 'not-yet',
      observed: 'cluster kt-36-b does not run',
      show: 'kt cluster status --name kt-36-b',
    })
  })
})

it('mirrors one way, one topic, and keeps what it needs on the second cluster', () => {
  const text = mirrorText({ a: 'one:9092', b: 'two:9092', topic: 'orders', group: 'packing' })
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  expect(lines).toContain('a.bootstrap.servers=one:9092')
  expect(lines).toContain('b.bootstrap.servers=two:9092')
  expect(lines).toContain('a->b.topics=orders')
  expect(lines).toContain('b->a.enabled=false')
  expect(lines).toContain('offset-syncs.topic.location=target')
  expect(lines.filter((line) => !/^[\w.>-]+=./.test(line))).toEqual([])
})
