/** Situations of Kafka's own tests of PartitionChangeBuilder. */
import { describe, expect, it } from 'vitest'
import {
  type Election,
  electionFor,
  type PartitionSubject,
  type PartitionTarget,
  partitionChangeRecord,
  subjectOf,
} from '../../src/controller/partition-change.ts'
import { LOST_DIRECTORY, UNASSIGNED_DIRECTORY } from '../../src/controller/view.ts'
import type { PartitionRegistration } from '../../src/metadata/types.ts'
import { config, uuidOf } from '../metadata/support.ts'
import { changed, partitionIn, viewWithTopic } from './support.ts'

const directoryOf = (id: number): string => uuidOf(900 + id)

interface Situation extends PartitionTarget, Partial<Pick<PartitionSubject, 'minIsr' | 'elrEnabled'>> {
  readonly partition?: Partial<PartitionRegistration>
  /** Who may lead; everybody when left out. */
  readonly up?: readonly number[]
}

/** The record's body for a partition on brokers 1, 2, 3, all in sync, led by 1. */
function record({ partition = {}, up, minIsr = 1, elrEnabled = true, ...target }: Situation = {}) {
  const replicas = partition.replicas ?? [1, 2, 3]
  const subject: PartitionSubject = {
    topicId: uuidOf(1),
    partitionId: 0,
    isAcceptableLeader: (id) => up?.includes(id) ?? true,
    defaultDirectory: directoryOf,
    minIsr,
    elrEnabled,
    partition: {
      isr: [1, 2, 3],
      removingReplicas: [],
      addingReplicas: [],
      elr: [],
      lastKnownElr: [],
      leader: 1,
      leaderRecoveryState: 0,
      leaderEpoch: 10,
      partitionEpoch: 20,
      ...partition,
      replicas,
      directories: partition.directories ?? replicas.map(directoryOf),
    },
  }
  const result = partitionChangeRecord(subject, target)
  if (result === null) return null
  const { topicId: _, partitionId: __, ...body } = result.body
  return body
}

const leaderless = { leader: -1, isr: [] }

describe('an election', () => {
  it.each<[string, Situation, object | null]>([
    ['leaves a leader that may stay', {}, null],
    ['leaves one that is not preferred', { partition: { leader: 2 } }, null],
    ['prefers the preferred when asked to', { partition: { leader: 2 }, election: 'preferred' }, { leader: 1 }],
    ['but not out of sync', { partition: { leader: 2, isr: [2, 3] }, election: 'preferred' }, null],
    ['and not one that is down', { partition: { leader: 2 }, election: 'preferred', up: [2, 3] }, null],
    ['takes the first in sync in the order of replicas', { up: [2, 3] }, { leader: 2 }],
    [
      'takes nobody when nobody in sync is up',
      { isr: [1], up: [], minIsr: 1 },
      { isr: [1], leader: -1, lastKnownElr: [1] },
    ],
    [
      'keeps quiet about a partition that stays without a leader',
      { partition: { leader: -1, isr: [1], lastKnownElr: [1] }, up: [] },
      null,
    ],
    [
      'takes a replica out of sync where unclean ones are allowed',
      { isr: [1], up: [3], election: 'unclean' },
      { isr: [3], leader: 3, leaderRecoveryState: 1 },
    ],
    ['takes one in sync even then', { isr: [1, 3], up: [3, 2], election: 'unclean' }, { isr: [1, 3], leader: 3 }],
    [
      'does not say twice that a leader is recovering',
      { partition: { leaderRecoveryState: 1 }, isr: [1], up: [3], election: 'unclean' },
      { isr: [3], leader: 3 },
    ],
    [
      'is never unclean when it is preferred',
      { isr: [1], up: [3], election: 'preferred' },
      { isr: [1], leader: -1, lastKnownElr: [1] },
    ],
  ])('%s', (_, situation, expected) => {
    expect(record(situation)).toEqual(expected)
  })

  it('of an eligible replica makes it the whole ISR', () => {
    const partition = { ...leaderless, elr: [2, 3], lastKnownElr: [1] }
    expect(record({ partition, minIsr: 2, up: [3] })).toEqual({
      isr: [3],
      leader: 3,
      eligibleLeaderReplicas: [2],
      lastKnownElr: [],
    })
  })

  it('of the last known leader is unclean, and needs nobody else to be eligible', () => {
    const partition = { ...leaderless, lastKnownElr: [2] }
    expect(record({ partition, minIsr: 2, up: [1, 2] })).toEqual({
      isr: [2],
      leader: 2,
      lastKnownElr: [],
      leaderRecoveryState: 1,
    })
    expect(record({ partition, minIsr: 2, up: [1, 2], election: 'preferred' })).toMatchObject({ leader: 2 })
    expect(record({ partition, minIsr: 2, up: [1] })).toBeNull()
    expect(record({ partition: { ...partition, elr: [3] }, minIsr: 2, up: [1, 2] })).toBeNull()
    expect(record({ partition: { ...partition, lastKnownElr: [1, 2] }, minIsr: 2, up: [1, 2] })).toBeNull()
    expect(record({ partition, minIsr: 2, up: [1, 2], elrEnabled: false })).toBeNull()
  })
})

