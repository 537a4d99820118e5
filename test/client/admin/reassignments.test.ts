import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { electLeaders } from '../../../src/protocol/messages/43-elect-leaders.ts'
import { alterPartitionReassignments } from '../../../src/protocol/messages/45-alter-partition-reassignments.ts'
import { listPartitionReassignments } from '../../../src/protocol/messages/46-list-partition-reassignments.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

const NOT_CONTROLLER = 41
const CLUSTER_AUTHORIZATION_FAILED = 31

let broker: ScriptedBroker
let admin: Admin

beforeEach(async () => {
  broker = await ScriptedBroker.start()
  admin = createAdmin({ bootstrapServers: [broker.address] })
})
afterEach(async () => {
  await admin.close()
  await broker[Symbol.asyncDispose]()
})

function lastAsked(key: number): unknown {
  return broker.asked.filter((each) => each.key === key).at(-1)?.body
}

describe('reassignments under way', () => {
  beforeEach(() => {
    broker.on(listPartitionReassignments, () => ({
      topics: [
        {
          name: 't',
          partitions: [{ partitionIndex: 2, replicas: [1, 2, 3], addingReplicas: [3], removingReplicas: [1] }],
        },
      ],
    }))
  })

  it('are listed for the whole cluster', async () => {
    expect(await admin.listPartitionReassignments()).toEqual([
      { topic: 't', partition: 2, replicas: [1, 2, 3], addingReplicas: [3], removingReplicas: [1] },
    ])
    expect(lastAsked(46)).toMatchObject({ topics: null })
  })

  it('are listed for named partitions, topic by topic', async () => {
    const of = (topic: string, partition: number) => ({ topic, partition })
    await admin.listPartitionReassignments([of('t', 2), of('u', 0), of('t', 1)])
    expect(lastAsked(46)).toMatchObject({
      topics: [
        { name: 't', partitionIndexes: [2, 1] },
        { name: 'u', partitionIndexes: [0] },
      ],
    })
  })

  it('named none are none', async () => {
    await admin.listPartitionReassignments([])
    expect(lastAsked(46)).toMatchObject({ topics: [] })
  })

  it('that may not be seen are a failure of the call', async () => {
    broker.on(listPartitionReassignments, () => ({ errorCode: CLUSTER_AUTHORIZATION_FAILED, topics: [] }))
    await expect(admin.listPartitionReassignments()).rejects.toMatchObject({ kind: 'authorization' })
  })
})

