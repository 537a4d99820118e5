import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/base/clock.ts'
import { seededRandom } from '../../../src/base/random.ts'
import type { ClusterClient } from '../../../src/client/cluster-client.ts'
import { Transaction } from '../../../src/client/producer/transaction.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'

interface Sent {
  readonly name: string
  readonly input: Record<string, unknown>
}

/** A coordinator that answers every request with what a healthy one would, or with the next of `codes`. */
function setUp(codes: number[] = []) {
  const sent: Sent[] = []
  const answers: Record<string, (code: number, input: Record<string, unknown>) => object> = {
    FindCoordinator: (errorCode, { coordinatorKeys }) => ({
      coordinators: (coordinatorKeys as string[]).map((key) => ({
        ...{ key, nodeId: 7, host: 'h', port: 1, errorCode, errorMessage: null },
      })),
    }),
    InitProducerId: (errorCode) => ({ errorCode, producerId: 42n, producerEpoch: 3 }),
    AddPartitionsToTxn: (partitionErrorCode, input) => ({
      resultsByTopicV3AndBelow: (input.v3AndBelowTopics as { name: string; partitions: number[] }[]).map((topic) => ({
        name: topic.name,
        resultsByPartition: topic.partitions.map((partitionIndex) => ({ partitionIndex, partitionErrorCode })),
      })),
    }),
    EndTxn: (errorCode) => ({ errorCode }),
    AddOffsetsToTxn: (errorCode) => ({ errorCode }),
    TxnOffsetCommit: (errorCode) => ({ topics: [{ name: 'a', partitions: [{ partitionIndex: 0, errorCode }] }] }),
  }
  const answer = async (api: { name: string }, input: Record<string, unknown>) => {
    sent.push({ name: api.name, input })
    return answers[api.name]!(api.name === 'FindCoordinator' ? 0 : (codes.shift() ?? 0), input)
  }
  const client = {
    metadata: { broker: () => ({}) },
    connection: async () => ({
      versions: new Map([
        [10, { min: 0, max: 6 }],
        [26, { min: 0, max: 5 }],
      ]),
    }),
    sendOn: (_: unknown, api: { name: string }, input: Record<string, unknown>) => answer(api, input),
    send: (_: unknown, api: { name: string }, input: Record<string, unknown>) => answer(api, input),
    async retrying(_: string, attempt: () => Promise<unknown>) {
      for (let tries = 0; ; tries++) {
        if (tries > 5) throw new Error('asked again and again')
        try {
          return await attempt()
        } catch (error) {
          if (!/COORDINATOR|CONCURRENT/.test(String((error as { errorName?: string }).errorName))) throw error
        }
      }
    },
    options: { apiTimeoutMs: 1000, clock: systemClock, random: seededRandom(1) },
  } as unknown as ClusterClient
  const options = { transactionalId: 'tx', transactionTimeoutMs: 60_000, maxBlockMs: 1000 }
  return { sent, transaction: new Transaction(client, options), names: () => sent.map(({ name }) => name) }
}

const added = (transaction: Transaction, topic: string, partition: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const isReady = transaction.admits({ topic, partition }, resolve, reject)
    if (isReady) resolve()
  })

