import { describe, expect, it } from 'vitest'
import { ProducerIds } from '../../src/broker/producer-ids.ts'
import { ErrorCode, KafkaError } from '../../src/protocol/error-codes.ts'
import { ManualClock } from '../support/manual-clock.ts'

type Block = { errorCode?: number; producerIdStart?: bigint; producerIdLen?: number }

/** A controller that hands out these blocks, one for each request. */
function setup(...blocks: readonly (Block | Error)[]) {
  const asked: unknown[] = []
  let epoch = 7
  const send = async (_api: unknown, _version: number, request: unknown) => {
    asked.push(request)
    const block = blocks[asked.length - 1]!
    if (block instanceof Error) throw block
    return block
  }
  const controller = { send } as never
  const ids = new ProducerIds({ controller, clock: new ManualClock(), nodeId: 3, brokerEpoch: () => epoch })
  return { ids, asked, setEpoch: (value: number) => (epoch = value) }
}

const block = (start: bigint, length: number): Block => ({
  errorCode: 0,
  producerIdStart: start,
  producerIdLen: length,
})

describe('producer ids', () => {
  it('come from one block after another, each id once', async () => {
    const { ids, asked, setEpoch } = setup(block(1000n, 2), block(5000n, 2))
    expect([await ids.take(), await ids.take()]).toEqual([1000n, 1001n])
    setEpoch(8)
    expect(await ids.take()).toBe(5000n)
    expect(asked).toEqual([
      { brokerId: 3, brokerEpoch: 7n },
      { brokerId: 3, brokerEpoch: 8n },
    ])
  })

  it('are asked for once, however many wait', async () => {
    const { ids, asked } = setup(block(0n, 3), block(3n, 1000))
    const taken = await Promise.all(Array.from({ length: 8 }, () => ids.take()))
    expect([[...new Set(taken)].length, asked.length]).toEqual([8, 2])
  })

  it.each([
    ['refuses', { errorCode: ErrorCode.STALE_BROKER_EPOCH }],
    ['is away', new KafkaError('NETWORK_EXCEPTION')],
    ['gives none', block(5n, 0)],
  ])('are to be asked for again when the controller %s', async (_why, trouble) => {
    const { ids } = setup(trouble, block(40n, 10))
    await expect(ids.take()).rejects.toMatchObject({ errorName: 'COORDINATOR_LOAD_IN_PROGRESS' })
    expect(await ids.take()).toBe(40n)
  })
})
