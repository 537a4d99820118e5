import { describe, expect, it } from 'vitest'
import type { Change, Step } from '../../../src/commands/plan/model.ts'
import { withRefusals } from '../../../src/commands/plan/validate.ts'
import { memoryAdmin, ok, refused } from '../../support/memory-admin.ts'

const change = (name: string, steps: readonly Step[], problems: readonly string[] = []): Change => ({
  ...{ action: 'change', subject: 'topic', name, place: null, lines: [], problems, steps },
})
const alter = (name: string, key: string): Step => ({
  kind: 'alter-configs',
  resource: { type: 'TOPIC', name },
  changes: [{ name: key, operation: 'SET', value: 'x' }],
})

describe('withRefusals', () => {
  it('asks Kafka without doing anything, and adds what it would refuse', async () => {
    const { admin, calls } = memoryAdmin({
      createTopics: async () => new Map([['new', refused('INVALID_REPLICATION_FACTOR', 'too many')]]),
      createPartitions: async () => new Map([['grown', ok(undefined)]]),
      incrementalAlterConfigs: async (list) => list.map(() => refused('INVALID_CONFIG', 'no such setting')),
      alterClientQuotas: async (list) => list.map(() => ok(undefined)),
    })
    const entity = { entries: new Map([['user', 'a']]) }
    const checked = await withRefusals(admin, [
      change('new', [{ kind: 'create-topic', topic: { name: 'new', partitions: 1, replicationFactor: 9 } }]),
      change('new', [alter('new', 'k')]),
      change('grown', [{ kind: 'add-partitions', topic: 'grown', total: 3, assignments: null }, alter('grown', 'k')]),
      change('q', [{ kind: 'alter-quotas', entity, ops: [] }]),
    ])
    expect(checked.map(({ problems }) => problems)).toEqual([
      ['Kafka refuses it: too many'],
      // Its topic is not there yet: nobody can say.
      [],
      ['Kafka refuses it: no such setting'],
      [],
    ])
    expect(calls.every(({ args }) => (args[1] as { validateOnly?: boolean }).validateOnly === true)).toBe(true)
  })

  it('speaks of a resource once in a request, and not of what cannot be done anyway', async () => {
    const { admin, calls } = memoryAdmin({ incrementalAlterConfigs: async (list) => list.map(() => ok(undefined)) })
    const changes = [change('t', [alter('t', 'a')]), change('t', [alter('t', 'b')]), change('u', [alter('u', 'a')])]
    await withRefusals(admin, [...changes, change('x', [alter('x', 'a')], ['no'])])
    const asked = calls.map(({ args }) =>
      (args[0] as { resource: { name: string } }[]).map(({ resource }) => resource.name),
    )
    expect(asked).toEqual([['t', 'u'], ['t']])
  })
})
