import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import type { CommandContext } from '../../../src/cli/context.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { executeSteps, stepsInOrder } from '../../../src/commands/plan/execute.ts'
import type { Change, Step } from '../../../src/commands/plan/model.ts'
import { memoryAdmin, ok, refused, topicOf } from '../../support/memory-admin.ts'
import { KeptOutput } from '../../support/run-command.ts'

const change = (...steps: Step[]): Change => ({
  action: 'change',
  subject: 'topic',
  name: 't',
  place: null,
  lines: [],
  problems: [],
  steps,
})
const alter = (name: string): Step => ({
  kind: 'alter-configs',
  resource: { type: 'TOPIC', name },
  changes: [{ name: 'k', operation: 'SET', value: 'v' }],
})
const create = (name: string): Step => ({ kind: 'create-topic', topic: { name, partitions: 1, replicationFactor: 1 } })
const remove = (topic: string): Step => ({ kind: 'delete-topic', topic })
const binding = {
  resource: { resourceType: 'TOPIC' as const, name: 't', patternType: 'LITERAL' as const },
  entry: { principal: 'User:a', host: '*', operation: 'READ' as const, permission: 'ALLOW' as const },
}

function contextOf(more: Partial<CommandContext> = {}): CommandContext {
  const signal = new AbortController().signal
  const stdout = new KeptOutput()
  return {
    clock: systemClock,
    signal,
    stdout,
    stderr: stdout,
    env: { PW: 'geheim' },
    asScript: false,
    ...more,
  } as CommandContext
}
async function run(steps: readonly Step[], methods: Partial<Admin>, context = contextOf()) {
  const memory = memoryAdmin(methods)
  const results = await executeSteps(stepsInOrder([change(...steps)]), memory.admin, context, () => undefined)
  return { results, calls: memory.calls }
}
const statuses = (results: readonly { status: string }[]) => results.map(({ status }) => status)
const done: Partial<Admin> = {
  createTopics: async (topics) => new Map(topics.map(({ name }) => [name, ok({ topicId: 'x' })])),
  deleteTopics: async (names) => new Map(names.map((name) => [name, ok(undefined)])),
  incrementalAlterConfigs: async (changes) => changes.map(() => ok(undefined)),
}

describe('stepsInOrder', () => {
  it('builds first and deletes last', () => {
    const kinds = stepsInOrder([
      change(remove('old'), { kind: 'delete-acls', bindings: [binding] }),
      change({ kind: 'create-acls', bindings: [binding] }, alter('t'), create('t')),
      change({
        kind: 'set-user',
        user: { place: '', user: 'a', mechanism: 'SCRAM-SHA-256', iterations: 4096, passwordFrom: 'PW' },
      }),
    ]).map(({ step }) => step.kind)
    expect(kinds).toEqual(['set-user', 'create-topic', 'alter-configs', 'create-acls', 'delete-acls', 'delete-topic'])
  })

  it('leaves the order of a topic to the planner', () => {
    const move: Step = { kind: 'move-replicas', topic: 't', partitionCount: 1, target: 1 }
    expect(stepsInOrder([change(alter('t'), move)]).map(({ step }) => step.kind)).toEqual([
      'alter-configs',
      'move-replicas',
    ])
    expect(stepsInOrder([change(move, alter('t'))]).map(({ step }) => step.kind)).toEqual([
      'move-replicas',
      'alter-configs',
    ])
  })
})

