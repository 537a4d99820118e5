import { describe, expect, it } from 'vitest'
import type { DeclaredTopic } from '../../../src/commands/plan/declarations.ts'
import { topicChange, topicDeletion } from '../../../src/commands/plan/plan-topics.ts'
import type { ClusterState } from '../../../src/commands/plan/state.ts'
import { entryOf, topicOf } from '../../support/memory-admin.ts'

const declared = (more: Partial<DeclaredTopic> = {}): DeclaredTopic => ({
  place: 'f:1',
  name: 't',
  partitionCount: null,
  replicationFactor: null,
  replicas: null,
  configs: new Map(),
  mayInherit: false,
  ...more,
})

/** A topic of three brokers; `moving` takes a broker away from each partition. */
function state(
  partitions: readonly string[] | null,
  configs = [entryOf('retention.ms', '5')],
  removing: number[] = [],
): ClusterState {
  const description = topicOf('t', partitions ?? [])
  const replicas = description.partitions.map((each) => each.replicas.filter((id) => !removing.includes(id)))
  const topic = { description, replicas, configs }
  return {
    ...{
      clusterId: 'c',
      brokers: [1, 2, 3],
      allTopics: [],
      settings: new Map(),
      acls: [],
      quotas: [],
      credentials: new Map(),
    },
    topics: new Map(partitions === null ? [] : [['t', topic]]),
  }
}
const TWO = ['1:1,2:1,2', '2:2,3:2,3']
const kinds = (change: ReturnType<typeof topicChange>) => change?.steps.map(({ kind }) => kind)

describe('topicChange', () => {
  it('is none for what is as declared, or not declared', () => {
    expect(topicChange(declared(), state(TWO), false)).toBeNull()
    const same = { partitionCount: 2, replicationFactor: 2, configs: new Map([['retention.ms', '05']]) }
    expect(topicChange(declared(same), state(TWO), false)).toBeNull()
    const replicas = [
      [1, 2],
      [2, 3],
    ]
    expect(topicChange(declared({ replicas, partitionCount: 2 }), state(TWO), false)).toBeNull()
  })

  it('creates with what is declared and the cluster’s defaults', () => {
    const change = topicChange(
      declared({
        configs: new Map([
          ['a', '1'],
          ['b', null],
        ]),
      }),
      state(null),
      false,
    )
    expect(change).toMatchObject({ action: 'create', problems: [] })
    expect(change!.steps).toEqual([
      {
        kind: 'create-topic',
        topic: { name: 't', partitions: -1, replicationFactor: -1, configs: new Map([['a', '1']]) },
      },
    ])
    const placed = topicChange(declared({ replicas: [[3], [1]], partitionCount: 2 }), state(null), false)
    expect(placed!.steps[0]).toMatchObject({
      topic: {
        assignments: new Map([
          [0, [3]],
          [1, [1]],
        ]),
      },
    })
  })

  it('adds partitions, and says that they cannot go', () => {
    const more = topicChange(declared({ partitionCount: 4 }), state(TWO), false)
    expect(more).toMatchObject({
      lines: [
        {
          sign: '~',
          name: 'partitions',
          before: '2',
          after: '4',
          note: 'keys will go to other partitions than before',
        },
      ],
      steps: [{ kind: 'add-partitions', total: 4, assignments: null }],
    })
    const fewer = topicChange(declared({ partitionCount: 1 }), state(TWO), false)
    expect(fewer!.problems[0]).toContain('Kafka cannot take partitions away')
    expect(fewer!.steps).toEqual([])
    const placed = declared({
      replicas: [
        [1, 2],
        [2, 3],
        [3, 1],
      ],
      partitionCount: 3,
    })
    expect(topicChange(placed, state(TWO), false)!.steps).toMatchObject([
      { kind: 'add-partitions', assignments: [[3, 1]] },
    ])
  })

  it('raises replicas before min.insync.replicas, and lowers them after it', () => {
    const configs = new Map([['min.insync.replicas', '2']])
    expect(kinds(topicChange(declared({ replicationFactor: 3, configs }), state(TWO), false))).toEqual([
      'move-replicas',
      'alter-configs',
    ])
    expect(kinds(topicChange(declared({ replicationFactor: 1, configs }), state(TWO), false))).toEqual([
      'alter-configs',
      'move-replicas',
    ])
  })

  it('moves replicas as they are listed, the order included', () => {
    const change = topicChange(
      declared({
        replicas: [
          [2, 1],
          [2, 3],
        ],
        partitionCount: 2,
      }),
      state(TWO),
      false,
    )
    expect(change!.lines).toMatchObject([{ name: 'replicas of 0', before: '1,2', after: '2,1' }])
  })

  it('counts what moves already as arrived', () => {
    const moving = state(['1:1,2,3:1,2', '2:2,3:2,3'], [], [1])
    expect(topicChange(declared({ replicationFactor: 2 }), moving, false)).toBeNull()
  })

  it('needs the brokers that it names', () => {
    const unknown = declared({
      replicas: [
        [1, 9],
        [2, 3],
      ],
      partitionCount: 2,
    })
    expect(topicChange(unknown, state(TWO), false)!.problems).toEqual(['broker 9 is not there (alive: 1, 2, 3)'])
    expect(topicChange(declared({ replicationFactor: 4 }), state(TWO), false)!.problems[0]).toContain(
      'there are 3 brokers',
    )
  })

  it('tells of many moves only some', () => {
    const many = Array.from({ length: 20 }, () => '1:1:1')
    const { lines } = topicChange(declared({ replicationFactor: 2 }), state(many), false)!
    expect(lines).toHaveLength(14)
    expect(lines.at(-1)).toMatchObject({ before: 'of 8 more partitions' })
  })
})