describe('Transaction', () => {
  it('gets its producer id from the coordinator', async () => {
    const { transaction, names } = setUp()
    expect(await transaction.init()).toEqual({ producerId: 42n, epoch: 3 })
    expect(names()).toEqual(['FindCoordinator', 'InitProducerId'])
  })

  it('takes offsets of a group along, and ends with its coordinator even without a record', async () => {
    const { transaction, sent, names } = setUp()
    await transaction.init()
    await expect(transaction.sendOffsets('g', [])).rejects.toThrow('No transaction is open')
    transaction.begin()
    await transaction.sendOffsets('g', [{ topic: 'a', partition: 0, offset: 5 }])
    await transaction.end(true)
    expect(names()).toEqual([
      ...['FindCoordinator', 'InitProducerId'],
      ...['AddOffsetsToTxn', 'FindCoordinator', 'TxnOffsetCommit', 'EndTxn'],
    ])
    expect(sent[2]!.input).toMatchObject({ transactionalId: 'tx', producerId: 42n, producerEpoch: 3, groupId: 'g' })
    expect(sent[4]!.input).toMatchObject({
      groupId: 'g',
      topics: [{ name: 'a', partitions: [{ partitionIndex: 0, committedOffset: 5n, committedMetadata: null }] }],
    })
    transaction.begin()
    await transaction.end(true)
    expect(names()).toHaveLength(6)
  })

  it('tells when the group refuses its offsets', async () => {
    // InitProducerId, AddOffsetsToTxn, then what the group says.
    const { transaction } = setUp([0, 0, ErrorCode.ILLEGAL_GENERATION])
    await transaction.init()
    transaction.begin()
    const sending = transaction.sendOffsets('g', [{ topic: 'a', partition: 0, offset: 5 }])
    await expect(sending).rejects.toMatchObject({ errorName: 'ILLEGAL_GENERATION' })
  })

  it('adds each partition once, those of one turn together, and then ends', async () => {
    const { transaction, sent, names } = setUp()
    await transaction.init()
    transaction.begin()
    // Whoever asked first wakes the sender for all of them.
    const adding = added(transaction, 'a', 0)
    expect(transaction.admits({ topic: 'a', partition: 1 }, noop, fail)).toBe(false)
    await adding
    expect(transaction.admits({ topic: 'a', partition: 1 }, fail, fail)).toBe(true)
    await transaction.end(true)
    expect(names().slice(2)).toEqual(['AddPartitionsToTxn', 'EndTxn'])
    expect(sent[2]!.input.v3AndBelowTopics).toEqual([{ name: 'a', partitions: [0, 1] }])
    expect(sent[3]!.input).toMatchObject({ transactionalId: 'tx', producerId: 42n, producerEpoch: 3, committed: true })
    // The next transaction begins without partitions.
    transaction.begin()
    expect(transaction.admits({ topic: 'a', partition: 1 }, noop, noop)).toBe(false)
  })

  it('has nothing to end without a partition', async () => {
    const { transaction, names } = setUp()
    await transaction.init()
    transaction.begin()
    await transaction.end(false)
    expect(names()).not.toContain('EndTxn')
    expect(() => transaction.begin()).not.toThrow()
    expect(() => transaction.begin()).toThrow('open already')
  })

  it('asks again while the transaction before is being ended, and elsewhere when the coordinator has moved', async () => {
    const { transaction, names } = setUp([ErrorCode.CONCURRENT_TRANSACTIONS, ErrorCode.NOT_COORDINATOR])
    await transaction.init()
    expect(names()).toEqual([
      'FindCoordinator',
      'InitProducerId',
      'InitProducerId',
      'FindCoordinator',
      'InitProducerId',
    ])
  })

  it('fails for what does not pass', async () => {
    const { transaction } = setUp([0, ErrorCode.INVALID_PRODUCER_EPOCH])
    await transaction.init()
    transaction.begin()
    await expect(added(transaction, 'a', 0)).rejects.toMatchObject({ errorName: 'INVALID_PRODUCER_EPOCH' })
  })

  it('is never committed after a batch has failed, and the next one begins anew', async () => {
    const { transaction, sent, names } = setUp()
    await transaction.init()
    transaction.begin()
    await added(transaction, 'a', 0)
    transaction.batchFailed(new Error('The message is too large'))
    transaction.batchFailed(new Error('a later one'))
    await expect(transaction.end(true)).rejects.toMatchObject({
      message: 'The transaction cannot be committed: a batch of it was not sent',
      facts: ['first failure: The message is too large'],
    })
    expect(names()).not.toContain('EndTxn')
    await transaction.end(false)
    expect(sent.at(-1)!.input).toMatchObject({ committed: false })
    transaction.begin()
    await added(transaction, 'a', 0)
    await transaction.end(true)
    expect(sent.at(-1)!.input).toMatchObject({ committed: true })
  })

  it('ends nothing that was not begun', async () => {
    await expect(setUp().transaction.end(true)).rejects.toThrow('No transaction is open')
  })
})

const noop = (): void => undefined
const fail = (): void => {
  throw new Error('not expected')
}
