import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ClusterClient } from '../../src/client/cluster-client.ts'
import { partitionCounts } from '../../src/client/partition-counts.ts'
import { ErrorCode } from '../../src/protocol/error-codes.ts'
import { ScriptedBroker } from '../support/scripted-broker.ts'

let broker: ScriptedBroker
let client: ClusterClient

beforeEach(async () => {
  broker = await ScriptedBroker.start()
  client = new ClusterClient({ bootstrapServers: [broker.address] })
})
afterEach(async () => {
  client.close()
  await broker[Symbol.asyncDispose]()
})

describe('the number of partitions', () => {
  it('is asked until a broker that lags behind has heard of the topic', async () => {
    const counts = partitionCounts(client, ['t'])
    setTimeout(() => broker.topology.topics.set('t', { partitions: [{ leader: 1 }, { leader: 1 }] }), 50)
    expect(await counts).toEqual(new Map([['t', 2]]))
  })

  it('is refused at once where waiting does not help', async () => {
    broker.topology.topics.set('t', { partitions: [], error: ErrorCode.TOPIC_AUTHORIZATION_FAILED })
    await expect(partitionCounts(client, ['t'])).rejects.toMatchObject({ kind: 'authorization' })
  })
})
