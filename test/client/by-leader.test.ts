import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KtError } from '../../src/base/errors.ts'
import { askLeaders, brokerFailure } from '../../src/client/by-leader.ts'
import { ClusterClient } from '../../src/client/cluster-client.ts'
import { ConnectionFailure } from '../../src/client/failure.ts'
import { ScriptedBroker } from '../support/scripted-broker.ts'

let broker: ScriptedBroker
let client: ClusterClient

beforeEach(async () => {
  broker = await ScriptedBroker.start()
  broker.topology.topics.set('t', {
    partitions: [{ leader: 1 }, { leader: 2 }, { leader: -1, error: 5 }, { leader: 1 }],
  })
  client = new ClusterClient({ bootstrapServers: [broker.address] })
})
afterEach(async () => {
  client.close()
  await broker[Symbol.asyncDispose]()
})

const partitions = (...numbers: number[]) => numbers.map((partition) => ({ topic: 't', partition }))

describe('requests to leaders', () => {
  it('are grouped by leader, with an outcome of its own for each partition', async () => {
    const items = [...partitions(0, 1, 2, 3, 9), { topic: 'unknown', partition: 0 }]
    const asked: [number, number[]][] = []
    const results = await askLeaders(client, items, async (brokerId, group) => {
      asked.push([brokerId, group.map(({ partition }) => partition)])
      return new Map(group.map((item) => [item, { ok: true, value: brokerId }]))
    })
    expect(asked).toEqual([
      [1, [0, 3]],
      [2, [1]],
    ])
    expect(items.map((item) => results.get(item))).toMatchObject([
      { ok: true, value: 1 },
      { ok: true, value: 2 },
      { ok: false, error: { name: 'LEADER_NOT_AVAILABLE' } },
      { ok: true, value: 1 },
      { ok: false, error: { name: 'UNKNOWN_TOPIC_OR_PARTITION' } },
      { ok: false, error: { name: 'UNKNOWN_TOPIC_OR_PARTITION' } },
    ])
  })

  it('let the living leaders answer when one is dead', async () => {
    const items = partitions(0, 1)
    const results = await askLeaders(client, items, async (brokerId, group) => {
      if (brokerId === 2) throw new KtError('unreachable', 'broker 2 is gone')
      return new Map(group.map((item) => [item, { ok: true, value: 'fine' }]))
    })
    expect(results.get(items[0]!)).toEqual({ ok: true, value: 'fine' })
    expect(results.get(items[1]!)).toMatchObject({ ok: false, error: { message: 'broker 2 is gone' } })
  })

  it('do not hide a defect behind an outcome', async () => {
    const ask = async () => Promise.reject(new TypeError('our own fault'))
    await expect(askLeaders(client, partitions(0), ask)).rejects.toThrow('our own fault')
  })
})

it('only failures of reaching a broker are its partitions’ failures', () => {
  const at = { host: 'h', port: 1 }
  expect(brokerFailure(new ConnectionFailure('closed', at, 'lost'))).toMatchObject({ ok: false })
  expect(brokerFailure(new ConnectionFailure('released', at, 'closed by us'))).toBeNull()
  expect(brokerFailure(new KtError('authentication', 'no'))).toBeNull()
})
