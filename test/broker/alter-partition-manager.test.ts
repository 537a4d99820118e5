import { afterEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../src/base/logger.ts'
import { AlterPartitionManager, type PartitionProposal } from '../../src/broker/alter-partition-manager.ts'
import type { ControllerRequestContext } from '../../src/controller/types.ts'
import { ErrorCode, type ErrorName, KafkaError } from '../../src/protocol/error-codes.ts'
import type { AlterPartitionRequest } from '../../src/protocol/messages/56-alter-partition.ts'
import { ManualClock, settled } from '../support/manual-clock.ts'

const [TOPIC, OTHER] = ['AAAAAAAAAAAAAAAAAAAABQ', 'AAAAAAAAAAAAAAAAAAAABg'] as [string, string]

interface Asked {
  readonly request: AlterPartitionRequest
  readonly context: ControllerRequestContext
  readonly answer: (response: unknown) => Promise<void>
  readonly fail: (error: unknown) => Promise<void>
}

class Harness {
  readonly clock = new ManualClock(0)
  readonly asked: Asked[] = []
  readonly answers: string[] = []
  brokerEpoch = 100
  readonly manager = new AlterPartitionManager({
    nodeId: 1,
    brokerEpoch: () => this.brokerEpoch,
    controller: {
      send: (_api, _version, request, context) =>
        new Promise((resolve, reject) => {
          this.asked.push({
            request: request as never,
            context,
            answer: async (response) => {
              resolve(response as never)
              await settled()
            },
            fail: async (error) => {
              reject(error)
              await settled()
            },
          })
        }),
    },
    clock: this.clock,
    logger: silentLogger,
  })

  submit(partition: number, topicId = TOPIC, onAnswer?: PartitionProposal['onAnswer']): boolean {
    const members = [{ brokerId: 1, brokerEpoch: 100 }]
    const proposed = { leaderEpoch: 3, partitionEpoch: 7, leaderRecoveryState: 0, members }
    const keep: PartitionProposal['onAnswer'] = (answer) => {
      const text = 'errorCode' in answer ? `error ${answer.errorCode}` : `isr ${answer.isr}, ${answer.partitionEpoch}`
      this.answers.push(`${partition}: ${text}`)
    }
    return this.manager.submit({ topicId, partition, proposed, onAnswer: onAnswer ?? keep })
  }

  /** `topic:partitions` of a request. */
  named(at = this.asked.length - 1): string[] {
    return this.asked[at]!.request.topics.map(
      ({ topicId, partitions }) => `${topicId}:${partitions.map(({ partitionIndex }) => partitionIndex)}`,
    )
  }
}

function done(...partitions: readonly number[]) {
  return { errorCode: 0, topics: [{ topicId: TOPIC, partitions: partitions.map(altered) }] }
}
const altered = (partitionIndex: number) => ({
  partitionIndex,
  errorCode: 0,
  leaderEpoch: 3,
  isr: [1, 2],
  leaderRecoveryState: 0,
  partitionEpoch: 8,
})
const refused = (partitionIndex: number, error: ErrorName) => ({ partitionIndex, errorCode: ErrorCode[error] })

let harness: Harness
const begin = (): Harness => {
  harness = new Harness()
  return harness
}
afterEach(() => harness.manager.close())

describe('AlterPartitionManager', () => {
  it('asks at once, as the broker it is now', () => {
    const { asked } = begin()
    harness.submit(0)
    expect(asked[0]!.request).toEqual({
      brokerId: 1,
      brokerEpoch: 100n,
      topics: [
        {
          topicId: TOPIC,
          partitions: [
            {
              partitionIndex: 0,
              leaderEpoch: 3,
              newIsr: [],
              newIsrWithEpochs: [{ brokerId: 1, brokerEpoch: 100n }],
              leaderRecoveryState: 0,
              partitionEpoch: 7,
            },
          ],
        },
      ],
    })
    expect(asked[0]!.context.deadlineMs).toBe(30_000)
  })

  it('has one request under way, and takes with the next whatever has come since', async () => {
    const { asked, answers } = begin()
    harness.submit(0)
    harness.submit(1)
    harness.submit(2)
    harness.submit(0, OTHER)
    expect(asked).toHaveLength(1)
    await asked[0]!.answer(done(0))
    expect(answers).toEqual(['0: isr 1,2, 8'])
    expect(harness.named()).toEqual([`${TOPIC}:1,2`, `${OTHER}:0`])
    expect(harness.manager.size).toBe(3)
  })

  it('takes one proposal of a partition at a time', async () => {
    const { asked } = begin()
    expect([harness.submit(0), harness.submit(0), harness.submit(0, OTHER)]).toEqual([true, false, true])
    await asked[0]!.answer(done(0))
    expect(harness.submit(0)).toBe(true)
  })

  it('lets a partition propose again while it is told', async () => {
    const { asked } = begin()
    harness.submit(0, TOPIC, () => harness.submit(0))
    await asked[0]!.answer(done(0))
    expect([asked.length, harness.manager.size]).toEqual([2, 1])
  })

  it('tells each partition its own error', async () => {
    const { asked, answers } = begin()
    harness.submit(9)
    for (const partition of [0, 1, 2]) harness.submit(partition)
    await asked[0]!.answer(done(9))
    const partitions = [refused(0, 'INVALID_UPDATE_VERSION'), altered(1), refused(2, 'INELIGIBLE_REPLICA')]
    await asked[1]!.answer({ errorCode: 0, topics: [{ topicId: TOPIC, partitions }] })
    expect(answers.slice(1)).toEqual(['0: error 95', '1: isr 1,2, 8', '2: error 107'])
    expect(harness.manager.size).toBe(0)
  })

  it.each(['STALE_BROKER_EPOCH', 'NOT_CONTROLLER', 'UNKNOWN_SERVER_ERROR', 'CLUSTER_AUTHORIZATION_FAILED'] as const)(
    'repeats a request that was answered %s as a whole, with its newest epoch',
    async (error) => {
      const { asked, answers, clock } = begin()
      harness.submit(0)
      await asked[0]!.answer({ errorCode: ErrorCode[error], topics: [] })
      harness.brokerEpoch = 101
      expect(answers).toEqual([])
      await clock.advance(49)
      expect(asked).toHaveLength(1)
      await clock.advance(1)
      expect([asked.length, asked[1]!.request.brokerEpoch]).toEqual([2, 101n])
      await asked[1]!.answer(done(0))
      expect(answers).toEqual(['0: isr 1,2, 8'])
    },
  )

  it('repeats what did not get through, and what comes meanwhile need not wait', async () => {
    const { asked, clock } = begin()
    harness.submit(0)
    await asked[0]!.fail(new KafkaError('REQUEST_TIMED_OUT'))
    harness.submit(1)
    expect([harness.named(), clock.timerCount]).toEqual([[`${TOPIC}:0,1`], 0])
    // The pause that was under way does not ask once more.
    await clock.advance(1_000)
    expect(asked).toHaveLength(2)
  })

  it('repeats for a partition that the answer leaves out', async () => {
    const { asked, answers, clock } = begin()
    harness.submit(9)
    harness.submit(0)
    harness.submit(1)
    await asked[0]!.answer(done(9))
    await asked[1]!.answer(done(1))
    expect(answers).toEqual(['9: isr 1,2, 8', '1: isr 1,2, 8'])
    await clock.advance(49)
    expect(asked).toHaveLength(2)
    await clock.advance(1)
    expect(harness.named()).toEqual([`${TOPIC}:0`])
  })

  it('has nothing more to say when it is closed', async () => {
    const { asked, answers, clock } = begin()
    harness.submit(0)
    harness.manager.close()
    await asked[0]!.fail(new KafkaError('NETWORK_EXCEPTION'))
    await clock.advance(1_000)
    expect([asked.length, answers, harness.submit(1), clock.timerCount]).toEqual([1, [], false, 0])
  })

  it('tells nobody when the answer comes after it was closed', async () => {
    const { asked, answers } = begin()
    harness.submit(0)
    harness.manager.close()
    await asked[0]!.answer(done(0))
    expect(answers).toEqual([])
  })
})
