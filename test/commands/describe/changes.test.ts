import { describe, expect, it } from 'vitest'
import { noColours } from '../../../src/cli/colour.ts'
import { ChangeLog, changesBetween, partitionChanges, summarise } from '../../../src/commands/describe/changes.ts'
import type { PartitionStatus, Picture, TopicStatus } from '../../../src/commands/describe/model.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { topicOf } from '../../support/memory-admin.ts'

/** `leader:replicas:isr`, as in `topicOf`. */
function partitionOf(text: string, more: Partial<PartitionStatus> = {}): PartitionStatus {
  const [partition] = topicOf('t', [text]).partitions
  return {
    ...partition!,
    earliestOffset: 0,
    latestOffset: 10,
    sizeBytes: 1,
    isReassigning: false,
    followers: null,
    ...more,
  }
}
const topicWith = (name: string, ...partitions: PartitionStatus[]): TopicStatus => ({
  name,
  topicId: `id of ${name}`,
  isInternal: false,
  configs: new Map(),
  minInsyncReplicas: null,
  uncleanElection: null,
  partitions: partitions.map((each, partition) => ({ ...each, partition })),
})
const topics = (liveBrokers: number[], ...list: TopicStatus[]): Picture => ({
  kind: 'topics',
  liveBrokers,
  topics: list,
})

/** Level, text and detail. */
function told(before: string, after: string, was: Partial<PartitionStatus> = {}, is: Partial<PartitionStatus> = {}) {
  const changes = partitionChanges('t', partitionOf(before, was), partitionOf(after, is))
  return changes.map(({ level, text, detail }) => [level, text, detail])
}

describe('what happens to a partition', () => {
  it('is nothing when nothing is different', () => {
    expect(told('1:1,2:1,2', '1:1,2:1,2')).toEqual([])
    expect(told('1:1,2:1,2', '1:1,2:2,1', {}, { latestOffset: 20, followers: [] })).toEqual([])
  })

  it('is another leader of those in sync', () => {
    expect(told('1:1,2,3:1,2,3', '2:1,2,3:2,3', {}, { leaderEpoch: 1 })).toEqual([
      ['warning', 'leader 1 -> 2', 'epoch 0 -> 1'],
      ['warning', '1 left the ISR', 'ISR 3 -> 2'],
    ])
  })

  it('is a replica that is back', () => {
    expect(told('2:1,2,3:2,3', '2:1,2,3:2,3,1')).toEqual([['good', '1 joined the ISR', 'ISR 2 -> 3']])
  })

  it('is no leader at all, and then one that is eligible', () => {
    expect(told('1:1,2:1', '-1:1,2:1', {}, { leaderEpoch: 1 })).toEqual([
      ['bad', 'no leader any more, it was 1', 'epoch 0 -> 1'],
    ])
    expect(told('-1:1,2:1', '1:1,2:1', { leaderEpoch: 1 }, { leaderEpoch: 2 })).toEqual([
      ['good', 'leader 1 after none', 'epoch 1 -> 2'],
    ])
    const eligible = told('-1:1,2:', '2:1,2:2', { elr: [2] }, { leaderEpoch: 1 })
    expect(eligible[0]).toEqual(['good', 'leader 2 after none', 'epoch 0 -> 1'])
  })

  it('is an unclean election: somebody leads who was not in sync, and nobody else is', () => {
    expect(told('-1:1,2:1', '2:1,2:2', {}, { leaderEpoch: 1, latestOffset: 7 })).toEqual([
      ['bad', 'leader 2 after none, which was not in sync: records may be lost', 'epoch 0 -> 1'],
      ['warning', '1 left the ISR', 'ISR 1 -> 1'],
      ['good', '2 joined the ISR', 'ISR 1 -> 1'],
      ['bad', 'the end of the log went back: records are lost', '10 -> 7'],
    ])
  })

  it('is no unclean election when a replica came into sync and was elected between two looks', () => {
    expect(told('2:1,2,3:2,3', '1:1,2,3:2,3,1', {}, { leaderEpoch: 1 })[0]).toEqual([
      'warning',
      'leader 2 -> 1',
      'epoch 0 -> 1',
    ])
  })

  it('is a new epoch of the same leader, or other replicas', () => {
    expect(told('1:1,2:1,2', '1:1,2:1,2', {}, { leaderEpoch: 3 })).toEqual([
      ['plain', 'leader 1 with a new epoch', 'epoch 0 -> 3'],
    ])
    expect(told('1:1,2:1,2', '1:1,3:1,2')).toEqual([['plain', 'replicas 1,2 -> 1,3', undefined]])
  })

  it('marks the cells that are new', () => {
    const [leader, isr] = partitionChanges('t', partitionOf('1:1,2:1,2'), partitionOf('2:1,2:2', { leaderEpoch: 1 }))
    expect(leader!.marks).toEqual(['t-0/leader', 't-0/epoch'])
    expect(isr!.marks).toEqual(['t-0/isr', 't-0/epoch'])
  })
})