describe('settings of a topic', () => {
  const inherited = entryOf('cleanup.policy', 'delete', { source: 'DEFAULT_CONFIG' })
  const own = entryOf('retention.ms', '5', {
    synonyms: [
      { name: 'retention.ms', value: '5', source: 'DYNAMIC_TOPIC_CONFIG' },
      { name: 'log.retention.ms', value: '9', source: 'STATIC_BROKER_CONFIG' },
    ],
  })
  const change = (configs: [string, string | null][], prune = false, mayInherit = false) =>
    topicChange(declared({ configs: new Map(configs), mayInherit }), state(TWO, [own, inherited]), prune)

  it('tell where the old value comes from', () => {
    expect(change([['cleanup.policy', 'compact']])!.lines).toMatchObject([
      { sign: '+', before: 'delete', from: "Kafka's default", after: 'compact' },
    ])
    expect(change([['retention.ms', '7']])!.lines).toMatchObject([{ sign: '~', before: '5', from: null, after: '7' }])
  })

  it('are set where they are inherited, unless they may be', () => {
    expect(change([['cleanup.policy', 'delete']])!.lines).toMatchObject([
      { sign: '+', note: 'set here instead of inherited' },
    ])
    expect(change([['cleanup.policy', 'delete']], false, true)).toBeNull()
  })

  it('go when they are null or pruned, and fall back', () => {
    const gone = { sign: '-', name: 'retention.ms', before: '5', after: '9', note: "the broker's properties" }
    expect(change([['retention.ms', null]])!.lines).toMatchObject([gone])
    expect(change([], true)!.lines).toMatchObject([gone])
    expect(change([['cleanup.policy', null]])).toBeNull()
    expect(change([])).toBeNull()
  })

  it('are never secrets', () => {
    const secret = topicChange(declared({ configs: new Map([['x.password', 'geheim']]) }), state(TWO), false)
    expect(secret!.problems[0]).toContain('x.password is a secret')
    expect(JSON.stringify([secret!.lines, secret!.steps])).not.toContain('geheim')
  })
})

describe('topicDeletion', () => {
  it('says what goes with it', () => {
    expect(topicDeletion('t')).toMatchObject({
      action: 'delete',
      place: null,
      lines: [{ before: 'with all its records' }],
    })
  })
})