describe('altering reassignments', () => {
  it('answers in the order asked, with the text of the broker', async () => {
    broker.on(alterPartitionReassignments, () => ({
      responses: [
        { name: 'b', partitions: [{ partitionIndex: 0, errorCode: 0, errorMessage: null }] },
        {
          name: 'a',
          partitions: [
            { partitionIndex: 1, errorCode: 39, errorMessage: 'The manual partition assignment includes broker 9' },
            { partitionIndex: 0, errorCode: 85, errorMessage: null },
          ],
        },
      ],
    }))
    const outcomes = await admin.alterPartitionReassignments([
      { topic: 'a', partition: 0, replicas: null },
      { topic: 'a', partition: 1, replicas: [9, 1] },
      { topic: 'b', partition: 0, replicas: [1] },
    ])
    expect(outcomes).toEqual([
      { ok: false, error: { code: 85, name: 'NO_REASSIGNMENT_IN_PROGRESS', message: expect.stringContaining('No') } },
      {
        ok: false,
        error: {
          code: 39,
          name: 'INVALID_REPLICA_ASSIGNMENT',
          message: 'The manual partition assignment includes broker 9',
        },
      },
      { ok: true, value: undefined },
    ])
    expect(lastAsked(45)).toMatchObject({
      allowReplicationFactorChange: true,
      topics: [
        {
          name: 'a',
          partitions: [
            { partitionIndex: 0, replicas: null },
            { partitionIndex: 1, replicas: [9, 1] },
          ],
        },
        { name: 'b', partitions: [{ partitionIndex: 0, replicas: [1] }] },
      ],
    })
  })

  it('says so when the answer forgets a partition', async () => {
    broker.on(alterPartitionReassignments, () => ({ responses: [] }))
    const [outcome] = await admin.alterPartitionReassignments([{ topic: 'a', partition: 0, replicas: [1] }])
    expect(outcome).toMatchObject({ ok: false, error: { name: 'UNKNOWN_SERVER_ERROR' } })
  })

  it('does not send what no request can carry', async () => {
    const outcomes = await admin.alterPartitionReassignments([
      { topic: '', partition: 0, replicas: [1] },
      { topic: 'a', partition: -1, replicas: [1] },
    ])
    expect(outcomes).toMatchObject([
      { error: { message: "The given topic name '' cannot be represented in a request." } },
      { error: { message: 'The given partition index -1 is not valid.' } },
    ])
    expect(lastAsked(45)).toBeUndefined()
  })

  it('asks again when the controller moved', async () => {
    broker.on(alterPartitionReassignments, (_, { count }) =>
      count === 0
        ? { errorCode: NOT_CONTROLLER, errorMessage: 'moved', responses: [] }
        : { responses: [{ name: 'a', partitions: [{ partitionIndex: 0, errorCode: 0, errorMessage: null }] }] },
    )
    const [outcome] = await admin.alterPartitionReassignments([{ topic: 'a', partition: 0, replicas: [1] }])
    expect(outcome).toEqual({ ok: true, value: undefined })
  })

  it('keeps the replication factor where brokers can be told to', async () => {
    broker.on(alterPartitionReassignments, () => ({ responses: [] }))
    const change = [{ topic: 'a', partition: 0, replicas: [1] }]
    await admin.alterPartitionReassignments(change, { allowReplicationFactorChange: false })
    expect(lastAsked(45)).toMatchObject({ allowReplicationFactorChange: false })
    broker.ranges.set(45, { min: 0, max: 0 })
    const older = createAdmin({ bootstrapServers: [broker.address] })
    const refusal = older.alterPartitionReassignments(change, { allowReplicationFactorChange: false })
    await expect(refusal).rejects.toThrow('cannot be told to keep the replication factor')
    expect(await older.alterPartitionReassignments(change)).toHaveLength(1)
    await older.close()
  })
})

describe('elections', () => {
  it('are asked for by type and answered per partition', async () => {
    broker.on(electLeaders, () => ({
      replicaElectionResults: [
        {
          topic: 't',
          partitionResult: [
            { partitionId: 0, errorCode: 0, errorMessage: null },
            { partitionId: 1, errorCode: 84, errorMessage: null },
          ],
        },
      ],
    }))
    const partitions = [0, 1].map((partition) => ({ topic: 't', partition }))
    expect(await admin.electLeaders('UNCLEAN', partitions)).toMatchObject([
      { topic: 't', partition: 0, result: { ok: true } },
      { topic: 't', partition: 1, result: { ok: false, error: { name: 'ELECTION_NOT_NEEDED' } } },
    ])
    expect(lastAsked(43)).toMatchObject({ electionType: 1, topicPartitions: [{ topic: 't', partitions: [0, 1] }] })
  })

  it('of all partitions name none', async () => {
    broker.on(electLeaders, () => ({ replicaElectionResults: [] }))
    expect(await admin.electLeaders('PREFERRED', 'all')).toEqual([])
    expect(lastAsked(43)).toMatchObject({ electionType: 0, topicPartitions: null })
  })

  it('that are not allowed fail as a whole', async () => {
    broker.on(electLeaders, () => ({ errorCode: CLUSTER_AUTHORIZATION_FAILED, replicaElectionResults: [] }))
    await expect(admin.electLeaders('PREFERRED', 'all')).rejects.toMatchObject({ kind: 'authorization' })
  })

  it('that time out in the controller are asked for again, until the time is up', async () => {
    broker.on(electLeaders, () => ({ errorCode: 7, replicaElectionResults: [] }))
    const impatient = createAdmin({ bootstrapServers: [broker.address], apiTimeoutMs: 200 })
    await expect(impatient.electLeaders('PREFERRED', 'all')).rejects.toMatchObject({ kind: 'timeout' })
    await impatient.close()
  })
})
