import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmin } from '../../../src/client/admin.ts'
import type { Admin } from '../../../src/client/admin-types.ts'
import { findCoordinator } from '../../../src/protocol/messages/10-find-coordinator.ts'
import { initProducerId } from '../../../src/protocol/messages/22-init-producer-id.ts'
import { endTxn } from '../../../src/protocol/messages/26-end-txn.ts'
import { writeTxnMarkers } from '../../../src/protocol/messages/27-write-txn-markers.ts'
import { describeProducers } from '../../../src/protocol/messages/61-describe-producers.ts'
import { describeTransactions } from '../../../src/protocol/messages/65-describe-transactions.ts'
import { listTransactions } from '../../../src/protocol/messages/66-list-transactions.ts'
import { ScriptedBroker } from '../../support/scripted-broker.ts'

let broker: ScriptedBroker
let admin: Admin

beforeEach(async () => {
  broker = await ScriptedBroker.start()
  broker.topology.topics.set('t', { partitions: [{ leader: 1 }, { leader: -1 }] })
  broker.on(findCoordinator, ({ coordinatorKeys }) => ({
    coordinators: coordinatorKeys.map((key) => ({ key, nodeId: 1, host: '127.0.0.1', port: broker.port })),
  }))
  admin = createAdmin({ bootstrapServers: [broker.address] })
})
afterEach(async () => {
  await admin.close()
  await broker[Symbol.asyncDispose]()
})

const PRODUCER = {
  producerId: 7n,
  producerEpoch: 1,
  lastSequence: 4,
  lastTimestamp: 100n,
  coordinatorEpoch: -1,
  currentTxnStartOffset: 42n,
}
const STATE = {
  producerId: 7n,
  producerEpoch: 1,
  coordinatorEpoch: null,
  lastSequence: 4,
  lastTimestampMs: 100,
  transactionStartOffset: 42,
}

describe('producers of a partition', () => {
  it('are asked of the leader; a partition without one does not hide the others', async () => {
    broker.on(describeProducers, () => ({
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, activeProducers: [PRODUCER] }] }],
    }))
    const outcomes = await admin.describeProducers([
      { topic: 't', partition: 1 },
      { topic: 't', partition: 0 },
    ])
    expect(outcomes).toMatchObject([
      { ok: false, error: { name: 'LEADER_NOT_AVAILABLE' } },
      { ok: true, value: [STATE] },
    ])
  })

  it('are asked of the broker that is named, and what it does not hold is its answer', async () => {
    broker.on(describeProducers, () => ({
      topics: [{ name: 't', partitions: [{ partitionIndex: 1, errorCode: 6, activeProducers: [] }] }],
    }))
    const partitions = [{ topic: 't', partition: 1 }]
    const [outcome] = await admin.describeProducers(partitions, { brokerId: 1 })
    expect(outcome).toMatchObject({ ok: false, error: { name: 'NOT_LEADER_OR_FOLLOWER' } })
    const [nobody] = await admin.describeProducers(partitions, { brokerId: 9 })
    expect(nobody).toMatchObject({ ok: false, error: { name: 'BROKER_NOT_AVAILABLE' } })
  })
})