describe('executeSteps', () => {
  it('does one after the other', async () => {
    const { results, calls } = await run([create('a'), alter('a'), remove('b')], done)
    expect(statuses(results)).toEqual(['done', 'done', 'done'])
    expect(calls.map(({ method }) => method)).toEqual(['createTopics', 'incrementalAlterConfigs', 'deleteTopics'])
  })

  it('stops at a failure and names what was not done', async () => {
    const no = { ...done, incrementalAlterConfigs: async () => [refused('INVALID_CONFIG', 'no such setting')] }
    const { results } = await run([create('a'), alter('a'), alter('b'), remove('c')], no)
    expect(statuses(results)).toEqual(['done', 'failed', 'not-done', 'not-done'])
    expect(results[1]).toMatchObject({ title: 'topic t: set k', error: 'no such setting' })
  })

  it('stops when it is told to', async () => {
    const ending = new AbortController()
    const createTopics: Admin['createTopics'] = async (topics) => {
      ending.abort('SIGINT')
      return new Map(topics.map(({ name }) => [name, ok({ topicId: 'x' })]))
    }
    const { results } = await run(
      [create('a'), alter('a')],
      { ...done, createTopics },
      contextOf({ signal: ending.signal }),
    )
    expect(statuses(results)).toEqual(['done', 'not-done'])
  })

  it('waits until replicas have arrived', async () => {
    let looks = 0
    const { results, calls } = await run([{ kind: 'move-replicas', topic: 't', partitionCount: 1, target: 2 }], {
      describeTopics: async () => new Map([['t', ok(topicOf('t', ['1:1:1']))]]),
      describeCluster: async () => ({
        clusterId: 'c',
        controllerId: 1,
        brokers: [1, 2].map((id) => ({ id, host: 'h', port: 1, rack: null })),
      }),
      alterPartitionReassignments: async (moves) => moves.map(() => ok(undefined)),
      listPartitionReassignments: async () =>
        ++looks > 1 ? [] : [{ topic: 't', partition: 0, replicas: [1, 2], addingReplicas: [2], removingReplicas: [] }],
      listOffsets: async (queries) => queries.map(() => ok({ offset: 0, timestamp: -1, leaderEpoch: 0 })),
      listReplicaEnds: async (replicas) => replicas.map(() => ok(5)),
    })
    expect(statuses(results)).toEqual(['done'])
    expect(looks).toBe(2)
    const moves = calls.find(({ method }) => method === 'alterPartitionReassignments')!.args[0]
    expect(moves).toEqual([{ topic: 't', partition: 0, replicas: [1, 2] }])
  })

  it('says that a move goes on when it may not wait', async () => {
    const ending = new AbortController()
    const { results } = await run(
      [{ kind: 'move-replicas', topic: 't', partitionCount: 1, target: [[2]] }],
      {
        describeTopics: async () => new Map([['t', ok(topicOf('t', ['1:1:1']))]]),
        describeCluster: async () => ({
          clusterId: 'c',
          controllerId: 1,
          brokers: [{ id: 2, host: 'h', port: 1, rack: null }],
        }),
        alterPartitionReassignments: async (moves) => moves.map(() => ok(undefined)),
        listPartitionReassignments: async () => {
          ending.abort('SIGINT')
          return [{ topic: 't', partition: 0, replicas: [1, 2], addingReplicas: [2], removingReplicas: [1] }]
        },
      },
      contextOf({ signal: ending.signal }),
    )
    expect(results[0]).toMatchObject({ status: 'failed', error: expect.stringContaining('goes on in the cluster') })
  })

  it('takes a password from the environment, and does not tell it', async () => {
    const user = { place: '', user: 'ann', mechanism: 'SCRAM-SHA-256' as const, iterations: 8192, passwordFrom: 'PW' }
    const set: Step = { kind: 'set-user', user }
    const { results, calls } = await run([set], {
      alterScramCredentials: async () => new Map([['ann', ok(undefined)]]),
    })
    expect(calls[0]!.args[0]).toEqual([
      { user: 'ann', mechanism: 'SCRAM-SHA-256', iterations: 8192, password: 'geheim' },
    ])
    expect(JSON.stringify(results)).not.toContain('geheim')
    const without = await run([set], {}, contextOf({ env: {} }))
    expect(without.results[0]).toMatchObject({ status: 'failed', error: 'The password of user ann is not set' })
  })
})