describe('what happens to a cluster', () => {
  const cluster = (alive: number[], controllerId: number | null, fenced: number[] = []): Picture => ({
    kind: 'cluster',
    clusterId: 'c',
    controller: controllerId === null ? null : { id: controllerId, epoch: controllerId },
    topics: [],
    brokers: [...alive, ...fenced].map((id) => ({
      id,
      host: 'h',
      port: 1,
      rack: null,
      isFenced: fenced.includes(id),
      isController: false,
      leaderCount: 0,
      replicaCount: 0,
      logDirs: [],
      configs: new Map(),
    })),
  })
  const texts = (before: Picture, after: Picture) => changesBetween(before, after).map(({ text }) => text)

  it('is brokers that go and come; a fenced one is gone', () => {
    expect(texts(cluster([1, 2], 1), cluster([1], 1, [2]))).toEqual(['broker 2 is gone'])
    expect(texts(cluster([1], 1, [2]), cluster([1, 2, 3], 1))).toEqual(['broker 2 is there', 'broker 3 is there'])
  })

  it('is another active controller', () => {
    expect(texts(cluster([1], 7), cluster([1], 8))).toEqual(['active controller 7 -> 8 (epoch 7 -> 8)'])
    expect(texts(cluster([1], 7), cluster([1], null))).toEqual([])
  })

  it('is topics that are created, deleted, deleted and created again', () => {
    const again = { ...topicWith('a'), topicId: 'another' }
    const changes = changesBetween(topics([], topicWith('a'), topicWith('b')), topics([], again, topicWith('c')))
    expect(summarise(changes).map(({ text }) => text)).toEqual(['a, b: deleted', 'a, c: created'])
  })

  it('is nothing between pictures of different things', () => {
    expect(changesBetween(cluster([1], 1), topics([2]))).toEqual([])
    expect(changesBetween({ kind: 'groups', groups: [] }, { kind: 'groups', groups: [] })).toEqual([])
  })
})

describe('a summary', () => {
  it('says the same thing of many partitions once', () => {
    const before = Array.from({ length: 5 }, () => partitionOf('1:1,2:1,2'))
    const after = before.map((_, at) =>
      partitionOf(at === 4 ? '1:1,2:1' : '2:1,2:2', { leaderEpoch: at === 4 ? 0 : 1 }),
    )
    const changes = changesBetween(topics([1, 2], topicWith('t', ...before)), topics([2], topicWith('t', ...after)))
    expect(summarise(changes).map(({ text }) => text)).toEqual([
      'broker 1 is gone',
      't-0, t-1, t-2 and 1 more: leader 1 -> 2',
      't-0, t-1, t-2 and 1 more: 1 left the ISR',
      't-4: 2 left the ISR (ISR 2 -> 1)',
    ])
  })
})

describe('a log of changes', () => {
  const healthy = topics([1, 2], topicWith('t', partitionOf('1:1,2:1,2')))
  const failed = topics([2], topicWith('t', partitionOf('2:1,2:2', { leaderEpoch: 1 })))

  it('begins with the second picture, and marks values for a few seconds', async () => {
    const clock = new ManualClock()
    const log = new ChangeLog(clock)
    log.add(healthy)
    expect(log.text(noColours)).toBe('')
    log.add(failed)
    expect(log.text(noColours)).toMatch(
      /^\nCHANGES\n\d\d:\d\d:\d\d {2}broker 1 is gone\n.*t-0: leader 1 -> 2 \(epoch 0 -> 1\)\n.*t-0: 1 left the ISR/,
    )
    expect(log.isNew('t-0/leader')).toBe(true)
    expect(log.isNew('broker/1')).toBe(true)
    expect(log.isNew('t-0/replicas')).toBe(false)
    await clock.advance(2_000)
    log.add(failed)
    expect(log.isNew('t-0/leader')).toBe(true)
    await clock.advance(2_000)
    log.add(failed)
    expect(log.isNew('t-0/leader')).toBe(false)
    expect(log.text(noColours)).toContain('leader 1 -> 2')
  })

  it('remembers the latest few', () => {
    const log = new ChangeLog(new ManualClock())
    for (let round = 0; round < 20; round++) log.add(round % 2 === 0 ? healthy : failed)
    expect(log.text(noColours).trimEnd().split('\n')).toHaveLength(2 + 8)
  })
})