describe('transactions', () => {
  it('are listed with their coordinator, by duration, pattern and producer', async () => {
    broker.on(listTransactions, () => ({
      transactionStates: [{ transactionalId: 'x', producerId: 7n, transactionState: 'Ongoing' }],
    }))
    expect(await admin.listTransactions()).toEqual([
      { transactionalId: 'x', coordinatorId: 1, producerId: 7n, state: 'Ongoing' },
    ])
    await admin.listTransactions({ durationMs: 5, idPattern: 'x.*', producerIds: [7n] })
    expect(broker.askedFor(listTransactions)).toMatchObject([
      { producerIdFilters: [], durationFilter: -1n, transactionalIdPattern: null },
      { producerIdFilters: [7n], durationFilter: 5n, transactionalIdPattern: 'x.*' },
    ])
  })

  it('cannot be filtered by what an older broker does not know', async () => {
    broker.on(listTransactions, () => ({ transactionStates: [] }))
    broker.ranges.set(66, { min: 0, max: 0 })
    expect(await admin.listTransactions({ durationMs: -1 })).toEqual([])
    await expect(admin.listTransactions({ durationMs: 1 })).rejects.toThrow(
      'too old to filter transactions by duration',
    )
    await expect(admin.listTransactions({ idPattern: 'x' })).rejects.toThrow('by a pattern of ids')
  })

  it('are described by their coordinators, found by transactional id', async () => {
    broker.on(describeTransactions, ({ transactionalIds }) => ({
      transactionStates: transactionalIds.map((transactionalId) => ({
        transactionalId,
        errorCode: transactionalId === 'x' ? 0 : 105,
        transactionState: 'Ongoing',
        transactionTimeoutMs: 60,
        transactionStartTimeMs: -1n,
        producerId: 7n,
        producerEpoch: 2,
        topics: [{ topic: 't', partitions: [0, 1] }],
      })),
    }))
    const found = await admin.describeTransactions(['x', 'y'])
    expect(broker.askedFor(findCoordinator)[0]).toMatchObject({ keyType: 1, coordinatorKeys: ['x', 'y'] })
    expect(found.get('x')).toEqual({
      ok: true,
      value: {
        transactionalId: 'x',
        coordinatorId: 1,
        producerId: 7n,
        producerEpoch: 2,
        state: 'Ongoing',
        timeoutMs: 60,
        startTimeMs: null,
        partitions: [
          { topic: 't', partition: 0 },
          { topic: 't', partition: 1 },
        ],
      },
    })
    expect(found.get('y')).toMatchObject({ ok: false, error: { name: 'TRANSACTIONAL_ID_NOT_FOUND' } })
  })

  it('are aborted by a marker that goes to the leader', async () => {
    broker.on(writeTxnMarkers, () => ({
      markers: [{ producerId: 7n, topics: [{ name: 't', partitions: [{ partitionIndex: 0, errorCode: 47 }] }] }],
    }))
    const transaction = { topic: 't', partition: 0, producerId: 7n, producerEpoch: 1, coordinatorEpoch: 3 }
    expect(await admin.abortTransaction(transaction)).toMatchObject({ error: { name: 'INVALID_PRODUCER_EPOCH' } })
    expect(broker.askedFor(writeTxnMarkers)[0]!.markers).toMatchObject([
      {
        producerId: 7n,
        producerEpoch: 1,
        coordinatorEpoch: 3,
        transactionResult: false,
        topics: [{ name: 't', partitionIndexes: [0] }],
      },
    ])
    broker.on(writeTxnMarkers, () => ({ markers: [] }))
    expect(await admin.abortTransaction(transaction)).toMatchObject({ ok: false })
  })

  it('of an id are ended by a new epoch, once its coordinator has nothing else to do', async () => {
    broker.on(endTxn, () => ({}))
    broker.on(initProducerId, (_, { count }) => ({ errorCode: count === 0 ? 51 : 0, producerId: 7n }))
    expect(await admin.terminateTransaction('x')).toEqual({ ok: true, value: undefined })
    expect(broker.askedFor(initProducerId)).toMatchObject([
      { transactionalId: 'x', producerId: -1n, producerEpoch: -1 },
      { transactionalId: 'x' },
    ])
  })

  it('do not exist with brokers that do not serve them, whatever their coordinators say', async () => {
    broker.on(initProducerId, () => ({ errorCode: 0 }))
    await expect(admin.terminateTransaction('x')).rejects.toThrow('cannot answer EndTxn requests')
    await expect(admin.describeTransactions(['x'])).rejects.toThrow('cannot answer DescribeTransactions requests')
    expect(broker.askedFor(findCoordinator)).toEqual([])
  })
})
