import { describe, expect, it } from 'vitest'
import type { ClusterClient } from '../../../src/client/cluster-client.ts'
import { type AcknowledgementResult, ShareBroker } from '../../../src/client/share/share-broker.ts'
import { ErrorCode } from '../../../src/protocol/error-codes.ts'

const TOPIC_ID = 'mmmmmmmmmmmmmmmmmmmmmg'
const target = (partition: number) => ({ topicId: TOPIC_ID, partition })

interface Answer {
  readonly errorCode: number
  readonly errorMessage?: string | null
  readonly responses?: readonly object[]
}

/** A broker whose answers are given one after the other; the last one is given again and again. */
function setUp(...answers: Answer[]) {
  const sent: { name: string; input: Record<string, unknown> }[] = []
  const told: AcknowledgementResult[] = []
  const client = {
    options: { requestTimeoutMs: 1_000 },
    connection: async () => ({}),
    async sendOn(_: unknown, api: { name: string }, input: Record<string, unknown>) {
      sent.push({ name: api.name, input })
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!
      return { errorMessage: null, responses: [], ...answer }
    },
  } as unknown as ClusterClient
  const settings = { groupId: 'g', memberId: 'm', maxWaitMs: 5, minBytes: 1, maxBytes: 1_000, maxPollRecords: 10 }
  const broker = new ShareBroker(1, client, settings, (results) => told.push(...results))
  const accept = (partition: number) =>
    broker.pending.add(target(partition), { firstOffset: 0, lastOffset: 4 }, 'accept')
  return { broker, sent, told, accept, outcomes: () => told.map(({ error }) => error?.errorName ?? null) }
}

const partitionAnswer = (partitionIndex: number, acknowledgeErrorCode: number = ErrorCode.NONE) => ({
  partitionIndex,
  acknowledgeErrorCode,
  errorCode: ErrorCode.NONE,
})

describe('acknowledgements that travel with a fetch', () => {
  it('are well when the answer says so, partition by partition', async () => {
    const partitions = [partitionAnswer(0), partitionAnswer(1, ErrorCode.INVALID_RECORD_STATE)]
    const { broker, accept, outcomes } = setUp(
      { errorCode: 0 },
      { errorCode: 0, responses: [{ topicId: TOPIC_ID, partitions }] },
    )
    await broker.fetch([target(0), target(1)])
    accept(0)
    accept(1)
    await broker.fetch([target(0), target(1)])
    expect(outcomes()).toEqual([null, 'INVALID_RECORD_STATE'])
  })

  it('are not well when the answer leaves them out', async () => {
    const { broker, accept, outcomes } = setUp({ errorCode: 0 })
    await broker.fetch([target(0)])
    accept(0)
    await broker.fetch([target(0)])
    expect(outcomes()).toEqual(['INVALID_RECORD_STATE'])
  })

  it('fail with the session, which begins anew', async () => {
    const { broker, accept, outcomes, sent } = setUp(
      { errorCode: 0 },
      { errorCode: ErrorCode.SHARE_SESSION_NOT_FOUND },
      { errorCode: 0 },
    )
    await broker.fetch([target(0)])
    accept(0)
    expect(await broker.fetch([target(0)])).toEqual([])
    expect(outcomes()).toEqual(['SHARE_SESSION_NOT_FOUND'])
    await broker.fetch([target(0)])
    expect(sent.map(({ input }) => input.shareSessionEpoch)).toEqual([0, 1, 0])
  })

  it('are never sent without a session', async () => {
    const { broker, accept, outcomes, sent } = setUp({ errorCode: 0 })
    accept(0)
    await broker.acknowledge()
    expect(outcomes()).toEqual(['SHARE_SESSION_NOT_FOUND'])
    expect(sent).toEqual([])
  })
})

describe('acknowledgements of their own', () => {
  it('that the answer leaves out were not accepted', async () => {
    const responses = [{ topicId: TOPIC_ID, partitions: [{ partitionIndex: 0, errorCode: ErrorCode.NONE }] }]
    const { broker, accept, outcomes, sent } = setUp({ errorCode: 0 }, { errorCode: 0, responses })
    await broker.fetch([target(0), target(1)])
    accept(0)
    accept(1)
    await broker.acknowledge()
    expect(outcomes()).toEqual([null, 'INVALID_RECORD_STATE'])
    expect(sent.at(-1)!.name).toBe('ShareAcknowledge')
  })

  it('end the session at last, even when there are none', async () => {
    const { broker, sent } = setUp({ errorCode: 0 })
    await broker.fetch([target(0)])
    await broker.acknowledge()
    await broker.acknowledge(true)
    expect(sent.map(({ name, input }) => [name, input.shareSessionEpoch])).toEqual([
      ['ShareFetch', 0],
      ['ShareAcknowledge', -1],
    ])
  })
})
