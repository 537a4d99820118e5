import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { outcomeOf } from '../../src/client/admin/outcome.ts'
import { ClusterClient } from '../../src/client/cluster-client.ts'
import { askCoordinators, findCoordinators } from '../../src/client/coordinators.ts'
import { findCoordinator } from '../../src/protocol/messages/10-find-coordinator.ts'
import { ScriptedBroker, Topology } from '../support/scripted-broker.ts'

let brokers: ScriptedBroker[]
let client: ClusterClient

beforeEach(async () => {
  const topology = new Topology()
  brokers = [await ScriptedBroker.start({ id: 1, topology }), await ScriptedBroker.start({ id: 2, topology })]
  client = new ClusterClient({ bootstrapServers: [brokers[0]!.address], apiTimeoutMs: 2_000 })
})
afterEach(async () => {
  client.close()
  for (const broker of brokers) await broker[Symbol.asyncDispose]()
})

/** Groups whose name ends in a number are coordinated by that broker. */
function coordinate(errorCode: (call: number) => number = () => 0): void {
  brokers[0]!.on(findCoordinator, ({ coordinatorKeys, key }, { count, version }) => {
    const of = (group: string) => {
      const broker = brokers[Number(group.at(-1)) - 1]!
      return { key: group, nodeId: broker.id, host: '127.0.0.1', port: broker.port, errorCode: errorCode(count) }
    }
    if (version >= 4) return { coordinators: coordinatorKeys.map(of) }
    const { key: _, ...single } = of(key)
    return single
  })
}

describe('coordinators', () => {
  it('of many groups are found in one request', async () => {
    coordinate()
    const found = await findCoordinators(client, ['a1', 'b2', 'c1'])
    expect([...found]).toEqual([
      ['a1', { ok: true, value: 1 }],
      ['b2', { ok: true, value: 2 }],
      ['c1', { ok: true, value: 1 }],
    ])
    expect(brokers[0]!.askedFor(findCoordinator)).toHaveLength(1)
  })

  it.each([3, 1, 0])('are found one by one with version %i', async (max) => {
    brokers[0]!.ranges.set(findCoordinator.key, { min: 0, max })
    coordinate()
    const found = await findCoordinators(client, ['a1', 'b2'])
    expect([...found.values()]).toEqual([
      { ok: true, value: 1 },
      { ok: true, value: 2 },
    ])
    expect(brokers[0]!.askedFor(findCoordinator).map(({ key }) => key)).toEqual(['a1', 'b2'])
  })

  it('are asked for again while the offsets topic is being made', async () => {
    coordinate((call) => (call < 2 ? 15 : 0))
    expect((await findCoordinators(client, ['a1'])).get('a1')).toEqual({ ok: true, value: 1 })
    expect(brokers[0]!.askedFor(findCoordinator)).toHaveLength(3)
  })

  it('that may not be seen are a failure of that group', async () => {
    coordinate(() => 30)
    expect((await findCoordinators(client, ['a1'])).get('a1')).toMatchObject({
      ok: false,
      error: { name: 'GROUP_AUTHORIZATION_FAILED' },
    })
  })

  it('each get their groups, and groups that moved are asked for again', async () => {
    coordinate()
    const asked: string[] = []
    let moved = true
    const results = await askCoordinators(client, 'Test', ['a1', 'b2', 'c2', 'a1'], async (brokerId, groups) => {
      asked.push(`${brokerId}: ${groups.join(' ')}`)
      return new Map(
        groups.map((group) => {
          const code = group === 'c2' && moved ? 16 : 0
          if (code !== 0) moved = false
          return [group, outcomeOf(code, null, () => `${group} at ${brokerId}`)]
        }),
      )
    })
    expect(asked).toEqual(['1: a1', '2: b2 c2', '2: c2'])
    expect([...results].map(([group, outcome]) => [group, outcome.ok && outcome.value])).toEqual([
      ['a1', 'a1 at 1'],
      ['b2', 'b2 at 2'],
      ['c2', 'c2 at 2'],
    ])
  })
})