describe('eligible leader replicas', () => {
  it.each<[string, Situation, object | null]>([
    ['are who leaves below the minimum', { isr: [1], minIsr: 2 }, { isr: [1], eligibleLeaderReplicas: [2, 3] }],
    ['are not needed at the minimum', { isr: [1, 2], minIsr: 2 }, { isr: [1, 2] }],
    [
      'are forgotten at the minimum',
      { partition: { isr: [1], elr: [2, 3] }, isr: [1, 2], minIsr: 2 },
      { isr: [1, 2], eligibleLeaderReplicas: [] },
    ],
    [
      'lose who comes back unclean',
      { isr: [1], uncleanReplicas: [2], minIsr: 3 },
      { isr: [1], eligibleLeaderReplicas: [3] },
    ],
    [
      'lose who joins the ISR again',
      { partition: { isr: [1], elr: [2, 3] }, isr: [1, 2], minIsr: 3 },
      { isr: [1, 2], eligibleLeaderReplicas: [3] },
    ],
    [
      'keep an empty ISR possible',
      { isr: [], minIsr: 2, up: [] },
      { isr: [], leader: -1, eligibleLeaderReplicas: [1, 2, 3], lastKnownElr: [1] },
    ],
    [
      'without them the ISR keeps its last member',
      { partition: { isr: [1] }, isr: [], up: [], elrEnabled: false },
      { leader: -1 },
    ],
    ['without them nobody is eligible', { isr: [1], minIsr: 2, elrEnabled: false }, { isr: [1] }],
    [
      'go with the feature',
      { partition: { isr: [1], elr: [2] }, minIsr: 2, elrEnabled: false },
      { eligibleLeaderReplicas: [] },
    ],
    [
      'lead once more after the feature is gone',
      { partition: { ...leaderless, elr: [2] }, up: [2], elrEnabled: false },
      { isr: [2], leader: 2, eligibleLeaderReplicas: [] },
    ],
  ])('%s', (_, situation, expected) => {
    expect(record(situation)).toEqual(expected)
  })

  it('remember who led last while nobody leads, and only then', () => {
    const stillNobody = { ...leaderless, elr: [2], lastKnownElr: [2] }
    expect(record({ partition: stillNobody, minIsr: 2, up: [] })).toBeNull()
    expect(record({ partition: { lastKnownElr: [2] }, isr: [2, 3], minIsr: 2, up: [2, 3] })).toEqual({
      isr: [2, 3],
      leader: 2,
      lastKnownElr: [],
    })
  })
})

describe('a reassignment', () => {
  const adding = { replicas: [4, 1, 2, 3], adding: [4], removing: [3] }

  it('begins with the new replicas in the list', () => {
    expect(record(adding)).toEqual({
      replicas: [4, 1, 2, 3],
      directories: [4, 1, 2, 3].map(directoryOf),
      addingReplicas: [4],
      removingReplicas: [3],
    })
  })

  it('completes with a new leader epoch, for who is out must notice', () => {
    const partition = { replicas: [1, 4, 2, 3], addingReplicas: [4], removingReplicas: [3] }
    expect(record({ partition, isr: [1, 2, 3, 4] })).toEqual({
      replicas: [1, 4, 2],
      directories: [1, 4, 2].map(directoryOf),
      isr: [1, 2, 4],
      leader: 1,
      addingReplicas: [],
      removingReplicas: [],
    })
  })

  it('completes at once when nobody has to be waited for', () => {
    expect(record({ replicas: [2, 3, 1], removing: [1] })).toMatchObject({
      replicas: [2, 3],
      isr: [2, 3],
      leader: 2,
    })
  })

  it('leaves an unknown leader unknown', () => {
    const partition = { ...leaderless, elr: [1] }
    const body = record({ partition, minIsr: 2, up: [], replicas: [1, 2], removing: [] })
    expect(body).toMatchObject({ replicas: [1, 2], leader: -1 })
    expect(body).not.toHaveProperty('lastKnownElr')
  })
})

describe('directories', () => {
  it('move with a replica and stay with the others', () => {
    const directories = new Map([[2, uuidOf(77)]])
    expect(record({ directories })).toEqual({ directories: [directoryOf(1), uuidOf(77), directoryOf(3)] })
    expect(record({ directories: new Map([[2, directoryOf(2)]]) })).toBeNull()
  })

  it('decide who may lead', () => {
    const mayLead = (directory: string): boolean => {
      const records = [changed({ directories: [directory, directoryOf(2), directoryOf(3)] })]
      const view = viewWithTopic(undefined, { records })
      const [topic] = view.image.topicsById.values()
      return subjectOf(view, { topic: topic!, partitionId: 0, partition: partitionIn(view) }).isAcceptableLeader(1)
    }
    expect([directoryOf(1), UNASSIGNED_DIRECTORY, uuidOf(99), LOST_DIRECTORY].map(mayLead)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('the recovery of a leader', () => {
  it('is told by the leader', () => {
    expect(record({ partition: { leaderRecoveryState: 1, isr: [1] }, recoveryState: 0 })).toEqual({
      leaderRecoveryState: 0,
    })
    expect(record({ partition: { leaderRecoveryState: 1, isr: [1] }, recoveryState: 1 })).toBeNull()
  })
})

it('elections nobody asked for are unclean where topic, cluster or node say so', () => {
  const election = (type: number, resource: string, value: string, node: Record<string, string> = {}): Election => {
    const records = [config(type, resource, 'unclean.leader.election.enable', value)]
    const view = viewWithTopic(undefined, { records, config: node })
    return electionFor(view, view.image.topicsByName.get('t')!)
  }
  expect(election(2, 'other', 'true')).toBe('online')
  expect(election(2, 't', 'true')).toBe('unclean')
  expect(election(4, '', 'true')).toBe('unclean')
  expect(election(4, '1', 'true')).toBe('unclean')
  const node = { 'unclean.leader.election.enable': 'true' }
  expect(election(2, 'other', 'true', node)).toBe('unclean')
  expect(election(2, 't', 'false', node)).toBe('online')
})
