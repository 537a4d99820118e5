import { describe, expect, it } from 'vitest'
import { sendToController } from '../../src/broker/forward.ts'
import type { RequestContext } from '../../src/broker/handler.ts'
import type { ControllerRequestContext } from '../../src/controller/types.ts'
import { KafkaError } from '../../src/protocol/error-codes.ts'
import { createTopics } from '../../src/protocol/messages/19-create-topics.ts'
import { describeQuorum } from '../../src/protocol/messages/55-describe-quorum.ts'
import { ManualClock } from '../support/manual-clock.ts'

const CONTEXT = { apiVersion: 5, principal: 'User:a', clientId: 'c', clientAddress: '10.0.0.1' } as RequestContext

/** A controller that keeps what it is sent. */
function setup(answer: () => unknown) {
  const sent: { version: number; request: unknown; context: ControllerRequestContext }[] = []
  const send = async (_api: unknown, version: number, request: unknown, context: ControllerRequestContext) => {
    sent.push({ version, request, context })
    return answer()
  }
  const broker = {
    controller: { send } as never,
    clock: new ManualClock(1_000),
    config: { requestTimeoutMs: 30_000 },
  }
  return { sent, broker }
}

describe('a request that only the controller may serve', () => {
  it('goes there as it is, in the version it came in, with who asked', async () => {
    const { sent, broker } = setup(() => ({ topics: [] }))
    const request = { topics: [], timeoutMs: 7_000, validateOnly: true }
    expect(await sendToController(broker, createTopics, request, CONTEXT)).toEqual({ topics: [] })
    const context = { principal: 'User:a', clientId: 'c', deadlineMs: 8_000, clientAddress: '10.0.0.1' }
    expect(sent).toEqual([{ version: 5, request, context }])
  })

  it('has the time of request.timeout.ms where it names none', async () => {
    const { sent, broker } = setup(() => ({ topics: [] }))
    await sendToController(broker, describeQuorum, { topics: [] }, CONTEXT)
    expect(sent[0]!.context.deadlineMs).toBe(31_000)
  })

  it('fails as it fails there', async () => {
    const { broker } = setup(() => {
      throw new KafkaError('REQUEST_TIMED_OUT')
    })
    const failing = sendToController(broker, describeQuorum, { topics: [] }, CONTEXT)
    await expect(failing).rejects.toMatchObject({ errorName: 'REQUEST_TIMED_OUT' })
  })
})
